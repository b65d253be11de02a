"""Lymphoma: PET, CT and their combination by Lugano 2014 (specification 2.1)."""

import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.criteria_rules import Lugano
from cartend.contract.terms.assessment import COMPONENT, COMPONENT_RESULT
from cartend.response.assessments import Assessments, Shown, decide
from cartend.response.lesions import (
    all_states,
    baseline_sum,
    in_course,
    lesion_nadir,
    product,
    states_known,
    target_sum,
)
from cartend.response.limits import ever_before, fall, last_known, lowest_before, surely

GROUP = "lugano"
"""The group of these components in the contract."""


def respond(found: Assessments, rules: Lugano, criteria: Criteria) -> pd.DataFrame:
    """Return the category of each assessment and what decides it.

    1. PET decides where it is evaluable. 2. Else a progression of CT stands. 3. Else the pair rule
    ``when_leading_not_evaluable``: CT, NE, or the last PET category. 4. The marrow gate turns a
    complete response without the biopsy it asks for into a partial one.
    """
    pet, ct = pet_signs(found, rules), ct_signs(found, rules)
    marrow = marrow_state(found)
    gate = _gate(marrow, rules)
    evaluable = pet["code"].notna()
    way = criteria.pair.when_leading_not_evaluable if criteria.pair else "use_other"
    carried = last_known(pet["code"].where(~pet["code"].eq("PD")), found.keys)
    fallback = {
        "use_other": ct["code"],
        "not_evaluable": pd.Series(None, index=found.index, dtype=object),
        "carry_forward": carried.where(ct["code"].notna()),
    }[way]
    code = pet["code"].where(evaluable, fallback)
    words = pet["words"].where(evaluable, "no evaluable PET; CT: " + ct["words"])
    if way == "carry_forward":
        words = words.where(evaluable, "no evaluable PET: its last category, CT not progressed")
    test = pd.Series("LDIAM", index=found.index).mask(evaluable, "DEAUV")
    closed = code.eq("CR") & gate
    code, words = code.mask(closed, "PR"), words.mask(closed, "marrow gate: no negative biopsy")
    rest = [
        Shown(code.eq(name) & test.eq(by), name, by, words)
        for name in ("CR", "PR", "SD")
        for by in sorted(set(test))
    ]
    progression = [
        Shown(sign.holds & evaluable, "PD", sign.test, sign.words, "IMAGING") for sign in pet["pd"]
    ]
    progression += [
        Shown(sign.holds & ~evaluable, "PD", sign.test, sign.words, sign.basis) for sign in ct["pd"]
    ]
    out = decide(found, progression, rest, "NE")
    asked = found.day("DEAUV").notna() | found.text("FDGCHG").notna()
    return out.assign(COMPLETE=evaluable | (~asked & ct["complete"]))


def pet_signs(found: Assessments, rules: Lugano) -> dict:
    """Return ``code`` of PET (missing: not evaluable), ``words`` and its signs of progression.

    A site at 4 or 5 that was 1 to 3 before is a new or recurrent focus, not a reduction against
    baseline (trap of 2.1).
    """
    lesions = found.lesions
    score, marrow = found.number("DEAUV"), found.text("FDGBM")
    with_score = lesions["DEAUV"].notna()
    score = score.fillna(found.over_lesions(lesions["DEAUV"], with_score, "max"))
    low = surely(score, rules.complete_deauville)
    high = score.notna() & ~low
    first = found.base("DEAUV")
    cleared = ever_before(low, found.keys) | surely(first, rules.complete_deauville)
    site_low = surely(lesions["DEAUV"], rules.complete_deauville)
    site_cleared = ever_before(site_low, in_course(found))
    site_cleared |= surely(lesions["DEAUV0"], rules.complete_deauville)
    site_back = found.any_lesion(with_score & ~site_low & site_cleared)
    change = found.text("FDGCHG")
    signs = [
        (found.text("FDGNEW").eq("Y"), "FDGNEW", "new FDG-avid focus"),
        (marrow.eq("NEW"), "FDGBM", "new or recurrent FDG-avid marrow focus"),
        (high & change.eq("INCREASED"), "FDGCHG", "uptake 4-5, increased against baseline"),
        (high & cleared, "DEAUV", "uptake 4-5 after 1-3: recurrent focus"),
        (site_back, "DEAUV", "a lesion's uptake 4-5 after 1-3: recurrent focus"),
    ]
    progressed = pd.concat([sign[0] for sign in signs], axis=1).any(axis=1)
    residual = marrow.isin(COMPONENT_RESULT.group("residual"))
    code = pd.Series(None, index=found.index, dtype=object)
    code = code.mask(high & change.eq("UNCHANGED"), "SD")
    code = code.mask(high & change.eq("DECREASED"), "PR")
    code = code.mask(low, "CR").mask(low & residual, "PR")
    code = code.mask(low & marrow.eq("UNCHANGED"), "SD").mask(progressed, "PD")
    words = pd.Series("uptake 1-3 at all sites", index=found.index, dtype=object)
    words = words.mask(high, "uptake 4-5, reduced against baseline")
    words = words.mask(high & change.eq("UNCHANGED"), "uptake 4-5, unchanged")
    words = words.mask(low & residual, "uptake 1-3, but FDG-avid marrow remains")
    return {"code": code, "words": words, "pd": [Shown(h, "PD", t, w) for h, t, w in signs]}


