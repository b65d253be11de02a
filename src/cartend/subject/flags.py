"""Population flags as brought (SUPPDM) against the analysis sets that are derived."""

import pandas as pd

from cartend.config.study import Study
from cartend.contract.terms.estimand import POPULATION_FLAG
from cartend.contract.terms.general import YES_NO
from cartend.contract.terms.population_flag import NAMES, OF_ALL, OF_EFFICACY


def brought_as(study: Study) -> dict[str, str]:
    """Return, by the name of a brought flag, the flag of ADSL that it is compared with."""
    found = {name: flag for flag, names in NAMES.items() for name in names}
    everybody = "RANDFL" if study.design == "randomised" else "LAFL"
    found |= dict.fromkeys(OF_ALL, everybody)
    return found | dict.fromkeys(OF_EFFICACY, POPULATION_FLAG[study.population])


def differing_flags(study: Study, dm: pd.DataFrame, adsl: pd.DataFrame) -> pd.DataFrame:
    """Return each subject and brought flag that differs: USUBJID, QNAM, BROUGHT, FLAG, DERIVED.

    ``dm`` holds the values of SUPPDM as columns. A blank of a flag that others have is N, as SDTM
    brings Y alone.
    """
    sets = adsl.set_index("USUBJID")
    parts = []
    for name, flag in brought_as(study).items():
        if name not in dm or not dm[name].notna().any():
            continue
        said = YES_NO.read(dm[name])
        brought = said.where(said.notna() | dm[name].notna(), "N")
        derived = dm["USUBJID"].map(sets[flag])
        part = {"USUBJID": dm["USUBJID"], "QNAM": name, "BROUGHT": brought}
        parts.append(pd.DataFrame({**part, "FLAG": flag, "DERIVED": derived}))
    if not parts:
        return pd.DataFrame(columns=["USUBJID", "QNAM", "BROUGHT", "FLAG", "DERIVED"])
    rows = pd.concat(parts, ignore_index=True).dropna(subset=["BROUGHT", "DERIVED"])
    return rows[rows["BROUGHT"].ne(rows["DERIVED"])].reset_index(drop=True)
