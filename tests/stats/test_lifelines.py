"""Independent code: what lifelines gets right must agree."""

import numpy as np
import pytest
from reference_values import data

from cartend.stats.logrank import logrank
from cartend.stats.regression import cox
from cartend.stats.survival import kaplan_meier, rmst, survival_at

lifelines = pytest.importorskip("lifelines")
pd = pytest.importorskip("pandas")

NAMES = ["bmt", "sim_days", "veteran"]
TO_CONVERGENCE = {"precision": 1e-18, "r_precision": 1e-16}


@pytest.mark.parametrize("name", NAMES)
def test_survival_and_log_log_limits(name):
    d = data(name)
    theirs = lifelines.KaplanMeierFitter().fit(d["time"], d["status"] > 0)
    ours = kaplan_meier(d["time"], d["status"] > 0)
    table = theirs.survival_function_.iloc[:, 0]
    np.testing.assert_allclose(ours.survival, table.loc[ours.time], rtol=1e-10)
    band = theirs.confidence_interval_.loc[ours.time].to_numpy()
    inside = (ours.survival > 0) & (ours.survival < 1)
    np.testing.assert_allclose(ours.lower[inside], band[inside, 0], rtol=1e-8)
    np.testing.assert_allclose(ours.upper[inside], band[inside, 1], rtol=1e-8)


@pytest.mark.parametrize("name", NAMES)
def test_restricted_mean(name):
    d = data(name)
    tau = float(np.quantile(d["time"], 0.6))
    theirs = lifelines.KaplanMeierFitter().fit(d["time"], d["status"] > 0)
    mean = lifelines.utils.restricted_mean_survival_time(theirs, t=tau)
    assert rmst(kaplan_meier(d["time"], d["status"] > 0), tau).estimate == pytest.approx(mean)


@pytest.mark.parametrize("name", NAMES)
def test_logrank(name):
    d = data(name)
    theirs = lifelines.statistics.multivariate_logrank_test(d["time"], d["grp"], d["status"] > 0)
    ours = logrank(d["time"], d["status"] > 0, d["grp"])
    assert ours.statistic == pytest.approx(theirs.test_statistic, rel=1e-9)
    assert ours.p_value == pytest.approx(theirs.p_value, rel=1e-9)


@pytest.mark.parametrize("strata", [None, "str"])
@pytest.mark.parametrize("name", NAMES)
def test_cox(name, strata):
    d = data(name)
    columns = ["x1", "x2"] if name != "veteran" else ["x1"]
    frame = pd.DataFrame({k: d[k] for k in ["time", *columns, "str"]})
    frame["event"] = d["status"] > 0
    if strata is None:
        frame = frame.drop(columns="str")
    theirs = lifelines.CoxPHFitter().fit(
        frame, "time", "event", strata=strata and [strata], fit_options=TO_CONVERGENCE
    )
    ours = cox(
        d["time"],
        d["status"] > 0,
        frame[columns].to_numpy(),
        strata=None if strata is None else d["str"],
    )
    np.testing.assert_allclose(ours.coef, theirs.params_, atol=1e-8)
    np.testing.assert_allclose(ours.se, theirs.standard_errors_, atol=1e-8)


def test_number_at_risk_is_ours_not_theirs():
    d = data("bmt")
    ours = survival_at(kaplan_meier(d["time"], d["status"] > 0), [d["time"].max()])
    assert ours.n_risk.tolist() == [1]
