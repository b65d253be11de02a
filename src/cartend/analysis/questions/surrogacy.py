"""R34: do PFS and EFS stand for OS, guideline lines 305-306, specification 5.4.

Survival by status at a landmark, the rank association of the two times with and without
non-relapse deaths, and the regression over trials that the study names.
"""

import numpy as np

from cartend.analysis.questions.entry import Entry
from cartend.analysis.questions.landmarks import by_arm
from cartend.analysis.questions.lines import (
    COX,
    SURVIVAL,
    each_endpoint,
    ratio_line,
    survival_estimate,
)
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.nrm_bias import without_deaths
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.config.question_options import Surrogacy
from cartend.contract.datasets.results import ADTTE
from cartend.stats.clayton import clayton_semicompeting, clayton_two_stage
from cartend.stats.rankcorrelation import kendall_tau
from cartend.stats.regression import cox
from cartend.stats.results import EstimationError
from cartend.stats.trialregression import trial_regression

LEVEL = "weighted regression of log hazard ratios over {} trials, weights 1/variance of OS"
LIMITS = {"r_squared": "limits by Fisher's z", "slope": "t limits", "threshold": "t prediction"}
ENTRY = Entry(
    "surrogacy",
    "R34",
    "Do PFS and EFS stand for OS?",
    "{set}; at a landmark those who are alive and whose status is known.",
    {
        "landmark_cox": "Hazard ratios of death at a landmark are with the event by then over "
        "without it.",
        "reported": "Effects of other trials stand as their publications report them.",
    },
    (ADTTE,),
)


def answer(material: Material, page: Page) -> None:
    """Write both levels of surrogacy."""
    options = material.study.analyses.surrogacy
    os = material.times(options.os, "OS")
    for times in each_endpoint(material, page, options, "surrogate"):
        pair = paired(times, os)
        title = f"OS by whether {times.paramcd} had its event by the landmark"
        for day in options.landmarks:
            page.run(title, by_status, material, page, pair, day, options.horizon)
        page.run(f"Rank association of {times.paramcd} with OS", ranks, material, page, pair)
    page.run("Over several trials", over_trials, page, options)


def paired(times: Times, os: Times) -> tuple[Times, Times]:
    """Return both endpoints for the subjects who have both, in one order."""
    shared = set(times.subjects) & set(os.subjects)
    first, second = (t.where(t.frame["USUBJID"].isin(shared).to_numpy()) for t in (times, os))
    return first, second


def by_status(
    material: Material, page: Page, pair: tuple[Times, Times], day: int, horizon: int
) -> None:
    """Write OS from the landmark on by whether the first endpoint had its event by then.

    In the set is who is observed alive after the landmark and whose status is known: the event
    happened, or follow-up for it went on beyond the landmark.
    """
    times, os = pair
    alive, happened = os.time > day, (times.time <= day) & (times.state > 0)
    known = happened | (times.time > day)
    head = f"Day {day}"
    for text, mask in (
        ("in the set", alive & known),
        ("left out, dead by then", ~alive & (os.state > 0)),
        ("left out, follow-up ended before", ~alive & (os.state == 0)),
        ("left out, status not known", alive & ~known),
    ):
        page.line(f"{head}: {text}")
        for arm in material.arms:
            rows = material.of_arm(os, arm)
            page.tally((mask & rows).sum(), rows.sum(), arm=arm)
    chosen, time = alive & known, os.time - day
    for text, group in (("event by then", happened), ("no event by then", ~happened)):
        page.line(f"{head}: {text}, OS {horizon} days later (%)")
        for arm in dict.fromkeys(("", *material.arms)):
            rows = chosen & group & material.of_arm(os, arm)
            counts = {"events": int(os.event[rows].sum()), "N": int(rows.sum())}
            value = survival_estimate(time[rows], os.event[rows], horizon)
            page.estimate("km", SURVIVAL, value, arm=arm, counts=counts)
    page.line(f"{head}: hazard ratio of death, event by then against none")
    method = by_arm(material, COX)
    with page.attempt("landmark_cox", method):
        status, strata = happened[chosen].astype(float), material.arm_codes(os)[chosen]
        fit = cox(time[chosen], os.event[chosen], status, strata=strata, names=("status",))
        counts = {"events": int(os.event[chosen].sum()), "N": int(chosen.sum())}
        ratio_line(page, "landmark_cox", method, fit, "", counts=counts)


def ranks(material: Material, page: Page, pair: tuple[Times, Times]) -> None:
    """Write Kendall's tau and Clayton's, with deaths as events of the first time and without."""
    times, os = pair
    alone = without_deaths(times)
    for arm in dict.fromkeys(("", *material.arms)):
        rows = material.of_arm(os, arm)
        first, second = times.time[rows], os.time[rows]
        for text, event in (("deaths count", times.event), ("deaths censored, as TTP", alone)):
            own, died = event[rows], os.event[rows]
            counts = {"events": int(own.sum()), "N": int(rows.sum())}
            page.line(f"Kendall's tau, {text}")
            tau = kendall_tau(first, second, first_event=own, second_event=died).tau
            page.estimate("kendall", tau.method, tau, arm=arm, counts=counts)
            page.line(f"Clayton, {text}")
            value = clayton_two_stage(first, own, second, died)
            page.estimate("clayton", value.method or "Clayton", value, arm=arm, counts=counts)
        page.line("Clayton before death, deaths cut off progression")
        value = clayton_semicompeting(first, alone[rows], second, os.event[rows])
        page.estimate("clayton", value.method or "Clayton", value, arm=arm)


def over_trials(page: Page, options: Surrogacy) -> None:
    """Write each trial, then R squared, threshold and leave-one-out; or why they are not made."""
    trials = options.trials
    if not trials:
        raise NotDerivableError("the study names no other trials (analyses.surrogacy.trials)")
    for trial in trials:
        for text, effect in (("surrogate", trial.surrogate), ("OS", trial.os)):
            page.line(f"{trial.trial}: hazard ratio of {text}")
            values = {"estimate": effect.hr, "lower": effect.lower, "upper": effect.upper}
            page.add("reported", f"as reported: {trial.source}", values)
    method = LEVEL.format(len(trials))
    page.line("R squared over the trials")
    if len(trials) < options.least_trials:
        why = f"{len(trials)} trials cannot support R squared, fewer than {options.least_trials}"
        raise NotDerivableError(why)
    x, y = (np.log([getattr(t, side).hr for t in trials]) for side in ("surrogate", "os"))
    error = [np.log(t.os.upper / t.os.lower) / (2 * 1.959964) for t in trials]
    try:
        found = trial_regression(x, y, 1 / np.square(error))
    except EstimationError as failed:
        raise NotDerivableError(str(failed)) from failed
    page.estimate("r_squared", f"{method}; {LIMITS['r_squared']}", found.r_squared)
    page.line("Slope on the log scale")
    page.estimate("number", f"{method}; {LIMITS['slope']}", found.slope)
    page.line("Surrogate threshold effect (hazard ratio)")
    value, note = found.threshold.estimate, found.threshold.note
    ratio = float(np.exp(value)) if not note else None
    page.add("threshold", f"{method}; {LIMITS['threshold']}", {"estimate": ratio}, note=note)
    for trial, r2 in zip(trials, found.left_out, strict=True):
        page.line(f"R squared without {trial.trial}")
        page.add("r_squared", method, {"estimate": float(r2)}, note="no variation left")
