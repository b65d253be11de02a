"""Checks of ADaM data that a study brings (CDISC ADaM basic data structure for time-to-event)."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from cartend.contract.datasets.adam import SUBJECT_DATES
from cartend.contract.terms.estimand import FAMILY
from cartend.contract.terms.general import YES_NO
from cartend.contract.text import hint, listed
from cartend.intake.checks.base import Hit, Trial, check, whole_study
from cartend.intake.stops import Stop
from cartend.intake.words import RAW

ROUNDED_DAYS, ROUNDED_SHARE = 2, 0.02
"""A time brought in months or years may differ from its dates by so many days, or such a part."""

DAYS = "DAYS"
"""AVALU as the intake writes it where it knows the unit."""

ORDERS = (
    ("INFDT", "RANDDT"),
    ("EOSDT", "RANDDT"),
    ("DTHDT", "RANDDT"),
    ("LSTALVDT", "RANDDT"),
    ("DTHDT", "INFDT"),
    ("INFDT", "LEUKDT"),
    ("LEUKDT", "ENRLDT"),
)


def _with_subject(trial: Trial, name: str) -> pd.DataFrame:
    """Return a dataset with the subject's dates of ADSL beside the records."""
    table = trial.domains[name]
    adsl = trial.domains["adsl"].drop_duplicates("USUBJID").set_index("USUBJID")
    return table.assign(**{n: table["USUBJID"].map(adsl[n]) for n in SUBJECT_DATES})


@check("F-ADAM-001", "error", "A subject has one ADTTE record a parameter and evaluator.")
def parameter_repeated(trial: Trial) -> Iterator[Hit]:
    """Find subjects with two times for one endpoint."""
    adtte = trial.domains["adtte"]
    twice = adtte[adtte.duplicated(["USUBJID", "PARAMCD", "EVAL"], keep=False)]
    yield "adtte", twice, "{PARAMCD} stands more than once for this subject"


@check("F-ADAM-002", "error", "Every subject stands in ADSL.")
def subject_not_in_adsl(trial: Trial) -> Iterator[Hit]:
    """Find records that count nowhere."""
    known = set(trial.domains["adsl"]["USUBJID"])
    for name in ("adrs", "adtte"):
        table = trial.domains[name]
        yield name, table[~table["USUBJID"].isin(known)], "{USUBJID} is not in ADSL"


@check("F-ADAM-003", "error", "AVAL is ADT - STARTDT + 1.")
def value_contradicts_dates(trial: Trial) -> Iterator[Hit]:
    """Find times that differ from their dates (decision D1)."""
    adtte = trial.domains["adtte"]
    days = (adtte["ADT"] - adtte["STARTDT"]).dt.days + 1
    apart = (adtte["AVAL"] - days).abs()
    rounded = adtte["AVAL" + RAW].notna() if "AVAL" + RAW in adtte else apart.isna()
    wrong = apart.gt(0) & ~rounded | apart.gt(np.maximum(ROUNDED_DAYS, ROUNDED_SHARE * days))
    rows = adtte.assign(DAYS=days)[wrong]
    yield "adtte", rows, "AVAL is {AVAL}, the dates {STARTDT} to {ADT} say {DAYS}"


@check("F-ADAM-004", "error", "AVAL is given and above 0.")
def value_not_positive(trial: Trial) -> Iterator[Hit]:
    """Find times that no estimator takes."""
    adtte = trial.domains["adtte"]
    yield "adtte", adtte[adtte["AVAL"] <= 0], "AVAL is {AVAL}"
    no_dates = adtte["ADT"].isna() | adtte["STARTDT"].isna()
    yield (
        "adtte",
        adtte[adtte["AVAL"].isna() & no_dates],
        ("no AVAL and no dates to make one of; the record does not count"),
    )


@check("F-ADAM-005", "warning", "AVAL is a whole number of days.")
def value_fractional(trial: Trial) -> Iterator[Hit]:
    """Find fractions: days are integers here (decision D1)."""
    adtte = trial.domains["adtte"]
    rows = adtte[adtte["AVAL"].notna() & (adtte["AVAL"] % 1 != 0)]
    yield "adtte", rows, "AVAL {AVAL} is no whole number of days"


@check("F-ADAM-006", "error", "CNSR is 0 for an event and a positive integer for a censoring.")
def censoring_not_integer(trial: Trial) -> Iterator[Hit]:
    """Find codes that are neither event nor censoring."""
    adtte = trial.domains["adtte"]
    yield "adtte", adtte[adtte["CNSR"].isna()], "CNSR is blank; the record does not count"
    yield "adtte", _no_code(trial), "CNSR is {CNSR}"


