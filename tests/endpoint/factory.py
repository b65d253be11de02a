"""Tiny trials written as days since an origin, taken through the real steps from an SDTM folder."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import yaml

from cartend.config.load import load_config
from cartend.config.resolved import Resolved
from cartend.endpoint.build import build_events
from cartend.intake.ingest import ingest
from cartend.response.build import build_response
from cartend.subject.build import build_subjects

DAY0 = date(2024, 1, 10)
PROJECT = Path(__file__).resolve().parents[2]


def iso(day: int) -> str:
    """Return the ISO date of a day since DAY0."""
    return (DAY0 + timedelta(days=day)).isoformat()


@dataclass
class Subject:
    """One subject, every date in days since DAY0 (the randomisation or the infusion)."""

    id: str
    visits: list[tuple[int, str]] = field(default_factory=list)
    inv: list[tuple[int, str]] | None = None
    therapies: list[tuple[int, str]] = field(default_factory=list)
    hsct: list[tuple[int, str]] = field(default_factory=list)
    death: int | None = None
    cause: str | None = None
    infusion: int | None = 0
    reinfusion: int | None = None
    lost: int | None = None
    alive: int | None = None
    arm: str = "CART"
    randomised: int = 0
    leukapheresis: int | None = None


def write_sdtm(folder: Path, subjects: list[Subject], cutoff: int) -> None:
    """Write the domains of the subjects as CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, list[dict]] = {
        name: []
        for name in ["dm", "ds", "ex", "rs", "cm", "suppcm", "pr", "supppr", "dd", "ss", "ts"]
    }
    rows["ts"].append({"STUDYID": "T", "TSPARMCD": "DCUTDTC", "TSVAL": iso(cutoff)})
    for subject in subjects:
        _write_subject(rows, subject)
    empty = {
        "rs": "STUDYID,USUBJID,RSSEQ,RSTESTCD,RSCAT,RSORRES,RSSTRESC,RSEVAL,RSDTC,VISIT,VISITNUM",
        "ex": "STUDYID,USUBJID,EXSEQ,EXTRT,EXCAT,EXDOSE,EXDOSU,EXSTDTC,EXENDTC",
    }
    for name, records in rows.items():
        if records:
            pd.DataFrame(records).to_csv(folder / f"{name}.csv", index=False)
        elif name in empty:
            (folder / f"{name}.csv").write_text(empty[name] + "\n")


def _write_subject(rows: dict[str, list[dict]], s: Subject) -> None:
    key = {"STUDYID": "T", "USUBJID": s.id}
    _write_milestones(rows, s, key)
    _write_procedures(rows, s, key)
    _write_therapies(rows, s, key)
    _write_responses(rows, s, key)
    _write_survival(rows, s, key)


def _write_milestones(rows: dict[str, list[dict]], s: Subject, key: dict) -> None:
    death = "" if s.death is None else iso(s.death)
    rows["dm"].append(
        {
            **key,
            "AGE": 50,
            "SEX": "F",
            "ARMCD": s.arm,
            "ARM": s.arm,
            "ACTARMCD": s.arm,
            "ACTARM": s.arm,
            "RFICDTC": iso(s.randomised - 20),
            "DTHDTC": death,
            "DTHFL": "Y" if death else "",
        }
    )
    milestones = [
        (s.randomised - 20, "INFORMED CONSENT OBTAINED"),
        (s.randomised - 10, "ENROLLED"),
        (s.randomised, "RANDOMIZED"),
    ]
    if s.lost is not None:
        milestones.append((s.lost, "LOST TO FOLLOW-UP"))
    if s.death is not None:
        milestones.append((s.death, "DEATH"))
    for seq, (day, term) in enumerate(milestones, 1):
        rows["ds"].append({**key, "DSSEQ": seq, "DSDECOD": term, "DSSTDTC": iso(day)})


