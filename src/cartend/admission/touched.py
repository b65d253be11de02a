"""Findings and words by what they touch: the endpoints whose definition reads the record."""

from collections.abc import Iterable
from functools import cached_property

import pandas as pd

from cartend.admission.reads import roles_read
from cartend.admission.trial import Admitted
from cartend.config.records import all_records
from cartend.contract.datasets.admission import TOUCHED, TOUCHED_WORDS
from cartend.contract.terms.general import SEVERITY
from cartend.contract.terms.reads import OF_ADRS, OF_SUBJECTS, ORIGIN_ROLES, WHOLE
from cartend.contract.terms.roles import COLUMN

SETS = "analysis sets"
SHOWN = 8


class Touching:
    """Which endpoints of a trial read which records, the primary ones first."""

    def __init__(self, trial: Admitted) -> None:
        self.trial = trial
        self.roles = {name: roles_read(trial, one) for name, one in trial.definitions.items()}
        self.order = [*trial.primary, *(n for n in trial.definitions if n not in trial.primary)]

    @cached_property
    def by_domain(self) -> dict[str, frozenset[str]]:
        """The roles that records of a domain may have."""
        found: dict[str, set[str]] = {"ADRS": set(OF_ADRS)}
        for name, role in all_records(self.trial.study.records).items():
            for selection in role.records if role is not None else ():
                found.setdefault(selection.domain, set()).add(name)
        return {domain: frozenset(names) for domain, names in found.items()}

    @cached_property
    def members(self) -> dict[str, frozenset[str]]:
        """The subjects in any of the sets of each endpoint."""
        sets = {
            name: {self.trial.base_of(population) for population in one.population}
            for name, one in self.trial.definitions.items()
        }
        return {
            name: frozenset(who for one in held for who in self.trial.members(one)["USUBJID"])
            for name, held in sets.items()
        }

    def of_record(self, domain: str, usubjid: str, record: str, roles: str) -> list[str]:
        """Return what reads a record: endpoints, and the sets where it bears on who is in one.

        1. Those that read a role of it; of a record without role or a whole file those that read a
           role which records of its domain may have; of a list of subjects every endpoint.
        2. A subject in none of an endpoint's sets does not touch it, unless the record is one by
           which a subject comes into a set.
        """
        domain = domain.upper().removeprefix("SUPP")
        if domain == "ADTTE":
            parameter = record.split(" ")[0]
            named = [name for name in self.order if parameter in ("", name)]
            entering = False
        elif domain in WHOLE:
            named, entering = list(self.order), domain in OF_SUBJECTS
        else:
            held = frozenset(roles.split()) or self.by_domain.get(domain, frozenset())
            named, entering = self.of_roles(held), bool(held & set(ORIGIN_ROLES))
        if usubjid and not entering:
            named = [name for name in named if usubjid in self.members[name]]
        return [*named, SETS] if entering else named

    def of_roles(self, roles: Iterable[str]) -> list[str]:
        """Return the endpoints that read one of some roles."""
        asked = set(roles)
        return [name for name in self.order if self.roles[name] & asked]

    def by_place(self, named: Iterable[str]) -> list[str]:
        """Return what is touched, each once, in the order of the endpoints."""
        found = set(named)
        return [name for name in (*self.order, SETS) if name in found]


def touched_findings(trial: Admitted, found: pd.DataFrame) -> pd.DataFrame:
    """Return findings of contract TOUCHED: one line a kind and subject, the deciding ones first.

    ``found`` is of contract FINDINGS. Lines that touch a primary endpoint (where none is named,
    any) stand first, then the gravest.
    """
    touching, deciding = Touching(trial), set(trial.deciding)
    keys = found[["domain", "usubjid", "record"]].assign(roles=roles_of(trial, found))
    once = {
        key: touching.of_record(*key)
        for key in keys.drop_duplicates().itertuples(index=False, name=None)
    }
    touches = [once[key] for key in keys.itertuples(index=False, name=None)]
    lines = []
    alone = found["message"].where(found["usubjid"].eq(""), "")  # of a file: one line a message
    marked = found.assign(touches=touches, alone=alone)
    kinds = ["finding_id", "severity", "usubjid", "alone"]
    for (name, severity, who, _), rows in marked.groupby(kinds, sort=True):
        named = touching.by_place(one for part in rows["touches"] for one in part)
        records = [record for record in dict.fromkeys(rows["record"]) if record]
        more = [f"and {len(records) - SHOWN} more"] if len(records) > SHOWN else []
        lines.append(
            {
                "finding_id": name,
                "severity": severity,
                "domain": " ".join(dict.fromkeys(rows["domain"])),
                "usubjid": who,
                "touches": "; ".join(filter(None, [_endpoints(named), SETS * (SETS in named)])),
                "primary": "Y" if deciding & set(named) else "N",
                "records": ", ".join([*records[:SHOWN], *more]),
                "count": len(rows),
                "message": rows["message"].iloc[0],
            }
        )
    return _in_order(pd.DataFrame(lines, columns=TOUCHED.names).astype({"count": "int64"}))


def _endpoints(named: list[str]) -> str:
    return " ".join(one for one in named if one != SETS)


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return the lines, what touches a deciding endpoint first, then the gravest, then by id."""
    place = table.assign(
        first=table["primary"].ne("Y"),
        rank=table["severity"].map(SEVERITY.place),
        idle=table["touches"].eq(""),
    )
    order = place.sort_values(["first", "rank", "idle", "finding_id", "usubjid"], kind="stable")
    return order[TOUCHED.names].reset_index(drop=True)


def roles_of(trial: Admitted, found: pd.DataFrame) -> pd.Series:
    """Return the roles of the record of each finding, blank where it has none."""
    roles = pd.Series("", index=found.index, dtype=object)
    for domain, rows in found[found["record"].ne("")].groupby("domain"):
        table = trial.domains.get(str(domain).lower())
        seq = f"{domain}SEQ"
        if table is None or COLUMN not in table or seq not in table:
            continue
        held = table[table[COLUMN].notna() & table[seq].notna()]
        names = seq + " " + held[seq].astype("int64").astype(str)
        known = pd.Series(
            held[COLUMN].to_numpy(), pd.MultiIndex.from_arrays([held["USUBJID"], names])
        )
        known = known[~known.index.duplicated()]
        asked = pd.MultiIndex.from_arrays([rows["usubjid"], rows["record"]])
        roles[rows.index] = known.reindex(asked).fillna("").to_numpy()
    return roles


def touched_words(trial: Admitted, words: pd.DataFrame) -> pd.DataFrame:
    """Return the words, of contract TOUCHED_WORDS, those that are not understood first.

    What a known word touches is read from its roles; an unknown one may be of any role that
    records of its domain may have.
    """
    touching = Touching(trial)

    def of_word(domain: str, roles: str) -> str:
        held = roles.split() or touching.by_domain.get(domain.upper(), frozenset())
        if domain.upper() in WHOLE or domain.upper() == "ADTTE":
            return " ".join(touching.order)
        return " ".join(touching.of_roles(held))

    pairs = zip(words["domain"], words["roles"].fillna(""), strict=True)
    out = words.assign(touches=pd.Series([of_word(*p) for p in pairs], words.index, dtype=object))
    out = out.assign(late=out["known"].eq("Y"))
    order = ["late", "domain", "column", "word"]
    return out.sort_values(order, kind="stable", ignore_index=True)[TOUCHED_WORDS.names]
