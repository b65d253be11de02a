"""The typed form of ``config/studies/templates/<disease>.yaml``: what a study file begins with."""

from pathlib import Path

from pydantic import Field

from cartend.config.base import Model
from cartend.config.files import read_yaml, validate
from cartend.config.finder import SHIPPED
from cartend.config.mrd import Mrd
from cartend.config.study import Anchor, Visit

FOLDER = SHIPPED / "studies" / "templates"


class OfDesign(Model):
    """The endpoints and visits of one design in a disease."""

    endpoints: tuple[str, ...]
    anchor: Anchor
    schedule: tuple[Visit, ...]


class Template(Model):
    """One disease: how a delivery names it, its criteria, its usual endpoints and visits."""

    disease: str
    label: str
    words: tuple[str, ...] = Field(description="texts of a title or indication; * is any text")
    criteria: str = Field(description="a file under config/criteria, or ? where none is shipped")
    target_antigen: str
    mrd: Mrd | None
    times: tuple[int, ...]
    single_arm: OfDesign = Field(alias="single-arm")
    randomised: OfDesign

    def of(self, design: str) -> OfDesign:
        """Return what belongs to a design."""
        return self.randomised if design == "randomised" else self.single_arm


def load_templates(folder: Path = FOLDER) -> dict[str, Template]:
    """Return the shipped templates by the name of their file."""
    return {
        path.stem: validate(Template, read_yaml(path), str(path))
        for path in sorted(folder.glob("*.yaml"))
    }
