"""The domains: the columns of the contract, and no record that cannot be."""

import numpy as np
import pandas as pd
import pytest

from cartend.contract.datasets.sdtm import SDTM
from cartend.simulate.domains import COLUMNS, SUPPLEMENTAL, split_domains
from cartend.simulate.trial import Trial

STARTS = {
    "rs": "RSDTC",
    "lb": "LBDTC",
    "ex": "EXSTDTC",
    "pr": "PRSTDTC",
    "cm": "CMSTDTC",
    "ae": "AESTDTC",
}
ENDS = {"ex": "EXENDTC", "pr": "PRENDTC", "cm": "CMENDTC", "ae": "AEENDTC"}


def bounds(text: pd.Series) -> pd.DataFrame:
    """Return the first and last day that a possibly partial date can mean."""
    text = text.str[:10]
    first = text + text.str.len().map({4: "-01-01", 7: "-01", 10: ""})
    low = pd.to_datetime(first)
    high = low.where(text.str.len() == 10, low + pd.offsets.MonthEnd(1))
    high = high.where(text.str.len() != 4, low + pd.offsets.YearEnd(1))
    return pd.DataFrame({"low": low, "high": high})


def by_subject(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return the last possible day of a DM date by subject."""
    told = frame.dropna(subset=[column])
    return pd.Series(bounds(told[column])["high"].to_numpy(), told["USUBJID"])


def test_every_domain_has_the_columns_of_the_contract(domains):
    for name, frame in domains.items():
        needed = {column.name for column in SDTM[name].columns if column.needed}
        assert needed <= set(frame.columns), name
        assert list(frame.columns) == COLUMNS[name]


def test_every_domain_of_the_brief_has_records(large, domains):
    lesions = set() if large.params.prefix == "BALL" else {"tu", "tr"}
    assert set(domains) == set(COLUMNS) - {"tu", "tr"} | lesions
    assert all(len(frame) for frame in domains.values())


def test_supplemental_values_leave_their_parent_and_come_back(domains):
    split = split_domains(domains)
    for name, names in SUPPLEMENTAL.items():
        assert not set(names) & set(split[name].columns)
        supp, parent = split.get(f"supp{name}"), domains[name]
        told = parent[[n for n in names if n in parent]].notna().sum().sum()
        assert told == (0 if supp is None else len(supp))


def test_record_numbers_run_from_one_within_a_subject(domains):
    for name, frame in domains.items():
        seq = f"{name.upper()}SEQ"
        if seq in frame and name != "ts":
            assert (frame[seq] == frame.groupby("USUBJID").cumcount() + 1).all(), name


@pytest.mark.parametrize("name", [*STARTS])
def test_nothing_follows_death(domains, name):
    death = by_subject(domains["dm"], "DTHDTC")
    for columns in (STARTS, ENDS):
        if name in columns:
            rows = domains[name].dropna(subset=columns[name])
            low = bounds(rows[columns[name]])["low"]
            assert not (low > rows["USUBJID"].map(death)).any(), columns[name]


def test_no_assessment_and_no_study_treatment_precedes_consent(domains):
    consent = by_subject(domains["dm"], "RFICDTC")
    for name in ("rs", "ex", "lb", "ae"):
        frame = domains[name]
        assert (bounds(frame[STARTS[name]])["low"] >= frame["USUBJID"].map(consent)).all(), name


def test_nothing_ends_before_it_starts(domains):
    for name, column in ENDS.items():
        rows = domains[name].dropna(subset=[column])
        assert (bounds(rows[column])["high"] >= bounds(rows[STARTS[name]])["low"]).all(), name


def test_leukapheresis_lymphodepletion_and_infusion_are_in_order(domains):
    ex, pr = domains["ex"], domains["pr"]
    first = ex[ex["EXCAT"] == "CAR-T INFUSION"].groupby("USUBJID")["EXSTDTC"].min().str[:10]
    depletion = ex[ex["EXCAT"] == "LYMPHODEPLETION"].groupby("USUBJID")["EXSTDTC"].min()
    collected = pr[pr["PRCAT"] == "LEUKAPHERESIS"].groupby("USUBJID")["PRSTDTC"].min()
    assert (depletion.reindex(first.index) < first).all()
    assert (collected.reindex(first.index) < depletion.reindex(first.index)).all()


def test_the_snapshot_holds_a_few_records_after_the_cut_off(large: Trial, domains):
    day = pd.to_datetime(domains["rs"]["RSDTC"])
    cut = pd.Timestamp(large.study.cutoff)
    assert 0 < (day > cut).mean() < 0.02
    assert day.max() <= cut + pd.Timedelta(days=large.params.observation.snapshot_days)


def test_two_central_readers_have_one_accepted_reading(large, domains):
    rs = domains["rs"]
    central = rs[rs["RSEVALID"].notna() | (rs["RSEVAL"] == "ADJUDICATOR")]
    if large.params.prefix != "LBCL":
        assert central.empty
        return
    accepted = central["RSACPTFL"].eq("Y").groupby([central["USUBJID"], central["RSDTC"]]).sum()
    assert (accepted == 1).all()
    assert (central["RSEVAL"] == "ADJUDICATOR").any()


def test_central_readers_disagree_and_pet_stands_beside_ct(large, domains):
    if large.params.prefix != "LBCL":
        return
    rs = domains["rs"][domains["rs"]["RSTESTCD"] == "OVRLRESP"]
    readers = rs[rs["RSEVALID"].notna()].groupby(["USUBJID", "RSDTC"])["RSSTRESC"].nunique()
    assert (readers > 1).mean() == pytest.approx(0.12, abs=0.02)
    local = rs[rs["RSEVAL"] == "INVESTIGATOR"].groupby(["USUBJID", "RSDTC"])["RSMETHOD"].nunique()
    assert 0.02 < (local > 1).mean() < 0.06


def test_mrd_samples_have_every_flaw(large, domains):
    if large.params.mrd is None:
        return
    mrd, lb = large.params.mrd, domains["lb"][domains["lb"]["LBTESTCD"] == "MRD"]
    lb = lb[lb["LBBLFL"].isna()]
    done, limit = lb[lb["LBSTAT"].isna()], large.study.mrd.threshold
    assert (lb["LBSTAT"] == "NOT DONE").mean() == pytest.approx(mrd.not_done, abs=0.015)
    assert (done["HEMODIL"] == "Y").mean() == pytest.approx(mrd.haemodiluted, abs=0.02)
    assert (done["LBMETHOD"] == mrd.assay.other).mean() == pytest.approx(mrd.other_assay, abs=0.03)
    few = done["MRDCELLS"].astype(int) < np.ceil(-np.log(0.05) / limit)
    assert ((done["LBLLOD"] > limit) & few).mean() > 0.03
    assert (done["TRACKABL"] == "N").any()


def test_an_mrd_call_agrees_with_its_value(large, domains):
    if large.params.mrd is None:
        return
    lb = domains["lb"][domains["lb"]["LBTESTCD"] == "MRD"]
    positive = lb["LBSTRESC"] == "POSITIVE"
    assert lb.loc[positive, "LBSTRESN"].notna().all()
    assert lb.loc[~positive, "LBSTRESN"].isna().all()
    assert (lb["LBSTRESN"] >= lb["LBLLOD"])[positive].all()


CLASSES = {
    "LBCL": {"CORTICOSTEROID", "ALKYLATOR", "ADC", "IMID"},
    "BALL": {"CORTICOSTEROID", "ALKYLATOR", "ADC", "BISPECIFIC"},
    "MM": {"CORTICOSTEROID", "ALKYLATOR", "IMID", "PROTEASOME INHIBITOR", "BISPECIFIC"},
    "NB": {"CORTICOSTEROID", "ALKYLATOR", "TKI"},
}


def test_bridging_has_every_class_of_the_specification(large, domains):
    cm, pr = domains["cm"], domains["pr"]
    bridge = cm[cm["CMCAT"] == "BRIDGING THERAPY"]
    assert set(bridge["CMCLAS"]) >= CLASSES[large.params.prefix]
    assert {"Y", "N"} <= set(bridge["INTENS"].dropna())
    assert large.study.target_antigen in set(bridge["TARGET"])
    assert (pr["PRCAT"] == "BRIDGING RADIOTHERAPY").any()


def test_prior_lines_end_before_consent_and_are_often_dated_vaguely(domains):
    cm = domains["cm"]
    prior = cm[cm["CMCAT"] == "PRIOR ANTI-CANCER THERAPY"]
    assert 0.2 < (prior["CMSTDTC"].str.len() < 10).mean() < 0.5
    consent = by_subject(domains["dm"], "RFICDTC")
    assert (bounds(prior["CMSTDTC"])["low"] < prior["USUBJID"].map(consent)).all()


def test_a_death_is_told_alike_everywhere(domains):
    dm = domains["dm"].dropna(subset="DTHDTC").set_index("USUBJID")["DTHDTC"]
    ds = domains["ds"][domains["ds"]["DSDECOD"] == "DEATH"].set_index("USUBJID")["DSSTDTC"]
    dd = domains["dd"].set_index("USUBJID")["DDDTC"]
    pd.testing.assert_series_equal(dm.sort_index(), ds.sort_index(), check_names=False)
    pd.testing.assert_series_equal(dm.sort_index(), dd.sort_index(), check_names=False)
    assert (domains["dm"]["DTHFL"].notna() == domains["dm"]["DTHDTC"].notna()).all()


def test_a_control_subject_has_no_infusion_before_its_crossover(large, domains):
    ex, dm = domains["ex"], domains["dm"].set_index("USUBJID")
    given = ex[(ex["EXCAT"] == "CAR-T INFUSION") & (ex["USUBJID"].map(dm["ARMCD"]) == "SOC")]
    if large.study.design == "single-arm":
        assert given.empty
        return
    start = pd.Series(large.latent["nat"].to_numpy(), large.cohort["USUBJID"])
    assert np.isfinite(given["USUBJID"].map(start)).all()
    assert not given["USUBJID"].duplicated().any()
