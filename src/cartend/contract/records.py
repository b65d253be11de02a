"""Records by the role that they have: how every room below the intake finds what it looks for."""

import pandas as pd

from cartend.contract.terms.roles import COLUMN, ROLE
from cartend.contract.text import by_word


def has_role(frame: pd.DataFrame, role: str) -> pd.Series:
    """Return whether each record has a role; ``frame`` holds ROLE, ids parted by blanks.

    Raises
    ------
    KeyError
        Where the table did not pass the intake, which gives every table its roles.
    """
    return by_word(frame[COLUMN], lambda ids: role in ids.split()).eq(True)


def of_role(frame: pd.DataFrame, role: str) -> pd.DataFrame:
    """Return the records that have a role, in their order."""
    return frame[has_role(frame, role)]


def own_roles(frame: pd.DataFrame) -> list[str]:
    """Return the roles of a study's own that records of a table have, sorted."""
    ids = {one for joined in frame[COLUMN].dropna().unique() for one in joined.split()}
    return sorted(ids - set(ROLE))
