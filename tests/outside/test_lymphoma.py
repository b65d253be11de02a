"""Public SDTM with a PET-CT row and a CT row a visit: best overall responses read by hand."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

HERE = Path(__file__).parent / "lymphoma"
FILES = {
    "rs.csv": "cdisc/pharmaversesdtm_rs_onco_lymphoma.csv",
    "dm.csv": "cdisc/pharmaversesdtm_dm.csv",
    "ds.csv": "cdisc/pharmaversesdtm_ds.csv",
}

# Read off the rows by hand: PET-CT decides where it is evaluable, else CT (Lugano, the stated
# rule of the pair); best response up to the first progression, on the first day it was reached.
BOR = {
    "01-701-1015": ("CR", "2014-06-18"),  # NMR, PMR, CMR; CT stays PR at week 24
    "01-701-1023": ("MISSING", None),  # one visit, not done and not evaluable, without a date
    "01-701-1028": ("PR", "2013-09-10"),  # PMR, PMR, then PMD
    "01-701-1034": ("SD", "2014-08-26"),  # NMR three times
    "01-701-1097": ("SD", "2014-02-26"),  # NMR, then PMD although CT says PR
    "01-701-1115": ("PD", "2013-01-23"),  # CT alone
    "01-701-1118": ("CR", "2014-05-08"),  # CMR three times
    "01-701-1130": ("PR", "2014-04-12"),  # PMR, PMR, then PMD
    "01-701-1133": ("PR", "2013-02-18"),  # NMR; PET not evaluable, so CT: PR; NMR
    "01-701-1148": ("PR", "2013-10-18"),  # PET never done, CT PR three times
    "01-701-1153": ("SD", "2013-11-18"),  # PET not evaluable, so CT: SD; NMR, NMR
    "01-701-1275": ("PD", "2014-04-05"),  # PMD
    "01-710-1315": ("PR", "2013-06-18"),  # NMR although CT says PR; then PMR
    "01-716-1311": ("CR", "2014-09-10"),  # PMR, CMR
}
DIED = ["01-701-1211", "01-704-1445", "01-710-1083"]


@pytest.fixture(scope="module")
def frames(assemble, run_steps, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lymphoma")
    study = yaml.safe_load((HERE / "study.yaml").read_text())
    return run_steps(folder, assemble(folder, FILES, study))


@pytest.fixture(scope="module")
def bor(frames):
    return frames["adrsp"].query("PARAMCD == 'BOR' and POP == 'INF'").set_index("USUBJID")


def test_every_subject_with_responses_has_the_bor_read_by_hand(bor):
    rows = bor.loc[list(BOR)]
    day = [None if pd.isna(date) else date.date().isoformat() for date in rows["ADT"]]
    assert dict(zip(rows.index, zip(rows["AVALC"], day, strict=True), strict=True)) == BOR


def test_all_306_subjects_of_dm_are_accounted_for(frames, bor):
    adsl = frames["adsl"]
    assert len(adsl) == 306
    assert adsl["INFFL"].eq("Y").sum() == 254
    not_treated = adsl[adsl["INFFL"].ne("Y")]
    assert not_treated["NOTINFRS"].eq("SCREEN FAILURE").all()
    assert len(not_treated) == 52
    assert sorted(bor.index) == sorted(adsl.loc[adsl["INFFL"].eq("Y"), "USUBJID"])
    assert bor["AVALC"].value_counts().sum() == 254


def test_subjects_without_assessment_stay_in_the_denominator_with_the_reason(bor):
    others = bor[~bor.index.isin(BOR)]
    died = others.index.isin(DIED)
    assert others.loc[died, "AVALC"].eq("NE").all()  # early death (specification 2.5)
    assert others.loc[~died, "AVALC"].eq("MISSING").all()
    assert sorted(others.index[others["REASON"].eq("death before any assessment")]) == DIED
    assert others["REASON"].eq("no assessment").sum() == 254 - len(BOR) - len(DIED)


def test_the_findings_say_what_was_taken_for_what(frames):
    found = frames["findings"].groupby("finding_id").size().to_dict()
    assert found["F-EX-001"] == 1  # the first exposure of DM stands for the infusion
    assert found["F-RS-001"] == 3  # PET not done: no result, NE
    assert found["F-RS-009"] == 2  # the two rows without a date
