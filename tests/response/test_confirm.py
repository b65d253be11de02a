"""IMWG confirmation by hand: the table of specification 2.2, its pitfalls, running status."""

import pandas as pd
import pytest

from cartend.response.adrs import derive_adrs
from cartend.response.confirm import confirm_responses, course_of


def confirmed(make, course, therapy=None, death=None, cutoff="2025-12-31", **keys):
    """Return ADRS of one subject whose ``course`` is (date, category[, basis of progression])."""
    imwg = make.criteria("imwg-2016").model_copy(update=keys)
    rows = [
        {"USUBJID": "A", "RSTESTCD": "OVRLRESP", "AVALC": code, "EVAL": "IRC"}
        | {"RSDTC": day, "PDBASIS": (*basis, None)[0]}
        for day, code, *basis in course
    ]
    adsl = make.adsl("A", cutoff=cutoff, DTHDT=death, DTHCAUS="DISEASE UNDER STUDY")
    adevt = make.adevt(*([("A", therapy)] if therapy else []))
    adrs = derive_adrs(make.study(criteria="imwg-2016"), imwg, make.records("rs", *rows), adsl)
    return confirm_responses(adrs, imwg, course_of(make.study(), adsl, adevt))


def codes(make, course, **changes):
    return confirmed(make, course, **changes)["AVALC"].tolist()


FEB, MAR, APR, MAY = "2025-02-01", "2025-03-01", "2025-04-01", "2025-05-01"


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ([(FEB, "CR"), (MAR, "sCR")], ["CR", "CR"]),  # better confirms; the last keeps the status
        ([(FEB, "VGPR"), (MAR, "VGPR")], ["VGPR", "VGPR"]),
        ([(FEB, "CR"), (MAR, "PR")], ["PR", "PR"]),  # worse: the lower category, from February on
        ([(FEB, "PR"), (MAR, "SD")], ["SD", "SD"]),
        ([(FEB, "PR"), (MAR, "PD", "IMAGING")], ["SD", "PD"]),
        ([(FEB, "PR")], ["SD"]),  # nothing next
        ([(FEB, "SD"), (MAR, "CR"), (APR, "CR")], ["SD", "CR", "CR"]),
        ([(FEB, "NE"), (MAR, "PR"), (APR, "NE"), (MAY, "PR")], ["NE", "PR", "NE", "PR"]),
        ([(FEB, "CR"), (MAR, "CR"), (APR, "PR"), (MAY, "PR")], ["CR", "CR", "CR", "CR"]),
        ([(FEB, "MR"), (MAR, "PR"), (APR, "VGPR"), (MAY, "VGPR")], ["MR", "PR", "VGPR", "VGPR"]),
    ],
)
def test_a_response_is_confirmed_by_the_next_evaluable_assessment(make, course, expected):
    assert codes(make, course) == expected


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ([(FEB, "PD", "IMAGING")], ["PD"]),
        ([(FEB, "PD", "MARROW"), (MAR, "CR")], ["PD", "PD"]),  # progression, once it is, stays
        ([(FEB, "PD", "SERUM"), (MAR, "PD", "SERUM")], ["PD", "PD"]),
        ([(FEB, "PD", "URINE"), (MAR, "NE"), (APR, "PD", "URINE")], ["PD", "NE", "PD"]),
        ([(FEB, "PD", "SERUM"), (MAR, "SD")], ["NE", "SD"]),
        ([(FEB, "PD", "SERUM")], ["PD"]),  # the cut-off came first: unconfirmed
        ([(FEB, "PD", "SERUM"), (MAR, "SD"), (APR, "PD", "SERUM")], ["NE", "SD", "PD"]),
        ([(FEB, "PD"), (MAR, "SD")], ["NE", "SD"]),  # basis not stated: as serum
        ([(FEB, "PR"), (MAR, "PR"), (APR, "PD", "SERUM")], ["PR", "PR", "PD"]),
    ],
)
def test_biochemical_progression_is_confirmed_and_imaging_is_not_asked_again(
    make, course, expected
):
    assert codes(make, course) == expected


