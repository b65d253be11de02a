"""Every safety page of a study written: the functions behind the catalog, and their failures."""

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from cartend.analysis.ard import Ard
from cartend.analysis.curves import Curves
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.analysis.safety.catalog import CATALOG
from cartend.analysis.safety.deaths import deaths
from cartend.analysis.safety.exposure import exposure, first_dosing
from cartend.analysis.safety.malignancies import second_malignancies
from cartend.analysis.safety.special_interest import special_interest
from cartend.analysis.safety.subjects import Cohort
from cartend.config.definition import Definition
from cartend.contract.datasets.subject import FOLLOWED_FOR_SAFETY


class Sources(NamedTuple):
    """What the pages are written from."""

    cohort: Cohort
    adtte: pd.DataFrame
    adevt: pd.DataFrame
    definitions: dict[str, Definition]


WRITERS: dict[str, Callable[[Sources, Page], None]] = {
    "exposure": lambda given, page: exposure(given.cohort, page),
    "first_dosing": lambda given, page: first_dosing(given.cohort, page),
    "special_interest": lambda given, page: special_interest(given.cohort, page),
    "deaths": lambda given, page: deaths(given.cohort, page, given.adtte, given.definitions),
    "second_malignancies": lambda given, page: second_malignancies(given.cohort, page, given.adevt),
}


def write_safety(given: Sources, ard: Ard, curves: Curves) -> None:
    """Write every safety page; one that cannot be derived says why."""
    absent = [name for name in FOLLOWED_FOR_SAFETY if name not in given.cohort.adsl]
    for entry in CATALOG:
        page = Page(ard, curves, entry.name)
        try:
            if absent:
                raise NotDerivableError(f"ADSL has no {absent[0]}")
            WRITERS[entry.name](given, page)
        except NotDerivableError as why:
            page.absent(str(why))
