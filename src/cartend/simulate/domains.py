"""The SDTM-like domains of one trial, with the columns of the input contract in its order."""

import pandas as pd

from cartend.simulate import findings, safety, therapy, toxicity
from cartend.simulate.components.domains import component_rows
from cartend.simulate.frames import number, split_supp
from cartend.simulate.trial import Trial

COLUMNS = {
    "dm": "STUDYID USUBJID SITEID AGE SEX RACE COUNTRY ARMCD ARM ACTARMCD ACTARM RFICDTC RFXSTDTC"
    " DTHDTC DTHFL",
    "ds": "USUBJID DSSEQ DSDECOD DSCAT DSSCAT DSSTDTC",
    "ex": "USUBJID EXSEQ EXTRT EXCAT EXDOSE EXDOSU EXSTDTC EXENDTC CONFORM DOSELVL",
    "pr": "USUBJID PRSEQ PRTRT PRCAT PRSTDTC PRENDTC PLANNED NATREAS LINE",
    "cm": "USUBJID CMSEQ CMTRT CMDECOD CMCLAS CMCAT CMSTDTC CMENDTC"
    " LINE REGIMEN CYCLES BESTRESP CRDTC PDDTC INTOLER FULLDOSE INTENS NATREAS TARGET HALFLIFE",
    "rs": "USUBJID RSSEQ RSTESTCD RSCAT RSORRES RSSTRESC RSMETHOD RSEVAL RSEVALID RSACPTFL RSDTC"
    " VISIT VISITNUM PDBASIS",
    "lb": "USUBJID LBSEQ LBTESTCD LBMETHOD LBSPEC LBORRES LBORRESU LBSTRESC LBSTRESN LBSTRESU"
    " LBLLOD LBSTAT LBREASND LBBLFL LBDTC VISIT MRDCELLS HEMODIL TRACKABL",
    "ae": "USUBJID AESEQ AEDECOD AEBODSYS AESTDTC AEENDTC AETOXGR AESER AEOUT AESDTH"
    " ASTCTGR GRSCALE SPMTYPE TISSUE TGCOPIES INTCLON DRIVERNR EXPCLON TCRPRE DRIVMUT MUTPRE",
    "tu": "USUBJID TUSEQ TULNKID TUTESTCD TUORRES TULOC TUEVAL TUDTC VISIT",
    "tr": "USUBJID TRSEQ TRLNKID TRTESTCD TRORRES TRORRESU TRSTRESC TRSTRESN TRSTRESU TRSTAT"
    " TREVAL TRBLFL TRDTC VISIT",
    "dd": "USUBJID DDSEQ DDTESTCD DDORRES DDSTRESC DDDTC",
    "ss": "USUBJID SSSEQ SSTESTCD SSSTRESC SSDTC",
    "ts": "STUDYID TSSEQ TSPARMCD TSVAL",
    "sc": "USUBJID SCSEQ SCTESTCD SCSTRESC SCSTRESN",
}  # fmt: skip
LESION_ORDER = {"tu": ["TUDTC", "TULNKID"], "tr": ["TRDTC", "TRLNKID", "TRTESTCD"]}
SUPPLEMENTAL = {
    "ex": ["CONFORM", "DOSELVL"],
    "pr": ["PLANNED", "NATREAS", "LINE"],
    "cm": [
        "LINE",
        "REGIMEN",
        "CYCLES",
        "BESTRESP",
        "CRDTC",
        "PDDTC",
        "INTOLER",
        "FULLDOSE",
        "INTENS",
        "NATREAS",
        "TARGET",
        "HALFLIFE",
    ],
    "rs": ["PDBASIS"],
    "ae": [
        "ASTCTGR",
        "GRSCALE",
        "SPMTYPE",
        "TISSUE",
        "TGCOPIES",
        "INTCLON",
        "DRIVERNR",
        "EXPCLON",
        "TCRPRE",
        "DRIVMUT",
        "MUTPRE",
    ],
    "lb": ["MRDCELLS", "HEMODIL", "TRACKABL"],
}


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
            name: number(parts[name], f"{name.upper()}SEQ", LESION_ORDER[name])
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
        name: frames[name].reindex(columns=columns.split())
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
