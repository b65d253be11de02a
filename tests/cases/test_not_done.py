"""What says that it did not happen is no event and no evidence (decision D46)."""

import pytest

from tests.cases.test_other_words import STUDY, TABLES, delivered
from tests.cases.whole import HERE, Whole


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    return Whole(HERE / "not-done", "x", tmp_path_factory.mktemp("not-done"))


def test_a_therapy_that_did_not_happen_ends_nothing(trial):
    for endpoint in ("PFS_FDA", "NRM"):
        rows = trial.times(endpoint).set_index("USUBJID")
        assert rows.loc["S1", "AVAL"] == 184
        assert rows.loc["S1", "STATE"] == 0


def test_the_row_is_listed_with_what_it_would_have_been(trial):
    (row,) = trial.findings[trial.findings["finding_id"].eq("F-OCC-001")].itertuples()
    assert (row.domain, row.usubjid) == ("CM", "S1")
    assert "does not count as new anticancer therapy" in row.message
    assert trial.domain("cm").empty
    rows = trial.domain("rows")
    (cm,) = rows[rows["domain"].eq("CM")].itertuples()
    assert (cm.row, cm.role, cm.used, cm.reason) == (1, "new_therapy", "N", "NOT HAPPENED")


def other(folder, **tables):
    return delivered(folder, STUDY, TABLES | tables)


def test_in_a_supplement_and_in_other_words(tmp_path):
    supp = TABLES["suppcm"] + "\n        X-02,CMSEQ,3,CMOCCUR,no"
    pr = """
        USUBJID,PRSEQ,PRTRT,PRCAT,PRSTDTC,PROCCUR,PRSTAT
        X-01,1,APHERESIS,,2023-01-10,Y,
        X-02,1,APHERESIS,,2023-01-10,,
        X-01,2,Radiation to bulk,LOCAL THERAPY,2023-01-20,,Not done
        X-02,2,Auto-HSCT,LOCAL THERAPY,2023-06-20,Unknown,"""
    whole = other(tmp_path, suppcm=supp, pr=pr)
    kinds = whole.adevt.groupby("USUBJID")["KIND"].agg(set)
    assert not {"NEW_THERAPY", "HSCT"} & kinds["X-02"]
    assert "BRIDGING" not in kinds["X-01"]
    rows = whole.domain("rows")
    why = rows[rows["used"].eq("N")].set_index(["domain", "row"])["reason"].to_dict()
    assert why["CM", 4] == "NOT HAPPENED"
    assert why["PR", 3] == why["PR", 4] == "NOT KNOWN TO HAVE HAPPENED"
    open_ = whole.findings[whole.findings["finding_id"].eq("F-OCC-002")]
    assert open_["severity"].tolist() == ["error", "error"]


def test_a_status_not_asked_for_is_no_sign_of_life(tmp_path):
    ss = """
        USUBJID,SSSEQ,SSTESTCD,SSSTRESC,SSDTC,SSSTAT
        X-01,1,SURVSTAT,LIVING,2023-08-01,
        X-01,2,SURVSTAT,ALIVE,2023-12-01,NOT DONE"""
    whole = other(tmp_path, ss=ss)
    assert str(whole.adsl.set_index("USUBJID").loc["X-01", "LSTALVDT"])[:10] == "2023-08-01"


def test_an_infusion_that_did_not_happen_is_none_though_no_other_is_recorded(tmp_path):
    ex = """
        USUBJID,EXSEQ,EXTRT,EXCAT,EXDOSE,EXSTDTC,EXOCCUR
        X-01,1,FLUDARABINE,CONDITIONING,30,2023-02-10,0
        X-01,2,ABC,Cell product,1,2023-02-15,N"""
    dm = "\n".join(
        line + (",RFXSTDTC" if not n else ",2023-02-15")
        for n, line in enumerate(TABLES["dm"].strip().splitlines())
    )
    whole = other(tmp_path, ex=ex, dm=dm)
    assert set(whole.adsl["INFFL"]) == {"N"}
