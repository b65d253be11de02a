"""R03 to R06, R48: each criterion of eligibility, and the agreement with the case report form.

Guideline lines 78-131; specification 1.2. In ARD a criterion is the ``level``, its verdict the
``event`` of analysis ``count``; they add up to all subjects.
"""

import numpy as np
import pandas as pd

from cartend.analysis.ard import Cell, Place
from cartend.analysis.questions.entry import Entry
from cartend.analysis.questions.material import Material
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.contract.datasets.subject import ADELIG, ADSL
from cartend.contract.terms.estimand import VERDICT
from cartend.stats.agreement import kappa

SUBJECTS = "number of subjects"
KAPPA = "Cohen's kappa, unweighted, of the subjects that both judge"
SECTION = "01 Criteria"
ENTRY = Entry(
    "eligibility",
    "R03-R06",
    "Who may enter, by criterion",
    "Judged by the rules from the records of prior therapy and the baseline facts. Cannot be "
    "judged: a value is missing, or a partial date may lie on either side of the limit. A part is "
    "indented under the criterion that it belongs to; criteria marked (reported) do not decide "
    "eligibility.",
    {
        "agreement": "Agreement: subjects with the same answer in the case report form, of those "
        "that both judge; kappa is Cohen's, unweighted."
    },
    (ADSL, ADELIG),
    exploratory=False,
)


def answer(material: Material, page: Page) -> None:
    """Write the verdicts of every criterion, over all subjects and per arm.

    Raises
    ------
    NotDerivableError
        Where the study names no rules of eligibility, or brings no records of prior therapy.
    """
    if material.study.eligibility is None:
        raise NotDerivableError("the study names no rules of eligibility")
    judged = material.tables("adelig")
    members = population(material)
    judged = judged[judged["USUBJID"].isin(members["USUBJID"])]
    if not len(judged):
        raise NotDerivableError("no subject was judged (ADELIG)")
    for arm in dict.fromkeys(("", *material.arms)):
        rows = judged[judged["ARMCD"] == arm] if arm else judged
        for (order, name), part in rows.groupby(["CRITORD", "CRITID"], sort=True):
            place = Place(page.name, arm=arm, by=SECTION, level=f"{order + 1:02d} {name}")
            criterion(page.at(place), part)


def population(material: Material) -> pd.DataFrame:
    """Return the randomised, in a single-arm trial the leukapheresed subjects (1.1, R03)."""
    return material.members("RAND" if material.randomised else "LA")


def criterion(cell: Cell, rows: pd.DataFrame) -> None:
    """Write the verdicts of one criterion, and how they agree with the case report form."""
    for verdict in VERDICT:
        n = int(rows["AVALC"].eq(verdict).sum())
        cell.add("count", SUBJECTS, {"n": n, "N": len(rows)}, event=verdict)
    if rows["CRFTEST"].isna().all():
        return
    said = rows["CRFAVALC"]
    for verdict in VERDICT:
        for flag in VERDICT.group("judged"):
            n = int((rows["AVALC"].eq(verdict) & said.eq(flag)).sum())
            values = {"n": n, "N": len(rows)}
            cell.add("cross", SUBJECTS, values, event=f"{verdict}; case report form {flag}")
    n = int(said.isna().sum())
    cell.add("cross", SUBJECTS, {"n": n, "N": len(rows)}, event="case report form blank")
    both = rows["AVALC"].ne("CANNOT BE JUDGED") & said.notna()
    first, second = (rows.loc[both, c].to_numpy().astype(str) for c in ("AVALC", "CRFAVALC"))
    agreed = int(np.sum(first == second))
    cell.add("agreement", KAPPA, {"n": agreed, "N": int(both.sum())})
    found = kappa(first, second)
    cell.add("agreement", KAPPA, {"kappa": found.estimate}, note=found.note)
