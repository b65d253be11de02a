"""Which subjects have another event, date or reason under another definition, and why.

1. The rows of both definitions are joined by subject, and by evaluator and population where the
   two definitions share any. 2. A row differs where status, date, name or reason differs. 3. Why:
   the candidate that A chose, with the outcome it has in B, and the other way round.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cartend.contract.datasets.explained import DIFFERENCES, ONE_SIDE
from cartend.explain.definitions import Side, compared, require_one_kind
from cartend.explain.results import PRIMARY, StudyResults, open_study, read
from cartend.explain.rules import handling_of, happening, rule_name

SIDES = ("A", "B")
RECORD = ["SRCDOM", "SRCVAR", "SRCSEQ"]
KEY = ["USUBJID", "EVAL", "POP"]


def diff_frame(
    results: Path | str,
    study: str,
    a: str = PRIMARY,
    b: str = PRIMARY,
    endpoint: str | None = None,
    against: str | None = None,
) -> pd.DataFrame:
    """Return one row a subject, evaluator and population whose result differs.

    Parameters
    ----------
    results
        The results folder.
    study
        The study.
    a, b
        The two scenarios.
    endpoint, against
        One endpoint as both have it, or an endpoint of A against another one of B.

    Returns
    -------
    pandas.DataFrame
        USUBJID, CHANGE (the kind of change), and with the suffix of each side PARAMCD, EVAL, POP,
        RESULT (event or reason of censoring), ADT, AVAL, RULEID, RECORD, WHY (what the other
        definition says of this side's choice).
    """
    opened = open_study(results, study)
    frames = [
        pair_frame(opened, one, other) for one, other in compared(opened, a, b, endpoint, against)
    ]
    shown = [f"{name}_{side}" for name in ONE_SIDE.names for side in SIDES]
    columns = [*DIFFERENCES.names, *shown]
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame(columns=columns)
    return pd.concat(filled, ignore_index=True)[columns]


def pair_frame(results: StudyResults, one: Side, other: Side) -> pd.DataFrame:
    """Return the rows that differ between two definitions, with both results and why."""
    return reasoned(results, one, other, joined_frame(results, one, other))


def joined_frame(results: StudyResults, one: Side, other: Side) -> pd.DataFrame:
    """Return both rows of every subject, evaluator and population; CHANGE is blank where equal."""
    require_one_kind(one, other)
    rate = one.definition["kind"] == "rate"
    both = join(*(rows_of(results, side, rate) for side in (one, other)))
    both["CHANGE"] = change_of_rates(both) if rate else change_of_times(both)
    return both


def reasoned(results: StudyResults, one: Side, other: Side, joined: pd.DataFrame) -> pd.DataFrame:
    """Return the joined rows that differ, with what each definition says of the other's choice."""
    both = joined[joined["CHANGE"].ne("")].reset_index(drop=True)
    for name, side in zip(SIDES, (one, other), strict=True):
        both[f"PARAMCD_{name}"] = side.name
    if both.empty:
        return both.assign(WHY_A="", WHY_B="").astype({"WHY_A": object, "WHY_B": object})
    if one.definition["kind"] == "rate":
        both["WHY_A"], both["WHY_B"] = both["REASON_A"], both["REASON_B"]
        return both
    chosen = [candidates_of(results, side, both["USUBJID"]) for side in (one, other)]
    both["WHY_A"] = why(both, "A", "B", chosen, other.definition)
    both["WHY_B"] = why(both, "B", "A", chosen[::-1], one.definition)
    return both


def rows_of(results: StudyResults, side: Side, rate: bool) -> pd.DataFrame:
    """Return the results of one definition in the columns that are compared."""
    name = "adrsp" if rate else "adtte"
    rows = read(results.folder / side.home / f"{name}.parquet")
    rows = rows[rows["PARAMCD"].eq(side.name)].reset_index(drop=True)
    if rate:
        rows = rows.assign(AVAL=pd.NA, RESULT=rows["AVALC"], STATE=0, STARTDT=pd.NaT)
    else:
        rows = rows.assign(RESULT=rows["EVNTDESC"], REASON="")
    rows["RECORD"] = record_words(rows)
    columns = [*KEY, "RESULT", "STATE", "STARTDT", "ADT", "AVAL", "ANL01FL", "RULEID", "RECORD"]
    return rows[[*columns, "REASON", *RECORD]]


def record_words(rows: pd.DataFrame) -> pd.Series:
    """Return ``DOM.SEQ`` of each row, ``DOM.VARIABLE`` where the record has no number."""
    sequence = rows["SRCSEQ"].astype("Int64").astype(str)
    place = sequence.where(rows["SRCSEQ"] > 0, rows["SRCVAR"])
    return rows["SRCDOM"].astype(str) + "." + place.astype(str)


def join(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return both rows of every subject; evaluator and population join where both share any.

    A column ``side`` says ``both``, ``left_only`` or ``right_only``.
    """
    shared = [name for name in ("EVAL", "POP") if set(one[name]) & set(other[name])]
    keys = ["USUBJID", *shared]
    frames = []
    for frame, side in ((one, "A"), (other, "B")):
        marked = frame.rename(
            columns={name: f"{name}_{side}" for name in frame if name not in keys}
        )
        frames.append(marked.assign(**{f"{name}_{side}": marked[name] for name in shared}))
    both = frames[0].merge(frames[1], on=keys, how="outer", indicator="side", sort=False)
    both = both.sort_values(keys, kind="stable", ignore_index=True)
    return both.assign(side=both["side"].astype(str)).drop(columns=shared)


def status(state: pd.Series) -> pd.Series:
    """Return censored, event or competing event of ADTTE's STATE."""
    words = np.select([state.eq(0), state.eq(1)], ["censored", "event"], "competing event")
    return pd.Series(words, index=state.index, dtype=object)


def change_of_times(both: pd.DataFrame) -> pd.Series:
    """Return the kind of change of each joined time to event, blank where nothing differs."""
    was, now = status(both["STATE_A"]), status(both["STATE_B"])
    tests = {
        **_membership(both),
        "status": both["STATE_A"].ne(both["STATE_B"]),
        "earlier": both["ADT_B"] < both["ADT_A"],
        "later": both["ADT_B"] > both["ADT_A"],
        "reason": both["RESULT_A"].ne(both["RESULT_B"]),
        "origin": both["AVAL_A"].ne(both["AVAL_B"]),
        **_estimate(both),
    }
    words = {
        **{name: name for name in (*_membership(both), *_estimate(both))},
        "status": was + " -> " + now,
        "earlier": was + " earlier",
        "later": was + " later",
        "reason": was + " for another reason",
        "origin": was + " with another origin",
    }
    return _first_word(both, tests, words)


def change_of_rates(both: pd.DataFrame) -> pd.Series:
    """Return the kind of change of each joined rate, blank where nothing differs."""
    dated = both["ADT_A"].notna() | both["ADT_B"].notna()
    tests = {
        **_membership(both),
        "category": both["RESULT_A"].ne(both["RESULT_B"]),
        "other date": dated & both["ADT_A"].ne(both["ADT_B"]),
        "other reason": both["REASON_A"].fillna("").ne(both["REASON_B"].fillna("")),
        **_estimate(both),
    }
    words = {name: name for name in tests}
    words["category"] = both["RESULT_A"].astype(str) + " -> " + both["RESULT_B"].astype(str)
    return _first_word(both, tests, words)


def _membership(both: pd.DataFrame) -> dict[str, pd.Series]:
    side = both["side"]
    return {"only in A": side.eq("left_only"), "only in B": side.eq("right_only")}


def _estimate(both: pd.DataFrame) -> dict[str, pd.Series]:
    one, other = both["ANL01FL_A"], both["ANL01FL_B"]
    return {
        "leaves the estimate": one.eq("Y") & other.eq("N"),
        "enters the estimate": one.eq("N") & other.eq("Y"),
    }


def _first_word(both: pd.DataFrame, tests: dict[str, Any], words: dict[str, Any]) -> pd.Series:
    """Return the word of the first test that holds, blank where none does."""
    found = np.select(list(tests.values()), [words[name] for name in tests], "")
    return pd.Series(found, index=both.index, dtype=object)


def candidates_of(results: StudyResults, side: Side, subjects: pd.Series) -> pd.DataFrame:
    """Return the candidates of one definition for some subjects, with the rule's own name."""
    path = results.folder / side.home / "candidates.parquet"
    rows = read(path, None if len(subjects) > 1000 else subjects.unique())
    rows = rows[rows["PARAMCD"].eq(side.name)].reset_index(drop=True)
    return rows.assign(RULE=[rule_name(side.definition, rule) for rule in rows["RULEID"]])


def why(
    both: pd.DataFrame,
    one: str,
    other: str,
    candidates: list[pd.DataFrame],
    definition: dict[str, Any],
) -> pd.Series:
    """Return what the other definition says of the candidate that one side chose.

    1. The same rule on the same record: its outcome. 2. Else, for an event, any event rule on that
    record: its outcome.
    3. Else how the other definition handles that kind of event, or that it has no such candidate.
    """
    mine, others = candidates
    mine = mine[mine["OUTCOME"].eq("chosen")].drop_duplicates(KEY)
    left = both[["USUBJID", f"EVAL_{one}", f"POP_{one}", f"EVAL_{other}", f"POP_{other}"]]
    left = left.rename(columns={f"EVAL_{one}": "EVAL", f"POP_{one}": "POP"})
    left = left.merge(mine[[*KEY, "RULE", "KIND", *RECORD]], on=KEY, how="left")
    left = left.assign(EVAL=left[f"EVAL_{other}"], POP=left[f"POP_{other}"])
    same = _outcome(left, others, [*KEY, *RECORD, "RULE"])
    record = _outcome(left, others[others["STATE"] > 0], [*KEY, *RECORD], named=True)
    handled = left["KIND"].map(lambda kind: _handling(definition, kind))
    record = record.where(left["KIND"].ne("CENSORING"))
    text = same.where(same.notna(), record).where(lambda found: found.notna(), handled)
    gone = both["side"].ne("both")
    return text.where(~gone, f"no row in {other}").fillna("")


def _outcome(
    left: pd.DataFrame, candidates: pd.DataFrame, keys: list[str], *, named: bool = False
) -> pd.Series:
    """Return the outcome of the first candidate with these keys, missing where there is none."""
    first = candidates.drop_duplicates(keys)
    if named:
        first = first.assign(OUTCOME=first["RULE"] + ": " + first["OUTCOME"])
    return left[keys].merge(first[[*keys, "OUTCOME"]], on=keys, how="left")["OUTCOME"]


def _handling(definition: dict[str, Any], kind: object) -> str:
    """Return what a definition makes of a kind of candidate that it does not have here."""
    if pd.isna(kind):
        return ""
    if kind == "CENSORING":
        return "the follow-up ends by another rule or record"
    rules = [name for name, event in definition["events"].items() if happening(event) == kind]
    if rules:
        return f"{' and '.join(rules)} found nothing on this record"
    return handling_of(definition, str(kind)) or "it has no rule of this kind"
