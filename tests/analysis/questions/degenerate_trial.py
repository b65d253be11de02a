"""The shipped trials cut down to nobody in an arm, to one subject in it, and to no event at all."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

sys.path.insert(0, str(Path(__file__).parents[2] / "endpoint"))

from factory import PROJECT, steps  # noqa: E402

from cartend.analysis.frames import read_adrsp, read_adsl, read_adtte
from cartend.analysis.questions.catalog import CATALOG
from cartend.analysis.questions.material import Material, reader
from cartend.config.finder import SHIPPED
from cartend.config.load import load_config
from cartend.config.resolved import Resolved

ENDPOINTS = {
    "lbcl-second-line": "OS PFS_EMA EFS_ZUMA7 BOR ORR DOR NRM",
    "ball-single-arm": "OS PFS_EMA EFS_ALL_SA BOR ORR MRDNEG DOR NRM",
}
AN_ARM = 10
"""Subjects of each arm, spread over the trial."""


@dataclass(frozen=True)
class Whole:
    """A small trial with events in every arm: where its tables are, and its configuration."""

    resolved: Resolved
    folder: Path

    @property
    def name(self) -> str:
        return next(iter(self.resolved.studies))


def whole_trial(name: str, folder: Path) -> Whole:
    """Derive the tables of some subjects of a shipped trial; every question is asked of it."""
    raw = yaml.safe_load((SHIPPED / "studies" / f"{name}.yaml").read_text(encoding="utf-8"))
    domains = {
        path.stem: pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in (PROJECT / raw["data"]).glob("*.csv")
    }
    kept: list[str] = []
    for _, subjects in domains["dm"].groupby("ARMCD")["USUBJID"]:
        kept += subjects.tolist()[:: len(subjects) // AN_ARM][:AN_ARM]
    (folder / "data").mkdir()
    for domain, rows in domains.items():
        rows = rows[rows["USUBJID"].isin(kept)] if "USUBJID" in rows else rows
        rows.to_csv(folder / "data" / f"{domain}.csv", index=False)
    names = ENDPOINTS[name].split()
    roles = {key: role for key, role in raw["roles"].items() if key in names}
    roles["ORR"] = {"role": "primary", "alpha": 0.05}
    raw |= {"data": str(folder / "data"), "endpoints": names, "roles": roles, "targets": {}}
    raw["targets"] = {} if len(raw["arms"]) > 1 else {"ORR": {"p0": 0.2, "source": "a test"}}
    raw["analyses"] = {**raw.get("analyses", {}), "run": list(CATALOG), **_asked(raw, folder)}
    (folder / "study.yaml").write_text(yaml.safe_dump(raw), encoding="utf-8")
    resolved = load_config({"studies": ["study.yaml"]}, folder)
    steps(folder, resolved, "primary")
    return Whole(resolved, folder)


def _asked(raw: dict, folder: Path) -> dict:
    """Return the options that a question needs: external subjects, and strata as corrected."""
    others = pd.DataFrame({"AVAL": range(50, 650, 30), "EVENT": [1, 1, 0, 1] * 5})
    others.assign(AGE=range(10, 70, 3)).to_csv(folder / "external.csv", index=False)
    external = {"data": str(folder / "external.csv"), "time_zero": "enrolment"}
    first, *more = raw["strata"]
    return {
        "external_control": {**external, "covariates": ["AGE"]},
        "stratification": {"corrected": {first: more[0]}},
        "bridging_and_outcome": {"covariates": ["AGE"]},
        "second_malignancy": {
            "rates": [{"from_age": 0, "to_age": 120, "per_100000": 20.0}],
            "source": "a test",
        },
    }


def changed(whole: Whole, folder: Path, change: Callable[[dict], dict]) -> Whole:
    """Write the trial's tables again into a folder of their own, changed."""
    paths = [*whole.folder.glob("adam/*.parquet"), *whole.folder.glob("primary/*.parquet")]
    tables = change({path.stem: pd.read_parquet(path) for path in paths})
    for path in paths:
        place = folder / path.relative_to(whole.folder)
        place.parent.mkdir(exist_ok=True)
        tables[path.stem].to_parquet(place, index=False)
    return Whole(whole.resolved, folder)


def without_arm(arm: str, left: int = 0) -> Callable[[dict], dict]:
    """Return the change that leaves so many subjects in an arm."""

    def change(tables: dict) -> dict:
        own = tables["adsl"].loc[tables["adsl"]["ARMCD"].eq(arm), "USUBJID"]
        gone = set(own.tolist()[left:])
        return {name: rows[~rows["USUBJID"].isin(gone)] for name, rows in tables.items()}

    return change


def nobody_infused(tables: dict) -> dict:
    """Return the tables of a single-arm trial in which nobody came to the infusion."""
    adsl = tables["adsl"].assign(TRTSDT=pd.NaT, INFFL="N", NOTINFRS="DEATH")
    adsl["TRTSDT"] = adsl["TRTSDT"].astype("datetime64[ms]")
    held = {name: tables[name][tables[name]["POP"].ne("INF")] for name in ("adtte", "adrsp")}
    return {**tables, **held, "adsl": adsl}


def without_events(tables: dict) -> dict:
    """Return the tables with every time censored, no response, no death, no clinical event."""
    adtte = tables["adtte"].assign(STATE=0, CNSR=1, EVNTDESC="LAST", CNSDTDSC="Last look")
    adrsp = tables["adrsp"]
    told = {"Y": "N", **dict.fromkeys(("CR", "CRi", "PR", "PD", "RELAPSE", "CRh"), "SD")}
    adrsp = adrsp.assign(AVALC=adrsp["AVALC"].replace(told))
    adrs = tables["adrs"]
    adrs = adrs.assign(AVALC=adrs["AVALC"].replace({**told, "N": "N"}))
    adsl = tables["adsl"].assign(DTHCAUS=None)
    adsl["DTHDT"] = pd.Series(pd.NaT, index=adsl.index, dtype="datetime64[ms]")
    empty = {name: tables[name][:0] for name in ("adevt", "adae")}
    return {**tables, **empty, "adtte": adtte, "adrsp": adrsp, "adrs": adrs, "adsl": adsl}


DEGENERATE = {
    "no subject in the control arm": ("lbcl-second-line", without_arm("SOC")),
    "no subject in the experimental arm": ("lbcl-second-line", without_arm("CART")),
    "one subject in the control arm": ("lbcl-second-line", without_arm("SOC", 1)),
    "one subject in the experimental arm": ("lbcl-second-line", without_arm("CART", 1)),
    "no event in two arms": ("lbcl-second-line", without_events),
    "nobody infused": ("ball-single-arm", nobody_infused),
    "one subject": ("ball-single-arm", without_arm("CART", 1)),
    "no event": ("ball-single-arm", without_events),
}


def material_of(whole: Whole) -> Material:
    """Return the trial as the questions read it."""
    name, folder = whole.name, whole.folder
    study, resolved = whole.resolved.studies[name], whole.resolved
    adsl = read_adsl(folder / "adam" / "adsl.parquet", study)
    times = read_adtte(folder / "primary" / "adtte.parquet", study, adsl)
    rates = read_adrsp(folder / "primary" / "adrsp.parquet", study, adsl)
    definitions = resolved.scenarios[name]["primary"].definitions
    frames = adsl, times, rates, reader(folder / "adam")
    return Material(study, resolved.criteria[name], definitions, *frames)
