import math

import pytest

from cartend.config.study import Mrd
from cartend.response.mrd import call_samples, cells_needed, derive_admrd

GOOD = {
    "LBTESTCD": "MRD",
    "LBSPEC": "BONE MARROW",
    "LBMETHOD": "NGS",
    "LBSTRESC": "NEGATIVE",
    "LBSTRESN": 0.0,
    "LBLLOD": 1e-6,
    "MRDCELLS": 3e6,
    "HEMODIL": "N",
    "TRACKABL": "Y",
    "LBDTC": "2025-02-12",
}
PLAN = Mrd(threshold=1e-5)


def call(make, plan=PLAN, **changes):
    rows = make.records("lb", {"USUBJID": "A"} | GOOD | changes)
    got = call_samples(rows, plan).iloc[0]
    return got["AVALC"], got["CALLRS"]


@pytest.mark.parametrize(
    ("threshold", "cells"), [(1e-5, 299_574), (1e-4, 29_958), (1e-6, 2_995_733)]
)
def test_the_cells_needed_miss_a_true_level_at_the_threshold_in_at_most_5_percent(threshold, cells):
    assert cells_needed(threshold) == cells
    assert math.exp(-cells * threshold) <= 0.05 < math.exp(-(cells - 1) * threshold)


@pytest.mark.parametrize(
    ("changes", "want"),
    [
        ({}, ("NEG", "below 1e-05")),
        ({"LBSTRESN": None}, ("NEG", "below 1e-05")),
        ({"LBSTRESC": "POSITIVE", "LBSTRESN": 2e-6}, ("NEG", "below 1e-05")),
        ({"MRDCELLS": 299_574}, ("NEG", "below 1e-05")),
        ({"MRDCELLS": 299_573}, ("INDETERMINATE", "fewer than 299574 cells")),
        (
            {"MRDCELLS": None},
            ("NEG", "below 1e-05; cells not stated, limit of detection taken as proof"),
        ),
        ({"LBLLOD": 1e-5}, ("NEG", "below 1e-05")),
        ({"LBLLOD": 1e-4}, ("INDETERMINATE", "limit of detection above 1e-05")),
        ({"LBLLOD": None}, ("INDETERMINATE", "limit of detection not stated")),
        ({"LBSPEC": "BLOOD"}, ("INDETERMINATE", "specimen not per protocol")),
        ({"LBSPEC": None}, ("INDETERMINATE", "specimen not stated")),
        ({"LBMETHOD": "ELISA"}, ("INDETERMINATE", "method not per protocol")),
        ({"HEMODIL": "Y"}, ("INDETERMINATE", "haemodiluted")),
        ({"TRACKABL": "N"}, ("INDETERMINATE", "no trackable clone at baseline")),
        (
            {"LBLLOD": 1e-4, "HEMODIL": "Y"},
            ("INDETERMINATE", "limit of detection above 1e-05; haemodiluted"),
        ),
        ({"LBSTRESC": "POSITIVE", "LBSTRESN": 1e-5}, ("POS", "at or above 1e-05")),
        ({"LBSTRESC": "POSITIVE", "LBSTRESN": None, "HEMODIL": "Y"}, ("POS", "at or above 1e-05")),
        (
            {"LBSTRESC": "POSITIVE", "LBSTRESN": 2e-6, "HEMODIL": "Y"},
            ("POS", "reported positive; haemodiluted"),
        ),
        ({"LBSTRESC": "INDETERMINATE"}, ("INDETERMINATE", "result reported indeterminate")),
        ({"LBSTRESC": None, "LBSTRESN": None}, ("INDETERMINATE", "no result")),
        (
            {"LBSTRESC": None, "LBSTRESN": None, "LBSTAT": "NOT DONE"},
            ("INDETERMINATE", "not done"),
        ),
    ],
)
def test_a_sample_is_negative_only_if_it_could_have_shown_the_threshold(make, changes, want):
    assert call(make, **changes) == want


def test_the_plan_may_accept_haemodiluted_or_untracked_samples(make):
    assert call(make, Mrd(threshold=1e-5, haemodiluted="accept"), HEMODIL="Y")[0] == "NEG"
    assert call(make, Mrd(threshold=1e-5, require_trackable=False), TRACKABL="N")[0] == "NEG"


def test_one_sample_of_a_date_counts_and_the_subject_says_whether_a_clone_is_trackable(make):
    blood = GOOD | {"LBSPEC": "BLOOD", "LBSTRESC": "POSITIVE", "LBSTRESN": 1e-3}
    rows = make.records(
        "lb",
        {"USUBJID": "A"} | blood,
        {"USUBJID": "A"} | GOOD,  # per protocol, before the positive blood
        {"USUBJID": "B"} | GOOD | {"TRACKABL": None},
        {"USUBJID": "C"} | GOOD | {"LBDTC": None},
        {"USUBJID": "C"} | GOOD | {"LBTESTCD": "NEUT"},
    )
    adsl = make.adsl("A", "B", "C", MRDTRKFL=["Y", "N", "Y"])
    got = derive_admrd(make.study(mrd={"threshold": 1e-5}), rows, adsl)
    assert got["USUBJID"].tolist() == ["A", "A", "B", "C"]
    assert got["SRCSEQ"].tolist() == [1, 2, 1, 1]
    assert got["AVALC"].tolist() == ["POS", "NEG", "INDETERMINATE", "NEG"]
    assert got["ANL01FL"].tolist() == ["N", "Y", "Y", "N"]
    assert got["TRACKABL"].tolist() == ["Y", "Y", "N", "Y"]
    assert got["AVISIT"].tolist() == ["W6", "W6", "W6", None]
    assert got["THRESH"].eq(1e-5).all()
