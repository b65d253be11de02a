"""The figures of one scenario."""

from pathlib import Path

from cartend.display.figures import draw
from cartend.job import job

with job(snakemake) as spec:
    paths = map(Path, (*snakemake.input, snakemake.output.figures))
    draw(spec.study, spec.definitions, spec.scenario.name, *paths, spec.formats.figures)
