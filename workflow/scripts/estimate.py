"""Every number of one scenario (ARD) and the step functions of its figures."""

from pathlib import Path

from cartend.analysis.build import build_results
from cartend.job import job

with job(snakemake) as spec:
    paths = map(Path, (*snakemake.input, *snakemake.output))
    build_results(spec.study, spec.criteria, spec.definitions, spec.scenario.name, *paths)
