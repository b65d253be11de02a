"""Confirmed response by visit: two consecutive assessments (specification 2.2, pitfalls P16, P26).

The category that counts stands in AVALC, at the date of the visit that documented it first; the
category of the visit itself stays in VISRESP. The engine reads AVALC and knows no disease.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.response.dates import DATE
from cartend.response.visits import anchor_dates
from cartend.subject.domains import first_by_subject

ACTS = ("LDDT", "TRTSDT", "INFDT2")
"""After these a later assessment says nothing of a progression before them (D49)."""
KEY = ["PARAMCD", "USUBJID", "EVAL", "treated_by_then"]


UNCONFIRMED = "unconfirmed: nothing could confirm or refute it any more"
"""CONFRS of a progression after which treatment, death, loss or the cut-off came first."""


@dataclass(frozen=True)
class Course:
    """What bounds a subject's course, one date a USUBJID.

    ``start`` is the anchor of the visit schedule: an assessment up to it (a response to bridging)
    neither confirms one after it nor is carried over it. ``death`` is death from the disease,
    ``other_death`` from any other cause; ``acts`` are lymphodepletion and infusions, one column
    each.
    """

    start: pd.Series
    therapy: pd.Series
    death: pd.Series
    cutoff: pd.Series
    other_death: pd.Series
    acts: pd.DataFrame


def course_of(study: Study, adsl: pd.DataFrame, adevt: pd.DataFrame) -> Course:
    """Return the dates from ADSL and ADEVT; what lies after the cut-off is not known yet."""
    subjects = adsl.set_index("USUBJID")
    cutoff = subjects["CUTDT"]
    started = first_by_subject(adevt[adevt["KIND"].eq("NEW_THERAPY")], "ADT")
    therapy = started.reindex(subjects.index).astype(DATE)
    fatal = subjects["DTHCAUS"].eq("DISEASE UNDER STUDY")
    acts = subjects[[name for name in ACTS if name in subjects]].astype(DATE)

    def known(day: pd.Series) -> pd.Series:
        return day.where(~(day > cutoff))

    return Course(
        start=anchor_dates(adsl, study),
        therapy=known(therapy),
        death=known(subjects["DTHDT"].where(fatal)),
        cutoff=cutoff,
        other_death=known(subjects["DTHDT"].where(~fatal)),
        acts=acts.apply(known),
    )


def confirm_responses(adrs: pd.DataFrame, criteria: Criteria, course: Course) -> pd.DataFrame:
    """Return ADRS with AVALC confirmed (VISRESP: as assessed), CONFRS (why), CONFDT (by when).

    1. Among the counted evaluable rows (ANL02FL = Y) of PARAMCD, subject and evaluator, the next
       one is looked up through not evaluable ones, up to the data cut-off; it confirms nothing
       where new therapy lies between the two.
    2. A response is confirmed by the same or a better one; a worse one confirms itself; with
       progression or nothing next it is stable disease. Stable disease needs nothing.
    3. Progression that needs it is confirmed by progression next, and keeps its own date; any
       other assessment next refutes it: not evaluable, whatever comes later. Where
       lymphodepletion, an infusion or new therapy, death from the disease, loss or the cut-off
       came first, it is unconfirmed, and ``unconfirmed_pd`` says what that is (D49).
    4. Running status: the best confirmed category so far, until confirmed progression, which
       stays. A visit that is not evaluable stays so: it is no adequate assessment.
    """
    if criteria.confirmation == "none" or adrs.empty:
        return adrs
    out, late = adrs.copy(), adrs["ADT"] > adrs["USUBJID"].map(course.cutoff)
    counted = adrs["ANL02FL"].eq("Y") & ~late & adrs["AVALC"].notna()
    seen = counted & ~adrs["AVALC"].isin(criteria.codes("not_evaluable"))
    rows = adrs[seen]
    rows = rows.assign(treated_by_then=rows["ADT"] > rows["USUBJID"].map(course.start))
    rows = rows.sort_values([*KEY, "ADT"], kind="stable")
    if rows.empty:
        return out
    rows = _with_next(rows, course)
    rows = _confirm_one(rows, criteria)
    rows["code"] = _running(rows, criteria)
    for name, source in (("AVALC", "code"), ("CONFRS", "why"), ("CONFDT", "by")):
        out.loc[rows.index, name] = rows[source]
    return out.assign(AVAL=out["AVALC"].map(criteria.rank).astype(float))


def _with_next(rows: pd.DataFrame, course: Course) -> pd.DataFrame:
    """Return the rows with ``nxt``, ``nxt_day``, ``therapy`` and whether it parts the two."""
    group = rows.groupby(KEY, sort=False)
    therapy = rows["USUBJID"].map(course.therapy)
    nxt, nxt_day = group["AVALC"].shift(-1), group["ADT"].shift(-1)
    started = therapy >= rows["ADT"]
    parted = started & (nxt_day > therapy)
    acted = _first_act(rows, course)
    cut_off = acted.notna() & ~(nxt_day <= acted)
    return rows.assign(
        pd_nxt=nxt.mask(cut_off),
        dead_otherwise=rows["USUBJID"].map(course.other_death).notna() & ~cut_off,
        nxt=nxt.mask(parted),
        nxt_day=nxt_day.mask(parted),
    )


def _first_act(rows: pd.DataFrame, course: Course) -> pd.Series:
    """Return the first lymphodepletion, infusion or new therapy from each assessment's day on."""
    acts = course.acts.assign(therapy=course.therapy)
    days = pd.DataFrame({name: rows["USUBJID"].map(acts[name]) for name in acts})
    return days.where(days.ge(rows["ADT"], axis=0)).min(axis=1).astype(DATE)


