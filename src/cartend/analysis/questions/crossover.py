"""R16: overall survival under crossover, guideline lines 182-183, specification 5.7.

Treatment policy is primary; beside it what survival might have been had nobody crossed over.
"""

import numpy as np

from cartend.analysis.plan import Comparison
from cartend.analysis.questions.covariates import Covariates, covariates
from cartend.analysis.questions.entry import RANDOMISED, RATIO, Entry
from cartend.analysis.questions.lines import COX, cox_line, ratio_line
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.contract.datasets.results import ADTTE
from cartend.contract.datasets.subject import ADSL
from cartend.contract.terms.estimand import EVENT
from cartend.stats.ipcw import censoring_weights, weighted_cox
from cartend.stats.regression import cox
from cartend.stats.results import not_estimable
from cartend.stats.rpsft import rpsft
from cartend.stats.twostage import two_stage

RPSFT = "RPSFT, treated from infusion or crossover on, {}; test-based limits, p as randomised"
TWO_STAGE = "two-stage, Weibull AFT after progression, {}; jackknife limits; model: {}"
IPCW = (
    "Cox, weighted by the inverse probability of crossover after progression, robust error; "
    "model: {}"
)
RECENSORED = {True: "recensored", False: "not recensored"}
ENTRY = Entry(
    "crossover",
    "R16",
    "Overall survival under crossover",
    "{set}; crossover is that of control subjects.",
    {
        "cox ipcw": RATIO,
        "rpsft": "RPSFT: hazard ratios of experimental over control had nobody crossed over; "
        "exp(psi) above 1 is death brought forward by treatment.",
        "two_stage": "Two-stage: hazard ratios of experimental over control had nobody crossed "
        "over; the factor of survival after progression is that of crossover in the control arm.",
    },
    (ADTTE, ADSL),
    RANDOMISED,
)


def answer(material: Material, page: Page) -> None:
    """Write who crossed over, then OS by treatment policy and by every adjustment."""
    options = material.study.analyses.crossover
    os, comparisons = material.times(options.os, "OS"), material.comparisons
    crossed = days_of(material, os, "XODT") <= os.time
    controls = dict.fromkeys(against.control for against in comparisons)
    page.section("Who crossed over")
    page.each(list(controls), who, material, page, os, crossed)
    if not any((crossed & material.of_arm(os, arm)).any() for arm in controls):
        raise NotDerivableError("nobody crossed over")
    page.section("OS hazard ratio")
    page.each(comparisons, adjusted, material, page, os)


def adjusted(material: Material, page: Page, whole: Times, against: Comparison) -> None:
    """Write OS of one comparison by treatment policy and by every adjustment.

    Raises
    ------
    NotDerivableError
        Where nobody of the control arm crossed over, or no covariate is there.
    """
    options, os = material.study.analyses.crossover, whole.between(against)
    day = days_of(material, os, "XODT")
    crossed = (os.treated == 0) & (day <= os.time)
    if not crossed.any():
        raise NotDerivableError("nobody crossed over")
    progressed = progression_days(material, os, options.pfs)
    page.line("Treatment policy (as randomised)")
    cox_line(page, "cox", os)
    switched = np.where(crossed, day, np.nan)
    horizon = days_of(material, os, "CUTDT")
    model = covariates(material, os, options.covariates)
    arm = own_arm(material, against)
    infused = days_of(material, os, "TRTSDT")
    page.attempt_section(structural, page, os, np.where(crossed, day, infused), horizon)
    page.attempt_section(staged, page, os, switched, progressed, model, horizon, arm)
    page.attempt_section(weighted, page, os, switched, progressed, model, arm)
    page.line("Censored at crossover, for contrast only: informative")
    method = f"{COX}, {against.strata_label}" if against.strata else COX
    with page.attempt("cox", method, against.label):
        ended = np.where(crossed, np.maximum(day, 1), os.time)
        event = np.where(crossed, 0, os.event)
        fit = cox(ended, event, os.treated, strata=os.strata)
        counts = {"events": int(event.sum()), "N": int(event.size)}
        ratio_line(page, "cox", method, fit, against.label, counts=counts)


def own_arm(material: Material, against: Comparison) -> str:
    """Return the control arm of a comparison; the comparison where others share that arm."""
    sharing = [one for one in material.comparisons if one.control == against.control]
    return against.control if len(sharing) == 1 else against.label


def days_of(material: Material, times: Times, name: str) -> np.ndarray:
    """Return a date of ADSL as the day since each subject's origin, on the scale of AVAL."""
    dates = material.column(times, name)
    if not dates.notna().any():
        return np.full(times.time.size, np.nan)
    start = times.frame["STARTDT"].reset_index(drop=True)
    return ((dates - start).dt.days + 1).to_numpy(dtype=float)


def progression_days(material: Material, os: Times, name: str) -> np.ndarray:
    """Return the day of each subject's first progression by any evaluator, NaN for none.

    Crossover is decided on the investigator's progression, the endpoint on the review's.
    """
    found = np.full(os.time.size, np.nan)
    for judge in material.study.evaluators:
        try:
            pfs = material.times(name, "PFS", evaluator=judge)
        except NotDerivableError:
            continue
        seen = (pfs.frame["EVNTDESC"].isin(EVENT.group("progression")) & (pfs.state > 0)).to_numpy()
        days = dict(zip(pfs.subjects[seen], pfs.time[seen], strict=True))
        found = np.fmin(found, os.frame["USUBJID"].map(days).to_numpy(dtype=float))
    return found


