"""Deliveries in yet other words, made here: a study file alone makes each of them right."""

import io

import pandas as pd
import pytest
import yaml

from tests.cases.whole import Whole

TABLES = {
    "dm": """
        USUBJID,AGE,SEX,ARMCD,ARM,RFICDTC,DTHDTC,DTHFL
        X-01,60,M,1,Cells (high dose),2023-01-02,,
        X-02,61,F,1,Cells (high dose),2023-01-02,2023-09-10,Y
        X-03,62,M,,Screen Failure,2023-01-02,,""",
    "ds": """
        USUBJID,DSSEQ,DSDECOD,DSSTDTC
        X-01,1,CONSENT SIGNED,2023-01-02
        X-01,2,Registered in study,2023-01-05
        X-02,1,CONSENT SIGNED,2023-01-02
        X-02,2,REGISTERED-IN-STUDY,2023-01-05
        X-03,1,CONSENT SIGNED,2023-01-02
        X-03,2,NOT ELIGIBLE,2023-01-04""",
    "ex": """
        USUBJID,EXSEQ,EXTRT,EXCAT,EXDOSE,EXSTDTC
        X-01,1,FLUDARABINE,CONDITIONING,30,2023-02-10
        X-01,2,ABC,Cell product,1,2023-02-15
        X-02,1,FLUDARABINE,CONDITIONING,30,2023-02-10
        X-02,2,ABC,CELL-PRODUCT,1,2023-02-15""",
    "pr": """
        USUBJID,PRSEQ,PRTRT,PRCAT,PRSTDTC
        X-01,1,APHERESIS,,2023-01-10
        X-02,1,APHERESIS,,2023-01-10
        X-01,2,Radiation to bulk,LOCAL THERAPY,2023-01-20
        X-02,2,Auto-HSCT,LOCAL THERAPY,2023-06-20""",
    "cm": """
        USUBJID,CMSEQ,CMTRT,CMCAT,CMPERIOD,CMSTDTC,CMENDTC
        X-01,1,R-CHOP,ONCOLOGY,BEFORE ENTRY,2021-01,2021-06
        X-02,1,R-CHOP,ONCOLOGY,BEFORE ENTRY,2021-01,2021-06
        X-02,2,DEXAMETHASONE,ONCOLOGY,WHILE WAITING,2023-01-20,2023-01-25
        X-02,3,LENALIDOMIDE,ONCOLOGY,AFTER,2023-06-01,
        X-01,2,PARACETAMOL,COMEDICATION,,2023-02-16,""",
    "suppcm": """
        USUBJID,IDVAR,IDVARVAL,QNAM,QVAL
        X-02,CMSEQ,3,WHYGIVEN,Progression""",
    "rs": """
        USUBJID,RSSEQ,RSTESTCD,RSCAT,RSSTRESC,RSEVAL,RSDTC
        X-01,1,OVRLRESP,LUGANO 2014,REMISSION,SITE READER,2023-03-15
        X-02,1,OVRLRESP,LUGANO 2014,PD,SITE READER,2023-05-15""",
    "dd": """
        USUBJID,DDSEQ,DDTESTCD,DDSTRESC,DDDTC
        X-02,1,PRCDTH,UNDERLYING LYMPHOMA,2023-09-10""",
    "ae": """
        USUBJID,AESEQ,AEDECOD,AESTDTC
        X-01,1,Hepatitis B  reactivation,2023-04-01""",
    "ss": """
        USUBJID,SSSEQ,SSTESTCD,SSSTRESC,SSDTC
        X-01,1,SURVSTAT,LIVING,2023-12-01
        X-02,1,SURVSTAT,ALIVE,2023-06-21""",
}
STUDY = {
    "id": "other",
    "title": "Other words",
    "data": "data",
    "disease": "LBCL",
    "criteria": "lugano-2014",
    "design": "single-arm",
    "cutoff": "2024-01-31",
    "arms": {"ABC": {"label": "CAR-T", "names": ["Cells (high dose)"]}},
    "records": {
        "informed_consent": {"from": "DS", "where": {"DSDECOD": "CONSENT SIGNED"}},
        "screen_failure": {"from": "DS", "where": {"DSDECOD": "NOT ELIGIBLE"}},
        "lymphodepletion": {"from": "EX", "where": {"EXCAT": "CONDITIONING"}},
        "infusion": {"from": "EX", "where": {"EXCAT": "CELL PRODUCT"}},
        "leukapheresis": {"from": "PR", "where": {"PRTRT": "*PHERESIS", "PRCAT": ""}},
        "prior_therapy": {
            "from": "CM",
            "where": {"CMCAT": "ONCOLOGY", "CMPERIOD": "BEFORE*"},
        },
        "bridging": [
            {"from": "CM", "where": {"CMPERIOD": "WHILE WAITING"}},
            {"from": "PR", "where": {"PRTRT": "RADIATION*"}},
        ],
        "new_therapy": {
            "from": "CM",
            "where": {"CMCAT": "ONCOLOGY"},
            "unless": {"CMPERIOD": ["BEFORE ENTRY", "WHILE WAITING"]},
        },
        "transplantation": {"from": "PR", "where": {"PRTRT": ["*HSCT", "ASCT"]}},
        "reactivation": {"from": "AE", "where": {"AEDECOD": "HEPATITIS B REACTIVATION"}},
    },
    "words": {
        "DS.DSDECOD": {"ENROLLED": ["REGISTERED IN STUDY"]},
        "RS.RSSTRESC": {"CR": ["Remission"]},
        "RS.RSEVAL": {"INV": ["SITE READER"]},
        "DD.DDSTRESC": {"DISEASE UNDER STUDY": ["Underlying lymphoma"]},
        "SS.SSSTRESC": {"ALIVE": ["LIVING"]},
        "SUPPCM.QNAM": {"NATREAS": ["WHYGIVEN"]},
        "CM.NATREAS": {"EFFICACY": ["PROGRESSION"]},
        "CM.CMCAT": {"CONCOMITANT MEDICATION": ["COMEDICATION"]},
        "PR.PRTRT": {"AUTOLOGOUS HSCT": ["AUTO HSCT"]},
    },
    "visits": {
        "anchor": "infusion",
        "schedule": [{"label": "D28", "day": 28}, {"label": "M3", "day": 94}],
    },
    "evaluators": ["INV"],
    "primary_evaluator": "INV",
    "endpoints": ["OS", "PFS_EMA", "ORR"],
}


