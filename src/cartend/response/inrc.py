"""Neuroblastoma: primary, metastases, marrow and their combination by INRC 2017 (2.4)."""

import numpy as np
import pandas as pd

from cartend.config.criteria_rules import Inrc
from cartend.contract.terms.assessment import COMPONENT
from cartend.response.assessments import Assessments, Shown, decide
from cartend.response.lesions import (
    all_states,
    baseline_sum,
    lesion_nadir,
    short_axis,
    states_known,
    target_sum,
)
from cartend.response.limits import fall, lowest_before, rise, surely

GROUP = "inrc"
"""The group of these components in the contract."""
SCALES = COMPONENT.group("bone_scale")
NAMES = {"primary": "primary tumour", "metastases": "metastases", "marrow": "bone marrow"}


def respond(found: Assessments, rules: Inrc) -> pd.DataFrame:
    """Return the overall category of each assessment and what decides it.

    1. Each component: CR, PR, MD (marrow), SD, PD, NI (never involved), or missing.
    2. PD by any. 3. Not evaluable where an involved component is missing or none is involved.
    4. All CR: CR. MD with the rest CR: ``minimal_disease_with_complete``. PR with the rest CR, MD,
    PR: PR. CR or PR beside SD: MR. Else SD.
    """
    parts = {
        "primary": primary(found, rules),
        "metastases": metastases(found, rules),
        "marrow": marrow(found, rules),
    }
    code = pd.DataFrame({name: part["code"] for name, part in parts.items()})
    signs = [sign for part in parts.values() for sign in part["pd"]]
    involved = code.ne("NI").any(axis=1)
    missing = code.isna().any(axis=1)
    has = {name: code.eq(name).any(axis=1) for name in ("CR", "PR", "MD", "SD")}
    ready = involved & ~missing
    only_complete = ready & code.isin(["CR", "NI"]).all(axis=1)
    minimal = ready & has["MD"] & code.isin(["CR", "NI", "MD"]).all(axis=1)
    partial = ready & has["PR"] & ~has["SD"]
    minor = ready & (has["CR"] | has["PR"]) & has["SD"]
    said = _in_words(code)
    by = pd.Series("LDIAM", index=found.index).mask(code["marrow"].isin(["MD", "SD"]), "TUMCELBM")
    ordered = [
        (only_complete, "CR"),
        (minimal, rules.minimal_disease_with_complete),
        (partial, "PR"),
        (minor, "MR"),
        (ready, "SD"),
    ]
    rest = [
        Shown(holds_ & by.eq(test), name, test, said)
        for holds_, name in ordered
        for test in sorted(set(by))
    ]
    rest.append(Shown(missing & involved, "NE", "", said))
    out = decide(found, signs, rest, "NE")
    full = ready & parts["metastases"]["complete"] & parts["primary"]["complete"]
    return out.assign(COMPLETE=full)


def _in_words(code: pd.DataFrame) -> pd.Series:
    """Return the components ever involved with their categories: "marrow MD, metastases CR"."""
    said = pd.Series("", index=code.index, dtype=object)
    for name in code:
        part = NAMES[name] + " " + code[name].fillna("not assessed").astype(str)
        joined = (said + ", " + part).where(said.ne(""), part)
        said = said.where(code[name].eq("NI"), joined)
    return said


def primary(found: Assessments, rules: Inrc) -> dict:
    """Return the primary tumour: size by the longest diameter, uptake of MIBG or FDG."""
    lesions = found.lesions
    mine = lesions["KIND"].eq("PRIMARY")
    size, first = lesions["LDIAM"], lesions["LDIAM0"]
    low = lesion_nadir(found, size, first)
    grown = surely(rise(size, low), rules.progression_rise)
    grown &= surely(size - low, rules.progression_increase)
    avid = lesions["MIBG"].eq("AVID")
    unseen = lesions["MIBG"].isna() & ~lesions["MIBG0"].eq("NOT AVID")
    clear = surely(size, rules.resolved) & ~avid & ~unseen
    smaller = surely(fall(size, first), rules.partial_fall)
    value = pd.Series("SD", index=lesions.index, dtype=object)
    value = value.mask(smaller, "PR").mask(clear, "CR").mask(grown, "PD")
    value = value.where(size.notna())
    code = found.over_lesions(value, mine, "first").astype(object)
    code = code.mask(found.n_targets("PRIMARY").eq(0), "NI")
    sign = Shown(found.any_lesion(grown, mine), "PD", "LDIAM", "primary tumour grew", "IMAGING")
    return {"code": code, "pd": [sign], "complete": ~found.any_lesion(unseen, mine)}


