"""What an input check is, and the dates that most checks compare with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.records import Records, all_records
from cartend.config.study import Study
from cartend.contract.datasets.sdtm import SDTM, START_DATE
from cartend.contract.records import of_role
from cartend.contract.terms.disposition import DISPOSITION
from cartend.contract.terms.general import SEVERITY
from cartend.contract.text import counted, hint, listed
from cartend.intake import findings
from cartend.intake.cutoff import adam_cutoff, data_cutoff
from cartend.intake.stops import Stop

Hit = tuple[str, pd.DataFrame, str | list[str]]
FEW = 20
SHORT = 8


def start(domain: str) -> str:
    """Return the stem of the date on which a domain's records happened or began: ``CMSTDT``."""
    return START_DATE.get(domain, "")[:-1]


@dataclass(frozen=True)
class Trial:
    """The domains of one study, read and dated, with what the study file says of them."""

    domains: dict[str, pd.DataFrame]
    study: Study
    criteria: Criteria

    @cached_property
    def records(self) -> Records:
        """Every role of the study."""
        return all_records(self.study.records)

    @cached_property
    def cutoff(self) -> pd.Timestamp:
        """The data cut-off, NaT where none is stated."""
        if self.study.entry == "adam":
            return adam_cutoff(self.study, self.domains["adsl"])
        return data_cutoff(self.study, self.domains["ts"])

    def of_role(self, role: str) -> Iterator[tuple[str, pd.DataFrame, str]]:
        """Yield the records of a role by domain: its name, the records, the stem of their date.

        Domains whose records have no date are left out, and infusions of dose 0, which were not
        given (decision D46).
        """
        if role not in self._held:
            meant = self.records.get(role)
            domains = [] if meant is None else [one.domain.lower() for one in meant.records]
            self._held[role] = [
                (name, rows, start(name))
                for name in SDTM
                if name in domains and start(name) and len(rows := self._of_role(name, role))
            ]
        yield from self._held[role]

    @cached_property
    def _held(self) -> dict[str, list[tuple[str, pd.DataFrame, str]]]:
        """The records of each role that was asked for."""
        return {}

    def _of_role(self, name: str, role: str) -> pd.DataFrame:
        rows = of_role(self.domains[name], role)
        return rows[~rows["EXDOSE"].eq(0)] if role == "infusion" and "EXDOSE" in rows else rows

    def has_role(self, role: str) -> set[str]:
        """Return the subjects with a record of a role."""
        return {one for _, rows, _ in self.of_role(role) for one in rows["USUBJID"].dropna()}

    def days(self, role: str) -> pd.DataFrame:
        """Return USUBJID, LO and HI of every record of a role."""
        parts = [
            pd.DataFrame(
                {
                    "USUBJID": rows["USUBJID"],
                    "LO": rows[f"{stem}_LO"],
                    "HI": rows[f"{stem}_HI"],
                }
            )
            for _, rows, stem in self.of_role(role)
        ]
        empty = pd.DataFrame({"USUBJID": pd.Series(dtype=object)}).assign(LO=pd.NaT, HI=pd.NaT)
        return pd.concat(parts, ignore_index=True) if parts else empty.astype(DAYS)

    @cached_property
    def milestones(self) -> pd.DataFrame:
        """One row a subject of DM: the dates of its milestones, NaT where there is none.

        CONSENT ENROLLED RANDOMISED LEUKAPHERESIS INFUSION (first) LAST_INFUSION NEW_THERAPY
        (first, a transplantation too) LOST DEATH_LO DEATH_HI; an earliest possible day each,
        except LOST and DEATH_HI (latest possible).
        """
        dm, ds = self.domains["dm"], self.domains["ds"]
        subjects = dm[dm["USUBJID"].notna()].set_index("USUBJID")
        later = pd.concat([self.days("new_therapy"), self.days("transplantation")])
        lost = ds[ds["DSDECOD"].isin(DISPOSITION.group("loss"))]
        dates = {
            "CONSENT": self._first("informed_consent"),
            "ENROLLED": self._first("enrolment"),
            "RANDOMISED": self._first("randomisation"),
            "LEUKAPHERESIS": self._first("leukapheresis"),
            "INFUSION": self._first("infusion"),
            "LAST_INFUSION": self.days("infusion").groupby("USUBJID")["LO"].max(),
            "NEW_THERAPY": later.groupby("USUBJID")["LO"].min(),
            "LOST": lost.groupby("USUBJID")["DSSTDT_HI"].min(),
        }
        table = pd.DataFrame({k: v.reindex(subjects.index) for k, v in dates.items()})
        table["CONSENT"] = subjects["RFICDT_LO"].fillna(table["CONSENT"])
        return table.assign(DEATH_LO=subjects["DTHDT_LO"], DEATH_HI=subjects["DTHDT_HI"])

    def _first(self, role: str) -> pd.Series:
        return self.days(role).groupby("USUBJID")["LO"].min()

    def dated(self, domain: str, *names: str) -> pd.DataFrame:
        """Return a domain with milestones of its subjects beside the records."""
        return self.beside(self.domains[domain], *names)

    def beside(self, rows: pd.DataFrame, *names: str) -> pd.DataFrame:
        """Return records with milestones of their subjects beside them."""
        return rows.assign(**{n: rows["USUBJID"].map(self.milestones[n]) for n in names})