def ct_signs(found: Assessments, rules: Lugano) -> dict:
    """Return code (missing: not evaluable), words, signs of progression and completeness of CT."""
    spleen, marrow = _spleen(found, rules), marrow_state(found)
    absent = all_states(found, "NON-TARGET", "ABSENT")
    unequivocal = found.any_lesion(
        found.lesions["TUMSTATE"].eq("UNEQUIVOCAL"), found.lesions["KIND"].eq("NON-TARGET")
    )
    signs = [
        Shown(_grown(found, rules), "PD", "LDIAM", "a target lesion grew from its nadir"),
        Shown(spleen["pd"], "PD", "SPLEEN", "spleen enlarged", "IMAGING"),
        Shown(_new_lesion(found, rules), "PD", "SEEN", "new lesion", "IMAGING"),
        Shown(unequivocal, "PD", "TUMSTATE", "clear progression of non-measured disease"),
        Shown(marrow["recurrent"], "PD", "BMBIOP", "new or recurrent marrow involvement", "MARROW"),
    ]
    progressed = pd.concat([sign.holds for sign in signs], axis=1).any(axis=1)
    total = target_sum(found, product(found))
    first = baseline_sum(found, found.targets["LDIAM"] * found.targets["PERP"])
    expected = found.n_targets("TARGET")
    done = total.notna() | (expected.eq(0) & states_known(found, "NON-TARGET")
                            & found.n_targets("NON-TARGET").gt(0))  # fmt: skip
    clear = _targets_normal(found, rules) | expected.eq(0)
    complete = done & clear & absent & spleen["normal"] & ~marrow["bar"]
    partial = done & spleen["regressed"]
    partial &= surely(fall(total, first), rules.partial_fall) | (expected.eq(0) & absent)
    code = pd.Series(None, index=found.index, dtype=object).mask(done, "SD")
    code = code.mask(partial, "PR").mask(complete, "CR").mask(progressed, "PD")
    words = pd.Series("target lesions not halved", index=found.index, dtype=object)
    words = words.mask(partial, "target lesions halved").mask(complete, "lesions and organs normal")
    known = states_known(found, "NON-TARGET") & spleen["known"]
    return {
        "code": code,
        "words": words,
        "pd": signs,
        "complete": progressed | (done & known & ~marrow["unknown"]),
    }


