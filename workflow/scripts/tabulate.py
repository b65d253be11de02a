"""The tables of one scenario."""

from pathlib import Path

from cartend.display.tables import tabulate
from cartend.job import job

with job(snakemake) as spec:
    given, made = snakemake.input, snakemake.output
    paths = map(Path, (given.ard, given.adtte, given.adrsp, given.adsl, given.admrd, made.tables))
    who = spec.scenario.name, *paths
    more = spec.scenario.grid, spec.rules if given.whole else None
    tabulate(spec.study, spec.criteria, spec.definitions, *who, spec.formats.tables, *more)
