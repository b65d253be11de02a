"""Records that did not happen, or of which it is not known whether they did (decision D46)."""

from typing import NamedTuple

import pandas as pd

from cartend.contract.datasets.sdtm import ASSESSED, EVENTS_OF, OCCURRED, START_DATE, STATUS, TOPIC
from cartend.contract.terms.general import COMPLETION, YES_NO
from cartend.contract.terms.roles import COLUMN, ROLE
from cartend.contract.text import conjoined, in_a_sentence
from cartend.intake import findings

REASON = "REASON"
NO = "NOT HAPPENED"
UNKNOWN = "NOT KNOWN TO HAVE HAPPENED"
NOT_DONE = "NOT DONE"


class Parted(NamedTuple):
    """The records that stand, those that do not (with REASON), and what is to be said of these."""

    kept: pd.DataFrame
    removed: pd.DataFrame
    findings: pd.DataFrame


def happened(table: pd.DataFrame, domain: str) -> Parted:
    """Part the records of a domain that has its roles into those that stand and those that do not.

    1. ``--OCCUR`` N: it did not happen. Another word than yes or no: it is not known.
    2. ``--STAT`` of a treatment or an adverse event, NOT DONE or another word: it is not known;
    NOT DONE of an assessment that is no response, lesion or sample: not done.
    Those count as not evaluable, and stand.
    """
    why = _why(table, domain)
    if why.isna().all():
        return Parted(table, table.head(0).assign(**{REASON: None}), findings.no_findings())
    removed = table[why.notna()].assign(**{REASON: why[why.notna()]})
    kept = table[why.isna()].reset_index(drop=True)
    return Parted(kept, removed, _told(removed, domain))


def _why(table: pd.DataFrame, domain: str) -> pd.Series:
    """Return the reason why a record does not stand, None where it does."""
    head, why = domain.upper(), pd.Series(None, index=table.index, dtype=object)
    if (status := head + STATUS) in table and domain not in ASSESSED:
        if domain in EVENTS_OF:
            why = why.mask(table[status].notna(), UNKNOWN)
        else:
            why = why.mask(COMPLETION.read(table[status]).eq(NOT_DONE), NOT_DONE)
    if (occurred := head + OCCURRED) in table:
        said = YES_NO.read(table[occurred])
        why = why.mask(table[occurred].notna() & said.isna() & why.isna(), UNKNOWN)
        why = why.mask(said.eq("N"), NO)
    return why.where(why.notna(), None)


def _told(removed: pd.DataFrame, domain: str) -> pd.DataFrame:
    """Return a finding for each record of a role, and one for the others of a domain."""
    gone = removed[REASON].isin((NO, UNKNOWN)) & removed[COLUMN].notna()
    certain = removed[gone & removed[REASON].eq(NO)]
    open_ = removed[gone & removed[REASON].eq(UNKNOWN)]
    found = [
        findings.reading("F-OCC-001", domain, certain, _sentences(certain, domain)),
        findings.reading("F-OCC-002", domain, open_, _sentences(open_, domain)),
    ]
    for reason, rows in removed[~gone].groupby(REASON, sort=True):
        said = str(reason).lower()
        message = f"{len(rows)} records of {domain.upper()} are {said}; they count nowhere"
        found.append(findings.about_file("F-OCC-003", domain, message))
    return findings.collect(found)


def _sentences(rows: pd.DataFrame, domain: str) -> list[str]:
    """Return what each record would have been, and what it says instead."""
    head, start = domain.upper(), START_DATE.get(domain, "")
    columns = [name for name in (head + OCCURRED, head + STATUS) if name in rows]
    topics = [name for name in TOPIC.get(domain, ()) if name in rows]
    said = []
    for _, row in rows.iterrows():
        told = " and ".join(f"{c} is {row[c]}" for c in columns if pd.notna(row[c]))
        topic = next((row[name] for name in topics if pd.notna(row[name])), "it")
        role = conjoined(in_a_sentence(ROLE.label(one)) for one in str(row[COLUMN]).split())
        day = f" on {row[start]}" if start and pd.notna(row[start]) else ""
        end = "did not happen" if row[REASON] == NO else "is not known to have happened"
        said.append(f"{told}: {topic}{day} {end}, and does not count as {role}")
    return said
