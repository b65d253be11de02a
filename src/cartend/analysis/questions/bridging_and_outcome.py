"""R18: outcome by bridging therapy, guideline lines 194-203, specification 7.4, decision D33.

Everything starts at lymphodepletion, when bridging is over for everybody who is compared; tests
and models are adjusted, and exploratory.
"""

from typing import NamedTuple

import numpy as np

from cartend.analysis.questions.covariates import Covariates, covariates
from cartend.analysis.questions.crossover import days_of
from cartend.analysis.questions.entry import Entry
from cartend.analysis.questions.lines import SURVIVAL, ratio_line, survival_estimate
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.nrm_bias import incidence_of
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.analysis.rates import CLOPPER_PEARSON
from cartend.config.question_options import Bridging
from cartend.contract.datasets.results import ADRSP, ADTTE
from cartend.contract.datasets.subject import ADSL
from cartend.contract.terms.general import YES_NO
from cartend.contract.terms.therapy import BRIDGED_WITH
from cartend.stats.competing import cumulative_incidence
from cartend.stats.differences import cmh, miettinen_nurminen
from cartend.stats.propensity import (
    effective_size,
    logistic,
    propensity_weights,
    standardised_differences,
)
from cartend.stats.proportions import clopper_pearson
from cartend.stats.regression import cox
from cartend.stats.results import not_estimable

CLASSES = BRIDGED_WITH.labels
DIFFERENCE = "Miettinen-Nurminen, Mantel-Haenszel weights, strata {}; p-value: CMH"
WEIGHTED = "Cox, propensity weights ({}), robust error"
ADJUSTED = "Cox, Efron ties, adjusted for {}"
AALEN = "Aalen-Johansen from lymphodepletion, log-log limits of F"
STANDARDISED = "standardised difference, bridging minus none"
ENTRY = Entry(
    "bridging_and_outcome",
    "R18",
    "Outcome by bridging therapy, from lymphodepletion on",
    "Subjects observed after lymphodepletion: of the experimental arm of a randomised trial, in a "
    "single-arm trial of all leukapheresed subjects.",
    {
        "cox": "Hazard ratios are bridged over not bridged.",
        "difference": "Differences are bridged minus not bridged.",
        "balance": "Standardised differences are bridged minus not bridged.",
        "cif": "Relapse and death without it compete.",
    },
    (ADTTE, ADRSP, ADSL),
)


class Landmark(NamedTuple):
    """An endpoint from lymphodepletion on: bridged (n,) 0/1, class (n,), strata (n,)."""

    times: Times
    time: np.ndarray
    bridged: np.ndarray
    classes: np.ndarray


def answer(material: Material, page: Page) -> None:
    """Write who is compared, response, survival and non-relapse mortality by bridging."""
    options = material.study.analyses.bridging_and_outcome
    page.each(material.intended, of_arm, material, page, options)


def of_arm(material: Material, page: Page, options: Bridging, arm: str) -> None:
    """Write the answer for one arm, to which the page is then confined."""
    page.arm = arm
    page.run("Response after lymphodepletion", responses, material, page, options)
    for name, family in ((options.pfs, "PFS"), (options.os, "OS")):
        try:
            times = material_times(material, page.arm, name, family)
            start = from_lymphodepletion(material, times)
        except NotDerivableError as absent:
            page.section(f"{family} from lymphodepletion")
            page.absent(str(absent))
            continue
        paramcd = start.times.paramcd
        page.run(f"{paramcd} from lymphodepletion", survival, material, page, start, options)
        title = f"{paramcd}: balance of the bridged and the others, propensity weights"
        page.run(title, models, material, page, start, options)
    page.run("Non-relapse mortality from lymphodepletion (%)", deaths, material, page, options)


def material_times(material: Material, arm: str, name: str, family: str) -> Times:
    """Return an endpoint from before lymphodepletion on, of the arm that is meant to be infused.

    Single arm: all who had leukapheresis, from leukapheresis; randomised: an experimental arm.
    """
    population = material.study.population if material.randomised else "LA"
    times = material.times(name, family, population)
    return times.where(material.of_arm(times, arm))


