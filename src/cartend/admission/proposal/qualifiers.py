"""Words of a delivery's coded columns and names of qualifiers that mean ours in other spelling."""

import pandas as pd

from cartend.admission.proposal.words import Tables
from cartend.contract.datasets.sdtm import SDTM
from cartend.contract.terms.death import CAUSE
from cartend.contract.text import nearest, normal

ALIKE = 4
"""Letters that a name and the label of a qualifier have in common at least."""


def proposed_words(tables: Tables) -> dict[str, dict[str, list[str]]]:
    """Return key ``words`` of a study file: by column, ours and the texts that mean it."""
    found: dict[str, dict[str, list[str]]] = {}
    for domain in SDTM:
        supp = tables.get(f"supp{domain}")
        if supp is not None and "QNAM" in supp:
            named = qualifiers_of(supp, domain)
            if named:
                found[f"SUPP{domain.upper()}.QNAM"] = named
    causes = causes_of(tables.get("dd"))
    if causes:
        found["DD.DDSTRESC"] = causes
    return found


def qualifiers_of(supp: pd.DataFrame, domain: str) -> dict[str, list[str]]:
    """Return our columns of a domain for the qualifiers that are called otherwise.

    A name without the prefix of its domain, or its label without blanks, that begins one of our
    columns or that one begins.
    """
    ours = [name for name in SDTM[domain].names if not name.startswith(domain.upper())]
    found: dict[str, list[str]] = {}
    for name, rows in supp[supp["QNAM"].notna()].groupby("QNAM", sort=True):
        text = str(name).upper()
        if text in SDTM[domain].names:
            continue
        label = str(rows["QLABEL"].dropna().iloc[0]) if _labelled(rows) else ""
        stems = [text.removeprefix(domain.upper()), normal(label).replace(" ", "").upper()]
        match = next((o for stem in stems for o in ours if _begins(stem, o)), None)
        if match is not None and match not in found:
            found[match] = [str(name)]
    return found


def _labelled(rows: pd.DataFrame) -> bool:
    return "QLABEL" in rows and bool(rows["QLABEL"].notna().any())


def _begins(stem: str, ours: str) -> bool:
    if stem == ours:
        return True
    short, long = sorted((stem, ours), key=len)
    return len(short) >= min(ALIKE, len(ours)) and len(short) >= 3 and long.startswith(short)


def causes_of(dd: pd.DataFrame | None) -> dict[str, list[str]]:
    """Return causes of death that no word of the vocabulary means, by the nearest of it."""
    if dd is None or "DDSTRESC" not in dd:
        return {}
    found: dict[str, list[str]] = {}
    for text in sorted(dd["DDSTRESC"].dropna().unique()):
        if CAUSE.code(text) is None and not normal(text).startswith("other"):
            near = nearest(text, CAUSE.texts())
            code = CAUSE.code(near) if near else None
            if code is not None:
                found.setdefault(code, []).append(str(text))
    return found
