"""Outcomes as data frames: ADTTE, ADRSP and the candidate table, in CDISC's names."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cartend.config.definition import Definition, TimeToEvent
from cartend.endpoint.censoring import CNSR_DATE_TEXT
from cartend.endpoint.rates import RateResult
from cartend.endpoint.records import NEVER, Trial, to_dates
from cartend.endpoint.timetoevent import Outcome

CARRIED = ("ARMCD", "TRT01P", "BRIDGE", "BRIDGEFL", "AGEGR")


@dataclass(frozen=True)
class Analysis:
    """Which endpoint, evaluator and population a block of rows is of."""

    definition: Definition
    evaluator: str
    population: str


def adtte_frame(trial: Trial, analysis: Analysis, outcome: Outcome) -> pd.DataFrame:
    """Return the ADTTE rows of one analysis, one row a subject of the population."""
    result, definition = outcome.result, analysis.definition
    assert isinstance(definition, TimeToEvent)
    frame = _head(trial, analysis, outcome.who)
    frame["STARTDT"] = to_dates(result["origin"])
    frame["ADT"] = to_dates(result["day"])
    frame["AVAL"] = result["day"] - result["origin"] + 1
    frame["CNSR"] = result["cnsr"]
    frame["EVNTDESC"] = result["event"]
    frame["CNSDTDSC"] = _censoring_text(definition, result["cnsr"])
    frame["STATE"] = result["state"]
    states = {0: "Censored", **definition.states}
    frame["STATEDESC"] = pd.Series(result["state"], index=frame.index).map(states)
    frame["SRCDOM"] = result["dom"]
    frame["SRCVAR"] = result["var"]
    frame["SRCSEQ"] = result["seq"]
    frame["STARTDTF"] = result["origin_flag"]
    frame["ADTF"] = result["flag"]
    frame["RULEID"] = result["rule"]
    frame["ESTABDT"] = to_dates(result["estab"])
    frame["ANL01FL"] = np.where(result["open"], "N", "Y")
    frame["TAGS"] = result["tags"]
    return frame


def _censoring_text(definition: TimeToEvent, cnsr: np.ndarray) -> pd.Series:
    words = dict(CNSR_DATE_TEXT)
    for state, name in definition.states.items():
        words[10 + state] = f"Competing event: {name}"
    return pd.Series(cnsr).map(words)


def _head(trial: Trial, analysis: Analysis, who: np.ndarray) -> pd.DataFrame:
    adsl, definition = trial.adsl, analysis.definition
    frame = pd.DataFrame({"STUDYID": adsl["STUDYID"].to_numpy()[who]})
    frame["USUBJID"] = adsl["USUBJID"].to_numpy()[who]
    frame["PARAMCD"] = definition.id
    frame["PARAM"] = definition.label
    frame["EVAL"] = analysis.evaluator
    frame["POP"] = analysis.population
    for column in dict.fromkeys((*CARRIED, *trial.study.strata)):
        frame[column] = adsl[column].to_numpy()[who] if column in adsl else None
    return frame


def candidates_frame(trial: Trial, analysis: Analysis, outcome: Outcome) -> pd.DataFrame:
    """Return every candidate of one analysis with ``chosen`` or why it lost."""
    table = outcome.table
    words = np.array(outcome.words, dtype=object)
    order = np.lexsort((np.arange(len(table["subj"])), table["day"], table["subj"]))
    table = {name: values[order] for name, values in table.items()}
    inside = table["day"] != NEVER
    table = {name: values[inside] for name, values in table.items()}
    frame = pd.DataFrame({"STUDYID": trial.adsl["STUDYID"].to_numpy()[table["subj"]]})
    frame["USUBJID"] = trial.adsl["USUBJID"].to_numpy()[table["subj"]]
    frame["PARAMCD"] = analysis.definition.id
    frame["EVAL"] = analysis.evaluator
    frame["POP"] = analysis.population
    frame["KIND"] = words[table["kind"]]
    frame["EVNTDESC"] = words[table["event"]]
    frame["ADT"] = to_dates(table["day"])
    frame["ADTF"] = words[table["flag"]]
    frame["STATE"] = table["state"]
    frame["SRCDOM"] = words[table["dom"]]
    frame["SRCVAR"] = words[table["var"]]
    frame["SRCSEQ"] = table["seq"]
    frame["RULEID"] = words[table["rule"]]
    frame["ESTABDT"] = to_dates(table["estab"])
    frame["OUTCOME"] = outcome.verdict[order][inside]
    return frame


def adrsp_frame(
    trial: Trial, analysis: Analysis, result: RateResult, mask: np.ndarray
) -> pd.DataFrame:
    """Return the rows of one rate, one row a subject of the population."""
    who = np.flatnonzero(mask)
    row = result.row[who]
    found = row >= 0
    frame = _head(trial, analysis, who)
    frame["AVALC"] = result.value[who]
    frame["ADT"] = to_dates(result.records.day_of(row))
    frame["RULEID"] = f"{analysis.definition.id}.{analysis.definition.variable.upper()}"
    frame["REASON"] = result.reason[who]
    for column, values, none in (
        ("SRCDOM", result.records.dom, "ADSL"),
        ("SRCVAR", result.records.var, "USUBJID"),
        ("SRCSEQ", result.records.seq, 0),
    ):
        filled = np.full(len(who), none, dtype=object)
        filled[found] = values[row[found]]
        frame[column] = filled
    frame["SRCSEQ"] = frame["SRCSEQ"].astype("int64")
    frame["ANL01FL"] = np.where(result.counted[who], "Y", "N")
    return frame