def metastases(found: Assessments, rules: Inrc) -> dict:
    """Return soft-tissue and bone metastases: the worse of the two, new lesions before both."""
    soft, bone = _soft_tissue(found, rules), _bone(found, rules)
    new = found.any_lesion(found.lesions["SEEN"].notna(), found.lesions["KIND"].eq("NEW"))
    order = {"NI": 0, "CR": 1, "PR": 2, "SD": 3, "PD": 4}
    ranks = pd.DataFrame({"soft": soft["code"].map(order), "bone": bone["code"].map(order)})
    worst = ranks.max(axis=1, skipna=False)
    code = worst.map({rank: name for name, rank in order.items()}).astype(object)
    signs = [
        Shown(new, "PD", "SEEN", "new lesion", "IMAGING"),
        Shown(soft["code"].eq("PD"), "PD", "LDIAM", "soft-tissue lesions grew", "IMAGING"),
        Shown(bone["code"].eq("PD"), "PD", bone["scale"], bone["words"], "IMAGING"),
    ]
    split = [
        Shown(sign.holds & sign.test.eq(name), sign.code, name, sign.words, sign.basis)
        for sign in signs[2:]
        for name in SCALES
    ]
    return {"code": code, "pd": signs[:2] + split, "complete": soft["complete"]}


def _soft_tissue(found: Assessments, rules: Inrc) -> pd.DataFrame:
    lesions, targets = found.lesions, found.targets
    size = short_axis(lesions)
    total = target_sum(found, size)
    first = baseline_sum(found, short_axis(targets.assign(NODAL=targets["NODAL"]), ""))
    low = lowest_before(total, found.keys, first)
    target, other = lesions["KIND"].eq("TARGET"), lesions["KIND"].eq("NON-TARGET")
    grown = surely(rise(total, low), rules.progression_rise)
    grown &= surely(total - low, rules.progression_increase)
    grown |= found.any_lesion(lesions["TUMSTATE"].eq("UNEQUIVOCAL"), other)
    unseen = lesions["MIBG"].isna() & lesions["MIBG0"].eq("AVID")
    gone = surely(size, rules.resolved) & ~lesions["MIBG"].eq("AVID") & ~unseen
    number, rest = found.n_targets("TARGET"), found.n_targets("NON-TARGET")
    resolved = found.over_lesions(gone, target, "sum").fillna(0) >= number
    resolved &= all_states(found, "NON-TARGET", "ABSENT")
    known = (number.eq(0) | total.notna()) & states_known(found, "NON-TARGET")
    smaller = surely(fall(total, first), rules.partial_fall) | number.eq(0) & resolved
    code = pd.Series("SD", index=found.index, dtype=object)
    code = code.mask(smaller, "PR").mask(resolved, "CR")
    code = code.where(known).mask(number.eq(0) & rest.eq(0), "NI").mask(grown, "PD")
    return pd.DataFrame({"code": code, "complete": ~found.any_lesion(unseen, target)})


def _bone(found: Assessments, rules: Inrc) -> pd.DataFrame:
    """Return bone metastases by the score of the scale that the baseline used.

    A baseline score of 0 has no ratio: a later score above 0 is a new lesion. Another scale than
    at baseline is no result.
    """
    code = pd.Series("NI", index=found.index, dtype=object)
    scale = pd.Series("CURIE", index=found.index, dtype=object)
    words = pd.Series("", index=found.index, dtype=object)
    for name in reversed(SCALES):
        first, now = found.base(name), found.number(name)
        ratio = now / first.where(first > 0)
        value = pd.Series("SD", index=found.index, dtype=object)
        value = value.mask(surely(ratio, rules.partial_score), "PR").mask(now.eq(0), "CR")
        value = value.mask(surely(ratio, rules.progression_score), "PD")
        value = value.where(now.notna())
        value = value.mask(first.eq(0), "NI").mask(first.eq(0) & (now > 0), "PD")
        used = first.notna()
        code, scale = code.mask(used, value), scale.mask(used, name)
        told = f"{name} score {rules.progression_score.text} times the baseline"
        words = words.mask(used, told).mask(used & first.eq(0), f"{name} score above 0, baseline 0")
    return pd.DataFrame({"code": code, "scale": scale, "words": words})


def marrow(found: Assessments, rules: Inrc) -> dict:
    """Return the marrow: CR 0 %, MD up to the limit, PD from clear or by ratio and height."""
    now, first = found.number("TUMCELBM"), found.base("TUMCELBM")
    low = lowest_before(now, found.keys, first)
    ratio = (now / low.where(low > 0)).mask(low.eq(0) & (now > 0), np.inf)
    appeared = low.eq(0) & surely(now, rules.progression_marrow_clear)
    grown = surely(ratio, rules.progression_marrow_ratio)
    grown &= surely(now, rules.progression_marrow)
    value = pd.Series("SD", index=found.index, dtype=object)
    value = value.mask(surely(now, rules.minimal_marrow), "MD").mask(now.eq(0), "CR")
    value = value.mask(appeared | grown, "PD").where(now.notna())
    clear = first.eq(0) | first.isna()
    code = value.mask(clear & (now.isna() | now.eq(0)), "NI")
    signs = [
        Shown(appeared, "PD", "TUMCELBM", "marrow infiltrated after being clear", "MARROW"),
        Shown(grown, "PD", "TUMCELBM", "marrow infiltration more than doubled", "MARROW"),
    ]
    return {"code": code, "pd": signs}
