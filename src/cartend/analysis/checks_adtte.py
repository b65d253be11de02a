"""Checks of ADTTE, ADRSP and the candidates, row by row."""

from collections.abc import Iterator

import pandas as pd

from cartend.analysis.descriptive import ORIGIN_DATE
from cartend.analysis.evidence import SUBJECT, Check, Evidence, Violation, by_block, examples
from cartend.config.definition import SET_RULE, Definition
from cartend.config.rate import Rate
from cartend.config.sentences import population_origin
from cartend.contract.datasets.results import TRACED

FLAG_DATE = {"RANDFL": "RANDDT", "LAFL": "LEUKDT", "INFFL": "TRTSDT"}


def repeated_rows(frame: pd.DataFrame) -> Iterator[Violation]:
    """Find subjects with two rows for one endpoint, population and evaluator."""
    yield from by_block(frame, frame.duplicated(SUBJECT, keep=False), "more than one row")


def wrong_members(evidence: Evidence, frame: pd.DataFrame) -> Iterator[Violation]:
    """Find blocks whose subjects are not those of the population (D12, D16)."""
    for (paramcd, population, evaluator), part in evidence.blocks(frame):
        expected = _expected(evidence, paramcd, population, evaluator)
        if expected is None:
            continue
        found = set(part["USUBJID"])
        for subjects, what in ((expected - found, "without a row"), (found - expected, "extra")):
            if subjects:
                message = f"subjects of {population} {what}: {examples(subjects)}"
                yield Violation(paramcd, population, evaluator, len(subjects), message)


def wrong_days(evidence: Evidence) -> Iterator[Violation]:
    """Find AVAL that is not the number of days from STARTDT to ADT, both counted (D1)."""
    frame = evidence.adtte
    days = (frame["ADT"] - frame["STARTDT"]).dt.days + 1
    dated = days.notna()
    yield from by_block(frame, dated & (frame["AVAL"] != days), "AVAL is not ADT - STARTDT + 1")


def before_first_day(evidence: Evidence) -> Iterator[Violation]:
    """Find AVAL below 1, missing or not a whole number."""
    frame = evidence.adtte
    aval = pd.to_numeric(frame["AVAL"], errors="coerce")
    yield from by_block(frame, ~(aval >= 1) | (aval % 1 != 0), "AVAL is no whole number from 1 on")


def wrong_cnsr(evidence: Evidence) -> Iterator[Violation]:
    """Find CNSR that is no whole number from 0 on, or does not fit STATE (D17, D21)."""
    frame = evidence.adtte
    cnsr = pd.to_numeric(frame["CNSR"], errors="coerce")
    bad = ~(cnsr >= 0) | (cnsr % 1 != 0)
    if "STATE" in frame:
        state = frame["STATE"]
        fits = (cnsr == 0) & (state == 1) | (state == 0) & cnsr.between(1, 11)
        bad |= ~(fits | (state > 1) & (cnsr == 10 + state))
    yield from by_block(frame, bad, "CNSR does not fit")


def wrong_reason(evidence: Evidence) -> Iterator[Violation]:
    """Find rows where CNSDTDSC is not set exactly where CNSR is above 0."""
    frame = evidence.adtte
    bad = frame["CNSDTDSC"].notna() != (frame["CNSR"] > 0)
    yield from by_block(frame, bad, "CNSDTDSC set without censoring, or missing with it")


def missing_source(evidence: Evidence) -> Iterator[Violation]:
    """Find rows without the columns that trace them to a record and a rule."""
    frame = evidence.adtte
    for name in TRACED:
        yield from by_block(frame, frame[name].isna(), f"{name} is missing")


def after_cutoff(evidence: Evidence) -> Iterator[Violation]:
    """Find rows dated after the data cut-off."""
    frame = evidence.adtte
    late = frame["ADT"] > evidence.cutoffs(frame["USUBJID"])
    yield from by_block(frame, late, "dated after the data cut-off")


def wrong_choice(evidence: Evidence) -> Iterator[Violation]:
    """Find rows of ADTTE that no candidate, or more than one, is said to have decided."""
    chosen = evidence.candidates[evidence.candidates["OUTCOME"] == "chosen"]
    counts = chosen.groupby(SUBJECT).size().rename("chosen").reset_index()
    frame = evidence.adtte.merge(counts, on=SUBJECT, how="left")
    yield from by_block(frame, frame["chosen"].fillna(0) != 1, "not exactly one chosen candidate")


