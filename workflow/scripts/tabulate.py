"""The tables of one scenario."""

from pathlib import Path

from cartend.display.tables import tabulate
from cartend.job import job

with job(snakemake) as spec:
    paths = map(Path, (*snakemake.input, snakemake.output.tables))
    who = spec.scenario.name, *paths
    grid = spec.scenario.grid
    tabulate(spec.study, spec.criteria, spec.definitions, *who, spec.formats.tables, grid)
