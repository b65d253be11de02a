"""Entry with ADaM already derived: ADSL, ADRS and ADTTE in our column names (decision D25)."""

from pathlib import Path

import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.intake import findings
from cartend.intake.aliases import canonical, evaluator_code, stopping_sentence
from cartend.intake.checks import run_adam_checks
from cartend.intake.dates import parse_dtc
from cartend.intake.errors import DataError
from cartend.intake.reader import (
    ADAM,
    choose_files,
    find_files,
    read_files,
    require_columns,
)
from cartend.intake.shape import text_columns
from cartend.intake.subjects import one_row_a_subject
from cartend.intake.words import nearest

NEEDED = {
    "adsl": ("USUBJID",),
    "adrs": ("USUBJID", "PARAMCD", "ADT", "AVALC"),
    "adtte": ("USUBJID", "PARAMCD", "AVAL", "CNSR"),
}
TEXT = {
    "adsl": (
        *("STUDYID", "USUBJID", "SITEID", "SEX", "RACE", "COUNTRY", "ARMCD", "ARM", "ACTARMCD"),
        *("TRT01P", "TRT01A", "DTHCAUS", "DTHDTF", "EOSSTT", "DCSREAS", "BRIDGE", "BRIDGFL"),
    ),
    "adrs": ("STUDYID", "USUBJID", "PARAMCD", "PARAM", "EVAL", "AVALC", "AVISIT"),
    "adtte": (
        *("STUDYID", "USUBJID", "PARAMCD", "PARAM", "EVAL", "AVALU", "EVNTDESC", "CNSDTDSC"),
        *("SRCDOM", "SRCVAR", "SRCSEQ"),
    ),
}
DATES = {
    "adsl": (
        *("RFICDT", "ENRLDT", "RANDDT", "LEUKDT", "LDDT", "TRTSDT", "DTHDT", "LSTALVDT"),
        *("EOSDT", "NACTDT", "HSCTDT", "CUTDT"),
    ),
    "adrs": ("ADT",),
    "adtte": ("STARTDT", "ADT"),
}
NUMBERS = {"adsl": ("AGE",), "adrs": ("AVISITN", "ASEQ"), "adtte": ("AVAL", "CNSR", "ASEQ")}
SORT = {
    "adsl": ["USUBJID"],
    "adrs": ["USUBJID", "PARAMCD", "EVAL", "ADT", "ASEQ"],
    "adtte": ["USUBJID", "PARAMCD", "EVAL", "ASEQ"],
}
PARAMCD_ALIASES = {"RSD": "DOR", "CRSD": "DOR", "OVRINV": "OVR", "OVRLRESP": "OVR"}
EVALUATOR_COLUMNS = ("EVAL", "RSEVAL", "PARCAT2", "PARCAT1")


def read_adam(
    study: Study, criteria: Criteria
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, str | None]:
    """Return ADSL, ADRS and ADTTE, the findings, and the sentence for which the run stops.

    1. Rename by the study's ``columns``; cut times off; give ADT from ADTM where it is absent.
    2. Type the columns; give ADSL its arm and ADRS and ADTTE their evaluator.
    3. Map the visit responses (PARAMCD OVR) to the criteria's categories.
    4. Run the ADaM checks.
    """
    files, others = choose_files(find_files(study.data), ADAM)
    _require_datasets(files, study.data)
    raw, coded = read_files(files, study.encoding)
    found, tables = [others, coded], {}
    for name in ADAM:
        tables[name], seen = _dataset(name, raw, files, study)
        found += seen
    _refuse_empty(tables["adsl"], files["adsl"])
    tables["adsl"], repeated, stop = one_row_a_subject(
        _with_arm(tables["adsl"], study), "adsl", files["adsl"].name
    )
    tables["adrs"], responses = _with_categories(tables["adrs"], criteria)
    found += [repeated, responses]
    stop = stop or stopping_sentence(findings.collect(found), _name(files, "adrs"), criteria)
    if stop is None:
        checked, stop = run_adam_checks(tables, study, criteria)
        found.append(checked)
    return tables, findings.collect(found), stop


def _require_datasets(files: dict[str, Path], folder: str) -> None:
    """Stop where ADSL, or both ADRS and ADTTE, are missing."""
    for wanted in (("adsl",), ("adrs", "adtte")):
        if not set(wanted) & set(files):
            names = " or ".join(name.upper() for name in wanted)
            raise DataError(f"{folder}: no file for {names}, which entry: adam needs")


def _refuse_empty(adsl: pd.DataFrame, path: Path) -> None:
    """Stop where there is no subject."""
    if adsl.empty:
        raise DataError(f"{path}: ADSL has no subject; one row for each subject is needed")


def _name(files: dict[str, Path], dataset: str) -> str:
    return files[dataset].name if dataset in files else dataset


