"""Quantiles and their limits: R's rule against R, the project's rule by hand."""

import numpy as np
import pytest
from reference_values import (
    LUNG_EVENT,
    LUNG_SEX,
    LUNG_TIME,
    NAMES,
    PLACEBO_TIME,
    SIX_MP_EVENT,
    SIX_MP_TIME,
    agree,
    curves,
    data,
    values,
)

from cartend.stats.results import NOT_REACHED, EstimationError
from cartend.stats.survival import kaplan_meier, survival_quantile


def quantile(time, event, conf_type="log-log", prob=0.5, **options):
    found = survival_quantile(kaplan_meier(time, event, conf_type=conf_type), prob, **options)
    return found.estimate, found.lower, found.upper


@pytest.mark.parametrize("conf_type", ["plain", "log", "log-log"])
@pytest.mark.parametrize("name", NAMES)
def test_reference(name, conf_type):
    for key, d in curves(name).items():
        r = values(name)["km"][key][conf_type]["q"]
        curve = kaplan_meier(d["time"], d["status"] > 0, entry=d["entry"], conf_type=conf_type)
        found = [survival_quantile(curve, p, rule="r") for p in (0.25, 0.5, 0.75)]
        agree([q.estimate for q in found], r["est"])
        agree([q.lower for q in found], r["lo"])
        agree([q.upper for q in found], r["hi"])


@pytest.mark.parametrize(
    ("conf_type", "six_mp", "placebo"),
    [("log", (23, 16, np.nan), (8, 4, 12)), ("log-log", (23, 13, np.nan), (8, 4, 11))],
)
def test_leukaemia_medians(conf_type, six_mp, placebo):
    np.testing.assert_equal(quantile(SIX_MP_TIME, SIX_MP_EVENT, conf_type), six_mp)
    np.testing.assert_equal(quantile(PLACEBO_TIME, np.ones(21), conf_type), placebo)


@pytest.mark.parametrize(
    ("sex", "conf_type", "expected"),
    [
        (None, "log", (310, 285, 363)),
        (None, "log-log", (310, 284, 361)),
        (None, "plain", (310, 284, 361)),
        (1, "log", (270, 212, 310)),
        (1, "log-log", (270, 210, 306)),
        (2, "log", (426, 348, 550)),
        (2, "log-log", (426, 345, 524)),
    ],
)
def test_lung_medians(sex, conf_type, expected):
    rows = np.full(228, True) if sex is None else sex == LUNG_SEX
    assert quantile(LUNG_TIME[rows], LUNG_EVENT[rows], conf_type) == expected


def test_plateau_at_one_half_ends_in_its_middle():
    assert quantile([1, 2, 3, 4], [1, 1, 1, 1])[0] == 2.5


def test_plateau_to_the_end_is_not_reached():
    time = [54, 75, 77, 84, 87, 92, 103, 105, 112, 118]
    event = [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
    assert quantile(time, event, rule="r")[0] == 102.5
    found = survival_quantile(kaplan_meier(time, event), 0.5)
    assert np.isnan(found.estimate)
    assert found.note == NOT_REACHED
    at_87 = kaplan_meier(time, event)
    assert at_87.survival[4] == pytest.approx(0.5)
    np.testing.assert_allclose([at_87.lower[4], at_87.upper[4]], [0.184, 0.753], atol=5e-4)


def test_a_plateau_is_found_in_spite_of_rounding():
    # 200 subjects: the product of 100 fractions is 0.5 only up to rounding
    time = np.arange(1, 201)
    assert quantile(time, np.ones(200))[0] == 100.5
    thirds = kaplan_meier(time[:9], np.ones(9))
    assert survival_quantile(thirds, 1 / 3).estimate == 3.5


def test_each_limit_says_that_it_is_not_reached():
    found = survival_quantile(kaplan_meier(SIX_MP_TIME, SIX_MP_EVENT), 0.5)
    assert (found.note, found.lower_note, found.upper_note) == ("", "", NOT_REACHED)


def test_a_band_that_is_not_monotone_is_read_at_its_first_crossing():
    d = data("e_entry_early0")
    curve = kaplan_meier(d["time"], d["status"] > 0, entry=d["entry"])
    assert (np.diff(curve.lower) > 0).any()
    assert survival_quantile(curve, 0.5).lower == 2
    assert survival_quantile(curve, 0.5, rule="r").lower == 4


def test_one_subject():
    np.testing.assert_equal(quantile([3], [1]), (3, np.nan, np.nan))
    np.testing.assert_equal(quantile([3], [0]), (np.nan, np.nan, np.nan))


@pytest.mark.parametrize("options", [{"prob": 0}, {"prob": 50}, {"prob": 0.5, "rule": "S"}])
def test_unknown_options_are_refused(options):
    with pytest.raises(EstimationError):
        survival_quantile(kaplan_meier([1], [1]), **options)
