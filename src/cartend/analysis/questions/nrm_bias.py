"""R35: does non-relapse mortality bias PFS and EFS, guideline lines 306-309.

The eight outputs of the specification, section 4.4, and the rule that raises a warning.
"""

from collections.abc import Callable

import numpy as np

from cartend.analysis.competing import AALEN_JOHANSEN, FINE_GRAY
from cartend.analysis.plan import Comparison
from cartend.analysis.questions.entry import GAP, RATIO, Entry
from cartend.analysis.questions.lines import cox_line, each_endpoint, estimates, ratio_line
from cartend.analysis.questions.material import Material, Times
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.config.question_options import NrmBias
from cartend.contract.datasets.results import ADTTE
from cartend.contract.terms.results import FIRST_EVENT, OCCUPATION
from cartend.stats.competing import cumulative_incidence, incidence_at
from cartend.stats.contrasts import milestone_difference
from cartend.stats.differences import miettinen_nurminen
from cartend.stats.finegray import fine_gray
from cartend.stats.illness import occupation
from cartend.stats.regression import cox
from cartend.stats.results import Estimate, not_estimable
from cartend.stats.winratio import win_ratio

DIFFERENCE = "difference of cumulative incidences, normal limits"
STATES = "Aalen-Johansen, illness-death model, no limits"
WIN_RATIO = "win ratio, death first, then {}; limits by U-statistics"
TIPPING = (
    "deaths added to the experimental arm on day {day:.0f}, the median day of its non-relapse"
    " deaths, among those then alive and later censored; Cox, Efron ties, unstratified"
)
CAUSES = {int(state): label for state, label in FIRST_EVENT.labels.items()}
NAMES = OCCUPATION.labels
ENTRY = Entry(
    "nrm_bias",
    "R35",
    "Does non-relapse mortality bias PFS and EFS?",
    "{set}.",
    {
        "cox cause_specific_cox fine_gray": RATIO,
        "difference": GAP,
        "win_ratio": "A win ratio is wins over losses of the experimental arm, over all pairs of "
        "an experimental and a control subject.",
        "warning": "The warning is raised where the upper limit of a hazard ratio of PFS or EFS "
        "is below 1 while that of OS is above 1, or an excess of non-relapse deaths is shown.",
    },
    (ADTTE,),
)


def answer(material: Material, page: Page) -> None:
    """Write the eight outputs and the warning."""
    options = material.study.analyses.nrm_bias
    nrm = material.times(options.nrm, "NRM")
    os = material.times(options.os, "OS")
    surrogates = surrogates_of(material, page, options)
    warned = (material, page, options, nrm, os, surrogates)
    page.run("Warning", of_each, material, page, warning, *warned)
    page.run("Events that are non-relapse deaths", shares, material, page, nrm, surrogates)
    page.run("Cumulative incidence (%)", incidences, material, page, options, nrm)
    page.run("Hazard of each first event", of_each, material, page, hazards, page, nrm)
    title = "Hazard ratios side by side"
    page.run(title, of_each, material, page, side_by_side, page, os, surrogates)
    title = "Excess non-relapse deaths that would tip OS"
    page.run(title, of_each, material, page, tipping, page, nrm, os)
    page.run("State occupation (%)", states, material, page, options, nrm, os)
    page.run("Win ratio", of_each, material, page, wins, page, os, surrogates)


def of_each(material: Material, page: Page, write: Callable[..., None], *arguments: object) -> None:
    """Write a part of the open section for each comparison of the study."""
    page.each(material.comparisons, write, *arguments)


def surrogates_of(material: Material, page: Page, options: NrmBias) -> list[Times]:
    """Return PFS and EFS, as far as the study has them.

    Raises
    ------
    NotDerivableError
        Where it has neither.
    """
    found = list(each_endpoint(material, page, options, "surrogate"))
    if not found:
        raise NotDerivableError("the study has neither PFS nor EFS")
    return found


def shares(material: Material, page: Page, nrm: Times, surrogates: list[Times]) -> None:
    """Write how many events are deaths, and how many of these non-relapse deaths, per arm."""
    state = dict(zip(nrm.subjects, nrm.state, strict=True))
    for times in surrogates:
        death = (times.frame["EVNTDESC"] == "DEATH").to_numpy() & (times.state > 0)
        alone = death & (times.frame["USUBJID"].map(state) == 1).to_numpy()
        for text, part, of in (
            (f"{times.name}: events, of subjects", times.state > 0, None),
            (f"{times.name}: death as the event, of events", death, times.state > 0),
            (f"{times.name}: non-relapse death, of events", alone, times.state > 0),
        ):
            page.line(text)
            for arm in material.arms:
                chosen = material.of_arm(times, arm)
                within = chosen if of is None else chosen & of
                page.tally((part & chosen).sum(), within.sum(), arm=arm)


