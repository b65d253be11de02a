"""The rules of a study that stand in files of their own: bridging, safety, eligibility."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cartend.config.base import ConfigError, Model
from cartend.config.bridging import Bridging, in_order
from cartend.config.eligibility import Criterion, Eligibility
from cartend.config.eligibility import in_order as in_sequence
from cartend.config.files import deep_merge, read_yaml, validate
from cartend.config.finder import SHIPPED, Finder
from cartend.config.safety import Safety
from cartend.config.study import Study

Find = Callable[[str, str], Path]


class Rules(Model):
    """What a study says of bridging, safety, and of who may enter (None: no rules are held)."""

    bridging: Bridging
    safety: Safety
    eligibility: Eligibility | None = None


def load_rules(study: Study, find: Find) -> Rules:
    """Return the rules that a study names; ``find`` returns the file of a kind and name.

    Raises
    ------
    ConfigError
        One sentence with file, key, value and what is allowed.
    """
    bridging = ordered_bridging(_typed(Bridging, "bridging", study.bridging, find))
    safety = _typed(Safety, "safety", study.safety, find)
    if study.eligibility is None:
        return Rules(bridging=bridging, safety=safety)
    eligibility = _typed(Eligibility, "eligibility", study.eligibility, find)
    criteria = ordered_criteria(eligibility.criteria)
    eligibility = eligibility.model_copy(update={"criteria": criteria})
    return Rules(bridging=bridging, safety=safety, eligibility=eligibility)


def shipped_rules(study: Study) -> Rules:
    """Return the rules that a study names, of the shipped files."""
    return load_rules(study, Finder(SHIPPED.parent, (SHIPPED,)).find)


def ordered_bridging(bridging: Bridging) -> Bridging:
    """Return the rules with their place as ``order``: mappings lose theirs on the way to a job."""
    numbered = {}
    for name in ("taxonomy", "washout"):
        rules = getattr(bridging, name)
        numbered[name] = {
            rule: rules[rule].model_copy(update={"order": place})
            for place, rule in enumerate(in_order(rules), start=1)
        }
    return bridging.model_copy(update=numbered)


def ordered_criteria(criteria: dict[str, Criterion]) -> dict[str, Criterion]:
    """Return criteria, and the parts of each, with their place as ``order``."""
    return {
        name: criterion.model_copy(
            update={
                "order": place,
                "any": ordered_criteria(criterion.any),
                "all": ordered_criteria(criterion.all),
            }
        )
        for place, (name, criterion) in enumerate(in_sequence(criteria).items(), start=1)
    }


def _typed(model: type[Model], kind: str, name: str, find: Find) -> Any:
    path = find(kind, name)
    return validate(model, _laid_over(kind, name, find, ()), str(path))


def _laid_over(kind: str, name: str, find: Find, open_files: tuple[Path, ...]) -> dict[str, Any]:
    """Return the content of a file laid over the one that it is based on."""
    path = find(kind, name)
    content = read_yaml(path)
    if path in open_files:
        circle = " -> ".join(file.stem for file in (*open_files, path))
        raise ConfigError(f"{path}: key based_on: the files go in a circle: {circle}")
    if content.get("id") != path.stem:
        raise ConfigError(f"{path}: key id: {content.get('id')!r} is not the file's name")
    base = content.pop("based_on", None)
    if base is None:
        return content
    if not isinstance(base, str):
        raise ConfigError(f"{path}: key based_on: {base!r} is no name of a file")
    return deep_merge(_laid_over(kind, base, find, (*open_files, path)), content)
