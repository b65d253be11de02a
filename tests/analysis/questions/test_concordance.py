"""R23: reported response against its components, counted by hand on eight visits."""

import pandas as pd
import pytest
from question_trial import SUBJECTS

# Visits of the review: reported, by the algorithm, every component there.
VISITS = [
    ("CR", "CR", "Y"),
    ("CR", "CR", "Y"),
    ("CR", "PR", "Y"),
    ("PR", "PR", "N"),
    ("SD", "PR", "Y"),
    ("PD", "PD", "Y"),
    ("PD", "PD", "Y"),
    ("NE", "CR", "N"),
]


def adrs():
    rows = []
    for number, (reported, made, complete) in enumerate(VISITS):
        who = {"USUBJID": SUBJECTS[number], "EVAL": "IRC", "ANL02FL": "Y", "SRCSEQ": 1,
               "ADT": pd.Timestamp("2025-03-01"), "VISIT": "W6", "SRCDOM": "RS"}  # fmt: skip
        rows.append({**who, "PARAMCD": "OVR", "VISRESP": reported})
        rows.append({**who, "PARAMCD": "OVRALG", "VISRESP": made, "COMPLETE": complete,
                     "DECIDES": "uptake", "SRCDOM": "TR"})  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def answer(ask):
    return ask("concordance", adrs=adrs())


def test_visits_are_counted_and_add_up(answer):
    assert answer.get("Same category", "n", section="algorithm") == 5
    assert answer.get("Same category", "N", section="algorithm") == 8
    assert answer.get("Same category, every component there", "n") == 4
    assert answer.get("Same category, every component there", "N") == 6
    assert answer.get("CR", "n", section="reported CR, by the algorithm") == 2
    assert answer.get("PR", "n", section="reported CR, by the algorithm") == 1
    assert answer.get("PR", "N", section="reported SD, by the algorithm") == 1


def test_kappa_by_hand(answer):
    # Same 5/8; margins CR 3x3, PR 1x3, SD 1x0, PD 2x2, NE 1x0 of 64: 16/64 expected.
    assert answer.get("Kappa", section="algorithm") == pytest.approx((5 / 8 - 1 / 4) / (3 / 4))
    # Linear, seven evaluable visits, ranks CR PR SD PD: two visits one rank apart, weight 2/3.
    seen = (5 + 2 * 2 / 3) / 7
    first, second = {0: 3, 1: 1, 2: 1, 3: 2}, {0: 2, 1: 3, 3: 2}
    expected = sum(
        n * m * (1 - abs(i - j) / 3) for i, n in first.items() for j, m in second.items()
    ) / 49  # fmt: skip
    weighted = answer.get("evaluable visits", section="algorithm")
    assert weighted == pytest.approx((seen - expected) / (1 - expected))


def test_without_components_the_question_says_so(ask):
    plain = adrs()[lambda rows: rows["PARAMCD"].eq("OVR")]
    notes = ask("concordance", adrs=plain).notes()
    assert notes == {"not estimable: the data hold no components of the response"}
