"""R17 to R19: bridging, its washout, the baseline after it, and who was not infused.

Of the leukapheresed subjects meant to be infused (guideline lines 185-208, specification 7.4).
Groups by bridging are described, never compared (D33).
"""

import numpy as np
import pandas as pd

from cartend.analysis.ard import ArdError
from cartend.analysis.questions.entry import Entry
from cartend.analysis.questions.material import Material
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.contract.datasets.response import ADRS
from cartend.contract.datasets.subject import ADBRDG, ADSL
from cartend.contract.terms.therapy import (
    WASHOUT,
    WASHOUT_FROM_WORST,
    WASHOUT_SUFFIX,
)

DESCRIBED = "median (minimum, maximum)"
VERDICTS = WASHOUT.group("verdict")
FLAGS = (("Y", "bridged"), ("N", "not bridged"))
REBASELINE = {
    "N": "assessed after the last bridging dose",
    "Y": "not assessed (REBASE_MISSING)",
    "UNKNOWN": "unknown, whether assessed after the last bridging dose",
}
AGAINST = {"original": "OVRALGB1", "new": "OVRALG"}
NOT_STATED = "not stated"
ENTRY = Entry(
    "bridging",
    "R17-R19",
    "Bridging, washout and new baseline",
    "Leukapheresed subjects meant to be infused.",
    {
        "described": "Of times: number of subjects; median (minimum, maximum).",
        "tally": "Washout runs from the last dose; without its date it is unknown, never kept. A "
        "subject stands once a class, with its worst record; who has no record under a limit, or "
        "did not come to the procedure, is not asked.",
    },
    (ADSL, ADBRDG, ADRS),
    exploratory=False,
)


def answer(material: Material, page: Page) -> None:
    """Write who was bridged and how, washout, new baseline, times, and losses by class."""
    page.each(material.intended, of_arm, material, page)


def of_arm(material: Material, page: Page, arm: str) -> None:
    """Write the answer for one arm, to which the page is then confined."""
    page.arm = arm
    adsl, records = subjects_and_records(material, page.arm)
    bridged = records[records["PHASE"].eq("BRIDGING")]
    page.run("Bridging", classes, material, page, adsl)
    page.run("Agents, subjects with any record", agents, page, adsl, bridged)
    for procedure, suffix in WASHOUT_SUFFIX.items():
        page.run(f"Washout to {procedure}", washout, page, adsl, records, suffix)
    page.run("Baseline after bridging", rebaseline, material, page, adsl)
    page.run("Response against each baseline, by algorithm", both_baselines, material, page, adsl)
    page.run("Times, median (minimum, maximum)", times, page, adsl)
    page.run("Infused or not, by bridging class", losses, material, page, adsl)


