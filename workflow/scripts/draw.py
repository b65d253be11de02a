"""The figures of one scenario."""

from pathlib import Path

from cartend.display.figures import draw
from cartend.display.lanes import Records
from cartend.job import job

with job(snakemake) as spec:
    given = snakemake.input
    paths = map(Path, (given.ard, given.curves, given.adtte, given.adsl, snakemake.output.figures))
    adam = Path(given.adsl).parent
    records = Records.read(spec.criteria, adam, given.adtte) if given.whole else None
    own = {} if spec.scenario.grid else spec.definitions  # a grid has one figure: the comparison
    how = spec.formats.figures, records, spec.formats.budget
    draw(spec.study, own, spec.scenario.name, *paths, *how)
