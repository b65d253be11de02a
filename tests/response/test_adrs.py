import pandas as pd

from cartend.response.adrs import adrs_from_adam, derive_adrs


def shown(adrs):
    day = adrs["ADT"].dt.strftime("%Y-%m-%d")
    columns = ["USUBJID", "EVAL", "AVALC", "AVAL", "AVISIT", "ANL01FL", "SRCSEQ", "ASEQ"]
    return adrs.assign(ADT=day)[["ADT", *columns]].astype(object).to_numpy().tolist()


def test_every_record_is_kept_and_one_per_subject_evaluator_and_date_counts(make):
    base = {"RSTESTCD": "OVRLRESP", "RSCAT": "LUGANO 2014", "RSEVAL": "INDEPENDENT ASSESSOR"}
    irc, inv = base | {"EVAL": "IRC"}, base | {"EVAL": "INV", "RSEVAL": "INVESTIGATOR"}
    rs = make.records(
        "rs",
        {"USUBJID": "A", "AVALC": "PR", "RSDTC": "2025-02-12", "RSEVALID": "R1"} | irc,
        {"USUBJID": "A", "AVALC": "SD", "RSDTC": "2025-02-12", "RSEVALID": "R2"} | irc,
        {"USUBJID": "A", "AVALC": "CR", "RSDTC": "2025-02-12"} | inv,
        {"USUBJID": "A", "AVALC": "PD", "RSDTC": "2025-06-01"} | inv,  # outside every window
        {"USUBJID": "B", "AVALC": "CR", "RSDTC": None} | inv,
        {"USUBJID": "B", "AVALC": "CR", "RSDTC": "2025-03-05"} | inv | {"RSCAT": "LYRIC"},
        {"USUBJID": "B", "AVALC": None, "RSDTC": "2025-03-05"} | inv | {"RSTESTCD": "NEWLPROG"},
        {"USUBJID": "Z", "AVALC": "CR", "RSDTC": "2025-03-05"} | inv,  # not in ADSL
    )
    got = derive_adrs(make.study(), make.criteria(), rs, make.adsl("A", "B"))
    want = [
        ["2025-02-12", "A", "INV", "CR", 0.0, "W6", "Y", 3, 1],
        ["2025-06-01", "A", "INV", "PD", 3.0, None, "Y", 4, 2],
        ["2025-02-12", "A", "IRC", "PR", 1.0, "W6", "N", 1, 3],
        ["2025-02-12", "A", "IRC", "SD", 2.0, "W6", "Y", 2, 4],
        ["2025-03-05", "B", "INV", "CR", 0.0, "W9", "N", 2, 1],
        [None, "B", "INV", "CR", 0.0, None, "N", 1, 2],
    ]
    assert [[None if pd.isna(cell) else cell for cell in row] for row in shown(got)] == want
    assert got["ANL01RS"].tolist()[-2:] == ["assessed by other criteria", "no date"]
    assert got["PARAMCD"].eq("OVR").all()
    assert got["SRCDOM"].eq("RS").all()


def test_a_visit_of_two_methods_counts_once_with_its_partner_named(make):
    row = {"USUBJID": "A", "RSTESTCD": "OVRLRESP", "EVAL": "INV", "VISIT": "WEEK 6"}
    rs = make.records(
        "rs",
        row | {"RSMETHOD": "PET-CT", "AVALC": "CR", "RSDTC": "2025-02-10"},
        row | {"RSMETHOD": "CT", "AVALC": "PR", "RSDTC": "2025-02-12"},
    )
    got = derive_adrs(make.study(), make.criteria(), rs, make.adsl("A"))
    counted = got[got["ANL01FL"].eq("Y")].iloc[0]
    assert (counted["AVALC"], counted["SRCSEQ"], counted["PAIRSEQ"]) == ("CR", 1, 2)
    assert counted["ADT"] == pd.Timestamp("2025-02-12"), "the latest component of a response"
    assert counted["ANL01RS"] == "leading method decides"
    other = got[got["ANL01FL"].eq("N")].iloc[0]
    assert other["ANL01RS"] == "combined into the other row of its visit"


def test_no_records_give_an_empty_frame_of_the_same_columns(make):
    full = make.records("rs", {"USUBJID": "A", "AVALC": "CR", "EVAL": "INV", "RSDTC": "2025-02-10"})
    args = make.study(), make.criteria()
    some = derive_adrs(*args, full, make.adsl("A"))
    none = derive_adrs(*args, full.iloc[:0], make.adsl("A"))
    assert len(some) == 1
    assert none.empty
    assert none.dtypes.to_dict() == some.dtypes.to_dict()


def test_adrs_as_brought_takes_the_primary_evaluator_and_the_alias_map(make):
    brought = pd.DataFrame(
        {
            "USUBJID": ["A", "A", "A"],
            "PARAMCD": ["OVR", "OVR", "BOR"],
            "ADT": make.days("2025-02-12", "2025-02-12", "2025-02-12"),
            "AVALC": ["CMR", "PMD", "CR"],
            "EVAL": [None, "INV", None],
        }
    )
    got = adrs_from_adam(make.study(), make.criteria(), brought, make.adsl("A"))
    assert got[["EVAL", "AVALC", "AVISIT", "ANL01FL", "SRCDOM"]].to_numpy().tolist() == [
        ["INV", "PD", "W6", "Y", "ADRS"],
        ["IRC", "CR", "W6", "Y", "ADRS"],
    ]


def test_of_several_brought_parameters_the_visit_responses_are_those_of_ovr(make):
    day = make.days("2025-02-12", "2025-02-12")
    brought = pd.DataFrame({"USUBJID": "A", "AVALC": ["CR", "PD"], "ADT": day, "EVAL": "IRC"})
    for parameters, kept in (
        (["OVR", "OVRALG"], ["CR"]),
        (["OVRESP", "BOR"], ["CR"]),
        (["RSP", "RSP"], ["CR", "PD"]),
    ):
        rows = brought.assign(PARAMCD=parameters)
        got = adrs_from_adam(make.study(), make.criteria(), rows, make.adsl("A"))
        assert sorted(got["AVALC"]) == kept, parameters
