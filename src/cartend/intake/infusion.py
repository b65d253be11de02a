"""Which date of a brought ADSL is the infusion (decision D38).

In our columns INFDT is the first CAR-T infusion. ADaM's TRTSDT is the first dose of any treatment:
of the control in a randomised trial, of lymphodepletion in many others.
"""

from collections.abc import Iterable, Mapping

import pandas as pd

from cartend.config.study import Study
from cartend.contract.text import capitals
from cartend.intake import findings

FIRST_DOSE, INFUSION = "TRTSDT", "INFDT"


def renamed_to(names: Mapping[str, str]) -> dict[str, str]:
    """Return a study's map of columns {ours: theirs}; who maps TRTSDT alone means the infusion."""
    found = {capitals(ours): capitals(theirs) for ours, theirs in names.items()}
    if FIRST_DOSE in found and INFUSION not in found:
        found[INFUSION] = found.pop(FIRST_DOSE)
    return found


def with_infusion(
    adsl: pd.DataFrame, brought: Iterable[str], study: Study
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ADSL with INFDT and TRTSDT the infusion, and what is to be said of it.

    1. INFDT counts where it is brought.
    2. Else TRTSDT counts in a single-arm study, with a note.
    3. Else nobody counts as infused, with a warning.

    ``brought`` holds the columns of the file in our names.
    """
    told = findings.no_findings()
    infusion = adsl[INFUSION]
    if INFUSION not in set(brought):
        if study.design == "single-arm":
            infusion = adsl[FIRST_DOSE]
            if infusion.notna().any():
                said = f"{FIRST_DOSE} is taken for the infusion, for there is no {INFUSION}"
                told = findings.about_file("F-ADAM-105", "adsl", said)
        else:
            told = findings.about_file("F-ADAM-104", "adsl", _unknown(adsl))
    return adsl.assign(**{INFUSION: infusion, FIRST_DOSE: infusion}), told


def _unknown(adsl: pd.DataFrame) -> str:
    dates = [name for name in adsl.columns if name.endswith("DT") and adsl[name].notna().any()]
    seen = f"; ADSL has the dates {', '.join(dates)}" if dates else ""
    return (
        f"ADSL has no {INFUSION}, and {FIRST_DOSE} is the first dose of any treatment in a "
        f"randomised study: nobody counts as infused; name the column of the infusion as "
        f"adam: {{columns: {{adsl: {{{INFUSION}: ...}}}}}} in the study file{seen}"
    )
