"""ADAE by hand: class, period, day, grade with its scale, late events."""

import pandas as pd
import pytest

from cartend.config.files import read_yaml, validate
from cartend.config.load import SHIPPED
from cartend.config.safety import Safety
from cartend.subject.adverse import derive_adverse_events
from cartend.subject.malignancy import malignancy_cases

SAFETY = validate(Safety, read_yaml(SHIPPED / "safety" / "default.yaml"), "default")
CRS = "Cytokine release syndrome"


@pytest.fixture
def adae(make):
    """Return ADAE of records of one subject infused on 10 February 2024, seen to 1 September."""

    def derive(*rows):
        dates = {"LEUKDT": "2024-01-01", "LDDT": "2024-02-05", "TRTSDT": "2024-02-10"}
        dates |= {"LSTALVDT": "2024-09-01", "CUTDT": "2024-12-31"}
        dates |= dict.fromkeys(("BRSTDT", "SOCSDT", "XODT", "DTHDT"))
        adsl = pd.DataFrame([dates], index=pd.Index(["A"], name="USUBJID"))
        adsl = adsl.apply(pd.to_datetime).astype("datetime64[ms]").assign(STUDYID="S")
        ae = make.records("ae", *({"USUBJID": "A", "AEENDTC": None, **row} for row in rows))
        return derive_adverse_events(SAFETY, ae, adsl, malignancy_cases(SAFETY.malignancies, ae))

    return derive


def event(term, start, end=None, **more):
    return {"AEDECOD": term, "AESTDTC": start, "AEENDTC": end, **more}


def test_the_day_of_infusion_is_day_0_and_the_days_of_an_event_are_counted_with_both_ends(adae):
    row = adae(event(CRS, "2024-02-12", "2024-02-15")).iloc[0]
    assert (row["ASTDY"], row["ADURN"], row["APERIOD"]) == (2, 4, "D0-28")


@pytest.mark.parametrize(
    ("start", "day", "flag"),
    [("2024-02", "2024-02-10", "D"), ("2024-03", "2024-03-01", "D"), ("2024", "2024-02-10", "M")],
)
def test_a_partial_start_that_may_follow_the_infusion_is_put_on_its_day(adae, start, day, flag):
    row = adae(event(CRS, start)).iloc[0]
    assert (f"{row['ASTDT']:%Y-%m-%d}", row["ASTDTF"]) == (day, flag)


def test_an_event_without_a_date_is_kept(adae):
    row = adae(event(CRS, None)).iloc[0]
    assert pd.isna(row["ASTDT"])
    assert (row["APERIOD"], row["AESICL"]) == ("UNDATED", "CRS")


@pytest.mark.parametrize(
    ("term", "system", "klass"),
    [
        ("CRS", None, "CRS"),
        ("Immune effector cell-associated neurotoxicity syndrome", None, "ICANS"),
        ("Gastrointestinal haemorrhage", "Gastrointestinal disorders", "HAEMORRHAGE"),
        ("Sepsis", "Infections and infestations", "INFECTION"),
        ("Febrile neutropenia", None, "CYTOPENIA"),
        ("Headache", "Nervous system disorders", None),
    ],
)
def test_the_class_is_that_of_the_term_or_the_system(adae, term, system, klass):
    assert adae(event(term, "2024-02-12", AEBODSYS=system))["AESICL"].tolist() == [klass]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"AETOXGR": 2}, (2, "ASTCT", "ASSUMED")),
        ({"AETOXGR": 2, "GRSCALE": "Lee 2014"}, (2, "LEE", "STATED")),
        ({"AETOXGR": 2, "ASTCTGR": 3, "GRSCALE": "LEE 2014"}, (3, "LEE", "STATED")),
        ({"AETOXGR": 4, "ASTCTGR": 3}, (3, "ASTCT", "STATED")),
        ({}, (None, "ASTCT", "ASSUMED")),
    ],
)
def test_the_grade_keeps_its_scale_and_whether_it_was_stated(adae, facts, expected):
    row = adae(event(CRS, "2024-02-12", **facts)).iloc[0]
    grade = None if pd.isna(row["AETOXGR"]) else row["AETOXGR"]
    assert (grade, row["AESCALE"], row["AESCALEF"]) == expected


def test_another_event_is_graded_by_ctcae(adae):
    rows = adae(event("Headache", "2024-02-12", AETOXGR=1, ASTCTGR=3, GRSCALE="ASTCT"))
    assert rows[["AETOXGR", "AESCALE"]].to_numpy().tolist() == [[1, "CTCAE"]]


@pytest.mark.parametrize(
    ("row", "flag", "date"),
    [
        (event("Neutropenia", "2024-02-20", "2024-03-09", AETOXGR=4), "N", None),
        (event("Neutropenia", "2024-02-20", "2024-03-10", AETOXGR=4), "Y", "2024-03-10"),
        (event("Neutropenia", "2024-02-20", AETOXGR=4), "Y", "2024-03-10"),
        (event("Neutropenia", "2024-04-01", AETOXGR=2), "N", None),
        (event("Neutropenia", "2024-04-01", AETOXGR=3), "Y", "2024-04-01"),
        (event("Hypogammaglobulinaemia", "2024-03-01", AETOXGR=1), "Y", "2024-03-10"),
        (event(CRS, "2024-04-01", AETOXGR=3), None, None),
    ],
)
def test_late_is_there_after_day_28_of_a_grade_that_counts(adae, row, flag, date):
    found = adae(row).iloc[0]
    late = None if pd.isna(found["LATEDT"]) else f"{found['LATEDT']:%Y-%m-%d}"
    assert (found["LATEFL"], late) == (flag, date)


def test_a_late_infection_is_one_that_begins_late(adae):
    system = "Infections and infestations"
    rows = adae(
        event("Pneumonia", "2024-03-01", AEBODSYS=system, AETOXGR=3),
        event("Pneumonia", "2024-03-10", AEBODSYS=system, AETOXGR=3),
    )
    assert rows["LATEFL"].tolist() == ["N", "Y"]


def test_every_record_is_kept_once_in_order_and_none_of_strangers(adae):
    rows = adae(event("Headache", "2024-05-01"), event(CRS, "2024-02-12"))
    assert rows["AESEQ"].tolist() == [1, 2]
    assert rows["SRCDOM"].unique().tolist() == ["AE"]


def test_without_adverse_events_the_table_is_empty_and_has_its_columns(adae):
    assert adae().empty
    assert "AESICL" in adae()
