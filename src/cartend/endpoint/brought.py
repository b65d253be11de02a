"""Times to event that a study brings already derived, in an ADTTE of its own (decision D25).

They are taken only where the study brings no visit responses: with responses at hand the
definitions decide, and an ADTTE that came along is checked and left alone.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from cartend.config.definition import Definition, TimeToEvent
from cartend.contract.terms.estimand import POPULATION_FLAG
from cartend.contract.text import in_capitals
from cartend.endpoint.frames import Analysis, Writer
from cartend.endpoint.records import Trial
from cartend.intake.errors import DataError


@dataclass(frozen=True)
class Brought:
    """The ADTTE rows of a study without visit responses."""

    rows: pd.DataFrame

    def decides(self, definition: Definition) -> bool:
        """Return whether an endpoint is taken as brought; DataError where it cannot be made.

        An endpoint that needs no assessment (overall survival) may still follow from ADSL.
        """
        if isinstance(definition, TimeToEvent) and (self.rows["PARAMCD"] == definition.id).any():
            return True
        if definition.evaluator != "none":
            known = ", ".join(sorted(self.rows["PARAMCD"].dropna().unique())) or "none"
            raise DataError(
                f"endpoint {definition.id}: the study brings no visit responses (ADRS), and ADTTE "
                f"has no PARAMCD {definition.id} (it has {known}); bring one of them, or leave "
                "the endpoint out of endpoints"
            )
        return False


def read_brought(entry: str, sdtm_dir: Path, adrs: pd.DataFrame) -> Brought | None:
    """Return the ADTTE of a study that enters as ADaM without visit responses, else None."""
    if entry != "adam" or len(adrs):
        return None
    return Brought(pd.read_parquet(Path(sdtm_dir) / "adtte.parquet"))


def brought_tables(
    writer: Writer, analysis: Analysis, brought: Brought
) -> tuple[pa.Table, pa.Table]:
    """Return the ADTTE rows of one analysis as brought, and one candidate for each.

    1. The rows of the endpoint by the evaluator; a blank one is the primary evaluator's. A row
    without CNSR or any time does not count; the findings name it (F-ADAM-004, F-ADAM-006). 2. Of
    them the subjects of the population; a set that depends on response is whoever has a row.
    3. AVAL is ADT - STARTDT + 1, or the time as brought, a part of a day counted as a day (D1).
    4. CNSR 0 is state 1; in a competing endpoint CNSR 10 + STATE is a competing event (D21).
    """
    trial, definition = writer.trial, analysis.definition
    assert isinstance(definition, TimeToEvent)
    rows = _rows_of(trial, analysis, brought.rows)
    who = pd.Index(trial.adsl["USUBJID"].astype(str)).get_indexer(rows["USUBJID"])
    cnsr, size = rows["CNSR"].astype("int64"), len(rows)
    state = cnsr.eq(0).astype("int64")
    if definition.kind == "competing":
        state = (cnsr - 10).where((cnsr - 10).isin(list(definition.states)), state)
    event = rows["EVNTDESC"].fillna(state.map({0: "CENSORED", **definition.states}))
    told = rows["CNSDTDSC"].fillna("As brought").where(cnsr > 0, "")
    blank = np.zeros(size, dtype=np.int32)
    columns = {
        **writer.head(analysis, who),
        **writer.carried(who),
        "STARTDT": pa.array(rows["STARTDT"]),
        "ADT": pa.array(rows["ADT"]),
        "AVAL": pa.array(_days(rows, definition.id)),
        "CNSR": pa.array(cnsr),
        "EVNTDESC": writer.text(trial.words.encode(in_capitals(event))),
        "CNSDTDSC": writer.text(trial.words.encode(told), blank_is_null=True),
        "STATE": pa.array(state),
        "STATEDESC": writer.text(
            trial.words.encode(state.map({0: "Censored", **definition.states}))
        ),
        "SRCDOM": writer.constant("ADTTE", size),
        "SRCVAR": writer.constant("AVAL", size),
        "SRCSEQ": pa.array(pd.to_numeric(rows["ASEQ"]).fillna(0).astype("int64")),
        "STARTDTF": writer.text(blank),
        "ADTF": writer.text(blank),
        "RULEID": writer.constant(f"{definition.id}.BROUGHT", size),
        "ESTABDT": pa.array(rows["ADT"].where(state > 0)),
        "ANL01FL": writer.constant("Y", size),
        "ANL01RS": writer.text(blank, blank_is_null=True),
        "BASEFL": writer.text(trial.text("BASEFL")[who], blank_is_null=True),
        "PDATDIFL": writer.text(blank, blank_is_null=True),
        "TAGS": writer.text(blank),
    }
    candidate = {
        **columns,
        "KIND": writer.constant("BROUGHT", size),
        "OUTCOME": writer.constant("chosen", size),
    }
    return pa.table(columns), pa.table(candidate)


def _rows_of(trial: Trial, analysis: Analysis, rows: pd.DataFrame) -> pd.DataFrame:
    evaluators = [analysis.evaluator]
    if analysis.evaluator in ("", trial.study.primary_evaluator):
        evaluators.append("")
    rows = rows[rows["PARAMCD"].eq(analysis.definition.id) & rows["EVAL"].isin(evaluators)]
    members = trial.adsl["USUBJID"].astype(str)
    if analysis.population in POPULATION_FLAG:
        members = members[trial.flag(POPULATION_FLAG[analysis.population])]
    dated = rows["ADT"].notna() & rows["STARTDT"].notna()
    timed = rows["CNSR"].notna() & (rows["AVAL"].notna() | dated)
    rows = rows[rows["USUBJID"].isin(members) & timed]
    return rows.sort_values("USUBJID", kind="stable").reset_index(drop=True)


def _days(rows: pd.DataFrame, endpoint: str) -> np.ndarray:
    dated = (rows["ADT"] - rows["STARTDT"]).dt.days + 1
    days = dated.where(dated.notna(), np.ceil(rows["AVAL"]))
    wrong = rows.loc[~(days >= 1), "USUBJID"]
    if len(wrong):
        raise DataError(
            f"ADTTE, PARAMCD {endpoint}: {len(wrong)} records have no time of at least one day "
            f"(first: {wrong.iloc[0]}); correct them"
        )
    return days.to_numpy(dtype="int64")
