"""The one self-contained page of a study, and each subject's explanation beside it."""

from pathlib import Path

from cartend.display.report import write_report
from cartend.display.subjects import write_subjects
from cartend.explain.results import StudyResults
from cartend.job import job

with job(snakemake) as spec:
    out = Path(snakemake.output.report)
    results = StudyResults.of_run(out.parent, spec.content)
    subjects = write_subjects(results, Path(snakemake.output.subjects))
    write_report(spec.study, spec.criteria, spec.scenarios, out.parent, out, subjects)
