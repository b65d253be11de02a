"""Numbers of publications: shares and their intervals, survival with limits, and known misses.

Response rates and target decisions are in test_proportions.py, contrasts in test_differences.py,
the textbook values of tests and curves beside their estimators.
"""

import csv
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from reference_values import FOLDER
from scipy.special import ndtri

from cartend.stats.differences import cmh, mantel_haenszel_odds_ratio
from cartend.stats.limits import transformed_limits
from cartend.stats.proportions import clopper_pearson, wald

Z = float(ndtri(0.975))


def rows(file):
    with (FOLDER / file).open(newline="") as opened:
        return list(csv.DictReader(opened))


def printed(share, decimals):
    """Round half up once, from the decimal text of the full percentage."""
    step = Decimal(1).scaleb(-int(decimals))
    return (Decimal(repr(share)) * 100).quantize(step, ROUND_HALF_UP)


@pytest.mark.parametrize("row", rows("published_shares.csv"), ids=lambda r: r["what"])
def test_shares(row):
    found = clopper_pearson(int(row["x"]), int(row["n"]))
    assert printed(found.estimate, row["decimals"]) == Decimal(row["printed"])
    if row["lower"]:
        limits = [printed(v, row["limit_decimals"]) for v in (found.lower, found.upper)]
        assert limits == [Decimal(row["lower"]), Decimal(row["upper"])]


def test_a_publication_that_contradicts_itself():
    """FUMANBA-1 prints 74.3 % beside 75 of 103; it is the share of 101."""
    assert printed(75 / 103, 1) == Decimal("72.8")
    assert printed(75 / 101, 1) == Decimal("74.3")


def as_if_by(conf_type, row):
    """Return the limits by that scale, as wide as printed, and the half unit of the print.

    The estimate is the one that would lie in their middle, as far as its own rounding allows.
    """
    s, low, high = (float(row[k]) / 100 for k in ("estimate", "lower", "upper"))
    half = 10.0 ** -int(row["decimals"]) / 200
    if conf_type == "plain":
        s = np.clip((low + high) / 2, s - half, s + half)
        se = (high - low) / 2 / Z
    else:
        ends = [np.log(-np.log(v)) for v in (low, high)]
        s = np.clip(np.exp(-np.exp(np.mean(ends))), s - half, s + half)
        se = (ends[0] - ends[1]) / 2 / Z * -s * np.log(s)
    return transformed_limits(np.array(s), np.array(se), conf_type=conf_type, level=0.95), half


def misses(conf_type, row):
    (lower, upper), half = as_if_by(conf_type, row)
    gaps = abs(lower - float(row["lower"]) / 100), abs(upper - float(row["upper"]) / 100)
    return max(gaps) > half * 1.001


@pytest.mark.parametrize("row", rows("published_curves.csv"), ids=lambda r: r["what"])
def test_published_curves_have_log_log_limits(row):
    assert not misses("log-log", row)


def test_plain_limits_would_not_fit_them():
    fit = [r["what"] for r in rows("published_curves.csv") if not misses("plain", r)]
    # only where the estimate is near one half do the two scales agree within the print
    assert len(fit) <= 6


@pytest.mark.parametrize(
    ("x", "n", "lower", "upper"),
    [(94, 128, 66, 81), (42, 128, 25, 41), (181, 254, 66, 77), (65, 94, 60, 78)],
)
def test_four_misses_are_normal_intervals(x, n, lower, upper):
    """V32, V33, V36, V60: KarMMa, KarMMa-3 and an early release printed Wald limits."""
    found, exact = wald(x, n), clopper_pearson(x, n)
    assert (printed(found.lower, 0), printed(found.upper, 0)) == (lower, upper)
    assert (printed(exact.lower, 0), printed(exact.upper, 0)) != (lower, upper)


def twice(share, first, then):
    """Round to ``first`` decimals, and what comes out to ``then``."""
    return printed(float(printed(share, first)) / 100, then)


def test_two_misses_were_rounded_twice():
    """V54: the exact limit 83.047 became 83.05, then 83.1; V39: Wald's 1.48 became 1.5, then 2."""
    exact = clopper_pearson(34, 48)
    assert printed(exact.lower, 1) == Decimal("55.9")
    assert printed(exact.upper, 1) == Decimal("83.0")
    assert twice(exact.upper, 2, 1) == Decimal("83.1")
    normal = wald(7, 132)
    assert printed(normal.upper, 0) == Decimal(9)
    assert printed(normal.lower, 0) == Decimal(1)
    assert twice(normal.lower, 1, 0) == Decimal(2)


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        ((149, 180, 90, 179), (83, 50)),
        ((117, 180, 57, 179), (65, 32)),
        ((68, 92, 40, 92), (74, 43)),
        ((75, 162, 68, 160), (46, 43)),
    ],
)
def test_shares_of_the_randomised_trials(counts, shares):
    """The percentages printed beside the counts; BELINDA's 42.5 % is printed as 43."""
    x1, n1, x2, n2 = counts
    assert (printed(x1 / n1, 0), printed(x2 / n2, 0)) == shares


def test_transform_is_below_one_in_ten_thousand():
    assert cmh(68, 92, 40, 92).p_value < 1e-4


def test_a_stratified_odds_ratio_is_not_the_crude_one():
    """CARTITUDE-4 printed its stratified ratio; the crude one is 2.67 (1.66, 4.29)."""
    crude = mantel_haenszel_odds_ratio(176, 208, 142, 211)
    assert [round(v, 2) for v in (crude.estimate, crude.lower, crude.upper)] == [2.67, 1.66, 4.29]
