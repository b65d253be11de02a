"""Myeloma: the response of a visit from M-protein, light chains, marrow and lesions (2.2)."""

from dataclasses import dataclass
from enum import IntEnum

import pandas as pd

from cartend.config.criteria_rules import Imwg
from cartend.contract.terms.assessment import COMPONENT_RESULT
from cartend.response.assessments import Assessments, Shown, decide
from cartend.response.lesions import (
    baseline_sum,
    lesion_nadir,
    product,
    target_sum,
)
from cartend.response.limits import fall, holds, last_known, lowest_before, rise, surely

GROUP = "imwg"
"""The group of these components in the contract."""


class Level(IntEnum):
    """The levels of a response by their place, the best first; each implies the next."""

    sCR = 0  # noqa: N815  as IMWG writes it
    CR = 1
    VGPR = 2
    PR = 3
    MR = 4
    SD = 5


LEVELS = [level.name for level in Level]


@dataclass(frozen=True)
class Measured:
    """The parameters of each assessment in g/dL, mg/24h, mg/L and %, and their baseline.

    A negative immunofixation stands for an M-protein of 0 that was not measured. ``leading`` is
    the first measurable of serum, urine, light chain, marrow, lesion (blank: none); ``chain`` is
    dFLC, involved less uninvolved, the involved one that of the baseline.
    """

    serum: pd.Series
    urine: pd.Series
    chain: pd.Series
    marrow: pd.Series
    serum0: pd.Series
    urine0: pd.Series
    chain0: pd.Series
    marrow0: pd.Series
    ratio: pd.Series
    leading: pd.Series
    with_serum: pd.Series
    with_urine: pd.Series


def respond(found: Assessments, rules: Imwg) -> pd.DataFrame:
    """Return the category of each assessment, before confirmation, and what decides it.

    1. Progression by any parameter against its lowest confirmed value, or by a lesion.
    2. Else the best level that no required parameter denies; where a test it needs is missing,
       one level lower (``missing_test``).
    3. Not evaluable where the leading measurable parameter is missing.
    """
    m = measured(found, rules)
    levels = response_levels(found, rules, m)
    claimed, final = _best_level(levels)
    lowered = claimed < final
    leading = _leading_known(found, m)
    if rules.missing_test == "not_evaluable":
        leading &= ~lowered
    words = _words(found, m, claimed, lowered)
    test = m.leading.map(
        {"serum": "MPROTS", "urine": "MPROTU", "chain": "FLCK", "marrow": "PLSMCELL"}
    )
    test = test.fillna("LDIAM")
    rest = [
        Shown(leading & final.eq(number) & test.eq(by), code, by, words)
        for number, code in enumerate(LEVELS)
        for by in sorted(set(test))
    ]
    progression = progression_signs(found, rules, m)
    out = decide(found, progression, rest, "NE")
    bad = out["AVALC"].eq("PD")
    return out.assign(COMPLETE=bad | (leading & ~lowered))


def measured(found: Assessments, rules: Imwg) -> Measured:
    """Return the parameters of each assessment and what is measurable at baseline."""
    serum, urine = found.number("MPROTS"), found.number("MPROTU")
    serum = serum.mask(serum.isna() & found.text("IFIXS").eq("NEGATIVE"), 0.0)
    urine = urine.mask(urine.isna() & found.text("IFIXU").eq("NEGATIVE"), 0.0)
    kappa0, lambda0 = found.base("FLCK"), found.base("FLCL")
    low, high = rules.ratio_normal
    ratio0 = kappa0 / lambda0.where(lambda0 > 0)
    sign = pd.Series(0.0, index=found.index).mask(ratio0 > high, 1.0).mask(ratio0 < low, -1.0)
    sign = sign.mask(lambda0.eq(0) & (kappa0 > 0), 1.0)
    kappa, lambda_ = found.number("FLCK"), found.number("FLCL")
    involved0 = kappa0.where(sign > 0, lambda0)
    with_serum = surely(found.base("MPROTS"), rules.measurable_serum)
    with_urine = surely(found.base("MPROTU"), rules.measurable_urine)
    with_chain = sign.ne(0) & surely(involved0, rules.measurable_light_chain)
    with_marrow = surely(found.base("PLSMCELL"), rules.measurable_marrow)
    leading = pd.Series("", index=found.index, dtype=object)
    leading = leading.mask(found.n_targets("TARGET") > 0, "lesion").mask(with_marrow, "marrow")
    leading = leading.mask(with_chain, "chain").mask(with_urine, "urine")
    return Measured(
        serum=serum,
        urine=urine,
        chain=(sign * (kappa - lambda_)).where(sign.ne(0)),
        marrow=found.number("PLSMCELL"),
        serum0=found.base("MPROTS"),
        urine0=found.base("MPROTU"),
        chain0=(sign * (kappa0 - lambda0)).where(sign.ne(0)),
        marrow0=found.base("PLSMCELL"),
        ratio=kappa / lambda_.where(lambda_ > 0),
        leading=leading.mask(with_serum, "serum"),
        with_serum=with_serum,
        with_urine=with_urine,
    )


