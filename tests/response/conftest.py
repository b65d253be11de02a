"""Hand-written response and laboratory records in the form of checked SDTM domains."""

import calendar
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from cartend.config.finder import load_criteria
from cartend.config.records import all_records
from cartend.config.study import Study
from cartend.contract.datasets.sdtm import SDTM
from cartend.intake.roles import with_roles
from cartend.subject.domains import complete_columns

sys.path.insert(0, str(Path(__file__).parent))

CRITERIA = Path(__file__).parents[2] / "config" / "criteria"
USUAL = {"rs": {"RSTESTCD": "OVRLRESP"}}
"""What a hand-written record is where it does not say otherwise."""


def bounds(text):
    """Return first day, last day and flag of an ISO date text."""
    if text is None:
        return pd.NaT, pd.NaT, None
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return pd.Timestamp(text), pd.Timestamp(text), ""
    if len(parts) == 2:
        return pd.Timestamp(*parts, 1), pd.Timestamp(*parts, calendar.monthrange(*parts)[1]), "D"
    return pd.Timestamp(parts[0], 1, 1), pd.Timestamp(parts[0], 12, 31), "M"


def records(name, *rows):
    """Return one domain from dicts; a --DTC text becomes its earliest and latest day and flag."""
    frame = pd.DataFrame([dict(row) for row in rows])
    for dtc in [column for column in frame if column.endswith("DTC")]:
        values = [bounds(text if isinstance(text, str) else None) for text in frame[dtc]]
        stem = dtc[:-1]
        for place, column in enumerate((f"{stem}_LO", f"{stem}_HI", f"{stem}F")):
            frame[column] = [value[place] for value in values]
    seq = f"{name.upper()}SEQ"
    if "USUBJID" in frame and seq not in frame:
        frame[seq] = frame.groupby("USUBJID").cumcount() + 1
    for column, value in USUAL.get(name, {}).items():
        frame[column] = frame.get(column, value)
    return with_roles(complete_columns(frame, SDTM[name]), name, all_records({}))


def adsl(*subjects, anchor="2025-01-01", cutoff="2025-12-31", **columns):
    """Return an ADSL of these subjects with one anchor date for all."""
    frame = pd.DataFrame({"USUBJID": list(subjects), "STUDYID": "S"})
    for name in ("RANDDT", "ENRLDT", "LEUKDT", "TRTSDT", "CUTDT", "DTHDT", "DTHDTHI"):
        given = columns.get(name, {"CUTDT": cutoff, "RANDDT": anchor}.get(name))
        frame[name] = pd.to_datetime(pd.Series(given, index=frame.index)).astype("datetime64[ms]")
    frame["MRDTRKFL"] = columns.get("MRDTRKFL")
    frame["DTHCAUS"] = columns.get("DTHCAUS")
    return frame


def adevt(*rows):
    """Return new therapies as (USUBJID, date) in the form of ADEVT."""
    frame = pd.DataFrame(rows, columns=["USUBJID", "ADT"])
    return frame.assign(KIND="NEW_THERAPY", ADT=days(*frame["ADT"]).to_numpy())


def study(**changes):
    """Return a little single-schedule study with some keys changed."""
    content = {
        "id": "little",
        "title": "A little trial",
        "data": "nowhere",
        "disease": "LBCL",
        "criteria": "lugano-2014",
        "design": "single-arm",
        "arms": {"CART": {"label": "CAR-T"}},
        "visits": {
            "anchor": "randomisation",
            "schedule": [
                {"label": "W6", "day": 42, "before": 10, "after": 12},
                {"label": "W9", "day": 64, "before": 12, "after": 7},
            ],
        },
        "endpoints": ["OS"],
    }
    return Study.model_validate(content | changes)


def criteria(name="lugano-2014", **pair):
    """Return shipped criteria, keys of their pair rule changed."""
    shipped = load_criteria(CRITERIA / f"{name}.yaml")
    if not pair:
        return shipped
    return shipped.model_copy(update={"pair": shipped.pair.model_copy(update=pair)})


def days(*texts):
    """Return dates as the project keeps them."""
    return pd.Series(pd.to_datetime(list(texts))).astype("datetime64[ms]")


@pytest.fixture
def make():
    """The makers of hand-written records."""
    return SimpleNamespace(
        records=records, adsl=adsl, adevt=adevt, study=study, criteria=criteria, days=days
    )
