"""How a study reads its samples of minimal residual disease."""

from typing import Annotated, Literal

from pydantic import Field

from cartend.config.base import Kept, Model
from cartend.contract.terms.assessment import MRD_METHOD, SPECIMEN


class Mrd(Model):
    """How a sample becomes an MRD call (spec section 2.7, R29)."""

    threshold: float = Field(default=1e-4, gt=0, lt=1)
    specimens: tuple[Annotated[str, Kept(SPECIMEN)], ...] = ("BONE MARROW",)
    methods: tuple[Annotated[str, Kept(MRD_METHOD)], ...] = MRD_METHOD.codes
    haemodiluted: Literal["indeterminate", "accept"] = "indeterminate"
    require_trackable: bool = True
    thresholds: tuple[float, ...] = Field(
        default=(1e-4, 1e-5, 1e-6), description="shown side by side, each with its own calls"
    )
    imaging_days: int = Field(
        default=90, ge=0, description="an imaging result counts for a sample this near"
    )
