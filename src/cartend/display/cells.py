"""Cells that every efficacy table needs: counts, rates with limits, times in months."""

from collections.abc import Callable

from cartend.display.ard import Group, Results
from cartend.display.format import Notes, interval, months, percent, share, text


def n_percent(results: Results, who: Group, analysis: str, notes: Notes, **where: object) -> str:
    """Return ``n (x.x%)`` of a row with statistics n and N; blank where there is none."""
    count, total = (results.get(who, analysis, name, **where) for name in ("n", "N"))
    if count is None or total is None:
        return ""
    if count.number is None or total.number is None:
        return notes.ne(count.note or total.note)
    return share(count.number, total.number)


def limits_of(
    results: Results,
    who: Group,
    analysis: str,
    form: Callable[[float], str],
    notes: Notes,
    **where: object,
) -> str:
    """Return ``(lower, upper)`` of an analysis."""
    lower, upper = (results.get(who, analysis, name, **where) for name in ("lower", "upper"))
    return interval(lower, upper, form, notes)


def single(
    results: Results,
    who: Group,
    analysis: str,
    statistic: str,
    form: Callable[[float], str],
    notes: Notes,
    **where: object,
) -> str:
    """Return one formatted number of the results."""
    return text(results.get(who, analysis, statistic, **where), form, notes)


def month_form(per_month: float) -> Callable[[float], str]:
    """Return the function that prints days as months."""
    return lambda days: months(days, per_month)


def percent_limits(results: Results, who: Group, analysis: str, notes: Notes, **where) -> str:
    """Return ``(lower, upper)`` in percent."""
    return limits_of(results, who, analysis, percent, notes, **where)


def landmark_limits(results: Results, who: Group, analysis: str, notes: Notes, **where) -> str:
    """Return limits at a reporting time in percent, or the exact bound where they have none (D35).

    The results hold the exact bound as ``km_exact`` or ``cif_exact``, where nobody was censored
    before that time.
    """
    exact = f"{analysis}_exact"
    lower = results.get(who, analysis, "lower", **where)
    if lower is not None and lower.number is None and results.get(who, exact, "upper", **where):
        return f"{percent_limits(results, who, exact, notes, **where)} exact"
    return percent_limits(results, who, analysis, notes, **where)
