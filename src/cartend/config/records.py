"""The roles of records (decision D38): which rows of the input the pipeline looks for.

The shipped ones are ``config/records/default.yaml``; a role that a study file names under
``records`` replaces the shipped one whole, and null switches it off.
"""

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field, model_validator

from cartend.config.base import Model
from cartend.config.files import read_yaml, validate
from cartend.contract.datasets.sdtm import SDTM
from cartend.contract.terms.roles import DATED_AS, ROLE, own_label

SHIPPED = Path(__file__).resolve().parents[3] / "config" / "records" / "default.yaml"
Words = dict[str, tuple[str, ...]]


class Selection(Model):
    """Some rows of one domain: those in which every column of ``where`` has one of its words.

    ``unless`` takes out the rows in which every column of it has one of its words.
    """

    model_config = ConfigDict(serialize_by_alias=True)

    domain: str = Field(alias="from", description="domain of the rows, as CM")
    where: Words = {}
    unless: Words = {}

    @model_validator(mode="before")
    @classmethod
    def _one_word_or_several(cls, content: Any) -> Any:
        if not isinstance(content, dict):
            return content
        made = dict(content)
        for key in ("where", "unless"):
            if isinstance(made.get(key), dict):
                made[key] = {str(c).upper(): _as_tuple(words) for c, words in made[key].items()}
        if isinstance(made.get("from"), str):
            made["from"] = made["from"].upper()
        return made

    @model_validator(mode="after")
    def _domain_is_read(self) -> "Selection":
        if self.domain.lower() not in SDTM:
            raise ValueError(
                f"from: {self.domain} is no domain that is read; allowed: "
                f"{', '.join(name.upper() for name in SDTM)}"
            )
        empty = [
            column for part in (self.where, self.unless) for column, w in part.items() if not w
        ]
        if empty:
            raise ValueError(f"{empty[0]} has no word; name one at least, or leave the column out")
        return self


def _as_tuple(value: Any) -> Any:
    """Return a list, or one text or mapping alone, as a tuple, as strict typing wants it."""
    if isinstance(value, (str, dict)):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


class Role(Model):
    """What has a role: one selection of rows or several, any of which gives it.

    ``label`` is what a page prints for a role of the study's own.
    """

    records: tuple[Selection, ...] = Field(min_length=1)
    label: str = ""
    shipped: bool = Field(default=False, description="set where the study file does not name it")

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, content: Any) -> Any:
        if isinstance(content, dict) and "records" not in content:
            selection = {key: value for key, value in content.items() if key != "label"}
            return {"records": (selection,)} | {k: v for k, v in content.items() if k == "label"}
        if isinstance(content, (list, tuple)):
            return {"records": tuple(content)}
        if isinstance(content, dict):
            return {**content, "records": _as_tuple(content["records"])}
        return content


Records = dict[str, Role | None]


class _File(Model):
    """The typed form of ``config/records/default.yaml``."""

    roles: Records


@cache
def shipped_records() -> Records:
    """Return the shipped roles, all of them, each marked as shipped."""
    file: _File = validate(_File, {"roles": read_yaml(SHIPPED)}, str(SHIPPED))
    return {
        name: role.model_copy(update={"shipped": True}) if role is not None else None
        for name, role in file.roles.items()
    }


def all_records(named: Records) -> Records:
    """Return every role of a study: those it names, the shipped one for each other.

    Order: the shipped ids as the contract lists them, then the study's own as it lists them.
    """
    shipped = shipped_records()
    merged = {name: named.get(name, shipped.get(name)) for name in ROLE}
    return merged | {name: role for name, role in named.items() if name not in merged}


def own_roles(records: Records) -> dict[str, Role]:
    """Return the roles that a study adds to the shipped ones, by id."""
    return {name: role for name, role in records.items() if role is not None and name not in ROLE}


def dated_roles(named: Records) -> list[str]:
    """Return the roles whose records are dated events of their own, for ``type: RECORD``.

    Those of the study's own whose domain has a date, and some of the shipped ones.
    """
    records = all_records(named)
    own = [name for name, role in own_roles(records).items() if _has_date(role)]
    return own + [name for name in DATED_AS if records[name] is not None]


def _has_date(role: Role) -> bool:
    """Return whether every record of a role has a date by which it may be an event."""
    domains = {selection.domain.lower() for selection in role.records}
    return all(
        f"{name.upper()}STDTC" in SDTM[name].names or f"{name.upper()}DTC" in SDTM[name].names
        for name in domains
    )


def label_of(name: str, role: Role | None) -> str:
    """Return what a page prints for a role."""
    if name in ROLE:
        return ROLE.label(name)
    return own_label(name, role.label if role is not None else "")