def from_lymphodepletion(material: Material, times: Times) -> Landmark:
    """Return who is observed without event after lymphodepletion, from there on."""
    day, flag = days_of(material, times, "LDDT"), material.column(times, "BRIDGEFL")
    kept = (day < times.time) & flag.isin(YES_NO.codes).to_numpy()
    if not kept.any():
        raise NotDerivableError("nobody is observed after lymphodepletion")
    chosen = times.where(kept)
    classes = material.column(chosen, "BRIDGE").astype(str).to_numpy()
    bridged = (flag[kept] == "Y").to_numpy().astype(np.int64)
    return Landmark(chosen, (times.time - day)[kept], bridged, classes)


def strata_codes(material: Material, times: Times) -> tuple[np.ndarray, str]:
    """Return the stratum of each subject and what the strata are made of."""
    names = [name for name in material.study.strata if name in times.frame]
    if not names:
        return np.zeros(times.time.size, dtype=np.int64), "none"
    groups = times.frame.reset_index(drop=True).groupby(names, sort=True).ngroup()
    return groups.to_numpy(), "+".join(names)


def survival(material: Material, page: Page, start: Landmark, options: Bridging) -> None:
    """Write who enters, and survival of each class of bridging at the horizon."""
    times = start.times
    for code, name in CLASSES.items():
        rows = start.classes == code
        if not rows.any():
            continue
        page.line(f"Bridging {name}: day {options.horizon} after lymphodepletion (%)")
        counts = {"events": int(times.event[rows].sum()), "N": int(rows.sum())}
        value = survival_estimate(start.time[rows], times.event[rows], options.horizon)
        page.estimate("km", SURVIVAL, value, arm=page.arm, counts=counts)


def models(material: Material, page: Page, start: Landmark, options: Bridging) -> None:
    """Write balance before and after weighting, and both adjusted hazard ratios."""
    if start.bridged.min() == start.bridged.max():
        raise NotDerivableError("everybody was bridged, or nobody")
    model = covariates(material, start.times, options.covariates)
    fit = logistic(start.bridged, model.matrix)
    if fit.note:
        raise NotDerivableError(f"propensity score: {fit.note.removeprefix('not estimable: ')}")
    weights = propensity_weights(start.bridged, fit.fitted, options.weights)
    _scores(page, start.bridged, fit.fitted, weights)
    _balance(page, start.bridged, model, weights)
    event, names = start.times.event, ("bridging",)
    counts = {"events": int(event.sum()), "N": int(event.size)}
    method = WEIGHTED.format(options.weights)
    page.line("Hazard ratio, bridging against none, weighted")
    with page.attempt("cox", method, page.arm):
        who = np.arange(event.size)
        head = (start.time, event, start.bridged)
        weighted = cox(*head, weights=weights, cluster=who, names=names)
        ratio_line(page, "cox", method, weighted, page.arm, counts=counts)
    method = ADJUSTED.format(", ".join(model.names))
    page.line("Hazard ratio, bridging against none, adjusted")
    with page.attempt("cox", method, page.arm):
        design = np.column_stack((start.bridged, model.matrix))
        adjusted = cox(start.time, event, design, names=(*names, *model.names))
        ratio_line(page, "cox", method, adjusted, page.arm, counts=counts)


def _scores(page: Page, bridged: np.ndarray, score: np.ndarray, weights: np.ndarray) -> None:
    """Write the range of the score and the effective number of subjects in each group."""
    for value, text in ((1, "bridging"), (0, "no bridging")):
        rows = bridged == value
        page.line(f"Propensity score, {text}: median, least and largest")
        numbers = {"N": int(rows.sum()), "estimate": float(np.median(score[rows]))}
        numbers |= {"lower": float(score[rows].min()), "upper": float(score[rows].max())}
        page.add("number", "logistic regression", numbers, arm=page.arm)
        page.line(f"Effective number of subjects, {text}")
        values = {"N": int(rows.sum()), "estimate": effective_size(weights[rows])}
        page.add("number", "Kish", values, arm=page.arm)


