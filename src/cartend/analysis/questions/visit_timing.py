"""When assessments took place, by arm: on schedule, how far apart, and how soon (P23, P24)."""

import numpy as np
import pandas as pd

from cartend.analysis.questions.entry import Entry
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.analysis.questions.windows import from_origin
from cartend.contract.datasets.response import ADRS
from cartend.contract.datasets.results import ADTTE
from cartend.contract.datasets.subject import ADEVT
from cartend.stats.results import not_estimable

APART = "days between consecutive adequate assessments, until progression or other treatment"
ENTRY = Entry(
    "visit_timing",
    "R37",
    "Timing of the assessments",
    "{set}; adequate assessments of the primary evaluator, until progression or other treatment.",
    {"day": "Days are the number that they are from; median (quartiles)."},
    (ADTTE, ADRS, ADEVT),
)


def answer(material: Material, page: Page) -> None:
    """Write how many came to each visit and when, and the gaps between assessments."""
    options = material.study.analyses.visit_timing
    times = material.times(options.pfs, "PFS")
    seen = material.tables("adrs")
    if not len(seen):
        raise NotDerivableError("the study has no visit-level responses (ADRS)")
    kept = (seen["ANL01FL"] == "Y") & (seen["EVAL"] == material.study.primary_evaluator)
    seen = from_origin(material, times, seen[kept & (seen["AVALC"] != "NE")])
    until = seen["USUBJID"].map(dict(zip(times.subjects, times.time, strict=True)))
    seen = seen[seen["DAY"] <= until]
    page.run(
        "Assessed, of those still followed without event", attended, material, page, times, seen
    )
    page.run("Days between assessments", gaps, material, page, times, seen)


def attended(material: Material, page: Page, times: Times, seen: pd.DataFrame) -> None:
    """Write attendance of each scheduled visit and the median deviation from its day."""
    if "AVISIT" not in seen:
        raise NotDerivableError("the assessments have no visit labels (AVISIT)")
    labels = {v.label: v for s in material.study.schedules.values() for v in s.schedule}
    for label, visit in labels.items():
        due = times.time > visit.closes + 1
        here = seen[seen["AVISIT"] == label]
        came = np.isin(times.subjects, here["USUBJID"].to_numpy())
        page.line(f"{label} (day {visit.day})")
        for arm in material.arms:
            rows = material.of_arm(times, arm) & due
            page.tally((came & rows).sum(), rows.sum(), arm=arm)


def gaps(material: Material, page: Page, times: Times, seen: pd.DataFrame) -> None:
    """Write the first assessment, the gaps between two, and their spread, per arm."""
    ordered = seen.sort_values(["USUBJID", "DAY"], kind="stable")
    apart = ordered.groupby("USUBJID")["DAY"].diff()
    first = ordered.groupby("USUBJID")["DAY"].min()
    arm_of = dict(zip(times.subjects, times.frame["ARMCD"], strict=True))
    note = not_estimable("no assessments")
    for text, values in (
        ("Day of the first assessment", first),
        ("Days between two assessments", apart.set_axis(ordered["USUBJID"]).dropna()),
    ):
        for arm in material.arms:
            chosen = values[[not arm or arm_of.get(s) == arm for s in values.index]]
            page.line(f"{text}: median (quartiles)")
            numbers = dict.fromkeys(("estimate", "lower", "upper"))
            if len(chosen):
                low, middle, high = (float(chosen.quantile(q)) for q in (0.25, 0.5, 0.75))
                numbers = {"estimate": middle, "lower": low, "upper": high}
            page.add("day", APART, {"N": len(chosen), **numbers}, arm=arm, note=note)
