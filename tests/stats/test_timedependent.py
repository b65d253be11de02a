"""A status that changes once: the Stanford heart transplants against R, and cases by hand."""

import numpy as np
import pytest
from question_values import question_values, table
from reference_values import agree

from cartend.stats.regression import cox
from cartend.stats.survival import survival_at
from cartend.stats.timedependent import cut_at_change, mantel_byar, simon_makuch


@pytest.fixture(scope="module")
def heart():
    data = table("heart")
    return cut_at_change(data["time"], data["event"].astype(int), data["change"])


def test_subjects_are_cut_where_their_status_changes():
    cut = cut_at_change(np.array([10, 8, 5]), np.array([1, 0, 1]), np.array([4, np.nan, 5]))
    assert cut.subject.tolist() == [0, 0, 1, 2]
    assert cut.start.tolist() == [0, 4, 0, 0]
    assert cut.stop.tolist() == [4, 10, 8, 5]
    assert cut.event.tolist() == [0, 1, 0, 1]
    assert cut.status.tolist() == [0, 1, 0, 0]  # an event on the day of the change is before it


def test_a_change_at_the_origin_holds_from_the_start():
    cut = cut_at_change(np.array([10]), np.array([1]), np.array([0]))
    assert (cut.start.tolist(), cut.stop.tolist(), cut.status.tolist()) == ([0], [10], [1])


def test_no_event_and_no_day_at_risk_is_lost_by_cutting(heart):
    data = table("heart")
    assert heart.event.sum() == data["event"].sum()
    assert (heart.stop - heart.start).sum() == data["time"].sum()


def test_the_time_dependent_model_is_that_of_coxph(heart):
    fit = cox(heart.stop, heart.event, heart.status, entry=heart.start)
    agree([fit.coef[0], fit.se[0]], [question_values()["heart"][k] for k in ("coef", "se")])


def test_mantel_byar_is_the_score_test_of_the_exact_partial_likelihood(heart):
    agree(mantel_byar(heart).statistic, question_values()["heart"]["score"])


def test_simon_makuch_curves_are_those_of_survfit(heart):
    expected = question_values()["heart"]["curve"]
    for status in (0, 1):
        rows = [i for i, name in enumerate(expected["status"]) if name == f"status={status}"]
        times = np.array([expected["time"][i] for i in rows])
        found = survival_at(simon_makuch(heart, status), times, beyond="r")
        agree(found.estimate, [expected["surv"][i] for i in rows])


def test_ever_responders_survive_longer_by_chance_alone_but_not_as_the_status_changes():
    random = np.random.default_rng(1)
    time, change = random.exponential(100, 4000), random.exponential(100, 4000)
    ever = cox(time, np.ones(4000, dtype=int), (change < time).astype(float))
    cut = cut_at_change(time, np.ones(4000, dtype=int), change)
    assert ever.hazard_ratio[0] < 0.5  # immortal time
    assert 0.9 < cox(cut.stop, cut.event, cut.status, entry=cut.start).hazard_ratio[0] < 1.1


def test_from_a_landmark_on_the_curve_is_given_survival_to_it(heart):
    whole, later = (simon_makuch(heart, 1, start) for start in (0, 30))
    at = np.array([30, 365])
    first, last = survival_at(whole, at).estimate
    assert survival_at(later, at[1:]).estimate[0] == pytest.approx(last / first)
