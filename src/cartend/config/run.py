"""The typed form of ``config/config.yaml`` and of ``config/scenarios/<name>.yaml``."""

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from cartend.config.base import Model
from cartend.config.grid import Grid
from cartend.config.study import Role
from cartend.contract.terms.estimand import ENDPOINT_ROLE

TableFormat = Literal["html", "csv", "rtf"]
FigureFormat = Literal["svg", "png", "pdf"]


class Budget(Model):
    """How many figures of endpoints a scenario draws; the report names those it leaves out."""

    primary: int = Field(default=20, ge=0, description="in scenario primary")
    others: int = Field(default=8, ge=0, description="in any other scenario")
    bridging: tuple[Role, ...] = Field(
        default=ENDPOINT_ROLE.group("by_bridging"),
        description="roles of the endpoints that are drawn by bridging therapy",
    )


class Formats(Model):
    """Which files are written; a format that is not listed is not written (D26)."""

    tables: tuple[TableFormat, ...] = ("html", "csv")
    figures: tuple[FigureFormat, ...] = ("svg", "png")
    budget: Budget = Budget()

    @field_validator("tables", mode="before")
    @classmethod
    def _no_pdf_without_typst(cls, tables: Any) -> Any:
        if not isinstance(tables, (list, tuple)):
            return tables
        if "pdf" in tables:
            raise ValueError(
                "tables as pdf need the package typst, which is not among the locked requirements; "
                "allowed are html, csv and rtf"
            )
        return tuple(tables)


class RunConfig(Model):
    """Which studies, which scenarios, where to and in what formats."""

    studies: tuple[str, ...] = Field(min_length=1)
    scenarios: tuple[str, ...] = ()
    results: str = Field(
        default="results", min_length=1, description="folder of the results, relative or absolute"
    )
    formats: Formats = Formats()
    language: Literal["en"] = "en"

    @field_validator("results")
    @classmethod
    def _results_are_a_folder_of_their_own(cls, results: str) -> str:
        plain = results.strip()
        if plain != results or not plain or set(plain) <= {"/", ".", "\\"}:
            raise ValueError(f"{results!r} is no folder of its own; name one, e.g. results")
        if odd := [sign for sign in '{}*?"<>|\n\0' if sign in results]:
            raise ValueError(f"{results!r} holds {odd[0]!r}, which no path of results may")
        return results


class Scenario(Model):
    """Overrides on top of the shipped endpoint definitions, new definitions, or a grid (D27)."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    describe: str
    studies: tuple[str, ...] | None = None
    endpoints: dict[str, Any] = {}
    grid: Grid | None = None

    @model_validator(mode="after")
    def _endpoints_or_grid(self) -> "Scenario":
        if bool(self.endpoints) == (self.grid is not None):
            raise ValueError("a scenario has either endpoints (one at least) or a grid")
        return self
