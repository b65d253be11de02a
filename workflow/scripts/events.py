"""Time-to-event and response records of one scenario, with every candidate that lost."""

from pathlib import Path

from cartend.endpoint.build import build_events
from cartend.job import job

with job(snakemake) as spec:
    paths = (Path(snakemake.input.adsl).parent, *map(Path, snakemake.output))
    support = spec.scenario.support
    build_events(spec.study, spec.criteria, spec.definitions, *paths, support)
