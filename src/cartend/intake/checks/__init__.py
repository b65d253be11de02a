"""The input checks: each an object with an id, a severity, a sentence and a test.

No check drops or changes a record; what it sees stands in the findings list.
"""

from collections.abc import Iterable

import pandas as pd

from cartend.intake import findings
from cartend.intake.checks import (
    adam,
    baseline,
    codes,
    components,
    death,
    infusion,
    mrd,
    response,
    subjects,
    therapy,
    timeline,
    words,
)
from cartend.intake.checks.base import Check, Trial
from cartend.intake.stops import Stop

SDTM_CHECKS: tuple[Check, ...] = (
    *subjects.CHECKS,
    *death.CHECKS,
    *timeline.CHECKS,
    *response.CHECKS,
    *baseline.CHECKS,
    *mrd.CHECKS,
    *components.CHECKS,
    *therapy.CHECKS,
    *infusion.CHECKS,
    *words.CHECKS,
    *codes.CHECKS,
)
ADAM_CHECKS: tuple[Check, ...] = adam.CHECKS


def run_checks(trial: Trial) -> tuple[pd.DataFrame, list[Stop]]:
    """Run every SDTM check; return the findings and the stops."""
    return _run(SDTM_CHECKS, trial)


def run_adam_checks(trial: Trial) -> tuple[pd.DataFrame, list[Stop]]:
    """Run every ADaM check; return the findings and the stops."""
    return _run((*ADAM_CHECKS, subjects.cutoff_missing), trial)


def _run(checks: Iterable[Check], trial: Trial) -> tuple[pd.DataFrame, list[Stop]]:
    checks = tuple(checks)
    found = findings.collect(check.run(trial) for check in checks)
    return found, [stop for check in checks for stop in check.stops(trial)]


def catalogue() -> pd.DataFrame:
    """Return id, severity and sentence of everything that can stand in a findings list."""
    rows = [(name, *told) for name, told in findings.READING.items()]
    rows += [(c.id, c.severity, c.sentence) for c in (*SDTM_CHECKS, *ADAM_CHECKS)]
    return pd.DataFrame(rows, columns=["finding_id", "severity", "sentence"])
