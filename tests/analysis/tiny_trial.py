"""A trial of six subjects small enough to compute by hand, and how to run the room on it.

Time to event (EFS), AVAL and outcome:

    CART  A1  5 PD      A2 12 censored   A3 20 DEATH
    SOC   B1  5 PD      B2  8 NEW_THERAPY  B3 15 censored

Competing risks (NRM), AVAL and state: A1 5 state 2, A2 12 state 0, A3 20 state 1; B1 5 state 2,
B2 8 state 1, B3 15 state 0.
"""

import hashlib
from pathlib import Path

import pandas as pd

from cartend.analysis.ard import read_ard
from cartend.analysis.build import build_results
from cartend.config.criteria import Category, Criteria
from cartend.config.definition import TimeToEvent
from cartend.config.rate import Rate
from cartend.config.rules import Rules
from cartend.config.study import Study

ESTIMAND = {
    "treatment": "t",
    "population": "p",
    "variable": "v",
    "intercurrent_events": "i",
    "summary": "s",
}
SUBJECTS = ["A1", "A2", "A3", "B1", "B2", "B3"]
START = pd.Timestamp("2024-01-01")
CUTOFF = pd.Timestamp("2024-12-31")


def make_study(**changes: object) -> Study:
    content = {
        "id": "tiny",
        "title": "Six subjects",
        "data": "data",
        "disease": "LBCL",
        "criteria": "tiny",
        "design": "randomised",
        "arms": {
            "CART": {"label": "CAR-T", "role": "experimental"},
            "SOC": {"label": "Standard", "role": "control"},
        },
        "cutoff": CUTOFF.date(),
        "visits": {"anchor": "randomisation", "schedule": [{"label": "W1", "day": 7}]},
        "strata": ["REFRACT"],
        "times": [10, 20],
        "endpoints": ["EFS", "OS", "PFS_EMA", "NRM", "ORR", "BOR", "DOR"],
    }
    return Study.model_validate({**content, **changes})


def make_tte(name: str, **changes: object) -> TimeToEvent:
    content = {
        "id": name,
        "label": name,
        "kind": "tte",
        "paramcd8": name.replace("_", "")[:8],
        "source": "made for the test",
        "estimand": ESTIMAND,
        "events": {"PD": {"type": "PD"}, "DEATH": {"type": "DEATH"}},
        "censoring": {"LAST": {"type": "last_adequate_assessment"}},
    }
    return TimeToEvent.model_validate({**content, **changes})


def make_efs(**changes: object) -> TimeToEvent:
    new = {"type": "NEW_THERAPY"}
    events = {"PD": {"type": "PD"}, "DEATH": {"type": "DEATH"}, "NEW_THERAPY": new}
    composite = {"NEW_THERAPY": {**new, "strategy": "composite"}}
    content = {"family": "EFS", "events": events, "intercurrent_events": composite}
    return make_tte("EFS", **{**content, **changes})


def make_rate(name: str, variable: str = "responder") -> Rate:
    return Rate(
        id=name,
        label=name,
        kind="rate",
        paramcd8=name[:8],
        source="made for the test",
        estimand=ESTIMAND,
        variable=variable,
    )


def make_definitions() -> dict:
    nrm = {
        "kind": "competing",
        "states": {1: "Non-relapse death", 2: "Relapse"},
        "events": {"PD": {"type": "PD", "state": 2}, "DEATH": {"type": "DEATH"}},
    }
    alive = {"LAST": {"type": "last_known_alive"}}
    return {
        "EFS": make_efs(),
        "PFS_EMA": make_tte("PFS_EMA"),
        "OS": make_tte("OS", events={"DEATH": {"type": "DEATH"}}, censoring=alive),
        "NRM": make_tte("NRM", **nrm),
        "ORR": make_rate("ORR"),
        "BOR": make_rate("BOR", "best_response"),
        "DOR": make_tte("DOR", population=("RESPONDERS",), tests=False, origin="first_response"),
    }


