"""AE: every period, two grading scales, late cytopenia, second malignancies with their inputs."""

import pandas as pd


def infusion(domains) -> pd.Series:
    """Return the first infusion by subject."""
    ex = domains["ex"]
    given = ex[ex["EXCAT"] == "CAR-T INFUSION"]
    return pd.to_datetime(given.groupby("USUBJID")["EXSTDTC"].min().str[:10])


def test_toxicity_comes_before_and_long_after_the_infusion(domains):
    ae = domains["ae"]
    day = (pd.to_datetime(ae["AESTDTC"]) - ae["USUBJID"].map(infusion(domains))).dt.days
    assert (day < -10).any()
    assert ((day >= -5) & (day < 0)).any()
    late = ae["AEDECOD"].isin(("Neutropenia", "Thrombocytopenia", "Anaemia")) & (day > 28)
    assert late.any()
    assert (ae["AEBODSYS"].eq("Infections and infestations") & (day > 90)).any()


def test_only_crs_and_icans_are_graded_on_their_own_scale(domains):
    ae = domains["ae"]
    own = ae["ASTCTGR"].notna()
    assert set(ae.loc[own, "GRSCALE"]) == {"ASTCT 2019", "LEE 2014"}
    assert ae.loc[own, "AEDECOD"].nunique() == 2
    site = domains["dm"].set_index("USUBJID")["SITEID"]
    scales = ae[own].groupby(ae["USUBJID"].map(site))["GRSCALE"].nunique()
    assert (scales == 1).all()
    graded = ae[own]
    lower = graded["ASTCTGR"].astype(int) < graded["AETOXGR"].astype(int)
    assert 0 < lower.mean() < 0.15


def test_a_t_cell_malignancy_has_its_causality_inputs(domains):
    ae = domains["ae"][domains["ae"]["SPMTYPE"].notna()]
    cell = ae["SPMTYPE"] == "T-CELL"
    assert cell.any()
    assert ae.loc[cell, "TISSUE"].isin(("Y", "N")).all()
    examined = ae[cell & (ae["TISSUE"] == "Y")]
    for name in ("TGCOPIES", "INTCLON", "DRIVERNR", "EXPCLON", "TCRPRE", "DRIVMUT", "MUTPRE"):
        assert examined[name].notna().all(), name
        assert ae.loc[~cell, name].isna().all(), name


def test_immunoglobulin_falls_after_the_product(domains):
    igg = domains["lb"][domains["lb"]["LBTESTCD"] == "IGG"]
    middle = igg.groupby("VISIT")["LBSTRESN"].median()
    assert middle["BASELINE"] > middle.drop("BASELINE").max()
