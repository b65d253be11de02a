"""What an input check is, and the dates that most checks compare with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.intake import findings
from cartend.intake.cutoff import adam_cutoff, data_cutoff
from cartend.intake.words import listed, nearest

Hit = tuple[str, pd.DataFrame, str | list[str]]
LOST = ("LOST TO FOLLOW-UP", "WITHDRAWAL BY SUBJECT", "WITHDRAWAL OF CONSENT")
NEW_PROCEDURES = ("SUBSEQUENT RADIOTHERAPY", "HSCT")
FEW = 20
SHORT = 8


@dataclass(frozen=True)
class Trial:
    """The domains of one study, read and dated, with what the study file says of them."""

    domains: dict[str, pd.DataFrame]
    study: Study
    criteria: Criteria

    @cached_property
    def cutoff(self) -> pd.Timestamp:
        """The data cut-off, NaT where none is stated."""
        if self.study.entry == "adam":
            return adam_cutoff(self.study, self.domains["adsl"])
        return data_cutoff(self.study, self.domains["ts"])

    @cached_property
    def milestones(self) -> pd.DataFrame:
        """One row a subject of DM: the dates of its milestones, NaT where there is none.

        CONSENT ENROLLED RANDOMISED LEUKAPHERESIS INFUSION (first) LAST_INFUSION NEW_THERAPY
        (first) LOST DEATH_LO DEATH_HI; an earliest possible day each, except LOST and DEATH_HI
        (latest possible).
        """
        dm, ds, ex, pr = (self.domains[name] for name in ("dm", "ds", "ex", "pr"))
        subjects = dm[dm["USUBJID"].notna()].set_index("USUBJID")
        product = ex[ex["EXCAT"].eq("CAR-T INFUSION")]
        word, cm = ds["DSDECOD"], self.domains["cm"]
        dates = {
            "CONSENT": _first(ds[word.eq("INFORMED CONSENT OBTAINED")], "DSSTDT_LO"),
            "ENROLLED": _first(ds[word.eq("ENROLLED")], "DSSTDT_LO"),
            "RANDOMISED": _first(ds[word.eq("RANDOMIZED")], "DSSTDT_LO"),
            "LEUKAPHERESIS": _first(pr[pr["PRCAT"].eq("LEUKAPHERESIS")], "PRSTDT_LO"),
            "INFUSION": _first(product, "EXSTDT_LO"),
            "LAST_INFUSION": product.groupby("USUBJID")["EXSTDT_LO"].max(),
            "NEW_THERAPY": pd.concat(
                [
                    _first(cm[cm["CMCAT"].eq("SUBSEQUENT ANTI-CANCER THERAPY")], "CMSTDT_LO"),
                    _first(pr[pr["PRCAT"].isin(NEW_PROCEDURES)], "PRSTDT_LO"),
                ]
            )
            .groupby(level=0)
            .min(),
            "LOST": _first(ds[word.isin(LOST)], "DSSTDT_HI"),
        }
        table = pd.DataFrame({k: v.reindex(subjects.index) for k, v in dates.items()})
        table["CONSENT"] = subjects["RFICDT_LO"].fillna(table["CONSENT"])
        return table.assign(DEATH_LO=subjects["DTHDT_LO"], DEATH_HI=subjects["DTHDT_HI"])

    def dated(self, domain: str, *names: str) -> pd.DataFrame:
        """Return a domain with milestones of its subjects beside the records."""
        table = self.domains[domain]
        return table.assign(**{n: table["USUBJID"].map(self.milestones[n]) for n in names})


def _first(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return each subject's first date of these records."""
    return rows.groupby("USUBJID")[column].min()


@dataclass(frozen=True)
class Check:
    """One input check: its id, how grave a hit is, the sentence it tests, and the test."""

    id: str
    severity: Literal["error", "warning", "note"]
    sentence: str
    find: Callable[[Trial], Iterator[Hit]]

    def run(self, trial: Trial) -> pd.DataFrame:
        """Return one finding for each record that is against the sentence."""
        return findings.collect(
            findings.make(self.id, self.severity, domain, rows, message)
            for domain, rows, message in self.find(trial)
        )


def check(
    check_id: str, severity: Literal["error", "warning", "note"], sentence: str
) -> Callable[[Callable[[Trial], Iterator[Hit]]], Check]:
    """Turn a function that yields hits into a check."""
    return lambda find: Check(check_id, severity, sentence, find)


def whole_study(message: str) -> tuple[pd.DataFrame, list[str]]:
    """Return rows and message of a hit that concerns no single record."""
    return pd.DataFrame({"USUBJID": [""]}), [message]


def unknown_words(
    table: pd.DataFrame, domain: str, column: str, allowed: tuple[str, ...]
) -> Iterator[Hit]:
    """Yield the records whose word is not allowed; one hit a word that is frequent."""
    rows = table[table[column].notna() & ~table[column].isin(allowed)]
    for word, same in rows.groupby(column, sort=True):
        told = f"{column} '{word}' is unknown{nearest(word, allowed)}"
        told += f"; allowed: {listed(allowed)}" if len(allowed) <= SHORT else ""
        if len(same) > FEW:
            yield domain, *whole_study(f"{told} ({len(same)} records)")
        else:
            yield domain, same, [told] * len(same)
