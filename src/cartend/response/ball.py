"""B-ALL: remission from marrow, blood, counts and extramedullary disease (specification 2.3)."""

import pandas as pd

from cartend.config.criteria_rules import BAll
from cartend.contract.terms.assessment import COMPONENT, COMPONENT_RESULT
from cartend.response.assessments import Assessments, Shown, decide
from cartend.response.limits import (
    ever_before,
    fall,
    holds,
    last_known,
    lowest_before,
    rise,
    surely,
)

GROUP = "ball"
"""The group of these components in the contract."""


def respond(found: Assessments, rules: BAll) -> pd.DataFrame:
    """Return the category of each assessment and what decides it.

    1. Free of blasts: marrow and blood within the limits, no extramedullary disease, CNS clear.
       With adequate cellularity and counts recovered CR, partly CRh, else CRi; with inadequate
       cellularity, or unknown cellularity beside counts not recovered, MLFS.
    2. After an earlier remission (marrow measured): relapse by any of marrow, blood, sites; where
       the marrow was not repeated, its last result stands (``marrow_carried``).
    3. Before one: progression by new extramedullary disease or rising blasts; PR; NR.
    """
    marrow, blood = found.number("BLASTBM"), found.number("BLASTPB")
    sites = _sites(found, rules)
    measured = _remission(found, rules, marrow, blood, sites, found.text("BMCELL"))
    remitted = ever_before(measured["any"], found.keys)
    carried = last_known(marrow, found.keys)
    use = marrow.where(marrow.notna() | ~(remitted & rules.marrow_carried), carried)
    cells = last_known(found.text("BMCELL"), found.keys)
    cells = found.text("BMCELL").where(marrow.notna() | ~remitted, cells)
    state = _remission(found, rules, use, blood, sites, cells)
    bad = _relapse(found, rules, remitted, use, blood, sites)
    bad += _progression(found, rules, ~remitted, marrow, blood, sites)
    seen = use.notna() & blood.notna()
    partial = seen & surely(use, rules.partial_marrow) & ~surely(use, rules.remission_marrow)
    partial &= surely(fall(use, found.base("BLASTBM")), rules.partial_fall) & ~sites["new"]
    partial &= ~(blood > 0) | (blood < found.base("BLASTPB"))
    rest = [
        Shown(state["CR"], "CR", "BLASTBM", "no blasts, counts recovered"),
        Shown(state["CRh"], "CRh", "BLASTBM", "no blasts, counts partly recovered"),
        Shown(state["CRi"], "CRi", "BLASTBM", state["short"]),
        Shown(state["MLFS"], "MLFS", "BLASTBM", "no blasts, marrow not shown to be adequate"),
        Shown(partial, "PR", "BLASTBM", "marrow blasts halved, not in remission"),
        Shown(seen, "NR", "BLASTBM", "blasts or disease outside the marrow remain"),
    ]
    out = decide(found, bad, rest, "NE")
    return out.assign(COMPLETE=_complete(found))


def _sites(found: Assessments, rules: BAll) -> pd.DataFrame:
    """Return whether disease outside the marrow is there, new, or excluded; last status stands."""
    status, cns = {}, {}
    for name, test in (("emd", "EMDRESP"), ("cns", "CNSSTAT")):
        now = last_known(found.text(test), found.keys)
        first = found.base_text(test)
        known = now.where(now.notna(), first)
        before = now.groupby(found.keys, sort=False).shift()
        status[name] = (known, before.where(before.notna(), first))
    emd, emd_before = status["emd"]
    cns, cns_before = status["cns"]
    present = emd.isin(COMPONENT_RESULT.group("disease"))
    return pd.DataFrame(
        {
            "emd": present,
            "new": emd.eq("NEW") | (present & emd_before.eq("ABSENT")),
            "cns": cns.eq("CNS3"),
            "cns_new": cns.eq("CNS3") & cns_before.notna() & cns_before.ne("CNS3"),
            "clear": ~present & (cns.isna() | cns.isin(rules.cns_free)),
        }
    )


