"""R18: everything from lymphodepletion on, estimates by class, tests adjusted (D33)."""

import numpy as np
import pandas as pd
import pytest
from question_trial import START
from test_regulator import run
from tiny_trial import make_rate, make_study

from cartend.analysis.questions.material import Material


@pytest.fixture(scope="module")
def trial() -> Material:
    """Return 200 subjects of CART: the old are bridged more and die sooner, bridging is inert."""
    from question_trial import definitions, material

    random = np.random.default_rng(21)
    n = 200
    age = random.integers(40, 80, n).astype(float)
    bridged = random.uniform(size=n) < 1 / (1 + np.exp(-(age - 60) / 6))
    life = np.ceil(random.exponential(400 * np.exp(-(age - 60) / 12))) + 30
    frame = pd.DataFrame({"USUBJID": [f"{i:03d}" for i in range(n)], "ARMCD": "CART"})
    frame = frame.assign(AGE=age, BRIDGEFL=np.where(bridged, "Y", "N"), RANDFL="Y")
    frame = frame.assign(BRIDGE=np.where(bridged, "OTHER", "NONE"))
    frame["LDDT"] = START + pd.Timedelta(days=29)
    frame.loc[:9, "LDDT"] = pd.NaT
    rows = frame[["USUBJID", "ARMCD", "BRIDGE", "BRIDGEFL"]].assign(POP="RAND", ANL01FL="Y")
    times = rows.assign(AVAL=life, STATE=1, EVNTDESC="DEATH", STARTDT=START)
    tte = [times.assign(PARAMCD=p, EVAL=e) for p, e in (("OS", ""), ("PFS", "IRC"), ("NRM", "IRC"))]
    answers = rows.assign(PARAMCD="ORR", EVAL="IRC", AVALC="Y", REASON="")
    answers["ADT"] = START + pd.Timedelta(days=60)
    answers.loc[190:, "ADT"] = START + pd.Timedelta(days=10)
    known = {**definitions(), "ORR": make_rate("ORR")}
    study = make_study(strata=[])
    adtte = pd.concat(tte, ignore_index=True)
    return material(study=study, adsl=frame, adtte=adtte, adrsp=answers, definitions=known)


def test_weighting_balances_age_and_takes_the_effect_of_bridging_away(trial):
    answer = run(trial, "bridging_and_outcome")
    section = "OS: balance of the bridged and the others, propensity weights"

    def value(line: str, statistic: str = "estimate") -> float:
        return answer.get(line, statistic, "CART", section)

    assert value("AGE, as observed") > 0.8
    assert abs(value("AGE, weighted")) < 0.25
    line = "Hazard ratio, bridging against none, adjusted"
    assert value(line, "lower") < 1 < value(line, "upper")
    assert value(line, "N") == 190  # ten had no lymphodepletion


def test_time_starts_at_lymphodepletion(trial):
    answer = run(trial, "bridging_and_outcome")
    section = "OS from lymphodepletion"
    counts = [
        answer.get(f"Bridging {c}: day 365 after lymphodepletion (%)", "N", "CART", section)
        for c in ("none", "other")
    ]
    assert sum(counts) == 190


def test_who_responded_before_lymphodepletion_is_left_out_and_counted(trial):
    answer = run(trial, "bridging_and_outcome")
    line = "ORR: left out, responded before lymphodepletion"
    assert (answer.get(line, "n", "CART"), answer.get(line, "N", "CART")) == (10, 190)


def test_no_test_of_bridging_is_made_from_another_origin_or_unadjusted(trial):
    answer = run(trial, "bridging_and_outcome")
    tested = [row for row in answer.rows if row[13] == "p_value"]
    assert tested
    for row in tested:
        assert "lymphodepletion" in row[6] or "propensity" in row[6]
        assert any(word in row[9] for word in ("CMH", "propensity", "adjusted for"))
