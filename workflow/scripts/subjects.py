"""ADSL and the dated clinical events of a study."""

from pathlib import Path

from cartend.job import job
from cartend.subject.build import build_subjects

with job(snakemake) as spec:
    out = snakemake.output
    build_subjects(spec.study, Path(snakemake.input.sdtm), Path(out.adsl), Path(out.adevt))
