import pandas as pd
import pytest

from cartend.subject.build import derive_subjects
from cartend.subject.death import death_records
from cartend.subject.events import own_events, transplants
from cartend.subject.records import first_of_role, procedure_class, role_rows, therapy_rows

CUT = "2025-06-30"


def shown(rows, *columns):
    return rows[["USUBJID", "KIND", "SRCDOM", *columns]].to_numpy().tolist()


def test_a_role_finds_its_records_in_every_domain_in_the_words_of_the_study(make):
    roles = {
        "leukapheresis": [
            {"from": "PR", "where": {"PRCAT": ["Cell collection"]}},
            {"from": "EX", "where": {"EXTRT": ["APHERESIS*"]}},
        ]
    }
    domains = make.domains(
        roles,
        pr=[
            {"USUBJID": "A", "PRCAT": "CELL  COLLECTION", "PRSTDTC": "2025-01-02"},
            {"USUBJID": "C", "PRCAT": "LEUKAPHERESIS", "PRSTDTC": "2025-01-02"},
        ],
        ex=[
            {"USUBJID": "A", "EXTRT": "Apheresis, second", "EXSTDTC": "2025-01-01"},
            {"USUBJID": "B", "EXTRT": "APHERESIS", "EXSTDTC": "2025-01-03"},
        ],
    )
    got = first_of_role(domains, "leukapheresis")
    assert got.to_dict() == {"A": pd.Timestamp("2025-01-01"), "B": pd.Timestamp("2025-01-03")}
    assert role_rows(domains, "infusion", "INFUSION").empty


def test_a_transplantation_among_other_new_procedures_is_one_by_its_role_and_its_name(make):
    """A sponsor files the graft with other procedures after the product (role by its name)."""
    category = "SUBSEQUENT ANTI-CANCER PROCEDURE"
    roles = {
        "transplantation": {
            "from": "PR",
            "where": {"PRCAT": [category], "PRTRT": ["ALLOGENEIC STEM CELL TRANSPLANT"]},
        },
        "new_therapy": {"from": "PR", "where": {"PRCAT": [category]}},
    }
    domains = make.domains(
        roles,
        pr=[
            {"USUBJID": "A", "PRCAT": category, "PRSTDTC": "2025-03-01"}
            | {"PRTRT": "ALLOGENEIC STEM CELL TRANSPLANT"},
            {"USUBJID": "B", "PRCAT": category, "PRSTDTC": "2025-03-02"}
            | {"PRTRT": "Involved-field radiation"},
            {"USUBJID": "C", "PRCAT": category, "PRSTDTC": "2025-03-03", "PRTRT": "SPLENECTOMY"},
        ],
    )
    assert shown(transplants(domains), "CLASS") == [["A", "HSCT", "PR", "HSCT"]]
    new = role_rows(domains, "new_therapy", "NEW_THERAPY")
    assert new.set_index("USUBJID")["CLASS"].to_dict() == {
        "A": "HSCT",
        "B": "RADIOTHERAPY",
        "C": "OTHER",
    }


@pytest.mark.parametrize(
    ("category", "name", "want"),
    [
        ("SUBSEQUENT RADIOTHERAPY", "RADIOTHERAPY", "RADIOTHERAPY"),
        ("ANTI-CANCER PROCEDURE", "Stereotactic radiosurgery", "RADIOTHERAPY"),
        ("ANTI-CANCER PROCEDURE", "AUTOLOGOUS HSCT", "HSCT"),
        ("HSCT", "GRAFT", "HSCT"),
        ("ANTI-CANCER PROCEDURE", "Radical nephrectomy", "OTHER"),
    ],
)
def test_the_class_of_a_procedure(make, category, name, want):
    row = {"USUBJID": "A", "PRCAT": category, "PRTRT": name, "PRSTDTC": "2025-01-01"}
    assert procedure_class(make.records("pr", row)).tolist() == [want]


def test_only_a_medication_says_of_a_drug_what_a_drug_has(make):
    domains = make.domains(
        cm=[
            {"USUBJID": "A", "CMCAT": "BRIDGING THERAPY", "CMSTDTC": "2025-01-05"}
            | {"CMENDTC": "2025-01", "CMCLAS": "IMID", "INTENS": "N", "TARGET": "cd20"},
        ],
        pr=[{"USUBJID": "A", "PRCAT": "BRIDGING RADIOTHERAPY", "PRSTDTC": "2025-01-09"}],
    )
    got = therapy_rows(domains, "bridging", "BRIDGING")
    wanted = ["CLASS", "INTENS", "TARGET", "ENDF"]
    said = got[wanted].astype(object).where(got[wanted].notna(), None)
    assert said.to_numpy().tolist() == [
        ["IMID", "N", "CD20", "D"],
        ["RADIOTHERAPY", None, None, None],
    ]
    assert got["END"].tolist() == [pd.Timestamp("2025-01-31"), pd.NaT]


