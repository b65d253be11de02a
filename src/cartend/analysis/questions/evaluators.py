"""R37: independent review against the investigator, guideline lines 312-320, specification 5.5.

Also what missing review after the investigator's progression does (pitfall P20), and what the
times between assessments do (pitfall P24).
"""

import numpy as np

from cartend.analysis.agreement import DISCREPANCY, PAIR, PROGRESSION, discrepancy
from cartend.analysis.plan import Comparison
from cartend.analysis.questions.covariates import covariates
from cartend.analysis.questions.entry import GAP, RATIO, Entry
from cartend.analysis.questions.lines import COX, SURVIVAL, cox_line, ratio_line, survival_estimate
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.analysis.questions.windows import from_origin
from cartend.contract.datasets.response import ADRS
from cartend.contract.datasets.results import ADRSP, ADTTE
from cartend.contract.datasets.subject import ADEVT, ADSL
from cartend.contract.terms.results import DISCREPANCY_RATES, PROGRESSION_SEEN, STATISTIC
from cartend.stats.agreement import kappa
from cartend.stats.ipcw import censoring_weights, weighted_cox
from cartend.stats.regression import cox
from cartend.stats.results import not_estimable
from cartend.stats.turnbull import turnbull

KAPPAS = {"unweighted": "Kappa", "linear": "Kappa, linear weights over the ranks"}
IPCW = "Cox, weighted by the inverse probability of this censoring, robust error; model: arm, {}"
TURNBULL = "Turnbull, exact deaths, progression between assessments"
FLAGGED = "rates differ by more than {:.0%} between the arms"
ENTRY = Entry(
    "evaluators",
    "R37",
    "Independent review against the investigator",
    "{set}; the same subjects by both evaluators.",
    {
        "cox ipcw": f"{RATIO} The ratio of two of them is review over investigator.",
        "share": "Early discrepancy: progression by the investigator alone or earlier, of all by "
        "the investigator; late: by the review alone or by the investigator later, of all that "
        "differ.",
        "difference": GAP,
        "turnbull": "Within its interval: the least and the most that survival may be, and their "
        "middle.",
    },
    (ADTTE, ADRSP, ADRS, ADEVT, ADSL),
)


def answer(material: Material, page: Page) -> None:
    """Write agreement, discrepancies, ratios by evaluator, and both sensitivities."""
    options = material.study.analyses.evaluators
    if not set(PAIR) <= set(material.study.evaluators):
        raise NotDerivableError("the study has one evaluator")
    page.run("Agreement on best overall response", agreement, material, page)
    for name, family in ((options.pfs, "PFS"), (options.efs, "EFS")):
        paramcd = name or family
        title = f"{paramcd}: who saw progression, and when"
        page.run(title, discrepancies, material, page, name, family, options.flag)
        page.run(
            f"{paramcd}: hazard ratio by evaluator", by_evaluator, material, page, name, family
        )
    title = "Progression by the investigator that the review did not see"
    page.run(title, unseen, material, page, options.pfs, options.covariates)
    title = "Progression between assessments (interval censoring)"
    page.run(title, between, material, page, options.pfs, options.times)


def both(material: Material, name: str, family: str) -> tuple[Times, Times]:
    """Return an endpoint by the review and by the investigator, the same subjects in both."""
    irc, inv = (material.times(name, family, evaluator=judge) for judge in PAIR)
    shared = set(irc.subjects) & set(inv.subjects)
    kept = (irc.where(irc.frame["USUBJID"].isin(shared).to_numpy()),)
    return (*kept, inv.where(inv.frame["USUBJID"].isin(shared).to_numpy()))


def agreement(material: Material, page: Page) -> None:
    """Write the share of the same answers and kappa, plain and weighted, per arm."""
    definitions = material.definitions
    names = [n for n, d in definitions.items() if getattr(d, "variable", "") == "best_response"]
    rows = material.adrsp[material.adrsp["PARAMCD"].isin(names[:1])]
    rows = rows[rows["POP"] == material.study.population] if len(rows) else rows
    if not len(rows) or not set(PAIR) <= set(rows["EVAL"]):
        raise NotDerivableError("best overall response is not there by both evaluators")
    wide = rows.pivot(index=["USUBJID", "ARMCD"], columns="EVAL", values="AVALC").dropna()
    order = [category.code for category in material.criteria.categories]
    order += sorted({v for judge in PAIR for v in wide[judge]} - set(order))
    arms = wide.index.get_level_values("ARMCD")
    for arm in dict.fromkeys(("", *material.arms)):
        chosen = wide[arms == arm] if arm else wide
        first, second = (chosen[judge].to_numpy() for judge in PAIR)
        page.line("Same category")
        page.tally((first == second).sum(), len(chosen), arm=arm)
        for weights, text in KAPPAS.items():
            page.line(text)
            value = kappa(first, second, weights=weights, categories=order)
            page.estimate("kappa", value.method, value, arm=arm)


