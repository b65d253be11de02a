"""Errors planted on purpose: what the findings list must catch, one subject each.

Each planter changes the merged domains in place and says what it did. The trial is otherwise free
of impossible records, so a finding of error level that is not listed here is a bug of somebody.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from cartend.simulate.clock import stream
from cartend.simulate.trial import Trial

Domains = dict[str, pd.DataFrame]
CAR_T = "CAR-T INFUSION"


@dataclass(frozen=True)
class Planted:
    """One planted error: the check that must find it, what is wrong, and where."""

    finding: str
    what: str
    domain: str
    usubjid: str
    record: str


class Plot:
    """The domains of one trial and the subjects that still have no planted error."""

    def __init__(self, trial: Trial, domains: Domains) -> None:
        self.domains = domains
        self.rng = stream(trial.seed, trial.batch, "planted errors")
        self.free = set(trial.cohort["USUBJID"])
        dm = domains["dm"]
        self.death = dm.set_index("USUBJID")["DTHDTC"]
        self.infused = first_date(domains["ex"], "EXCAT", CAR_T, "EXSTDTC")
        self.collected = first_date(domains["pr"], "PRCAT", "LEUKAPHERESIS", "PRSTDTC")

    def row(self, domain: str, fits: pd.Series) -> int:
        """Return the index of one fitting record of a subject that is still free."""
        frame = self.domains[domain]
        rows = frame.index[fits.to_numpy(bool) & frame["USUBJID"].isin(self.free).to_numpy()]
        chosen = int(rows[self.rng.integers(len(rows))])
        self.free.discard(frame.at[chosen, "USUBJID"])
        return chosen

    def told(self, finding: str, what: str, domain: str, row: int) -> Planted:
        """Return the record of one planted error."""
        frame, seq = self.domains[domain], f"{domain.upper()}SEQ"
        record = f"{seq} {frame.at[row, seq]}" if seq in frame else "DM"
        return Planted(finding, what, domain.upper(), frame.at[row, "USUBJID"], record)

    def append(self, domain: str, row: int, **changes: object) -> int:
        """Append a copy of a record with changes and the subject's next number."""
        frame, seq = self.domains[domain], f"{domain.upper()}SEQ"
        copy = frame.loc[[row]].assign(**changes)
        own = frame["USUBJID"] == copy["USUBJID"].iloc[0]
        copy[seq] = frame.loc[own, seq].max() + 1
        copy.index = [frame.index.max() + 1]
        self.domains[domain] = pd.concat([frame, copy])
        return int(copy.index[0])


def first_date(frame: pd.DataFrame, column: str, word: str, date: str) -> pd.Series:
    """Return each subject's first date of the records of one category."""
    return frame[frame[column] == word].groupby("USUBJID")[date].min().str[:10]


def moved(date: str, days: int) -> str:
    """Return an ISO date moved by some days."""
    return str(np.datetime64(date[:10]) + np.timedelta64(days, "D"))


def _dead_exactly(plot: Plot, frame: pd.DataFrame) -> pd.Series:
    return frame["USUBJID"].map(plot.death).str.len() == 10


def response_after_death(plot: Plot) -> Planted:
    """Add a response record eleven days after an exactly known death."""
    rs = plot.domains["rs"]
    mine = (rs["RSEVAL"] == "INVESTIGATOR") & (rs["RSTESTCD"] == "OVRLRESP")
    row = plot.row("rs", _dead_exactly(plot, rs) & mine)
    day = moved(plot.death[rs.at[row, "USUBJID"]], 11)
    new = plot.append("rs", row, RSDTC=day, VISIT="UNSCHEDULED", VISITNUM=99)
    return plot.told("F-DTH-004", "response dated after death", "rs", new)


def infusion_before_leukapheresis(plot: Plot) -> Planted:
    """Date leukapheresis four days after the infusion of a subject without bridging."""
    pr, cm = plot.domains["pr"], plot.domains["cm"]
    bridged = set(cm.loc[cm["CMCAT"] == "BRIDGING THERAPY", "USUBJID"])
    bridged |= set(pr.loc[pr["PRCAT"] == "BRIDGING RADIOTHERAPY", "USUBJID"])
    alive = pr["USUBJID"].map(plot.death).isna()
    fits = (pr["PRCAT"] == "LEUKAPHERESIS") & ~pr["USUBJID"].isin(bridged) & alive
    row = plot.row("pr", fits & pr["USUBJID"].isin(plot.infused.index))
    day = moved(plot.infused[pr.at[row, "USUBJID"]], 4)
    pr.loc[row, ["PRSTDTC", "PRENDTC"]] = day
    infusion = plot.domains["ex"]
    own = (infusion["USUBJID"] == pr.at[row, "USUBJID"]) & (infusion["EXCAT"] == CAR_T)
    return plot.told("F-TIME-001", "infusion before leukapheresis", "ex", infusion.index[own][0])


