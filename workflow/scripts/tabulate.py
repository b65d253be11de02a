"""The tables of one scenario."""

from pathlib import Path

from cartend.display.tables import tabulate
from cartend.job import job

with job(snakemake) as spec:
    paths = map(Path, (*snakemake.input, snakemake.output.tables))
    name = spec.scenario.name
    tabulate(spec.study, spec.criteria, spec.definitions, name, *paths, spec.formats.tables)