def _leading_known(found: Assessments, m: Measured) -> pd.Series:
    known = {"serum": m.serum, "urine": m.urine, "chain": m.chain, "marrow": m.marrow}
    there = m.leading.eq("lesion") & _plasmacytoma_fall(found).notna()
    for name, value in known.items():
        there |= m.leading.eq(name) & value.notna()
    return there


def response_levels(found: Assessments, rules: Imwg, m: Measured) -> pd.DataFrame:
    """Return, per level, True, False or NA (a test it needs is missing); each implies the next.

    Only what is measurable at baseline is asked to fall; another parameter that was measured must
    still be within the level's bound.
    """
    shrunk, lesions = _plasmacytoma_fall(found), found.n_targets("TARGET") > 0
    serum, urine = fixation(found.text("IFIXS"), m.serum), fixation(found.text("IFIXU"), m.urine)
    negative = _negative(serum) & _negative(urine)
    low, high = rules.ratio_normal
    ratio = m.ratio.between(low, high).astype("boolean").mask(m.ratio.isna())
    marrow = holds(last_known(m.marrow, found.keys), rules.complete_marrow)
    clonal = _negative(last_known(found.text("CLONALPC"), found.keys))
    gone = _asked(lesions, _lesions_gone(found))
    complete = negative & marrow & gone & _asked(m.leading.eq("chain"), ratio)
    only_fixed = m.serum.eq(0) & m.urine.eq(0)
    levels = {
        "very_good": _m_protein(m, rules.very_good_serum, None, rules.very_good_urine),
        "partial": _m_protein(
            m, rules.partial_serum, rules.partial_urine_fall, rules.partial_urine
        ),
        "minimal": _m_protein(m, rules.minimal_serum, rules.minimal_urine, None),
    }
    levels["very_good"] = levels["very_good"] | only_fixed.astype("boolean")
    other = {
        "very_good": (rules.very_good_light_chain, None),
        "partial": (rules.partial_light_chain, rules.partial_marrow),
        "minimal": (rules.partial_light_chain, rules.partial_marrow),
    }
    out = pd.DataFrame(index=found.index)
    out["SD"] = pd.Series(True, index=found.index, dtype="boolean")
    below = out["SD"]
    names = {"minimal": "MR", "partial": "PR", "very_good": "VGPR"}
    for name, code in names.items():
        chain, cells = other[name]
        value = levels[name].mask(m.leading.eq("chain"), holds(fall(m.chain, m.chain0), chain))
        by_marrow = m.leading.eq("marrow")
        reached = False if cells is None else holds(fall(m.marrow, m.marrow0), cells)
        value = value.mask(by_marrow, reached)
        value = value.mask(m.leading.eq("lesion"), True)
        limit = getattr(rules, f"{name}_plasmacytoma")
        value = value & _asked(lesions, holds(shrunk, limit)) & below
        out[code], below = value, value
    # What is not measurable by fall at baseline (marrow, lesions alone) can still be gone.
    alone = m.leading.isin(["marrow", "lesion"])
    out["CR"] = complete & below.mask(alone, out["PR"])
    out["sCR"] = out["CR"] & ratio & clonal
    return out[LEVELS]