def two_results_of_one_visit(plot: Plot) -> Planted:
    """Enter the investigator's visit twice, with two results."""
    rs = plot.domains["rs"]
    good = (rs["RSSTRESC"].eq("CR") | rs["RSSTRESC"].eq("CMR")) & (rs["RSEVAL"] == "INVESTIGATOR")
    row = plot.row("rs", good & (rs["RSTESTCD"] == "OVRLRESP"))
    worse = {"CR": "CRi" if rs["RSCAT"].iloc[0] == "NCCN ALL" else "PR", "CMR": "PMR"}
    new = plot.append("rs", row, RSSTRESC=worse[rs.at[row, "RSSTRESC"]], RSORRES="entered twice")
    return plot.told("F-RS-008", "duplicate visit with two results of one evaluator", "rs", new)


def reason_missing(plot: Plot) -> Planted:
    """Leave new anticancer therapy without its reason."""
    cm = plot.domains["cm"]
    subsequent = cm["CMCAT"] == "SUBSEQUENT ANTI-CANCER THERAPY"
    row = plot.row("cm", subsequent & (cm["NATREAS"] == "EFFICACY"))
    cm.loc[row, "NATREAS"] = None
    return plot.told("F-CM-001", "NATREAS missing on subsequent therapy", "cm", row)


def death_dates_disagree(plot: Plot) -> Planted:
    """Let DS tell of the death three days after DM."""
    ds = plot.domains["ds"]
    row = plot.row("ds", (ds["DSDECOD"] == "DEATH") & _dead_exactly(plot, ds))
    ds.loc[row, "DSSTDTC"] = moved(ds.at[row, "DSSTDTC"], 3)
    return plot.told("F-DTH-003", "death dates of DM and DS disagree", "ds", row)


def death_date_missing(plot: Plot) -> Planted:
    """Blank the death date of DM; DS and DD have it."""
    dm = plot.domains["dm"]
    row = plot.row("dm", _dead_exactly(plot, dm))
    dm.loc[row, "DTHDTC"] = None
    return plot.told("F-DTH-001", "DTHFL is Y and DTHDTC is blank", "dm", row)


def end_before_start(plot: Plot) -> Planted:
    """End an adverse event nine days before it starts."""
    ae = plot.domains["ae"]
    row = plot.row("ae", ae["AEENDTC"].notna() & (ae["AESDTH"] == "N"))
    ae.loc[row, "AEENDTC"] = moved(ae.at[row, "AESTDTC"], -9)
    return plot.told("F-TIME-007", "end before start", "ae", row)


def bridging_after_infusion(plot: Plot) -> Planted:
    """Move a drug of the bridging to six days after the infusion."""
    cm = plot.domains["cm"]
    alive = cm["USUBJID"].map(plot.death).isna()
    bridging = cm["CMCAT"] == "BRIDGING THERAPY"
    row = plot.row("cm", bridging & alive & cm["USUBJID"].isin(plot.infused.index))
    day = plot.infused[cm.at[row, "USUBJID"]]
    cm.loc[row, ["CMSTDTC", "CMENDTC"]] = [moved(day, 6), moved(day, 9)]
    return plot.told("F-TIME-003", "bridging dated after the infusion", "cm", row)


def impossible_date(plot: Plot) -> Planted:
    """Start a prior therapy on 30 February."""
    cm = plot.domains["cm"]
    row = plot.row("cm", cm["CMCAT"] == "PRIOR ANTI-CANCER THERAPY")
    cm.loc[row, "CMSTDTC"] = cm.at[row, "CMSTDTC"][:4] + "-02-30"
    return plot.told("F-DATE-001", "a date that no calendar has", "cm", row)


