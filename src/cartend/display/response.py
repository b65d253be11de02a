"""Response rates (specification, table 5.2): best response, rates with limits, target, arms."""

from cartend.analysis.counts import BEFORE_INFUSION
from cartend.config.criteria import Criteria
from cartend.config.rate import Rate
from cartend.config.study import Study
from cartend.contract.terms.grammar import RATE_VARIABLE
from cartend.contract.terms.results import BESIDE
from cartend.display import labels
from cartend.display.ard import Ard, Group, Results
from cartend.display.cells import limits_of, month_form, n_percent, percent_limits, single
from cartend.display.columns import compared, efficacy_columns
from cartend.display.format import Notes, p_value, percent, ratio, share, whole
from cartend.display.shell import Column, Row, Shell, assert_total, filled, sized
from cartend.display.words import Heading, nominal

SOURCE = "ADRSP"


def response_table(
    heading: Heading,
    criteria: Criteria,
    rates: dict[str, Rate],
    population: str,
    evaluator: str,
    ard: Ard,
) -> Shell | None:
    """Return the table of all response rates of one population and evaluator, None without any."""
    held = {
        name: ard.of(name, population, evaluator)
        for name in rates
        if (name, population, evaluator) in ard.keys
    }
    columns, notes = rate_columns(heading.study, held), Notes()
    if not columns:
        return None
    table = "_".join(part for part in ("response", population, evaluator) if part)
    rows: list[Row] = []
    for name, results in held.items():
        make = best_rows if rates[name].variable == "best_response" else rate_rows
        rows += make(table, heading.study, criteria, rates[name], results, columns, notes)
    methods = [m for r in held.values() for m in (r.method("proportion"), r.method("target"))]
    methods += [m for r in held.values() for m in _comparison_methods(heading.study, r)]
    used = {name: rates[name] for name in held}
    return heading.shell_of_many(
        table, "Response", used, population, evaluator, columns, rows, notes, methods, SOURCE
    )


def _comparison_methods(study: Study, results: Results) -> list[str]:
    return [m for who in results.comparisons(study) for m in results.methods(who, "difference")]


def rate_columns(study: Study, held: dict[str, Results]) -> tuple[Column, ...]:
    """Return the columns that have subjects in any of the rates, sized by the first of them."""
    for results in held.values():
        events = results.events(Group(), "proportion")
        if events:
            return sized(efficacy_columns(study), results, "proportion", event=events[0])
    return ()


def best_rows(
    table: str,
    study: Study,
    criteria: Criteria,
    rate: Rate,
    results: Results,
    columns: tuple[Column, ...],
    notes: Notes,
) -> list[Row]:
    """Return the categories of best overall response; they add up to N, or TableError."""
    names = {category.code: category.label for category in criteria.categories}
    found = {e for c in columns for e in results.events(c.who, "proportion")}
    codes = [code for code in names if code in found]
    codes += sorted(found - set(names))
    for column in columns:
        counts = {c: results.number(column.who, "proportion", "n", event=c) or 0 for c in codes}
        total = results.number(column.who, "proportion", "N", event=codes[0]) or 0
        assert_total(table, column, counts, total)
    rows = []
    for code in codes:
        label = f"{names[code]} ({code})" if code in names else labels.event(study, code)
        rows.append(
            Row(
                label,
                filled(
                    columns, lambda g, c=code: n_percent(results, g, "proportion", notes, event=c)
                ),
                group=rate.label,
            )
        )
    return rows


def rate_rows(
    table: str,
    study: Study,
    criteria: Criteria,
    rate: Rate,
    results: Results,
    columns: tuple[Column, ...],
    notes: Notes,
) -> list[Row]:
    """Return one rate: n (%), limits, reasons for no response, target test, arms, time to it."""
    group = f"{rate.label} ({rate.id})"
    for column in columns:
        assert_reasons(table, results, column)
    yes = filled(columns, lambda g: n_percent(results, g, "proportion", notes))
    limits = filled(columns, lambda g: percent_limits(results, g, "proportion", notes))
    rows = [Row("n (%)", yes, 0, group), Row("95% CI", limits, 1, group)]
    rows += evaluated_rows(results, columns, group)
    rows += target_rows(study, rate, results, columns, notes, group)
    if rate.variable in RATE_VARIABLE.group("says_why"):
        rows += reason_rows(results, columns, group)
    rows += time_rows(study, results, columns, notes, group)
    rows += early_rows(results, columns, group)
    rows += comparison_rows(study, rate, results, columns, notes, group)
    return rows


def reasons_of(results: Results, who: Group) -> list[str]:
    """Return the answers of a rate with their reasons, without what is counted beside them."""
    return [name for name in results.events(who, "count") if name not in BESIDE]


def assert_reasons(table: str, results: Results, column: Column) -> None:
    """Raise TableError where the answers of a rate do not add up to N, or the yes not to n."""
    names = reasons_of(results, column.who)
    if not names:
        return
    counts = {n: results.number(column.who, "count", "n", event=n) or 0 for n in names}
    assert_total(table, column, counts, results.number(column.who, "proportion", "N") or 0)
    yes = {n: count for n, count in counts.items() if n == "Y" or n.startswith("Y: ")}
    assert_total(table, column, yes, results.number(column.who, "proportion", "n") or 0)


