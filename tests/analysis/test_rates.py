"""Rates, computed by hand or by their kernels."""

import numpy as np
import pytest
from tiny_trial import make_study, pick

from cartend.analysis.rates import category_labels
from cartend.stats.differences import cmh, miettinen_nurminen


def rows_of(ard, paramcd="ORR", **where):
    return pick(ard, paramcd=paramcd, **where)


def test_a_rate_has_exact_limits(run):
    """2 of 6: the limits are quantiles of Beta(2, 5) and Beta(3, 4)."""
    found = rows_of(run.build(), analysis="proportion")
    assert found == pytest.approx(
        {"n": 2, "N": 6, "estimate": 1 / 3, "lower": 0.0432719, "upper": 0.7772219}, abs=1e-6
    )


def test_none_of_n_has_lower_limit_zero(run):
    found = rows_of(run.build(), analysis="proportion", arm="SOC")
    assert found["lower"] == 0
    assert found["upper"] == pytest.approx(1 - 0.025 ** (1 / 3))


def test_an_empty_group_has_no_rate(run):
    run.adrsp = run.adrsp[run.adrsp["ARMCD"] == "CART"]
    found = rows_of(run.build(), analysis="proportion", arm="SOC")
    assert (found["n"], found["N"]) == (0, 0)
    assert found["estimate"] == "not estimable: no subjects"


def test_best_response_has_a_rate_for_every_category_of_the_criteria(run):
    found = rows_of(run.build(), "BOR", analysis="proportion")
    counted = {key[0]: value for key, value in found.items() if key[1] == "n"}
    assert counted == {"CR": 1, "PR": 1, "SD": 0, "PD": 2, "NE": 1, "MISSING": 1}
    counts = rows_of(run.build(), "BOR", analysis="count")
    assert {k: v for k, v in counts.items() if k[1] == "n" and k[0] != "WINDOW_OPEN"} == {
        (key, "n"): value for key, value in counted.items()
    }


def test_categories_outside_the_criteria_come_last(criteria):
    labels = category_labels(np.array(["PD", "MISSING", "CR"], dtype=object), criteria)
    assert labels.names == ("CR", "PR", "SD", "PD", "NE", "MISSING")
    assert labels.codes.tolist() == [3, 5, 0]


def test_a_subject_whose_window_is_open_leaves_the_denominator(run):
    run.adrsp.loc[run.adrsp["USUBJID"] == "A3", "ANL01FL"] = "N"
    ard = run.build()
    assert rows_of(ard, analysis="proportion")["N"] == 5
    assert rows_of(ard, analysis="count")["WINDOW_OPEN", "n"] == 1


def test_the_arms_differ_by_the_score_interval(run):
    """2 of 3 against 0 of 3; within strata Y: 1/2 and 0/1, N: 1/1 and 0/1."""
    ard = run.build()
    found = ard[(ard["analysis"] == "difference") & (ard["paramcd"] == "ORR")]
    values = found.set_index(["method", "statistic"])["value"]
    crude = values["Miettinen-Nurminen; p-value: the same score test"]
    score = miettinen_nurminen(2, 3, 0, 3)
    assert crude["estimate"] == pytest.approx(2 / 3)
    assert (crude["lower"], crude["upper"]) == (score.lower, score.upper)
    assert crude["p_value"] == score.p_value
    named = "Miettinen-Nurminen, Mantel-Haenszel weights, strata REFRACT; p-value: CMH"
    tables = ([1, 1], [1, 2], [0, 0], [1, 1])
    assert values[named]["p_value"] == cmh(*tables).p_value
    assert values[named]["estimate"] == miettinen_nurminen(*tables).estimate
    notes = found[found["method"] == named]["note"]
    assert set(notes) == {"1 of 3 strata dropped: no subjects in one arm"}


def test_the_odds_ratio_of_an_empty_cell_is_a_note(run):
    found = run.build().query("analysis == 'odds_ratio' and statistic == 'estimate'")
    assert found["value"].isna().all()
    assert found["note"].str.contains("no discordant pair").all()


def test_best_response_is_not_compared(run):
    ard = run.build()
    assert not ((ard["paramcd"] == "BOR") & ard["arm"].str.contains(" vs ")).any()


def targeted(alpha=None):
    roles = {"ORR": {"role": "primary", "alpha": alpha}} if alpha else {}
    return make_study(targets={"ORR": {"p0": 0.05, "source": "s"}}, roles=roles)


def test_a_target_is_tested_in_the_experimental_arm_only(run):
    """P(X >= 2) of 3 under 0.05 is 3 * 0.05^2 * 0.95 + 0.05^3."""
    run.study = targeted()
    found = run.build().query("analysis == 'target'")
    assert set(found["arm"]) == {"CART"}
    assert set(found["by"]) == {""}
    assert set(found["method"]) == {"exact binomial, one-sided, alpha 0.025"}
    values = found.set_index("statistic")["value"]
    assert values["p0"] == 0.05
    assert values["p_value"] == pytest.approx(3 * 0.0025 * 0.95 + 0.000125)
    assert values["met"] == 1
    lower = rows_of(run.build(), analysis="proportion", arm="CART")["lower"]
    assert lower > 0.05  # the same decision by the interval


def test_a_stricter_alpha_is_used_and_named(run):
    run.study = targeted(alpha=0.005)
    found = run.build().query("analysis == 'target'")
    assert set(found["method"]) == {"exact binomial, one-sided, alpha 0.005"}
    assert found.set_index("statistic")["value"]["met"] == 0


def test_a_target_without_subjects_is_a_note(run):
    run.study = targeted()
    run.adrsp = run.adrsp[run.adrsp["ARMCD"] == "SOC"]
    found = run.build().query("analysis == 'target'").set_index("statistic")
    assert found["note"]["p_value"] == "not estimable: no subjects"
