"""Every number of one scenario (ARD) and the step functions of its figures."""

from pathlib import Path

from cartend.analysis.build import build_results
from cartend.job import job

with job(snakemake) as spec:
    given, made = snakemake.input, snakemake.output
    paths = map(Path, (given.adsl, given.adtte, given.adrsp, made.ard, made.curves))
    folder = Path(given.adsl).parent
    by = () if spec.scenario.grid else None  # a grid is compared as a whole, not by stratum
    rules = spec.rules if given.whole else None  # the pages of the trial, in primary alone
    who = spec.scenario.name, *paths
    build_results(spec.study, spec.criteria, spec.definitions, *who, folder, by, rules)