def table(text: str) -> pd.DataFrame:
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    return pd.read_csv(io.StringIO(lines), dtype=str, keep_default_na=False)


def delivered(folder, study, tables) -> Whole:
    """Write a delivery and its study file."""
    for name, text in tables.items():
        (folder / "data").mkdir(exist_ok=True)
        table(text).to_csv(folder / "data" / f"{name}.csv", index=False)
    (folder / "studies").mkdir()
    (folder / "studies" / f"{study['id']}.yaml").write_text(yaml.safe_dump(study))
    return Whole(folder, study["id"], folder / "out")


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return delivered(tmp_path_factory.mktemp("other"), STUDY, TABLES)


def test_nothing_is_unknown(other):
    odd = other.findings[other.findings["severity"].isin(["error", "warning"])]
    assert odd["finding_id"].tolist() == ["F-PR-001", "F-ROLE-001"]
    assert odd["message"].iloc[1].startswith("records.transplantation: no record has PRTRT 'ASCT'")


def test_each_subject_is_what_its_records_say(other):
    adsl = other.adsl.set_index("USUBJID")
    assert adsl["ARMCD"].fillna("").tolist()[:2] == ["ABC", "ABC"]
    assert adsl["INFFL"].tolist() == ["Y", "Y", "N"]
    assert adsl["LAFL"].tolist() == ["Y", "Y", "N"]
    assert adsl["ENRLFL"].tolist() == ["Y", "Y", "N"]
    assert adsl["BRIDGEFL"].tolist()[:2] == ["Y", "Y"]
    assert adsl["LDDT"].notna().tolist() == [True, True, False]
    assert adsl.loc["X-02", "DTHCAUS"] == "DISEASE UNDER STUDY"
    assert adsl.loc["X-01", "LSTALVDT"] == pd.Timestamp("2023-12-01")


def test_each_event_is_dated_and_a_role_of_the_studys_own_is_one(other):
    kinds = other.adevt.groupby("USUBJID")["KIND"].agg(lambda kinds: sorted(set(kinds)))
    assert "reactivation" in kinds["X-01"]
    assert {"NEW_THERAPY", "HSCT", "BRIDGING", "INFUSION"} <= set(kinds["X-02"])
    new = other.adevt[other.adevt["KIND"].eq("NEW_THERAPY")]
    assert new[["USUBJID", "REASON"]].values.tolist() == [["X-02", "EFFICACY"]]


def test_responses_count_in_the_words_of_the_criteria(other):
    assert other.responders("ORR", "INV") == 1
    assert other.times("PFS_EMA", "INV")["CNSR"].eq(0).sum() == 1
    assert other.times("OS")["CNSR"].eq(0).sum() == 1


ADAM = {
    "adsl": """
        USUBJID,TRT01P,RANDDT,CELLDT,DTHDT,LSTALVDT
        A,Cells,2023-01-01,2023-02-01,,2023-12-01
        B,Chemo,2023-01-01,,2023-08-01,2023-08-01""",
    "adrs": """
        USUBJID,PARAMCD,PARCAT2,ADT,AVALC
        A,RSPVIS,Blinded Independent Central Review,2023-04-01,Remission
        A,RSPVIS,Site Investigator,2023-04-01,PR
        B,RSPVIS,Blinded Independent Central Review,2023-04-01,PD
        B,RSPVIS,Site Investigator,2023-04-01,PD""",
}


def test_adam_with_evaluators_in_another_column_and_words_of_its_own(tmp_path):
    study = {
        **STUDY,
        "entry": "adam",
        "design": "randomised",
        "arms": {
            "X": {"label": "Experimental", "names": ["CELLS"]},
            "C": {"label": "Control", "role": "control", "names": ["chemo"]},
        },
        "records": {},
        "words": {
            "ADRS.AVALC": {"CR": ["REMISSION"]},
            "ADRS.PARAMCD": {"OVR": ["RSPVIS"]},
        },
        "columns": {"adsl": {"INFDT": "CELLDT"}},
        "visits": {"anchor": "randomisation", "schedule": [{"label": "M3", "day": 91}]},
        "evaluators": ["IRC", "INV"],
        "primary_evaluator": "IRC",
    }
    whole = delivered(tmp_path, study, ADAM)
    assert not whole.findings["severity"].isin(["error", "warning"]).any()
    assert whole.adsl[["ARMCD", "INFFL"]].values.tolist() == [["X", "Y"], ["C", "N"]]
    read = whole.domain("adrs").query("USUBJID == 'A'").set_index("EVAL")["AVALC"]
    assert read.to_dict() == {"IRC": "CR", "INV": "PR"}
    assert whole.responders("ORR", "IRC") == whole.responders("ORR", "INV") == 1