def incidences(material: Material, page: Page, options: NrmBias, nrm: Times) -> None:
    """Write both cumulative incidences at the times, and the difference of the arms."""
    curves = {}
    for arm in material.arms:
        rows = material.of_arm(nrm, arm)
        curves[arm] = cumulative_incidence(nrm.time[rows], nrm.state[rows])
        page.line("Curves")
        page.curves.add_incidence(page.place(arm), curves[arm], [1, 2])
    for state, name in CAUSES.items():
        for time in options.times:
            page.line(f"{name} at day {time}")
            found = {arm: incidence_of(curve, state, time) for arm, curve in curves.items()}
            estimates(page, "cif", AALEN_JOHANSEN, found, time)
            for against in material.comparisons if material.randomised else ():
                gap = gaps_of(curves, state, (time,), against)[0]
                page.estimate("difference", DIFFERENCE, gap, arm=against.label, time=time)


def incidence_of(curve: object, state: int, time: float) -> Estimate:
    """Return a cumulative incidence at one time with its standard error."""
    at = incidence_at(curve, state, np.array([time]))
    value, limit = at.note[0], at.limit_note[0]
    numbers = (at.estimate[0], at.lower[0], at.upper[0], at.se[0])
    return Estimate(*map(float, numbers), note=value, lower_note=limit, upper_note=limit)


def gaps_of(
    curves: dict[str, object], state: int, times: tuple[float, ...], against: Comparison
) -> tuple[Estimate, ...]:
    """Return experimental minus control incidence of a state at each time."""
    pair = tuple(curves[arm] for arm in against.arms)
    return milestone_difference(*(incidence_at(c, state, np.array(times)) for c in pair))


def hazards(page: Page, whole: Times, against: Comparison) -> None:
    """Write cause-specific and subdistribution hazard ratios of both first events."""
    nrm = whole.between(against)
    for state, name in CAUSES.items():
        page.line(f"{name}: cause-specific hazard ratio")
        event = (nrm.state == state).astype(np.int64)
        cox_line(page, "cause_specific_cox", nrm, event=event)
        page.line(f"{name}: subdistribution hazard ratio")
        with page.attempt("fine_gray", FINE_GRAY, against.label):
            fit = fine_gray(nrm.time, nrm.state, nrm.treated, cause=state)
            ratio_line(page, "fine_gray", FINE_GRAY, fit, against.label)


def side_by_side(page: Page, os: Times, surrogates: list[Times], against: Comparison) -> None:
    """Write the hazard ratios of PFS (EFS), time to progression and OS under each other."""
    for times in (one.between(against) for one in surrogates):
        page.line(times.name)
        cox_line(page, "cox", times)
        page.line(f"{times.name} with deaths censored, as TTP")
        cox_line(page, "cox", times, event=without_deaths(times))
    page.line(os.name)
    cox_line(page, "cox", os.between(against))


def without_deaths(times: Times) -> np.ndarray:
    """Return the event indicator of an endpoint whose deaths censor: time to progression."""
    return times.event * (times.frame["EVNTDESC"] != "DEATH").to_numpy()


def tipping(page: Page, incidence: Times, survival: Times, against: Comparison) -> None:
    """Write how many more deaths bring the OS hazard ratio, and its upper limit, to 1.

    1. Candidates are the experimental subjects censored in OS after the median day of that arm's
       non-relapse deaths; added deaths fall on that day, so it does not matter who dies.
    2. The least number is found by bisection, as the ratio rises with every added death.
    """
    nrm, os = incidence.between(against), survival.between(against)
    own = (nrm.state == 1) & (nrm.treated == 1)
    if not own.any():
        raise NotDerivableError("the experimental arm has no non-relapse death to give the day")
    day = float(np.median(nrm.time[own]))
    candidates = np.flatnonzero((os.treated == 1) & (os.state == 0) & (os.time > day))
    method = TIPPING.format(day=day)

    def fitted(extra: int, name: str) -> float:
        time, event = os.time.copy(), os.event.copy()
        time[candidates[:extra]], event[candidates[:extra]] = day, 1
        return float(getattr(cox(time, event, os.treated), name)[0])

    for name, text in (("hazard_ratio", "ratio"), ("upper", "upper 95% limit")):
        page.line(f"Added deaths until the {text} reaches 1")
        least = first_reaching(lambda k, n=name: fitted(k, n) >= 1, candidates.size)
        note = not_estimable(f"not reached by {candidates.size} added deaths")
        counts = {"n": least, "N": int(candidates.size)}
        if least is None:
            page.add("tipping", method, {"n": None}, arm=against.label, note=note)
        else:
            page.add("tipping", method, counts, arm=against.label)