def _m_protein(m: Measured, serum, urine_fall, urine_level) -> pd.Series:
    """Return whether serum and urine M-protein reached a level; urine by fall or by amount."""
    by_serum = _asked(m.with_serum, holds(fall(m.serum, m.serum0), serum))
    options = []
    if urine_fall is not None:
        options.append(holds(fall(m.urine, m.urine0), urine_fall))
    if urine_level is not None:
        options.append(holds(m.urine, urine_level))
    by_urine = options[0] if len(options) == 1 else options[0] | options[1]
    also = m.with_urine
    if urine_level is not None:
        also = also | m.urine.notna()
    return by_serum & _asked(also, by_urine)


def _asked(asked: pd.Series, value: pd.Series) -> pd.Series:
    """Return the value where it is asked for, True elsewhere."""
    return value.astype("boolean").mask(~asked.astype(bool), True)


def fixation(text: pd.Series, amount: pd.Series) -> pd.Series:
    """Return the immunofixation; where it was not done, a measurable M-protein is positive."""
    return text.mask(text.isna() & (amount > 0), "POSITIVE")


def _negative(text: pd.Series) -> pd.Series:
    return text.eq("NEGATIVE").astype("boolean").mask(~text.isin(COMPONENT_RESULT.group("settled")))


def _plasmacytoma_fall(found: Assessments) -> pd.Series:
    """Return the fall of the summed products of plasmacytomas in %, the last one measured."""
    total = last_known(target_sum(found, product(found)), found.keys)
    first = baseline_sum(found, found.targets["LDIAM"] * found.targets["PERP"])
    return fall(total, first)


def _lesions_gone(found: Assessments) -> pd.Series:
    total = last_known(target_sum(found, product(found)), found.keys)
    return total.eq(0).astype("boolean").mask(total.isna())