def _no_code(trial: Trial) -> pd.DataFrame:
    """Return the records whose CNSR is a number and no code."""
    adtte = trial.domains["adtte"]
    return adtte[adtte["CNSR"].notna() & ((adtte["CNSR"] < 0) | (adtte["CNSR"] % 1 != 0))]


def _no_code_stops(trial: Trial) -> Iterator[Stop]:
    """Yield a stop where CNSR could be taken for an event."""
    rows = _no_code(trial)
    if len(rows):
        first = rows.iloc[0]
        sentence = (
            f"{trial.study.id}: ADTTE has {len(rows)} record(s) whose CNSR is neither 0 nor a "
            f"positive integer (first: {first['USUBJID']} {first['PARAMCD']}: {first['CNSR']:g})"
        )
        yield Stop("F-ADAM-006", "CNSR", len(rows), sentence, "correct them")


censoring_not_integer = censoring_not_integer.stop(_no_code_stops)


@check("F-ADAM-007", "warning", "A censoring has a reason, and an event has no censoring text.")
def description_missing(trial: Trial) -> Iterator[Hit]:
    """Find censored records without reason and events with one."""
    adtte = trial.domains["adtte"]
    silent = adtte["CNSDTDSC"].isna() & adtte["EVNTDESC"].isna()
    yield "adtte", adtte[(adtte["CNSR"] > 0) & silent], "CNSR {CNSR} without CNSDTDSC or EVNTDESC"
    told = adtte[adtte["CNSR"].eq(0) & adtte["CNSDTDSC"].notna()]
    yield "adtte", told, "an event with the censoring text '{CNSDTDSC}'"


@check("F-ADAM-008", "error", "No record is dated after the data cut-off.")
def adam_after_cutoff(trial: Trial) -> Iterator[Hit]:
    """Find times and responses that reach past the cut-off."""
    day = f"{trial.cutoff:%Y-%m-%d}" if not pd.isna(trial.cutoff) else ""
    for name in ("adrs", "adtte"):
        table = trial.domains[name]
        yield name, table[table["ADT"] > trial.cutoff], f"{{ADT}} is after the data cut-off {day}"


@check("F-ADAM-009", "error", "ADT is not before STARTDT.")
def date_before_origin(trial: Trial) -> Iterator[Hit]:
    """Find times that end before they begin."""
    adtte = trial.domains["adtte"]
    yield "adtte", adtte[adtte["ADT"] < adtte["STARTDT"]], "{ADT} is before the origin {STARTDT}"


@check("F-ADAM-010", "error", "No event or response is dated after death or the last day alive.")
def after_last_alive(trial: Trial) -> Iterator[Hit]:
    """Find events after the subject was last known alive, and responses after death."""
    adtte, adrs = _with_subject(trial, "adtte"), _with_subject(trial, "adrs")
    end = adtte[["LSTALVDT", "DTHDT"]].max(axis=1)
    late = adtte.assign(END=end)[adtte["CNSR"].eq(0) & (adtte["ADT"] > end)]
    yield "adtte", late, "event on {ADT}, after the last day known alive or dead {END}"
    late = adrs[adrs["ADT"] > adrs["DTHDT"]]
    yield "adrs", late, "{PARAMCD} {AVALC} on {ADT}, after the death on {DTHDT}"


@check("F-ADAM-011", "error", "The dates of a subject follow each other.")
def subject_dates_disordered(trial: Trial) -> Iterator[Hit]:
    """Find milestones of ADSL in an impossible order."""
    adsl = trial.domains["adsl"]
    for later, earlier in ORDERS:
        rows = adsl[adsl[later] < adsl[earlier]]
        yield "adsl", rows, f"{later} {{{later}}} is before {earlier} {{{earlier}}}"
    rows = adsl[adsl["LSTALVDT"] > adsl["DTHDT"]]
    yield "adsl", rows, "LSTALVDT {LSTALVDT} is after DTHDT {DTHDT}"
    rows = adsl[adsl["EOSDT"] > adsl[["LSTALVDT", "DTHDT"]].max(axis=1)]
    yield "adsl", rows, "EOSDT {EOSDT} is after the last day known alive {LSTALVDT}"


