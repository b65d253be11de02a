"""R24 on eight subjects by hand: landmark sets, status known then, changing status."""

import numpy as np
import pandas as pd
import pytest
from question_trial import START, adrs

SET = "Who is observed and free of the event at the landmark, PFS"
BY_CR = "Landmark, PFS by complete response"
OPTIONS = {"landmarks": [25], "horizon": 100}


def test_the_landmark_set_and_who_is_left_out_add_up(ask):
    answer = ask("depth_of_response", OPTIONS)

    def count(line: str, arm: str) -> int:
        return answer.get(f"day 25: {line}", "n", arm, SET)

    # CART: nobody has an event by day 25; SOC: B1 progressed on day 20, B2 is first seen on day 30
    assert [count("in the set", arm) for arm in ("CART", "SOC")] == [4, 2]
    assert count("left out, event before", "SOC") == 1
    assert count("left out, never assessed by then", "SOC") == 1


def test_status_is_what_was_known_at_the_landmark(ask):
    answer = ask("depth_of_response", OPTIONS)
    # complete by day 25: A1 and A2; B2 responds on day 30 and is not counted as a responder
    line = "day 25: complete response, 100 days later (%)"
    assert answer.get(line, "N", section=BY_CR) == 2
    assert answer.get(line, section=BY_CR) == 0.5  # A1 progresses on day 30, A2 does not
    other = "day 25: no complete response, 100 days later (%)"
    assert answer.get(other, "N", section=BY_CR) == 4  # A3, A4, B3, B4


def test_for_survival_those_who_progressed_stay_in_the_set(ask):
    answer = ask("depth_of_response", OPTIONS)
    section = "Who is observed and free of the event at the landmark, OS"
    assert answer.get("day 25: in the set", "n", "SOC", section) == 3


def test_a_response_after_new_therapy_is_not_credited(ask):
    therapy = {"USUBJID": ["A2"], "KIND": ["NEW_THERAPY"], "ADT": [START + pd.Timedelta(days=11)]}
    answer = ask("depth_of_response", OPTIONS, adevt=pd.DataFrame(therapy))
    line = "day 25: complete response, 100 days later (%)"
    assert answer.get(line, "N", section=BY_CR) == 1


def test_therapy_before_the_origin_does_not_end_the_assessments(ask):
    before = {"USUBJID": ["A2"], "KIND": ["HSCT"], "ADT": [START - pd.Timedelta(days=200)]}
    answer = ask("depth_of_response", OPTIONS, adevt=pd.DataFrame(before))
    line = "day 25: complete response, 100 days later (%)"
    assert answer.get(line, "N", section=BY_CR) == 2


def test_the_landmark_is_the_close_of_the_visit_window_that_holds_it(ask):
    schedule = [{"label": "W4", "day": 28, "before": 4, "after": 4}]
    visits = {"visits": {"anchor": "randomisation", "schedule": schedule}}
    answer = ask("depth_of_response", {"landmarks": [28]}, study=visits)
    assert answer.get("day 33: in the set", "n", "SOC", SET) == 3


def test_no_assessment_is_due_by_a_landmark_before_the_first_visit(ask):
    answer = ask("depth_of_response", {"landmarks": [-3]}, adrs=adrs())
    assert "not estimable: no assessment is scheduled by day -3" in answer.notes(SET)


def test_all_subjects_enter_the_time_dependent_model(ask):
    answer = ask("depth_of_response", OPTIONS)
    line = "PFS (IRC): hazard ratio, once complete response against until then"
    assert (answer.get(line, "N"), answer.get(line, "events")) == (8, 6)
    assert set(answer.curves["curve"]) == {"km"}


def test_the_category_that_separates_the_better_is_seen_in_the_concordance(ask):
    section = "Which category goes with PFS most closely (concordance)"
    answer = ask("depth_of_response", OPTIONS)
    # events after day 25: A1 30 CR, B3 50, A3 60, A4 100, B4 150; A2 censored 200, CR. Of 15 pairs
    # those of A1 with the four without CR are discordant, with A2 tied; A2 is later than four
    value = answer.get("day 25: complete response", section=section)
    assert value == pytest.approx((4 + (6 + 1) / 2) / 15)


def test_kendalls_tau_has_the_sign_of_the_concordance(ask):
    section = "Which category goes with PFS most closely (concordance)"
    answer = ask("depth_of_response", OPTIONS)
    line = "PFS (IRC), day 25: complete response"
    tau = answer.get(f"{line}, Kendall's tau", section=section)
    assert np.sign(tau) == np.sign(answer.get(line, section=section) - 0.5)
