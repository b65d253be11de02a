"""How the tests of this folder ask a question of the trial of eight subjects."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from answers import Answer  # noqa: E402
from degenerate_trial import ENDPOINTS, Whole, whole_trial  # noqa: E402
from question_trial import material  # noqa: E402
from tiny_trial import make_study  # noqa: E402

from cartend.analysis.ard import Ard  # noqa: E402
from cartend.analysis.curves import Curves  # noqa: E402
from cartend.analysis.questions.registry import answer_questions  # noqa: E402


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


@pytest.fixture(scope="session")
def wholes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Whole]:
    """Return a small trial of each design, cut out of the shipped ones, with every question."""
    return {name: whole_trial(name, tmp_path_factory.mktemp(name)) for name in ENDPOINTS}
