"""Outcomes as tables: ADTTE, ADRSP and the candidates, in CDISC's names.

A table is built from codes and their words, so that a text costs four bytes a row until it is
written; what is read back is plain text.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from cartend.config.definition import Definition, TimeToEvent
from cartend.contract.datasets.results import CARRIED
from cartend.endpoint.censoring import CNSR_DATE_TEXT
from cartend.endpoint.records import NEVER, Trial, to_dates
from cartend.endpoint.timetoevent import Outcome
from cartend.endpoint.views import RateResult
from cartend.endpoint.words import Words


@dataclass(frozen=True)
class Analysis:
    """Which endpoint, evaluator and population a block of rows is of."""

    definition: Definition
    evaluator: str
    population: str


class Writer:
    """Makes the columns of one trial's tables; subject and text columns are dictionaries."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.subjects = pa.array(trial.adsl["USUBJID"].astype(str))

    def text(self, codes: np.ndarray, *, blank_is_null: bool = False) -> pa.Array:
        """Return a text column of codes of the trial's words."""
        mask = codes == 0 if blank_is_null else None
        indices = pa.array(np.asarray(codes, dtype=np.int32), mask=mask)
        return pa.DictionaryArray.from_arrays(indices, pa.array(self.trial.words.words))

    def constant(self, word: str, size: int) -> pa.Array:
        """Return a text column of one word."""
        return pa.DictionaryArray.from_arrays(
            pa.array(np.zeros(size, dtype=np.int32)), pa.array([word])
        )

    def head(self, analysis: Analysis, subj: np.ndarray) -> dict[str, pa.Array]:
        """Return the columns that say whose row it is and of which analysis."""
        trial, size = self.trial, len(subj)
        subject = pa.array(subj.astype(np.int32))
        return {
            "STUDYID": self.text(trial.text("STUDYID")[subj]),
            "USUBJID": pa.DictionaryArray.from_arrays(subject, self.subjects),
            "PARAMCD": self.constant(analysis.definition.id, size),
            "PARAM": self.constant(analysis.definition.label, size),
            "EVAL": self.constant(analysis.evaluator, size),
            "POP": self.constant(analysis.population, size),
        }

    def carried(self, subj: np.ndarray) -> dict[str, pa.Array]:
        """Return arm, bridging, age group and strata beside the analysis."""
        names = dict.fromkeys((*CARRIED, *self.trial.study.strata))
        return {name: self.text(self.trial.text(name)[subj], blank_is_null=True) for name in names}


def adtte_table(
    writer: Writer, analysis: Analysis, outcome: Outcome, imputed: Outcome | None = None
) -> pa.Table:
    """Return the ADTTE rows of one analysis, one row a subject of the population.

    ``imputed`` is the outcome with the imputed dates, where the definition takes a bound of the
    partial ones: PDATDIFL says whose time, censoring or state is another one.
    """
    result, definition = outcome.result, analysis.definition
    assert isinstance(definition, TimeToEvent)
    words = writer.trial.words
    states = {0: "Censored", **definition.states}
    state_words = words.codes([states.get(s, "") for s in range(max(states) + 1)])
    columns = {
        **writer.head(analysis, outcome.who),
        **writer.carried(outcome.who),
        "STARTDT": pa.array(to_dates(result["origin"])),
        "ADT": pa.array(to_dates(result["day"])),
        "AVAL": pa.array(result["day"] - result["origin"] + 1),
        "CNSR": pa.array(result["cnsr"].astype(np.int64)),
        "EVNTDESC": writer.text(result["event"]),
        "CNSDTDSC": writer.text(_censoring_text(writer, definition, result), blank_is_null=True),
        "STATE": pa.array(result["state"].astype(np.int64)),
        "STATEDESC": writer.text(state_words[result["state"]]),
        "SRCDOM": writer.text(result["dom"]),
        "SRCVAR": writer.text(result["var"]),
        "SRCSEQ": pa.array(result["seq"]),
        "STARTDTF": writer.text(result["origin_flag"]),
        "ADTF": writer.text(result["flag"]),
        "RULEID": writer.text(result["rule"]),
        "ESTABDT": pa.array(to_dates(result["estab"])),
        "ANL01FL": writer.text(np.where(result["unused"] != 0, words.code("N"), words.code("Y"))),
        "ANL01RS": writer.text(result["unused"], blank_is_null=True),
        "BASEFL": writer.text(writer.trial.text("BASEFL")[outcome.who], blank_is_null=True),
        "PDATDIFL": writer.text(_differs(words, result, imputed), blank_is_null=True),
        "TAGS": writer.text(result["tags"]),
    }
    return pa.table(columns)


