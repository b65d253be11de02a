"""The rules of a study that stand in files of their own: bridging, eligibility."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cartend.config.base import ConfigError, Model
from cartend.config.bridging import Bridging
from cartend.config.eligibility import Eligibility
from cartend.config.files import deep_merge, read_yaml, validate
from cartend.config.study import Study

Find = Callable[[str, str], Path]


class Rules(Model):
    """What a study says of bridging, and of who may enter (None: no rules are held)."""

    bridging: Bridging
    eligibility: Eligibility | None = None


def load_rules(study: Study, find: Find) -> Rules:
    """Return the rules that a study names; ``find`` returns the file of a kind and name.

    Raises
    ------
    ConfigError
        One sentence with file, key, value and what is allowed.
    """
    bridging = _typed(Bridging, "bridging", study.bridging, find)
    if study.eligibility is None:
        return Rules(bridging=bridging)
    eligibility = _typed(Eligibility, "eligibility", study.eligibility, find)
    return Rules(bridging=bridging, eligibility=eligibility)


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
