"""Analysis sets of ADSL and the reason why a subject was not infused (specification 1.1b, D15)."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from cartend.config.study import Study
from cartend.contract.datasets.subject import NOT_INFUSED_COLUMNS
from cartend.contract.records import has_role, of_role
from cartend.contract.terms.disposition import NOT_INFUSED, UNASSIGNED
from cartend.subject.domains import coalesce
from cartend.subject.milestones import not_given

PENDING, BEFORE_LEUKAPHERESIS = NOT_INFUSED.group("open")
NOT_STATED = "REASON NOT STATED"


def not_infused_reasons(
    ds: pd.DataFrame, deaths: pd.Series, therapy: pd.Series, cutoff: pd.Timestamp
) -> pd.DataFrame:
    """Return every possible reason, up to the cut-off: USUBJID, ADT, REASON and its source.

    ``deaths`` and ``therapy`` hold the date of death and of the first new therapy by USUBJID.
    """
    stated = pd.concat([of_role(ds, "disposition"), of_role(ds, "screen_failure")])
    stated = stated[~stated.index.duplicated()].sort_index()
    reason = NOT_INFUSED.read(stated["DSDECOD"])
    reason = reason.where(reason.isin(NOT_INFUSED.group("stated")), None)
    reason = reason.mask(has_role(stated, "screen_failure"), "SCREEN FAILURE")
    stated = stated.assign(REASON=reason, ADT=stated["DSSTDT_LO"])
    stated = stated.dropna(subset=["REASON"])
    stated = stated.assign(SRCDOM="DS", SRCVAR="DSSTDTC", SRCSEQ=stated["DSSEQ"])
    died = deaths.dropna().rename("ADT").rename_axis("USUBJID").reset_index()
    treated = therapy.dropna().rename("ADT").rename_axis("USUBJID").reset_index()
    rows = pd.concat(
        [
            stated[NOT_INFUSED_COLUMNS],
            died.assign(REASON="DEATH", SRCDOM="ADSL", SRCVAR="DTHDT", SRCSEQ=1.0),
            treated.assign(REASON="NEW THERAPY", SRCDOM="ADEVT", SRCVAR="ADT", SRCSEQ=1.0),
        ],
        ignore_index=True,
    )
    return rows[~(rows["ADT"] > cutoff)]


def choose_reason(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one reason per USUBJID: manufacturing failure, else the earliest, else the order."""
    place = rows["REASON"].map(NOT_INFUSED.place)
    made = rows["REASON"].ne("MANUFACTURING FAILURE")
    ordered = rows.assign(made=made, place=place).sort_values(
        ["USUBJID", "made", "ADT", "place"], na_position="last"
    )
    return ordered.drop_duplicates("USUBJID").set_index("USUBJID")


def derive_reason(
    subjects: pd.DataFrame, rows: pd.DataFrame, control: pd.Series, later: Collection[str] = ()
) -> pd.Series:
    """Return NOTINFRS per USUBJID: None where infused or assigned to a control arm.

    ``later`` are the subjects infused after the cut-off. Their infusion is pending, whatever else
    is told, and so is that of a subject under follow-up without any reason (D51); who was not
    leukapheresed by then waits for that.
    """
    reason = choose_reason(rows)["REASON"].reindex(subjects.index).astype(object)
    ended = subjects["LOSTDT"].notna() | subjects["EOSSTT"].ne("ONGOING")
    waits = pd.Series(PENDING, index=subjects.index, dtype=object)
    waits = waits.mask(subjects["LEUKDT"].isna(), BEFORE_LEUKAPHERESIS)
    reason = coalesce(reason, waits.mask(ended, NOT_STATED))
    reason = reason.mask(reason.index.isin(list(later)), waits)
    return reason.where(subjects["TRTSDT"].isna() & ~control, None)


