"""What the synthetic trials assume, and how they are written, as data in YAML files."""

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def read(name: str) -> dict[str, Any]:
    """Return the content of a YAML file of this room."""
    path = resources.files("cartend.simulate").joinpath(name)
    return yaml.safe_load(path.read_text("utf-8"))


def assumed(part: str) -> Any:
    """Return one part of ``assumptions.yaml``."""
    return read("assumptions.yaml")[part]


def layout(part: str) -> dict[str, Any]:
    """Return one part of ``layout.yaml``: columns, qualifiers or order."""
    return read("layout.yaml")[part]