def _remission(
    found: Assessments,
    rules: BAll,
    marrow: pd.Series,
    blood: pd.Series,
    sites: pd.DataFrame,
    cellularity: pd.Series,
) -> pd.DataFrame:
    """Return CR, CRh, CRi, MLFS, any (of the first three) and what kept a CRi from CR."""
    free = surely(marrow, rules.remission_marrow) & sites["clear"]
    free &= ~holds(blood, rules.circulating).fillna(True).astype(bool)
    counts = {name: found.number(name) for name in COMPONENT.group("counts")}
    if rules.counts_under_support == "accept":
        counts = {name: value.fillna(found.number(f"{name}SUP")) for name, value in counts.items()}
    full = {
        "neutrophils": surely(counts["NEUT"], rules.cr_neutrophils),
        "platelets": surely(counts["PLAT"], rules.cr_platelets),
    }
    recovered = full["neutrophils"] & full["platelets"]
    partly = surely(counts["NEUT"], rules.crh_neutrophils)
    partly &= surely(counts["PLAT"], rules.crh_platelets) & rules.crh
    adequate = cellularity.isin(rules.cellularity) | (cellularity.isna() & recovered)
    short = pd.Series("no blasts, platelets not recovered", index=found.index, dtype=object)
    short = short.mask(~full["neutrophils"], "no blasts, neutrophils not recovered")
    both = ~full["neutrophils"] & ~full["platelets"]
    short = short.mask(both, "no blasts, neutrophils and platelets not recovered")
    out = pd.DataFrame({"CR": free & adequate & recovered})
    out["CRh"] = free & adequate & partly & ~recovered
    out["CRi"] = free & adequate & ~partly & ~recovered
    out["MLFS"] = free & ~adequate
    return out.assign(any=free & adequate, short=short)


def _relapse(
    found: Assessments,
    rules: BAll,
    remitted: pd.Series,
    marrow: pd.Series,
    blood: pd.Series,
    sites: pd.DataFrame,
) -> list[Shown]:
    high, circulating = rules.relapse_marrow, rules.relapse_circulating
    return [
        Shown(
            remitted & surely(marrow, high),
            "RELAPSE",
            "BLASTBM",
            f"marrow blasts {high.text} % after remission",
            "MARROW",
        ),
        Shown(
            remitted & surely(blood, circulating),
            "RELAPSE",
            "BLASTPB",
            f"circulating blasts {circulating.text} % after remission",
            "MARROW",
        ),
        Shown(
            remitted & sites["emd"],
            "RELAPSE",
            "EMDRESP",
            "extramedullary disease after remission",
            "IMAGING",
        ),
        Shown(remitted & sites["cns"], "RELAPSE", "CNSSTAT", "CNS3 after remission", "CLINICAL"),
    ]


def _progression(
    found: Assessments,
    rules: BAll,
    before: pd.Series,
    marrow: pd.Series,
    blood: pd.Series,
    sites: pd.DataFrame,
) -> list[Shown]:
    signs = [
        Shown(before & sites["new"], "PD", "EMDRESP", "new extramedullary disease", "IMAGING"),
        Shown(before & sites["cns_new"], "PD", "CNSSTAT", "CNS3, not before", "CLINICAL"),
    ]
    for values, test, words in (
        (marrow, "BLASTBM", "marrow blasts rose from their lowest value"),
        (blood, "BLASTPB", "circulating blasts rose from their lowest value"),
    ):
        low = lowest_before(values, found.keys, found.base(test))
        grown = surely(rise(values, low), rules.progression_rise)
        grown &= surely(values - low, rules.progression_points)
        signs.append(Shown(before & grown, "PD", test, words, "MARROW"))
    return signs


def _complete(found: Assessments) -> pd.Series:
    there = pd.Series(True, index=found.index)
    for test in COMPONENT.group("blasts"):
        there &= found.number(test).notna()
    for test in COMPONENT.group("counts"):
        there &= found.number(test).notna() | found.number(f"{test}SUP").notna()
    for test in COMPONENT.group("status"):
        there &= found.text(test).notna()
    return there
