"""The typed form of ``config/criteria/<name>.yaml``: one set of response criteria."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from cartend.config.base import Model, Said, Word
from cartend.config.criteria_rules import Algorithm
from cartend.contract.terms.assessment import PD_BASIS
from cartend.contract.terms.grammar import RESPONSE_SET
from cartend.contract.text import normal


class Category(Model):
    """One overall-response category; categories are listed from best to worst, NE last."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()


class Pair(Model):
    """How two rows of one visit, one per method, make one response (spec section 2.1)."""

    leading: str = Field(description="RSMETHOD or RSSCAT text of the row that decides")
    other: str = Field(description="text of the row that decides where the leading one cannot")
    leading_aliases: dict[str, str] = {}
    other_aliases: dict[str, str] = {}
    when_leading_not_evaluable: Literal["use_other", "not_evaluable", "carry_forward"] = "use_other"
    sentence: str


class Criteria(Model):
    """Ordered categories, their aliases, and the named sets that definitions refer to."""

    id: str
    label: str
    source: str
    uncertain: tuple[str, ...] = ()
    rscat: tuple[str, ...]
    categories: tuple[Category, ...]
    sets: dict[Annotated[str, Word(*RESPONSE_SET)], tuple[str, ...]]
    min_sd_days: int = 0
    pair: Pair | None = None
    algorithm: Algorithm | None = Field(
        default=None, description="how the response follows from its components"
    )
    ignored: tuple[str, ...] = ()
    confirmation: Literal["none", "two_consecutive"] = Field(
        default="none", description="two_consecutive: the next evaluable assessment confirms"
    )
    confirmation_gap_days: int = Field(default=84, ge=1, description="longer gaps are named")
    pd_needs_no_confirmation: tuple[Annotated[str, Said(PD_BASIS)], ...] = Field(
        default=PD_BASIS.group("needs_no_confirmation"), description="PDBASIS of such progression"
    )
    pd_basis_unknown: Literal["confirm", "accept"] = "confirm"
    unconfirmed_pd: Literal["pd", "ne"] = Field(
        default="pd",
        description="what a progression is that nothing could confirm or refute any more (D49)",
    )

    @model_validator(mode="after")
    def _sets_name_categories(self) -> "Criteria":
        codes = [category.code for category in self.categories]
        for name, members in self.sets.items():
            for member in members:
                if member not in codes:
                    raise ValueError(f"set {name} names {member}, which is no category")
        seen: dict[str, str] = {}
        for category in self.categories:
            for alias in (category.code, *category.aliases):
                if seen.setdefault(normal(alias), category.code) != category.code:
                    raise ValueError(f"alias {alias} stands for two categories")
        return self

    def codes(self, wanted: str | tuple[str, ...]) -> tuple[str, ...]:
        """Return the categories of a named set, or the given ones that these criteria know."""
        if isinstance(wanted, str):
            wanted = (wanted,)
        found: list[str] = []
        for name in wanted:
            found += [code for code in self.sets.get(name, (name,)) if code not in found]
        known = {category.code for category in self.categories}
        return tuple(code for code in found if code in known)

    @property
    def alias_map(self) -> dict[str, str]:
        """Normal form of a reported text mapped to the category code."""
        return {
            normal(alias): category.code
            for category in self.categories
            for alias in (category.code, *category.aliases)
        }

    @property
    def texts(self) -> list[str]:
        """Every text that means a category, as it is written, codes first."""
        codes = [category.code for category in self.categories]
        return list(dict.fromkeys([*codes, *(a for c in self.categories for a in c.aliases)]))

    @property
    def rank(self) -> dict[str, int]:
        """Category code mapped to its place, 0 the best."""
        return {category.code: place for place, category in enumerate(self.categories)}
