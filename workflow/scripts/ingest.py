"""Read the raw files of a study, check them, and write every domain in one form."""

import shutil
from pathlib import Path

from cartend.intake.ingest import ingest
from cartend.job import job

with job(snakemake, keeps="findings.csv") as spec:
    ingest(spec.study, spec.criteria, Path(snakemake.output.sdtm), spec.kept)
    shutil.copyfile(spec.kept, snakemake.output.findings)
