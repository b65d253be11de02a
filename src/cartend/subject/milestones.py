"""The dated milestones of a subject: consent to infusion, re-infusion and crossover."""

import pandas as pd

from cartend.config.study import Study
from cartend.subject.domains import DATE, first_by_subject, upper, words

CAR_T = "CAR-T INFUSION"
LYMPHODEPLETION = "LYMPHODEPLETION"
LEUKAPHERESIS = "LEUKAPHERESIS"
STANDARD_OF_CARE = "STANDARD OF CARE"
SPLIT_DOSE_DAYS = 7


def control_arm(dm: pd.DataFrame, study: Study) -> pd.Series:
    """Return, per USUBJID, whether the subject was assigned to a control arm."""
    controls = [code for code, arm in study.arms.items() if arm.role == "control"]
    return dm.set_index("USUBJID")["ARMCD"].isin(controls)


def disposition_date(ds: pd.DataFrame, *decods: str) -> pd.Series:
    """Return, per USUBJID, the first date of the disposition records with these DSDECOD."""
    return first_by_subject(ds[upper(ds["DSDECOD"]).isin(decods)], "DSSTDT_LO")


def infusions(ex: pd.DataFrame, dm: pd.DataFrame) -> pd.DataFrame:
    """Return the CAR-T infusions: USUBJID, ADT, ADTF, ADTLO, ADTHI, WHAT, CONFORM, NATREAS, SRC*.

    EX decides; DM.RFXSTDTC stands in only where EX is absent entirely (D5).
    """
    if len(ex):
        rows = ex[upper(ex["EXCAT"]).eq(CAR_T)]
        rows = rows.assign(SRCDOM="EX", SRCVAR="EXSTDTC", stem="EXST")
        names = {"EXSTDT_LO": "ADT", "EXSTDTF": "ADTF", "EXSTDT_HI": "ADTHI", "EXTRT": "WHAT"}
        rows = rows.rename(columns=names | {"EXSEQ": "SRCSEQ"})
    else:
        rows = dm.assign(SRCDOM="DM", SRCVAR="RFXSTDTC", SRCSEQ=1.0, WHAT=None)
        rows = rows.assign(CONFORM=None, NATREAS=None)
        rows = rows.rename(columns={"RFXSTDT_LO": "ADT", "RFXSTDTF": "ADTF", "RFXSTDT_HI": "ADTHI"})
    rows = rows[rows["ADT"].notna()].assign(ADTLO=lambda frame: frame["ADT"])
    columns = words("USUBJID ADT ADTF ADTLO ADTHI WHAT CONFORM NATREAS SRCDOM SRCVAR SRCSEQ")
    return rows[columns].sort_values(["USUBJID", "ADT", "SRCSEQ"]).reset_index(drop=True)


def label_infusions(given: pd.DataFrame, control: pd.Series, randomised: pd.Series) -> pd.DataFrame:
    """Return the infusions with KIND: INFUSION, REINFUSION, CROSSOVER, or None.

    1. In an experimental arm the first record is the infusion, conforming or not (D15).
    2. A later one is a re-infusion, unless it lies within a week of the first: portions of one
       split dose are one infusion and carry no KIND of their own.
    3. After randomisation to a control arm the first one is the crossover (D15), later ones
       re-infusions; one before randomisation is prior therapy and carries no KIND.
    """
    on_control = given["USUBJID"].map(control).eq(True)
    since = given["USUBJID"].map(randomised)
    counted = ~(on_control & (given["ADT"] < since))
    first = given["ADT"].where(counted).groupby(given["USUBJID"]).transform("min")
    days = (given["ADT"] - first).dt.days
    leading = counted & ~given.assign(out=~counted).duplicated(["USUBJID", "out"])
    kind = pd.Series(None, index=given.index, dtype=object)
    kind[leading] = on_control[leading].map({True: "CROSSOVER", False: "INFUSION"})
    kind[counted & (days > SPLIT_DOSE_DAYS)] = "REINFUSION"
    return given.assign(KIND=kind)


def derive_milestones(
    study: Study, domains: dict[str, pd.DataFrame], labelled: pd.DataFrame
) -> pd.DataFrame:
    """Return, per USUBJID of DM, RFICDT ENRLDT RANDDT LEUKDT LDDT TRTSDT INFDT2 XODT SOCSDT.

    SOCSDT is the first dose of the control treatment in a control arm. Lymphodepletion before a
    crossover belongs to the crossover: LDDT is blank in a control arm.
    """
    dm, ds, ex, pr = (domains[name] for name in ("dm", "ds", "ex", "pr"))
    control = control_arm(dm, study)
    kinds = labelled.dropna(subset=["KIND"])
    by_kind = {kind: first_by_subject(rows, "ADT") for kind, rows in kinds.groupby("KIND")}
    again = kinds[kinds["KIND"].eq("REINFUSION") & kinds["USUBJID"].map(control).eq(False)]
    out = pd.DataFrame(index=control.index)
    out["RFICDT"] = dm.set_index("USUBJID")["RFICDT_LO"]
    out["RFICDT"] = out["RFICDT"].fillna(disposition_date(ds, "INFORMED CONSENT OBTAINED"))
    out["ENRLDT"] = disposition_date(ds, "ENROLLED")
    out["RANDDT"] = disposition_date(ds, "RANDOMIZED", "RANDOMISED")
    out["LEUKDT"] = first_by_subject(pr[upper(pr["PRCAT"]).eq(LEUKAPHERESIS)], "PRSTDT_LO")
    depleted = first_by_subject(ex[upper(ex["EXCAT"]).eq(LYMPHODEPLETION)], "EXSTDT_LO")
    out["LDDT"] = depleted.reindex(out.index).where(~control)
    out["TRTSDT"] = by_kind.get("INFUSION")
    out["INFDT2"] = first_by_subject(again, "ADT")
    out["XODT"] = by_kind.get("CROSSOVER")
    usual = first_by_subject(ex[upper(ex["EXCAT"]).eq(STANDARD_OF_CARE)], "EXSTDT_LO")
    out["SOCSDT"] = usual.reindex(out.index).where(control)
    return out.astype(DATE)
