"""Checks of the order of things in one subject's course."""

from collections.abc import Iterator

import pandas as pd

from cartend.contract.terms.roles import ROLE
from cartend.intake.checks.base import Hit, Trial, check, start

STARTING = ("ds", "ex", "pr", "cm", "rs", "lb", "ae", "ss")
SPANS = ("ex", "pr", "cm", "ae")


def _with(trial: Trial, role: str, *names: str) -> Iterator[tuple[str, pd.DataFrame, str]]:
    """Yield the records of a role: domain, records with milestones, date column's stem."""
    for domain, rows, stem in trial.of_role(role):
        yield domain, trial.beside(rows, *names), stem


@check("F-CUT-001", "note", "Nothing is dated after the data cut-off.")
def after_cutoff(trial: Trial) -> Iterator[Hit]:
    """Find later records; they are kept and do not count."""
    day = f"{trial.cutoff:%Y-%m-%d}" if not pd.isna(trial.cutoff) else ""
    for name, stem in {"dm": "DTHDT", **{one: start(one) for one in STARTING}}.items():
        table = trial.domains[name]
        rows = table[table[f"{stem}_LO"] > trial.cutoff]
        yield name, rows, f"{stem}C {{{stem}C}} is after the data cut-off {day}; not counted"


@check("F-TIME-001", "error", "The product is infused after leukapheresis.")
def infusion_before_leukapheresis(trial: Trial) -> Iterator[Hit]:
    """Find infusions before leukapheresis, of which the product is made."""
    for name, rows, stem in _with(trial, "infusion", "LEUKAPHERESIS"):
        early = rows[rows[f"{stem}_HI"] < rows["LEUKAPHERESIS"]]
        told = f"infused on {{{stem}C}}, before leukapheresis on {{LEUKAPHERESIS}}"
        yield name, early, told


@check("F-TIME-002", "error", "Lymphodepletion comes before an infusion.")
def lymphodepletion_after_infusion(trial: Trial) -> Iterator[Hit]:
    """Find lymphodepletion that starts after the last infusion."""
    for name, rows, stem in _with(trial, "lymphodepletion", "LAST_INFUSION"):
        late = rows[rows[f"{stem}_LO"] > rows["LAST_INFUSION"]]
        told = f"lymphodepletion on {{{stem}C}}, after the infusion on {{LAST_INFUSION}}"
        yield name, late, told


@check("F-TIME-003", "error", "Bridging therapy comes before the infusion.")
def bridging_after_infusion(trial: Trial) -> Iterator[Hit]:
    """Find bridging after infusion, which is no bridge (decision D19)."""
    for name, rows, stem in _with(trial, "bridging", "INFUSION"):
        late = rows[rows[f"{stem}_LO"] > rows["INFUSION"]]
        yield name, late, f"bridging on {{{stem}C}}, after the infusion on {{INFUSION}}"


@check("F-TIME-004", "warning", "Bridging therapy begins after leukapheresis.")
def bridging_before_leukapheresis(trial: Trial) -> Iterator[Hit]:
    """Find bridging before leukapheresis: holding therapy (decision D19)."""
    for name, rows, stem in _with(trial, "bridging", "LEUKAPHERESIS"):
        early = rows[rows[f"{stem}_HI"] < rows["LEUKAPHERESIS"]]
        message = f"bridging on {{{stem}C}}, before leukapheresis on {{LEUKAPHERESIS}}"
        yield name, early, f"{message}: holding therapy"


@check("F-TIME-005", "error", "No response and no infusion is dated before consent.")
def before_consent(trial: Trial) -> Iterator[Hit]:
    """Find responses and infusions before consent."""
    yield from _before(trial, "CONSENT", "consent")


@check("F-TIME-006", "warning", "No response and no study treatment is dated before randomisation.")
def before_randomisation(trial: Trial) -> Iterator[Hit]:
    """Find responses and study treatment before the origin."""
    yield from _before(trial, "RANDOMISED", "randomisation")


def _before(trial: Trial, milestone: str, called: str) -> Iterator[Hit]:
    """Yield responses and study treatment dated before a milestone."""
    for role in ("response", *ROLE.group("one_dose")):
        named = role.replace("_", " ")
        for name, rows, stem in _with(trial, role, milestone):
            early = rows[rows[f"{stem}_HI"] < rows[milestone]]
            yield name, early, f"{named} on {{{stem}C}}, before {called} on {{{milestone}}}"


@check("F-TIME-007", "error", "Nothing ends before it starts.")
def end_before_start(trial: Trial) -> Iterator[Hit]:
    """Find ends whose latest day lies before the earliest day of the start."""
    for name in SPANS:
        table, stem = trial.domains[name], name.upper()
        rows = table[table[f"{stem}ENDT_HI"] < table[f"{stem}STDT_LO"]]
        yield name, rows, f"ends on {{{stem}ENDTC}}, before its start on {{{stem}STDTC}}"


@check("F-TIME-008", "warning", "No assessment follows loss to follow-up or withdrawal.")
def after_loss(trial: Trial) -> Iterator[Hit]:
    """Find assessments after the end of follow-up; they do not count (decision D2)."""
    for name in ("rs", "lb"):
        table, stem = trial.dated(name, "LOST"), start(name)
        rows = table[table[f"{stem}_LO"] > table["LOST"]]
        yield name, rows, f"{stem}C {{{stem}C}} is after the end of follow-up on {{LOST}}"


@check("F-TIME-009", "error", "Consent comes before randomisation, enrolment and leukapheresis.")
def milestone_before_consent(trial: Trial) -> Iterator[Hit]:
    """Find study procedures before consent."""
    dates = trial.milestones.reset_index()
    for name in ("RANDOMISED", "ENROLLED", "LEUKAPHERESIS"):
        rows = dates[dates[name] < dates["CONSENT"]]
        yield "dm", rows, f"{name.lower()} on {{{name}}}, before consent on {{CONSENT}}"


CHECKS = (
    after_cutoff,
    infusion_before_leukapheresis,
    lymphodepletion_after_infusion,
    bridging_after_infusion,
    bridging_before_leukapheresis,
    before_consent,
    before_randomisation,
    end_before_start,
    after_loss,
    milestone_before_consent,
)
