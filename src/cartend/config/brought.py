"""What a study says of ADaM datasets that are brought: parameter codes and columns (D25, D38)."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from cartend.config.base import Model, Word
from cartend.contract.terms.assessment import EVALUATOR
from cartend.contract.text import hint


class BroughtTime(Model):
    """Which endpoint and evaluator one PARAMCD of a brought ADTTE is."""

    endpoint: str
    evaluator: Annotated[str, Word(*EVALUATOR)] | None = None


class Columns(Model):
    """For ``entry: adam``: our column names mapped to those of the files (D25)."""

    adsl: dict[str, str] = {}
    adrs: dict[str, str] = {}
    adtte: dict[str, str] = {}

    def with_those_of(self, other: "Columns") -> "Columns":
        """Return the columns of both."""
        return Columns(
            **{name: {**getattr(self, name), **getattr(other, name)} for name in DATASETS}
        )


DATASETS = tuple(Columns.model_fields)


class Adam(Model):
    """For ``entry: adam``: what the parameter codes and columns of the files mean (D38)."""

    adtte: dict[str, BroughtTime] = Field(
        default={}, description="PARAMCD of ADTTE: endpoint and evaluator"
    )
    adrs: dict[str, Annotated[str, Word(*EVALUATOR)]] = Field(
        default={}, description="PARAMCD of ADRS that holds visit responses: evaluator"
    )
    columns: Columns = Columns()


def check_adam(adam: Adam, columns: Columns, entry: str, endpoints: Iterable[str]) -> None:
    """Stop where ADaM is spoken of and none is brought, or a code or column means two things.

    Raises
    ------
    ValueError
        One sentence with the key.
    """
    if entry != "adam" and adam != Adam():
        raise ValueError("key adam means nothing for entry: sdtm; it belongs to entry: adam")
    listed = list(endpoints)  # a job that knows nothing of endpoints is told none
    taken: dict[tuple[str, str | None], str] = {}
    for code, brought in adam.adtte.items():
        other = taken.setdefault((brought.endpoint, brought.evaluator), code)
        if other != code:
            raise ValueError(
                f"key adam.adtte.{code}: {other} is {brought.endpoint} of the same evaluator too; "
                "one of them is"
            )
        if listed and brought.endpoint not in listed:
            raise ValueError(
                f"key adam.adtte.{code}.endpoint: {brought.endpoint} is not in endpoints"
                f"{hint(brought.endpoint, listed)}"
            )
    for name in DATASETS:
        one, other = getattr(columns, name), getattr(adam.columns, name)
        for column in one:
            if other.get(column, one[column]) != one[column]:
                raise ValueError(
                    f"key adam.columns.{name}.{column}: {other[column]}, but columns.{name} says "
                    f"{one[column]}; say it once"
                )
