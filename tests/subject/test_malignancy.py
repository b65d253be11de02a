"""Causality of a second malignancy by the first rule that holds it (specification 4.6)."""

import pandas as pd
import pytest

from cartend.config.safety import Malignancies
from cartend.subject.malignancy import malignancy_cases

BLANK = dict.fromkeys(("SPMTYPE", "TISSUE", "INTCLON", "DRIVERNR", "EXPCLON", "TCRPRE", "MUTPRE"))


def case(term="Peripheral T-cell lymphoma unspecified", **facts):
    row = {"AEDECOD": term, **BLANK, "TGCOPIES": float("nan"), **facts}
    return malignancy_cases(Malignancies(), pd.DataFrame([row])).iloc[0].to_dict()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "INDETERMINATE"),
        ({"TISSUE": "N"}, "INDETERMINATE"),
        ({"TISSUE": "Y"}, "POSSIBLE"),
        ({"TISSUE": "Y", "TGCOPIES": 0.0}, "UNLIKELY"),
        ({"TISSUE": "Y", "TGCOPIES": 0.009}, "UNLIKELY"),
        ({"TISSUE": "Y", "TGCOPIES": 0.01}, "POSSIBLE"),
        ({"TISSUE": "Y", "INTCLON": "NOT DETECTED"}, "UNLIKELY"),
        ({"TISSUE": "Y", "TGCOPIES": 1.1, "TCRPRE": "Y", "INTCLON": "CLONAL"}, "UNLIKELY"),
        ({"TISSUE": "Y", "TGCOPIES": 1.1, "INTCLON": "CLONAL"}, "POSSIBLE"),
        ({"TISSUE": "Y", "INTCLON": "CLONAL", "DRIVERNR": "Y"}, "POSSIBLE"),
        ({"TISSUE": "Y", "INTCLON": "CLONAL", "DRIVERNR": "Y", "EXPCLON": "Y"}, "ATTRIBUTABLE"),
        (
            {"INTCLON": "CLONAL", "DRIVERNR": "Y", "EXPCLON": "Y", "MUTPRE": "Y"},
            "POSSIBLE",
        ),
        ({"TISSUE": "Y", "INTCLON": "POLYCLONAL", "DRIVERNR": "Y", "EXPCLON": "Y"}, "POSSIBLE"),
    ],
)
def test_the_class_of_a_case(facts, expected):
    assert case(**facts) == {"SPMFL": "Y", "SPMTYPE": "T-CELL", "TCELLFL": "Y", "SPMCAUS": expected}


@pytest.mark.parametrize(
    ("term", "recorded", "kind"),
    [
        ("Myelodysplastic syndrome", None, "OTHER"),
        ("Myelodysplastic syndrome", "MYELOID", "MYELOID"),
        ("Basal cell carcinoma", None, "SKIN"),
        ("Lymphoma", "T-CELL", "T-CELL"),
    ],
)
def test_the_kind_is_as_recorded_or_by_the_term(term, recorded, kind):
    found = case(term, SPMTYPE=recorded)
    assert (found["SPMTYPE"], found["TCELLFL"]) == (kind, "Y" if kind == "T-CELL" else "N")


@pytest.mark.parametrize("term", ["Pneumonia", "Malignant neoplasm progression", "Tumour lysis"])
def test_what_is_no_second_malignancy_has_no_class(term):
    assert case(term) == {"SPMFL": "N", "SPMTYPE": None, "TCELLFL": None, "SPMCAUS": None}