@check("F-ADAM-012", "error", "OS and the death of ADSL agree.")
def survival_contradicts_death(trial: Trial) -> Iterator[Hit]:
    """Find survival events without death, on another day, and censoring in spite of one."""
    adtte = _with_subject(trial, "adtte")
    os = adtte[adtte["PARAMCD"].eq("OS")]
    event, dead = os["CNSR"].eq(0), os["DTHDT"].notna()
    yield "adtte", os[event & ~dead], "OS is an event, and ADSL has no DTHDT"
    other_day = event & dead & os["ADT"].notna() & (os["ADT"] != os["DTHDT"])
    yield "adtte", os[other_day], "OS event on {ADT}, DTHDT is {DTHDT}"
    counted = os["DTHDT"] <= trial.cutoff
    yield "adtte", os[~event & dead & counted], "OS is censored, and ADSL has DTHDT {DTHDT}"


@check("F-ADAM-013", "error", "No PFS or EFS ends after OS.")
def progression_after_survival(trial: Trial) -> Iterator[Hit]:
    """Find times without progression that are longer than life."""
    adtte = trial.domains["adtte"]
    survival = adtte[adtte["PARAMCD"].eq("OS")].drop_duplicates("USUBJID").set_index("USUBJID")
    rows = adtte[adtte["PARAMCD"].str.startswith(FAMILY.group("definitions"), na=False)]
    rows = rows.assign(**{f"OS_{n}": rows["USUBJID"].map(survival[n]) for n in ("AVAL", "ADT")})
    late = rows[rows["AVAL"] > rows["OS_AVAL"]]
    yield "adtte", late, "{PARAMCD} lasts {AVAL} days, OS {OS_AVAL}"
    late = rows[rows["ADT"] > rows["OS_ADT"]]
    yield "adtte", late, "{PARAMCD} is dated {ADT}, after OS on {OS_ADT}"


@check("F-ADAM-014", "warning", "AVAL is in days.")
def unit_not_days(trial: Trial) -> Iterator[Hit]:
    """Find parameters in a unit that is none of time; one finding a parameter and unit."""
    adtte = trial.domains["adtte"]
    other = adtte[adtte["AVALU"].notna() & adtte["AVALU"].ne(DAYS)]
    for (code, unit), rows in other.groupby(["PARAMCD", "AVALU"], sort=True):
        yield "adtte", *whole_study(f"{code} is in {unit} ({len(rows)} records); days are needed")


@check("F-ADAM-015", "error", "ARMCD is an arm of the study file.")
def adam_arm_unknown(trial: Trial) -> Iterator[Hit]:
    """Find subjects who are in no analysis by arm."""
    adsl, arms = trial.domains["adsl"], tuple(trial.study.arms)
    rows = adsl[~adsl["ARMCD"].isin(arms)]
    told = f"no arm of the study file ({listed(arms)}) by its key, names or label"
    said = ["ARMCD", "TRT01P", "ARM"]
    shown = rows[said].astype(object).where(rows[said].notna(), "blank")
    yield (
        "adsl",
        rows,
        [
            ", ".join(f"{name} {value}" for name, value in zip(said, row, strict=True))
            + f": {told}{hint(row[0] if row[0] != 'blank' else row[1], _said(trial))}"
            for row in shown.itertuples(index=False, name=None)
        ],
    )


def _said(trial: Trial) -> list[str]:
    """Return every text that means an arm of the study."""
    arms = trial.study.arms
    return [text for code, arm in arms.items() for text in (code, *arm.names, arm.label)]


@check("F-ADAM-016", "warning", "Every visit response has a date.")
def adam_response_undated(trial: Trial) -> Iterator[Hit]:
    """Find responses that count nowhere for want of a date."""
    adrs = trial.domains["adrs"]
    rows = adrs[adrs["PARAMCD"].eq("OVR") & adrs["ADT"].isna()]
    yield "adrs", rows, "{AVALC} without ADT; it counts nowhere"


@check("F-ADAM-017", "error", "Who is marked dead in ADSL has a date of death.")
def death_undated(trial: Trial) -> Iterator[Hit]:
    """Find deaths that the flag alone tells; they lie up to the cut-off (decision D48)."""
    adsl = trial.domains["adsl"]
    dead = YES_NO.read(adsl["DTHFL"]).eq("Y") & adsl["DTHDT"].isna()
    yield "adsl", adsl[dead], "DTHFL is {DTHFL} and DTHDT is blank; dated up to the cut-off"


CHECKS = (
    parameter_repeated,
    subject_not_in_adsl,
    value_contradicts_dates,
    value_not_positive,
    value_fractional,
    censoring_not_integer,
    description_missing,
    adam_after_cutoff,
    date_before_origin,
    after_last_alive,
    subject_dates_disordered,
    survival_contradicts_death,
    progression_after_survival,
    unit_not_days,
    adam_arm_unknown,
    adam_response_undated,
    death_undated,
)
