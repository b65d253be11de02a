"""The levels of a stratifier in the order in which results stand."""

from collections.abc import Iterable, Mapping

import pandas as pd

from cartend.analysis.plan import MISSING, stratifiers
from cartend.config.study import Study
from cartend.contract.text import normal

Places = Mapping[str, Mapping[str, float]]
"""By stratifier the place of each level; a stratifier that is sorted as text has none."""
TWIN = "N"
"""The ending of the column that holds a level's number (ADaM: RISKN of RISK)."""


def level_places(study: Study, frames: Iterable[pd.DataFrame]) -> Places:
    """Return the place of every level of the stratifiers that are not sorted as text.

    1. The order of the study file (``levels``); what it does not name comes after it, as text.
    2. The numeric twin column of ADSL, where each level has one number of its own.
    3. The number itself, where every level is one.
    ``frames`` (ADSL the first) hold the stratifiers without missing values; level ``MISSING`` is
    the last.
    """
    adsl, *others = frames
    found = {}
    for name in stratifiers(study):
        held = {str(one) for frame in (adsl, *others) if name in frame for one in set(frame[name])}
        ordered = _by_study(study, name, held) or _by_twin(adsl, name, held) or _by_number(held)
        if ordered:
            places = {level: float(place) for place, level in enumerate(ordered)}
            found[name] = {**places, MISSING: float(len(ordered))}
    return found


def _by_study(study: Study, name: str, held: set[str]) -> list[str]:
    named = [normal(level) for level in study.levels.get(name, ())]
    if not named:
        return []
    place = {level: number for number, level in enumerate(named)}
    return sorted(held - {MISSING}, key=lambda level: (place.get(normal(level), len(named)), level))


def _by_twin(adsl: pd.DataFrame, name: str, held: set[str]) -> list[str]:
    if name not in adsl or f"{name}{TWIN}" not in adsl:
        return []
    number = pd.to_numeric(adsl[f"{name}{TWIN}"], errors="coerce")
    pairs = pd.DataFrame({"level": adsl[name].astype(str), "number": number})
    pairs = pairs[pairs["level"].ne(MISSING)].drop_duplicates()
    levels = held - {MISSING}
    told = pairs["number"].notna().all() and set(pairs["level"]) == levels
    if not told or pairs["level"].duplicated().any() or pairs["number"].duplicated().any():
        return []
    return pairs.sort_values("number")["level"].tolist()


def _by_number(held: set[str]) -> list[str]:
    levels = sorted(held - {MISSING})
    numbers = pd.to_numeric(pd.Series(levels, dtype=object), errors="coerce")
    if not levels or numbers.isna().any():
        return []
    return [levels[place] for place in numbers.argsort(kind="stable")]


def sort_key(places: Places, labels: tuple, by: int) -> tuple:
    """Return the key by which labels are sorted; ``by`` is the place of the stratifier in them.

    The level stands after it.
    """
    level = labels[by + 1]
    place = places.get(labels[by], {}).get(level, 0.0)
    return (*labels[: by + 1], (place, level), *labels[by + 2 :])
