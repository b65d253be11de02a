"""The invariants of a study's results; one that fails stops the run."""

import shutil
from pathlib import Path

from cartend.analysis.checks import run_checks
from cartend.job import job

with job(snakemake, keeps="checks.csv") as spec:
    results = Path(snakemake.output.checks).parent
    scenarios = {name: scenario.definitions for name, scenario in spec.scenarios.items()}
    run_checks(spec.study, spec.criteria, scenarios, results, spec.kept)
    shutil.copyfile(spec.kept, snakemake.output.checks)
