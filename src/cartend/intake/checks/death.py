"""Checks of death: its date, its cause, and what may not come after it."""

from collections.abc import Iterator

import pandas as pd

from cartend.contract.records import has_role, of_role
from cartend.contract.terms.death import CAUSE
from cartend.contract.terms.general import IMPUTATION
from cartend.contract.text import normal
from cartend.intake.checks.base import Hit, Trial, check, each_word, start

UPPER_BOUND = ("ss",)
"""Domains whose date is the day on which a death was known, on it or before (decision D48)."""
AFTER_DEATH = ("rs", "lb", "ex", "cm", "pr")
DATES_DEATH = ("ds", "ae")
"""The domains whose record of a death dates it; any other says by when it was known."""


def _deaths(trial: Trial) -> Iterator[tuple[str, pd.DataFrame, str]]:
    """Yield the records outside DM that tell of a death: domain, records, date column's stem."""
    yield "dd", of_role(trial.domains["dd"], "cause_of_death"), start("dd")
    ss = trial.domains["ss"]
    dead = has_role(ss, "survival_status") & ss["SSSTRESC"].eq("DEAD")
    yield "ss", ss[dead | has_role(ss, "death")], start("ss")
    for name, rows, stem in trial.of_role("death"):
        if name != "ss":
            yield name, rows, "AEENDT" if name == "ae" else stem


def known_dead(trial: Trial) -> pd.Series:
    """Return, per USUBJID, the last possible day of death: DM's, else DS's, AE's, else by when.

    By when: the first day on which DD or SS says that the subject is dead (decision D48).
    """
    told: dict[str, list[pd.Series]] = {"ds": [], "ae": [], "": []}
    for name, rows, stem in _deaths(trial):
        days = rows.groupby("USUBJID")[f"{stem}_HI"].min()
        told[name if name in told else ""].append(days)
    found = trial.milestones["DEATH_HI"].dropna()
    for days in told.values():
        some = pd.concat([found.iloc[:0], *days]).dropna()
        found = found.combine_first(some.groupby(level=0).min())
    return found.astype("datetime64[ms]")


@check("F-DTH-001", "error", "Who is marked dead has a death date.")
def death_undated(trial: Trial) -> Iterator[Hit]:
    """Find deaths without a date in DM; where nothing else dates them, up to the cut-off (D48)."""
    dm = trial.domains["dm"]
    yield "dm", dm[dm["DTHFL"].eq("Y") & dm["DTHDTC"].isna()], "DTHFL is Y and DTHDTC is blank"


@check("F-DTH-002", "warning", "Who has a death date is marked dead.")
def death_unmarked(trial: Trial) -> Iterator[Hit]:
    """Find dates without mark; the date counts."""
    dm = trial.domains["dm"]
    rows = dm[dm["DTHDTC"].notna() & ~dm["DTHFL"].eq("Y")]
    yield "dm", rows, "DTHDTC is {DTHDTC} and DTHFL is {DTHFL}"


@check("F-DTH-003", "error", "DM, DS, DD and AE give the same death date.")
def death_dates_differ(trial: Trial) -> Iterator[Hit]:
    """Compare with DM, which decides; partial dates agree where they can mean one day.

    The day on which a status was collected may be later than the death.
    """
    dates = trial.milestones
    for name, rows, stem in _deaths(trial):
        low, high = (rows["USUBJID"].map(dates[f"DEATH_{end}"]) for end in ("LO", "HI"))
        apart = rows[f"{stem}_HI"] < low
        if name not in UPPER_BOUND:
            apart |= rows[f"{stem}_LO"] > high
        rows = rows.assign(DEATH=low)[apart]
        yield name, rows, f"death on {{{stem}C}} here, on {{DEATH}} in DM; DM counts"


@check("F-DTH-004", "error", "Nothing begins or is assessed after death.")
def record_after_death(trial: Trial) -> Iterator[Hit]:
    """Find records dated after the latest possible day of death."""
    dead = known_dead(trial)
    for name in AFTER_DEATH:
        table, stem = trial.domains[name], start(name)
        table = table.assign(DEATH_HI=table["USUBJID"].map(dead))
        rows = table[table[f"{stem}_LO"] > table["DEATH_HI"]]
        yield name, rows, f"{stem}C {{{stem}C}} is after the death on {{DEATH_HI}}"


