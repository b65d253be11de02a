"""What the swimmer plot shows of each subject: from when to when, and every dated mark.

One lane a subject, from the origin of the study to death or to the last day known alive. Dates are
those of ADSL, ADRS, ADEVT and ADTTE; a day is a date less the origin.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.records import label_of, own_roles
from cartend.config.study import Study
from cartend.contract.terms.disposition import STUDY_STATUS
from cartend.contract.terms.estimand import DATED_EVENT
from cartend.explain.timeline import INFUSED, RANDOMISED

EVENTS = DATED_EVENT.group("in_lane")
DEATH, ONGOING = "DEATH", "ONGOING"
PARTS = (", with a response", ", without a response")


@dataclass(frozen=True)
class Records:
    """The files of one study that the lanes are made from."""

    criteria: Criteria
    adsl: pd.DataFrame
    adrs: pd.DataFrame
    adevt: pd.DataFrame
    adtte: pd.DataFrame

    @classmethod
    def read(cls, criteria: Criteria, adam: Path, adtte: Path) -> "Records":
        """Read ADSL, ADRS and ADEVT of a study's folder ``adam``, and ADTTE of a scenario."""
        frames = [pd.read_parquet(Path(adam) / f"{n}.parquet") for n in ("adsl", "adrs", "adevt")]
        return cls(criteria, *frames, pd.read_parquet(adtte))


def lanes(study: Study, records: Records) -> pd.DataFrame:
    """Return one row a subject that has an origin and an arm: group, length of the bar, its end.

    1. Origin: randomisation; in a single arm the infusion, for who was not infused leukapheresis,
    else enrolment or consent. 2. The bar ends at death, else on the last day known alive, else at
    the latest date of ADTTE. 3. Groups: arm, or infused and not; those with a response are the
    subjects that ADTTE has in the set RESPONDERS for the primary evaluator. 4. Within a group the
    longest bar comes first.

    Returns
    -------
    pandas.DataFrame
        USUBJID, GROUP, END (days since the origin, 0 or more), DEAD, ONGOING (alive and in
        follow-up at the data cut-off), START (the origin).
    """
    adsl = records.adsl.set_index("USUBJID", drop=False)
    start = _start(study, adsl)
    latest = records.adtte.groupby("USUBJID")["ADT"].max().reindex(adsl.index)
    stop = adsl["DTHDT"].fillna(adsl["LSTALVDT"]).fillna(latest).fillna(start)
    left = adsl[["LOSTDT", "VSWDDT"]].notna().any(axis=1)
    closed = adsl["EOSSTT"].isin(STUDY_STATUS.group("ended"))
    frame = pd.DataFrame(
        {
            "USUBJID": adsl["USUBJID"],
            "GROUP": _group(study, records, adsl),
            "END": (stop - start).dt.days.clip(lower=0),
            "DEAD": adsl["DTHDT"].notna(),
            "ONGOING": adsl["DTHDT"].isna() & ~left & ~closed,
            "START": start,
        }
    )
    frame = frame[frame["START"].notna() & frame["GROUP"].notna()].reset_index(drop=True)
    frame["PLACE"] = frame["GROUP"].map(groups(study).index)
    frame = frame.sort_values(["PLACE", "END", "USUBJID"], ascending=[True, False, True])
    return frame.drop(columns="PLACE").reset_index(drop=True)


def assigned(study: Study, adsl: pd.DataFrame) -> pd.Series:
    """Return whether each subject has an arm of the study; everybody where arms do not count."""
    if study.design != "randomised":
        return pd.Series(True, index=adsl.index)
    return adsl["ARMCD"].isin(list(study.arms))


def groups(study: Study) -> list[str]:
    """Return the names of the groups in the order in which they are drawn."""
    if study.design == "randomised":
        whole = [arm.label for arm in study.arms.values()]
    else:
        whole = ["Infused", "Not infused"]
    return [f"{name}{part}" for name in whole for part in ("", *PARTS)]


def _start(study: Study, adsl: pd.DataFrame) -> pd.Series:
    names = RANDOMISED if study.design == "randomised" else INFUSED
    return adsl[[name for name in names if name in adsl]].bfill(axis=1).iloc[:, 0]


def _group(study: Study, records: Records, adsl: pd.DataFrame) -> pd.Series:
    """Return arm, or infused and not infused, with or without a response where ADTTE says so."""
    if study.design == "randomised":
        labels = {code: arm.label for code, arm in study.arms.items()}
        whole = adsl["ARMCD"].map(labels)
    else:
        words = np.where(adsl["INFFL"].eq("Y"), "Infused", "Not infused")
        whole = pd.Series(words, index=adsl.index)
    adtte = records.adtte
    held = adtte[adtte["POP"].eq("RESPONDERS") & adtte["EVAL"].eq(study.primary_evaluator)]
    if held.empty:
        return whole
    part = np.where(adsl["USUBJID"].isin(held["USUBJID"]), *PARTS)
    return whole.where(whole.eq("Not infused"), whole + part)


def own_kinds(study: Study) -> dict[str, str]:
    """Return the roles of a study's own with their labels: kinds of dated events of its own."""
    return {name: label_of(name, role) for name, role in own_roles(study.records).items()}


def marks(study: Study, records: Records, drawn: pd.DataFrame) -> pd.DataFrame:
    """Return the dated marks of the lanes: USUBJID, DAY since the origin, MARK.

    MARK is a response category (the record of each date that counts, of the primary evaluator), a
    kind of ``EVENTS``, a role of the study's own, or DEATH. A crossover is new therapy too; it is
    marked once, as a crossover.
    """
    adrs, adevt = records.adrs, records.adevt
    counts = adrs["ANL01FL"].eq("Y") & adrs["EVAL"].eq(study.primary_evaluator)
    seen = adrs.loc[counts, ["USUBJID", "ADT", "AVALC"]].rename(columns={"AVALC": "MARK"})
    events = adevt.loc[adevt["KIND"].isin([*EVENTS, *own_kinds(study)]), ["USUBJID", "ADT", "KIND"]]
    events = events.rename(columns={"KIND": "MARK"}).drop_duplicates()
    crossed = events.loc[events["MARK"].eq("CROSSOVER"), ["USUBJID", "ADT"]]
    twice = events.merge(crossed, on=["USUBJID", "ADT"], how="left", indicator="ALSO")
    same = twice["ALSO"].eq("both").to_numpy() & events["MARK"].ne("CROSSOVER").to_numpy()
    died = records.adsl.loc[records.adsl["DTHDT"].notna(), ["USUBJID", "DTHDT"]]
    died = died.rename(columns={"DTHDT": "ADT"}).assign(MARK=DEATH)
    found = pd.concat([part for part in (seen, events[~same], died) if len(part)] or [died])
    found = found.merge(drawn[["USUBJID", "START"]], on="USUBJID")
    found = found[found["ADT"].notna()]
    found["DAY"] = (found["ADT"] - found["START"]).dt.days
    found = found.sort_values(["USUBJID", "DAY", "MARK"], kind="stable")
    return found[["USUBJID", "DAY", "MARK"]].reset_index(drop=True)
