"""The one self-contained page of a study."""

from pathlib import Path

from cartend.display.report import write_report
from cartend.job import job

with job(snakemake) as spec:
    out = Path(snakemake.output.report)
    write_report(spec.study, spec.criteria, spec.scenarios, out.parent, out)