def make_adsl() -> pd.DataFrame:
    day = [START] * 6
    deaths = [None, None, START + pd.Timedelta(days=19), None, START + pd.Timedelta(days=7), None]
    return pd.DataFrame(
        {
            "USUBJID": SUBJECTS,
            "ARMCD": ["CART"] * 3 + ["SOC"] * 3,
            "RANDDT": day,
            "ENRLDT": day,
            "ENRLFL": ["Y"] * 6,
            "LEUKDT": [START, START, START, None, None, None],
            "LDDT": [START, START, None, None, None, None],
            "TRTSDT": [START + pd.Timedelta(days=6), START + pd.Timedelta(days=6), *[None] * 4],
            "NOTINFRS": [None, None, "DEATH", None, None, None],
            "DTHDT": pd.to_datetime(pd.Series(deaths)),
            "CUTDT": [CUTOFF] * 6,
            "RANDFL": ["Y"] * 6,
            "LAFL": list("YYYNNN"),
            "INFFL": list("YYNNNN"),
            "SAFFL": ["Y"] * 6,
            "BRIDGE": ["NONE", "IMID", "IMID", *["NOT APPLICABLE"] * 3],
            "BRIDGEFL": ["N", "Y", "Y", *["NOT APPLICABLE"] * 3],
            "AGEGR": ["18-64"] * 6,
            "REFRACT": ["Y", "N", "Y", "Y", "N", None],
        }
    )


def tte_rows(
    paramcd: str, days: list, states: list, events: list, evaluator: str = "IRC"
) -> pd.DataFrame:
    """One row a subject; ``events`` names the event, blank for a censoring."""
    frame = make_adsl()[["USUBJID", "ARMCD", "BRIDGE", "BRIDGEFL", "AGEGR", "REFRACT"]]
    states = pd.Series(states)
    censored = {1: None, 0: "last adequate assessment", 2: "competing: relapse"}
    return frame.assign(
        PARAMCD=paramcd,
        EVAL=evaluator,
        POP="RAND",
        ANL01FL="Y",
        STARTDT=START,
        AVAL=days,
        ADT=START + pd.to_timedelta(pd.Series(days) - 1, unit="D"),
        STATE=states,
        CNSR=states.map({0: 1, 1: 0, 2: 12}),
        EVNTDESC=[e or "CENSORED" for e in events],
        CNSDTDSC=states.map(censored),
        SRCDOM="RS",
        SRCVAR="RSDTC",
        RULEID="R1",
    )


def make_adtte() -> pd.DataFrame:
    days = [5, 12, 20, 5, 8, 15]
    pd_death = ["PD", "", "DEATH", "PD", "NEW_THERAPY", ""]
    # A1 responded on day 3 and A2 on day 10: the durations end where their PFS does.
    dor = tte_rows("DOR", [3] * 6, [1, *[0] * 5], ["PD", *[""] * 5]).assign(POP="RESPONDERS")
    first = START + pd.to_timedelta([2, 9, 0, 0, 0, 0], unit="D")
    dor = dor.assign(STARTDT=first, ADT=first + pd.Timedelta(days=2))
    return pd.concat(
        [
            tte_rows("EFS", days, [1, 0, 1, 1, 1, 0], pd_death),
            tte_rows("PFS_EMA", days, [1, 0, 1, 1, 1, 0], pd_death),
            tte_rows("OS", [60, 60, 20, 60, 8, 60], [0, 0, 1, 0, 1, 0],
                     ["", "", "DEATH", "", "DEATH", ""], ""),
            tte_rows("NRM", days, [2, 0, 1, 2, 1, 0], ["PD", "", "DEATH", "PD", "DEATH", ""]),
            dor[dor["USUBJID"].isin(["A1", "A2"])],
        ],
        ignore_index=True,
    )  # fmt: skip


def rate_rows(paramcd: str, answers: list, reasons: list) -> pd.DataFrame:
    frame = make_adsl()[["USUBJID", "ARMCD", "BRIDGE", "BRIDGEFL", "AGEGR", "REFRACT"]]
    responded = [START + pd.Timedelta(days=2), START + pd.Timedelta(days=9), *[None] * 4]
    return frame.assign(
        PARAMCD=paramcd,
        EVAL="IRC",
        POP="RAND",
        AVALC=answers,
        ADT=pd.to_datetime(pd.Series(responded)),
        ANL01FL="Y",
        REASON=reasons,
    )


