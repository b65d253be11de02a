"""Response records: evaluator and category in the words of the criteria."""

import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.intake import findings
from cartend.intake.words import EVALUATORS, listed, nearest

STOPPING = {"F-RS-003": "result", "F-RS-004": "RSCAT", "F-RS-005": "RSEVAL"}


def add_response(
    rs: pd.DataFrame, study: Study, criteria: Criteria
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add ``AVALC``, the criteria's category, and ``EVAL``, IRC or INV; return findings too.

    1. Only RSTESTCD = OVRLRESP has a category; component records keep AVALC None.
    2. RSSTRESC counts, RSORRES where it is blank; capitals do not matter.
    3. RSSTAT = NOT DONE or a blank result is NE, with a note.
    4. An unknown RSCAT, result or RSEVAL is an error finding, for which the run stops.
    """
    overall = rs["RSTESTCD"].eq("OVRLRESP")
    evaluator, unknown_eval = _evaluator(rs, overall)
    aside = overall & _set_aside(rs, criteria)
    wanted = overall & ~aside
    code, known = _category(rs, criteria)
    category = code.where(wanted, None).astype(object)
    rs = rs.assign(AVALC=category.where(category.notna(), None), EVAL=evaluator)
    found = [
        unknown_eval,
        _blank_results(rs[wanted & _blank(rs)]),
        _unknown_results(rs[wanted & ~known], criteria),
        _unknown_criteria(rs, wanted, criteria),
        findings.reading(
            "F-RS-006", "rs", rs[aside], "{RSCAT} {RSSTRESC} is set aside by the criteria"
        ),
    ]
    return rs, findings.collect(found)


def _upper(values: pd.Series) -> pd.Series:
    """Return text in capitals with single blanks."""
    return values.astype("string").str.upper().str.replace(r"\s+", " ", regex=True).str.strip()


def _result(rs: pd.DataFrame) -> pd.Series:
    """Return the result in capitals: RSSTRESC, else RSORRES."""
    return _upper(rs["RSSTRESC"].where(rs["RSSTRESC"].notna(), rs["RSORRES"]))


def _blank(rs: pd.DataFrame) -> pd.Series:
    """Return where an assessment was not done or brought no result."""
    return _upper(rs["RSSTAT"]).eq("NOT DONE").fillna(False).astype(bool) | _result(rs).isna()


def canonical(values: pd.Series, criteria: Criteria) -> pd.Series:
    """Return the criteria's category of each result, missing where it is no word of them."""
    return _upper(values).map(criteria.alias_map).astype(object)


def evaluator_code(values: pd.Series) -> pd.Series:
    """Return IRC or INV for the words of ``EVALUATORS``, missing for others and for blanks."""
    return _upper(values).map(EVALUATORS).astype(object)


def _category(rs: pd.DataFrame, criteria: Criteria) -> tuple[pd.Series, pd.Series]:
    """Return each record's category and whether its result is known."""
    result = _result(rs)
    code = canonical(result, criteria)
    if criteria.pair is not None:
        method = _upper(rs["RSMETHOD"].where(rs["RSMETHOD"].notna(), rs.get("RSSCAT")))
        for role in ("leading", "other"):
            own = {k.upper(): v for k, v in getattr(criteria.pair, f"{role}_aliases").items()}
            here = method.eq(getattr(criteria.pair, role).upper()).fillna(False).astype(bool)
            special = result.map(own).astype(object)
            code = code.mask(here & special.notna(), special)
    blank = _blank(rs)
    code = code.mask(blank, "NE")
    return code, code.notna()


def _set_aside(rs: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Return where the criteria say that a category text or a result is to be ignored."""
    ignored = {word.upper() for word in criteria.ignored}
    return _upper(rs["RSCAT"]).isin(ignored) | _result(rs).isin(ignored)


def _evaluator(rs: pd.DataFrame, overall: pd.Series) -> tuple[pd.Series, pd.DataFrame]:
    """Return IRC or INV, blank meaning INV, and findings of unknown evaluators."""
    named = _upper(rs["RSEVAL"])
    code = evaluator_code(rs["RSEVAL"]).mask(named.isna(), "INV")
    unknown = rs[overall & code.isna()]
    message = [
        f"RSEVAL '{value}' is unknown{nearest(value, EVALUATORS)}" for value in unknown["RSEVAL"]
    ]
    code = code.where(code.notna(), None)
    return code, findings.reading("F-RS-005", "rs", unknown, message)


def _blank_results(rows: pd.DataFrame) -> pd.DataFrame:
    """Return notes of assessments not done or without result."""
    return findings.reading("F-RS-001", "rs", rows, "no result at {VISIT}; it counts as NE")


def _unknown_results(rows: pd.DataFrame, criteria: Criteria) -> pd.DataFrame:
    """Return errors of results that are no word of the criteria."""
    value = rows["RSSTRESC"].where(rows["RSSTRESC"].notna(), rows["RSORRES"])
    words = list(criteria.alias_map)
    message = [f"result '{word}' is unknown{nearest(word, words)}" for word in value]
    return findings.reading("F-RS-003", "rs", rows, message)


def _unknown_criteria(rs: pd.DataFrame, wanted: pd.Series, criteria: Criteria) -> pd.DataFrame:
    """Return errors of records under other criteria, and warnings of records under none."""
    allowed = {_one(word) for word in (*criteria.rscat, criteria.label)}
    named = _upper(rs["RSCAT"])
    other = rs[wanted & named.notna() & ~named.isin(allowed)]
    message = [f"RSCAT '{word}' is unknown{nearest(word, criteria.rscat)}" for word in other.RSCAT]
    unnamed = rs[wanted & named.isna()]
    return findings.collect(
        [
            findings.reading("F-RS-004", "rs", other, message),
            findings.reading(
                "F-RS-002", "rs", unnamed, f"RSCAT is blank; {criteria.label} is taken"
            ),
        ]
    )


def _one(word: str) -> str:
    return " ".join(word.upper().split())


def stopping_sentence(found: pd.DataFrame, file: str, criteria: Criteria) -> str | None:
    """Return the one sentence for which the run stops, or None."""
    for finding_id, what in STOPPING.items():
        rows = found[found["finding_id"] == finding_id]
        if rows.empty:
            continue
        allowed = {
            "result": [a for c in criteria.categories for a in (c.code, *c.aliases)],
            "RSCAT": criteria.rscat,
            "RSEVAL": EVALUATORS,
        }[what]
        named = [f"{r.usubjid} {r.record}: {r.message}" for r in rows.head(5).itertuples()]
        more = f" and {len(rows) - 5} more" if len(rows) > 5 else ""
        return (
            f"{file}: {'; '.join(named)}{more}; "
            f"allowed for {what} under {criteria.label} is {listed(allowed)}"
        )
    return None
