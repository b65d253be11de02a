"""Entry with ADaM already derived: ADSL, ADRS and ADTTE in our column names (decision D25)."""

from pathlib import Path

import pandas as pd

from cartend.config.brought import Adam
from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.config.words import words_of
from cartend.contract.datasets.adam import ARM_COLUMNS, BROUGHT, ORDER, VISIT_RESPONSE
from cartend.contract.datasets.sdtm import SOURCE_ROW
from cartend.contract.text import hint
from cartend.intake import findings
from cartend.intake.aliases import canonical, unknown_responses
from cartend.intake.arms import arm_of
from cartend.intake.checks import run_adam_checks
from cartend.intake.checks.base import Trial
from cartend.intake.dates import otherwise_read, read_dates
from cartend.intake.delivery import Delivery
from cartend.intake.errors import DataError
from cartend.intake.infusion import renamed_to, with_infusion
from cartend.intake.numbers import numbers_in, read_otherwise, without_missing
from cartend.intake.parameters import with_parameters
from cartend.intake.reader import (
    choose_files,
    find_files,
    needed_names,
    read_files,
    require_columns,
    rows_of_others,
)
from cartend.intake.reasons import times_read
from cartend.intake.rows import rows_of_adam
from cartend.intake.shape import text_columns
from cartend.intake.stops import Stop, StopError, unreadable
from cartend.intake.subjects import ids_spelled_alike, one_row_a_subject
from cartend.intake.units import in_our_units, times_in_days
from cartend.intake.wordlist import words_of_adam
from cartend.intake.words import RAW, in_our_words, spoken, unmatched_words


def read_adam(study: Study, criteria: Criteria) -> Delivery:
    """Return ADSL, ADRS and ADTTE, the findings and the stops.

    1. Rename by the study's ``columns``; cut times off; give ADT from ADTM where it is absent.
    2. Put words into ours; type the columns; say which date is the infusion.
    3. Give ADSL its arm, ADRS and ADTTE their parameter and evaluator.
    4. Map the visit responses (PARAMCD OVR) to the criteria's categories.
    5. Run the ADaM checks.

    A dataset that cannot be read is a stop, and the others are read on.

    Raises
    ------
    DataError
        Where there is no folder, no file, or no list of subjects that can be read.
    """
    files, others, unknown = choose_files(find_files(study.data), tuple(BROUGHT))
    _require_datasets(files, study.data)
    read = read_files(files, study.encoding)
    foreign, unread = rows_of_others(others, study.encoding)
    found, stops = [unknown, read.findings, unread], list(read.stops)
    tables = {}
    for name in BROUGHT:
        try:
            tables[name], seen = _dataset(name, read.tables, files, study, criteria)
        except DataError as error:
            if name == "adsl":
                raise
            stops += unreadable(error, files[name].name if name in files else name.upper())
            unmapped = study.model_copy(update={"adam": Adam()})
            tables[name], seen = _dataset(name, {}, files, unmapped, criteria)
        found += seen
    stops += _in_our_units(tables, found, study)
    if "adsl" not in read.tables:
        raise StopError(stops)
    _refuse_empty(tables["adsl"], files["adsl"])
    tables["adsl"], repeated, twice = one_row_a_subject(
        _with_arm(tables["adsl"], study), "adsl", files["adsl"].name
    )
    alike, spelled = ids_spelled_alike(tables)
    tables["adrs"], responses = _with_categories(tables["adrs"], criteria)
    found += [repeated, alike, responses]
    told = unknown_responses(findings.collect(found), _name(files, "adrs"), criteria)
    trial = Trial(tables, study, criteria)
    checked, more = run_adam_checks(trial)
    return Delivery(
        tables,
        findings.collect([*found, checked]),
        [*stops, *twice, *spelled, *told, *more],
        rows_of_adam(trial, read, foreign),
        words_of_adam(trial),
    )


