"""The raw endpoint files: finding one, and laying one over another (``based_on``)."""

import re
from pathlib import Path
from typing import Any

from cartend.config.base import ConfigError
from cartend.config.files import deep_merge, read_yaml
from cartend.contract.text import hint

OWN = ("label", "sentence", "paramcd8", "source", "uncertain", "pair", "estimand")
"""Keys that describe a definition; a change of any other key changes what it means."""

SECTIONS = ("events", "intercurrent_events", "censoring")
"""The keys that hold rules by id."""


class Templates:
    """Endpoint files by id, ``based_on`` already laid out."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._files: dict[str, Path] = {}
        for folder in reversed(folders):
            for path in sorted((folder / "endpoints").glob("*.yaml")):
                self._files[path.stem] = path
        self._raw: dict[str, dict[str, Any]] = {}
        self._open: list[str] = []

    @property
    def known(self) -> list[str]:
        """The ids of all endpoint files."""
        return sorted(self._files)

    def shipped(self, endpoint: str, asked_in: str) -> dict[str, Any]:
        """Return the full mapping of an endpoint file."""
        if endpoint not in self._files:
            raise ConfigError(
                f"{asked_in}: endpoint {endpoint} is not known; known: {', '.join(self.known)}"
                f"{hint(endpoint, self.known)}"
            )
        if endpoint not in self._raw:
            path = self._files[endpoint]
            content = read_yaml(path)
            if content.get("id") != endpoint:
                raise ConfigError(f"{path}: key id: {content.get('id')!r} is not the file's name")
            if endpoint in self._open:
                circle = " -> ".join([*self._open[self._open.index(endpoint) :], endpoint])
                raise ConfigError(f"{path}: key based_on: the endpoints go in a circle: {circle}")
            self._open.append(endpoint)
            self._raw[endpoint] = self._laid_over(endpoint, content, str(path))
            self._open.pop()
        return self._raw[endpoint]

    def overridden(
        self, endpoint: str, scenario: dict[str, Any], where: str, asked: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Return a shipped endpoint with a scenario's values laid over, or a new endpoint.

        ``scenario`` holds what it says of each endpoint; a new endpoint may be based on another
        new one of the same scenario, ``asked`` are those that lead here. What is based on a
        shipped endpoint is based on it as shipped.
        """
        over = scenario[endpoint]
        if not isinstance(over, dict) or not over:
            raise ConfigError(f"{where}: key endpoints.{endpoint}: a mapping of keys is expected")
        if "based_on" in over or "kind" in over:
            if endpoint in self._files and over.get("based_on") != endpoint:
                raise ConfigError(
                    f"{where}: key endpoints.{endpoint}: an endpoint of that id is shipped; "
                    "leave out based_on to change it, or choose another id"
                )
            base_name, content = over.get("based_on"), {**over, "id": endpoint}
            if base_name in (None, endpoint, *self._files) or base_name not in scenario:
                return self._laid_over(endpoint, content, where)
            asked = (*asked, endpoint)
            if base_name in asked:
                circle = " -> ".join([*asked[asked.index(base_name) :], base_name])
                raise ConfigError(
                    f"{where}: key endpoints.{endpoint}.based_on: the endpoints go in a circle: "
                    f"{circle}"
                )
            base = self.overridden(base_name, scenario, where, asked)
            return self._on(endpoint, base, content, where)
        base = self.shipped(endpoint, where)
        _removes_what_is_there(base, over, f"{where}: key endpoints.{endpoint}")
        return self._merged(endpoint, base, over, keep_name=True)

    def lineage(self, endpoint: str, scenario: dict[str, Any]) -> list[str]:
        """Return an endpoint of a scenario and what it is based on, nearest first."""
        names, content = [endpoint], scenario[endpoint]
        while isinstance(content, dict) and content.get("based_on") not in (None, *names):
            name = content["based_on"]
            names.append(name)
            content = read_yaml(self._files[name]) if name in self._files else scenario.get(name)
        return names

    def _laid_over(self, endpoint: str, content: dict[str, Any], where: str) -> dict[str, Any]:
        base_name = content.get("based_on")
        if base_name is None:
            return content
        if base_name == endpoint:
            raise ConfigError(f"{where}: key based_on: {endpoint} is based on itself")
        return self._on(endpoint, self.shipped(base_name, where), content, where)

    def _on(
        self, endpoint: str, base: dict[str, Any], content: dict[str, Any], where: str
    ) -> dict[str, Any]:
        over = {key: value for key, value in content.items() if key != "based_on"}
        _removes_what_is_there(base, over, f"{where}: endpoint {endpoint}")
        return self._merged(endpoint, base, over, keep_name=False)

    @staticmethod
    def _merged(
        endpoint: str, base: dict[str, Any], over: dict[str, Any], *, keep_name: bool
    ) -> dict[str, Any]:
        """Lay ``over`` on ``base``; a sentence that no longer tells the rule is dropped.

        The shipped SAP sentence belongs to the shipped rules. Once a rule differs, the sentence
        is composed anew from the rules, so that what is printed is what was run.
        """
        meaning_changed = any(key not in OWN for key in over if key != "id")
        kept = dict(base)
        if meaning_changed:
            kept.pop("sentence", None)
            kept["estimand"] = {
                k: v
                for k, v in base.get("estimand", {}).items()
                if k not in ("variable", "intercurrent_events")
            }
            for section in ("events", "intercurrent_events"):
                touched = set(over.get(section) or {})
                kept[section] = {
                    name: {k: v for k, v in rule.items() if k != "sentence"}
                    if name in touched
                    else rule
                    for name, rule in base.get(section, {}).items()
                }
                if not kept[section]:
                    kept.pop(section)
        merged = deep_merge(kept, over)
        if not keep_name:
            merged["id"] = endpoint
            merged.setdefault("label", endpoint)
            if "label" not in over:
                merged["label"] = f"{base['label']} ({endpoint})"
            if "paramcd8" not in over:
                merged["paramcd8"] = short_name(endpoint)
        return merged


def _removes_what_is_there(base: dict[str, Any], over: dict[str, Any], where: str) -> None:
    """Stop where ``null`` is to remove a rule that the base does not have."""
    for section in SECTIONS:
        rules = over.get(section)
        known = list(base.get(section) or {})
        for name, rule in rules.items() if isinstance(rules, dict) else ():
            if rule is None and name not in known:
                raise ConfigError(
                    f"{where}: key {section}.{name}: there is no such rule to remove; rules: "
                    f"{', '.join(known)}{hint(name, known)}"
                )


def short_name(endpoint: str) -> str:
    """Return at most 8 letters and digits for the transport file (D20).

    The first four and the last four keep apart what a family of definitions differs in.
    """
    plain = re.sub(r"[^A-Z0-9]", "", endpoint.upper())
    return plain if len(plain) <= 8 else plain[:4] + plain[-4:]