def _write_procedures(rows: dict[str, list[dict]], s: Subject, key: dict) -> None:
    start = s.leukapheresis if s.leukapheresis is not None else s.randomised - 5
    rows["pr"].append(
        {
            **key,
            "PRSEQ": 1,
            "PRTRT": "LEUKAPHERESIS",
            "PRCAT": "LEUKAPHERESIS",
            "PRSTDTC": iso(start),
            "PRENDTC": iso(start),
        }
    )
    for seq, (day, planned) in enumerate(s.hsct, 2):
        rows["pr"].append(
            {
                **key,
                "PRSEQ": seq,
                "PRTRT": "ALLOGENEIC HSCT",
                "PRCAT": "HSCT",
                "PRSTDTC": iso(day),
                "PRENDTC": iso(day),
            }
        )
        rows["supppr"].append(
            {
                **key,
                "RDOMAIN": "PR",
                "IDVAR": "PRSEQ",
                "IDVARVAL": str(seq),
                "QNAM": "PLANNED",
                "QVAL": planned,
            }
        )
    infusions = [d for d in (s.infusion, s.reinfusion) if d is not None]
    for seq, day in enumerate(infusions, 1):
        rows["ex"].append(
            {
                **key,
                "EXSEQ": seq,
                "EXTRT": "CAR-T",
                "EXCAT": "CAR-T INFUSION",
                "EXDOSE": 100,
                "EXDOSU": "10^6 CELLS",
                "EXSTDTC": iso(day),
                "EXENDTC": iso(day),
            }
        )


def _write_therapies(rows: dict[str, list[dict]], s: Subject, key: dict) -> None:
    for seq, (day, reason) in enumerate(s.therapies, 1):
        rows["cm"].append(
            {
                **key,
                "CMSEQ": seq,
                "CMTRT": "R-ICE",
                "CMDECOD": "R-ICE",
                "CMCLAS": "PLATINUM",
                "CMCAT": "SUBSEQUENT ANTI-CANCER THERAPY",
                "CMSTDTC": iso(day),
                "CMENDTC": "",
            }
        )
        rows["suppcm"].append(
            {
                **key,
                "RDOMAIN": "CM",
                "IDVAR": "CMSEQ",
                "IDVARVAL": str(seq),
                "QNAM": "NATREAS",
                "QVAL": reason.upper(),
            }
        )


def _write_responses(rows: dict[str, list[dict]], s: Subject, key: dict) -> None:
    both = (
        ("INDEPENDENT ASSESSOR", s.visits),
        ("INVESTIGATOR", s.visits if s.inv is None else s.inv),
    )
    seq = 0
    for who, visits in both:
        for day, response in visits:
            seq += 1
            rows["rs"].append(
                {
                    **key,
                    "RSSEQ": seq,
                    "RSTESTCD": "OVRLRESP",
                    "RSCAT": "@",
                    "RSORRES": response,
                    "RSSTRESC": response,
                    "RSEVAL": who,
                    "RSDTC": iso(day),
                    "VISIT": f"DAY {day}",
                    "VISITNUM": day,
                }
            )


def _write_survival(rows: dict[str, list[dict]], s: Subject, key: dict) -> None:
    if s.cause:
        rows["dd"].append(
            {
                **key,
                "DDSEQ": 1,
                "DDTESTCD": "PRCDTH",
                "DDSTRESC": s.cause,
                "DDORRES": s.cause,
                "DDDTC": "" if s.death is None else iso(s.death),
            }
        )
    if s.alive is not None:
        rows["ss"].append(
            {
                **key,
                "SSSEQ": 1,
                "SSTESTCD": "SURVSTAT",
                "SSSTRESC": "ALIVE",
                "SSORRES": "ALIVE",
                "SSDTC": iso(s.alive),
            }
        )


SCHEDULE = (42, 63, 84, 126, 150, 182, 274, 365, 456)
LABELS = ("W6", "W9", "W12", "W18", "D150", "W26", "W39", "W52", "W65")


def randomised_study(data: str, cutoff: int, endpoints: list[str], **more: object) -> dict:
    """Return the study mapping of the vectors of specification 3.5."""
    return {
        "id": "vectors",
        "title": "Vectors",
        "data": data,
        "disease": "LBCL",
        "criteria": "lugano-2014",
        "design": "randomised",
        "arms": {
            "CART": {"label": "CAR-T", "role": "experimental"},
            "SOC": {"label": "Standard of care", "role": "control"},
        },
        "cutoff": iso(cutoff),
        "visits": {
            "anchor": "randomisation",
            "schedule": [
                {"label": label, "day": day, "before": 7, "after": 7}
                for label, day in zip(LABELS, SCHEDULE, strict=True)
            ],
        },
        "landmarks": {"END_INDUCTION": "W12"},
        "endpoints": endpoints,
        **more,
    }