def _differs(words: Words, result: dict[str, np.ndarray], imputed: Outcome | None) -> np.ndarray:
    if imputed is None:
        return np.zeros(len(result["day"]), dtype=np.int32)
    other = np.zeros(len(result["day"]), dtype=bool)
    for name in ("day", "cnsr", "state"):
        other |= result[name] != imputed.result[name]
    return np.where(other, words.code("Y"), words.code("N"))


def _censoring_text(
    writer: Writer, definition: TimeToEvent, result: dict[str, np.ndarray]
) -> np.ndarray:
    texts = dict(CNSR_DATE_TEXT)
    for state, name in definition.states.items():
        texts[10 + state] = f"Competing event: {name}"
    lookup = writer.trial.words.codes([texts.get(code, "") for code in range(max(texts) + 1)])
    told = np.where(result["told"] != 0, result["told"], lookup[result["cnsr"]])
    return np.where(result["cnsr"] > 0, told, 0)


def candidates_table(writer: Writer, analysis: Analysis, outcome: Outcome) -> pa.Table:
    """Return every candidate of one analysis with ``chosen`` or why it lost."""
    table = outcome.table
    order = np.lexsort((np.arange(len(table["subj"])), table["day"], table["subj"]))
    order = order[table["day"][order] != NEVER]
    table = {name: values[order] for name, values in table.items()}
    head = writer.head(analysis, table["subj"])
    del head["PARAM"]
    columns = {
        **head,
        "KIND": writer.text(table["kind"]),
        "EVNTDESC": writer.text(table["event"]),
        "ADT": pa.array(to_dates(table["day"])),
        "ADTF": writer.text(table["flag"]),
        "STATE": pa.array(table["state"].astype(np.int64)),
        "SRCDOM": writer.text(table["dom"]),
        "SRCVAR": writer.text(table["var"]),
        "SRCSEQ": pa.array(table["seq"]),
        "RULEID": writer.text(table["rule"]),
        "ESTABDT": pa.array(to_dates(table["estab"])),
        "OUTCOME": writer.text(outcome.verdict[order]),
    }
    return pa.table(columns)


def adrsp_table(
    writer: Writer,
    analysis: Analysis,
    result: RateResult,
    mask: np.ndarray,
    imputed: RateResult | None = None,
) -> pa.Table:
    """Return the rows of one rate, one row a subject of the population.

    ``imputed`` is the result with the imputed dates, where the rate takes a bound of the partial
    ones: PDATDIFL says whose answer is another one.
    """
    who = np.flatnonzero(mask)
    words, records = writer.trial.words, result.records
    row = result.row[who]
    found = row >= 0
    source = {
        "dom": np.full(len(who), words.code("ADSL")),
        "var": np.full(len(who), words.code("USUBJID")),
        "seq": np.zeros(len(who), dtype=np.int64),
    }
    for name, filled in source.items():
        filled[found] = getattr(records, name)[row[found]]
    rule = f"{analysis.definition.id}.{analysis.definition.variable.upper()}"
    difference = np.zeros(len(who), dtype=np.int32)
    if imputed is not None:
        other = result.value[who] != imputed.value[who]
        difference = np.where(other, words.code("Y"), words.code("N"))
    columns = {
        **writer.head(analysis, who),
        **writer.carried(who),
        "AVALC": writer.text(words.encode(pd.Series(result.value[who]))),
        "ADT": pa.array(to_dates(records.day_of(row))),
        "RULEID": writer.constant(rule, len(who)),
        "REASON": writer.text(words.encode(pd.Series(result.reason[who]))),
        "SRCDOM": writer.text(source["dom"]),
        "SRCVAR": writer.text(source["var"]),
        "SRCSEQ": pa.array(source["seq"]),
        "ANL01FL": writer.text(np.where(result.counted[who], words.code("Y"), words.code("N"))),
        "ANL01RS": writer.text(words.encode(pd.Series(result.unused[who])), blank_is_null=True),
        "BASEFL": writer.text(writer.trial.text("BASEFL")[who], blank_is_null=True),
        "PDATDIFL": writer.text(difference, blank_is_null=True),
    }
    return pa.table(columns)
