"""From checked SDTM records, ADSL and ADEVT to ADRS and ADMRD, which no scenario changes (D13)."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.contract.check import write
from cartend.contract.datasets.response import ADMRD, ADRS, ADRS_ORDER
from cartend.intake.errors import DataError
from cartend.response.adrs import adrs_from_adam, derive_adrs
from cartend.response.algorithm import algorithmic_responses, feed_endpoints
from cartend.response.baselines import against_first_baseline
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
    """Return ADRS: reported responses (OVR) and, beside them, algorithmic ones (OVRALG, OVRALGB1).

    Confirmed where the criteria ask for it; ANL01FL = Y marks those that feed the endpoints.
    """
    adrs = derive_adrs(study, criteria, domains["rs"], adsl)
    derived = algorithmic_responses(study, criteria, domains, adsl, adrs)
    if study.response_source == "algorithmic" and derived.empty:
        raise DataError(
            f"study {study.id}: response_source is algorithmic, but the data hold no component that"
            f" {criteria.label} could use; give component data, or set response_source: reported"
        )
    if len(derived):
        adrs = _stacked(adrs, derived)
    first = against_first_baseline(study, criteria, domains, adsl, adrs)
    adrs = confirm_responses(adrs, criteria, course_of(study, adsl, adevt))
    return _stacked(feed_endpoints(adrs, study), first)


def _stacked(adrs: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Return ADRS with more rows in its order, ASEQ numbered within each subject."""
    if more.empty:
        return adrs
    rows = pd.concat([adrs, more]).sort_values(list(ADRS_ORDER), kind="stable", ignore_index=True)
    return rows.assign(ASEQ=rows.groupby("USUBJID").cumcount() + 1)


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
        domains = {name: read_domain(sdtm_dir, name) for name in ("rs", "lb", "tu", "tr")}
        adrs = derive_responses(study, criteria, domains, adsl, adevt)
    write(adrs, ADRS, adrs_path)
    lb, rs = (read_domain(sdtm_dir, name) for name in ("lb", "rs"))
    write(derive_admrd(study, lb, adsl, rs), ADMRD, admrd_path)
