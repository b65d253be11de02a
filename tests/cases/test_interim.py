"""An interim cut-off before the last infusions cuts by the date of the event (decision D51)."""

import pandas as pd
import pytest

from tests.cases.results import results
from tests.cases.test_other_words import STUDY, TABLES, delivered

CUT = "2023-02-12"


@pytest.fixture(scope="module")
def interim(tmp_path_factory):
    """Cut after X-02's infusion and before that of X-01; both were leukapheresed before it."""
    ex = TABLES["ex"].replace(
        "X-02,2,ABC,CELL-PRODUCT,1,2023-02-15", "X-02,2,ABC,CELL-PRODUCT,1,2023-02-11"
    )
    study = {**STUDY, "cutoff": CUT, "endpoints": ["OS", "PFS_EMA", "ORR"]}
    return delivered(tmp_path_factory.mktemp("interim"), study, {**TABLES, "ex": ex})


def test_the_infusion_after_it_is_pending(interim):
    adsl = interim.adsl.set_index("USUBJID")
    flags = adsl[["LAFL", "INFFL", "SAFFL", "ENRLFL"]].T.to_dict("list")
    assert flags == {"X-01": ["Y", "N", "Y", "Y"], "X-02": ["Y", "Y", "Y", "Y"], "X-03": ["N"] * 4}
    assert adsl["NOTINFRS"].fillna("").tolist()[:2] == ["INFUSION PENDING", ""]
    assert pd.isna(adsl.loc["X-01", "TRTSDT"])
    assert not interim.adevt["KIND"].eq("NOT_INFUSED").any()


def test_it_has_a_row_of_its_own_and_is_never_not_infused(interim):
    rates = interim.events["adrsp"].query("PARAMCD == 'ORR' and EVAL == 'INV' and POP == 'LA'")
    assert rates.set_index("USUBJID")["REASON"].to_dict()["X-01"] == "infusion pending"
    flow = results(interim).query("paramcd == 'FLOW' and statistic == 'n'")
    said = flow[flow["event"].str.contains(": ")].set_index("event")["value"]
    assert said.filter(like="LYMPHODEPLETED: INFUSION PENDING").tolist() == [1]
    assert not said.index.str.contains("NOT STATED").any()


def test_what_came_before_it_counts_and_what_came_after_does_not(interim):
    row = interim.times("OS").set_index("USUBJID").loc["X-02"]
    assert (row["CNSR"], row["AVAL"]) == (5, 1)
    assert interim.times("OS")["USUBJID"].tolist() == ["X-02"]