def result_blank(plot: Plot) -> Planted:
    """Blank the result of a visit of the investigator."""
    rs = plot.domains["rs"]
    middling = rs["RSSTRESC"].isin(["SD", "SMD", "CRi"]) & (rs["RSTESTCD"] == "OVRLRESP")
    row = plot.row("rs", (rs["RSEVAL"] == "INVESTIGATOR") & middling)
    rs.loc[row, ["RSORRES", "RSSTRESC"]] = None
    return plot.told("F-RS-001", "response without result", "rs", row)


def number_repeated(plot: Plot) -> Planted:
    """Give two adverse events of one subject the same number."""
    ae = plot.domains["ae"]
    row = plot.row("ae", ae["AESEQ"] == 2)
    ae.loc[row, "AESEQ"] = 1
    return plot.told("F-ID-003", "AESEQ stands twice within a subject", "ae", row)


def planned_missing(plot: Plot) -> Planted:
    """Leave open, for a transplant, whether it was planned."""
    pr = plot.domains["pr"]
    after = pr["PRSTDTC"] > pr["USUBJID"].map(plot.domains["dm"].set_index("USUBJID")["RFICDTC"])
    row = plot.row("pr", (pr["PRCAT"] == "HSCT") & after)
    pr.loc[row, "PLANNED"] = None
    return plot.told("F-PR-001", "PLANNED missing on a transplant", "pr", row)


def subject_unknown(plot: Plot) -> Planted:
    """Add an adverse event of a subject that DM does not hold."""
    ae = plot.domains["ae"]
    row = plot.row("ae", ae["AESDTH"] == "N")
    name = ae.at[row, "USUBJID"][:-4] + "9999"
    new = plot.append("ae", row, USUBJID=name)
    plot.domains["ae"].loc[new, "AESEQ"] = 1
    return plot.told("F-ID-002", "a record of a subject that DM does not hold", "ae", new)


def limit_missing(plot: Plot) -> Planted:
    """Take from a negative MRD sample its limit of detection."""
    lb = plot.domains["lb"]
    row = plot.row("lb", (lb["LBTESTCD"] == "MRD") & (lb["LBSTRESC"] == "NEGATIVE"))
    lb.loc[row, "LBLLOD"] = np.nan
    return plot.told("F-MRD-001", "MRD negative without limit of detection", "lb", row)


def call_contradicts_value(plot: Plot) -> Planted:
    """Give a sample called negative two leukaemic cells in a hundred."""
    lb = plot.domains["lb"]
    row = plot.row("lb", (lb["LBTESTCD"] == "MRD") & (lb["LBSTRESC"] == "NEGATIVE"))
    lb.loc[row, ["LBORRES", "LBSTRESN"]] = ["0.02", 0.02]
    return plot.told("F-MRD-002", "MRD called negative with a value above the limit", "lb", row)


EVERYWHERE: tuple[Callable[[Plot], Planted], ...] = (
    response_after_death,
    two_results_of_one_visit,
    reason_missing,
    end_before_start,
    impossible_date,
    result_blank,
)
IN_LARGE: tuple[Callable[[Plot], Planted], ...] = (
    infusion_before_leukapheresis,
    death_dates_disagree,
    death_date_missing,
    bridging_after_infusion,
    number_repeated,
    subject_unknown,
)
WITH_TRANSPLANT = (planned_missing,)
WITH_MRD = (limit_missing, call_contradicts_value)
LARGE = 100  # subjects: a smaller trial has fewer errors


def planters_of(trial: Trial) -> tuple[Callable[[Plot], Planted], ...]:
    """Return the errors that this trial gets: those that its size and its records allow."""
    chosen = EVERYWHERE
    if trial.params.n >= LARGE:
        chosen += IN_LARGE
    if any(arm.transplant for arm in trial.params.arms.values()):
        chosen += WITH_TRANSPLANT
    return chosen + (WITH_MRD if trial.params.mrd else ())


def plant_errors(trial: Trial, domains: Domains) -> tuple[Domains, list[dict]]:
    """Return the domains with every error planted, sorted again, and the list of them."""
    plot = Plot(trial, {name: frame.copy() for name, frame in domains.items()})
    planted = [asdict(planter(plot)) for planter in planters_of(trial)]
    for name, frame in plot.domains.items():
        seq = f"{name.upper()}SEQ"
        if name != "ts" and seq in frame:
            frame = frame.sort_values(["USUBJID", seq], kind="stable")
        plot.domains[name] = frame.reset_index(drop=True)
    return plot.domains, planted
