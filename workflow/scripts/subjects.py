"""ADSL, dated and adverse events, therapies before the product, eligibility of a study."""

from pathlib import Path

from cartend.job import job
from cartend.subject.build import build_subjects

with job(snakemake) as spec:
    paths = map(Path, (*snakemake.input, *snakemake.output))
    build_subjects(spec.study, spec.criteria, spec.rules, *paths)