def _confirm_one(rows: pd.DataFrame, criteria: Criteria) -> pd.DataFrame:
    """Return the rows with ``code``, ``why`` and ``by``: each visit by the table of 2.2."""
    ladder, progress = criteria.codes("control"), criteria.codes("progression")
    floor, unseen = ladder[-1], criteria.codes("not_evaluable")[0]
    rank, value, nxt = criteria.rank, rows["AVALC"], rows["nxt"]
    bad, stable, follows = value.isin(progress), value.eq(floor), nxt.isin(ladder)
    worse = follows & (nxt.map(rank).astype(float) > value.map(rank).astype(float))
    exempt = bad & _needs_no_confirmation(rows, criteria)
    again = bad & rows["pd_nxt"].isin(progress)
    refuted = bad & rows["pd_nxt"].isin(ladder)
    ended = bad & rows["pd_nxt"].isna() & ~(rows["dead_otherwise"] & ~rows["DTHPDFL"].eq("Y"))
    open_ = value if criteria.unconfirmed_pd == "pd" else unseen
    following = _following(rows, criteria)
    nothing = "not confirmed: progression, new therapy or nothing next"
    code = pd.Series(floor, index=rows.index, dtype=object)
    why = pd.Series(nothing, index=rows.index, dtype=object)
    for holds, result, said in (  # the last that holds decides
        (follows, value, "confirmed by " + following),
        (worse, nxt, "next assessment worse: " + following),
        (stable, floor, "stable disease needs no confirmation"),
        (bad, unseen, "progression not confirmed"),
        (refuted, unseen, "progression refuted by " + following),
        (ended, open_, UNCONFIRMED),
        (again, value, "confirmed by " + following),
        (exempt, value, "progression that needs no confirmation"),
    ):
        code, why = code.mask(holds, result), why.mask(holds, said)
    used = (again & ~exempt) | (follows & ~bad & ~stable)
    return rows.assign(code=code, why=why, by=rows["nxt_day"].where(used))


def _needs_no_confirmation(rows: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Return whether a progression of this basis stands by itself."""
    basis = rows["PDBASIS"]
    stands = basis.isin(criteria.pd_needs_no_confirmation)
    return stands | (basis.isna() & (criteria.pd_basis_unknown == "accept"))


def _following(rows: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Return the next assessment in words, with the gap where it is long."""
    gap = (rows["nxt_day"] - rows["ADT"]).dt.days
    days = gap.fillna(0).astype(int).astype(str)
    apart = ("; " + days + " days apart").where(gap > criteria.confirmation_gap_days, "")
    text = rows["nxt"].astype(object).where(rows["nxt"].notna(), "").astype(str)
    return text + " on " + rows["nxt_day"].dt.strftime("%Y-%m-%d").fillna("") + apart


def _running(rows: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Return the best confirmed category so far; progression, once confirmed, stays."""
    names = np.array([category.code for category in criteria.categories], dtype=object)
    ladder = criteria.codes("control")
    place = rows["code"].map(criteria.rank).astype(float)
    keys = [rows[name] for name in KEY]
    held = place.where(rows["code"].isin(ladder), np.inf).groupby(keys, sort=False).cummin()
    bad = rows["code"].isin(criteria.codes("progression"))
    worst = place.where(bad, -1.0).groupby(keys, sort=False).cummax()
    status = held.where(np.isfinite(held) & rows["code"].isin(ladder), place)
    status = worst.where(worst >= 0, status)
    return pd.Series(names[status.to_numpy(dtype=int)], index=rows.index, dtype=object)
