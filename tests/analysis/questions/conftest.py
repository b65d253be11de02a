"""How the tests of this folder ask a question of the trial of eight subjects."""

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from question_trial import material  # noqa: E402
from tiny_trial import make_study  # noqa: E402

from cartend.analysis.ard import Ard  # noqa: E402
from cartend.analysis.curves import Curves  # noqa: E402
from cartend.analysis.questions.registry import answer_questions  # noqa: E402


class Answer:
    """The rows of one question, asked for by section and line."""

    def __init__(self, rows: list[tuple], curves: pd.DataFrame) -> None:
        self.rows, self.curves = rows, curves

    def get(self, line: str, statistic: str = "estimate", arm: str = "", section: str = ""):
        """Return the one value of a line that ends so, of a section that ends so."""
        found = [
            row[14]
            for row in self.rows
            if row[7].endswith(line) and row[13] == statistic and row[5] == arm
            if row[6].endswith(section)
        ]
        assert len(found) == 1, (line, statistic, arm, found)
        return found[0]

    def notes(self, section: str = "") -> set[str]:
        """Return the reasons of a section."""
        return {row[15] for row in self.rows if row[6].endswith(section) and row[15]}


@pytest.fixture(scope="session")
def ask() -> Callable[..., Answer]:
    """Return the function that answers one question of the trial."""

    def answered(name: str, options: dict | None = None, **changes: object) -> Answer:
        content = {"run": [name], **({name: options} if options else {})}
        study = make_study(analyses=content, strata=[], **changes.pop("study", {}))
        ard, curves = Ard("tiny", "primary"), Curves("tiny", "primary")
        answer_questions(material(study, **changes), ard, curves)
        return Answer(ard.sorted_rows(), curves.frame())

    return answered