def single_arm_study(
    data: str, cutoff: int, endpoints: list[str], schedule: tuple[tuple[str, int], ...], **more
) -> dict:
    """Return the mapping of a single-arm study anchored at infusion."""
    return {
        "id": "vectors",
        "title": "Vectors",
        "data": data,
        "disease": "B-ALL",
        "criteria": "b-all",
        "design": "single-arm",
        "arms": {"CART": {"label": "CAR-T", "role": "experimental"}},
        "cutoff": iso(cutoff),
        "visits": {
            "anchor": "infusion",
            "schedule": [
                {"label": label, "day": day, "before": 7, "after": 7} for label, day in schedule
            ],
        },
        "endpoints": endpoints,
        **more,
    }


def run(
    folder: Path,
    subjects: list[Subject],
    study: dict,
    cutoff: int,
    scenario: dict | None = None,
) -> dict[str, pd.DataFrame]:
    """Take subjects from SDTM files to ADTTE; return adtte, adrsp, candidates of the scenario."""
    (frames,) = runs(folder, subjects, study, cutoff, [scenario])
    return frames


def runs(
    folder: Path,
    subjects: list[Subject],
    study: dict,
    cutoff: int,
    scenarios: list[dict | None],
) -> list[dict[str, pd.DataFrame]]:
    """Return what ``run`` returns of each scenario, of one reading of the files."""
    data = folder / "data"
    write_sdtm(data, subjects, cutoff)
    rs = data / "rs.csv"
    if rs.exists():
        label = "LUGANO 2014" if study["criteria"] == "lugano-2014" else "NCCN ALL"
        rs.write_text(rs.read_text().replace(",@,", f",{label},"))
    (folder / "study.yaml").write_text(yaml.safe_dump({**study, "data": str(data)}))
    named = [scenario for scenario in scenarios if scenario is not None]
    config: dict = {"studies": ["study.yaml"]}
    if named:
        config["scenarios"] = [f"./{scenario['name']}.yaml" for scenario in named]
    for scenario in named:
        (folder / f"{scenario['name']}.yaml").write_text(yaml.safe_dump(scenario))
    resolved = load_config(config, folder)
    derive_all(folder, resolved)
    names = [scenario["name"] if scenario else "primary" for scenario in scenarios]
    return [derive_events(folder, resolved, name) for name in names]


def steps(folder: Path, resolved: Resolved, scenario: str) -> dict[str, pd.DataFrame]:
    """Run ingest, subjects, response and events of the only study."""
    derive_all(folder, resolved)
    return derive_events(folder, resolved, scenario)


def derive_all(folder: Path, resolved: Resolved) -> None:
    """Run the steps before events, which no scenario touches."""
    (name,) = resolved.studies
    study, criteria = resolved.studies[name], resolved.criteria[name]
    adam = folder / "adam"
    adam.mkdir(exist_ok=True)
    ingest(study, criteria, folder / "sdtm", folder / "findings.csv")
    subjects = [adam / f"{name}.parquet" for name in ("adsl", "adevt", "adbrdg", "adelig", "adae")]
    build_subjects(study, criteria, resolved.rules[name], folder / "sdtm", *subjects)
    build_response(
        study,
        criteria,
        folder / "sdtm",
        adam / "adsl.parquet",
        adam / "adevt.parquet",
        adam / "adrs.parquet",
        adam / "admrd.parquet",
    )


def derive_events(folder: Path, resolved: Resolved, scenario: str) -> dict[str, pd.DataFrame]:
    """Run events of a scenario; return its tables and those that it read."""
    (name,) = resolved.studies
    adam, spec = folder / "adam", resolved.scenarios[name][scenario]
    out = folder / scenario
    out.mkdir(exist_ok=True)
    names = ("adtte", "adrsp", "candidates")
    paths = [out / f"{part}.parquet" for part in names]
    study, criteria = resolved.studies[name], resolved.criteria[name]
    build_events(study, criteria, spec.definitions, adam, *paths, support=spec.support)
    frames = {part: pd.read_parquet(path) for part, path in zip(names, paths, strict=True)}
    frames["findings"] = pd.read_csv(folder / "findings.csv")
    frames["adsl"] = pd.read_parquet(adam / "adsl.parquet")
    frames["adrs"] = pd.read_parquet(adam / "adrs.parquet")
    return frames
