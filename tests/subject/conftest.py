"""Hand-written records in the form that checked SDTM domains have."""

import calendar
from types import SimpleNamespace

import pandas as pd
import pytest
from roles import with_default_roles, with_given_roles

from cartend.config.finder import SHIPPED, load_criteria
from cartend.config.rules import shipped_rules
from cartend.config.study import Study
from cartend.contract.datasets.sdtm import SDTM
from cartend.subject.domains import complete_columns


def bounds(text):
    """Return first day, last day and flag of an ISO date text."""
    if text is None:
        return pd.NaT, pd.NaT, None
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return pd.Timestamp(text), pd.Timestamp(text), ""
    if len(parts) == 2:
        last = calendar.monthrange(*parts)[1]
        return pd.Timestamp(*parts, 1), pd.Timestamp(*parts, last), "D"
    return pd.Timestamp(parts[0], 1, 1), pd.Timestamp(parts[0], 12, 31), "M"


def records(name, *rows):
    """Return one domain from dicts, with the default roles.

    A --DTC text becomes its earliest and latest day and flag.
    """
    frame = pd.DataFrame([dict(row) for row in rows])
    for dtc in [column for column in frame if column.endswith("DTC")]:
        values = [bounds(text if isinstance(text, str) else None) for text in frame[dtc]]
        stem = dtc[:-1]
        for place, column in enumerate((f"{stem}_LO", f"{stem}_HI", f"{stem}F")):
            frame[column] = [value[place] for value in values]
    seq = f"{name.upper()}SEQ"
    if "USUBJID" in frame and seq not in frame:
        frame[seq] = frame.groupby("USUBJID").cumcount() + 1
    return with_default_roles({name: complete_columns(frame, SDTM[name])})[name]


def domains(roles=None, **given):
    """Return every domain with the default roles; those not given have no records.

    ``roles`` are roles that a study file names.
    """
    tables = {name: records(name, *given.get(name, ())) for name in SDTM}
    return tables if roles is None else with_given_roles(tables, study(records=roles).records)


def days(*texts):
    """Return dates as the project keeps them."""
    return pd.Series(pd.to_datetime(list(texts))).astype("datetime64[ms]")


STUDY = {
    "id": "little",
    "title": "A little trial",
    "data": "nowhere",
    "disease": "LBCL",
    "criteria": "lugano-2014",
    "design": "randomised",
    "arms": {
        "CART": {"label": "CAR-T", "role": "experimental"},
        "SOC": {"label": "Standard of care", "role": "control"},
    },
    "target_antigen": "CD19",
    "cutoff": "2025-06-30",
    "visits": {
        "anchor": "randomisation",
        "schedule": [{"label": "W6", "day": 42}, {"label": "W12", "day": 84}],
    },
    "endpoints": ["OS"],
}


def study(**changes):
    """Return a little randomised study with some keys changed."""
    return Study.model_validate(STUDY | changes)


@pytest.fixture
def make():
    """The makers of hand-written records."""
    return SimpleNamespace(
        records=records,
        domains=domains,
        days=days,
        study=study,
        criteria=load_criteria(SHIPPED / "criteria" / "lugano-2014.yaml"),
        rules=shipped_rules,
    )
