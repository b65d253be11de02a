"""``docs/guideline.md`` as data: one entry a requirement, and what a run wrote of its outputs."""

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "guideline.md"
ENTRY = re.compile(
    r"^## (?P<id>R\d\d) (?P<title>.+)\n\n(?P<text>(?:.+\n)+)\n"
    r"- Key: (?P<key>.+(?:\n  .+)*)\n- Output: (?P<output>.+(?:\n  .+)*)\n"
    r"- Tests: (?P<tests>.+(?:\n  .+)*)\n",
    re.MULTILINE,
)
REQUIREMENTS = re.compile(r"\bR(\d\d)(?:-R(\d\d))?\b")
CODE = re.compile(r"`([^`]+)`")
KINDS = ("table", "figure", "compare", "ard", "column", "file")


@dataclass(frozen=True)
class Entry:
    """One requirement: its words, and what stands in backticks of each line."""

    id: str
    text: str
    key: str
    output: str
    keys: tuple[str, ...]
    outputs: tuple[str, ...]
    tests: tuple[str, ...]


def requirements_in(text: str) -> list[str]:
    """Return the ids that a text names, ``R17-R19`` as each of the three."""
    return [
        f"R{number:02d}"
        for first, last in REQUIREMENTS.findall(text)
        for number in range(int(first), int(last or first) + 1)
    ]


def names_output(entry: Entry, kind: str, stem: str) -> bool:
    """Return whether an entry has an output of that kind that stands for a stem."""
    outputs = (output.partition(":") for output in entry.outputs)
    return any(given == kind and fnmatch(stem, what) for given, _, what in outputs)


def entries() -> list[Entry]:
    """Return every entry of the page, in its order."""
    found = []
    for match in ENTRY.finditer(PAGE.read_text(encoding="utf-8")):
        codes = [tuple(CODE.findall(match[name])) for name in ("key", "output", "tests")]
        found.append(Entry(match["id"], match["text"], match["key"], match["output"], *codes))
    return found


class Written:
    """What a run wrote for its studies, to look named outputs up in."""

    def __init__(self, results: Path) -> None:
        self.studies = [path.parent for path in sorted(results.glob("*/manifest.json"))]
        self.ard = pd.concat(
            [
                pd.read_csv(path, dtype=str, keep_default_na=False, usecols=range(10))
                for study in self.studies
                for path in study.glob("*/ard.csv")
            ]
        )[["paramcd", "analysis", "by"]].drop_duplicates()

    def has(self, output: str) -> bool:
        """Return whether a run of any study wrote this output."""
        kind, _, what = output.partition(":")
        return getattr(self, f"_{kind}")(what)

    def pages(self) -> list[tuple[str, str, str]]:
        """Return kind, stem and the words of the title of every table and figure."""
        found = {}
        for study in self.studies:
            for path in [*study.glob("*/tables/index.json"), *study.glob("*/figures/index.json")]:
                kind = path.parent.name.removesuffix("s")
                for page in json.loads(path.read_text(encoding="utf-8")):
                    words = " ".join([page["title"], *page["subtitle"]])
                    found[kind, page["stem"]] = words
        return [(*place, words) for place, words in found.items()]

    def _file(self, what: str) -> bool:
        return any(path.is_file() for study in self.studies for path in study.glob(what))

    def _table(self, what: str) -> bool:
        return self._file(f"*/tables/{what}.html")

    def _figure(self, what: str) -> bool:
        return self._file(f"*/figures/{what}.svg")

    def _compare(self, what: str) -> bool:
        return self._file(f"compare/{what}.html")

    def _ard(self, what: str) -> bool:
        parts = what.split("/")
        paramcd, analysis, by = (*parts, None)[:3] if len(parts) == 2 else parts
        return any(
            fnmatch(row.paramcd, paramcd)
            and fnmatch(row.analysis, analysis)
            and (by is None or fnmatch(row.by, by))
            for row in self.ard.itertuples()
        )

    def _column(self, what: str) -> bool:
        name, column = what.split(".")
        files = [study / "adam" / f"{name}.parquet" for study in self.studies]
        held = [path for path in files if path.exists() and column in pq.read_schema(path).names]
        return any(pd.read_parquet(p, columns=[column])[column].notna().any() for p in held)