def who(material: Material, page: Page, os: Times, crossing: np.ndarray, arm: str) -> None:
    """Write how many subjects of a control arm crossed over, when, whether after progression."""
    day = days_of(material, os, "XODT")
    progressed = progression_days(material, os, material.study.analyses.crossover.pfs)
    control = material.of_arm(os, arm)
    crossed = control & crossing
    for text, part, of in (
        ("Crossed over", crossed, control),
        ("of these after progression", crossed & (progressed <= day), crossed),
        ("Progressed and did not cross over", control & (progressed > 0) & ~crossed, control),
    ):
        page.line(text)
        page.tally(part.sum(), of.sum(), arm=arm)
    page.line("Days from randomisation to crossover, median")
    value = float(np.median(day[crossed])) if crossed.any() else None
    note = not_estimable("nobody crossed over")
    page.add("day", "median", {"estimate": value}, arm=arm, note=note)


def structural(page: Page, os: Times, infused: np.ndarray, horizon: np.ndarray) -> None:
    """Write the rank-preserving structural failure time model, recensored and not.

    Treatment is from infusion on (D53): ``infused`` is its day, of a crossover too.
    """
    arm = str(os.against)
    if not np.isfinite(infused[os.treated == 1]).any():
        raise NotDerivableError("the data have no date of infusion, from which treatment counts")
    exposed = np.maximum(np.nan_to_num(os.time - infused, nan=0.0), 0.0)
    for again in (True, False):
        limit = np.maximum(np.nan_to_num(horizon, nan=np.inf), os.time) if again else None
        method = RPSFT.format(RECENSORED[again])
        page.line(f"RPSFT, {RECENSORED[again]}")
        with page.attempt("rpsft", method, arm):
            strata = os.strata
            found = rpsft(os.time, os.event, os.treated, exposed, horizon=limit, strata=strata)
            values = {"estimate": found.ratio, "lower": found.ratio_lower}
            values |= {"upper": found.ratio_upper, "p_value": found.p_value}
            note = found.note or not_estimable("the test as randomised is 0")
            page.add("rpsft", method, values, arm=arm, note=note)
            page.line(f"RPSFT, {RECENSORED[again]}: acceleration of death by treatment, exp(psi)")
            factor = {"estimate": np.exp(found.psi), "lower": np.exp(found.lower)}
            factor |= {"upper": np.exp(found.upper)}
            note = found.note or not_estimable("beyond the range that was searched, 1/20 to 20")
            page.add("rpsft", method, factor, arm=arm, note=note)


def staged(
    page: Page,
    os: Times,
    switched: np.ndarray,
    progressed: np.ndarray,
    model: Covariates,
    horizon: np.ndarray,
    control: str,
) -> None:
    """Write the two-stage adjustment, recensored and not; ``control`` is of whom its factor is."""
    arm = str(os.against)
    for again in (True, False):
        limit = np.maximum(np.nan_to_num(horizon, nan=np.inf), os.time) if again else None
        method = TWO_STAGE.format(RECENSORED[again], ", ".join(model.names))
        page.line(f"Two-stage, {RECENSORED[again]}")
        with page.attempt("two_stage", method, arm):
            head = (os.time, os.event, os.treated, progressed, switched, model.matrix)
            found = two_stage(*head, horizon=limit, strata=os.strata)
            page.estimate("two_stage", method, found.ratio, arm=arm)
            if again:
                page.line("Two-stage: survival after progression times, by crossover")
                values = {"estimate": found.acceleration}
                page.add("two_stage", method, values, arm=control, note=found.note)


def weighted(
    page: Page,
    os: Times,
    switched: np.ndarray,
    progressed: np.ndarray,
    model: Covariates,
    control: str,
) -> None:
    """Write OS censored at crossover and weighted for it; ``control``: of whom the weight is.

    Only controls who progressed can cross over, so only they are in the model of crossover; who
    crossed over without progression is in it for the day before.
    """
    crossed = np.isfinite(switched)
    time = np.where(crossed, np.maximum(switched, 1), os.time)
    event = np.where(crossed, 0, os.event)
    before = np.where(crossed, np.fmin(progressed, time - 1), progressed)
    since = np.where(os.treated == 1, np.nan, before)
    method, arm = IPCW.format(", ".join(model.names)), str(os.against)
    page.line("IPCW, censored at crossover and weighted")
    with page.attempt("ipcw", method, arm):
        left = crossed.astype(np.int64)
        weights = censoring_weights(time, event, left, model.matrix, change=since)
        fit = weighted_cox(weights, os.treated, strata=os.strata)
        counts = {"events": int(event.sum()), "N": int(event.size)}
        ratio_line(page, "ipcw", method, fit, arm, counts=counts)
        page.line("IPCW: largest weight")
        largest = {"estimate": float(weights.weight.max())}
        page.add("number", "stabilised weights", largest, arm=control)
