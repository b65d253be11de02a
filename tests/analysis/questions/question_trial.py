"""A randomised trial of eight subjects small enough to answer its questions by hand.

    arm  OS           PFS                NRM
    CART A1  90 death  30 PD              30 relapse
         A2 200 alive 200 censored       200 censored
         A3  60 death  60 DEATH           60 non-relapse death
         A4 300 alive 100 PD             100 relapse
    SOC  B1  40 death  20 PD              20 relapse
         B2 250 alive 250 censored       250 censored
         B3 120 death  50 PD              50 relapse
         B4 310 alive 150 PD             150 relapse

Complete response: A1 day 15, A2 day 20 (partial on day 10), B2 day 30; others stable on day 10.
"""

import pandas as pd
from tiny_trial import CUTOFF, START, make_study, make_tte

from cartend.analysis.questions.material import Material
from cartend.config.criteria import Category, Criteria

SUBJECTS = ["A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4"]
TIMES = {
    "OS": [(90, 1), (200, 0), (60, 1), (300, 0), (40, 1), (250, 0), (120, 1), (310, 0)],
    "PFS": [(30, 1), (200, 0), (60, 1), (100, 1), (20, 1), (250, 0), (50, 1), (150, 1)],
    "NRM": [(30, 2), (200, 0), (60, 1), (100, 2), (20, 2), (250, 0), (50, 2), (150, 2)],
}
WORDS = {"OS": {1: "DEATH"}, "PFS": {1: "PD"}, "NRM": {1: "DEATH", 2: "PD"}}
RESPONSES = [
    *(("A1", 15, "CR"), ("A2", 10, "PR"), ("A2", 20, "CR"), ("B2", 30, "CR")),
    *((subject, 10, "SD") for subject in ("A3", "A4", "B1", "B3", "B4")),
]
CRITERIA = Criteria(
    id="tiny",
    label="Tiny criteria",
    source="a test",
    rscat=("TINY",),
    categories=tuple(Category(code=c, label=c) for c in ("CR", "PR", "SD", "PD", "NE")),
    sets={
        "response": ("CR", "PR"),
        "complete": ("CR",),
        "progression": ("PD",),
        "not_evaluable": ("NE",),
    },
)


def adtte(evaluators: tuple[str, ...] = ("IRC",)) -> pd.DataFrame:
    rows = []
    for name, outcomes in TIMES.items():
        for judge in ("",) if name == "OS" else evaluators:
            for subject, (time, state) in zip(SUBJECTS, outcomes, strict=True):
                word = "DEATH" if subject == "A3" and state else WORDS[name].get(state, "LAST")
                rows.append((subject, name, judge, time, state, word))
    columns = ["USUBJID", "PARAMCD", "EVAL", "AVAL", "STATE", "EVNTDESC"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["ARMCD"] = ["CART" if s[0] == "A" else "SOC" for s in frame["USUBJID"]]
    frame["STARTDT"] = START
    return frame.assign(POP="RAND", ANL01FL="Y", REFRACT="Y", CNSR=(frame["STATE"] == 0) * 1)


def adrs() -> pd.DataFrame:
    frame = pd.DataFrame(RESPONSES, columns=["USUBJID", "DAY", "AVALC"])
    frame["ADT"] = START + pd.to_timedelta(frame["DAY"] - 1, unit="D")
    return frame.drop(columns="DAY").assign(EVAL="IRC", ANL01FL="Y")


def adsl() -> pd.DataFrame:
    frame = pd.DataFrame({"USUBJID": SUBJECTS})
    frame["ARMCD"] = ["CART" if s[0] == "A" else "SOC" for s in SUBJECTS]
    death = [90, None, 60, None, 40, None, 120, None]
    frame["DTHDT"] = [START + pd.Timedelta(days=d - 1) if d else pd.NaT for d in death]
    return frame.assign(RANDDT=START, CUTDT=CUTOFF, RANDFL="Y", REFRACT="Y", AGEGR="18-64")


def definitions() -> dict:
    made = [make_tte("PFS", family="PFS"), make_tte("OS", family="OS", evaluator="none")]
    states = {1: "death", 2: "relapse"}
    events = {"DEATH": {"type": "DEATH"}, "PD": {"type": "PD", "state": 2}}
    nrm = {"kind": "competing", "states": states, "events": events, "family": "NRM"}
    return {d.id: d for d in (*made, make_tte("NRM", **nrm))}


def material(study: object = None, **changes: object) -> Material:
    """Return the trial as the questions read it; changes replace a part or a table."""
    tables = {"adrs": adrs(), "adevt": pd.DataFrame({"USUBJID": []})}
    named = ("adrs", "adevt", "admrd", "adbrdg", "adelig")
    tables |= {k: changes.pop(k) for k in list(changes) if k in named}

    def read(name: str) -> pd.DataFrame:
        return tables.get(name, pd.DataFrame({"USUBJID": []}))

    content = {"definitions": definitions(), "adsl": adsl(), "adtte": adtte(), **changes}
    content.setdefault("adrsp", pd.DataFrame({"USUBJID": [], "PARAMCD": []}))
    chosen = study or make_study(strata=[])
    return Material(study=chosen, criteria=CRITERIA, tables=read, **content)
