"""Response records: evaluator and category in the words of the criteria."""

import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.contract.records import has_role
from cartend.contract.terms.admission import RESPONSE_STOPS
from cartend.contract.terms.assessment import EVALUATOR
from cartend.contract.text import by_word, first_of, hint, is_one_of, listed, normal
from cartend.intake import findings
from cartend.intake.stops import Stop


def add_response(
    rs: pd.DataFrame, study: Study, criteria: Criteria
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add ``AVALC``, the criteria's category, and ``EVAL``, IRC or INV; return findings too.

    1. Only records of the role response have a category; component records keep AVALC None.
    2. RSSTRESC counts, RSORRES where it is blank; capitals do not matter.
    3. RSSTAT = NOT DONE or a blank result is NE, with a note.
    4. An unknown RSCAT, result or RSEVAL is an error finding, which is a stop.
    """
    overall = has_role(rs, "response")
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


def _result(rs: pd.DataFrame) -> pd.Series:
    """Return the result: RSSTRESC, else RSORRES."""
    return rs["RSSTRESC"].where(rs["RSSTRESC"].notna(), rs["RSORRES"])


def _blank(rs: pd.DataFrame) -> pd.Series:
    """Return where an assessment was not done or brought no result."""
    return rs["RSSTAT"].eq("NOT DONE") | _result(rs).isna()


def _mapped(values: pd.Series, words: dict[str, str]) -> pd.Series:
    """Return what each text means, None where it is none of the words."""
    meanings = {normal(text): code for text, code in words.items()}
    return by_word(values, lambda text: meanings.get(normal(text)))


def canonical(values: pd.Series, criteria: Criteria) -> pd.Series:
    """Return the criteria's category of each result, missing where it is no word of them."""
    meanings = criteria.alias_map
    return by_word(values, lambda text: meanings.get(normal(text)))


def evaluator_code(values: pd.Series) -> pd.Series:
    """Return IRC or INV for the words of the contract, missing for others and for blanks."""
    return EVALUATOR.read(values)


def _category(rs: pd.DataFrame, criteria: Criteria) -> tuple[pd.Series, pd.Series]:
    """Return each record's category and whether its result is known."""
    result = _result(rs)
    code = canonical(result, criteria)
    if criteria.pair is not None:
        method = rs["RSMETHOD"].where(rs["RSMETHOD"].notna(), rs.get("RSSCAT"))
        for role in ("leading", "other"):
            here = is_one_of(method, [getattr(criteria.pair, role)])
            special = _mapped(result, getattr(criteria.pair, f"{role}_aliases"))
            code = code.mask(here & special.notna(), special)
    code = code.mask(_blank(rs), "NE")
    return code, code.notna()


def _set_aside(rs: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Return where the criteria say that a category text or a result is to be ignored."""
    return is_one_of(rs["RSCAT"], criteria.ignored) | is_one_of(_result(rs), criteria.ignored)


def _evaluator(rs: pd.DataFrame, overall: pd.Series) -> tuple[pd.Series, pd.DataFrame]:
    """Return IRC or INV, blank meaning INV, and findings of unknown evaluators."""
    code = evaluator_code(rs["RSEVAL"]).mask(rs["RSEVAL"].isna(), "INV")
    unknown = rs[overall & code.isna()]
    message = [
        f"RSEVAL '{value}' is unknown{hint(value, EVALUATOR.texts())}"
        for value in unknown["RSEVAL"]
    ]
    code = code.where(code.notna(), None)
    return code, findings.reading("F-RS-005", "rs", unknown, message)


def _blank_results(rows: pd.DataFrame) -> pd.DataFrame:
    """Return notes of assessments not done or without result."""
    return findings.reading("F-RS-001", "rs", rows, "no result at {VISIT}; it counts as NE")


def _unknown_results(rows: pd.DataFrame, criteria: Criteria) -> pd.DataFrame:
    """Return errors of results that are no word of the criteria."""
    message = [f"result '{word}' is unknown{hint(word, criteria.texts)}" for word in _result(rows)]
    return findings.reading("F-RS-003", "rs", rows, message)


def _unknown_criteria(rs: pd.DataFrame, wanted: pd.Series, criteria: Criteria) -> pd.DataFrame:
    """Return errors of records under other criteria, and warnings of records under none."""
    named = rs["RSCAT"].notna()
    other = rs[wanted & named & ~is_one_of(rs["RSCAT"], (*criteria.rscat, criteria.label))]
    message = [f"RSCAT '{word}' is unknown{hint(word, criteria.rscat)}" for word in other.RSCAT]
    unnamed = rs[wanted & ~named]
    return findings.collect(
        [
            findings.reading("F-RS-004", "rs", other, message),
            findings.reading(
                "F-RS-002", "rs", unnamed, f"RSCAT is blank; {criteria.label} is taken"
            ),
        ]
    )


def unknown_responses(found: pd.DataFrame, file: str, criteria: Criteria) -> list[Stop]:
    """Return a stop for each kind of text that says nothing: a result, criteria, an evaluator."""
    stops = []
    allowed = {
        "result": [a for c in criteria.categories for a in (c.code, *c.aliases)],
        "RSCAT": criteria.rscat,
        "RSEVAL": EVALUATOR.texts(),
    }
    for finding_id, what in RESPONSE_STOPS.items():
        rows = found[found["finding_id"] == finding_id]
        if rows.empty:
            continue
        named = [f"{r.usubjid} {r.record}: {r.message}" for r in rows.itertuples()]
        way_out = f"allowed for {what} under {criteria.label} is {listed(allowed[what])}"
        told = f"{file}: {first_of(named, by='; ')}"
        stops.append(Stop(finding_id, what, len(rows), told, way_out))
    return stops
