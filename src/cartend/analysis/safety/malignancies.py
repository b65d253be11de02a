"""Second malignancies: incidence, rate, causality, triggers of stricter follow-up (R42-R45)."""

import numpy as np
import pandas as pd

from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.analysis.safety.lines import incidence_lines, share_line
from cartend.analysis.safety.subjects import Cohort
from cartend.stats.poisson import poisson_rate
from cartend.stats.results import Estimate
from cartend.subject.malignancy import CAUSALITY, NOT_EXCLUDED

RATE = "events per 100 person-years to the event, death or last contact; Garwood limits"
TRIGGER = "any T-cell malignancy that is not unlikely to come from the product"


def second_malignancies(cohort: Cohort, page: Page, adevt: pd.DataFrame) -> None:
    """Write first malignancies after the infusion, of any kind and of T cells.

    Raises
    ------
    NotDerivableError
        Where nobody was infused.
    """
    if not cohort.infused.any():
        raise NotDerivableError("nobody was infused")
    cases = malignancy_events(cohort, adevt)
    kinds = {
        "Any second malignancy": cases,
        "Without skin cancers that registries leave out": cases[~cases["SKIN"]],
        "T-cell malignancy": cases[cases["TCELLFL"].eq("Y")],
    }
    for label, part in kinds.items():
        page.run(label, _kind, cohort, page, part)
    page.run("Causality of T-cell malignancies, cases", _causality, cohort, page, cases)
    page.run("Triggers of stricter follow-up", _triggers, cohort, page, cases)


def malignancy_events(cohort: Cohort, adevt: pd.DataFrame) -> pd.DataFrame:
    """Return the second malignancies after the infusion: USUBJID ADT WHAT TCELLFL SPMCAUS SKIN.

    A malignancy known only from a death record has no class of causality but INDETERMINATE.
    """
    events = adevt[adevt["KIND"].eq("SECOND_MALIGNANCY")] if "KIND" in adevt else adevt
    key = ["USUBJID", "SRCDOM", "SRCSEQ"]
    facts = cohort.adae.loc[cohort.adae["SPMFL"].eq("Y"), [*key, "SPMTYPE", "TCELLFL", "SPMCAUS"]]
    columns = [*key, "ADT", "WHAT"]
    out = events.reindex(columns=columns).merge(facts.drop_duplicates(key), on=key, how="left")
    start = out["USUBJID"].map(pd.Series(cohort.start.to_numpy(), cohort.adsl["USUBJID"]))
    infused = set(cohort.adsl.loc[cohort.infused, "USUBJID"])
    out = out[out["USUBJID"].isin(infused) & (pd.to_datetime(out["ADT"]) >= start)]
    out["SKIN"] = out["SPMTYPE"].eq("SKIN").to_numpy(dtype=bool)
    return out.fillna({"TCELLFL": "N", "SPMCAUS": "INDETERMINATE"})


def _kind(cohort: Cohort, page: Page, cases: pd.DataFrame) -> None:
    first = cases.groupby("USUBJID")["ADT"].min()
    date = pd.to_datetime(cohort.adsl["USUBJID"].map(first))
    day = (date - cohort.start).dt.days.to_numpy(dtype=float) + 1
    day = np.where(day <= cohort.time, day, np.nan)
    hit = np.isfinite(day)
    for arm in cohort.arms:
        base = cohort.infused & cohort.of_arm(arm)
        if not base.any():
            continue
        page.line("Subjects")
        share_line(page, arm, hit, base)
        at_risk = np.where(hit, day, cohort.time)
        years = float(at_risk[base].sum()) / 365.25
        page.line("Rate per 100 person-years")
        rate = poisson_rate(int((hit & base).sum()), years / 100)
        page.estimate("rate", RATE, Estimate(rate.estimate, rate.lower, rate.upper), arm=arm)
        parts = (cohort.time[base], day[base], cohort.died[base])
        incidence_lines(page, "Cumulative incidence", arm, cohort.study.times, *parts)


def _causality(cohort: Cohort, page: Page, cases: pd.DataFrame) -> None:
    own = cases[cases["TCELLFL"].eq("Y")]
    for rule in CAUSALITY:
        page.line(f"{rule.code.capitalize()}: {rule.sentence}")
        n = int(own["SPMCAUS"].eq(rule.code).sum())
        page.tally(n, len(own), method="cases of T-cell malignancy")


def _triggers(cohort: Cohort, page: Page, cases: pd.DataFrame) -> None:
    own = cases[cases["TCELLFL"].eq("Y")]
    page.line("A T-cell malignancy whose cause is not excluded (R45)")
    met = int(own["SPMCAUS"].isin(NOT_EXCLUDED).any())
    page.add("warning", TRIGGER, {"met": met})
