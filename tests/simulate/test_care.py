"""New therapy, crossover, loss and death."""

import numpy as np
import pytest


def test_new_therapy_for_progression_follows_its_detection(large):
    latent = large.latent
    later = np.isfinite(latent["nat"]) & (latent["detected"] < latent["nat"])
    assert later.any()
    assert ((latent["nat"] - latent["detected"])[later] >= 1).all()


def test_more_than_half_of_the_control_arm_crosses_over(lymphoma):
    latent = lymphoma.latent[(lymphoma.cohort["ARM"] == "SOC").to_numpy()]
    crossed = np.isfinite(latent["nat"]) & latent["nat_cellular"]
    assert crossed.mean() == pytest.approx(0.56, abs=0.05)


def test_reasons_are_those_of_the_contract(large):
    reasons = set(large.latent.loc[np.isfinite(large.latent["nat"]), "nat_reason"])
    assert reasons <= {"EFFICACY", "TOXICITY", "CONSOLIDATION", "PLANNED", "OTHER"}
    assert {"EFFICACY", "TOXICITY", "CONSOLIDATION", "OTHER"} <= reasons


def test_no_event_follows_death(large):
    latent = large.latent
    for name in ("nat", "hsct", "spm", "reinf", "prog"):
        happened = np.isfinite(latent[name])
        assert (latent[name] < latent["death"])[happened].all(), name


def test_death_from_the_disease_needs_progression_or_failed_treatment(large):
    latent = large.latent
    disease = (latent["cause"] == "DISEASE UNDER STUDY") & np.isfinite(latent["death"])
    failed = np.minimum(latent["prog"], latent["turn"]) < latent["death"]
    waiting = latent["notinf"].eq("DEATH")
    assert (failed | waiting)[disease].all()


def test_death_after_progression_is_faster_than_before_it(lymphoma):
    latent = lymphoma.latent
    after = latent["prog"] < 365
    assert (latent["death"] < 730)[after].mean() > 3 * (latent["death"] < 730)[~after].mean()


def test_some_are_lost_and_some_of_their_deaths_become_known(large):
    latent = large.latent
    lost = latent["lost"] < np.minimum(latent["death"], large.cutoff)
    assert 0.03 < lost.mean() < 0.15
    later = lost & np.isfinite(latent["death"])
    assert 0.2 < latent["death_seen"][later].mean() < 0.6


def test_nobody_without_vital_status_follow_up_is_known_to_die(large):
    latent = large.latent
    silent = (latent["lost_kind"] == "NO VITAL STATUS") & (latent["lost"] < latent["death"])
    assert not latent["death_seen"][silent].any()


def test_some_death_dates_are_partial_and_some_causes_unknown(large):
    text = large.latent["death_text"].value_counts(normalize=True)
    assert text["M"] == pytest.approx(large.params.observation.death_day_missing, abs=0.02)
    assert 0 < text["Y"] < 0.04
    assert (large.latent["cause"] == "UNKNOWN").mean() == pytest.approx(0.05, abs=0.02)


def test_death_without_progression_at_two_years_is_of_the_published_size(lymphoma):
    latent = lymphoma.latent[np.isfinite(lymphoma.latent["inf"])]
    without = latent["death"] < latent[["prog", "turn"]].min(axis=1)
    share = (without & (latent["death"] - latent["inf"] <= 730)).mean()
    assert 0.04 < share < 0.08
