"""Visit-level response (ADRS) and MRD calls (ADMRD) of a study."""

from pathlib import Path

from cartend.job import job
from cartend.response.build import build_response

with job(snakemake) as spec:
    given, made = snakemake.input, snakemake.output
    paths = map(Path, (given.sdtm, given.adsl, given.adevt, made.adrs, made.admrd))
    build_response(spec.study, spec.criteria, *paths)
