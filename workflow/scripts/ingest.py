"""Read the raw files of a study, check them, and write every domain in one form."""

import shutil
from pathlib import Path

from cartend.intake.ingest import ingest
from cartend.job import job

with job(snakemake, keeps="findings.csv") as spec:
    sdtm = Path(snakemake.output.sdtm)
    gate = sdtm.parent / "admission"
    shutil.rmtree(gate, ignore_errors=True)  # it told of what was read before
    ingest(spec.study, spec.criteria, sdtm, spec.kept, gate / "stops.csv")
    shutil.copyfile(spec.kept, snakemake.output.findings)