def _balance(page: Page, bridged: np.ndarray, model: Covariates, weights: np.ndarray) -> None:
    before = standardised_differences(bridged, model.matrix)
    after = standardised_differences(bridged, model.matrix, weights)
    note = not_estimable("it varies in neither group, or one has a single subject")
    for text, values in (("as observed", before), ("weighted", after)):
        for name, value in zip(model.names, values.tolist(), strict=True):
            page.line(f"{name}, {text}")
            page.add("balance", STANDARDISED, {"estimate": value}, arm=page.arm, note=note)


def responses(material: Material, page: Page, options: Bridging) -> None:
    """Write response rates by class, and the stratified difference of bridged and others.

    Who had responded before lymphodepletion is left out and counted: the response is bridging's.
    """
    population = material.study.population if material.randomised else "LA"
    for name in options.rates:
        rows = material.adrsp[material.adrsp["PARAMCD"] == name]
        if not len(rows):
            continue
        mine = (rows["POP"] == population) & (rows["EVAL"] == material.study.primary_evaluator)
        mine &= (rows["ANL01FL"] == "Y") & ((rows["ARMCD"] == page.arm) | (page.arm == ""))
        _response(material, page, name, rows[mine].reset_index(drop=True))


def _response(material: Material, page: Page, name: str, rows) -> None:
    known = material.adsl.set_index("USUBJID")
    started = rows["USUBJID"].map(known["LDDT"]) if "LDDT" in known else None
    if started is None or not started.notna().any():
        raise NotDerivableError("the study has no dates of lymphodepletion")
    yes, flag = rows["AVALC"] == "Y", rows["BRIDGEFL"]
    early = yes & (rows["ADT"] < started)
    page.line(f"{name}: left out, responded before lymphodepletion")
    page.tally(int((early & started.notna()).sum()), int(started.notna().sum()), arm=page.arm)
    kept = started.notna() & ~early & flag.isin(YES_NO.codes)
    rows, yes, flag = rows[kept], yes[kept].to_numpy(), (flag[kept] == "Y").to_numpy()
    for code, words in CLASSES.items():
        mine = (rows["BRIDGE"] == code).to_numpy()
        if mine.any():
            page.line(f"{name}: bridging {words} (%)")
            value = clopper_pearson(int(yes[mine].sum()), int(mine.sum()))
            counts = {"events": int(yes[mine].sum()), "N": int(mine.sum())}
            page.estimate("proportion", CLOPPER_PEARSON, value, arm=page.arm, counts=counts)
    factors = [factor for factor in material.study.strata if factor in rows]
    cells = rows.groupby(factors, sort=True).ngroup().to_numpy() if factors else flag * 0
    code = cells * 2 + flag
    size = int(cells.max(initial=0)) + 1
    n = np.bincount(code, minlength=2 * size).reshape(size, 2)
    x = np.bincount(code[yes], minlength=2 * size).reshape(size, 2)
    method = DIFFERENCE.format("+".join(factors) or "none")
    page.line(f"{name}: difference, bridging minus none (percentage points)")
    with page.attempt("difference", method, page.arm):
        tables = (x[:, 1], n[:, 1], x[:, 0], n[:, 0])
        score, test = miettinen_nurminen(*tables), cmh(*tables)
        values = {"estimate": score.estimate, "lower": score.lower, "upper": score.upper}
        note = score.note or test.note
        page.add("difference", method, {**values, "p_value": test.p_value}, arm=page.arm, note=note)


def deaths(material: Material, page: Page, options: Bridging) -> None:
    """Write the cumulative incidence of non-relapse mortality and relapse by class."""
    times = material_times(material, page.arm, options.nrm, "NRM")
    start = from_lymphodepletion(material, times)
    for code, words in CLASSES.items():
        rows = start.classes == code
        if not rows.any():
            continue
        curve = cumulative_incidence(start.time[rows], start.times.state[rows])
        for state, text in ((1, "non-relapse death"), (2, "relapse")):
            page.line(f"Bridging {words}: {text} by day {options.horizon}")
            events = int((start.times.state[rows] == state).sum())
            counts = {"events": events, "N": int(rows.sum())}
            value = incidence_of(curve, state, options.horizon)
            page.estimate("cif", AALEN, value, arm=page.arm, counts=counts)