def progressions(times: Times) -> np.ndarray:
    """Return the day of each subject's progression as the event, NaN for none."""
    return np.where(times.frame["EVNTDESC"].isin(PROGRESSION), times.time, np.nan)


def discrepancies(material: Material, page: Page, name: str, family: str, flag: float) -> None:
    """Write who saw progression, both discrepancy rates, and whether the arms differ in them."""
    irc, inv = both(material, name, family)
    days = [progressions(times) for times in (irc, inv)]
    found = {}
    for arm in material.arms:
        rows = material.of_arm(irc, arm)
        found[arm] = discrepancy(*(day[rows] for day in days))
        for key, text in SEEN.items():
            page.line(text)
            page.tally(found[arm][key], rows.sum(), arm=arm)
        for key, text in RATES.items():
            page.line(text)
            note = not_estimable("no progression to compare")
            page.add("share", DISCREPANCY, {"estimate": found[arm][key]}, arm=arm, note=note)
    if material.randomised:
        page.each(material.comparisons, arms_differ, page, found, flag)


def arms_differ(page: Page, found: dict, flag: float, against: Comparison) -> None:
    """Write the difference of both discrepancy rates between the arms of a comparison."""
    for key, text in RATES.items():
        page.line(text)
        pair = [found[arm][key] for arm in against.arms]
        if None not in pair:
            method, gap = FLAGGED.format(flag), pair[0] - pair[1]
            page.add("difference", "difference of the rates", {"estimate": gap}, arm=against.label)
            page.line(f"{text}: a difference that may bias the comparison")
            met = int(abs(gap) > flag)
            page.add("warning", method, {"met": met}, arm=against.label)


SEEN = {name: STATISTIC[name].label for name in PROGRESSION_SEEN}
RATES = {name: STATISTIC[name].label for name in DISCREPANCY_RATES}


def by_evaluator(material: Material, page: Page, name: str, family: str) -> None:
    """Write the hazard ratio by each evaluator and the ratio of the two."""
    page.each(material.comparisons, ratio_of_ratios, page, both(material, name, family))


def ratio_of_ratios(page: Page, pair: tuple[Times, Times], against: Comparison) -> None:
    """Write the hazard ratio of a comparison by each evaluator and the ratio of the two."""
    ratios = []
    for times in (one.between(against) for one in pair):
        page.line(times.name)
        cox_line(page, "cox", times)
        fit = cox(times.time, times.event, times.treated, strata=times.strata)
        ratios.append(float(fit.hazard_ratio[0]))
    page.line("Ratio of the two, review over investigator")
    value = ratios[0] / ratios[1]
    note = not_estimable("a hazard ratio is not")
    method = "ratio of hazard ratios; the same subjects, no limits"
    page.add("cox", method, {"estimate": value}, arm=against.label, note=note)


def unseen(material: Material, page: Page, name: str, wanted: tuple[str, ...]) -> None:
    """Write P20: the investigator's progression without the review's, and what it may change.

    1. Counted: progression by the investigator where the review has none; of these, those whom
       the review censors, as imaging ends with the investigator's progression.
    2. The review's ratio weighted for that censoring (IPCW), its model with a baseline per arm.
    3. The composite: progression by either, or death.
    """
    irc, inv = both(material, name, "PFS")
    alone = ~np.isnan(progressions(inv)) & np.isnan(progressions(irc))
    censored = alone & (irc.state == 0)
    for text, mask in (
        ("Progression by the investigator alone", alone),
        ("of these censored by the review", censored),
    ):
        page.line(text)
        for arm in material.arms:
            rows = material.of_arm(irc, arm)
            page.tally((mask & rows).sum(), rows.sum(), arm=arm)
    page.each(material.comparisons, what_it_changes, material, page, (irc, inv), censored, wanted)


def what_it_changes(
    material: Material,
    page: Page,
    pair: tuple[Times, Times],
    unseen_by_review: np.ndarray,
    wanted: tuple[str, ...],
    against: Comparison,
) -> None:
    """Write the review's ratio as analysed and weighted, and that of the composite."""
    censored = unseen_by_review[np.isin(pair[0].frame["ARMCD"].to_numpy(str), against.arms)]
    irc, inv = (one.between(against) for one in pair)
    page.line(f"{irc.name} as analysed")
    cox_line(page, "cox", irc)
    page.attempt_section(weighted, material, page, irc, censored, wanted)
    page.line("Progression by either, or death")
    first = np.where(inv.event > 0, np.minimum(irc.time, inv.time), irc.time)
    event = np.maximum(irc.event, inv.event)
    method = f"{COX}, {against.strata_label}" if against.strata else COX
    with page.attempt("cox", method, against.label):
        fit = cox(first, event, irc.treated, strata=irc.strata)
        counts = {"events": int(event.sum()), "N": int(event.size)}
        ratio_line(page, "cox", method, fit, against.label, counts=counts)


