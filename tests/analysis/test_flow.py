"""Who took part in the tiny trial: flow by arm, sets, status, days to infusion."""

import pandas as pd
import pytest
from tiny_trial import START, pick

from cartend.config.rules import shipped_rules

STUDY_LEVEL = {"FLOW", "SETS", "STATUS", "INTERVALS"}


def counts(ard, name, **where):
    """Return {event: n} of the study-level counts of a group, and the N they share."""
    found = pick(ard, paramcd=name, evaluator="", analysis="count", **where)
    (total,) = {value for key, value in found.items() if key[1] == "N"}
    return {key[0]: value for key, value in found.items() if key[1] == "n"}, total


def test_the_flow_of_the_experimental_arm_goes_to_infusion(run):
    assert counts(run.build(), "FLOW", arm="CART") == (
        {
            "01 SCREENED": 3,
            "02 ENROLLED": 3,
            "03 LEUKAPHERESED": 3,
            "04 BRIDGED": 2,
            "05 NOT BRIDGED": 1,
            "06 LEUKAPHERESED: DEATH": 1,
            "07 LYMPHODEPLETED": 2,
            "08 INFUSED": 2,
        },
        3,
    )


def test_the_flow_of_the_control_arm_goes_to_its_first_dose_and_names_the_crossover(run):
    day = [START + pd.Timedelta(days=3)]
    run.adsl["SOCSDT"] = pd.to_datetime(pd.Series([None] * 3 + day * 2 + [None]))
    run.adsl["XODT"] = pd.to_datetime(pd.Series([None] * 3 + day + [None] * 2))
    run.adsl["DCSREAS"] = [None] * 5 + ["WITHDRAWAL BY SUBJECT"]
    assert counts(run.build(), "FLOW", arm="SOC") == (
        {
            "01 SCREENED": 3,
            "02 ENROLLED": 3,
            "03 ENROLLED: WITHDRAWAL BY SUBJECT": 1,
            "04 CONTROL TREATED": 2,
            "05 CROSSOVER": 1,
        },
        3,
    )


def test_without_the_dates_of_the_flow_there_is_none(run):
    run.adsl = run.adsl.drop(columns="LDDT")
    assert "FLOW" not in set(run.build()["paramcd"])


def test_analysis_sets_are_counted_in_every_group(run):
    run.adsl["BRCLASS"] = ["B0", "B4", "B9", None, None, None]
    run.rules = shipped_rules(run.study)
    ard = run.build()
    sets, total = counts(ard, "SETS")
    assert total == 6
    assert sets == {
        "RAND": 6,
        "LA": 3,
        "INF": 2,
        "SAF": 6,
        "RESPONDERS": 2,
        "BRIDGED: CORTICOSTEROID ONLY": 0,
        "BRIDGED: SYSTEMIC": 1,
        "BRIDGED: RADIOTHERAPY": 0,
        "BRIDGED: COMBINED": 1,
    }
    where = {"arm": "CART", "by": "BRIDGE", "level": "IMID"}
    bridged, total = counts(ard, "SETS", **where)
    assert (bridged["INF"], total) == (1, 2)


def test_the_status_names_the_reasons_of_those_who_left(run):
    run.adsl["EOSSTT"] = ["ONGOING", "ONGOING", *["DISCONTINUED"] * 3, None]
    run.adsl["DCSREAS"] = [None, None, "DEATH", "DEATH", None, None]
    assert counts(run.build(), "STATUS")[0] == {
        "ONGOING": 2,
        "DISCONTINUED": 3,
        "NOT STATED": 1,
        "DISCONTINUED: DEATH": 2,
        "DISCONTINUED: REASON NOT STATED": 1,
    }


def test_days_to_infusion_are_those_between_the_dates(run):
    run.adsl.loc[1, "TRTSDT"] = START + pd.Timedelta(days=11)
    ard = run.build()
    found = pick(ard, paramcd="INTERVALS", arm="CART", evaluator="", analysis="interval")
    name = "ENROLMENT TO INFUSION"
    assert {s: found[name, s] for s in ("n", "median", "min", "max")} == {
        "n": 2,
        "median": 8.5,
        "min": 6,
        "max": 11,
    }
    none = pick(ard, paramcd="INTERVALS", arm="SOC", evaluator="", analysis="interval")
    assert none[name, "median"] == "not estimable: no dates"


@pytest.mark.parametrize("scenario", ["other"])
def test_only_primary_describes_the_subjects(run, scenario):
    run.scenario = scenario
    assert not STUDY_LEVEL & set(run.build()["paramcd"])
    run.scenario = "primary"
    assert STUDY_LEVEL - {"STATUS"} <= set(run.build()["paramcd"])