@check("F-DTH-005", "error", "A death told in DS, DD, AE or SS stands in DM.")
def death_not_in_dm(trial: Trial) -> Iterator[Hit]:
    """Find deaths missing in DM; a death told elsewhere is one all the same (decision D48)."""
    dm = trial.domains["dm"]
    alive = set(dm.loc[dm["DTHDTC"].isna() & ~dm["DTHFL"].eq("Y"), "USUBJID"])
    for name, rows, stem in _deaths(trial):
        rows = rows[rows["USUBJID"].isin(alive) & rows[f"{stem}_LO"].notna()]
        by = "it is dated so" if name in DATES_DEATH else "known by then, it lies before that day"
        told = (
            f"tells of a death that DM does not hold, {{{stem}C}}; {by} where no better source is"
        )
        yield name, rows, told
    for name, rows, stem in _deaths(trial):
        rows = rows[rows["USUBJID"].isin(alive) & rows[f"{stem}_LO"].isna()]
        yield name, rows, "tells of a death that DM does not hold"


@check("F-DTH-006", "warning", "The cause of death is a class of the taxonomy.")
def cause_unknown(trial: Trial) -> Iterator[Hit]:
    """Compare with the classes of the specification, section 4.3, and decision D18."""
    causes = of_role(trial.domains["dd"], "cause_of_death")
    causes = causes[causes["DDSTRESC"].notna() & CAUSE.read(causes["DDSTRESC"]).isna()]
    for taken, rows in causes.groupby(causes["DDSTRESC"].map(_class_of_unknown)):
        told = f"is no class of the cause of death; {taken} counts"
        yield from each_word(rows, "dd", "DDSTRESC", told, CAUSE.texts())


def _class_of_unknown(text: str) -> str:
    """Return the class of a cause outside the taxonomy (decision D39)."""
    return "OTHER" if normal(text).startswith("other") else "UNKNOWN"


@check("F-DTH-007", "note", "Every death has a cause.")
def cause_missing(trial: Trial) -> Iterator[Hit]:
    """Find deaths without cause; they count as of unknown cause."""
    dm, dd = trial.domains["dm"], trial.domains["dd"]
    told = of_role(dd, "cause_of_death")
    told = told.loc[told["DDSTRESC"].notna(), "USUBJID"]
    dead = dm["DTHFL"].eq("Y") | dm["DTHDTC"].notna()
    yield "dm", dm[dead & ~dm["USUBJID"].isin(told)], "dead, and DD names no cause; UNKNOWN counts"


@check("F-DTH-008", "error", "Nobody is alive after death; overall survival rests on it.")
def alive_after_death(trial: Trial) -> Iterator[Hit]:
    """Find the status ALIVE after the latest possible day of death, whatever tells of it."""
    ss = of_role(trial.domains["ss"], "survival_status")
    ss = ss.assign(DEATH_HI=ss["USUBJID"].map(known_dead(trial)))
    rows = ss[ss["SSSTRESC"].eq("ALIVE") & (ss["SSDT_LO"] > ss["DEATH_HI"])]
    yield "ss", rows, "alive on {SSDTC}, after the death on {DEATH_HI}"


@check("F-DTH-009", "note", "The death date is complete.")
def death_partial(trial: Trial) -> Iterator[Hit]:
    """Find partial dates; they are bounded and imputed by rule (decision D4)."""
    dm = trial.domains["dm"]
    rows = dm[dm["DTHDTF"].isin(IMPUTATION.group("partial"))]
    yield "dm", rows, "DTHDTC {DTHDTC} is partial: between {DTHDT_LO} and {DTHDT_HI}"


CHECKS = (
    death_undated,
    death_unmarked,
    death_dates_differ,
    record_after_death,
    death_not_in_dm,
    cause_unknown,
    cause_missing,
    alive_after_death,
    death_partial,
)
