"""Time-to-event and response records of one scenario, with every candidate that lost."""

from pathlib import Path

from cartend.endpoint.build import build_events
from cartend.job import job

with job(snakemake) as spec:
    adam = Path(snakemake.input.adsl).parent
    build_events(spec.study, spec.criteria, spec.definitions, adam, *map(Path, snakemake.output))