def not_infused_events(subjects: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return NOT_INFUSED rows of ADEVT: from when on it was settled that none is infused.

    ``subjects`` is ADSL with NOTINFRS, ``rows`` the possible reasons. The day is that of the
    reason, else the end of study or the loss; a pending infusion has no such day.
    """
    settled = subjects["NOTINFRS"].notna() & ~subjects["NOTINFRS"].isin(NOT_INFUSED.group("open"))
    settled &= subjects["LAFL"].eq("Y") | subjects["RANDFL"].eq("Y")
    chosen = choose_reason(rows).reindex(subjects.index)
    unstated = chosen["REASON"].isna()
    ended = subjects[["LOSTDT", "EOSDT"]].min(axis=1)
    out = pd.DataFrame(
        {
            "USUBJID": subjects.index,
            "KIND": "NOT_INFUSED",
            "ADT": chosen["ADT"].where(~unstated, ended),
            "ADTF": "",
            "REASON": subjects["NOTINFRS"],
            "WHAT": subjects["NOTINFRS"],
            "SRCDOM": chosen["SRCDOM"].where(~unstated, "ADSL"),
            "SRCVAR": chosen["SRCVAR"].where(~unstated, "EOSDT"),
            "SRCSEQ": chosen["SRCSEQ"],
        },
        index=subjects.index,
    )
    out = out[settled & out["ADT"].notna() & ~(out["ADT"] > subjects["CUTDT"])]
    return out.assign(ADTLO=out["ADT"], ADTHI=out["ADT"], PLANNED=None, CLASS=None)


def without_arm(subjects: pd.DataFrame, study: Study) -> pd.Series:
    """Return who has no arm: none given, a screen failure, or not assigned (D40).

    Where a study has one arm and no subject names any, everybody is of that arm. A text that means
    no arm of the study is another matter.
    """
    blank = pd.Series(True, index=subjects.index)
    if "ARMCD" in subjects:
        blank = subjects["ARMCD"].isna() | UNASSIGNED.read(subjects["ARMCD"]).notna()
    unnamed = len(study.arms) == 1 and blank.all()
    return blank & (not unnamed)


def derive_sets(
    study: Study, subjects: pd.DataFrame, domains: dict[str, pd.DataFrame], given: pd.DataFrame
) -> pd.DataFrame:
    """Return, per USUBJID, RANDFL LAFL INFFL SAFFL ENRLFL INFNCFL.

    A subject without arm is in no set (D40); what lies after the cut-off has not happened (D51).

    1. RANDFL: randomised (randomised designs only). INFFL: TRTSDT.
    2. LAFL: leukapheresed, unless the disposition is a screen failure.
    3. SAFFL: leukapheresed, or any study treatment in EX (R39: safety starts at apheresis).
    4. ENRLFL: enrolled by DS, or randomised, or in LA.
    5. INFNCFL: Y where the first infusion did not conform to specification, N where infused.
    """
    ex = domains["ex"]
    failed = subjects.index.isin(of_role(domains["ds"], "screen_failure")["USUBJID"])
    cutoff = ex["USUBJID"].map(subjects["CUTDT"]) if "CUTDT" in subjects else pd.NaT
    treated = ex["EXSTDT_LO"].notna() & ~not_given(ex) & ~(ex["EXSTDT_LO"] > cutoff)
    treated = subjects.index.isin(ex.loc[treated, "USUBJID"])
    randomised = subjects["RANDDT"].notna() & (study.design == "randomised")
    leukapheresed = subjects["LEUKDT"].notna() & ~failed
    infused = subjects["TRTSDT"].notna()
    odd = given["CONFORM"].eq("N") & given["KIND"].eq("INFUSION")
    flags = {
        "RANDFL": randomised,
        "LAFL": leukapheresed,
        "INFFL": infused,
        "SAFFL": leukapheresed | treated | infused,
        "ENRLFL": subjects["ENRLDT"].notna() | randomised | leukapheresed,
        "INFNCFL": pd.Series(subjects.index.isin(given.loc[odd, "USUBJID"]), subjects.index),
    }
    armless = without_arm(subjects, study)
    flags = {name: flag & ~armless for name, flag in flags.items()}
    infused &= ~armless
    out = pd.DataFrame({name: np.where(flag, "Y", "N") for name, flag in flags.items()})
    out = out.set_index(subjects.index).astype(object)
    out["INFNCFL"] = out["INFNCFL"].where(infused, None)
    return out
