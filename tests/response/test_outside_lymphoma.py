"""The public lymphoma example with PET-CT and CT rows: combined responses read by hand."""

import pandas as pd
import pytest

from cartend.contract.text import normalised
from cartend.response.adrs import derive_adrs

# subject -> the combined response at weeks 8, 16, 24; None: no visit. Read off the file by hand:
# PET-CT decides where it is evaluable, else CT; ND and NOT DONE are not evaluable.
BY_HAND = {
    "01-701-1015": ["SD", "PR", "CR"],
    "01-701-1023": ["NE", None, None],
    "01-701-1028": ["PR", "PR", "PD"],
    "01-701-1034": ["SD", "SD", "SD"],
    "01-701-1097": ["SD", "PD", "PD"],
    "01-701-1115": ["PD", None, None],
    "01-701-1118": ["CR", "CR", "CR"],
    "01-701-1130": ["PR", "PR", "PD"],
    "01-701-1133": ["SD", "PR", "SD"],
    "01-701-1148": ["PR", "PR", "PR"],
    "01-701-1153": ["SD", "SD", "SD"],
    "01-701-1275": ["PD", "PD", None],
    "01-710-1315": ["SD", "PR", None],
    "01-716-1311": ["PR", "CR", None],
}
VISITS = ["WEEK 8", "WEEK 16", "WEEK 24"]


@pytest.fixture
def adrs(make, outside_data):
    raw = pd.read_csv(outside_data / "cdisc" / "pharmaversesdtm_rs_onco_lymphoma.csv")
    criteria = make.criteria()
    raw["AVALC"] = normalised(raw["RSSTRESC"]).map(criteria.alias_map).fillna("NE")
    raw["EVAL"] = "INV"
    rs = make.records("rs", *raw.astype(object).where(raw.notna(), None).to_dict("records"))
    subjects = sorted(raw["USUBJID"].unique())
    dates = {"anchor": "2013-01-01", "cutoff": "2015-12-31"}
    return derive_adrs(make.study(), criteria, rs, make.adsl(*subjects, **dates))


def test_the_file_holds_the_14_subjects_read_by_hand(adrs):
    assert sorted(adrs["USUBJID"].unique()) == sorted(BY_HAND)


def test_combined_responses_are_those_read_by_hand(adrs):
    kept = adrs[adrs["ANL01RS"].ne("combined into the other row of its visit")]
    wide = kept.pivot(index="USUBJID", columns="VISIT", values="AVALC").reindex(columns=VISITS)
    got = wide.astype(object).where(wide.notna(), None)
    assert got.T.to_dict("list") == BY_HAND


def test_each_visit_with_a_date_counts_once(adrs):
    dated = adrs[adrs["ADT"].notna()]
    counted = dated[dated["ANL01FL"].eq("Y")]
    assert len(counted) == len(dated[["USUBJID", "VISIT"]].drop_duplicates())
    undated = adrs[adrs["ADT"].isna()]
    assert undated["USUBJID"].unique().tolist() == ["01-701-1023"]
    assert undated["ANL01FL"].eq("N").all()
