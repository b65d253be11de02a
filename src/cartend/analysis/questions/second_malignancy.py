"""R44: is T-cell malignancy after CAR-T above what is expected, guideline lines 356-357 (4.6).

Observed over expected cases from the rates of a background population that the study names.
"""

import numpy as np
import pandas as pd

from cartend.analysis.questions.entry import Entry
from cartend.analysis.questions.material import Material
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.config.question_options import BackgroundRate, SecondMalignancy
from cartend.contract.datasets.subject import ADEVT, ADSL
from cartend.contract.text import in_capitals
from cartend.stats.poisson import poisson_rate, standardised_ratio

PER = 100_000
YEAR = 365.25
RATE = "events per person-time, Garwood limits"
RATIO = "observed over expected by sex and age, Garwood limits; background: {}"
TRIGGER = "lower limit of the standardised incidence ratio above 1 (R45)"
ENTRY = Entry(
    "second_malignancy",
    "R44",
    "T-cell malignancy against the background rate",
    "All infused subjects, from the first infusion.",
    {
        "number": "Rates are events per person-time to the event, death or last contact.",
        "sir": "The standardised ratio is observed over expected cases.",
    },
    (ADSL, ADEVT),
)


def answer(material: Material, page: Page) -> None:
    """Write cases, person-years, rate and ratio for every lag, and all second malignancies."""
    options = material.study.analyses.second_malignancy
    people, cases = followed(material, options)
    for lag in options.lags:
        page.run(f"From {lag} days after infusion", at_lag, page, options, people, cases, lag)


def followed(material: Material, options: SecondMalignancy) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return who was infused with days of follow-up and first malignancies in days.

    Follow-up ends with death, last contact or data cut-off, whichever is first; ``ANY`` and
    ``TCELL`` are the days from infusion to the first malignancy of any kind and of T cells.
    """
    people = material.members("INF").reset_index(drop=True)
    if "TRTSDT" not in people or not people["TRTSDT"].notna().any():
        raise NotDerivableError("nobody was infused")
    ends = [people[name] for name in ("DTHDT", "LSTALVDT", "CUTDT") if name in people]
    end = pd.concat(ends[:1], axis=1).min(axis=1)
    last = pd.concat(ends[1:], axis=1).min(axis=1) if len(ends) > 1 else end
    people = people.assign(DAYS=(end.fillna(last) - people["TRTSDT"]).dt.days + 1)
    events = material.tables("adevt")
    found = events[events["KIND"] == "SECOND_MALIGNANCY"] if "KIND" in events else events
    start = people.set_index("USUBJID")["TRTSDT"]
    found = found[found["USUBJID"].isin(start.index)]
    if len(found):
        found = found.assign(DAY=(found["ADT"] - found["USUBJID"].map(start)).dt.days + 1)
        text = in_capitals(found["WHAT"]).fillna("")
        words = "|".join(word.upper() for word in options.words)
        found = found[found["DAY"] >= 1].assign(TCELL=text.str.contains(words))
    return people, found


def at_lag(
    page: Page,
    options: SecondMalignancy,
    people: pd.DataFrame,
    cases: pd.DataFrame,
    lag: int,
) -> None:
    """Write one lag: time at risk starts ``lag`` days after infusion."""
    for text, chosen in (
        ("Second malignancy of any kind", cases),
        ("T-cell malignancy", cases[cases["TCELL"]] if len(cases) else cases),
    ):
        first = chosen.groupby("USUBJID")["DAY"].min() if len(chosen) else pd.Series(dtype=float)
        day = people["USUBJID"].map(first).astype(float)
        stop = np.fmin(people["DAYS"], day).to_numpy(dtype=float)
        at_risk = stop > lag
        observed = int(((day > lag) & (day <= people["DAYS"])).sum())
        years = float((stop - lag)[at_risk].sum()) / YEAR
        page.line(f"{text}: subjects with a case, of those at risk")
        page.tally(observed, int(at_risk.sum()))
        page.line(f"{text}: person-years")
        page.add("number", "from infusion and lag to case, death or last contact", {"n": years})
        page.line(f"{text}: rate per {PER:,} person-years")
        found = poisson_rate(observed, years / PER)
        page.estimate("number", RATE, found)
    page.line("T-cell malignancy: expected cases")
    if not options.rates:
        why = "the study names no background rates (analyses.second_malignancy.rates)"
        raise NotDerivableError(why)
    expected = expected_cases(people[at_risk], lag, stop[at_risk], options.rates)
    page.add("number", options.source, {"estimate": expected})
    page.line("T-cell malignancy: standardised incidence ratio")
    method, ratio = RATIO.format(options.source), standardised_ratio(observed, expected)
    page.estimate("sir", method, ratio)
    page.line("Above the background")
    page.add("warning", TRIGGER, {"met": int(ratio.lower > 1)})


def expected_cases(
    people: pd.DataFrame, lag: int, stop: np.ndarray, rates: tuple[BackgroundRate, ...]
) -> float:
    """Return the cases expected at the background rates.

    Each subject's years at risk are shared out over the age bands of the rates; age is AGE at the
    start plus the time since infusion.
    """
    begin = people["AGE"].to_numpy(dtype=float) + lag / YEAR
    end = people["AGE"].to_numpy(dtype=float) + np.asarray(stop) / YEAR
    total = 0.0
    for rate in rates:
        years = np.minimum(end, rate.to_age) - np.maximum(begin, rate.from_age)
        mine = np.isin(people["SEX"].to_numpy(), [rate.sex]) if rate.sex else True
        total += float((np.maximum(years, 0) * mine).sum()) * rate.per_100000 / PER
    return total
