"""What a study file says of a stop that it accepts (decision D39)."""

from pydantic import Field

from cartend.config.base import Model


class Acceptance(Model):
    """For how many records or subjects a stop is accepted, and why; it lapses with the number."""

    count: int = Field(ge=1)
    reason: str = Field(min_length=1, description="where the study says so, as a protocol section")