OWN = {
    "dli": [
        {"from": "PR", "where": {"PRTRT": ["DONOR LYMPHOCYTE INFUSION"]}},
        {"from": "CM", "where": {"CMDECOD": ["DONOR LYMPHOCYTES"]}},
    ],
    "left_icu": {"from": "DS", "where": {"DSDECOD": ["DISCHARGED FROM ICU"]}},
    "b_cells": {"from": "LB", "where": {"LBTESTCD": ["CD19"], "LBSTRESC": ["RECOVERED"]}},
}


def trial(make):
    return make.domains(
        OWN,
        dm=[{"USUBJID": "A", "ARMCD": "CART"}, {"USUBJID": "B", "ARMCD": "SOC"}],
        ds=[{"USUBJID": "A", "DSDECOD": "DISCHARGED FROM ICU", "DSSTDTC": "2025-02"}],
        pr=[
            {"USUBJID": "A", "PRTRT": "Donor lymphocyte infusion", "PRSTDTC": "2025-03-04"},
            {"USUBJID": "B", "PRTRT": "DONOR LYMPHOCYTE INFUSION", "PRSTDTC": None},
            {"USUBJID": "X", "PRTRT": "DONOR LYMPHOCYTE INFUSION", "PRSTDTC": "2025-03-04"},
        ],
        cm=[{"USUBJID": "B", "CMDECOD": "DONOR LYMPHOCYTES", "CMSTDTC": "2025-03-05"}],
        lb=[
            {"USUBJID": "A", "LBTESTCD": "CD19", "LBSTRESC": "Recovered", "LBDTC": "2025-04-01"},
            {"USUBJID": "A", "LBTESTCD": "CD19", "LBSTRESC": "ABSENT", "LBDTC": "2025-03-01"},
        ],
    )


def test_records_of_a_role_of_the_study_are_dated_events_under_the_name_of_the_role(make):
    """Those without a date, and of a stranger to DM, are no events."""
    adevt = derive_subjects(
        make.study(), make.criteria, make.rules(make.study()).bridging, trial(make)
    ).adevt
    own = adevt[adevt["KIND"].isin(list(OWN))]
    day = own["ADT"].dt.strftime("%Y-%m-%d")
    columns = ["USUBJID", "KIND", "ADTF", "WHAT", "SRCDOM", "SRCVAR", "SRCSEQ"]
    assert own.assign(ADT=day)[[*columns, "ADT"]].to_numpy().tolist() == [
        ["A", "left_icu", "D", "DISCHARGED FROM ICU", "DS", "DSSTDTC", 1, "2025-02-01"],
        ["A", "dli", "", "Donor lymphocyte infusion", "PR", "PRSTDTC", 1, "2025-03-04"],
        ["A", "b_cells", "", "CD19", "LB", "LBDTC", 1, "2025-04-01"],
        ["B", "dli", "", "DONOR LYMPHOCYTES", "CM", "CMSTDTC", 1, "2025-03-05"],
    ]


def test_a_study_without_roles_of_its_own_has_no_such_events(make):
    assert own_events(make.domains()).empty


def test_a_role_that_is_switched_off_finds_nothing_and_another_domain_may_tell_a_death(make):
    roles = {"death": {"from": "SS", "where": {"SSSTRESC": ["DEAD"]}}}
    domains = make.domains(
        roles,
        ds=[{"USUBJID": "A", "DSDECOD": "DEATH", "DSSTDTC": "2025-02-02"}],
        ss=[{"USUBJID": "B", "SSSTRESC": "DEAD", "SSDTC": "2025-02-03"}],
    )
    got = death_records(domains)
    assert got["SRCDOM"].to_dict() == {"B": "SS"}
    off = make.domains(
        {"infusion": None},
        ex=[{"USUBJID": "A", "EXCAT": "CAR-T INFUSION", "EXSTDTC": "2025-01-01"}],
    )
    assert role_rows(off, "infusion", "INFUSION").empty
