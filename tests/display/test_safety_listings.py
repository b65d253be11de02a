"""The listings of subjects: who stands in them, and that an empty one says so."""

import pandas as pd
import pytest

from cartend.config.files import read_yaml, validate
from cartend.config.load import SHIPPED
from cartend.config.safety import Safety
from cartend.config.study import Study
from cartend.display.safety_listings import safety_listings
from cartend.display.words import Heading

SAFETY = validate(Safety, read_yaml(SHIPPED / "safety" / "default.yaml"), "default")
STUDY = Study.model_validate(
    {
        "id": "tiny",
        "title": "Two subjects",
        "data": "data",
        "disease": "LBCL",
        "criteria": "tiny",
        "design": "randomised",
        "rct_design": "upfront",
        "arms": {"A": {"label": "CAR-T"}, "B": {"label": "Standard", "role": "control"}},
        "standard_of_care": ["PLATINUM"],
        "visits": {"anchor": "randomisation", "schedule": [{"label": "W1", "day": 7}]},
        "endpoints": ["OS"],
    }
)
DAYS = pd.to_datetime(["2024-01-01", None]).astype("datetime64[ms]")


@pytest.fixture
def adam(tmp_path):
    """S1 infused on 1 January, grade 3 CRS on day 2, T-cell lymphoma; S2 dead and refractory."""
    none = pd.to_datetime([None, None]).astype("datetime64[ms]")
    adsl = pd.DataFrame({"USUBJID": ["S1", "S2"], "ARMCD": ["A", "B"], "TRT01P": ["CAR-T", "S"]})
    adsl = adsl.assign(AGE=[50.0, 60.0], TRTSDT=DAYS, SOCSDT=DAYS[::-1], XODT=none)
    adsl = adsl.assign(DTHDT=pd.to_datetime([None, "2024-02-01"]), CUTDT=pd.Timestamp("2025-01-01"))
    adsl = adsl.assign(DTHCAUS=[None, "INFECTION"], DTHCAUSR=[None, "SEPSIS"])
    adsl = adsl.assign(SOCREFFL=["N", "Y"], SOCREFSC=["CM", "CM"], PRIORLIN=[1.0, 2.0])
    event = {"USUBJID": "S1", "SRCDOM": "AE", "AESCALE": "ASTCT", "AEOUT": "RESOLVED"}
    start = pd.Timestamp("2024-01-03")
    crs = {**event, "SRCSEQ": 1, "AESICL": "CRS", "ASTDT": start, "ASTDY": 2.0, "SPMFL": "N"}
    spm = {**event, "SRCSEQ": 3, "AESICL": None, "AETOXGR": 3.0, "SPMFL": "Y"}
    adae = pd.DataFrame(
        [
            {**crs, "AETOXGR": 3.0},
            {**crs, "SRCSEQ": 2, "AETOXGR": 2.0},
            {**spm, "SPMTYPE": "T-CELL", "SPMCAUS": "POSSIBLE"},
        ]
    )
    adevt = pd.DataFrame(
        {
            "USUBJID": ["S1"],
            "KIND": ["SECOND_MALIGNANCY"],
            "ADT": [pd.Timestamp("2024-04-10")],
            "WHAT": ["T-cell lymphoma"],
            "SRCDOM": ["AE"],
            "SRCSEQ": [3],
        }
    )
    for name, frame in (("adsl", adsl), ("adae", adae), ("adevt", adevt)):
        frame.to_parquet(tmp_path / f"{name}.parquet")
    return tmp_path


def rows(shell):
    return [(row.label, *row.cells.values()) for row in shell.rows]


def test_deaths_and_severe_events_go_to_the_safety_group(adam):
    group, *_ = safety_listings(Heading(STUDY, "primary", "2025-01-01"), SAFETY, adam)
    crs = ("CAR-T", "50", "Cytokine release syndrome", "2024-01-03", "2", "grade 3 ASTCT")
    assert rows(group) == [
        ("S1", *crs, "RESOLVED"),
        ("S2", "Standard", "60", "Death", "2024-02-01", "31", "INFECTION", "SEPSIS"),
    ]


def test_a_second_malignancy_stands_with_its_kind_day_and_causality(adam):
    _, cases, _ = safety_listings(Heading(STUDY, "primary", "2025-01-01"), SAFETY, adam)
    (row,) = rows(cases)
    case = ("T-cell lymphoma", "2024-04-10", "100", "T-CELL", "POSSIBLE", "RESOLVED")
    assert row == ("S1", "CAR-T", "50", *case)


def test_the_refractory_are_named_with_the_design_beside_them(adam):
    *_, refractory = safety_listings(Heading(STUDY, "primary", "2025-01-01"), SAFETY, adam)
    assert rows(refractory) == [("S2", "Standard", "60", "2", "CM")]
    assert any("not to be set beside a trial" in note for note in refractory.footnotes)


def test_a_listing_without_a_subject_says_so(adam):
    adsl = pd.read_parquet(adam / "adsl.parquet").assign(SOCREFFL="N")
    adsl.to_parquet(adam / "adsl.parquet")
    *_, refractory = safety_listings(Heading(STUDY, "primary", "2025-01-01"), SAFETY, adam)
    assert refractory.rows[0].label == "No subject"
