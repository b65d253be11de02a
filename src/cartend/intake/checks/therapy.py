"""Checks of infusions, transplants and subsequent therapy."""

from collections.abc import Iterator

import pandas as pd

from cartend.contract.records import has_role, of_role
from cartend.contract.terms.admission import DOSE_STOP
from cartend.contract.terms.general import IMPUTATION, YES_NO
from cartend.contract.terms.roles import COLUMN, ROLE
from cartend.contract.text import counted
from cartend.intake.checks.base import Hit, Trial, check, whole_study
from cartend.intake.stops import Stop


def _new_therapy(trial: Trial) -> Iterator[tuple[str, pd.DataFrame, str]]:
    """Yield the records of new anticancer therapy by domain, transplantations aside."""
    for name, rows, stem in trial.of_role("new_therapy"):
        yield name, rows[~has_role(rows, "transplantation")], stem


@check("F-CM-001", "error", "Subsequent anticancer therapy states its reason.")
def reason_missing(trial: Trial) -> Iterator[Hit]:
    """Find new therapy without reason, which definitions need (pitfall P12)."""
    for name, rows, stem in _new_therapy(trial):
        blank = rows[rows["NATREAS"].isna()] if "NATREAS" in rows else rows
        yield name, blank, f"new therapy on {{{stem}C}} without NATREAS"


@check("F-CM-002", "note", "The start of subsequent anticancer therapy is complete.")
def new_therapy_partial(trial: Trial) -> Iterator[Hit]:
    """Find partial starts; they are imputed by rule and flagged (pitfall P17)."""
    for name, rows, stem in _new_therapy(trial):
        partial = rows[rows[f"{stem}F"].isin(IMPUTATION.group("partial"))]
        yield name, partial, f"new therapy has the partial start {{{stem}C}}"


@check("F-PR-001", "warning", "A transplant states whether it was planned.")
def transplant_unplanned(trial: Trial) -> Iterator[Hit]:
    """Find transplants that are neither planned nor unplanned."""
    pr = of_role(trial.domains["pr"], "transplantation")
    yield (
        "pr",
        pr[~pr["PLANNED"].isin(YES_NO)],
        "{PRTRT} on {PRSTDTC} without PLANNED Y or N",
    )


@check("F-EX-001", "warning", "The infusion stands in EX.")
def infusion_not_in_ex(trial: Trial) -> Iterator[Hit]:
    """Find a study without infusions in EX; where EX is empty DM RFXSTDTC dates them (D5)."""
    ex, dm = trial.domains["ex"], trial.domains["dm"]
    if trial.has_role("infusion"):
        return
    dates = int(dm["RFXSTDT_LO"].notna().sum())
    if len(ex):
        said = f"none of the {len(ex)} records of EX is a CAR-T infusion that was given"
        said += f": nobody counts as infused; DM RFXSTDTC ({dates} subjects) stands in only where"
        said += " EX has no record"
    elif dates:
        said = f"EX has no record: DM RFXSTDTC counts as the infusion ({dates} subjects)"
    else:
        said = "EX has no record and DM no RFXSTDTC: nobody counts as infused"
    yield "ex", *whole_study(said)


@check("F-EX-002", "warning", "A CAR-T infusion states its dose.")
def dose_missing(trial: Trial) -> Iterator[Hit]:
    """Find infusions without dose."""
    rows = of_role(trial.domains["ex"], "infusion")
    yield "ex", rows[rows["EXDOSE"].isna()], "infused on {EXSTDTC} without EXDOSE"


@check("F-EX-003", "note", "Nobody of the control arm is infused.")
def control_infused(trial: Trial) -> Iterator[Hit]:
    """Find crossover: infusions of control subjects after randomisation (decisions D15, D40)."""
    if trial.study.crossover == "none":
        return
    dm = trial.domains["dm"]
    controls = [code for code, arm in trial.study.arms.items() if arm.role == "control"]
    control = dm.loc[dm["ARMCD"].isin(controls), "USUBJID"]
    for name, rows, stem in trial.of_role("infusion"):
        since = rows["USUBJID"].map(trial.milestones["RANDOMISED"])
        crossed = rows[rows["USUBJID"].isin(control) & ~(rows[f"{stem}_LO"] <= since)]
        yield name, crossed, f"control subject infused on {{{stem}C}}: crossover"


@check("F-EX-004", "error", "Infusion, leukapheresis, transplant and new therapy have a date.")
def therapy_undated(trial: Trial) -> Iterator[Hit]:
    """Find records that are no event and no origin for want of a date."""
    for role in ROLE.group("dated"):
        named = role.replace("_", " ")
        for name, rows, stem in trial.of_role(role):
            undated = rows[rows[f"{stem}C"].isna()]
            yield name, undated, f"{named} without {stem}C; it counts nowhere"


@check("F-EX-005", "warning", "Infusion and leukapheresis have a complete date.")
def origin_partial(trial: Trial) -> Iterator[Hit]:
    """Find origins without a complete day."""
    for role in ROLE.group("of_product"):
        for name, rows, stem in trial.of_role(role):
            partial = rows[rows[f"{stem}F"].isin(IMPUTATION.group("partial"))]
            yield name, partial, f"{role} has the partial date {{{stem}C}}"


@check("F-EX-006", "warning", "The recorded dose of an infusion is above 0.")
def dose_zero(trial: Trial) -> Iterator[Hit]:
    """Find infusions of dose 0, which were not given (decision D46)."""
    rows = of_role(trial.domains["ex"], "infusion")
    told = "EXDOSE is 0 (EXSTDTC {EXSTDTC}): the infusion was not given and does not count"
    yield "ex", rows[rows["EXDOSE"].eq(0)], told


@check("F-EX-007", "stop", "No dose is negative.")
def dose_negative(trial: Trial) -> Iterator[Hit]:
    """Find doses that no one can have received (decision D46)."""
    yield "ex", _negative(trial), "EXDOSE is {EXDOSE} on {EXSTDTC}"


def _negative(trial: Trial) -> pd.DataFrame:
    ex = trial.domains["ex"]
    return ex[ex["EXDOSE"].lt(0) & ex[COLUMN].notna()]


def _negative_stops(trial: Trial) -> Iterator[Stop]:
    rows = _negative(trial)
    if len(rows):
        first = rows.iloc[0]
        sentence = (
            f"{trial.study.id}: EX has {counted(len(rows), 'record')} with a "
            f"negative dose (first: {first['USUBJID']} {first['EXDOSE']:g} of "
            f"{first['EXTRT'] or first['EXCAT']})"
        )
        yield Stop(DOSE_STOP, "EXDOSE", len(rows), sentence, "correct it; 0 is a dose not given")


dose_negative = dose_negative.stop(_negative_stops)

CHECKS = (
    reason_missing,
    new_therapy_partial,
    transplant_unplanned,
    infusion_not_in_ex,
    dose_missing,
    control_infused,
    therapy_undated,
    origin_partial,
    dose_zero,
    dose_negative,
)
