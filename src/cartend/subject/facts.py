"""What the data say to one condition of eligibility: yes, no, or not to be judged, and why.

Every fact looks at units (records, lines, transplantations) and answers for a subject by the best
of them: one that holds decides; else one that cannot be judged; else none holds. Dates enter with
their bounds (P17): an answer is given only where both ends agree. Source: specification 1.2.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from cartend.config.eligibility import Condition
from cartend.contract.terms.general import NO_VALUE
from cartend.contract.terms.therapy import WASHOUT_SUFFIX
from cartend.contract.text import in_capitals, is_one_of
from cartend.subject.answers import (
    MET,
    NO_NUMBER,
    NO_THERAPY,
    NOT_MET,
    UNKNOWN,
    Answer,
    Evidence,
    matching,
    numbered,
    of_units,
    span,
    units_of,
    wanted,
    yes_or_no,
)
from cartend.subject.domains import coalesce
from cartend.subject.lines import chosen_lines


def answer(evidence: Evidence, asked: Condition) -> Answer:
    """Return what the data say to a condition, for every subject of ADSL."""
    return FACTS[asked.fact](evidence, asked)


def lines(evidence: Evidence, asked: Condition) -> Answer:
    """Whether the number of lines lies between ``at_least`` and ``at_most``."""
    rows = evidence.prior
    count = rows.groupby("USUBJID")["LINE"].max()
    value = np.where(count.ge(asked.at_least or 0), MET, NOT_MET)
    if asked.at_most is not None:
        value = np.where(count.gt(asked.at_most), NOT_MET, value)
    lost = count.index.isin(rows.loc[rows["LINE"].isna(), "USUBJID"])
    why = (count.fillna(0).astype(int).astype(str) + " lines").mask(count.eq(1), "1 line")
    why = why.mask(lost, NO_NUMBER)
    value = np.where(lost, UNKNOWN, value)
    units = pd.DataFrame({"USUBJID": count.index, "value": value, "why": why.to_numpy()})
    return of_units(evidence, units, NO_THERAPY)


def exposed(evidence: Evidence, asked: Condition) -> Answer:
    """Whether an agent or class was given, at full dose where that is asked."""
    rows = matching(chosen_lines(evidence.prior, asked.line), asked)
    value, why = np.full(len(rows), MET), rows["RECORD"] + ": " + rows["WHAT"].fillna("not named")
    if asked.full_dose:
        value = yes_or_no(rows["FULLDOSE"], MET, NOT_MET, UNKNOWN).astype(int)
        stated = (" at full dose", " below full dose", ", full dose not stated")
        why = why + yes_or_no(rows["FULLDOSE"], *stated)
    found = of_units(evidence, units_of(rows, value, why), f"no record of {wanted(asked)}")
    return numbered(evidence, asked, found)


def failure(rows: pd.DataFrame, response: tuple[str, ...]) -> tuple[np.ndarray, pd.Series]:
    """Return whether each record's therapy failed, and why.

    Progression or relapse is dated, or the best response is none of ``response``: failed. Stopped
    for intolerance without progression: not failed. A response without a later date of relapse, or
    no best response: cannot be judged.
    """
    progressed = rows["PD_LO"].notna()
    unresponsive = rows["BEST"].notna() & ~is_one_of(rows["BEST"], response)
    spared = rows["INTOLER"].eq("Y") & ~progressed
    value = np.select([spared, progressed | unresponsive], [NOT_MET, MET], UNKNOWN)
    relapse = "progression or relapse " + span(rows["PD_LO"], rows["PD_HI"])
    best = "best response " + rows["BEST"].fillna("not recorded") + ", no relapse dated"
    said = best.where(~unresponsive, "best response " + rows["BEST"].fillna(""))
    said = said.where(~progressed, relapse).mask(spared, "stopped for intolerance")
    return value, rows["RECORD"] + ": " + said


def failed_agents(evidence: Evidence, asked: Condition) -> Answer:
    """Whether at least so many different agents failed; intolerance alone is no failure."""
    rows = matching(evidence.prior, asked)
    value, why = failure(rows, asked.response)
    units = units_of(rows, value, why).assign(WHAT=coalesce(rows["WHAT"], rows["RECORD"]))
    agents = units.sort_values(["USUBJID", "WHAT", "value"], ascending=[True, True, False])
    agents = agents.drop_duplicates(["USUBJID", "WHAT"])
    sure = agents["value"].gt(UNKNOWN).groupby(agents["USUBJID"]).sum()
    possible = agents["value"].ge(UNKNOWN).groupby(agents["USUBJID"]).sum()
    needed = asked.at_least or 0
    total = np.select([sure.ge(needed), possible.lt(needed)], [MET, NOT_MET], UNKNOWN)
    text = sure.astype(str) + " failed, " + (possible - sure).astype(str) + " cannot be judged"
    units = pd.DataFrame({"USUBJID": sure.index, "value": total, "why": text.to_numpy()})
    return of_units(evidence, units, f"no record of {wanted(asked)}")


def intolerant(evidence: Evidence, asked: Condition) -> Answer:
    """Whether an agent or class was stopped for intolerance."""
    rows = matching(evidence.prior, asked)
    value = yes_or_no(rows["INTOLER"], MET, NOT_MET, UNKNOWN).astype(int)
    said = ("stopped for intolerance", "no intolerance", "intolerance not stated")
    why = rows["RECORD"] + ": " + yes_or_no(rows["INTOLER"], *said)
    return of_units(evidence, units_of(rows, value, why), f"no record of {wanted(asked)}")


def refractory(evidence: Evidence, asked: Condition) -> Answer:
    """Whether there was no response, or progression on therapy or soon after its last dose.

    Stopped for intolerance without either is not refractory.
    """
    rows = matching(chosen_lines(evidence.prior, asked.line), asked)
    unresponsive = is_one_of(rows["BEST"], asked.no_response)
    reach = np.timedelta64(asked.within_days or 0, "D")
    soon = rows["PD_HI"].le(rows["END_LO"] + reach)
    late = rows["PD_LO"].gt(rows["END_HI"] + reach)
    known = rows["BEST"].notna()
    never = known & rows["PD_LO"].isna() & rows["INTOLER"].eq("Y")
    value = np.select([unresponsive | soon, (late | never) & known], [MET, NOT_MET], UNKNOWN)
    best = "best response " + rows["BEST"].fillna("not recorded")
    dates = ", last dose " + span(rows["END_LO"], rows["END_HI"])
    dates += ", progression " + span(rows["PD_LO"], rows["PD_HI"])
    why = rows["RECORD"] + ": " + best + dates.mask(unresponsive, "")
    found = of_units(evidence, units_of(rows, value, why), f"no record of {wanted(asked)}")
    return numbered(evidence, asked, found)


def no_response(evidence: Evidence, asked: Condition) -> Answer:
    """Whether a line did not bring a response after so many cycles at least."""
    rows = chosen_lines(evidence.prior, asked.line)
    hit = is_one_of(rows["BEST"], asked.response)
    rows = rows.assign(hit=hit, blank=rows["BEST"].isna())
    by = rows.groupby(["USUBJID", "LINE"])
    line = by.agg(hit=("hit", "any"), blank=("blank", "any"), cycles=("CYCLES", "max"))
    line = line.join(by["BEST"].first()).join(by["RECORD"].first()).reset_index()
    enough = line["cycles"].ge(asked.cycles or 0) | (asked.cycles is None)
    few = line["cycles"].lt(asked.cycles or 0)
    value = np.select(
        [line["hit"] | (~line["blank"] & few), ~line["hit"] & ~line["blank"] & enough],
        [NOT_MET, MET],
        UNKNOWN,
    )
    why = line["RECORD"] + ": best response " + line["BEST"].fillna("not recorded")
    given = line["cycles"].fillna(-1).astype(int).astype(str) + " cycles"
    number = given.where(line["cycles"].notna(), "number of cycles not recorded")
    if asked.cycles is not None:
        why = why.where(line["hit"] | line["blank"], why + ", " + number)
    units = pd.DataFrame({"USUBJID": line["USUBJID"], "value": value, "why": why})
    return numbered(evidence, asked, of_units(evidence, units, "no such line"))


def line_failed(evidence: Evidence, asked: Condition) -> Answer:
    """Whether a line of those asked for was without response, or was followed by relapse."""
    rows = chosen_lines(evidence.prior, asked.line)
    value, why = failure(rows, asked.response)
    units = pd.DataFrame({"USUBJID": rows["USUBJID"], "value": value, "why": why})
    return numbered(evidence, asked, of_units(evidence, units, "no such line"))


def relapse_within(evidence: Evidence, asked: Condition) -> Answer:
    """Whether relapse came within so many calendar months, the last day included.

    Counted from the response (its date, else anywhere between the start of its line and the
    relapse), from the last dose or from the start. ``line: first`` with a response is the first
    line that brought one.
    """
    rows = evidence.prior
    if asked.since == "response":
        known = rows["BEST"].notna()
        hit = is_one_of(rows["BEST"], asked.response)
        rows = rows[hit | ~known].assign(open=~known[hit | ~known])
        none = "no remission in any line"
    else:
        rows, none = rows.assign(open=False), "no such line"
    rows = chosen_lines(rows, asked.line)
    low, high = _from(rows, asked.since or "end")
    months = pd.DateOffset(months=asked.months or 0)
    within = rows["PD_HI"].le(low + months) & ~rows["open"]
    beyond = rows["PD_LO"].gt(high + months) & ~rows["open"]
    value = np.select([within, beyond], [MET, NOT_MET], UNKNOWN)
    start = {"response": "remission ", "end": "last dose ", "start": "start "}[asked.since or "end"]
    said = start + span(low, high) + ", relapse " + span(rows["PD_LO"], rows["PD_HI"])
    why = rows["RECORD"] + ": " + said.mask(rows["open"], "best response not recorded")
    units = pd.DataFrame({"USUBJID": rows["USUBJID"], "value": value, "why": why})
    return numbered(evidence, asked, of_units(evidence, units, none))


def _from(rows: pd.DataFrame, since: str) -> tuple[pd.Series, pd.Series]:
    if since == "end":
        return rows["END_LO"], rows["END_HI"]
    if since == "start":
        return rows["START_LO"], rows["START_HI"]
    return rows["CR_LO"].fillna(rows["START_LO"]), rows["CR_HI"].fillna(rows["PD_HI"])


def relapse_after_transplant(evidence: Evidence, asked: Condition) -> Answer:
    """Whether a relapse is dated after a transplantation that came before the subject entered."""
    grafts = evidence.grafts[is_one_of(evidence.grafts["WHAT"], asked.agents)]
    pairs = grafts.merge(evidence.prior[["USUBJID", "PD_LO", "PD_HI"]], on="USUBJID", how="left")
    after = pairs["PD_LO"].gt(pairs["HI"]) & pairs["sure"]
    before = pairs["PD_HI"].le(pairs["LO"])
    value = np.select([after, before], [MET, NOT_MET], UNKNOWN)
    why = pairs["RECORD"] + ": transplantation " + span(pairs["LO"], pairs["HI"])
    why = why + ", relapse " + span(pairs["PD_LO"], pairs["PD_HI"])
    units = pd.DataFrame({"USUBJID": pairs["USUBJID"], "value": value, "why": why})
    found = of_units(evidence, units, "no transplantation before entry", prior=False)
    if evidence.procedures:
        return found
    blank = pd.Series("the study brings no procedures", index=found.why.index, dtype=object)
    return Answer(found.value * 0, blank)


def characteristic(evidence: Evidence, asked: Condition) -> Answer:
    """Whether a baseline fact (SC) is one of some words, none of them, or within limits."""
    name = f"SC_{asked.test.upper()}"
    absent = pd.Series(None, index=evidence.adsl.index, dtype=object)
    text = in_capitals(evidence.adsl.get(name, absent))
    text = text.mask(NO_VALUE.read(text).notna(), None)
    if asked.one_of or asked.none_of:
        one = is_one_of(text, asked.one_of) | (not asked.one_of)
        none = ~is_one_of(text, asked.none_of)
        value = pd.Series(np.where(one & none, MET, NOT_MET), index=text.index)
    else:
        value = within_limits(pd.to_numeric(text, errors="coerce"), asked)
    value = value.mask(text.isna(), UNKNOWN).astype("int8")
    label = f"SC {asked.test.upper()}"
    return Answer(value, (label + " = " + text.fillna("")).mask(text.isna(), f"{label}: no value"))


def within_limits(number: pd.Series, asked: Condition) -> pd.Series:
    """Return 1 where a number lies within the limits, -1 outside, 0 without a number."""
    inside = pd.Series(True, index=number.index)
    for limit, holds in (
        (asked.at_least, number.ge),
        (asked.at_most, number.le),
        (asked.above, number.gt),
        (asked.below, number.lt),
    ):
        if limit is not None:
            inside &= holds(limit)
    return inside.map({True: MET, False: NOT_MET}).mask(number.isna(), UNKNOWN).astype("int8")


def age(evidence: Evidence, asked: Condition) -> Answer:
    """Whether the age in whole years lies within limits."""
    years = pd.to_numeric(evidence.adsl["AGE"], errors="coerce")
    why = "age " + years.map("{:g}".format).astype(object).where(years.notna(), "not recorded")
    return Answer(within_limits(years, asked), why)


def washout(evidence: Evidence, asked: Condition) -> Answer:
    """Whether the washout to a procedure was kept by every therapy before it."""
    suffix = WASHOUT_SUFFIX[asked.procedure or "lymphodepletion"]
    verdict = evidence.adsl[f"WASH{suffix}"]
    value = verdict.map({"COMPLIANT": MET, "VIOLATED": NOT_MET}).fillna(UNKNOWN).astype("int8")
    return Answer(value, "washout " + verdict.fillna("unknown").str.lower())


FACTS: dict[str, Callable[[Evidence, Condition], Answer]] = {
    "lines": lines,
    "exposed": exposed,
    "failed_agents": failed_agents,
    "intolerant": intolerant,
    "refractory": refractory,
    "no_response": no_response,
    "line_failed": line_failed,
    "relapse_within": relapse_within,
    "relapse_after_transplant": relapse_after_transplant,
    "characteristic": characteristic,
    "age": age,
    "washout": washout,
}
