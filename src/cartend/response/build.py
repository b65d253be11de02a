"""From checked SDTM records, ADSL and ADEVT to ADRS and ADMRD, which no scenario changes (D13)."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.response.adrs import adrs_from_adam, derive_adrs
from cartend.response.confirm import confirm_responses, course_of
from cartend.response.mrd import derive_admrd
from cartend.subject.domains import read_domain


def derive_responses(
    study: Study,
    criteria: Criteria,
    domains: Mapping[str, pd.DataFrame],
    adsl: pd.DataFrame,
    adevt: pd.DataFrame,
) -> pd.DataFrame:
    """Return ADRS: every reported response, confirmed where the criteria ask for it."""
    adrs = derive_adrs(study, criteria, domains["rs"], adsl)
    return confirm_responses(adrs, criteria, course_of(study, adsl, adevt))


def build_response(
    study: Study,
    criteria: Criteria,
    sdtm_dir: Path,
    adsl_path: Path,
    adevt_path: Path,
    adrs_path: Path,
    admrd_path: Path,
) -> None:
    """Write ADRS (one row a response record) and ADMRD (one row an MRD sample)."""
    adsl, adevt = pd.read_parquet(adsl_path), pd.read_parquet(adevt_path)
    if study.entry == "adam":
        brought = pd.read_parquet(Path(sdtm_dir) / "adrs.parquet")
        adrs = adrs_from_adam(study, criteria, brought, adsl)
        adrs = confirm_responses(adrs, criteria, course_of(study, adsl, adevt))
    else:
        domains = {name: read_domain(sdtm_dir, name) for name in ("rs",)}
        adrs = derive_responses(study, criteria, domains, adsl, adevt)
    adrs.to_parquet(adrs_path, index=False)
    derive_admrd(study, read_domain(sdtm_dir, "lb"), adsl).to_parquet(admrd_path, index=False)
