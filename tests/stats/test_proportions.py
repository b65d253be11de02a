"""One proportion: R, published intervals, decisions, and interval against test."""

import csv
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from reference_values import FOLDER, agree, values

from cartend.stats.proportions import (
    clopper_pearson,
    exact_binomial_greater,
    mid_p,
    wald,
    wilson,
)
from cartend.stats.results import EstimationError

METHODS = [clopper_pearson, wilson, mid_p, wald]


def rows(file):
    with (FOLDER / file).open(newline="") as opened:
        return list(csv.DictReader(opened))


PUBLISHED = rows("published_proportions.csv")
PRINTED = [r for r in PUBLISHED if r["published_lower"]]


def printed(limit, decimals):
    """Round half up once, from the decimal text of the full value."""
    step = Decimal(1).scaleb(-decimals)
    return (Decimal(repr(limit)) * 100).quantize(step, ROUND_HALF_UP)


def reproduces(method, row):
    found = method(int(row["x"]), int(row["n"]))
    limits = printed(found.lower, int(row["decimals"])), printed(found.upper, int(row["decimals"]))
    return limits == (Decimal(row["published_lower"]), Decimal(row["published_upper"]))


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95, 0.99])
def test_reference(level):
    reference = values("_binom")
    column = reference["cols"].index(f"lo{level * 100:.0f}")
    for row in reference["rows"]:
        found = clopper_pearson(int(row[0]), int(row[1]), level)
        agree([found.lower, found.upper], row[column : column + 2], 1e-12)


def test_reference_wilson():
    for x, n, lower, upper in values("_extra")["wilson"]:
        found = wilson(int(x), int(n))
        agree([found.lower, found.upper], [lower, upper], 1e-12)


def test_reference_mid_p():
    for x, n, lower, upper in values("_rates")["midp"]:
        found = mid_p(int(x), int(n))
        agree([found.lower, found.upper], [lower, upper], 1e-12)


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda r: r["id"])
def test_published_counts(row):
    found = clopper_pearson(int(row["x"]), int(row["n"]))
    assert printed(found.lower, 2) == Decimal(row["cp_lower"])
    assert printed(found.upper, 2) == Decimal(row["cp_upper"])


@pytest.mark.parametrize("row", PRINTED, ids=lambda r: r["id"])
def test_published_interval_by_its_method(row):
    exact = reproduces(clopper_pearson, row)
    assert exact == (row["ci_method"] == "clopper-pearson")
    if row["ci_method"] == "wald":
        assert reproduces(wald, row)
    if row["ci_method"] == "none":
        assert not any(reproduces(method, row) for method in METHODS)


def test_fifty_of_fifty_six_published_intervals_are_exact():
    missed = [r["id"] for r in PRINTED if not reproduces(clopper_pearson, r)]
    assert len(PRINTED) == 56
    assert missed == ["V32", "V33", "V36", "V39", "V54", "V60"]


@pytest.mark.parametrize("row", rows("published_targets.csv"), ids=lambda r: r["trial"])
def test_target_decisions(row):
    x, n, p0 = int(row["x"]), int(row["n"]), float(row["p0"])
    p_value = exact_binomial_greater(x, n, p0)
    # two significant digits, or four decimals, as they were printed
    assert p_value == pytest.approx(float(row["p_value"]), rel=0.02)
    assert clopper_pearson(x, n).lower == pytest.approx(float(row["cp_lower"]), abs=5e-5)
    assert (p_value < 0.025) == (row["met"] == "true")


def test_interval_and_test_agree_for_every_count_up_to_sixty():
    for n in range(1, 61):
        for x in range(n + 1):
            lower = clopper_pearson(x, n).lower
            assert exact_binomial_greater(x, n, max(lower - 1e-6, 0)) <= 0.025 or x == 0
            assert exact_binomial_greater(x, n, lower + 1e-6) > 0.025
            if x:
                assert exact_binomial_greater(x, n, lower) == pytest.approx(0.025, rel=1e-9)


def test_garwood_limits_are_the_limit_of_small_proportions():
    # Poisson counts 0, 1, 3, 16: the exact interval of a rare event in very many trials
    for count, lower, upper in [
        (0, 0, 3.6889),
        (1, 0.0253, 5.5716),
        (3, 0.6187, 8.7673),
        (16, 9.1454, 25.9830),
    ]:
        found = clopper_pearson(count, 10**8)
        np.testing.assert_allclose(
            [found.lower * 1e8, found.upper * 1e8], [lower, upper], atol=6e-5
        )


def test_none_and_all_have_exact_ends():
    for method in (clopper_pearson, wilson, mid_p):
        assert method(0, 17).lower == 0.0
        assert method(17, 17).upper == 1.0
    assert clopper_pearson(0, 17).upper == pytest.approx(1 - 0.025 ** (1 / 17))
    assert mid_p(0, 17).upper == pytest.approx(1 - 0.05 ** (1 / 17))


@pytest.mark.parametrize("method", METHODS)
def test_responders_and_the_others_mirror(method):
    for x in range(18):
        one, other = method(x, 17), method(17 - x, 17)
        assert one.lower == pytest.approx(1 - other.upper, abs=1e-12)
        assert one.lower <= one.estimate <= one.upper


def test_mid_p_lies_inside_the_exact_interval():
    for x in range(1, 40):
        exact, middle = clopper_pearson(x, 40), mid_p(x, 40)
        assert exact.lower < middle.lower < middle.upper < exact.upper


@pytest.mark.parametrize("method", METHODS)
def test_nobody_is_a_note(method):
    found = method(0, 0)
    assert np.isnan([found.estimate, found.lower, found.upper]).all()
    assert found.note == found.lower_note == "not estimable: no subjects"
    assert np.isnan(exact_binomial_greater(0, 0, 0.2))


@pytest.mark.parametrize("method", METHODS)
def test_misuse(method):
    for x, n in [(5, 4), (-1, 4), (1.5, 4)]:
        with pytest.raises(EstimationError, match="0 <= x <= n"):
            method(x, n)
    with pytest.raises(EstimationError, match="level"):
        method(1, 4, level=1)
    with pytest.raises(EstimationError, match="p0"):
        exact_binomial_greater(1, 4, 20)
