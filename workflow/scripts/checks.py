"""The invariants of a study's results; one that fails stops the run."""

import shutil
from pathlib import Path

from cartend.analysis.checks import run_checks
from cartend.job import job

with job(snakemake) as spec:
    results = Path(snakemake.output.checks).parent
    run_checks(spec.study, spec.criteria, spec.scenarios, results, Path(snakemake.log.table))
    shutil.copyfile(snakemake.log.table, snakemake.output.checks)