DAYS = {"LO": "datetime64[ms]", "HI": "datetime64[ms]"}


@dataclass(frozen=True)
class Check:
    """One input check: its id, how grave a hit is, the sentence it tests, and the test."""

    id: str
    severity: str
    sentence: str
    find: Callable[[Trial], Iterator[Hit]]
    stopping: Callable[[Trial], Iterator[Stop]] | None = None

    def stops(self, trial: Trial) -> list[Stop]:
        """Return the stops: of a check that is one, those that its second function yields."""
        return [] if self.stopping is None else list(self.stopping(trial))

    def stop(self, stopping: Callable[[Trial], Iterator[Stop]]) -> "Check":
        """Return the check with a function that yields its stops."""
        return replace(self, stopping=stopping)

    def run(self, trial: Trial) -> pd.DataFrame:
        """Return one finding for each record that is against the sentence."""
        return findings.collect(
            findings.make(self.id, self.severity, domain, rows, message)
            for domain, rows, message in self.find(trial)
        )


def check(
    check_id: str, severity: str, sentence: str
) -> Callable[[Callable[[Trial], Iterator[Hit]]], Check]:
    """Turn a function that yields hits into a check; ``severity`` is a word of the contract."""
    if severity not in SEVERITY:
        raise ValueError(f"{check_id}: severity {severity}{hint(severity, SEVERITY)}")
    return lambda find: Check(check_id, severity, sentence, find)


def stop_check(
    check_id: str, sentence: str, domain: str
) -> Callable[[Callable[[Trial], Iterator[Stop]]], Check]:
    """Turn a function that yields stops into a check; each stop is a finding on the whole study."""

    def made(stopping: Callable[[Trial], Iterator[Stop]]) -> Check:
        def find(trial: Trial) -> Iterator[Hit]:
            for stop in stopping(trial):
                yield domain, *whole_study(str(stop))

        return Check(check_id, "stop", sentence, find, stopping)

    return made


def whole_study(message: str) -> tuple[pd.DataFrame, list[str]]:
    """Return rows and message of a hit that concerns no single record."""
    return pd.DataFrame({"USUBJID": [""]}), [message]


def each_word(
    rows: pd.DataFrame, domain: str, column: str, told: str, allowed: list[str]
) -> Iterator[Hit]:
    """Yield the records of each word of a column, with their count and the nearest word allowed.

    ``told`` says what is wrong with the word. One hit a record, one a word that is frequent.
    """
    for word, same in rows.groupby(column, sort=True):
        said = f"{column} '{word}' {told}{hint(word, allowed)}"
        said += f"; allowed: {listed(allowed)}" if len(allowed) <= SHORT else ""
        said += f" ({counted(len(same), 'record')})"
        if len(same) > FEW:
            yield domain, *whole_study(said)
        else:
            yield domain, same, [said] * len(same)