def make_adrsp() -> pd.DataFrame:
    reasons = ["responded", "responded", "died", "progressed", "progressed", None]
    return pd.concat(
        [
            rate_rows("ORR", list("YYNNNN"), reasons),
            rate_rows("BOR", ["CR", "PR", "MISSING", "PD", "PD", "NE"], [None] * 6),
        ],
        ignore_index=True,
    )


def make_candidates() -> pd.DataFrame:
    rows = make_adtte()[["USUBJID", "PARAMCD", "EVAL", "POP"]]
    return pd.concat([rows.assign(OUTCOME="chosen"), rows.assign(OUTCOME="later than the event")])


def make_adrs() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "USUBJID": ["A1", "B1"],
            "EVAL": "IRC",
            "ADT": START + pd.Timedelta(days=4),
            "AVALC": "PD",
            "ANL01FL": "Y",
        }
    )


def make_criteria() -> Criteria:
    codes = ("CR", "PR", "SD", "PD", "NE")
    return Criteria(
        id="tiny",
        label="Tiny",
        source="made for the test",
        rscat=("TINY",),
        categories=tuple(Category(code=code, label=code) for code in codes),
        sets={"response": ("CR", "PR"), "progression": ("PD",)},
    )


BUILT: dict[str, tuple[bytes, bytes]] = {}
"""What the job wrote of inputs it has had before: ard.csv and curves.parquet by their digest."""


class Run:
    """The tiny trial on disk; change a frame, then ``build`` and read the results.

    Most tests read the results of the same inputs, so the job runs once for each (``BUILT``).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scenario = "primary"
        self.criteria = make_criteria()
        self.study = make_study()
        self.definitions = make_definitions()
        self.rules: Rules | None = None
        self.adsl, self.adtte, self.adrsp = make_adsl(), make_adtte(), make_adrsp()
        self.candidates, self.adrs = make_candidates(), make_adrs()

    def build(self) -> pd.DataFrame:
        """Write the inputs, run the job, return the ARD."""
        key, home = self.write(), self.folder / "primary"
        made = (home / "ard.csv", home / "curves.parquet")
        if key not in BUILT:
            self._job(*made)
            BUILT[key] = tuple(path.read_bytes() for path in made)
        for path, content in zip(made, BUILT[key], strict=True):
            path.write_bytes(content)
        return read_ard(home / "ard.csv")

    def write(self) -> str:
        """Write the inputs; return the digest of all that the job reads."""
        (self.folder / "adam").mkdir(parents=True, exist_ok=True)
        (self.folder / "primary").mkdir(exist_ok=True)
        read = hashlib.sha256()
        for name in ("adam/adsl", "primary/adtte", "primary/adrsp"):
            path = self.folder / f"{name}.parquet"
            getattr(self, path.stem).to_parquet(path)
            read.update(path.read_bytes())
        self.adrs.to_parquet(self.folder / "adam/adrs.parquet")
        self.candidates.to_parquet(self.folder / "primary/candidates.parquet")
        models = (self.study, self.criteria, self.definitions, self.scenario, self.rules)
        read.update(repr(models).encode())
        return read.hexdigest()

    def _job(self, ard: Path, curves: Path) -> None:
        build_results(
            self.study,
            self.criteria,
            self.definitions,
            self.scenario,
            self.folder / "adam/adsl.parquet",
            self.folder / "primary/adtte.parquet",
            self.folder / "primary/adrsp.parquet",
            ard,
            curves,
            rules=self.rules,
        )

    def curves(self) -> pd.DataFrame:
        return pd.read_parquet(self.folder / "primary/curves.parquet")


def pick(ard: pd.DataFrame, **where: object) -> dict:
    """Return {(event, prob, time, statistic): value or note} of one analysis in one group."""
    keys = {"evaluator": "IRC", "arm": "", "by": "", "level": "", **where}
    for name, value in keys.items():
        ard = ard[ard[name] == value]
    found = {}
    for row in ard.itertuples():
        place = [row.event, row.prob, row.time, row.statistic]
        key = tuple(part for part in place if part not in ("",) and part == part)
        assert key not in found, key
        found[key if len(key) > 1 else key[0]] = row.note if row.value != row.value else row.value
    return found
