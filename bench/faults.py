"""Do the tests of a room notice a fault in it? One small fault at a time, planted in a copy.

    python bench/faults.py                       every fault
    python bench/faults.py stats endpoint        those of some rooms
    python bench/faults.py --project ../other    another checkout of the project

Prints one row a fault: its room, file and change, and the first test that fails, or NOT CAUGHT.
The status is 1 where a fault was not caught. Takes about 5 s of CPU a fault; a fault that is not
caught takes as long as all tests of its room. An older checkout may hold the same text in
another file, or say the same in other words: a fault knows its former self, which is planted there.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SOURCE = "src/cartend"
LEFT_OUT = (".*", "results", "logs", "benchmarks", "*.egg-info")
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    """A text of a source file, which stands there once, and the wrong one put in its place.

    ``former`` is the same fault as an older checkout holds it.
    """

    file: str
    old: str
    new: str
    tests: tuple[str, ...] = ()
    former: "Fault | None" = None

    @property
    def room(self) -> str:
        """Return the room of the file, or the file itself where it stands in no room."""
        return Path(self.file).parts[0].removesuffix(".py")

    def where(self) -> tuple[str, ...]:
        """Return the tests that ought to notice: those of the room, unless others are named."""
        return self.tests or (f"tests/{self.room}",)

    def count(self, project: Path) -> int:
        """Return how often the text stands in its file of a checkout; 0 without the file."""
        path = project / SOURCE / self.file
        return path.read_text(encoding="utf-8").count(self.old) if path.exists() else 0

    def at(self, project: Path) -> "Fault":
        """Return the fault as it stands in a checkout: itself, or what it was."""
        known = self.former is not None and not self.count(project)
        return self.former.at(project) if known else self


def moved(file: str, fault: Fault) -> Fault:
    """Return a fault whose text stood in another file."""
    return replace(fault, former=replace(fault, file=file))


DIGEST, JOB = ("tests/test_digest.py",), ("tests/test_job.py",)
FAULTS = (
    # estimators: a quantile, a weight, a count, a limit
    Fault("stats/proportions.py", "betaincinv(x, n - x + 1, tail)", "betaincinv(x, n - x, tail)"),
    Fault("stats/survival.py", "d / (n * (n - d).astype(float))", "d / (n * n.astype(float))"),
    Fault("stats/survival.py", "kaplan_meier(time, 1 - event,", "kaplan_meier(time, event,"),
    Fault("stats/simon.py", "first = np.arange(r1 + 1, n1 + 1)", "first = np.arange(r1, n1 + 1)"),
    # configuration: a bound, a word, an order, a merge
    Fault("config/grid.py", "if self.size > LARGEST:", "if self.size >= LARGEST * 2:"),
    Fault(
        "config/files.py", "            merged.pop(key, None)", "            merged[key] = value"
    ),
    Fault(
        "config/sentences.py",
        "sorted(definition.censoring.values(), key=lambda rule: rule.order)",
        "list(definition.censoring.values())",
    ),
    # records: a date shifted, a bound turned, a unit
    moved(
        "sdtm/dates.py",
        Fault(
            "intake/dates.py",
            '(_month(year, month) + 1).astype("M8[D]") - 1',
            '(_month(year, month) + 1).astype("M8[D]")',
        ),
    ),
    moved(
        "sdtm/checks/mrd.py",
        Fault(
            "intake/checks/mrd.py",
            '(lb["LBSTRESN"] >= threshold)',
            '(lb["LBSTRESN"] > threshold)',
        ),
    ),
    moved(
        "sdtm/checks/death.py",
        Fault(
            "intake/checks/death.py",
            'rows[f"{stem}_LO"] > high',
            'rows[f"{stem}_LO"] >= high',
        ),
    ),
    moved(
        "sdtm/units.py",
        Fault("contract/terms/units.py", '"MG/DL": 10.0', '"MG/DL": 1.0', ("tests/response",)),
    ),
    # the contract: a label, a word normalised, a key
    Fault(
        "contract/terms/disposition.py",
        'term("INFUSED", "Infused")',
        'term("INFUSED", "Treated")',
        ("tests/display",),
        former=Fault("display/disposition.py", '"INFUSED": "Infused",', '"INFUSED": "Treated",'),
    ),
    Fault("contract/text.py", 'text.replace("-", " ")', "text"),
    Fault("contract/check.py", "if different != table.num_rows:", "if different > table.num_rows:"),
    # the gate: a count that lapsed, a kind never accepted, a set with nobody in it
    Fault("admission/accepting.py", "taken.count != stop.count", "taken.count > stop.count"),
    Fault("admission/accepting.py", 'stop.id in STOP.group("final")', "stop.id in ()"),
    Fault("admission/sets.py", "if members.empty:", "if trial.adsl.empty:"),
    # subjects: the day after, the middle, ties of periods, the phase of a record
    Fault("subject/death.py", "(MID_MONTH - 1) * DAY", "MID_MONTH * DAY"),
    Fault(
        "subject/death.py",
        'told.mask(records["UPPER"]).fillna(last + DAY)',
        'told.mask(records["UPPER"]).fillna(last)',
        former=Fault(
            "subject/death.py",
            'low = records["LO"].fillna(last + DAY)',
            'low = records["LO"].fillna(last)',
        ),
    ),
    Fault("subject/periods.py", "known[:, :-1] >= later", "known[:, :-1] > later"),
    Fault("subject/periods.py", "(starts[name] <= day)", "(starts[name] < day)"),
    Fault(
        "subject/washout.py",
        '.where(~(rows["ENDLO"] > rows["ENDHI"]), rows["ENDHI"])',
        '.where(~(rows["ENDLO"] < rows["ENDHI"]), rows["ENDHI"])',
    ),
    # response: the nearest visit, the next assessment, the sample that counts
    Fault("response/visits.py", "(distance < nearest)", "(distance <= nearest)"),
    Fault("response/confirm.py", "(nxt_day > therapy)", "(nxt_day >= therapy)"),
    Fault(
        "response/mrd.py",
        '["USUBJID", "ADT", "off", "place", "SEQ"]',
        '["USUBJID", "ADT", "place", "SEQ"]',
    ),
    Fault(
        "response/mrd.py",
        "is_below & short & MRD_RESULT",
        "is_below & MRD_RESULT",
        former=Fault("response/mrd.py", "is_below & short & upper", "is_below & upper"),
    ),
    # endpoints: windows, landmarks, deaths, the order of rules
    Fault(
        "endpoint/windows.py",
        '(day < start[subj])] = word("before the window',
        '(day <= start[subj])] = word("before the window',
    ),
    Fault(
        "endpoint/landmark.py",
        "records.day <= mark + window.after",
        "records.day < mark + window.after",
    ),
    Fault("endpoint/landmark.py", 'np.timedelta64(1, "D")', 'np.timedelta64(2, "D")'),
    Fault("endpoint/happened.py", "(death <= context.cutoff) &", "(death < context.cutoff) &"),
    Fault("endpoint/happened.py", "lost[death > context.cutoff]", "lost[death >= context.cutoff]"),
    Fault("endpoint/happened.py", "lost[death < context.origin]", "lost[death <= context.origin]"),
    # results: who counts as an event, who was censored before
    Fault("analysis/counts.py", "event=(state > 0)", "event=(state > 1)"),
    Fault("analysis/counts.py", "== against.experimental)", "!= against.experimental)"),
    Fault("analysis/competing.py", "(subjects.time < time)", "(subjects.time <= time)"),
    Fault("analysis/rates.py", "ONE_SIDED_ALPHA = 0.025", "ONE_SIDED_ALPHA = 0.05"),
    # explanations: the order of a day, the day itself, what differs
    Fault(
        "explain/timeline.py",
        '    "TRTSDT": "the CAR-T infusion",\n    "LEUKDT": "leukapheresis (not infused)",\n',
        '    "LEUKDT": "leukapheresis (not infused)",\n    "TRTSDT": "the CAR-T infusion",\n',
        former=Fault(
            "explain/timeline.py",
            '"TRTSDT", "LEUKDT", "ENRLDT", "RFICDT"),',
            '"LEUKDT", "TRTSDT", "ENRLDT", "RFICDT"),',
        ),
    ),
    Fault("explain/timeline.py", "date == row.DSSTDT_LO and", "date >= row.DSSTDT_LO and"),
    Fault("explain/differences.py", 'joined["CHANGE"].ne("")', 'joined["CHANGE"].eq("PARAMCD")'),
    # pages: rounding, a word, the order of rows
    Fault("display/format.py", "ROUND_HALF_UP)", "'ROUND_HALF_EVEN')"),
    Fault("display/format.py", "if value < 0.0001:", "if value <= 0.001:"),
    Fault(
        "display/robustness.py",
        "(c.numbers[0] is None, c.numbers[0] or 0, c.base)",
        "(c.numbers[0] is None, c.base)",
    ),
    # the manifest: who is censored, what is listed, in which order
    Fault("export/manifest.py", '(rows["STATE"] > 1)', '(rows["STATE"] > 0)'),
    Fault("export/manifest.py", "in sorted(kept)", "in kept"),
    Fault("export/manifest.py", "and path != out", "and path"),
    # simulated trials: a hazard, a share, a day
    Fault("simulate/clock.py", 'side="right") - 1', 'side="left") - 1'),
    Fault(
        "simulate/clock.py", "np.cumsum(weights, axis=1)", "np.cumsum(weights * weights, axis=1)"
    ),
    Fault(
        "simulate/care.py", "(reading >= params.progressed) &", "(reading > params.progressed) &"
    ),
    # the frame of a job and the digests that rerun it
    Fault("digest.py", "sort_keys=True", "sort_keys=False", DIGEST),
    Fault("digest.py", "waiting |= _read(_path(name), name).inside - seen", "pass", DIGEST),
    Fault("digest.py", "if node.level:", "if node.level > 1:", DIGEST),
    Fault("job.py", "raise SystemExit(1) from None", "raise SystemExit(0) from None", JOB),
    Fault("job.py", "        kept.unlink(missing_ok=True)", "        pass", JOB),
)


def plant(copy: Path, fault: Fault) -> str:
    """Put the fault into the copy; return the text that stood in the file."""
    path = copy / SOURCE / fault.file
    text = path.read_text(encoding="utf-8")
    if fault.count(copy) != 1:
        sys.exit(f"{fault.file}: {fault.old!r} stands there {fault.count(copy)} times, not once")
    path.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
    return text


def first_failure(copy: Path, tests: tuple[str, ...]) -> str:
    """Run tests in the copy; return the first that fails, blank where none does."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-m", "not slow", "-p", "no:cacheprovider", *tests],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return ""
    found = FAILED.search(done.stdout)
    return found[1] if found else done.stdout[-500:]


def main() -> int:
    """Plant each fault, run its tests, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rooms", nargs="*", help="rooms; all of them by default")
    parser.add_argument("--project", type=Path, default=PROJECT, help="the checkout to copy")
    chosen = parser.parse_args()
    faults = [fault for fault in FAULTS if not chosen.rooms or fault.room in chosen.rooms]
    planted = missed = 0
    print("| room | file | fault | caught by |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(chosen.project, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        for fault in [fault.at(copy) for fault in faults]:
            if not fault.count(copy):
                print(_row(fault, "not written yet"))
                continue
            text = plant(copy, fault)
            caught = first_failure(copy, fault.where())
            (copy / SOURCE / fault.file).write_text(text, encoding="utf-8")
            missed += not caught
            planted += 1
            print(_row(fault, caught or "NOT CAUGHT"), flush=True)
    print(f"\n{planted - missed} of {planted} faults caught")
    return int(missed > 0)


def _row(fault: Fault, caught: str) -> str:
    old, new = (" ".join(text.split()) for text in (fault.old, fault.new))
    change = f"`{old}` → `{new}`".replace("|", "\\|")
    return f"| {' | '.join((fault.room, fault.file, change, caught))} |"


if __name__ == "__main__":
    sys.exit(main())
