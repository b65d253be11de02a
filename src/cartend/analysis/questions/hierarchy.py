"""The order of tests: role, alpha, information, boundary, and what may be claimed (D36)."""

import numpy as np
from scipy.special import ndtr, ndtri

from cartend.analysis.plan import Comparison
from cartend.analysis.questions.entry import Entry
from cartend.analysis.questions.material import Material
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.config.rate import Rate
from cartend.contract.datasets.results import ADRSP, ADTTE
from cartend.contract.terms.general import YES_NO
from cartend.stats.differences import cmh
from cartend.stats.logrank import logrank
from cartend.stats.proportions import exact_binomial_greater
from cartend.stats.results import not_estimable

SPENT = "{} spending at information {:.3g}, one look; {}"
NOMINAL = "nominal: no alpha, no claim; {}"
ENTRY = Entry(
    "hierarchy",
    "D36",
    "Order of tests, alpha and information",
    "{set}.",
    {
        "claim": "A hypothesis may be claimed where its p-value is below its alpha at this look "
        "and every one before it in the order was claimed."
    },
    (ADTTE, ADRSP),
    exploratory=False,
)


def answer(material: Material, page: Page) -> None:
    """Write every endpoint with a role in its order; the sequence stops at the first failure.

    With several comparisons the sequence takes all of an endpoint, in the order of the study,
    before the next endpoint, so that one alpha stands for all of them.
    """
    options = material.study.analyses.hierarchy
    roles = material.study.roles
    order = options.order or tuple(n for n, r in roles.items() if r.alpha is not None)
    if not order:
        raise NotDerivableError("no endpoint of the study has an alpha")
    page.section("Tests in their order")
    open_gate = True
    comparisons = material.comparisons if material.randomised else (None,)
    for name in order:
        for against in comparisons:
            open_gate = one_test(material, page, name, open_gate, against)
    page.section("Nominal p-values")
    for name, definition in material.definitions.items():
        if name not in order and getattr(definition, "tests", True):
            for against in comparisons:
                nominal(material, page, name, against)


def nominal(material: Material, page: Page, name: str, against: Comparison | None) -> None:
    """Write the p-value of an endpoint that is not in the sequence, where it has a test."""
    p_value, method, _ = p_value_of(material, name, against)
    if method:
        page.line(name)
        note = not_estimable("the test does not exist")
        said, arm = NOMINAL.format(method), _arm(against)
        page.add("test", said, {"p_value": p_value}, arm=arm, note=note)


def _arm(against: Comparison | None) -> str:
    return "" if against is None else against.label


def one_test(
    material: Material, page: Page, name: str, open_gate: bool, against: Comparison | None
) -> bool:
    """Write alpha, boundary and p-value of one endpoint; return whether the gate stays open."""
    options, role = material.study.analyses.hierarchy, material.study.roles.get(name)
    alpha = role.alpha if role and role.alpha is not None else options.alpha
    p_value, method, events = p_value_of(material, name, against)
    arm = _arm(against)
    planned = options.planned_events.get(name)
    share = min(events / planned, 1.0) if planned and events else 1.0
    bound = boundary(alpha, share, options.spending)
    if planned:
        page.line(f"{name}: events, of planned")
        page.tally(events or 0, planned, arm=arm, method="information fraction")
    page.line(f"{name}: alpha at this look")
    said = SPENT.format(options.spending, share, f"alpha {alpha:g} in all")
    page.add("p", said, {"estimate": bound}, arm=arm)
    page.line(f"{name}: p-value")
    note = not_estimable("the test does not exist")
    page.add("test", method or "none", {"p_value": p_value}, arm=arm, note=note)
    met = bool(p_value is not None and p_value < bound)
    page.line(f"{name}: may be claimed")
    why = "every test before it in the order was met" if open_gate else "a test before it failed"
    values = {"met": int(met and open_gate)}
    page.add("claim", f"fixed sequence; {why}", values, arm=arm)
    return open_gate and met


def boundary(alpha: float, share: float, spending: str) -> float:
    """Return the alpha that may be spent at an information fraction (Lan and DeMets, 1983).

    obrien-fleming: 2 - 2 Phi(z_(1-alpha/2)/sqrt(t)); pocock: alpha log(1 + (e - 1) t); none: alpha.
    """
    if spending == "none" or share >= 1:
        return alpha
    if spending == "pocock":
        return float(alpha * np.log1p((np.e - 1) * share))
    return float(2 * (1 - ndtr(ndtri(1 - alpha / 2) / np.sqrt(share))))


def p_value_of(
    material: Material, name: str, against: Comparison | None
) -> tuple[float | None, str, int | None]:
    """Return p-value, method and events of an endpoint's own test; nothing where it has none.

    ``against`` is the comparison that is tested, None for a single arm.
    """
    definition = material.definitions.get(name)
    if definition is None:
        raise NotDerivableError(f"the study has no endpoint {name}")
    if isinstance(definition, Rate):
        return _rate(material, name, against)
    if definition.kind == "competing" or against is None:
        return None, "", None
    try:
        times = material.times(name, definition.family).between(against)
    except NotDerivableError:
        return None, "", None
    test = logrank(times.time, times.event, times.treated, strata=times.strata)
    method = f"log-rank, {against.strata_label}" if against.strata else "log-rank"
    value = None if test.note else float(test.p_value)
    return value, f"{method}, two-sided", int(times.event.sum())


def _rate(
    material: Material, name: str, against: Comparison | None
) -> tuple[float | None, str, int | None]:
    rows = material.adrsp
    rows = rows[(rows["PARAMCD"] == name) & (rows["ANL01FL"] == "Y")] if len(rows) else rows
    judges = (material.study.primary_evaluator, "")
    rows = rows[(rows["POP"] == material.study.population) & rows["EVAL"].isin(judges)]
    if not len(rows) or rows["AVALC"].isin(YES_NO.codes).mean() < 1:
        return None, "", None
    rows = rows if against is None else rows[rows["ARMCD"].isin(against.arms)]
    yes = (rows["AVALC"] == "Y").to_numpy()
    if against is None:
        target = material.study.targets.get(name)
        if target is None:
            return None, "", None
        p_value = exact_binomial_greater(int(yes.sum()), len(rows), target.p0)
        return p_value, f"exact binomial against {target.p0:g}, one-sided", None
    factors = [factor for factor in material.study.strata if factor in rows]
    cells = rows.groupby(factors, sort=True).ngroup().to_numpy() if factors else yes * 0
    treated = (rows["ARMCD"] == against.experimental).to_numpy()
    code, size = cells * 2 + treated, int(cells.max()) + 1
    n = np.bincount(code, minlength=2 * size).reshape(size, 2)
    x = np.bincount(code[yes], minlength=2 * size).reshape(size, 2)
    test = cmh(x[:, 1], n[:, 1], x[:, 0], n[:, 0])
    said = f"CMH, strata {'+'.join(factors) or 'none'}, two-sided"
    return (None if test.note else float(test.p_value)), said, None
