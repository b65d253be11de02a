"""How an overall response follows from its components: thresholds and policies (2.1-2.4).

One model a disease; every number, its strictness and every policy is a key of the criteria file.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from cartend.config.base import Model

SIGNS = {"above": ">", "at_least": ">=", "below": "<", "at_most": "<="}


class Limit(Model):
    """One threshold with its strictness: above, at_least, below or at_most a number."""

    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "Limit":
        if len([name for name in SIGNS if getattr(self, name) is not None]) != 1:
            raise ValueError("a limit is exactly one of above, at_least, below, at_most")
        return self

    @property
    def way(self) -> str:
        """Which of the four it is."""
        return next(name for name in SIGNS if getattr(self, name) is not None)

    @property
    def value(self) -> float:
        """The number."""
        return float(getattr(self, self.way))

    @property
    def text(self) -> str:
        """The limit as printed: ``>= 1.5``."""
        return f"{SIGNS[self.way]} {self.value:g}"


def _above(value: float) -> Limit:
    return Limit(above=value)


def _least(value: float) -> Limit:
    return Limit(at_least=value)


def _below(value: float) -> Limit:
    return Limit(below=value)


def _most(value: float) -> Limit:
    return Limit(at_most=value)


class BAll(Model):
    """Marrow and blood blasts, counts, extramedullary disease (specification 2.3); %, 10^9/L."""

    kind: Literal["b-all"]
    remission_marrow: Limit = _below(5)
    circulating: Limit = _above(0)
    cr_neutrophils: Limit = _least(1.0)
    cr_platelets: Limit = _least(100)
    crh: bool = True
    crh_neutrophils: Limit = _above(0.5)
    crh_platelets: Limit = _above(50)
    counts_under_support: Literal["accept", "not_recovered"] = "not_recovered"
    cellularity: tuple[str, ...] = ("ADEQUATE",)
    cns_free: tuple[str, ...] = ("CNS1",)
    marrow_carried: bool = Field(
        default=True, description="in remission, blood and extramedullary status suffice"
    )
    partial_marrow: Limit = _most(25)
    partial_fall: Limit = Field(default=_least(50), description="% of the baseline marrow blasts")
    progression_rise: Limit = Field(default=_least(25), description="% of the lowest blasts so far")
    progression_points: Limit = Field(default=_least(5), description="and so many points")
    relapse_marrow: Limit = _above(5)
    relapse_circulating: Limit = _above(0)


class Lugano(Model):
    """PET, CT and their combination (specification 2.1); lengths in mm, changes in %."""

    kind: Literal["lugano"]
    complete_deauville: Limit = _most(3)
    complete_node: Limit = _most(15)
    partial_fall: Limit = _least(50)
    progression_longest: Limit = _above(15)
    progression_product: Limit = Field(default=_least(1.5), description="times the nadir product")
    small_lesion: Limit = _most(20)
    progression_small: Limit = _least(5)
    progression_large: Limit = _least(10)
    new_node: Limit = _above(15)
    new_extranodal: Limit = _above(10)
    spleen_normal: float = 130
    spleen_progression: Limit = Field(default=_above(50), description="% of its excess at baseline")
    spleen_new: Limit = _least(20)
    spleen_regression: Limit = Field(default=_above(50), description="% of its excess at baseline")
    marrow_gate: Literal["never", "positive", "positive_or_unknown"] = Field(
        default="never", description="CR asks for a negative biopsy where the baseline marrow is so"
    )


class Imwg(Model):
    """M-protein, light chains, marrow, plasmacytomas (2.2); g/dL, mg/24h, mg/L, %, mm."""

    kind: Literal["imwg"]
    measurable_serum: Limit = _least(1.0)
    measurable_urine: Limit = _least(200)
    measurable_light_chain: Limit = _least(100)
    measurable_marrow: Limit = _least(30)
    ratio_normal: tuple[float, float] = (0.26, 1.65)
    complete_marrow: Limit = _below(5)
    very_good_serum: Limit = _least(90)
    very_good_urine: Limit = _below(100)
    very_good_light_chain: Limit = _least(90)
    very_good_plasmacytoma: Limit = _above(90)
    partial_serum: Limit = _least(50)
    partial_urine_fall: Limit = _least(90)
    partial_urine: Limit = _below(200)
    partial_light_chain: Limit = _least(50)
    partial_marrow: Limit = _least(50)
    partial_plasmacytoma: Limit = _least(50)
    minimal_serum: Limit = _least(25)
    minimal_urine: Limit = _least(50)
    minimal_plasmacytoma: Limit = _least(50)
    progression_rise: Limit = Field(default=_least(25), description="% of the confirmed nadir")
    progression_serum: Limit = _least(0.5)
    high_nadir: Limit = _least(5)
    progression_serum_high: Limit = _least(1.0)
    progression_urine: Limit = _least(200)
    progression_light_chain: Limit = _above(100)
    progression_marrow: Limit = _least(10)
    progression_lesion: Limit = _least(50)
    progression_lesion_axis: Limit = _above(10)
    progression_circulating_rise: Limit = _least(50)
    progression_circulating: Limit = _least(200)
    missing_test: Literal["downgrade", "not_evaluable"] = "downgrade"


class Inrc(Model):
    """Primary, metastases, marrow and their combination (specification 2.4); mm, %, scores."""

    kind: Literal["inrc"]
    resolved: Limit = _below(10)
    partial_fall: Limit = _least(30)
    progression_rise: Limit = _above(20)
    progression_increase: Limit = _least(5)
    partial_score: Limit = Field(default=_most(0.5), description="score over baseline score")
    progression_score: Limit = _least(1.2)
    minimal_marrow: Limit = _most(5)
    progression_marrow_clear: Limit = _above(5)
    progression_marrow_ratio: Limit = _above(2)
    progression_marrow: Limit = _above(20)
    minimal_disease_with_complete: Literal["CR", "PR", "MR", "SD"] = "PR"


Algorithm = Annotated[BAll | Lugano | Imwg | Inrc, Field(discriminator="kind")]