def test_p26_confirmed_biochemical_progression_keeps_the_date_of_the_first(make):
    got = confirmed(make, [(FEB, "VGPR"), (MAR, "PD", "SERUM"), (APR, "PD", "SERUM")])
    first = got[got["AVALC"].eq("PD")].iloc[0]
    assert [first["ADT"], first["CONFDT"]] == [pd.Timestamp(MAR), pd.Timestamp(APR)]
    assert got["VISRESP"].tolist() == ["VGPR", "PD", "PD"]
    assert first["CONFRS"] == "confirmed by PD on 2025-04-01"


def test_p16_the_confirmed_response_stands_at_its_first_documentation(make):
    got = confirmed(make, [(FEB, "PR"), (MAR, "CR"), (APR, "CR")])
    assert got["AVALC"].tolist() == ["PR", "CR", "CR"]
    assert got["CONFDT"].tolist()[:2] == [pd.Timestamp(MAR), pd.Timestamp(APR)]


def test_what_nothing_could_confirm_or_refute_is_a_key_of_the_criteria(make):
    """Decision D49: death of the disease, loss or the cut-off came first."""
    only = [(FEB, "PD", "SERUM")]
    for death in ("2025-02-20", None, "2026-01-05"):
        assert codes(make, only, death=death) == ["PD"]
        assert codes(make, only, death=death, unconfirmed_pd="ne") == ["NE"]
    assert codes(make, [*only, (MAR, "SD")], death="2025-03-20") == ["NE", "SD"], "refuted"
    said = confirmed(make, only)["CONFRS"].tolist()
    assert said == ["unconfirmed: nothing could confirm or refute it any more"]


def test_new_therapy_between_two_assessments_parts_them(make):
    course = [(FEB, "PR"), (APR, "PR")]
    assert codes(make, course, therapy=MAR) == ["SD", "SD"]
    assert codes(make, course, therapy=APR) == ["PR", "PR"], "the same day still counts"
    assert codes(make, course, therapy="2025-01-15") == ["PR", "PR"], "both are after it"


def test_an_assessment_after_new_therapy_refutes_no_progression(make):
    course = [(FEB, "PD", "SERUM"), (APR, "CR")]
    assert codes(make, course, therapy=MAR)[0] == "PD"
    assert codes(make, course, therapy=MAR, unconfirmed_pd="ne")[0] == "NE"
    assert codes(make, course, therapy="2025-01-31")[0] == "NE", "it came before: refuted"
    assert codes(make, course, therapy=APR)[0] == "NE", "the same day still counts"


def test_an_assessment_after_the_cutoff_confirms_nothing(make):
    got = codes(make, [(FEB, "CR"), (MAR, "CR")], cutoff="2025-02-15")
    assert got == ["SD", "CR"]


def test_a_response_before_the_anchor_is_not_carried_over_it(make):
    got = codes(make, [("2024-12-01", "PR"), ("2024-12-20", "PR"), (FEB, "SD"), (MAR, "SD")])
    assert got == ["PR", "PR", "SD", "SD"]


def test_gaps_longer_than_the_key_are_named(make):
    got = confirmed(make, [(FEB, "CR"), ("2025-04-26", "CR"), ("2025-07-20", "CR")])
    assert got["CONFRS"].tolist()[:2] == [
        "confirmed by CR on 2025-04-26",  # 84 days
        "confirmed by CR on 2025-07-20; 85 days apart",
    ]


def test_criteria_without_confirmation_leave_the_reported_category(make):
    assert codes(make, [(FEB, "CR"), (MAR, "PR")], confirmation="none") == ["CR", "PR"]


def test_the_order_of_the_rows_changes_nothing(make):
    course = [(FEB, "CR"), (MAR, "NE"), (APR, "VGPR"), (MAY, "PD", "SERUM"), ("2025-06-01", "PD")]
    expected = confirmed(make, course).set_index("ADT")["AVALC"].to_dict()
    assert confirmed(make, course[::-1]).set_index("ADT")["AVALC"].to_dict() == expected