def _best_level(levels: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the place of the level claimed (best not denied), and of the level given.

    A claimed level that lacks a test gives the next lower one. A complete response, which asks for
    more tests than the levels below, is claimed only above a level that is established.
    """
    last = len(LEVELS) - 1
    met = pd.Series(last, index=levels.index)
    claimed = met.copy()
    for number in range(last, 1, -1):
        value = levels[LEVELS[number]]
        met = met.mask(value.fillna(False).astype(bool), number)
        claimed = claimed.mask(value.fillna(True).astype(bool), number)
    given = met.where(claimed.eq(met), claimed + 1)
    settled = claimed.eq(met) & met.isin([2, 3])
    for number in (1, 0):
        value = levels[LEVELS[number]]
        settled &= value.isna() | value.fillna(True).astype(bool)
        if number == 0:
            settled &= given.eq(1)
        claimed = claimed.mask(settled, number)
        given = given.mask(settled & value.fillna(False).astype(bool), number)
    return claimed, given


def _words(found: Assessments, m: Measured, place: pd.Series, lowered: pd.Series) -> pd.Series:
    """Return what decides: the level reached and its leading parameter, or the missing test."""
    names = {"serum": "serum M-protein", "urine": "urine M-protein", "chain": "free light chains",
             "marrow": "marrow plasma cells", "lesion": "plasmacytomas"}  # fmt: skip
    level = place.map(dict(enumerate(LEVELS)))
    words = level + " by " + m.leading.map(names).fillna("nothing measurable")
    words = words.mask(place.le(1), level + ": immunofixation negative, marrow and lesions clear")
    tests = {
        "IFIXS": found.text("IFIXS"),
        "IFIXU": found.text("IFIXU"),
        "PLSMCELL": last_known(m.marrow, found.keys),
        "MPROTU": m.urine.where(m.with_urine, 0.0),
        "light chain ratio": m.ratio,
        "CLONALPC": last_known(found.text("CLONALPC"), found.keys),
        "plasmacytomas": _plasmacytoma_fall(found).where(found.n_targets("TARGET") > 0, 0.0),
    }
    absent = pd.Series("", index=found.index, dtype=object)
    for name, value in tests.items():
        if name in ("light chain ratio", "CLONALPC"):
            here = value.isna() & level.eq("sCR")
        elif name in ("MPROTU", "plasmacytomas"):
            here = value.isna()
        else:
            here = value.isna() & place.le(1)
        absent = absent.mask(here, absent.where(absent.eq(""), absent + ", ") + name)
    return words.mask(lowered, level + " lacks " + absent + ": one level down")


def confirmed_nadir(values: pd.Series, first: pd.Series, keys: list[pd.Series]) -> pd.Series:
    """Return the lowest confirmed value before each row: reached at two consecutive measurements.

    The baseline counts as confirmed. Rows without a measurement are looked through.
    """
    known = values[values.notna()]
    groups = [key[known.index] for key in keys]
    before = known.groupby(groups, sort=False).shift().fillna(first[known.index])
    both = pd.concat([known, before], axis=1).max(axis=1, skipna=False).reindex(values.index)
    return lowest_before(both, keys, first)


def progression_signs(found: Assessments, rules: Imwg, m: Measured) -> list[Shown]:
    """Return the signs of progression against the lowest confirmed value, and by lesions."""
    nothing = ~(m.with_serum | m.with_urine)
    no_protein = nothing & m.leading.ne("")
    unmeasured = m.leading.isin(["marrow", "lesion", ""])
    nadir = {
        name: confirmed_nadir(value, first, found.keys)
        for name, value, first in (
            ("serum", m.serum, m.serum0),
            ("urine", m.urine, m.urine0),
            ("chain", m.chain, m.chain0),
            ("marrow", m.marrow, m.marrow0),
        )
    }
    pc, pc0 = found.number("PLSMCEPB"), found.base("PLSMCEPB")
    pc_low = confirmed_nadir(pc, pc0, found.keys)

    def grown(value: pd.Series, low: pd.Series, limit) -> pd.Series:
        return surely(rise(value, low), limit)

    high = surely(nadir["serum"], rules.high_nadir)
    more = m.serum - nadir["serum"]
    enough = surely(more, rules.progression_serum_high) | (
        ~high & surely(more, rules.progression_serum)
    )
    up = rules.progression_rise
    serum = grown(m.serum, nadir["serum"], up) & enough
    urine = grown(m.urine, nadir["urine"], up)
    urine &= surely(m.urine - nadir["urine"], rules.progression_urine)
    chain = nothing & grown(m.chain, nadir["chain"], up)
    chain &= surely(m.chain - nadir["chain"], rules.progression_light_chain)
    marrow = unmeasured & grown(m.marrow, nadir["marrow"], up)
    marrow &= surely(m.marrow - nadir["marrow"], rules.progression_marrow)
    blood = no_protein & unmeasured & grown(pc, pc_low, rules.progression_circulating_rise)
    blood &= surely(pc, rules.progression_circulating)
    new = found.any_lesion(found.lesions["SEEN"].notna(), found.lesions["KIND"].eq("NEW"))
    said = "rose from its lowest confirmed value"
    return [
        Shown(serum, "PD", "MPROTS", f"serum M-protein {said}", "SERUM"),
        Shown(urine, "PD", "MPROTU", f"urine M-protein {said}", "URINE"),
        Shown(chain, "PD", "FLCK", f"dFLC {said}", "SERUM"),
        Shown(marrow, "PD", "PLSMCELL", f"marrow plasma cells {said}", "MARROW"),
        Shown(blood, "PD", "PLSMCEPB", "circulating plasma cells rose", "SERUM"),
        Shown(new, "PD", "SEEN", "new plasmacytoma or bone lesion", "IMAGING"),
        Shown(_lesion_grew(found, rules), "PD", "LDIAM", "a plasmacytoma grew", "IMAGING"),
    ]


def _lesion_grew(found: Assessments, rules: Imwg) -> pd.Series:
    """Return whether the products of several lesions, or one lesion's diameter, rose enough."""
    lesions = found.lesions
    total = target_sum(found, product(found))
    first = baseline_sum(found, found.targets["LDIAM"] * found.targets["PERP"])
    low = lowest_before(total, found.keys, first)
    several = found.n_targets("TARGET") > 1
    by_sum = several & surely(rise(total, low), rules.progression_lesion) & (total > 0)
    least = lesion_nadir(found, lesions["LDIAM"], lesions["LDIAM0"])
    wide = surely(lesions["PERP"], rules.progression_lesion_axis)
    longer = wide & surely(rise(lesions["LDIAM"], least), rules.progression_lesion)
    return by_sum | found.any_lesion(longer, lesions["KIND"].eq("TARGET"))
