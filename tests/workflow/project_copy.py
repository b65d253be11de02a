"""A copy of the project in a temporary folder, and what snakemake says of it."""

import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import asking

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("Snakefile", "config", "workflow", "profiles", "src", "data")
FORKING = Path(__file__).with_name("forking.py")
OLD = 1_577_836_800  # 1 January 2020: older than every output
JOB = re.compile(r"^(?:local)?rule (\w+):\n((?:    .*\n)*)", re.MULTILINE)


@contextmanager
def forking_process() -> Iterator[str]:
    """Yield the address of a process that forks for every command (forking.py)."""
    with tempfile.TemporaryDirectory() as folder:  # a socket's path is short
        address = str(Path(folder) / "socket")
        server = subprocess.Popen(
            [sys.executable, str(FORKING), address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
        )
        assert server.stdout.readline() == b"ready\n"
        try:
            yield address
        finally:
            server.communicate()


def _environment(**variables: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **variables}


def run_snakemake(
    *options: str, forks: str, cwd: Path, **variables: str
) -> subprocess.CompletedProcess:
    """Run snakemake in a folder; return its status and all it said, in order."""
    with tempfile.TemporaryFile("w+") as said:
        status = asking.ask(
            forks,
            "snakemake",
            ["--cores", "4", *options],
            cwd=str(cwd),
            env=_environment(**variables),
            streams=(said.fileno(), said.fileno()),
        )
        said.seek(0)
        return subprocess.CompletedProcess(options, status, said.read())


class Tree:
    """A copy of the project whose own code is what runs."""

    def __init__(self, folder: Path, forks: str) -> None:
        self.folder = folder
        self.forks = forks
        self.said = ""

    def snakemake(self, *options: str, path: str = "", cwd: Path | None = None):
        """Run snakemake in the copy; return what it said and its status."""
        places = os.pathsep.join([part for part in (path, str(self.folder / "src")) if part])
        folder = cwd or self.folder
        return run_snakemake(*options, forks=self.forks, cwd=folder, PYTHONPATH=places)

    def would_run(self, *options: str, path: str = "") -> set[str]:
        """Return the jobs of a dry run as ``rule study[/scenario]``, without ``all``."""
        done = self.snakemake("-n", *options, path=path)
        assert done.returncode == 0, done.stdout
        return {_job(rule, body) for rule, body in JOB.findall(done.stdout)} - {"all"}

    @contextmanager
    def changed(self, *names: str) -> Iterator[list[Path]]:
        """Let a test change files of the copy; bytes and times are as before afterwards."""
        files = [self.folder / name for name in names]
        before = [(path.read_bytes(), path.stat()) for path in files if path.exists()]
        assert len(before) == len(files), names
        try:
            yield files
        finally:
            for path, (content, stat) in zip(files, before, strict=True):
                path.write_bytes(content)
                os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def edit(path: Path, old: str, new: str, *, time: int | None = None) -> None:
    """Replace a text that must be there; give the file an old time where one is said."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    if time is not None:
        os.utime(path, (time, time))


def _job(rule: str, body: str) -> str:
    wildcards = re.search(r"^    wildcards: (.*)$", body, re.MULTILINE)
    values = re.findall(r"=([^,]+)", wildcards[1]) if wildcards else []
    return " ".join([rule, "/".join(values)]).strip()


def count(jobs: set[str]) -> Counter:
    """Return how many jobs of each rule there are."""
    return Counter(job.split()[0] for job in jobs)


def copy_project(folder: Path, forks: str) -> Tree:
    """Return a copy of the project with nothing run in it."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("*.egg-info"))
        else:
            shutil.copy2(source, folder / name)
    return Tree(folder, forks)


def keep_subjects(folder: Path, number: int) -> None:
    """Cut the tables of a trial down to the first subjects of its list of subjects."""
    with (folder / "dm.csv").open(newline="", encoding="utf-8") as stream:
        kept = {row["USUBJID"] for row in islice(csv.DictReader(stream), number)}
    assert len(kept) == number
    for path in folder.glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as stream:
            head, *rows = csv.reader(stream)
        if "USUBJID" in head:
            place = head.index("USUBJID")
            rows = [row for row in rows if row[place] in kept]
            with path.open("w", newline="", encoding="utf-8") as stream:
                csv.writer(stream, lineterminator="\n").writerows([head, *rows])


def sentence_of(done: subprocess.CompletedProcess) -> str:
    """Return the one sentence with which a run stopped; nothing may look like a traceback."""
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stdout
    assert "unexpected" not in done.stdout
    lines = [line for line in done.stdout.splitlines() if not line.startswith("Using workflow")]
    if any(line.startswith("Building DAG") for line in lines):
        found = [line for line in lines if line.startswith("ERROR ")]
        assert found, done.stdout
        return found[0].removeprefix("ERROR ")
    assert len(lines) == 1, done.stdout
    return lines[0]
