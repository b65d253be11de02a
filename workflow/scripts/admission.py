"""The gate: every row, subject and word accounted for; every stop listed before any number."""

from pathlib import Path

from cartend.admission.build import admit
from cartend.job import job

with job(snakemake) as spec:
    given = snakemake.input
    paths = map(Path, (given.sdtm, given.adsl, snakemake.output.accepted, given.findings))
    admit(spec.study, spec.definitions, *paths)