def evaluated_rows(results: Results, columns: tuple[Column, ...], group: str) -> list[Row]:
    """Return N evaluated, where it differs from the N of the column's heading."""
    totals = {c.id: results.number(c.who, "proportion", "N") or 0 for c in columns}
    if all(f"(N={totals[c.id]:.0f})" in c.label for c in columns):
        return []
    return [Row("N evaluated", {key: whole(n) for key, n in totals.items()}, 1, group)]


def reason_rows(results: Results, columns: tuple[Column, ...], group: str) -> list[Row]:
    """Return why the others count as no response; these rows and n add up to N."""
    names = {n for c in columns for n in reasons_of(results, c.who) if n.startswith("N: ")}
    rows = [Row("No response, because", indent=1, group=group)] if names else []
    for name in sorted(names):

        def cell(who: Group, name: str = name) -> str:
            count = results.number(who, "count", "n", event=name) or 0
            return share(count, results.number(who, "proportion", "N") or 0)

        rows.append(Row(labels.reason(name.removeprefix("N: ")), filled(columns, cell), 2, group))
    return rows


def target_rows(
    study: Study,
    rate: Rate,
    results: Results,
    columns: tuple[Column, ...],
    notes: Notes,
    group: str,
) -> list[Row]:
    """Return the exact test against the target rate, where the study states one."""
    target = study.targets.get(rate.id)
    held = [c for c in columns if results.get(c.who, "target", "p_value") is not None]
    if target is None or not held:
        return []
    p = {c.id: single(results, c.who, "target", "p_value", p_value, notes) for c in held}
    met = {c.id: single(results, c.who, "target", "met", _yes_no, notes) for c in held}
    p0 = f"p-value against p0 = {percent(target.p0)}%, one-sided exact ({nominal(study, rate.id)})"
    return [Row(p0, p, 1, group), Row("Target met", met, 1, group)]


def _yes_no(value: float) -> str:
    return "Yes" if value else "No"


def early_rows(results: Results, columns: tuple[Column, ...], group: str) -> list[Row]:
    """Return how many responses are dated before infusion, or have none (D15)."""
    counts = {c.id: results.number(c.who, "count", "n", event=BEFORE_INFUSION) for c in columns}
    cells = {key: whole(n) for key, n in counts.items() if n is not None}
    return [Row("Of these before infusion or without it, n", cells, 1, group)] if cells else []


def time_rows(
    study: Study, results: Results, columns: tuple[Column, ...], notes: Notes, group: str
) -> list[Row]:
    """Return median and range of the time to response among responders, in months."""
    form = month_form(study.months)

    def cell(who: Group) -> str:
        if not results.number(who, "time_to_response", "n"):
            return ""
        median, low, high = (
            single(results, who, "time_to_response", name, form, notes)
            for name in ("median", "min", "max")
        )
        return f"{median} ({low}, {high})"

    if all(results.get(c.who, "time_to_response", "n") is None for c in columns):
        return []
    label = "Time to it (months), median (min, max), those with it"
    return [Row(label, filled(columns, cell), 1, group)]


def comparison_rows(
    study: Study,
    rate: Rate,
    results: Results,
    columns: tuple[Column, ...],
    notes: Notes,
    group: str,
) -> list[Row]:
    """Return difference and odds ratio, experimental against control, crude and stratified."""
    pairs = compared(study, results, columns)
    several = len(pairs) > 1
    return [
        row
        for pair in pairs
        for row in _of_pair(study, rate, results, *pair, notes, group, several=several)
    ]


def _of_pair(
    study: Study,
    rate: Rate,
    results: Results,
    who: Group,
    where: str,
    notes: Notes,
    group: str,
    *,
    several: bool,
) -> list[Row]:
    """Return the rows of one comparison, each named by its arms where there are several."""
    rows, arms = [], labels.arm(study, who.arm)
    named = f" {arms}" if several else ""
    scores = sorted(results.methods(who, "difference"), key=_stratified)
    ratios = sorted(results.methods(who, "odds_ratio"), key=_stratified)
    for score, odds in zip(scores, ratios, strict=False):
        verified = " by verified strata" if study.strata_are == "verified" else ""
        kind = f"stratified{verified}" if _stratified(score) else "unstratified"

        def cell(analysis: str, form, method: str) -> dict[str, str]:
            value = single(results, who, analysis, "estimate", form, notes, method=method)
            limits = limits_of(results, who, analysis, form, notes, method=method)
            return {where: f"{value} {limits}"}

        difference = cell("difference", percent, score)
        p = single(results, who, "difference", "p_value", p_value, notes, method=score)
        role = nominal(study, rate.id) if score == scores[-1] else "nominal"
        rows += [
            Row(f"Difference {arms} (%), {kind} (95% CI)", difference, 1, group),
            Row(f"p-value{named}, {kind}, two-sided ({role})", {where: p}, 1, group),
            Row(f"Odds ratio{named}, {kind} (95% CI)", cell("odds_ratio", ratio, odds), 1, group),
        ]
    return rows


def _stratified(method: str) -> bool:
    return "strata" in method
