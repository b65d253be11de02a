"""The page of the gate, and the same as the first part of the report: made from its files."""

from pathlib import Path

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cartend.admission.rows import row_counts, unused_counts
from cartend.config.study import Study
from cartend.contract.terms.estimand import POPULATION, POPULATION_FLAG
from cartend.contract.terms.general import PURPOSE, SEVERITY


def write_page(study: Study, folder: Path) -> None:
    """Write admission.html, which needs nothing beside it."""
    page = _environment().get_template("admission.html.j2")
    text = page.render(study=study, purpose=PURPOSE.label(study.purpose), **_content(folder))
    (Path(folder) / "admission.html").write_text(text, encoding="utf-8")


def part_of_report(folder: Path) -> Markup:
    """Return the content of the page as a part of another one."""
    return Markup(_environment().get_template("part.html.j2").render(**_content(folder)))


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("cartend.admission", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _content(folder: Path) -> dict:
    folder = Path(folder)
    found = _table(folder / "findings.csv")
    words = _table(folder / "words.csv")
    return {
        "stops": _rows(_table(folder / "stops.csv")),
        "accepted": _rows(_table(folder / "accepted.csv")),
        "files": _files(folder / "rows.parquet"),
        **_flow(_table(folder / "subjects.csv")),
        "unknown": _rows(words[words["known"].eq("N")]) if len(words) else [],
        "words": len(words),
        "findings": _rows(found),
        "kinds": kinds_of(found),
    }


def _table(path: Path) -> pd.DataFrame:
    """Return a file of the gate as text; nothing where it was not written."""
    return pd.read_csv(path, dtype=str, keep_default_na=False) if path.exists() else pd.DataFrame()


def _rows(table: pd.DataFrame) -> list[dict]:
    return table.to_dict("records")


def _files(path: Path) -> list[dict]:
    """Return each file with its rows read, used and not, and the reasons with their counts."""
    rows = pd.read_parquet(path) if path.exists() else pd.DataFrame()
    if rows.empty:
        return []
    reasons = unused_counts(rows)
    return [{**one, "reasons": reasons.get(one["domain"], [])} for one in _rows(row_counts(rows))]


def _flow(subjects: pd.DataFrame) -> dict:
    """Return how many subjects there are by arm, in each set, and why others are not."""
    if subjects.empty:
        return {"subjects": 0, "arms": [], "sets": [], "outside": []}
    named = subjects["armcd"].where(subjects["armcd"].ne(""), "no arm")
    arms = list(named.drop_duplicates().sort_values())
    sets = [
        {
            "name": name,
            "label": POPULATION.label(name),
            "count": int(subjects[name].eq("Y").sum()),
            "by_arm": [int((subjects[name].eq("Y") & named.eq(arm)).sum()) for arm in arms],
        }
        for name in POPULATION_FLAG
        if name in subjects
    ]
    everybody = {"name": "", "label": "Subjects of any file", "count": len(subjects)}
    everybody["by_arm"] = [int(named.eq(arm).sum()) for arm in arms]
    told = subjects[subjects["reason"].ne("")]
    counts = told.groupby([told["sets"].eq(""), "reason"]).size().sort_values(ascending=False)
    outside = [
        {"reason": reason, "count": int(count), "without": bool(without)}
        for (without, reason), count in counts.items()
    ]
    outside.sort(key=lambda one: not one["without"])
    return {
        "subjects": len(subjects),
        "arms": arms,
        "sets": [everybody, *sets],
        "outside": outside,
    }


def kinds_of(found: pd.DataFrame) -> list[dict]:
    """Return one line a kind of finding: subjects, records, what they touch, the first example."""
    if found.empty:
        return []
    lines = []
    for (name, severity, primary), rows in found.groupby(
        ["finding_id", "severity", "primary"], sort=False
    ):
        words = " ".join(rows["touches"]).split()
        lines.append(
            {
                "id": name,
                "severity": severity,
                "primary": primary == "Y",
                "subjects": int(rows["usubjid"].ne("").sum()),
                "records": int(rows["count"].astype(int).sum()),
                "touches": _short(list(dict.fromkeys(words))),
                "example": rows["message"].iloc[0],
            }
        )
    lines.sort(key=lambda one: (not one["primary"], SEVERITY.place[one["severity"]]))
    return lines


def _short(names: list[str], shown: int = 6) -> str:
    joined = " ".join(names[:shown])
    return f"{joined} and {len(names) - shown} more" if len(names) > shown else joined
