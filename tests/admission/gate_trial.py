"""A trial at its gate from a few cells: what is not said is blank, or the least that is allowed."""

from pathlib import Path

import pandas as pd

from cartend.admission.trial import Admitted
from cartend.config.load import load_config
from cartend.config.study import Study
from cartend.contract.datasets.adam import BROUGHT
from cartend.contract.datasets.sdtm import SDTM
from cartend.contract.datasets.subject import ADSL

PROJECT = Path(__file__).parents[2]
RANDOMISED = {
    "id": "own",
    "title": "Own <trial>",
    "data": "data",
    "disease": "LBCL",
    "criteria": "lugano-2014",
    "design": "randomised",
    "arms": {
        "CART": {"label": "Cells", "role": "experimental"},
        "SOC": {"label": "Chemo", "role": "control"},
    },
    "visits": {"anchor": "randomisation", "schedule": [{"label": "W6", "day": 42}]},
    "endpoints": ["OS", "PFS_EMA", "ORR"],
}
SINGLE = RANDOMISED | {
    "design": "single-arm",
    "arms": {"CART": {"label": "Cells"}},
    "visits": {"anchor": "infusion", "schedule": [{"label": "W6", "day": 42}]},
}
RAND_DAY, LEUK_DAY, INF_DAY = (pd.Timestamp(f"2024-0{month}-01") for month in (1, 2, 3))


def shipped_definitions():
    run = load_config({"studies": ["lbcl-second-line"]}, PROJECT)
    return run.scenarios["lbcl-second-line"]["primary"].definitions


def subject(usubjid, armcd="CART", *, sets="RAND LA INF SAF", **more):
    """Return a row of ADSL; each set brings the date by which a subject is in it."""
    held = sets.split()
    row = {"USUBJID": usubjid, "ARMCD": armcd}
    row |= {f"{name}FL": "Y" if name in held else "N" for name in ("RAND", "LA", "INF", "SAF")}
    dates = {"RAND": ("RANDDT", RAND_DAY), "LA": ("LEUKDT", LEUK_DAY), "INF": ("TRTSDT", INF_DAY)}
    row |= {column: day for name, (column, day) in dates.items() if name in held}
    return row | more


def adsl_of(rows):
    table = pd.DataFrame(rows)
    absent = {
        column.name: pd.NaT if column.kind == "date" else None
        for column in ADSL.columns
        if column.name not in table
    }
    return table.assign(**absent)


def domain(name, rows, known):
    table = pd.DataFrame(rows)
    absent = {c: None for c in [*known[name].names, "ROLE"] if c not in table}
    return table.assign(**absent)


def admitted(definitions, rows, study=RANDOMISED, names=None, **domains):
    """Return the trial; DM says the arm of each subject as ADSL does where it is not given."""
    made = Study.model_validate(study)
    adsl = adsl_of(rows)
    known = BROUGHT if made.entry == "adam" else SDTM
    first = "adsl" if made.entry == "adam" else "dm"
    given = {first: adsl[["USUBJID", "ARMCD"]].to_dict("records"), **domains}
    tables = {name: domain(name, given.get(name, []), known) for name in known}
    chosen = {name: definitions[name] for name in names or made.endpoints}
    return Admitted(made, chosen, tables, adsl)
