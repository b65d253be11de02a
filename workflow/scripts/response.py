"""Visit-level response (ADRS) and MRD calls (ADMRD) of a study."""

from pathlib import Path

from cartend.job import job
from cartend.response.build import build_response

with job(snakemake) as spec:
    paths = map(Path, (*snakemake.input, *snakemake.output))
    build_response(spec.study, spec.criteria, *paths)
