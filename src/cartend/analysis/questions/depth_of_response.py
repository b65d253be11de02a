"""R24: depth of response against survival (guideline lines 247-252, specification 5.2).

Landmark analyses by the best response known at the landmark, the time-dependent analyses beside
them, and how strongly each category goes with survival.
"""

import pandas as pd

from cartend.analysis.questions.entry import Entry
from cartend.analysis.questions.landmarks import (
    Status,
    distinct,
    first_landmark,
    landmark_day,
    landmark_lines,
    set_lines,
    time_dependent_lines,
)
from cartend.analysis.questions.lines import each_endpoint
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.analysis.questions.windows import from_origin, on_subjects
from cartend.contract.datasets.response import ADRS
from cartend.contract.datasets.results import ADTTE
from cartend.contract.datasets.subject import ADEVT
from cartend.contract.terms.grammar import RESPONSE_SET
from cartend.stats.concordance import concordance
from cartend.stats.rankcorrelation import kendall_tau

KENDALL = "Kendall's tau-b over the pairs that are ordered, jackknife error"
CONCORDANCE = "Harrell's C from the landmark on, infinitesimal jackknife limits"
DEPTHS = (
    ("complete", RESPONSE_SET.label("complete")),
    ("response", "response of any depth"),
)
ENTRY = Entry(
    "depth_of_response",
    "R24",
    "Depth of response against survival",
    "{set}; at a landmark those who are observed, free of the event and assessed by then. "
    "Responses are those of the primary evaluator, before other treatment.",
    {
        "landmark_cox": "Hazard ratios at a landmark are with the response over without it.",
        "time_dependent_cox": "Hazard ratios as the response changes are from the response on "
        "over until then.",
        "km": "Response is not assigned by chance: a difference by it is no effect of it.",
    },
    (ADTTE, ADRS, ADEVT),
)


def answer(material: Material, page: Page) -> None:
    """Write every landmark for PFS and OS, then the changing status, then the associations."""
    options = material.study.analyses.depth_of_response
    seen = assessments(material)
    landmarks = distinct(material, options.landmarks)
    start = first_landmark(material, landmarks)
    for times in each_endpoint(material, page, options):
        own = from_origin(material, times, seen)
        statuses = statuses_of(material, times, own)
        for day in landmarks:
            title = f"Who is observed and free of the event at the landmark, {times.paramcd}"
            page.run(title, set_lines, material, page, times, statuses[0].known, day)
        for status in statuses:
            for day in landmarks:
                title = f"Landmark, {times.paramcd} by {status.yes}"
                args = (material, page, times, status, day, options.horizon)
                page.run(title, landmark_lines, *args)
        for status in statuses:
            title = f"As it changes, {times.paramcd} by {status.yes} (Simon-Makuch)"
            page.run(title, time_dependent_lines, material, page, times, status, start)
        title = f"Which category goes with {times.paramcd} most closely (concordance)"
        for day in landmarks:
            page.run(title, associations, material, page, times, statuses, day, own)


def assessments(material: Material) -> pd.DataFrame:
    """Return the adequate assessments of the primary evaluator with the rank of each category."""
    seen = material.tables("adrs")
    if not len(seen):
        raise NotDerivableError("the study has no visit-level responses (ADRS)")
    kept = (seen["ANL01FL"] == "Y") & (seen["EVAL"] == material.study.primary_evaluator)
    ranks = {c.code: i for i, c in enumerate(material.criteria.categories) if c.code != "NE"}
    seen = seen[kept & seen["ADT"].notna() & seen["AVALC"].isin(ranks)]
    return seen.assign(RANK=seen["AVALC"].map(ranks).astype(float))


def statuses_of(material: Material, times: Times, seen: pd.DataFrame) -> list[Status]:
    """Return one status a depth: complete response, and response of any depth."""
    known = on_subjects(times, seen)
    found = []
    for name, words in DEPTHS:
        codes = material.criteria.sets.get(name, ())
        if codes:
            since = on_subjects(times, seen[seen["AVALC"].isin(codes)])
            found.append(Status(words, f"no {words}", since, known))
    if not found:
        raise NotDerivableError("the response criteria have no set of responses")
    return found


def associations(
    material: Material,
    page: Page,
    times: Times,
    statuses: list[Status],
    day: int,
    seen: pd.DataFrame,
) -> None:
    """Write Harrell's C and Kendall's tau of each category, and of all, at a landmark."""
    day = landmark_day(material, day)
    best = times.frame["USUBJID"].map(seen[seen["DAY"] <= day].groupby("USUBJID")["RANK"].min())
    still = (times.time > day) & best.notna().to_numpy()
    scores = {status.yes: (status.since <= day).astype(float) for status in statuses}
    scores["every category of best response"] = -best.to_numpy(dtype=float)
    for name, score in scores.items():
        page.line(f"{times.name}, day {day}: {name}")
        with page.attempt("c_index", CONCORDANCE):
            value = concordance(times.time[still], times.event[still], score[still])
            counts = {"events": int(times.event[still].sum()), "N": int(still.sum())}
            page.estimate("c_index", CONCORDANCE, value, counts=counts)
        page.line(f"{times.name}, day {day}: {name}, Kendall's tau")
        with page.attempt("kendall", KENDALL):
            rank = score[still] - score[still].min(initial=0)
            tau = kendall_tau(times.time[still], rank, first_event=times.event[still]).tau
            page.estimate("kendall", KENDALL, tau)
