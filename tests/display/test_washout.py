"""The washout plot draws every subject and class once, with its worst record."""

import pandas as pd
from matplotlib.axes import Axes

from cartend.config.load import load_config
from cartend.display import theme
from cartend.display.washout import marks_of, washout_figure
from cartend.display.words import Heading

COLUMNS = ["USUBJID", "WOLDID", "WOLDDESC", "LDLIM", "LDLO", "LDHI", "WOLD"]
ROWS = [
    ("A", "W1", "Alkylator", 14, 20, 20, "COMPLIANT"),
    ("A", "W1", "Alkylator", 14, 10, 10, "VIOLATED"),  # the worst of A's records counts
    ("B", "W1", "Alkylator", 14, None, None, "UNKNOWN"),
    ("C", "W1", "Alkylator", 14, 2, 29, "UNKNOWN"),
    ("C", "W2", "Corticosteroid", 3, 3, 3, "COMPLIANT"),
    ("D", "W2", "Corticosteroid", 3, None, None, "NOT APPLICABLE"),
]


def adbrdg(rows=ROWS):
    frame = pd.DataFrame(rows, columns=COLUMNS)
    none = {"WOLAID": None, "WOLADESC": None, "LALIM": None, "LALO": None, "LAHI": None}
    return frame.assign(**none, WOLA="NOT APPLICABLE")


def heading():
    resolved = load_config({"studies": ["ball-single-arm"]})
    return Heading(resolved.studies["ball-single-arm"], "primary", "2026-06-30")


def test_each_subject_stands_once_a_class_with_its_worst_record():
    marks = marks_of(adbrdg(), "LD")
    assert marks[["USUBJID", "ID", "VERDICT"]].to_numpy().tolist() == [
        ["C", "W1", "UNKNOWN"],
        ["A", "W1", "VIOLATED"],
        ["B", "W1", "UNKNOWN"],
        ["C", "W2", "COMPLIANT"],
    ]


def test_every_mark_is_drawn_and_the_limit_beside_it():
    with theme.styled():
        figure, words = washout_figure(heading(), adbrdg())
    dated, undated = (axes for axes in figure.axes if isinstance(axes, Axes))
    drawn = [line for line in dated.lines if line.get_linestyle() == "None"]
    assert sorted(x for line in drawn for x in line.get_xdata()) == [2, 3, 10]
    limits = [line for line in dated.lines if line.get_linewidth() == 1.6]
    assert [line.get_xdata()[0] for line in limits] == [14, 3]
    assert [len(line.get_xdata()) for line in undated.lines if line.get_marker() == "D"] == [1]
    low, high = dated.get_xlim()
    assert low < 0 < 29 < high
    assert words.title.startswith("Washout: days from the last dose")


def test_without_a_limit_nothing_is_drawn():
    assert washout_figure(heading(), adbrdg(ROWS[-1:])) == (None, None)
