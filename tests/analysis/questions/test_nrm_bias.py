"""R35 on eight subjects by hand, and the rule of the warning."""

import numpy as np
import pandas as pd
import pytest
from question_trial import adtte

from cartend.analysis.questions.nrm_bias import first_reaching

VERSUS = "CART vs SOC"


def test_events_that_are_non_relapse_deaths_are_counted_by_arm(ask):
    answer = ask("nrm_bias")
    line = "PFS (IRC): non-relapse death, of events"
    assert (answer.get(line, "n", "CART"), answer.get(line, "N", "CART")) == (1, 3)
    assert (answer.get(line, "n", "SOC"), answer.get(line, "N", "SOC")) == (0, 3)


def test_a_death_from_the_disease_is_an_event_but_no_non_relapse_death(ask):
    frame = adtte()
    frame.loc[(frame["USUBJID"] == "A3") & (frame["PARAMCD"] == "NRM"), "STATE"] = 2
    answer = ask("nrm_bias", adtte=frame)
    assert answer.get("PFS (IRC): death as the event, of events", "n", "CART") == 1
    assert answer.get("PFS (IRC): non-relapse death, of events", "n", "CART") == 0


def test_incidence_and_its_difference_at_a_day(ask):
    answer = ask("nrm_bias", {"times": [110]})
    section = "Cumulative incidence (%)"
    # CART: relapse 30 (1/4), death 60 (1/4), relapse 100 (1/4); nobody censored before
    assert answer.get("Non-relapse death at day 110", arm="CART", section=section) == 0.25
    assert answer.get("Relapse or progression at day 110", arm="CART", section=section) == 0.5
    assert answer.get("Non-relapse death at day 110", arm=VERSUS, section=section) == 0.25


def test_states_are_occupied_by_everybody(ask):
    answer = ask("nrm_bias", {"times": [110]})
    lines = [
        f"{name} at day 110"
        for name in (
            "Alive without relapse",
            "Alive after relapse",
            "Dead after relapse",
            "Dead without relapse",
        )
    ]
    shares = [answer.get(line, arm="CART") for line in lines]
    assert shares == pytest.approx([0.25, 0.25, 0.25, 0.25])


def test_added_deaths_are_the_least_that_tip(ask):
    line = "Added deaths until the ratio reaches 1"
    # CART has 2 deaths among 4 as SOC has, later by one and earlier by the other; one more tips
    assert ask("nrm_bias").get(line, "n", VERSUS) in (0, 1)


@pytest.mark.parametrize("least", [0, 1, 5, 12])
def test_bisection_finds_the_least_number(least):
    assert first_reaching(lambda k: k >= least, 12) == least


def test_bisection_finds_none_where_there_is_none():
    assert first_reaching(lambda k: False, 12) is None


def many(os_factor: float, nrm: int) -> pd.DataFrame:
    """Return 200 subjects: PFS clearly better in CART, OS by a factor, so many early deaths."""
    random = np.random.default_rng(7)
    arm = np.repeat(["CART", "SOC"], 100)
    scale = np.where(arm == "CART", 3.0, 1.0)
    frames = []
    pfs = np.ceil(random.exponential(100 * scale))
    early = (arm == "CART") & (np.arange(200) < nrm)
    pfs = np.where(early, 20, pfs)
    os = np.where(early, 20, np.ceil(pfs + random.exponential(400 * os_factor ** (scale - 1))))
    for name, time, state in (("PFS", pfs, 1), ("OS", os, 1), ("NRM", pfs, 2)):
        frame = pd.DataFrame({"USUBJID": [f"{i:03d}" for i in range(200)], "ARMCD": arm})
        states = np.where(early & (name == "NRM"), 1, state)
        words = np.where(early | (name == "OS"), "DEATH", "PD")
        frame = frame.assign(PARAMCD=name, AVAL=time, STATE=states, EVNTDESC=words)
        frames.append(frame.assign(EVAL="" if name == "OS" else "IRC", POP="RAND", ANL01FL="Y"))
    return pd.concat(frames, ignore_index=True)


@pytest.mark.parametrize(("os_factor", "nrm", "met"), [(1.0, 0, 0), (1.0, 25, 1), (0.2, 0, 1)])
def test_the_warning_needs_a_benefit_and_worse_survival_or_excess_deaths(ask, os_factor, nrm, met):
    answer = ask("nrm_bias", {"times": [100]}, adtte=many(os_factor, nrm))
    assert answer.get("may bias", "met", VERSUS) == met
