"""Read the raw files of a study, check them, and write every domain in one form."""

from pathlib import Path

from cartend.job import job
from cartend.sdtm.ingest import ingest

with job(snakemake) as spec:
    out = snakemake.output
    ingest(spec.study, spec.criteria, Path(out.sdtm), Path(out.findings))
