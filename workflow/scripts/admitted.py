"""The gate before the estimates: what the endpoints ask, and which stops the study accepts."""

from pathlib import Path

from cartend.admission.build import admit_endpoints
from cartend.job import job

with job(snakemake) as spec:
    given = snakemake.input
    paths = map(Path, (given.sdtm, given.adsl, given.findings, snakemake.output.accepted))
    admit_endpoints(spec.study, spec.definitions, *paths)
