"""R16: who crossed over, and OS beside its adjustments."""

import numpy as np
import pandas as pd
import pytest
from question_trial import CUTOFF, START, adsl

VERSUS = "CART vs SOC"


def test_crossover_is_counted_with_progression_before_it(ask):
    dates = [None, None, None, None, None, None, 80, 120]  # B3 progressed on 50, B4 on 150
    days = [START + pd.Timedelta(days=d - 1) if d else pd.NaT for d in dates]
    answer = ask("crossover", adsl=adsl().assign(XODT=days, AGE=np.arange(8.0)))
    assert answer.get("Crossed over", "n", "SOC") == 2
    assert answer.get("of these after progression", "n", "SOC") == 1
    assert answer.get("Days from randomisation to crossover, median", arm="SOC") == 100


def test_nobody_crossed_over_is_said(ask):
    assert "not estimable: nobody crossed over" in ask("crossover").notes()


@pytest.fixture(scope="module")
def switching() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ADTTE and ADSL of 600 subjects; treatment doubles life, half of SOC crosses over."""
    random = np.random.default_rng(12)
    n = 600
    arm = np.repeat(["CART", "SOC"], n // 2)
    control = arm == "SOC"
    untreated = random.exponential(300, n)
    progressed = untreated * random.uniform(0.2, 0.5, n)
    over = np.where(control & (random.uniform(size=n) < 0.5), progressed + 5, np.nan)
    over = np.where(over < untreated, over, np.nan)
    life = np.where(control, untreated, 2 * untreated)
    life = np.where(np.isnan(over), life, over + 2 * (untreated - over))
    end = 600.0
    time, event = np.ceil(np.minimum(life, end)), (life <= end).astype(int)
    frame = pd.DataFrame({"USUBJID": [f"{i:03d}" for i in range(n)], "ARMCD": arm})
    frame = frame.assign(POP="RAND", ANL01FL="Y", STARTDT=START)
    os = frame.assign(PARAMCD="OS", EVAL="", AVAL=time, STATE=event, EVNTDESC="DEATH")
    seen = np.ceil(np.where(control, progressed, 2 * progressed))
    pfs = frame.assign(PARAMCD="PFS", EVAL="IRC", AVAL=np.minimum(seen, time))
    pfs = pfs.assign(STATE=(seen <= time) * 1, EVNTDESC=np.where(seen <= time, "PD", "LAST"))
    day = np.where(np.ceil(over) < time, np.ceil(over), np.nan)
    people = frame.assign(XODT=START + pd.to_timedelta(day - 1, unit="D"), RANDFL="Y")
    people = people.assign(AGE=random.normal(60, 8, n).round(), CUTDT=CUTOFF)
    people["TRTSDT"] = pd.Series(START, index=people.index).where(~control)
    people["CUTDT"] = START + pd.Timedelta(days=end - 1)
    return pd.concat([os, pfs], ignore_index=True), people


def test_adjusted_ratios_lie_nearer_to_the_truth_than_the_one_as_randomised(ask, switching):
    frame, people = switching
    answer = ask("crossover", adtte=frame, adsl=people)
    truth = np.log(0.5)  # exponential: twice the life is half the hazard
    randomised = np.log(answer.get("Treatment policy (as randomised)", arm=VERSUS))
    for line in ("RPSFT, recensored", "Two-stage, recensored"):
        adjusted = np.log(answer.get(line, arm=VERSUS))
        assert abs(adjusted - truth) < abs(randomised - truth), line
    psi = answer.get("RPSFT, recensored: acceleration of death by treatment, exp(psi)", arm=VERSUS)
    assert psi == pytest.approx(0.5, abs=0.12)


def test_rpsft_keeps_the_p_value_of_the_trial_and_its_side_of_one(ask, switching):
    frame, people = switching
    answer = ask("crossover", adtte=frame, adsl=people)
    p_value = answer.get("RPSFT, recensored", "p_value", VERSUS)
    assert (p_value < 0.05) == (answer.get("RPSFT, recensored", "upper", VERSUS) < 1)


def test_treatment_counts_from_infusion_on(ask, switching):
    """Decision D53: the time before the infusion is time off treatment."""
    frame, people = switching
    line = "RPSFT, recensored"
    late = people.assign(TRTSDT=people["TRTSDT"] + pd.Timedelta(days=5))
    soon = ask("crossover", adtte=frame, adsl=people)
    later = ask("crossover", adtte=frame, adsl=late)
    assert later.get(line, arm=VERSUS) != soon.get(line, arm=VERSUS)
    assert later.get(line, "p_value", VERSUS) == soon.get(line, "p_value", VERSUS)
    never = ask("crossover", adtte=frame, adsl=people.drop(columns="TRTSDT"))
    assert any("the data have no date of infusion" in note for note in never.notes())