def subjects_and_records(material: Material, arm: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ADSL and ADBRDG of the leukapheresed subjects of an arm meant to be infused.

    Raises
    ------
    NotDerivableError
        Where the study brings no records of therapy, or ADSL does not class bridging.
    """
    records = material.tables("adbrdg")
    if not len(records):
        raise NotDerivableError("the study brings no records of therapy (ADBRDG)")
    adsl = material.members("LA")
    adsl = adsl[adsl["ARMCD"] == arm] if arm else adsl
    if not len(adsl) or "BRCLASS" not in adsl:
        raise NotDerivableError("no leukapheresed subject with a class of bridging")
    return adsl, records[records["USUBJID"].isin(adsl["USUBJID"])]


def parts(page: Page, head: str, masks: dict[str, pd.Series], total: int) -> None:
    """Write one line a part; the parts add up to the total."""
    counts = {name: int(mask.sum()) for name, mask in masks.items()}
    if sum(counts.values()) != total:
        raise ArdError(f"{page.name}: {head} counts {sum(counts.values())} subjects of {total}")
    for name, n in counts.items():
        page.line(f"{head}: {name}")
        page.tally(n, total, arm=page.arm)


def classes(material: Material, page: Page, adsl: pd.DataFrame) -> None:
    """Write the class of each subject (adding up to all) and the flags across classes."""
    arm, n = page.arm, len(adsl)
    page.line("Any bridging")
    page.tally(adsl["BRIDGEFL"].eq("Y").sum(), n, arm=arm)
    found = sorted(set(adsl["BRCLASS"]))
    masks = {class_name(material, code): adsl["BRCLASS"].eq(code) for code in found}
    parts(page, "Class", masks, n)
    for name, flag in {
        "Alkylator in any record": "BRALKFL",
        "IMiD in any record": "BRIMIDFL",
        "Same target as the product in any record": "BRSAMEFL",
    }.items():
        page.line(name)
        page.tally(adsl[flag].eq("Y").sum(), n, arm=arm)


def class_name(material: Material, code: str) -> str:
    """Return a class of bridging with its label."""
    return f"{code} {material.classes.get(code, '')}".strip()


def agents(page: Page, adsl: pd.DataFrame, bridged: pd.DataFrame) -> None:
    """Write in how many subjects each agent was given for bridging; they need not add up."""
    if not len(bridged):
        raise NotDerivableError("nobody was bridged")
    given = bridged.assign(WHAT=bridged["WHAT"].fillna(NOT_STATED)).groupby("WHAT")["USUBJID"]
    for what, n in given.nunique().items():
        page.line(str(what))
        page.tally(n, len(adsl), arm=page.arm)


def washout(page: Page, adsl: pd.DataFrame, records: pd.DataFrame, suffix: str) -> None:
    """Write, by rule and over all, in how many subjects the washout was kept, broken, unknown.

    A subject stands once a rule, with the worst of its records; who has no record under a limit,
    or did not come to the procedure, is not asked.
    """
    asked = records[records[f"WO{suffix}"].isin(VERDICTS)]
    if not len(asked):
        raise NotDerivableError("no record of therapy has a washout limit to this procedure")
    overall = adsl.set_index("USUBJID")[f"WASH{suffix}"]
    overall = overall[overall.isin(VERDICTS)]
    masks = {verdict.lower(): overall.eq(verdict) for verdict in VERDICTS}
    parts(page, "All therapies", masks, len(overall))
    rank = {verdict: -place for place, verdict in enumerate(WASHOUT_FROM_WORST)}
    asked = asked.assign(rank=asked[f"WO{suffix}"].map(rank))
    for (label, _), rows in asked.groupby([f"WO{suffix}DESC", f"WO{suffix}ID"], sort=True):
        worst = rows.groupby("USUBJID")["rank"].max()
        limit = f"{rows[f'{suffix}LIM'].min():g}"
        if rows[f"{suffix}LIM"].nunique() > 1:
            limit += f" to {rows[f'{suffix}LIM'].max():g}"
        masks = {verdict.lower(): worst.eq(rank[verdict]) for verdict in VERDICTS}
        parts(page, f"{label}, at least {limit} days", masks, len(worst))


def rebaseline(material: Material, page: Page, adsl: pd.DataFrame) -> None:
    """Write who was assessed after bridging, and the response to bridging in these."""
    asked = adsl[adsl["REBMISFL"].isin(REBASELINE)]
    if not len(asked):
        raise NotDerivableError("nobody who was bridged came to lymphodepletion or infusion")
    masks = {text: asked["REBMISFL"].eq(flag) for flag, text in REBASELINE.items()}
    parts(page, "Bridged, lymphodepleted or infused", masks, len(asked))
    seen = asked[asked["REBMISFL"].eq("N")]
    order = [category.code for category in material.criteria.categories]
    found = sorted(set(seen["REBRESP"].dropna()), key=order.index)
    masks = {code: seen["REBRESP"].eq(code) for code in found}
    masks["no category recorded"] = seen["REBRESP"].isna()
    parts(page, "Response to bridging, of these", masks, len(seen))
    page.line("In complete response before lymphodepletion, bridged or not")
    page.tally(adsl["REBCRFL"].eq("Y").sum(), len(adsl), arm=page.arm)


def both_baselines(material: Material, page: Page, adsl: pd.DataFrame) -> None:
    """Write who responds, before progression, against the baseline before bridging and the new one.

    Of the infused with both baselines and a category against each, by the primary evaluator.
    """
    found = material.tables("adrs")
    if "PARAMCD" not in found or not (found["PARAMCD"] == AGAINST["original"]).any():
        raise NotDerivableError(
            "the components of a response (LB, TR, RS) at both baselines are not in the data"
        )
    infused = adsl.set_index("USUBJID")["TRTSDT"].dropna()
    rows = found[found["EVAL"].eq(material.study.primary_evaluator)]
    rows = rows[rows["ADT"] >= rows["USUBJID"].map(infused)]
    answers = {name: responders(material, rows, code) for name, code in AGAINST.items()}
    both = pd.concat(answers, axis=1).dropna().astype(bool)
    original, new = both["original"], both["new"]
    masks = {
        "against both": original & new,
        "against the original baseline alone": original & ~new,
        "against the new baseline alone": new & ~original,
        "against neither": ~original & ~new,
    }
    parts(page, "Objective response", masks, len(both))


def responders(material: Material, rows: pd.DataFrame, code: str) -> pd.Series:
    """Return, per USUBJID with a row of that PARAMCD, whether it responded before progression.

    A category is that of the visit, before confirmation, against either baseline.
    """
    rows = rows[rows["PARAMCD"].eq(code) & rows["ADT"].notna()]
    said, sets = rows["AVALC"], material.criteria.codes
    if "VISRESP" in rows:
        said = rows["VISRESP"].where(rows["VISRESP"].notna(), said)
    first = rows[said.isin(sets("progression"))].groupby("USUBJID")["ADT"].min()
    before = ~(rows["ADT"] >= rows["USUBJID"].map(first))
    responded = before & said.isin(sets("response"))
    return responded.groupby(rows["USUBJID"]).any()


def times(page: Page, adsl: pd.DataFrame) -> None:
    """Write the days from leukapheresis to infusion, and the length of bridging."""
    bridged = adsl["BRIDGEFL"].eq("Y")
    described(page, "Leukapheresis to infusion (days)", adsl["LEUKINF"])
    for flag, text in FLAGS:
        days = adsl.loc[adsl["BRIDGEFL"].eq(flag), "LEUKINF"]
        described(page, f"Leukapheresis to infusion (days), {text}", days)
    described(page, "Bridging, first to last dose (days)", adsl.loc[bridged, "BRDUR"])
    described(page, "Starts of bridging (cycles)", adsl.loc[bridged, "BRNCYC"])
    described(page, "Records of bridging", adsl.loc[bridged, "BRNREC"])


def described(page: Page, text: str, values: pd.Series) -> None:
    """Write number, median and range into a line of its own."""
    known = values.dropna().to_numpy(dtype=float)
    page.line(text)
    found = {"estimate": None, "lower": None, "upper": None}
    if known.size:
        found = {"estimate": float(np.median(known)), "lower": known.min(), "upper": known.max()}
    values = {"n": int(known.size), **found}
    note = "" if known.size else "not estimable: no subjects"
    page.add("described", DESCRIBED, values, arm=page.arm, note=note)


def losses(material: Material, page: Page, adsl: pd.DataFrame) -> None:
    """Write, of each class of bridging, who was infused and why the others were not."""
    infused = adsl["INFFL"].eq("Y")
    why = adsl["NOTINFRS"].where(adsl["NOTINFRS"].notna(), NOT_STATED).str.lower()
    for code in sorted(set(adsl["BRCLASS"])):
        rows = adsl["BRCLASS"].eq(code)
        masks = {"infused": rows & infused}
        for reason in sorted(set(why[rows & ~infused])):
            masks[f"not infused, {reason}"] = rows & ~infused & why.eq(reason)
        parts(page, class_name(material, code), masks, int(rows.sum()))
