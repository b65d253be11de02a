"""SC: facts of eligibility and the sites' answers to them."""

import pandas as pd
import pytest


def wide(domains) -> pd.DataFrame:
    """Return SC as one row a subject."""
    return domains["sc"].pivot(index="USUBJID", columns="SCTESTCD", values="SCSTRESC")


def test_sites_answer_nearly_always_yes_and_are_sometimes_wrong(domains):
    sc = wide(domains)
    for name in ("CRFRR", "CRFWASH", "CRFELIG"):
        assert set(sc[name]) == {"Y", "N"}
    assert 0.9 < (sc["CRFRR"] == "Y").mean() < 1


def test_only_ph_positive_leukaemia_has_kinase_answers(large, domains):
    sc = wide(domains)
    if large.params.prefix != "BALL":
        assert "T315I" not in sc
        return
    positive = sc["PHSTAT"] == "POSITIVE"
    assert sc.loc[positive, "TKIAVAIL"].isin(("Y", "N")).all()
    assert sc.loc[~positive, "TKIAVAIL"].isna().all()
    assert (sc.loc[positive, "T315I"] == "POSITIVE").mean() == pytest.approx(0.12, abs=0.03)


def test_organ_answers_of_the_neuroblastoma_record_follow_its_limits(large, domains):
    if large.params.prefix != "NB":
        return
    sc = wide(domains)
    number = {n: sc[n].astype(float) for n in ("CRCL", "ALTULN", "ASTULN", "BILIULN", "LVEF")}
    low = (number["CRCL"] <= 60) | (number["LVEF"] < 50) | (number["ALTULN"] > 2.5)
    low |= (number["ASTULN"] > 2.5) | (sc["SPO2"].astype(float) <= 92)
    assert (sc.loc[low, "CRFORGAN"] == "N").mean() > 0.9
    assert 0 < (sc.loc[low, "CRFORGAN"] == "Y").mean() < 0.08
    assert domains["dm"]["AGE"].between(1, 17).all()
