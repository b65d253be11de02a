"""Checks of component data: what the response from components could not use."""

from collections.abc import Iterator

from cartend.contract.terms.assessment import COMPONENT
from cartend.contract.terms.units import UNITS
from cartend.contract.text import in_capitals
from cartend.intake.checks.base import Hit, Trial, check

SCALES = COMPONENT.group("mibg_scale")


@check("F-CMP-001", "warning", "A component's number stands in a known unit.")
def unit_unknown(trial: Trial) -> Iterator[Hit]:
    """Find numbers without usable unit; they are no value, a unit is never guessed."""
    for domain in ("lb", "tr"):
        head = domain.upper()
        rows = trial.domains[domain]
        rows = rows[rows[f"{head}TESTCD"].isin(UNITS) & rows[f"{head}STRESN"].notna()]
        units = in_capitals(rows[f"{head}STRESU"])
        known = [
            unit in UNITS[test] for test, unit in zip(rows[f"{head}TESTCD"], units, strict=True)
        ]
        message = f"{{{head}TESTCD}} {{{head}STRESN}} '{{{head}STRESU}}': not used, unit unknown"
        yield domain, rows[[not one for one in known]], message


@check("F-CMP-002", "warning", "A subject's MIBG scores are all of one scale.")
def scales_mixed(trial: Trial) -> Iterator[Hit]:
    """Find scores of two scales; a score counts only on the scale of its baseline."""
    tr = trial.domains["tr"]
    rows = tr[tr["TRTESTCD"].isin(SCALES)]
    mixed = rows.groupby("USUBJID")["TRTESTCD"].transform("nunique") > 1
    yield "tr", rows[mixed], "{TRTESTCD} {TRSTRESN}, and another scale in the same subject"


CHECKS = (unit_unknown, scales_mixed)
