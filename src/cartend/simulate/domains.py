"""The SDTM-like domains of one trial, with the columns of the input contract in its order."""

import pandas as pd

from cartend.simulate import findings, safety, therapy, toxicity
from cartend.simulate.assumed import layout
from cartend.simulate.components.domains import component_rows
from cartend.simulate.frames import number, split_supp
from cartend.simulate.trial import Trial

COLUMNS: dict[str, list[str]] = layout("columns")
"""The columns of each domain, supplemental ones too, in the order in which they are written."""
SUPPLEMENTAL = {
    name: qualifiers
    for name, columns in COLUMNS.items()
    if (qualifiers := [column for column in columns if column in layout("qualifiers")])
}
"""Those of each domain that stand in SUPP--."""


def merged_domains(trial: Trial) -> dict[str, pd.DataFrame]:
    """Return every domain with its supplemental values as columns."""
    later, parts = therapy.later_therapy(trial), component_rows(trial)
    frames = {
        **_subject_domains(trial),
        "sc": safety.characteristics(trial, parts["sc"]),
        "ex": therapy.exposure(trial, later),
        "pr": therapy.procedures(trial, later),
        "cm": therapy.medications(trial, later),
        "rs": findings.responses(trial, parts["rs"]),
        "lb": findings.laboratory(trial, parts["lb"]),
        "ae": toxicity.adverse_events(trial),
        **{
            name: number(parts[name], f"{name.upper()}SEQ", layout("order")[name])
            for name in ("tu", "tr")
            if parts[name]
        },
    }
    return _in_order(frames)


def deciding_domains(trial: Trial) -> dict[str, pd.DataFrame]:
    """Return the same trial without the records that no endpoint reads.

    Left out are prior lines, second readers and CT rows beside PET-CT: the accepted reading is
    the same with them or without (D11), and a million subjects take less time.
    """
    later = therapy.later_therapy(trial)
    frames = {
        **_subject_domains(trial),
        "ex": therapy.exposure(trial, later),
        "pr": therapy.later_procedures(trial, later),
        "cm": therapy.later_medications(trial, later),
        "rs": findings.accepted_responses(trial),
        "ae": toxicity.adverse_events(trial),
    }
    if trial.params.mrd:
        frames["lb"] = findings.deciding_laboratory(trial)
    return _in_order(frames)


def _subject_domains(trial: Trial) -> dict[str, pd.DataFrame]:
    return {
        "dm": safety.demographics(trial),
        "ds": safety.disposition(trial),
        "dd": safety.deaths(trial),
        "ss": safety.survival(trial),
        "ts": safety.summary(trial),
        "sc": safety.characteristics(trial, []),
    }


def _in_order(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {
        name: frames[name].reindex(columns=columns)
        for name, columns in COLUMNS.items()
        if name in frames
    }


def split_domains(merged: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the domains as submitted: supplemental values in SUPP-- domains of their own."""
    out: dict[str, pd.DataFrame] = {}
    for name, frame in merged.items():
        out[name] = frame
        if name in SUPPLEMENTAL:
            out[name], supp = split_supp(frame, name, f"{name.upper()}SEQ", SUPPLEMENTAL[name])
            if len(supp):
                out[f"supp{name}"] = supp
    return out
