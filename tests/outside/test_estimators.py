"""Real patients through the estimators, equal to R: INO-VATE, myeloid, mgus2."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cartend.stats.finegray import fine_gray
from cartend.stats.gray import gray
from cartend.stats.logrank import logrank
from cartend.stats.proportionality import proportional_hazards_test
from cartend.stats.regression import cox
from cartend.stats.survival import kaplan_meier, survival_quantile

R = json.loads((Path(__file__).parents[1] / "reference" / "values" / "_real.json").read_text())


def near(ours, theirs, tolerance=1e-8):
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


@pytest.fixture(scope="module")
def innovate(outside_data):
    frame = pd.read_csv(outside_data / "real" / "tauProcess_Inotuzumab_INOVATE.csv")
    return frame["surv.time"].to_numpy(), frame["event"].to_numpy(), frame["arm"].to_numpy()


def test_inotuzumab_against_standard_of_care(innovate):
    """Overall survival read off the published curve; the publication's hazard ratio is 0.75."""
    time, event, arm = innovate
    found = cox(time, event, arm)
    assert round(found.hazard_ratio[0], 3) == 0.750
    near(found.coef, R["innovate"]["coef"])
    near(found.se, R["innovate"]["se"])
    near(logrank(time, event, arm).statistic, R["innovate"]["logrank"])
    near(proportional_hazards_test(time, event, arm).statistic, R["innovate"]["zph"])


@pytest.mark.parametrize(("arm", "median"), [(1, 7.8), (0, 7.3)])
def test_medians_of_inotuzumab_and_standard_of_care(innovate, arm, median):
    time, event, group = innovate
    found = survival_quantile(kaplan_meier(time[group == arm], event[group == arm]), 0.5)
    assert round(found.estimate, 1) == median
    r = [R["innovate"][k][arm] for k in ("est", "lo", "hi")]
    near([found.estimate, found.lower, found.upper], r)


def test_days_instead_of_months_change_the_ratio_by_a_rounding(innovate):
    time, event, arm = innovate
    days = np.round(time * 30.4375).astype(int)
    assert cox(days, event, arm).hazard_ratio[0] == pytest.approx(0.750, abs=0.002)


def test_myeloid_stratified_and_with_transplant_as_a_covariate_in_time(outside_data):
    frame = pd.read_csv(outside_data / "real" / "survival_myeloid.csv")
    time, event = frame["futime"].to_numpy(), frame["death"].to_numpy()
    treated = frame["trt"].eq("B").to_numpy().astype(float)
    sex = frame["sex"].to_numpy()
    r = R["myeloid"]
    near(logrank(time, event, treated, strata=sex).statistic, r["logrank"])
    found = cox(time, event, treated, strata=sex)
    near([found.coef[0], found.se[0]], [r["stratified"]["coef"], r["stratified"]["se"]])
    moved = (frame["txtime"].gt(0) & frame["txtime"].lt(frame["futime"])).to_numpy()
    transplant = frame["txtime"].to_numpy()
    found = cox(
        np.concatenate((np.where(moved, transplant, time), time[moved])),
        np.concatenate((np.where(moved, 0, event), event[moved])),
        np.column_stack(
            (
                np.concatenate((treated, treated[moved])),
                np.concatenate((np.zeros(time.size), np.ones(moved.sum()))),
            )
        ),
        entry=np.concatenate((np.zeros(time.size), transplant[moved])),
        cluster=np.concatenate((np.arange(time.size), np.flatnonzero(moved))),
    )
    near(found.coef, r["transplant"]["coef"])
    near(found.se, r["transplant"]["se"])


def test_mgus2_progression_against_death(outside_data):
    frame = pd.read_csv(outside_data / "real" / "survival_mgus2.csv")
    progressed = frame["pstat"].eq(1)
    state = np.where(progressed, 1, np.where(frame["death"].eq(1), 2, 0))
    time = np.where(progressed, frame["ptime"], frame["futime"])
    sex = frame["sex"].to_numpy()
    found, r = gray(time, state, sex), R["mgus2"]
    near([found[1].statistic, found[2].statistic], r["gray"]["stat"])
    near([found[1].p_value, found[2].p_value], r["gray"]["p"])
    model = fine_gray(time, state, np.column_stack((sex == "M", frame["age"])).astype(float))
    near(model.coef, r["crr"]["coef"], 2e-8)
    near(model.se, r["crr"]["se"], 1e-7)
