import pandas as pd

from cartend.subject.followup import (
    alive_evidence,
    cutoff_date,
    derive_followup,
    last_alive,
)


def test_the_study_then_ts_then_the_last_day_of_the_data_is_the_cutoff(make):
    ts = [{"TSPARMCD": "DCUTDTC", "TSVAL": "2025-05-31T12:00"}]
    ss = [{"USUBJID": "A", "SSSTRESC": "ALIVE", "SSDTC": "2025-04-01"}]
    domains = make.domains(ts=ts, ss=ss)
    assert cutoff_date(make.study(), domains) == pd.Timestamp("2025-06-30")
    assert cutoff_date(make.study(cutoff=None), domains) == pd.Timestamp("2025-05-31")
    without = make.domains(ss=ss)
    assert cutoff_date(make.study(cutoff=None), without) == pd.Timestamp("2025-04-01")


def test_last_alive_is_the_latest_sign_of_life_up_to_death_or_cutoff(make):
    domains = make.domains(
        ss=[
            {"USUBJID": "A", "SSSTRESC": "ALIVE", "SSDTC": "2025-01-01"},
            {"USUBJID": "A", "SSSTRESC": "DEAD", "SSDTC": "2025-06-01"},
            {"USUBJID": "A", "SSSTRESC": "UNKNOWN", "SSDTC": "2025-05-01"},
        ],
        rs=[
            {"USUBJID": "A", "RSDTC": "2025-02-01"},
            {"USUBJID": "B", "RSDTC": "2025-02-01"},
            {"USUBJID": "B", "RSDTC": "2025-12-01"},  # after the cut-off
            {"USUBJID": "C", "RSDTC": "2025-03-20"},  # after death
        ],
        cm=[{"USUBJID": "A", "CMSTDTC": "2025-04"}],  # proves the first of the month only
        lb=[
            {"USUBJID": "A", "LBDTC": "2025-05-05", "LBSTAT": "NOT DONE"},
            {"USUBJID": "C", "LBDTC": "2025-03-01", "LBSTAT": None},
        ],
        ds=[
            {"USUBJID": "B", "DSDECOD": "LOST TO FOLLOW-UP", "DSSTDTC": "2025-05-01"},
            {"USUBJID": "C", "DSDECOD": "DEATH", "DSSTDTC": "2025-03-10"},
            {"USUBJID": "D", "DSDECOD": "RANDOMIZED", "DSSTDTC": "2025-01-15"},
        ],
    )
    limit = make.days("2025-06-30", "2025-06-30", "2025-03-10", "2025-06-30", "2025-06-30")
    limit.index = list("ABCDE")
    got = last_alive(alive_evidence(domains), limit)
    day = got["LSTALVDT"].dt.strftime("%Y-%m-%d")
    want = {"A": "2025-04-01", "B": "2025-02-01", "C": "2025-03-01", "D": "2025-01-15"}
    assert day.dropna().to_dict() == want
    assert got["LALVDOM"].dropna().to_dict() == {"A": "CM", "B": "RS", "C": "LB", "D": "DS"}
    assert got.loc["A", ["LALVVAR", "LALVSEQ"]].tolist() == ["CMSTDTC", 1.0]


def test_losses_and_the_end_of_study(make):
    both = {"USUBJID": "C", "DSDECOD": "WITHDRAWAL OF CONSENT"}
    domains = make.domains(
        ds=[
            {"USUBJID": "A", "DSDECOD": "LOST TO FOLLOW-UP", "DSSTDTC": "2025-03-01"},
            {"USUBJID": "B", "DSDECOD": "WITHDRAWAL BY SUBJECT", "DSSTDTC": "2025-02-01"}
            | {"DSSCAT": "TREATMENT"},
            {"USUBJID": "B", "DSDECOD": "COMPLETED", "DSSTDTC": "2025-05-01"},
            both | {"DSSTDTC": "2025-02-01", "DSSCAT": "STUDY PARTICIPATION"},
            both | {"DSSTDTC": "2025-04-01", "DSSCAT": "VITAL STATUS FOLLOW-UP"},
            {"USUBJID": "D", "DSDECOD": "WITHDRAWAL OF CONSENT", "DSSTDTC": "2025-04-02"}
            | {"VITALWD": "Y"},
            {"USUBJID": "E", "DSDECOD": "PROGRESSIVE DISEASE", "DSSTDTC": "2025-04-02"},
            {"USUBJID": "F", "DSDECOD": "DEATH", "DSSTDTC": "2025-09-02"},  # after the cut-off
        ]
    )
    got = derive_followup(domains["ds"], pd.Index(list("ABCDEF")), pd.Timestamp("2025-06-30"))
    day = {name: got[name].dt.strftime("%m-%d").dropna().to_dict() for name in ("LOSTDT", "VSWDDT")}
    assert day["LOSTDT"] == {"A": "03-01", "C": "02-01", "D": "04-02"}
    assert day["VSWDDT"] == {"C": "04-01", "D": "04-02"}
    assert got["EOSSTT"].tolist() == [
        "DISCONTINUED",
        "COMPLETED",
        "DISCONTINUED",
        "DISCONTINUED",
        "ONGOING",
        "ONGOING",
    ]
    assert got["DCSREAS"].tolist() == [
        "LOST TO FOLLOW-UP",
        None,
        "WITHDRAWAL OF CONSENT",
        "WITHDRAWAL OF CONSENT",
        None,
        None,
    ]
    assert got["CUTDT"].eq(pd.Timestamp("2025-06-30")).all()
