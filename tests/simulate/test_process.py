"""The latent process has the hazards of its parameters."""

import numpy as np
import pytest


def arm(trial, name):
    """Return the latent history and the cohort of one arm."""
    rows = (trial.cohort["ARM"] == name).to_numpy()
    return trial.latent[rows], trial.cohort[rows]


def rate(event, start, end, low, high):
    """Return events per day at risk between two days after ``start``."""
    follow = np.clip(end - start, low, high) - low
    events = event & (end - start > low) & (end - start <= high)
    return events.sum() / follow.sum()


def test_most_are_infused_and_the_others_have_a_reason(large):
    latent, _ = arm(large, "CART")
    infused = np.isfinite(latent["inf"])
    expected = {"LBCL": 0.94, "BALL": 0.89, "MM": 0.93, "NB": 0.92}[large.params.prefix]
    assert infused.mean() == pytest.approx(expected, abs=0.03)
    assert latent.loc[~infused, "notinf"].notna().all()
    assert latent.loc[infused, "notinf"].isna().all()


def test_reasons_for_no_infusion_include_death_progression_manufacturing_and_toxicity(lymphoma):
    latent, _ = arm(lymphoma, "CART")
    assert set(latent["notinf"].dropna()) == {
        "DEATH",
        "PROGRESSIVE DISEASE",
        "PHYSICIAN DECISION",
        "MANUFACTURING FAILURE",
        "ADVERSE EVENT",
        "WITHDRAWAL BY SUBJECT",
    }


def test_steps_before_infusion_are_in_order(large):
    latent, _ = arm(large, "CART")
    infused = latent[np.isfinite(latent["inf"])]
    assert (infused["leuk"] < infused["inf"]).all()
    bridged = infused[np.isfinite(infused["br_start"])]
    assert (bridged["br_start"] > bridged["leuk"]).all()
    assert (bridged["br_end"] >= bridged["br_start"]).all()
    assert (bridged["br_end"] < bridged["inf"] - 5).all()


def test_high_burden_is_bridged_more_often(lymphoma):
    latent, cohort = arm(lymphoma, "CART")
    bridged = latent["bridge"] != "NONE"
    high = cohort["burden"] > 0
    assert bridged[high].mean() > bridged[~high].mean() + 0.1


def test_only_the_experimental_arm_is_bridged(lymphoma):
    latent, _ = arm(lymphoma, "SOC")
    assert set(latent["bridge"]) == {"NOT APPLICABLE"}


def test_progression_in_first_complete_response_has_its_hazard(lymphoma):
    """Average subjects: hazard 0.0012 a day to day 150 after infusion, then 0.00042."""
    latent, cohort = arm(lymphoma, "CART")
    rows = (latent["c1"] == 0) & np.isfinite(latent["inf"])
    latent, risk = latent[rows], np.exp(cohort["RISK"][rows])
    waited = (latent["prog"] - latent["treat"]).to_numpy()
    early = (waited <= 150).sum() / (np.minimum(waited, 150) * risk).sum()
    later = ((waited > 150) & (waited <= 365)).sum() / (np.clip(waited - 150, 0, 215) * risk).sum()
    assert early == pytest.approx(0.0012, rel=0.08)
    assert later == pytest.approx(0.00042, rel=0.12)


def test_the_arms_differ_in_progression_by_their_parameters(lymphoma):
    ratio = []
    for name in ("CART", "SOC"):
        latent, cohort = arm(lymphoma, name)
        rows = (latent["c1"] == 0) & np.isfinite(latent["treat"])
        waited = (latent["prog"] - latent["treat"])[rows].to_numpy()
        risk = np.exp(cohort["RISK"][rows])
        ratio.append((waited <= 68).sum() / (np.minimum(waited, 68) * risk).sum())
    assert ratio[0] / ratio[1] == pytest.approx(0.0012 / 0.0036, rel=0.25)


def test_response_worsens_with_risk(lymphoma):
    latent, cohort = arm(lymphoma, "CART")
    complete = latent["c1"] == 0
    assert complete[cohort["RISK"] > 0.5].mean() < complete[cohort["RISK"] < -0.5].mean() - 0.1


def test_some_convert_late(large):
    turned = np.isfinite(large.latent["t2"])
    assert 0.02 < turned.mean() < 0.35
    assert (large.latent["c2"][turned] < large.latent["c1"][turned]).all()
    assert (large.latent["t2"][turned] > large.latent["t1"][turned]).all()


def test_transplant_comes_in_remission_only(leukaemia):
    done = leukaemia.latent[np.isfinite(leukaemia.latent["hsct"])]
    infused = np.isfinite(leukaemia.latent["inf"]).mean()
    assert 0.13 < len(done) / len(leukaemia.latent) / infused < 0.22
    assert (done["hsct"] < done["prog"]).all()
    code = np.where(done["t2"] <= done["hsct"], done["c2"], done["c1"])
    remission = [leukaemia.params.states.index(name) for name in ("CR", "CRi", "CRh")]
    assert np.isin(code, remission).all()


def test_a_few_are_infused_again(leukaemia):
    assert 0.005 < np.isfinite(leukaemia.latent["reinf"]).mean() < 0.05


def test_death_without_progression_is_rare_and_falls_with_time(lymphoma):
    latent, _ = arm(lymphoma, "CART")
    latent = latent[np.isfinite(latent["inf"])]
    start = latent["treat"].to_numpy()
    end = np.minimum(latent["prog"], latent["nrm"]).to_numpy()
    died = (latent["nrm"] <= latent["prog"]).to_numpy()
    first = rate(died, start, end, 0, 30)
    later = rate(died, start, end, 180, 730)
    assert first == pytest.approx(0.0004, rel=0.5)
    assert later < first / 2


def test_nothing_happens_before_it_can(large):
    latent = large.latent
    treated = np.isfinite(latent["treat"])
    assert (latent["t1"][treated] > latent["treat"][treated]).all()
    assert (latent["prog"][treated] >= latent["t1"][treated]).all()
    assert (latent["spm"] > latent["treat"])[np.isfinite(latent["spm"])].all()
