"""What a study's results were made from, and who stands in them."""

from pathlib import Path

from cartend.export.manifest import write_manifest
from cartend.job import job

with job(snakemake) as spec:
    out = Path(snakemake.output.manifest)
    write_manifest(spec.content, out.parent, out)
