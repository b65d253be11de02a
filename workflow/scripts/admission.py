"""The gate before the responses: every row, subject and word accounted for, every stop listed."""

import json
from pathlib import Path

from cartend.admission.build import admit_data
from cartend.job import Spec, job

with job(snakemake):
    given, asked = snakemake.input, Spec(json.loads(snakemake.params.asked))
    paths = map(Path, (given.sdtm, given.adsl, given.findings, snakemake.output.files))
    admit_data(asked.study, asked.definitions, *paths)