def flag_without_date(evidence: Evidence) -> Iterator[Violation]:
    """Find subjects whose flag of an analysis set and date of its milestone disagree."""
    adsl = evidence.adsl
    for flag, dated in FLAG_DATE.items():
        if flag in adsl and dated in adsl:
            bad = adsl.loc[(adsl[flag] == "Y") & adsl[dated].isna(), "USUBJID"]
            if len(bad):
                message = f"{flag} is Y without {dated}: {examples(bad)}"
                yield Violation("", flag.removesuffix("FL"), "", len(bad), message)


def _expected(evidence: Evidence, paramcd: str, population: str, evaluator: str) -> set[str] | None:
    """Return who must have a row: by flag and origin date, or by the rate that defines the set."""
    definition = evidence.definitions.get(paramcd)
    rule = SET_RULE.get(population)
    if rule is not None:
        return _responders(evidence, rule, evaluator)
    members = evidence.subjects_of_set(population)
    if members is None or definition is None or isinstance(definition, Rate):
        return members
    return members & _with_origin(evidence, definition, population)


def _responders(evidence: Evidence, rule: str, evaluator: str) -> set[str] | None:
    """Return the subjects with answer Y to the rate ``rule`` by the same evaluator."""
    rates = evidence.rates
    if not len(rates):
        return None
    rates = rates[(rates["PARAMCD"] == rule) & (rates["POP"] == evidence.study.population)]
    rates = rates[rates["EVAL"].isin((evaluator, ""))]
    return set(rates.loc[rates["AVALC"] == "Y", "USUBJID"]) if len(rates) else None


def _with_origin(evidence: Evidence, definition: Definition, population: str) -> set[str]:
    """Return the subjects who have the date an endpoint starts from (endpoints.md 3.2, step 1)."""
    origin = definition.origin
    if origin == "study":
        origin = population_origin(population)
    dated = ORIGIN_DATE.get(origin)
    adsl = evidence.adsl
    if dated is None or dated not in adsl:
        return set(adsl["USUBJID"])
    return set(adsl.loc[adsl[dated].notna(), "USUBJID"])


CHECKS = (
    Check(
        "ADTTE-KEY",
        "ADTTE has one row per subject, PARAMCD, EVAL and POP.",
        lambda e: repeated_rows(e.adtte),
        needs=("adtte",),
    ),
    Check(
        "ADRSP-KEY",
        "ADRSP has one row per subject, PARAMCD, EVAL and POP.",
        lambda e: repeated_rows(e.adrsp),
        needs=("adrsp",),
    ),
    Check(
        "ADTTE-POP",
        "The subjects of every endpoint in ADTTE are those of its population: the ADSL flag and "
        "an origin date, or the responders of the same evaluator.",
        lambda e: wrong_members(e, e.adtte),
        needs=("adtte", "adsl"),
    ),
    Check(
        "ADRSP-POP",
        "The subjects of every rate in ADRSP are those of its population.",
        lambda e: wrong_members(e, e.adrsp),
        needs=("adrsp", "adsl"),
    ),
    Check(
        "ADSL-FLAG",
        "A subject in an analysis set has the date of the milestone that the set is named after.",
        flag_without_date,
        needs=("adsl",),
    ),
    Check(
        "ADTTE-DAYS",
        "AVAL is ADT - STARTDT + 1.",
        wrong_days,
        needs=("adtte",),
        columns={"adtte": ("AVAL", "ADT", "STARTDT")},
    ),
    Check(
        "ADTTE-AVAL",
        "AVAL is a whole number of days, at least 1.",
        before_first_day,
        needs=("adtte",),
    ),
    Check(
        "ADTTE-CNSR",
        "CNSR is 0 for the event of interest, 10 + STATE for a competing event, and 1 to 11 for a "
        "censoring.",
        wrong_cnsr,
        needs=("adtte",),
    ),
    Check(
        "ADTTE-CNSDTDSC",
        "CNSDTDSC is set exactly where CNSR is above 0.",
        wrong_reason,
        needs=("adtte",),
        columns={"adtte": ("CNSDTDSC",)},
    ),
    Check(
        "ADTTE-SOURCE",
        "CNSR, EVNTDESC, SRCDOM, SRCVAR and RULEID are never missing.",
        missing_source,
        needs=("adtte",),
        columns={"adtte": TRACED},
    ),
    Check(
        "ADTTE-CUTOFF",
        "No row is dated after the data cut-off.",
        after_cutoff,
        needs=("adtte", "adsl"),
        columns={"adtte": ("ADT",)},
    ),
    Check(
        "CAND-CHOSEN",
        "Exactly one candidate is chosen for every row of ADTTE.",
        wrong_choice,
        needs=("adtte", "candidates"),
    ),
)
