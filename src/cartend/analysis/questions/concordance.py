"""R23: does the response that was reported follow from its components? Guideline lines 238-246.

Visits, not subjects, are counted: each visit of an evaluator that has both a reported response and
components. A visit that is not evaluable to one of the two counts as a category of its own.
"""

import numpy as np
import pandas as pd

from cartend.analysis.questions.entry import Entry
from cartend.analysis.questions.material import Material
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.contract.datasets.response import ADRS
from cartend.contract.datasets.subject import ADSL
from cartend.response.concordance import paired_visits
from cartend.stats.agreement import kappa

VISITS = "number of visits"
KAPPAS = {
    "unweighted": "Kappa",
    "linear": "Kappa, linear weights over the ranks, evaluable visits",
}
ENTRY = Entry(
    "concordance",
    "R23",
    "Reported response against its components",
    "Visits are counted, not subjects: those of an evaluator that have both a reported response "
    "and components.",
    {
        "agreement": "A visit that is not evaluable to one of the two counts as a category of its "
        "own, and is left out of the weighted kappa."
    },
    (ADSL, ADRS),
    exploratory=False,
)


def answer(material: Material, page: Page) -> None:
    """Write, per evaluator, agreement and the table of categories.

    Raises
    ------
    NotDerivableError
        Where the study has no component data.
    """
    adrs = material.tables("adrs")
    if "DECIDES" not in adrs or not adrs["PARAMCD"].eq("OVRALG").any():
        raise NotDerivableError("the data hold no components of the response")
    arms = material.adsl.set_index("USUBJID")["ARMCD"]
    both = paired_visits(adrs)
    both = both.assign(ARMCD=both["USUBJID"].map(arms))
    for evaluator in material.study.evaluators:
        rows = both[both["EVAL"].eq(evaluator)]
        page.run(f"{evaluator}: reported against algorithm", agreement, material, page, rows)
        crosstable(material, page, evaluator, rows)


def agreement(material: Material, page: Page, rows: pd.DataFrame) -> None:
    """Write the share of visits with the same category, and both kappas, pooled and per arm."""
    if rows.empty:
        raise NotDerivableError("no visit has both")
    order = [category.code for category in material.criteria.categories]
    unseen = material.criteria.codes("not_evaluable")
    ranked = [code for code in order if code not in unseen]
    for arm in dict.fromkeys(("", *material.arms)):
        chosen = rows[rows["ARMCD"].eq(arm)] if arm else rows
        same = chosen["REPORTED"].eq(chosen["ALGORITHM"])
        whole = chosen["COMPLETE"].eq("Y")
        page.line("Same category")
        page.add("agreement", VISITS, {"n": int(same.sum()), "N": len(chosen)}, arm=arm)
        page.line("Same category, every component there")
        counts = {"n": int((same & whole).sum()), "N": int(whole.sum())}
        page.add("agreement", VISITS, counts, arm=arm)
        evaluable = ~(chosen["REPORTED"].isin(unseen) | chosen["ALGORITHM"].isin(unseen))
        for weights, title in KAPPAS.items():
            used = chosen if weights == "unweighted" else chosen[evaluable]
            first, second = (used[name].to_numpy(dtype=str) for name in ("REPORTED", "ALGORITHM"))
            page.line(title)
            value = kappa(
                first,
                second,
                weights=weights,
                categories=ranked if weights != "unweighted" else None,
            )
            method = f"{value.method}; visits taken as independent"
            page.estimate("agreement", method, value, arm=arm)


def crosstable(material: Material, page: Page, evaluator: str, rows: pd.DataFrame) -> None:
    """Write, per reported category, how many visits the algorithm puts into each; rows add up."""
    order = [category.code for category in material.criteria.categories]
    for code in order:
        mine = rows[rows["REPORTED"].eq(code)]
        if mine.empty:
            continue
        page.section(f"{evaluator}: reported {code}, by the algorithm")
        found = mine["ALGORITHM"].value_counts()
        assert int(np.sum(found)) == len(mine)
        for other in (name for name in order if name in found):
            page.line(other)
            counts = {"n": int(found[other]), "N": len(mine)}
            page.add("agreement", VISITS, counts)
