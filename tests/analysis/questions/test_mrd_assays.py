"""R29: samples that are negative and yet detectable are counted on a row of their own (D52)."""

import pandas as pd
from question_trial import START

SECTION = "Negative and yet detectable"
LINE = "Detectable below the threshold, of negative samples"


def samples(*rows):
    """Return ADMRD of samples: subject, call, whether detectable below the threshold."""
    made = [
        {
            "USUBJID": subject,
            "ADT": START + pd.Timedelta(days=30),
            "LBBLFL": None,
            "AVALC": call,
            "DETBLFL": below,
            "ANL01FL": "Y",
            "AVAL": 5e-5,
            "CALLRS": "",
            "LBMETHOD": "NGS",
            "LBSPEC": "BONE MARROW",
            "LBLLOD": 1e-6,
            "MRDCELLS": 5e6,
            "HEMODIL": "N",
            "TRACKABL": "Y",
        }
        for subject, call, below in rows
    ]
    return pd.DataFrame(made)


def test_negative_samples_that_are_detectable_are_counted_by_arm(ask):
    frame = samples(("A1", "NEG", "Y"), ("A2", "NEG", "N"), ("A3", "POS", "N"), ("B1", "NEG", "N"))
    answer = ask("mrd_assays", admrd=frame)
    assert (answer.get(LINE, "n", section=SECTION), answer.get(LINE, "N", section=SECTION)) == (
        1,
        3,
    )
    by_arm = [
        (answer.get(LINE, "n", arm, SECTION), answer.get(LINE, "N", arm, SECTION))
        for arm in ("CART", "SOC")
    ]
    assert by_arm == [(1, 2), (0, 1)]
