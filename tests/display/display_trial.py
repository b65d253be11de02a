"""A trial of 24 subjects, its results made by the analysis room, for every page to be made of.

Arm A has bridging NONE, ALKYLATOR, OTHER in turn, arm B is the control. Times to event are 30, 60,
90... days, every third subject is censored; NRM has state 1 for every fourth event.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cartend.analysis.build import build_results
from cartend.config.criteria import Category, Criteria
from cartend.config.definition import TimeToEvent
from cartend.config.rate import Rate
from cartend.config.study import Study

ESTIMAND = {
    "treatment": "t",
    "population": "p",
    "variable": "v",
    "intercurrent_events": "i",
    "summary": "s",
}
START = pd.Timestamp("2024-01-01")
CRITERIA = Criteria(
    id="tiny",
    label="Tiny criteria",
    source="a test",
    rscat=("TINY",),
    categories=tuple(Category(code=c, label=f"Label {c}") for c in ("CR", "PR", "PD", "NE")),
    sets={"response": ("CR", "PR"), "complete": ("CR",), "progression": ("PD",)},
)


@dataclass(frozen=True)
class Trial:
    """Where the files of the trial are, and what they were made from."""

    study: Study
    definitions: dict
    folder: Path

    @property
    def primary(self) -> Path:
        return self.folder / "primary"

    @property
    def ard(self) -> Path:
        return self.primary / "ard.csv"

    @property
    def curves(self) -> Path:
        return self.primary / "curves.parquet"

    @property
    def adsl(self) -> Path:
        return self.folder / "adam" / "adsl.parquet"


def make_study(design: str) -> Study:
    arms = {"A": {"label": "CAR-T", "role": "experimental"}}
    if design == "randomised":
        arms["B"] = {"label": "Standard", "role": "control"}
    content = {
        "id": "tiny",
        "title": "A small <trial> & its pages",
        "data": "data",
        "disease": "LBCL",
        "criteria": "tiny",
        "design": design,
        "arms": arms,
        "cutoff": "2026-06-30",
        "visits": {"anchor": "randomisation", "schedule": [{"label": "W1", "day": 7}]},
        "times": [90, 365],
        "endpoints": ["EFS", "OS", "NRM", "ORR", "BOR", "MRD"],
        "roles": {"EFS": {"role": "primary", "alpha": 0.05}},
        "targets": {"ORR": {"p0": 0.2, "source": "a test"}},
    }
    return Study.model_validate(content)


def make_definitions(population: str) -> dict:
    common = {
        "paramcd8": "X",
        "source": "a test",
        "estimand": ESTIMAND,
        "population": (population,),
        "sentence": "Time to the first of A < B & death.",
    }
    rules = {
        "events": {"PD": {"type": "PD", "sentence": "progression"}, "DEATH": {"type": "DEATH"}},
        "censoring": {"LAST": {"type": "last_adequate_assessment", "sentence": "last look"}},
    }
    competing = {
        "events": {"DEATH": {"type": "DEATH"}, "PD": {"type": "PD", "state": 2}},
        "censoring": rules["censoring"],
        "states": {1: "non-relapse death", 2: "relapse"},
    }
    event, compete = (
        {"kind": "tte", **common, **rules},
        {"kind": "competing", **common, **competing},
    )
    made = [
        TimeToEvent(id="EFS", label="Event-free survival", family="EFS", **event),
        TimeToEvent(id="OS", label="Overall survival", evaluator="none", **event),
        TimeToEvent(id="NRM", label="Non-relapse mortality", **compete),
        Rate(id="ORR", label="Response rate", kind="rate", variable="responder", **common),
        Rate(id="BOR", label="Best response", kind="rate", variable="best_response", **common),
        Rate(id="MRD", label="MRD negativity", kind="rate", variable="mrd_negative", **common),
    ]
    return {definition.id: definition for definition in made}


def subjects(design: str) -> pd.DataFrame:
    count = 24 if design == "randomised" else 12
    arms = ["A", "B"] * 12 if design == "randomised" else ["A"] * 12
    classes = ["NONE", "ALKYLATOR", "OTHER"]
    bridge = [
        classes[(i // 2 if design == "randomised" else i) % 3] if arm == "A" else "NOT APPLICABLE"
        for i, arm in enumerate(arms)
    ]
    flag = {"NONE": "N", "NOT APPLICABLE": "NOT APPLICABLE"}
    frame = pd.DataFrame({"USUBJID": [f"S{i:02d}" for i in range(count)], "ARMCD": arms})
    frame["BRIDGE"] = bridge
    frame["BRIDGEFL"] = [flag.get(code, "Y") for code in bridge]
    frame["AGEGR"] = "18-64"
    return frame


def write_adsl(trial: Trial, base: pd.DataFrame) -> None:
    frame = base.assign(
        EOSSTT="ONGOING", DCSREAS=None, CUTDT=pd.Timestamp("2026-06-30"), ENRLFL="Y"
    )
    for name in ("RANDDT", "ENRLDT", "LEUKDT", "LDDT", "TRTSDT"):
        frame[name] = START
    for name in ("RANDFL", "LAFL", "INFFL", "SAFFL"):
        frame[name] = "Y"
    frame["INFNCFL"], frame["NOTINFRS"] = "N", None
    trial.adsl.parent.mkdir(parents=True)
    frame.to_parquet(trial.adsl, index=False)


def events(base: pd.DataFrame, population: str) -> pd.DataFrame:
    parts = []
    for name, judge in (("EFS", "IRC"), ("OS", ""), ("NRM", "IRC")):
        part = base.assign(PARAMCD=name, EVAL=judge, POP=population, ANL01FL="Y", STARTDT=START)
        part["AVAL"] = [30 * (i + 1) for i in range(len(base))]
        part["STATE"] = [0 if i % 3 == 2 else 1 for i in range(len(base))]
        if name == "NRM":
            part["STATE"] = [s * (1 if i % 4 == 0 else 2) for i, s in enumerate(part["STATE"])]
        part["CNSR"] = [{0: 1, 1: 0, 2: 12}[state] for state in part["STATE"]]
        part["EVNTDESC"] = [
            "DEATH" if s == 1 else "PD" if s == 2 else "LAST" for s in part["STATE"]
        ]
        part["CNSDTDSC"] = [None if s == 1 else "Last look" for s in part["STATE"]]
        part["RULEID"] = [f"{name}.{'DEATH' if s else 'LAST'}" for s in part["STATE"]]
        part["SRCDOM"], part["SRCVAR"], part["SRCSEQ"] = "RS", "RSDTC", 1
        part["ADT"] = START + pd.to_timedelta(part["AVAL"] - 1, unit="D")
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def rates(base: pd.DataFrame, population: str) -> pd.DataFrame:
    answers = {
        "BOR": ["CR", "PR", "PD"],
        "ORR": ["Y", "Y", "N"],
        "MRD": ["Y", "N", "N"],
    }
    parts = []
    for name, cycle in answers.items():
        part = base.assign(PARAMCD=name, EVAL="IRC", POP=population, ANL01FL="Y")
        part["AVALC"] = [cycle[(i // 2) % 3] for i in range(len(base))]
        part["REASON"] = ["no sample" if a == "N" else "" for a in part["AVALC"]]
        part["ADT"], part["RULEID"] = START + pd.Timedelta(days=30), f"{name}.X"
        part["SRCDOM"], part["SRCVAR"], part["SRCSEQ"] = "RS", "RSDTC", 1
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def make_trial(folder: Path, design: str) -> Trial:
    study = make_study(design)
    trial = Trial(study, make_definitions(study.population), folder)
    base = subjects(design)
    write_adsl(trial, base)
    trial.primary.mkdir()
    adtte, adrsp = trial.primary / "adtte.parquet", trial.primary / "adrsp.parquet"
    events(base, study.population).to_parquet(adtte, index=False)
    rates(base, study.population).to_parquet(adrsp, index=False)
    build_results(
        study,
        CRITERIA,
        trial.definitions,
        "primary",
        trial.adsl,
        adtte,
        adrsp,
        trial.ard,
        trial.curves,
    )
    return trial
