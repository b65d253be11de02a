"""The dated milestones of a subject: consent to infusion, re-infusion and crossover."""

import pandas as pd

from cartend.config.study import Study
from cartend.contract.datasets.subject import INFUSIONS, MILESTONE_DATE
from cartend.contract.records import has_role
from cartend.contract.terms.roles import ROLE
from cartend.subject.domains import DATE, first_by_subject
from cartend.subject.records import Domains, first_of_role, role_rows

SPLIT_DOSE_DAYS = 7
PRODUCT = ROLE.group("of_product")
"""The roles of records that only a subject meant to be infused has."""


def control_arm(dm: pd.DataFrame, study: Study) -> pd.Series:
    """Return, per USUBJID, whether the subject was assigned to a control arm."""
    controls = [code for code, arm in study.arms.items() if arm.role == "control"]
    return dm.set_index("USUBJID")["ARMCD"].isin(controls)


def without_product(dm: pd.DataFrame, study: Study, domains: Domains) -> pd.Series:
    """Return, per USUBJID, whether the product is not part of the subject's arm.

    That is so in a control arm, and in an arm of role ``other`` in which nobody has a
    leukapheresis or an infusion; an arm of that role may be another dose of the product.
    """
    arm = dm.set_index("USUBJID")["ARMCD"]
    others = [code for code, one in study.arms.items() if one.role == "other"]
    if not others:
        return control_arm(dm, study)
    treated = pd.concat([role_rows(domains, role, role)["USUBJID"] for role in PRODUCT])
    given = set(arm[arm.index.isin(treated)])
    return control_arm(dm, study) | (arm.isin(others) & ~arm.isin(given))


def not_given(ex: pd.DataFrame) -> pd.Series:
    """Return which records of EX are an infusion of dose 0, which nobody received (D46).

    A missing dose is a given one.
    """
    return has_role(ex, "infusion") & ex["EXDOSE"].eq(0)


def infusions(domains: Domains) -> pd.DataFrame:
    """Return the CAR-T infusions: USUBJID, ADT, ADTF, ADTLO, ADTHI, WHAT, CONFORM, NATREAS, SRC*.

    Records of the role decide; DM.RFXSTDTC stands in only where EX is absent entirely (D5).
    """
    ex, dm = domains["ex"], domains["dm"]
    rows = role_rows(
        {**domains, "ex": ex[~not_given(ex)]}, "infusion", "INFUSION", "CONFORM", "NATREAS"
    )
    if rows.empty and ex.empty:
        rows = dm.assign(SRCDOM="DM", SRCVAR="RFXSTDTC", SRCSEQ=1.0)
        rows = rows.assign(WHAT=None, CONFORM=None, NATREAS=None)
        rows = rows.rename(columns={"RFXSTDT_LO": "LO", "RFXSTDTF": "ADTF", "RFXSTDT_HI": "HI"})
    rows = rows.rename(columns={"LO": "ADT", "HI": "ADTHI"})
    rows = rows[rows["ADT"].notna()].assign(ADTLO=lambda frame: frame["ADT"])
    return rows[INFUSIONS].sort_values(["USUBJID", "ADT", "SRCSEQ"]).reset_index(drop=True)


def label_infusions(
    given: pd.DataFrame,
    control: pd.Series,
    randomised: pd.Series,
    crossover: str = "allowed",
) -> pd.DataFrame:
    """Return the infusions with KIND: INFUSION, REINFUSION, CROSSOVER, or None.

    1. In an arm that is no control the first record is the infusion, conforming or not (D15).
    2. A later one is a re-infusion, unless it lies within a week of the first: portions of one
       split dose are one infusion and carry no KIND of their own.
    3. After randomisation to a control arm the first one is the crossover (D15), later ones
       re-infusions; one on its day or before carries no KIND, nor any where the study says
       ``crossover: none`` (D40). No other arm has crossovers.
    """
    on_control = given["USUBJID"].map(control).eq(True)
    since = given["USUBJID"].map(randomised)
    counted = ~(on_control & ((given["ADT"] <= since) | (crossover == "none")))
    first = given["ADT"].where(counted).groupby(given["USUBJID"]).transform("min")
    days = (given["ADT"] - first).dt.days
    leading = counted & ~given.assign(out=~counted).duplicated(["USUBJID", "out"])
    kind = pd.Series(None, index=given.index, dtype=object)
    kind[leading] = on_control[leading].map({True: "CROSSOVER", False: "INFUSION"})
    kind[counted & (days > SPLIT_DOSE_DAYS)] = "REINFUSION"
    return given.assign(KIND=kind)


def derive_milestones(
    study: Study, domains: dict[str, pd.DataFrame], labelled: pd.DataFrame, cutoff: pd.Timestamp
) -> pd.DataFrame:
    """Return, per USUBJID of DM, RFICDT ENRLDT RANDDT LEUKDT LDDT TRTSDT INFDT2 XODT SOCSDT.

    SOCSDT is the first dose of the control treatment in an arm without the product.
    Lymphodepletion before a crossover belongs to the crossover: LDDT is blank in such an arm.
    What happened after the cut-off has not happened yet: a cut-off cuts by the date of the event,
    and such a date is blank (D51).
    """
    dm = domains["dm"]
    control = without_product(dm, study, domains)
    kinds = labelled.dropna(subset=["KIND"])
    by_kind = {kind: first_by_subject(rows, "ADT") for kind, rows in kinds.groupby("KIND")}
    again = kinds[kinds["KIND"].eq("REINFUSION") & kinds["USUBJID"].map(control).eq(False)]
    first = {
        date: first_of_role(domains, role).reindex(control.index)
        for role, date in MILESTONE_DATE.items()
    }
    out = pd.DataFrame(index=control.index)
    out["RFICDT"] = dm.set_index("USUBJID")["RFICDT_LO"].fillna(first["RFICDT"])
    for date in ("ENRLDT", "RANDDT", "LEUKDT"):
        out[date] = first[date]
    out["LDDT"] = first["LDDT"].where(~control)
    out["TRTSDT"] = by_kind.get("INFUSION")
    out["INFDT2"] = first_by_subject(again, "ADT")
    out["XODT"] = by_kind.get("CROSSOVER")
    out["SOCSDT"] = first["SOCSDT"].where(control)
    return out.astype(DATE).where(lambda dates: ~(dates > cutoff))
