"""What a delivery is, in seconds and on one screen: intake, subjects and gate without a run."""

import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cartend.admission.build import admit_endpoints
from cartend.admission.page import kinds_of
from cartend.config.base import ConfigError
from cartend.config.load import load_config
from cartend.config.resolved import Resolved
from cartend.config.study import Study
from cartend.contract.datasets.subject import MILESTONE_DATE
from cartend.contract.terms.estimand import POPULATION, POPULATION_FLAG
from cartend.contract.terms.general import PURPOSE
from cartend.contract.terms.roles import ROLE
from cartend.contract.text import counted, in_a_sentence, listed
from cartend.intake.ingest import ingest
from cartend.intake.stops import Stop, StopError
from cartend.subject.build import build_subjects

SUBJECTS = ("adsl", "adevt", "adbrdg", "adelig", "adae")
FINDINGS_SHOWN = 12
WORDS_SHOWN = 4
UNKNOWN_SHOWN = 8
WIDTH = 120


class Checked(NamedTuple):
    """What is printed, and whether a stop is left in any study."""

    text: str
    stopped: bool


def check_run(config: Path, workdir: Path, purpose: str = "") -> Checked:
    """Run intake, subjects and gate of each study of a run file, in a folder that goes again.

    ``purpose`` takes the place of the study's own; other than ``final``, no arm is shown.

    Raises
    ------
    ConfigError, DataError
        As a run would.
    """
    if purpose and purpose not in PURPOSE:
        raise ConfigError(f"--purpose {purpose} is not known; known: {listed(PURPOSE)}")
    run = load_config(config, workdir)
    with tempfile.TemporaryDirectory(prefix="cartend-check-") as folder:
        parts = [
            check_study(run, name, Path(folder) / name, purpose or run.studies[name].purpose)
            for name in run.studies
        ]
    return Checked("\n\n".join(part.text for part in parts) + "\n", any(p.stopped for p in parts))


def check_study(run: Resolved, name: str, out: Path, purpose: str) -> Checked:
    """Run the three steps of one study into a folder; return what is printed of it."""
    data = str((run.workdir / run.studies[name].data).resolve())
    study = run.studies[name].model_copy(update={"data": data, "purpose": purpose})
    sdtm, adam, gate = out / "sdtm", out / "adam", out / "admission"
    adam.mkdir(parents=True)
    found, accepted = out / "findings.csv", gate / "accepted.csv"
    try:
        ingest(study, run.criteria[name], sdtm, found, gate / "stops.csv")
        paths = [adam / f"{table}.parquet" for table in SUBJECTS]
        build_subjects(study, run.criteria[name], run.rules[name], sdtm, *paths)
        definitions = run.scenarios[name]["primary"].definitions
        admit_endpoints(study, definitions, sdtm, adam / "adsl.parquet", found, accepted)
    except StopError as error:
        return Checked(report_of(study, out, error.stops), True)
    return Checked(report_of(study, out, []), False)


def report_of(study: Study, out: Path, stops: list[Stop]) -> str:
    """Return the screen of one study: milestones, words, stops, findings by what they touch."""
    lines = [f"{study.id}: {study.title}", *_told_stops(stops)]
    adsl = out / "adam" / "adsl.parquet"
    if adsl.exists():
        lines += [_heading("Subjects"), *_milestones(study, pd.read_parquet(adsl))]
    lines += [
        _heading("What the words were taken for"),
        *_words(study, out / "admission" / "words.csv"),
    ]
    lines += [
        _heading("Findings by what they touch"),
        *_findings(out / "admission" / "findings.csv"),
    ]
    return "\n".join(_wrapped(line) for line in lines)


def _wrapped(line: str) -> str:
    """Return a line in the width of a screen, what follows its first part set in."""
    return "\n".join(textwrap.wrap(line, WIDTH, subsequent_indent="    ")) or line


def _heading(text: str) -> str:
    return f"-- {text} --"


def _told_stops(stops: list[Stop]) -> list[str]:
    if not stops:
        return ["no stop: a run would go on"]
    count = f"{counted(len(stops), 'stop')}: no run would go on"
    return [count, *(f"STOP {stop.key}: {stop}" for stop in stops)]


def _milestones(study: Study, adsl: pd.DataFrame) -> list[str]:
    """Return how many subjects are at each milestone and in each set, by arm in a final run."""
    arms = list(study.arms) if study.purpose == "final" and len(study.arms) > 1 else []
    rows = [("subjects", adsl["USUBJID"].notna())]
    rows += [
        (in_a_sentence(ROLE.label(role)), adsl[date].notna())
        for role, date in MILESTONE_DATE.items()
    ]
    rows += [("bridged", adsl["BRIDGEFL"].eq("Y")), ("dead", adsl["DTHDT"].notna())]
    sets = [(POPULATION.label(p).lower(), adsl[f].eq("Y")) for p, f in POPULATION_FLAG.items()]

    def counted(items: list[tuple[str, pd.Series]]) -> Iterator[str]:
        for label, held in items:
            by_arm = [f"{arm} {int((held & adsl['ARMCD'].eq(arm)).sum())}" for arm in arms]
            told = f" ({', '.join(by_arm)})" if by_arm and held.any() else ""
            yield f"{label} {int(held.sum())}{told}"

    return ["; ".join(counted(rows)), "sets: " + "; ".join(counted(sets))]


def _words(study: Study, path: Path) -> list[str]:
    """Return, by role, the words for which it holds, with counts; then the words nobody knows."""
    if not path.exists():
        return ["nothing was read"]
    words = pd.read_csv(path, dtype=str, keep_default_na=False)
    words = words.assign(count=words["count"].astype(int))
    place = words["domain"] + "." + words["column"]
    lines = []
    for name, role in study.records.items():
        asked = {
            f"{one.domain}.{column}"
            for one in (role.records if role else ())
            for column in one.where
        }
        held = words["roles"].map(lambda ids, name=name: name in ids.split())
        meant = words[held & place.isin(asked)]
        lines += [f"{name}: {_some(meant)}"] if len(meant) else []
    odd = words[words["known"].eq("N")].sort_values("count", ascending=False, kind="stable")
    if len(odd):
        lines.append(f"UNKNOWN: {_some(odd, UNKNOWN_SHOWN)}")
    return lines or ["no column tells records apart"]


def _some(words: pd.DataFrame, shown: int = WORDS_SHOWN) -> str:
    first = words.sort_values("count", ascending=False, kind="stable").head(shown)
    named = [f"{r.domain.upper()}.{r.column} '{r.word}' ({r.count})" for r in first.itertuples()]
    more = f" and {len(words) - shown} more" if len(words) > shown else ""
    return ", ".join(named) + more


def _findings(path: Path) -> list[str]:
    """Return a line a kind of finding: what touches the primary endpoint first."""
    if not path.exists():
        return ["none: the list of subjects could not be read"]
    lines = []
    for kind in kinds_of(pd.read_csv(path, dtype=str, keep_default_na=False)):
        who = counted(kind["subjects"], "subject") if kind["subjects"] else "the study"
        mark = "primary " * kind["primary"]
        lines.append(f"{kind['severity']} {kind['id']} ({mark}{who}): {kind['example']}")
    if not lines:
        return ["none"]
    more = [f"and {len(lines) - FINDINGS_SHOWN} kinds more"] if len(lines) > FINDINGS_SHOWN else []
    return [*lines[:FINDINGS_SHOWN], *more]
