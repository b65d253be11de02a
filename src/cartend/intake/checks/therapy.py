"""Checks of infusions, transplants, subsequent therapy and the words that class them."""

from collections.abc import Iterator

from cartend.intake.checks.base import Hit, Trial, check, unknown_words, whole_study
from cartend.intake.words import VOCABULARY

SUBSEQUENT = {
    "cm": ("CMCAT", "SUBSEQUENT ANTI-CANCER THERAPY"),
    "pr": ("PRCAT", "SUBSEQUENT RADIOTHERAPY"),
}
DATED = {
    "ex": ("EXCAT", ("CAR-T INFUSION", "LYMPHODEPLETION")),
    "pr": ("PRCAT", ("LEUKAPHERESIS", "HSCT", "SUBSEQUENT RADIOTHERAPY")),
    "cm": ("CMCAT", ("SUBSEQUENT ANTI-CANCER THERAPY", "BRIDGING THERAPY")),
}


def _subsequent(trial: Trial) -> Iterator[tuple[str, object]]:
    """Yield the records of new anticancer therapy by domain."""
    for name, (column, word) in SUBSEQUENT.items():
        table = trial.domains[name]
        yield name, table[table[column].eq(word)]


@check("F-CM-001", "error", "Subsequent anticancer therapy states its reason.")
def reason_missing(trial: Trial) -> Iterator[Hit]:
    """Find new therapy without reason, which definitions need (pitfall P12)."""
    for name, rows in _subsequent(trial):
        stem = name.upper()
        yield name, rows[rows["NATREAS"].isna()], f"new therapy on {{{stem}STDTC}} without NATREAS"


@check("F-CM-002", "note", "The start of subsequent anticancer therapy is complete.")
def new_therapy_partial(trial: Trial) -> Iterator[Hit]:
    """Find partial starts; they are imputed by rule and flagged (pitfall P17)."""
    for name, rows in _subsequent(trial):
        stem = f"{name.upper()}STDT"
        partial = rows[rows[f"{stem}F"].isin(("D", "M"))]
        yield name, partial, f"new therapy has the partial start {{{stem}C}}"


@check("F-PR-001", "warning", "A transplant states whether it was planned.")
def transplant_unplanned(trial: Trial) -> Iterator[Hit]:
    """Find transplants that are neither planned nor unplanned."""
    pr = trial.domains["pr"]
    rows = pr[pr["PRCAT"].eq("HSCT") & ~pr["PLANNED"].isin(("Y", "N"))]
    yield "pr", rows, "{PRTRT} on {PRSTDTC} without PLANNED Y or N"


@check("F-EX-001", "warning", "The infusion stands in EX.")
def infusion_not_in_ex(trial: Trial) -> Iterator[Hit]:
    """Find a study without infusions in EX; where EX is empty DM RFXSTDTC dates them (D5)."""
    ex, dm = trial.domains["ex"], trial.domains["dm"]
    if ex["EXCAT"].eq("CAR-T INFUSION").any():
        return
    dates = int(dm["RFXSTDT_LO"].notna().sum())
    if len(ex):
        said = f"none of the {len(ex)} records of EX is a CAR-T INFUSION: nobody counts as infused"
        said += f"; DM RFXSTDTC ({dates} subjects) stands in only where EX has no record"
    elif dates:
        said = f"EX has no record: DM RFXSTDTC counts as the infusion ({dates} subjects)"
    else:
        said = "EX has no record and DM no RFXSTDTC: nobody counts as infused"
    yield "ex", *whole_study(said)


@check("F-EX-002", "warning", "A CAR-T infusion states its dose.")
def dose_missing(trial: Trial) -> Iterator[Hit]:
    """Find infusions without dose."""
    ex = trial.domains["ex"]
    rows = ex[ex["EXCAT"].eq("CAR-T INFUSION") & ex["EXDOSE"].isna()]
    yield "ex", rows, "infused on {EXSTDTC} without EXDOSE"


@check("F-EX-003", "note", "Nobody of the control arm is infused.")
def control_infused(trial: Trial) -> Iterator[Hit]:
    """Find crossover: infusions of control subjects (decision D15)."""
    ex, dm = trial.domains["ex"], trial.domains["dm"]
    control = dm.loc[dm["ARMCD"].eq(trial.study.arm_of_role("control") or ""), "USUBJID"]
    rows = ex[ex["EXCAT"].eq("CAR-T INFUSION") & ex["USUBJID"].isin(control)]
    yield "ex", rows, "control subject infused on {EXSTDTC}: crossover"


@check("F-EX-004", "error", "Infusion, leukapheresis, transplant and new therapy have a date.")
def therapy_undated(trial: Trial) -> Iterator[Hit]:
    """Find records that are no event and no origin for want of a date."""
    for name, (column, words) in DATED.items():
        table, date = trial.domains[name], f"{name.upper()}STDTC"
        rows = table[table[column].isin(words) & table[date].isna()]
        yield name, rows, f"{{{column}}} without {date}; it counts nowhere"


@check("F-EX-005", "warning", "Infusion and leukapheresis have a complete date.")
def origin_partial(trial: Trial) -> Iterator[Hit]:
    """Find origins without a complete day."""
    ex, pr = trial.domains["ex"], trial.domains["pr"]
    rows = ex[ex["EXCAT"].eq("CAR-T INFUSION") & ex["EXSTDTF"].isin(("D", "M"))]
    yield "ex", rows, "infusion has the partial date {EXSTDTC}"
    rows = pr[pr["PRCAT"].eq("LEUKAPHERESIS") & pr["PRSTDTF"].isin(("D", "M"))]
    yield "pr", rows, "leukapheresis has the partial date {PRSTDTC}"


@check("F-WORD-001", "warning", "Categories are words of the contract.")
def word_unknown(trial: Trial) -> Iterator[Hit]:
    """Find unknown words; their records are kept and mean nothing to the endpoints."""
    for name, columns in VOCABULARY.items():
        for column, allowed in columns.items():
            yield from unknown_words(trial.domains[name], name, column, allowed)


CHECKS = (
    reason_missing,
    new_therapy_partial,
    transplant_unplanned,
    infusion_not_in_ex,
    dose_missing,
    control_infused,
    therapy_undated,
    origin_partial,
    word_unknown,
)
