"""R28: calls at other thresholds, and MRD at a landmark, by hand."""

import numpy as np
import pandas as pd
import pytest
from question_trial import START

from cartend.analysis.questions.mrd_and_survival import called_at
from cartend.config.study import Mrd

PLAN = Mrd()


def sample(**changes: object) -> dict:
    standard = {"LBSPEC": "BONE MARROW", "LBMETHOD": "NGS", "LBLLOD": 1e-6, "MRDCELLS": 5e6}
    return {**standard, "HEMODIL": "N", "TRACKABL": "Y", "AVAL": np.nan, "AVALC": "NEG", **changes}


@pytest.mark.parametrize(
    ("changes", "threshold", "call"),
    [
        ({}, 1e-6, "NEG"),
        ({"LBLLOD": 1e-5}, 1e-6, "INDETERMINATE"),
        ({"MRDCELLS": 4e5}, 1e-5, "NEG"),
        ({"MRDCELLS": 2e5}, 1e-5, "INDETERMINATE"),
        ({"AVAL": 3e-5}, 1e-5, "POS"),
        ({"AVAL": 3e-5}, 1e-4, "NEG"),
        ({"AVALC": "POS"}, 1e-5, "POS"),
        ({"AVALC": "INDETERMINATE"}, 1e-5, "INDETERMINATE"),
        ({"HEMODIL": "Y", "AVAL": 0.0}, 1e-4, "INDETERMINATE"),
    ],
)
def test_a_sample_is_called_by_level_and_by_what_its_assay_could_show(changes, threshold, call):
    assert called_at(pd.DataFrame([sample(**changes)]), PLAN, threshold).tolist() == [call]


def samples(*rows: tuple) -> pd.DataFrame:
    made = [sample(USUBJID=s, ANL01FL="Y", AVALC=c, LBLLOD=lod) for s, _, c, lod in rows]
    frame = pd.DataFrame(made)
    return frame.assign(ADT=[START + pd.Timedelta(days=row[1] - 1) for row in rows])


OPTIONS = {"landmarks": [25], "thresholds": [1e-4], "horizon": 100}


def test_the_last_adequate_sample_before_the_landmark_decides(ask):
    frame = samples(
        ("A2", 10, "NEG", 1e-6),
        ("A2", 20, "POS", 1e-6),
        ("A4", 10, "POS", 1e-6),
        ("A4", 20, "NEG", 1e-6),
        ("B3", 24, "NEG", 1e-6),
        ("B4", 26, "NEG", 1e-6),
    )
    answer = ask("mrd_and_survival", OPTIONS, admrd=frame)
    section = "PFS by MRD at 0.0001"
    assert answer.get("day 25: MRD negative, 100 days later (%)", "N", section=section) == 2
    assert answer.get("day 25: MRD positive, 100 days later (%)", "N", section=section) == 1
    # A4 (PFS 100) and B3 (50) are negative: both progress within 100 days of day 25
    assert answer.get("day 25: MRD negative, 100 days later (%)", section=section) == 0
    assert answer.get("left out, never assessed by then", "n", "SOC", section) == 2  # B2, B4


def test_samples_of_an_assay_that_cannot_show_the_threshold_are_left_out_even_if_positive(ask):
    frame = samples(("A2", 10, "NEG", 1e-6), ("A4", 10, "POS", 1e-3))
    answer = ask("mrd_and_survival", OPTIONS, admrd=frame)
    section = "PFS by MRD at 0.0001"
    assert answer.get("day 25: MRD positive, 100 days later (%)", "N", section=section) == 0


def test_without_samples_the_question_says_so(ask):
    assert ask("mrd_and_survival").notes() == {
        "not estimable: the study has no MRD samples (ADMRD)"
    }
