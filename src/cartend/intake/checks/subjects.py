"""Checks of subjects, arms, enrolment and the data cut-off."""

from collections.abc import Iterator

import pandas as pd

from cartend.contract.terms.disposition import UNASSIGNED
from cartend.contract.terms.general import IMPUTATION
from cartend.contract.terms.roles import ROLE
from cartend.contract.text import hint, listed
from cartend.intake.arms import unknown_arm_stop
from cartend.intake.checks.base import Hit, Trial, check, stop_check, whole_study
from cartend.intake.cutoff import stated_cutoffs
from cartend.intake.stops import Stop

AGES = (0, 110)


@check("F-ID-001", "error", "Every record names its subject.")
def subject_missing(trial: Trial) -> Iterator[Hit]:
    """Find records that belong to nobody."""
    for name, table in trial.domains.items():
        if "USUBJID" in table:
            yield (
                name,
                table[table["USUBJID"].isna()],
                "USUBJID is blank; the record counts nowhere",
            )


@check("F-ID-002", "error", "Every subject of a domain stands in DM.")
def subject_unknown(trial: Trial) -> Iterator[Hit]:
    """Find records of subjects that DM does not know."""
    known = set(trial.domains["dm"]["USUBJID"])
    for name, table in trial.domains.items():
        if name == "dm" or "USUBJID" not in table:
            continue
        rows = table[table["USUBJID"].notna() & ~table["USUBJID"].isin(known)]
        yield name, rows, "{USUBJID} is not in DM; the record counts nowhere"


@check("F-ID-003", "error", "A record number stands once within a subject.")
def number_repeated(trial: Trial) -> Iterator[Hit]:
    """Find repeated numbers: SUPP-- and the audit trail point to records by them."""
    for name, table in trial.domains.items():
        seq = f"{name.upper()}SEQ"
        if seq in table and "USUBJID" in table:
            twice = table[table.duplicated(["USUBJID", seq], keep=False)]
            yield name, twice, f"{seq} {{{seq}}} stands more than once for this subject"


@check("F-DM-004", "stop", "ARMCD is an arm of the study file.")
def arm_unknown(trial: Trial) -> Iterator[Hit]:
    """Find subjects of an unknown arm, who are in no analysis by arm."""
    rows, arms = _of_unknown_arm(trial), tuple(trial.study.arms)
    told = f"; the study file knows {listed(arms)}"
    yield "dm", rows, [f"ARMCD '{word}'{hint(word, arms)}{told}" for word in rows["ARMCD"]]


def _of_unknown_arm(trial: Trial) -> pd.DataFrame:
    dm = trial.domains["dm"]
    return dm[dm["ARMCD"].notna() & ~dm["ARMCD"].isin((*trial.study.arms, *UNASSIGNED))]


def _unknown_arms(trial: Trial) -> Iterator[Stop]:
    """Yield a stop for each arm that the study file does not name (decision D40)."""
    for word, rows in _of_unknown_arm(trial).groupby("ARMCD", sort=True):
        yield unknown_arm_stop(trial.study, str(word), len(rows))


arm_unknown = arm_unknown.stop(_unknown_arms)


@check("F-DM-005", "warning", "Age is given and is a human age.")
def age_implausible(trial: Trial) -> Iterator[Hit]:
    """Find ages that give no age group."""
    dm = trial.domains["dm"]
    yield "dm", dm[dm["AGE"].isna()], "AGE is blank"
    yield "dm", dm[dm["AGE"].notna() & ~dm["AGE"].between(*AGES)], "AGE {AGE} is no human age"


@check("F-DM-006", "error", "Who has an arm in a randomised trial has a record of randomisation.")
def randomisation_missing(trial: Trial) -> Iterator[Hit]:
    """Find subjects with an arm and without an origin."""
    if trial.study.design != "randomised":
        return
    dm, randomised = trial.domains["dm"], trial.has_role("randomisation")
    rows = dm[dm["ARMCD"].isin(trial.study.arms) & ~dm["USUBJID"].isin(randomised)]
    yield "dm", rows, "ARMCD is {ARMCD}, but no record has the role randomisation"


@check("F-DM-007", "warning", "Every randomised subject has a level of each stratum.")
def stratum_missing(trial: Trial) -> Iterator[Hit]:
    """Find subjects without level, who are in no stratified analysis."""
    dm, sc = trial.domains["dm"], trial.domains["sc"]
    if trial.study.design == "randomised":
        dm = dm[dm["ARMCD"].isin(trial.study.arms)]
    for name in trial.study.strata:
        if name == "AGEGR":
            rows = dm[dm["AGE"].isna()]
        elif name in dm:
            rows = dm[dm[name].isna()]
        else:
            known = sc.loc[sc["SCTESTCD"].eq(name) & sc["SCSTRESC"].notna(), "USUBJID"]
            rows = dm[~dm["USUBJID"].isin(known)]
        if len(rows) == len(dm):
            yield "dm", *whole_study(f"no subject has a level of stratum {name}")
        else:
            yield "dm", rows, f"no level of stratum {name}"


@check("F-DS-001", "error", "A milestone has a complete date.")
def milestone_undated(trial: Trial) -> Iterator[Hit]:
    """Find origins without a complete day."""
    for role in ROLE.group("entry"):
        for name, rows, stem in trial.of_role(role):
            yield name, rows[rows[f"{stem}C"].isna()], f"{role} without {stem}C"
            partial = rows[rows[f"{stem}F"].isin(IMPUTATION.group("partial"))]
            yield name, partial, f"{role} has the partial date {{{stem}C}}"


@check("F-DS-002", "warning", "Who was infused was enrolled or randomised.")
def infused_not_enrolled(trial: Trial) -> Iterator[Hit]:
    """Find infused subjects in no set that begins before infusion."""
    if trial.domains["ds"].empty:
        return
    known = trial.has_role("randomisation") | trial.has_role("enrolment")
    for name, rows, _ in trial.of_role("infusion"):
        first = rows.drop_duplicates("USUBJID")
        told = "infused, but no record has the role enrolment or randomisation"
        yield name, first[~first["USUBJID"].isin(known)], told


@check("F-DS-003", "error", "A subject is randomised once.")
def randomised_twice(trial: Trial) -> Iterator[Hit]:
    """Find subjects with two origins."""
    days = trial.days("randomisation").groupby("USUBJID")["LO"].nunique()
    for name, rows, stem in trial.of_role("randomisation"):
        again = rows[rows["USUBJID"].map(days).gt(1) & rows[f"{stem}_LO"].notna()]
        yield name, again, f"randomised on {{{stem}C}} and on another day"


@stop_check("F-TS-001", "The data cut-off is one complete day.", "ts")
def cutoff_missing(trial: Trial) -> Iterator[Stop]:
    """Find a study whose cut-off is not known."""
    if not pd.isna(trial.cutoff):
        return
    seen = "ADSL CUTDT is not one day"
    if trial.study.entry == "sdtm":
        stated = ", ".join(stated_cutoffs(trial.domains["ts"])["TSVAL"])
        seen = f"TS DCUTDTC is {stated}" if stated else "TS holds no DCUTDTC"
    sentence = f"{trial.study.id}: no data cut-off ({seen})"
    yield Stop("F-TS-001", "", 1, sentence, "give cutoff: 'YYYY-MM-DD' in the study file")


CHECKS = (
    subject_missing,
    subject_unknown,
    number_repeated,
    arm_unknown,
    age_implausible,
    randomisation_missing,
    stratum_missing,
    milestone_undated,
    infused_not_enrolled,
    randomised_twice,
    cutoff_missing,
)