def weighted(
    material: Material, page: Page, irc: Times, censored: np.ndarray, wanted: tuple[str, ...]
) -> None:
    """Write the review's ratio weighted for the censoring that the investigator caused."""
    arm = str(irc.against)
    page.line(f"{irc.name} weighted for this censoring")
    model = covariates(material, irc, wanted)
    method = IPCW.format(", ".join(model.names))
    with page.attempt("ipcw", method, arm):
        left = censored.astype(np.int64)
        weights = censoring_weights(irc.time, irc.event, left, model.matrix, strata=irc.treated)
        fit = weighted_cox(weights, irc.treated, strata=irc.strata)
        counts = {"events": int(irc.event.sum()), "N": int(irc.time.size)}
        ratio_line(page, "ipcw", method, fit, arm, counts=counts)


def intervals(material: Material, times: Times) -> tuple[np.ndarray, np.ndarray]:
    """Return (left, right] of each time: progression lies after the last assessment before it.

    A death is exact, a censoring right-censored at its day; without an assessment the interval
    starts at the origin.
    """
    seen = material.tables("adrs")
    if not len(seen):
        raise NotDerivableError("the study has no visit-level responses (ADRS)")
    known = (seen["ANL01FL"] == "Y") & (seen["EVAL"] == times.evaluator)
    adequate = {c.code for c in material.criteria.categories} - {"NE", *PROGRESSION}
    seen = from_origin(material, times, seen[known & seen["AVALC"].isin(adequate)])
    day = dict(zip(times.subjects, times.time, strict=True))
    before = seen[seen["DAY"] < seen["USUBJID"].map(day)].groupby("USUBJID")["DAY"].max()
    last = times.frame["USUBJID"].map(before).fillna(0).to_numpy(dtype=float)
    progressed = ~np.isnan(progressions(times))
    left = np.where(progressed, last, times.time)
    right = np.where(times.state == 0, np.inf, times.time)
    return left, right


def between(material: Material, page: Page, name: str, days: tuple[int, ...]) -> None:
    """Write P24: survival with progression on its day, within its interval, and at its middle."""
    times = material.times(name, "PFS")
    left, right = intervals(material, times)
    middle = np.where(np.isfinite(right), np.ceil((left + np.minimum(right, 1e9)) / 2), left)
    middle = np.maximum(middle, 1)
    width = np.where(np.isfinite(right) & (right > left), right - left, np.nan)
    for arm in material.arms:
        rows = material.of_arm(times, arm)
        page.line("Days between the two assessments around progression, median")
        inside = width[rows & np.isfinite(width)]
        note = not_estimable("no progression")
        value = float(np.median(inside)) if inside.size else None
        counts = {"N": int(inside.size), "estimate": value}
        page.add("day", "progressions only", counts, arm=arm, note=note)
        found = turnbull(left[rows], right[rows])
        for day in days:
            page.line(f"Without event at day {day}: progression on its day (%)")
            page.estimate(
                *("km", SURVIVAL, survival_estimate(times.time[rows], times.event[rows], day)),
                arm=arm,
            )
            page.line(f"Without event at day {day}: within its interval, least and most (%)")
            least, most = found.bounds(day)
            values = {"estimate": (least + most) / 2, "lower": least, "upper": most}
            page.add("turnbull", TURNBULL, values, arm=arm, note=found.note)
            page.line(f"Without event at day {day}: progression in the middle (%)")
            page.estimate(
                *("km", SURVIVAL, survival_estimate(middle[rows], times.event[rows], day)),
                arm=arm,
            )
    page.each(material.comparisons, moved_progression, page, times, middle)


def moved_progression(page: Page, whole: Times, middles: np.ndarray, against: Comparison) -> None:
    """Write the ratio with progression on its day and in the middle of its interval."""
    times = whole.between(against)
    middle = middles[np.isin(whole.frame["ARMCD"].to_numpy(str), against.arms)]
    for text, moved in (("on its day", times.time), ("in the middle", middle)):
        page.line(f"{times.name}: progression {text}")
        method = f"{COX}, {against.strata_label}" if against.strata else COX
        with page.attempt("cox", method, against.label):
            fit = cox(moved, times.event, times.treated, strata=times.strata)
            counts = {"events": int(times.event.sum()), "N": int(times.time.size)}
            ratio_line(page, "cox", method, fit, against.label, counts=counts)
