"""R29, R27: how MRD was measured, and what of it can be judged; guideline lines 266-281.

Samples after baseline are counted, not subjects, except in the section of thresholds: there a
subject is negative by any adequate sample from infusion (randomisation) on, before progression by
the primary evaluator and new therapy, as the endpoint counts it.
"""

import pandas as pd

from cartend.analysis.questions.entry import Entry
from cartend.analysis.questions.material import Material
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.contract.datasets.response import ADMRD, ADRS
from cartend.contract.datasets.subject import ADEVT, ADSL
from cartend.contract.terms.assessment import MRD_CALL, MRD_RESULT
from cartend.response.mrd import call_column
from cartend.stats.proportions import clopper_pearson

SAMPLES = "number of samples"
STATED = {
    "Specimen stated": "LBSPEC",
    "Method stated": "LBMETHOD",
    "Limit of detection stated": "LBLLOD",
    "Cells or genomes analysed stated": "MRDCELLS",
    "Haemodilution stated": "HEMODIL",
    "Trackable clone at baseline stated": "TRACKABL",
}
ENTRY = Entry(
    "mrd_assays",
    "R29",
    "Samples of minimal residual disease and their assays",
    "Samples after baseline are counted, not subjects, except by threshold, where the subjects "
    "are: {set}.",
    {
        "proportion": "Negative by a threshold: any adequate sample from the origin on, before "
        "progression by the primary evaluator and new therapy; Clopper-Pearson limits."
    },
    (ADSL, ADMRD, ADRS, ADEVT),
    exploratory=False,
)


def answer(material: Material, page: Page) -> None:
    """Write completeness, calls, reasons, assays, and negativity at each threshold.

    Raises
    ------
    NotDerivableError
        Where the study has no MRD sample.
    """
    admrd = material.tables("admrd")
    if "AVALC" not in admrd or admrd.empty:
        raise NotDerivableError("the data hold no MRD sample")
    arms = material.adsl.set_index("USUBJID")["ARMCD"]
    rows = admrd[admrd["LBBLFL"].ne("Y")]
    rows = rows.assign(ARMCD=rows["USUBJID"].map(arms))
    page.run("Completeness of the assay data", completeness, material, page, rows)
    page.run("Calls at the study's threshold", calls, material, page, rows)
    page.run("Why a sample is indeterminate", reasons, material, page, rows)
    page.run("Samples by method and specimen", assays, material, page, rows)
    page.run("Subjects negative, by threshold", thresholds, material, page, rows)
    page.run("Negative and yet detectable", detectable, material, page, rows)


def _tally(material: Material, page: Page, rows: pd.DataFrame, flag: pd.Series) -> None:
    """Write n of N samples into the open line, pooled and per arm."""
    for arm in dict.fromkeys(("", *material.arms)):
        chosen = rows["ARMCD"].eq(arm) if arm else rows["ARMCD"].eq(rows["ARMCD"])
        page.tally(int((flag & chosen).sum()), int(chosen.sum()), arm=arm, method=SAMPLES)


def completeness(material: Material, page: Page, rows: pd.DataFrame) -> None:
    """Write how many samples state each field of the assay."""
    done = rows[rows["CALLRS"].ne("not done")]
    for title, column in STATED.items():
        page.line(title)
        _tally(material, page, done, done[column].notna())
    page.line("Every field stated")
    _tally(material, page, done, done[list(STATED.values())].notna().all(axis=1))


def calls(material: Material, page: Page, rows: pd.DataFrame) -> None:
    """Write negative, positive and indeterminate samples; they add up to all."""
    for result in MRD_RESULT.group("called"):
        page.line(MRD_RESULT.label(result))
        _tally(material, page, rows, rows["AVALC"].eq(MRD_CALL.code(result)))


def reasons(material: Material, page: Page, rows: pd.DataFrame) -> None:
    """Write why samples are indeterminate; one with two shortcomings stands in both lines."""
    open_ = rows[rows["AVALC"].eq("INDETERMINATE")]
    if open_.empty:
        raise NotDerivableError("no sample is indeterminate")
    listed = open_["CALLRS"].str.split("; ")
    for why in sorted(set(listed.explode())):
        page.line(why[0].upper() + why[1:])
        _tally(material, page, open_, listed.map(lambda said, why=why: why in said))


def assays(material: Material, page: Page, rows: pd.DataFrame) -> None:
    """Write how many samples each method and specimen gave."""
    method = rows["LBMETHOD"].fillna("method not stated").str.lower()
    kind = method + ", " + rows["LBSPEC"].fillna("specimen not stated").str.lower()
    for name in sorted(kind.unique()):
        page.line(name)
        _tally(material, page, rows, kind.eq(name))


def thresholds(material: Material, page: Page, rows: pd.DataFrame) -> None:
    """Write, side by side, who was negative at each threshold, of everybody in the population."""
    members = material.members(material.study.population)
    usable = _counted(material, members, rows)
    for threshold in material.study.mrd.thresholds:
        column = call_column(threshold)
        if column not in rows:
            continue
        negative = set(usable.loc[usable[column].eq("NEG"), "USUBJID"])
        page.line(f"Negative below {threshold:g}")
        for arm in dict.fromkeys(("", *material.arms)):
            chosen = members[members["ARMCD"].eq(arm)] if arm else members
            n = int(chosen["USUBJID"].isin(negative).sum())
            value = clopper_pearson(n, len(chosen))
            counts = {"n": n, "N": len(chosen)}
            page.estimate("proportion", "Clopper-Pearson", value, arm=arm, counts=counts)


def detectable(material: Material, page: Page, rows: pd.DataFrame) -> None:
    """Write how many negative samples are detectable below the threshold (decision D52)."""
    negative = rows[rows["AVALC"].eq(MRD_CALL.code("NEGATIVE"))]
    page.line("Detectable below the threshold, of negative samples")
    _tally(material, page, negative, negative["DETBLFL"].eq("Y"))


def _counted(material: Material, members: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the samples per protocol of the members after the origin, to progression or therapy.

    What is assessed on the day of the origin or before it is baseline (decision D47).
    """
    subjects = members.set_index("USUBJID")
    origin = subjects["RANDDT" if material.randomised else "TRTSDT"]
    adrs, adevt = material.tables("adrs"), material.tables("adevt")
    bad = adrs["AVALC"].isin(material.criteria.codes("progression")) & adrs["ANL01FL"].eq("Y")
    bad &= adrs["EVAL"].eq(material.study.primary_evaluator)
    bad &= adrs["ADT"] > adrs["USUBJID"].map(origin)
    ends = [adrs[bad].groupby("USUBJID")["ADT"].min(), subjects["CUTDT"]]
    if "KIND" in adevt:
        started = adevt[adevt["KIND"].eq("NEW_THERAPY")]
        ends.append(started.groupby("USUBJID")["ADT"].min())
    end = pd.concat(ends, axis=1).min(axis=1)
    mine = rows[rows["USUBJID"].isin(subjects.index) & rows["ANL01FL"].eq("Y")]
    inside = mine["ADT"] > mine["USUBJID"].map(origin)
    return mine[inside & (mine["ADT"] <= mine["USUBJID"].map(end))]