def _dataset(
    name: str, raw: dict[str, pd.DataFrame], files: dict[str, Path], study: Study
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return one dataset in our columns, typed and sorted, and its findings."""
    table, found = raw.get(name, pd.DataFrame()), []
    if name in raw:
        table = _renamed(table, getattr(study.columns, name), files[name])
        table = _with_days(table)
        require_columns(table, name, files[name], _needed(name, table))
    table = text_columns(table, (*TEXT[name], *DATES[name], *NUMBERS[name]))
    table, dated = _with_dates(table, name)
    table, counted = _with_numbers(table, name)
    table = _with_paramcd(table)
    found += [dated, counted]
    if name != "adsl":
        table, evaluated = _with_evaluator(table, name, study)
        found.append(evaluated)
    return table.sort_values(SORT[name], kind="stable", ignore_index=True), found


def _needed(name: str, table: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns a dataset needs; ADTTE may bring dates instead of AVAL."""
    if name == "adtte" and {"ADT", "STARTDT"} <= set(table.columns):
        return ("USUBJID", "PARAMCD", "CNSR")
    return NEEDED[name]


def _renamed(table: pd.DataFrame, names: dict[str, str], path: Path) -> pd.DataFrame:
    """Give columns our names by the study's map {ours: theirs}."""
    renamed = {}
    for ours, theirs in names.items():
        if theirs.upper() not in table:
            near = nearest(theirs, table.columns)
            raise DataError(f"{path}: no column {theirs}, which columns maps to {ours}{near}")
        renamed[ours.upper()] = table[theirs.upper()]
    return table.assign(**renamed)


def _with_days(table: pd.DataFrame) -> pd.DataFrame:
    """Add ``<X>DT`` from each ``<X>DTM`` that stands without it."""
    times = [name for name in table.columns if name.endswith("DTM") and name[:-1] not in table]
    return table.assign(**{name[:-1]: table[name] for name in times})


def _with_dates(table: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn ``<X>DT`` columns into days; one that is no complete day is missing, with a finding."""
    found, days = [], {}
    for column in [column for column in table.columns if column.endswith("DT")]:
        parsed = parse_dtc(table[column])
        days[column] = parsed["LO"].where(parsed["FLAG"].eq(""))
        wrong = table[table[column].notna() & days[column].isna()]
        message = f"{column} '{{{column}}}' is no complete date; the record is kept without it"
        found.append(findings.reading("F-DATE-001", name, wrong, message))
    return table.assign(**days), findings.collect(found)


def _with_numbers(table: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn the numeric columns into numbers; text that is none becomes missing."""
    found, numbers = [], {}
    for column in NUMBERS[name]:
        numbers[column] = pd.to_numeric(table[column], errors="coerce").astype("float64")
        wrong = table[table[column].notna() & numbers[column].isna()]
        message = f"{column} '{{{column}}}' is no number; the record is kept without it"
        found.append(findings.reading("F-NUM-001", name, wrong, message))
    return table.assign(**numbers), findings.collect(found)


def _with_paramcd(table: pd.DataFrame) -> pd.DataFrame:
    """Give known parameter codes our name, where no other record of the dataset has it."""
    if "PARAMCD" not in table:
        return table
    present = set(table["PARAMCD"].dropna())
    taken, names = set(present), {}
    for theirs, ours in PARAMCD_ALIASES.items():
        if theirs in present and ours not in taken:
            names[theirs] = ours
            taken.add(ours)
    return table.assign(PARAMCD=table["PARAMCD"].replace(names))


def _with_evaluator(
    table: pd.DataFrame, name: str, study: Study
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Set EVAL to IRC or INV; in ADRS a blank one is the study's primary evaluator."""
    code = pd.Series(None, index=table.index, dtype=object)
    for column in EVALUATOR_COLUMNS:
        if column in table and evaluator_code(table[column]).notna().any():
            code = evaluator_code(table[column])
            break
    if name == "adtte":
        return table.assign(EVAL=code.where(code.notna(), "")), findings.no_findings()
    blank = code.isna()
    message = f"EVAL is blank on {int(blank.sum())} records; {study.primary_evaluator} is taken"
    told = findings.about_file("F-ADAM-101", name, message) if blank.any() else []
    return table.assign(EVAL=code.where(~blank, study.primary_evaluator)), findings.collect([told])


def _with_arm(adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Give ARMCD where it is absent: by the arm's label in ARM or TRT01P, else the only arm."""
    labels = {arm.label.upper(): code for code, arm in study.arms.items()}
    labels |= {code.upper(): code for code in study.arms}
    code = adsl["ARMCD"]
    for column in ("TRT01P", "ARM"):
        code = code.where(code.notna(), adsl[column].str.upper().map(labels))
    if len(study.arms) == 1:
        code = code.where(code.notna(), next(iter(study.arms)))
    return adsl.assign(ARMCD=code.astype(object).where(code.notna(), None))


def _with_categories(adrs: pd.DataFrame, criteria: Criteria) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Map the results of visit responses (OVR) to the criteria's categories; blank is NE."""
    visit = adrs["PARAMCD"].eq("OVR")
    code = canonical(adrs["AVALC"], criteria).mask(adrs["AVALC"].isna(), "NE")
    unknown = adrs[visit & code.isna()]
    words = list(criteria.alias_map)
    message = [f"result '{word}' is unknown{nearest(word, words)}" for word in unknown["AVALC"]]
    blank = adrs[visit & adrs["AVALC"].isna()]
    found = [
        findings.reading("F-RS-003", "adrs", unknown, message),
        findings.reading("F-RS-001", "adrs", blank, "no result; it counts as NE"),
    ]
    category = code.where(visit, adrs["AVALC"]).astype(object)
    return adrs.assign(AVALC=category.where(category.notna(), None)), findings.collect(found)