def _grown(found: Assessments, rules: Lugano) -> pd.Series:
    """Return whether a target lesion progressed: abnormal, product and one axis up from nadir."""
    lesions, area = found.lesions, product(found)
    nadir = lesion_nadir(found, area, product(found, "0"))
    smallest = lesion_nadir(found, lesions["LDIAM"], lesions["LDIAM0"])
    narrowest = lesion_nadir(found, lesions["PERP"], lesions["PERP0"])
    growth = pd.concat([lesions["LDIAM"] - smallest, lesions["PERP"] - narrowest], axis=1).max(
        axis=1
    )
    small = surely(smallest, rules.small_lesion)
    enough = surely(growth, rules.progression_large)
    enough |= small & surely(growth, rules.progression_small)
    ratio = (area / nadir.where(nadir > 0)).mask(nadir.eq(0) & (area > 0), float("inf"))
    grown = surely(lesions["LDIAM"], rules.progression_longest) & enough
    grown &= surely(ratio, rules.progression_product)
    return found.any_lesion(grown, lesions["KIND"].eq("TARGET"))


def _new_lesion(found: Assessments, rules: Lugano) -> pd.Series:
    """Return whether a new lesion is there: a node, or outside one, of its size, or unequivocal."""
    lesions = found.lesions
    size = lesions[list(COMPONENT.group("size"))].max(axis=1)
    large = (lesions["NODAL"] & surely(size, rules.new_node)) | (
        ~lesions["NODAL"] & surely(size, rules.new_extranodal)
    )
    unsized = size.isna() & lesions["SEEN"].notna()
    new = large | unsized | lesions["TUMSTATE"].eq("UNEQUIVOCAL")
    return found.any_lesion(new, lesions["KIND"].eq("NEW"))


def _targets_normal(found: Assessments, rules: Lugano) -> pd.Series:
    """Return whether every target node is of normal size and every extranodal target gone."""
    lesions = found.lesions
    node = lesions["NODAL"] & surely(lesions["LDIAM"], rules.complete_node)
    normal = node | (~lesions["NODAL"] & lesions["LDIAM"].eq(0))
    number = found.over_lesions(normal, lesions["KIND"].eq("TARGET"), "sum").fillna(0)
    expected = found.n_targets("TARGET")
    return (number >= expected) & (expected > 0)


def _spleen(found: Assessments, rules: Lugano) -> pd.DataFrame:
    """Return whether the spleen progressed, is normal, regressed enough, and is known (mm)."""
    length, first = found.number("SPLEEN"), found.base("SPLEEN")
    usual = rules.spleen_normal
    excess = (first - usual).where(first > usual)
    more = 100 * (length - first) / excess
    lowest = lowest_before(length, found.keys, first)
    again = (lowest <= usual) & (length > usual) & surely(length - lowest, rules.spleen_new)
    less = 100 * (first - length) / excess
    enlarged = excess.notna()
    return pd.DataFrame(
        {
            "pd": surely(more, rules.spleen_progression) | again,
            "normal": (length <= usual) | (length.isna() & ~enlarged),
            "regressed": ~enlarged | surely(less, rules.spleen_regression),
            "known": ~enlarged | length.notna(),
        }
    )


def marrow_state(found: Assessments) -> pd.DataFrame:
    """Return what biopsies say: positive or unknown at baseline, negative since, recurrent."""
    result, first = found.text("BMBIOP"), found.base_text("BMBIOP")
    stain, first_stain = found.text("BMSTAIN"), found.base_text("BMSTAIN")
    result = result.where(~(result.eq("INDETERMINATE") | result.isna()) | stain.isna(), stain)
    first = first.where(~first.eq("INDETERMINATE") | first_stain.isna(), first_stain)
    known = last_known(result, found.keys)
    negative = known.eq("NEGATIVE")
    before = ever_before(result.eq("NEGATIVE"), found.keys) | first.eq("NEGATIVE")
    positive = first.eq("POSITIVE")
    return pd.DataFrame(
        {
            "positive": positive,
            "unstated": first.isna() | first.eq("INDETERMINATE"),
            "negative": negative,
            "bar": positive & ~negative,
            "unknown": positive & known.isna(),
            "recurrent": result.eq("POSITIVE") & before,
        }
    )


def _gate(marrow: pd.DataFrame, rules: Lugano) -> pd.Series:
    """Return where a complete response is barred for want of a negative biopsy."""
    asked = {
        "never": marrow["positive"] & False,
        "positive": marrow["positive"],
        "positive_or_unknown": marrow["positive"] | marrow["unstated"],
    }[rules.marrow_gate]
    return asked & ~marrow["negative"]
