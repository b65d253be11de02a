"""All scenarios of a study side by side."""

from pathlib import Path

from cartend.display.compare import compare
from cartend.explain.results import StudyResults
from cartend.job import job

with job(snakemake) as spec:
    out = Path(snakemake.output.compare)
    results = StudyResults.of_run(out.parent, spec.content)
    compare(spec.study, spec.scenarios, out.parent, out, spec.formats, results)
