"""What every typed model of a YAML file shares: strictness and the error of this border."""

from pydantic import BaseModel, ConfigDict


class ConfigError(Exception):
    """A configuration file cannot be used; the message is one sentence for its author."""


class Model(BaseModel):
    """A strict, frozen model: an unknown key is an error, and a value is never coerced silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