def first_reaching(reached: object, most: int) -> int | None:
    """Return the least number in 0..most at which a monotone condition holds, None without one."""
    if not reached(most):
        return None
    low, high = -1, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def states(material: Material, page: Page, options: NrmBias, nrm: Times, os: Times) -> None:
    """Write the share of each arm in every state of the illness-death model."""
    last = nrm.frame["USUBJID"].map(dict(zip(os.subjects, os.time, strict=True)))
    died = nrm.frame["USUBJID"].map(dict(zip(os.subjects, os.state, strict=True)))
    last, died = last.fillna(0).to_numpy(), died.fillna(0).to_numpy()
    if set(nrm.state) - {0, 1, 2}:
        raise NotDerivableError("the endpoint has a state besides relapse and non-relapse death")
    found = {}
    for arm in material.arms:
        rows = material.of_arm(nrm, arm)
        found[arm] = occupation(nrm.time[rows], nrm.state[rows], last[rows], died[rows])
        page.line("Curves")
        page.curves.add_states(page.place(arm), found[arm], tuple(NAMES))
    for time in options.times:
        for name, text in NAMES.items():
            page.line(f"{text} at day {time}")
            for arm, shares_of in found.items():
                value = shares_of.at(time)[name]
                note = "" if value == value else "no subject at risk"
                page.add("occupation", STATES, {"estimate": value}, arm=arm, time=time, note=note)


def wins(page: Page, survival: Times, surrogates: list[Times], against: Comparison) -> None:
    """Write the win ratio with death first and progression (or event) second."""
    os = survival.between(against)
    for times in (one.between(against) for one in surrogates):
        both = os.frame[["USUBJID"]].merge(
            times.frame[["USUBJID"]].assign(row=np.arange(times.time.size)), on="USUBJID"
        )
        place = os.frame["USUBJID"].isin(both["USUBJID"]).to_numpy()
        rows = both["row"].to_numpy()
        method = WIN_RATIO.format(times.paramcd)
        page.line(f"OS, then {times.name}")
        with page.attempt("win_ratio", method, against.label):
            outcomes = [(os.time[place], os.event[place]), (times.time[rows], times.event[rows])]
            found = win_ratio(outcomes, os.treated[place])
            numbers = {"n": sum(found.wins), "losses": sum(found.losses), "N": found.pairs}
            ratio = {name: getattr(found, name) for name in ("estimate", "lower", "upper")}
            values = {**numbers, **ratio, "p_value": found.p_value}
            page.add("win_ratio", method, values, arm=against.label, note=found.note)


def crude_gap(nrm: Times) -> Estimate:
    """Return the difference of the crude shares of non-relapse deaths, by the score interval.

    Needed where an arm has none: its incidence of 0 has no limits, the score interval has.
    """
    arms = [nrm.treated == value for value in (1, 0)]
    x1, x0 = (int((nrm.state[rows] == 1).sum()) for rows in arms)
    n1, n0 = (int(rows.sum()) for rows in arms)
    return miettinen_nurminen(x1, n1, x0, n0)


def warning(
    material: Material,
    page: Page,
    options: NrmBias,
    incidence: Times,
    survival: Times,
    surrogates: list[Times],
    against: Comparison,
) -> None:
    """Write whether the warning of section 4.4 is raised, and by what.

    Raised where the upper limit of the hazard ratio of PFS or EFS is below 1 while the ratio of
    OS is above 1, or the lower limit of the difference of non-relapse mortality is above 0 at
    one of the times (of the crude difference where no time has limits).
    """
    nrm, os = incidence.between(against), survival.between(against)
    worse = bool(cox(os.time, os.event, os.treated, strata=os.strata).hazard_ratio[0] > 1)
    curves = {
        arm: cumulative_incidence(nrm.time[rows], nrm.state[rows])
        for arm in against.arms
        for rows in (material.of_arm(nrm, arm),)
    }
    gaps = gaps_of(curves, 1, options.times, against)
    excess = any(gap.lower > 0 for gap in gaps)
    if all(np.isnan(gap.lower) for gap in gaps):
        excess = crude_gap(nrm).lower > 0
    for times in (one.between(against) for one in surrogates):
        better = bool(cox(times.time, times.event, times.treated, strata=times.strata).upper[0] < 1)
        page.line(f"{times.name}: a benefit that non-relapse mortality may bias")
        why = f"{times.paramcd} upper limit {'below' if better else 'not below'} 1"
        why += f"; OS ratio {'above' if worse else 'not above'} 1"
        why += f"; excess of non-relapse deaths {'shown' if excess else 'not shown'}"
        met = int(better and (worse or excess))
        page.add("warning", why, {"met": met}, arm=against.label)
