"""Each subject's explanation: whole in a file of its own, its leading part in the report.

Both are the text of ``cartend explain STUDY USUBJID``, made from the same results.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cartend.config.roles import LEADING
from cartend.explain.explain import block_text, explain_subject, joined, opening
from cartend.explain.results import StudyResults, evidence_of

REPORT = "../../report.html"
"""Where a figure of a scenario finds the report."""


@dataclass(frozen=True)
class SubjectText:
    """What the report shows of one subject: its anchor, its file, and the text."""

    usubjid: str
    anchor: str
    file: str
    text: str


def write_subjects(results: StudyResults, out_dir: Path) -> list[SubjectText]:
    """Write ``<USUBJID>.txt`` of every subject and return what the report shows of each.

    1. The file holds what ``cartend explain`` prints without an endpoint. 2. The report shows the
    same text down to the last primary or key secondary endpoint.
    """
    out_dir = Path(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    evidence = evidence_of(results)
    names, texts = file_names(evidence.subjects), []
    for usubjid in evidence.subjects:
        explanation = explain_subject(evidence.of(usubjid))
        parts = opening(explanation)
        leading = [b for b in explanation.blocks if results.role(b.paramcd) in LEADING]
        shown = len(parts) + (len(leading) or 1)
        parts += [block_text(block) for block in explanation.blocks]
        file = f"{names[usubjid]}.txt"
        (out_dir / file).write_text(joined(parts), encoding="utf-8")
        link = f"{out_dir.name}/{file}"
        texts.append(SubjectText(usubjid, anchor_of(usubjid), link, joined(parts[:shown])))
    return texts


def anchor_of(usubjid: str) -> str:
    """Return the identifier of a subject in the report; no two subjects have the same."""
    return "explain-" + re.sub(r"[^A-Za-z0-9-]", lambda found: f"_{ord(found[0]):x}_", usubjid)


def link_of(usubjid: str) -> str:
    """Return the link from a figure of a scenario to a subject in the report."""
    return f"{REPORT}#{anchor_of(usubjid)}"


def file_names(usubjids: Iterable[str]) -> dict[str, str]:
    """Return a file name of each subject without its ending: USUBJID where files may be named so.

    1. Other characters, and a point at either end, are underscores; the end of a long id goes.
    2. What some systems keep for a device has an underscore before it.
    3. Subjects who then have the same name, capitals aside, are numbered from the second on.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for usubjid in usubjids:
        plain = name = _file_name(usubjid)
        number = 1
        while name.lower() in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name.lower())
        names[usubjid] = name
    return names


DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
LONGEST = 120


def _file_name(usubjid: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]|^\.|\.$", "_", usubjid)[:LONGEST]
    return f"_{plain}" if DEVICES.fullmatch(plain) else plain
