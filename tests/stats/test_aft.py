"""The Weibull model against R."""

import numpy as np
from question_values import question_values
from reference_values import agree, data

from cartend.stats.aft import weibull_aft


def test_the_weibull_model_is_that_of_survreg():
    found, expected = data("lung"), question_values()["aft"]
    event = (found["status"] > 0).astype(int)
    fit = weibull_aft(found["time"], event, np.column_stack((found["x1"], found["grp"])))
    agree(fit.coef, expected["coef"], 1e-7)
    agree(np.sqrt(np.diag(fit.covariance)), expected["se"], 1e-7)
    agree(fit.scale, expected["scale"], 1e-7)


def test_without_events_or_variation_it_says_why():
    time, one = np.array([3.0, 4, 5]), np.ones(3)
    assert "no events" in weibull_aft(time, np.zeros(3, dtype=int), np.arange(3.0)).note
    assert "constant" in weibull_aft(time, one.astype(int), one).note
