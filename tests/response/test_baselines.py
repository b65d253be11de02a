"""The response against the baseline before bridging, and against the new one (R17)."""

import pandas as pd
import pytest

from cartend.config.finder import SHIPPED, load_criteria
from cartend.config.records import all_records
from cartend.config.study import Study
from cartend.contract.datasets.sdtm import SDTM
from cartend.intake.roles import with_roles
from cartend.response.build import derive_responses
from cartend.subject.domains import complete_columns

CRITERIA = load_criteria(SHIPPED / "criteria" / "imwg-2016.yaml")
STUDY = Study.model_validate(
    {
        "id": "two",
        "title": "t",
        "data": "d",
        "disease": "MM",
        "criteria": "imwg-2016",
        "design": "single-arm",
        "arms": {"CART": {"label": "CAR-T"}},
        "cutoff": "2025-12-31",
        "visits": {"anchor": "infusion", "schedule": [{"label": "M1", "day": 28}]},
        "evaluators": ["IRC"],
        "endpoints": ["OS"],
    }
)


def adsl(bridged="Y"):
    day = pd.Timestamp
    row = {"USUBJID": "A", "STUDYID": "S", "BRIDGEFL": bridged, "REBASEDT": day("2025-02-20")}
    row |= {"BRSTDT": day("2025-02-05"), "LDDT": day("2025-03-01"), "TRTSDT": day("2025-03-06")}
    row |= dict.fromkeys(("RANDDT", "DTHDT", "DTHDTHI", "LOSTDT", "LSTALVDT"), pd.NaT)
    row |= {"DTHCAUS": None}
    return pd.DataFrame([row | {"LEUKDT": day("2025-02-01"), "CUTDT": day("2025-12-31")}])


def domains():
    """M-protein 4 g/dL before bridging, 1.5 after it, 1.2 on day 28: a fall of 70 % and of 20 %."""
    values = [("2025-01-20", 4.0, "BASELINE", "Y"), ("2025-02-20", 1.5, "RE-BASELINE", "Y"),
              ("2025-04-03", 1.2, "M1", None)]  # fmt: skip
    rows = [
        {"USUBJID": "A", "LBTESTCD": "MPROTS", "LBSPEC": "SERUM", "LBSTRESN": value,
         "LBSTRESU": "g/dL", "LBDT_LO": pd.Timestamp(day), "LBDT_HI": pd.Timestamp(day),
         "LBDTF": "", "VISIT": visit, "LBBLFL": flag, "LBSEQ": number}
        for number, (day, value, visit, flag) in enumerate(values, start=1)
    ]  # fmt: skip
    frames = {"lb": pd.DataFrame(rows), **{n: pd.DataFrame() for n in ("rs", "tr", "tu")}}
    return {
        name: with_roles(complete_columns(frame, SDTM[name]), name, all_records({}))
        for name, frame in frames.items()
    }


def responses(bridged="Y"):
    adevt = pd.DataFrame(columns=["USUBJID", "KIND", "ADT", "REASON", "PLANNED"])
    adevt = adevt.astype({"ADT": "datetime64[ms]"})
    return derive_responses(STUDY, CRITERIA, domains(), adsl(bridged), adevt)


@pytest.mark.parametrize(("paramcd", "want"), [("OVRALG", "SD"), ("OVRALGB1", "PR")])
def test_a_fall_by_bridging_counts_against_the_first_baseline_only(paramcd, want):
    adrs = responses()
    rows = adrs[adrs["PARAMCD"].eq(paramcd) & adrs["ADT"].eq(pd.Timestamp("2025-04-03"))]
    assert rows["AVALC"].tolist() == [want]


def test_it_feeds_no_endpoint_and_is_numbered_with_the_others():
    adrs = responses()
    assert set(adrs.loc[adrs["PARAMCD"].eq("OVRALGB1"), "ANL01FL"]) == {"N"}
    assert adrs["ASEQ"].tolist() == list(range(1, len(adrs) + 1))


def test_without_bridging_there_is_one_baseline():
    assert "OVRALGB1" not in set(responses(bridged="N")["PARAMCD"])
