"""From checked SDTM records and ADSL to ADRS and ADMRD, which no scenario changes (D13)."""

from pathlib import Path

import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.response.adrs import adrs_from_adam, derive_adrs
from cartend.response.mrd import derive_admrd
from cartend.subject.domains import read_domain


def build_response(
    study: Study,
    criteria: Criteria,
    sdtm_dir: Path,
    adsl_path: Path,
    adrs_path: Path,
    admrd_path: Path,
) -> None:
    """Write ADRS (one row a response record) and ADMRD (one row an MRD sample)."""
    adsl = pd.read_parquet(adsl_path)
    if study.entry == "adam":
        brought = pd.read_parquet(Path(sdtm_dir) / "adrs.parquet")
        adrs = adrs_from_adam(study, criteria, brought, adsl)
    else:
        adrs = derive_adrs(study, criteria, read_domain(sdtm_dir, "rs"), adsl)
    adrs.to_parquet(adrs_path, index=False)
    derive_admrd(study, read_domain(sdtm_dir, "lb"), adsl).to_parquet(admrd_path, index=False)
