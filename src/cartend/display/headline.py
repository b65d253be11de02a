"""The first lines of a report: the results of the primary and key secondary endpoints."""

from collections.abc import Mapping
from pathlib import Path

from cartend.config.definition import Definition
from cartend.config.roles import LEADING
from cartend.config.study import Study
from cartend.contract.terms.results import LIMITS
from cartend.display import labels
from cartend.display.ard import Ard, Group, Results
from cartend.display.cells import limits_of, month_form, n_percent, percent_limits, single
from cartend.display.compared import shown
from cartend.display.format import Notes, p_value, percent, ratio, with_interval
from cartend.display.words import nominal, ordered, preference, role_of


def headline_rows(
    study: Study, scenarios: Mapping[str, object], results_dir: Path
) -> list[dict[str, str]]:
    """Return one row for each primary and key secondary endpoint and population: what came out."""
    if "primary" not in scenarios or not (results_dir / "primary" / "ard.csv").exists():
        return []
    definitions = scenarios["primary"].definitions
    ard, rows = Ard.read(results_dir / "primary" / "ard.csv"), []
    for name in ordered(study, definitions):
        if role_of(study, name).role not in LEADING:
            continue
        definition = definitions[name]
        keys = [k for k in ard.keys if k[0] == name and k[2] in ("", study.primary_evaluator)]
        keys.sort(key=lambda key, d=definition: preference(study, d, *key[1:]))
        for key in keys:
            rows.append(_row(study, definition, key, ard.of(*key)))
    return rows


def _row(study: Study, definition: Definition, key: tuple, results: Results) -> dict[str, str]:
    make = {"rate": _rate, "tte": _time}.get(definition.kind, _incidence)
    arms = list(study.arms) if study.design == "randomised" else [""]
    notes = Notes()
    parts = [
        f"{labels.arm(study, code)}: {make(study, results, Group(code), notes)}"
        if code
        else make(study, results, Group(), notes)
        for code in arms
    ]
    against = _against(study, definition, results, notes)
    reasons = [line.partition("] ")[2] for line in notes.lines()]
    return {
        "role": role_of(study, definition.id).role,
        "label": f"{definition.label} ({definition.id})",
        "population": f"{labels.population(key[1])} ({key[1]})",
        "result": "; ".join(parts),
        "against": against,
        "note": " ".join(reasons),
    }


def _rate(study: Study, results: Results, who: Group, notes: Notes) -> str:
    count = n_percent(results, who, "proportion", notes)
    total = results.number(who, "proportion", "N") or 0
    limits = percent_limits(results, who, "proportion", notes)
    return f"{count.replace(' (', f'/{total:.0f} (', 1)}, 95% CI {limits}"


def _time(study: Study, results: Results, who: Group, notes: Notes) -> str:
    form = month_form(study.months)
    values = [results.get(who, "km_quantile", name, prob=0.5) for name in LIMITS]
    return f"median {with_interval(*values, form, notes)} months"


def _incidence(study: Study, results: Results, who: Group, notes: Notes) -> str:
    times = results.times(who, "cif")
    if not times:
        return ""
    day = max((t for t in times if t <= 366), default=times[0])
    values = [results.get(who, "cif", name, event="1", time=day) for name in LIMITS]
    rate = with_interval(*values, percent, notes)
    return f"{rate}% at {month_form(study.months)(day)} months"


def _against(study: Study, definition: Definition, results: Results, notes: Notes) -> str:
    """Return the comparisons of the arms or with the target, blank where there are none."""
    pairs, role = results.comparisons(study), nominal(study, definition.id)
    if pairs and definition.kind in ("tte", "rate"):
        said = {who: _of_pair(definition, results, who, role, notes) for who in pairs}
        named = {who: f"{labels.arm(study, who.arm)}: " if len(pairs) > 1 else "" for who in pairs}
        return "; ".join(f"{named[who]}{text}" for who, text in said.items() if text)
    target = study.targets.get(definition.id)
    if target is not None and results.get(Group(), "target", "p_value") is not None:
        p = single(results, Group(), "target", "p_value", p_value, notes)
        return f"against {percent(target.p0)}%: one-sided exact p {p} ({role})"
    return ""


def _of_pair(definition: Definition, results: Results, who: Group, role: str, notes: Notes) -> str:
    """Return what compares the arms of one pair: hazard ratio or difference, and its test."""
    if definition.kind == "tte":
        model, test = shown(results, who, "cox"), shown(results, who, "logrank")
        values = [results.get(who, model, name) for name in LIMITS]
        p = single(results, who, test, "p_value", p_value, notes)
        hazard = with_interval(*values, ratio, notes)
        return f"hazard ratio {hazard}, log-rank p {p} ({role})"
    methods = sorted(results.methods(who, "difference"), key=lambda m: "strata" in m)
    if not methods:
        return ""
    where = {"method": methods[-1]}
    value = single(results, who, "difference", "estimate", percent, notes, **where)
    limits = limits_of(results, who, "difference", percent, notes, **where)
    p = single(results, who, "difference", "p_value", p_value, notes, **where)
    return f"difference {value} {limits} points, p {p} ({role})"