def _in_our_units(
    tables: dict[str, pd.DataFrame], found: list[pd.DataFrame], study: Study
) -> list[Stop]:
    """Bring ages into years and times into days; add what is to be said, return the stops."""
    tables["adsl"], aged, stops = in_our_units(tables["adsl"], "adsl")
    read = times_read(tables["adrs"], tables["adtte"], study)
    tables["adtte"], timed, more = times_in_days(tables["adtte"], study.months, read)
    found += [*aged, *timed]
    return [*stops, *more]


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
    name: str,
    raw: dict[str, pd.DataFrame],
    files: dict[str, Path],
    study: Study,
    criteria: Criteria,
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return one dataset in our columns, typed and sorted, and its findings."""
    table = raw.get(name, pd.DataFrame({SOURCE_ROW: pd.Series(dtype="int64")}))
    if name in raw:
        table = _renamed(table, renamed_to(getattr(study.adam_columns, name)), files[name])
        table = _with_days(table)
        require_columns(table, name, files[name], _needed(name, table))
    brought = list(table.columns)
    table, lacking = without_missing(table, BROUGHT[name], spoken(study, criteria, name))
    unmatched = unmatched_words(table, name, study)
    table = text_columns(table, BROUGHT[name].names)
    table = in_our_words(table, BROUGHT[name], words_of(study.words, name))
    table, dated = _with_dates(table, name)
    table, counted = _with_numbers(table, name)
    if name == "adsl":
        table, told = with_infusion(table, brought, study)
    else:
        path = files.get(name, Path(study.data) / name)
        table, told = with_parameters(table, name, study, path)
    table = table.sort_values(ORDER[name], kind="stable", ignore_index=True)
    return table, [lacking, unmatched, dated, counted, told]


def _needed(name: str, table: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns a dataset needs; ADTTE may bring dates instead of AVAL."""
    needed = list(needed_names(BROUGHT[name]))
    if name == "adtte" and {"ADT", "STARTDT"} <= set(table.columns):
        needed.remove("AVAL")
    return tuple(needed)


def _renamed(table: pd.DataFrame, names: dict[str, str], path: Path) -> pd.DataFrame:
    """Give columns our names by the study's map {ours: theirs}."""
    renamed = {}
    for ours, theirs in names.items():
        if theirs not in table:
            near = hint(theirs, table.columns)
            raise DataError(f"{path}: no column {theirs}, which columns maps to {ours}{near}")
        renamed[ours] = table[theirs]
    return table.assign(**renamed)


def _with_days(table: pd.DataFrame) -> pd.DataFrame:
    """Add ``<X>DT`` from each ``<X>DTM`` that stands without it."""
    times = [name for name in table.columns if name.endswith("DTM") and name[:-1] not in table]
    return table.assign(**{name[:-1]: table[name] for name in times})


def _with_dates(table: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn ``<X>DT`` columns into days; one that is no complete day is missing, with a finding."""
    found, days = [], {}
    for column in [column for column in table.columns if column.endswith("DT")]:
        parsed = read_dates(table[column])
        found.append(otherwise_read(table[column], parsed["HOW"], name))
        days[column] = parsed["LO"].where(parsed["FLAG"].eq(""))
        wrong = table[table[column].notna() & days[column].isna()]
        message = f"{column} '{{{column}}}' is no complete date; the record is kept without it"
        found.append(findings.reading("F-DATE-001", name, wrong, message))
    return table.assign(**days), findings.collect(found)


def _with_numbers(table: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn the numeric columns into numbers; text that is none becomes missing."""
    found, numbers = [], {}
    for column in BROUGHT[name].of_kind("number"):
        numbers[column] = numbers_in(table[column])
        found.append(read_otherwise(table[column], numbers[column], name))
        wrong = table[table[column].notna() & numbers[column].isna()]
        message = f"{column} '{{{column}}}' is no number; the record is kept without it"
        found.append(findings.reading("F-NUM-001", name, wrong, message))
    return table.assign(**numbers), findings.collect(found)


def _with_arm(adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Give ARMCD by what ARMCD, TRT01P or ARM says; where none says anything, the only arm."""
    code = arm_of(adsl, ARM_COLUMNS, study.arms)
    if len(study.arms) == 1:
        code = code.where(code.notna(), next(iter(study.arms)))
    given = adsl["ARMCD"]
    differs = given.notna() & given.ne(code)
    raw = {"ARMCD" + RAW: given.where(differs, None)} if differs.any() else {}
    return adsl.assign(ARMCD=code.astype(object).where(code.notna(), None), **raw)


def _with_categories(adrs: pd.DataFrame, criteria: Criteria) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Map the results of visit responses (OVR) to the criteria's categories; blank is NE."""
    visit = adrs["PARAMCD"].eq(VISIT_RESPONSE)
    code = canonical(adrs["AVALC"], criteria).mask(adrs["AVALC"].isna(), "NE")
    unknown = adrs[visit & code.isna()]
    message = [
        f"result '{word}' is unknown{hint(word, criteria.texts)}" for word in unknown["AVALC"]
    ]
    blank = adrs[visit & adrs["AVALC"].isna()]
    found = [
        findings.reading("F-RS-003", "adrs", unknown, message),
        findings.reading("F-RS-001", "adrs", blank, "no result; it counts as NE"),
    ]
    category = code.where(visit, adrs["AVALC"]).astype(object)
    return adrs.assign(AVALC=category.where(category.notna(), None)), findings.collect(found)
