"""Every question of a study answered: the functions behind the catalog, and their failures."""

from collections.abc import Callable

from cartend.analysis.ard import Ard
from cartend.analysis.curves import Curves
from cartend.analysis.questions.catalog import FILES, wanted
from cartend.analysis.questions.material import Material
from cartend.analysis.questions.page import NotDerivableError, Page

ANSWERS: dict[str, Callable[[Material, Page], None]] = {
    file.ENTRY.name: file.answer for file in FILES
}


def answer_questions(material: Material, ard: Ard, curves: Curves) -> None:
    """Write the answer to every question of the study; one that cannot be answered says why."""
    for entry in wanted(material.study):
        page = Page(ard, curves, entry.name)
        try:
            ANSWERS[entry.name](material, page)
        except NotDerivableError as absent:
            page.absent(str(absent))
