"""The step functions of the figures."""

import numpy as np
import pytest

from cartend.analysis.curves import COLUMNS, Curves


def steps(run, **where):
    keys = {"evaluator": "IRC", "arm": "", "by": "", "level": "", **where}
    run.build()
    frame = run.curves()
    for name, value in keys.items():
        frame = frame[frame[name] == value]
    return frame


def test_a_survival_curve_has_a_row_a_step_from_day_0(run):
    found = steps(run, paramcd="EFS", arm="SOC")
    assert tuple(found.columns) == COLUMNS
    columns = ["time", "n_risk", "n_event", "n_censor"]
    assert found[columns].values.tolist() == [
        [0, 3, 0, 0],
        [5, 3, 1, 0],
        [8, 2, 1, 0],
        [15, 1, 0, 1],
    ]
    assert found["estimate"].tolist() == pytest.approx([1, 2 / 3, 1 / 3, 1 / 3])
    assert np.isnan(found["lower"].iloc[0])
    assert set(found["curve"]) == {"km"}


def test_incidence_has_one_curve_a_state(run):
    found = steps(run, paramcd="NRM", arm="SOC")
    assert found[found["event"] == "1"]["estimate"].tolist() == pytest.approx([0, 0, 1 / 3, 1 / 3])
    assert found[found["event"] == "2"]["n_event"].tolist() == [0, 1, 0, 0]
    assert set(found["curve"]) == {"cif"}


def test_curves_are_sorted(run):
    run.build()
    frame = run.curves()
    keys = list(COLUMNS[:11])
    assert frame[keys].equals(frame.sort_values(keys, kind="stable")[keys])


def test_without_curves_the_file_has_its_columns(tmp_path):
    frame = Curves("s", "primary").frame()
    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == 0
