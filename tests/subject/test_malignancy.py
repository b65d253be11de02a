"""Causality of a second malignancy by the first rule that holds it (specification 4.6)."""

import pandas as pd
import pytest

from cartend.config.safety import Malignancies
from cartend.subject.malignancy import malignancy_cases

BLANK = dict.fromkeys(("TISSUE", "INTCLONE", "INTDRIVR", "CLONEEXP", "PRECLONE"))


def case(term="Peripheral T-cell lymphoma unspecified", **facts):
    row = {"AEDECOD": term, **BLANK, "VCN": float("nan"), **facts}
    return malignancy_cases(Malignancies(), pd.DataFrame([row])).iloc[0].to_dict()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "INDETERMINATE"),
        ({"TISSUE": "N"}, "INDETERMINATE"),
        ({"TISSUE": "Y"}, "POSSIBLE"),
        ({"TISSUE": "Y", "VCN": 0.0}, "UNLIKELY"),
        ({"TISSUE": "Y", "VCN": 0.009}, "UNLIKELY"),
        ({"TISSUE": "Y", "VCN": 0.01}, "POSSIBLE"),
        ({"TISSUE": "Y", "INTCLONE": "NOT DETECTED"}, "UNLIKELY"),
        ({"TISSUE": "Y", "VCN": 1.1, "PRECLONE": "Y", "INTCLONE": "CLONAL"}, "UNLIKELY"),
        ({"TISSUE": "Y", "VCN": 1.1, "INTCLONE": "CLONAL"}, "POSSIBLE"),
        ({"TISSUE": "Y", "INTCLONE": "CLONAL", "INTDRIVR": "Y"}, "POSSIBLE"),
        ({"TISSUE": "Y", "INTCLONE": "CLONAL", "INTDRIVR": "Y", "CLONEEXP": "Y"}, "ATTRIBUTABLE"),
        ({"TISSUE": "Y", "INTCLONE": "POLYCLONAL", "INTDRIVR": "Y", "CLONEEXP": "Y"}, "POSSIBLE"),
    ],
)
def test_the_class_of_a_case(facts, expected):
    assert case(**facts) == {"SPMFL": "Y", "TCELLFL": "Y", "SPMCAUS": expected}


def test_another_malignancy_is_no_t_cell_malignancy():
    assert case("Myelodysplastic syndrome")["TCELLFL"] == "N"


@pytest.mark.parametrize("term", ["Pneumonia", "Malignant neoplasm progression", "Tumour lysis"])
def test_what_is_no_second_malignancy_has_no_class(term):
    assert case(term) == {"SPMFL": "N", "TCELLFL": None, "SPMCAUS": None}
