"""Findings are one line a kind and subject, sorted by what they touch."""

import pandas as pd
import pytest
from gate_trial import RANDOMISED, admitted, subject

from cartend.admission.touched import touched_findings, touched_words
from cartend.contract.check import check
from cartend.contract.datasets.admission import TOUCHED, TOUCHED_WORDS, WORDS
from cartend.contract.datasets.findings import FINDINGS

STUDY = RANDOMISED | {"roles": {"ORR": {"role": "primary"}}, "endpoints": ["OS", "PFS_EMA", "ORR"]}
CM = [{"USUBJID": "A", "CMSEQ": n, "ROLE": "new_therapy"} for n in (1, 2, 3)]
CM.append({"USUBJID": "A", "CMSEQ": 4, "ROLE": "prior_therapy"})


@pytest.fixture
def trial(definitions):
    rows = [subject("A"), subject("B", "SOC", sets="RAND"), subject("F", "SCRNFAIL", sets="")]
    ss = [{"USUBJID": "A", "SSSEQ": 1, "ROLE": "survival_status"}]
    return admitted(definitions, rows, STUDY, cm=CM, ss=ss)


def found(*rows):
    return pd.DataFrame(rows, columns=FINDINGS.names)


def test_one_line_a_kind_and_subject_what_touches_the_primary_endpoint_first(trial):
    table = touched_findings(
        trial,
        found(
            ("F-X", "error", "SS", "A", "SSSEQ 1", "odd status"),
            ("F-CM-001", "warning", "CM", "A", "CMSEQ 1", "first"),
            ("F-CM-001", "warning", "CM", "A", "CMSEQ 2", "second"),
            ("F-CM-001", "warning", "CM", "A", "CMSEQ 3", "third"),
            ("F-Y", "note", "RS", "B", "RSSEQ 9", "a reading"),
        ),
    )
    check(table, TOUCHED)
    assert table.values.tolist() == [
        ["F-CM-001", "warning", "CM", "A", "ORR", "Y", "CMSEQ 1, CMSEQ 2, CMSEQ 3", 3, "first"],
        ["F-Y", "note", "RS", "B", "ORR OS PFS_EMA", "Y", "RSSEQ 9", 1, "a reading"],
        ["F-X", "error", "SS", "A", "OS PFS_EMA", "N", "SSSEQ 1", 1, "odd status"],
    ]


def test_a_subject_in_no_set_of_an_endpoint_touches_none(trial):
    table = touched_findings(trial, found(("F-X", "error", "RS", "F", "RSSEQ 1", "odd")))
    assert table[["touches", "primary"]].values.tolist() == [["", "N"]]


def test_a_record_by_which_a_subject_comes_into_a_set_touches_it_all_the_same(trial):
    table = touched_findings(trial, found(("F-X", "error", "DM", "F", "", "odd")))
    assert table["touches"].tolist() == ["ORR OS PFS_EMA; analysis sets"]


def test_a_role_that_no_endpoint_reads_touches_nothing(trial):
    table = touched_findings(trial, found(("F-X", "error", "CM", "A", "CMSEQ 4", "odd")))
    assert table["touches"].tolist() == [""]


def test_findings_of_whole_files_stay_apart(trial):
    rows = [("F-W", "warning", "CM", "", "", f"word {n}") for n in (1, 2)]
    table = touched_findings(trial, found(*rows))
    assert table["message"].tolist() == ["word 1", "word 2"]


def test_without_a_primary_endpoint_every_listed_one_decides(definitions):
    trial = admitted(definitions, [subject("A")], cm=CM)
    table = touched_findings(trial, found(("F-X", "error", "SS", "A", "SSSEQ 1", "odd")))
    assert table["primary"].tolist() == ["Y"]


def test_a_word_that_is_not_understood_touches_what_any_role_of_its_domain_would(trial):
    words = pd.DataFrame(
        [
            ("CM", "CMCAT", "PRIOR", 4, "PRIOR", "prior_therapy", "Y"),
            ("CM", "CMCAT", "MYSTERY", 2, None, None, "N"),
            ("RS", "RSTESTCD", "OVRLRESP", 9, "OVRLRESP", "response", "Y"),
        ],
        columns=WORDS.names,
    )
    table = touched_words(trial, words)
    check(table, TOUCHED_WORDS)
    assert table[["word", "touches"]].values.tolist() == [
        ["MYSTERY", "ORR"],
        ["PRIOR", ""],
        ["OVRLRESP", "ORR OS PFS_EMA"],
    ]
