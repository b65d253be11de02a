"""The first step of a run: read a study's files, bring them into shape, list what is odd."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.records import all_records
from cartend.config.study import Study
from cartend.config.words import words_of
from cartend.contract.check import write
from cartend.contract.datasets.admission import ROWS, WORDS
from cartend.contract.datasets.sdtm import FIRST_TREATMENT, SDTM
from cartend.intake import findings
from cartend.intake.account import all_rows
from cartend.intake.adam import read_adam
from cartend.intake.aliases import add_response, unknown_responses
from cartend.intake.arms import by_arm_alone, with_arms
from cartend.intake.checks import run_checks
from cartend.intake.checks.base import Trial
from cartend.intake.dates import add_dates
from cartend.intake.delivery import Delivery
from cartend.intake.errors import DataError
from cartend.intake.happened import happened
from cartend.intake.numbers import without_missing
from cartend.intake.reader import (
    choose_files,
    find_files,
    needed_columns,
    read_files,
    require_columns,
    require_domains,
    rows_of_others,
)
from cartend.intake.roles import contradiction_findings, refuse_absent_columns, with_roles
from cartend.intake.rows import rows_of_domains
from cartend.intake.shape import empty_domain, shape_domain
from cartend.intake.stops import Stop, StopError, is_fatal, unreadable, write_stops
from cartend.intake.store import write_findings, write_table
from cartend.intake.subjects import ids_spelled_alike, one_row_a_subject
from cartend.intake.supp import merge_supp
from cartend.intake.units import in_our_units
from cartend.intake.wordlist import no_words, words_of_domains
from cartend.intake.words import spoken, unmatched_words

Tables = dict[str, pd.DataFrame]


def ingest(
    study: Study,
    criteria: Criteria,
    out_dir: Path,
    findings_path: Path,
    stops_path: Path | None = None,
) -> None:
    """Read the study's data folder, write one Parquet file a domain and the findings list.

    1. Each domain has its records' roles in ROLE, and the ids of their findings in FINDING_IDS.
    2. What must be settled before a number is made stands in ``out_dir/stops.csv``: the gate of
       the run (room ``admission``) ends it there, with every other stop. ``rows.parquet`` accounts
       for every row of the files, ``words.parquet`` for every word that tells records apart.
    3. Where no subject can be derived at all, the run ends here, findings and stops written;
       the stops to ``stops_path``, where the gate would have listed them.

    Raises
    ------
    StopError
        Where a stop is fatal.
    """
    out_dir, findings_path = Path(out_dir), Path(findings_path)
    read = read_adam if study.entry == "adam" else read_domains
    try:
        delivery = read(study, criteria)
    except DataError as error:
        delivery = Delivery(
            {}, findings.no_findings(), unreadable(error, ""), all_rows([]), no_words()
        )
    tables = with_finding_ids(delivery.tables, delivery.findings)
    write_findings(delivery.findings, findings_path)
    if not tables or any(is_fatal(stop) for stop in delivery.stops):
        if stops_path is not None:
            write_stops(delivery.stops, stops_path)
        raise StopError(delivery.stops)
    out_dir.mkdir(parents=True, exist_ok=True)
    write_stops(delivery.stops, out_dir / "stops.csv")
    write(delivery.rows, ROWS, out_dir / "rows.parquet")
    write(delivery.words, WORDS, out_dir / "words.parquet")
    for name in SDTM:
        if name not in tables:
            tables[name] = _without_records(name).assign(FINDING_IDS=pd.Series(dtype=object))
    for name, table in tables.items():
        write_table(table, name, out_dir)


def read_domains(study: Study, criteria: Criteria) -> Delivery:
    """Return the shaped domains, the findings and the stops.

    1. Read every file; merge SUPP--; require the needed columns, and those that roles name.
    2. Put words into ours; shape columns, numbers and record numbers.
    3. Give each record its roles; parse the dates.
    4. Give response records their category and evaluator.
    5. Run the input checks.

    A domain that cannot be read is a stop, and the others are read on.

    Raises
    ------
    DataError
        Where there is no folder, no file, or no list of subjects that can be read.
    """
    files, others, unknown = choose_files(find_files(study.data), tuple(SDTM))
    require_domains(files, study.data, study.design == "randomised")
    read = read_files(files, study.encoding)
    foreign, unread = rows_of_others(others, study.encoding)
    found, stops = [unknown, read.findings, unread, *_absent(files)], list(read.stops)
    domains: dict[str, Domain] = {}
    for name in SDTM:
        try:
            domains[name] = _domain(name, read.tables, files, study, criteria)
        except DataError as error:
            stops += unreadable(error, files[name].name if name in files else name.upper())
            domains[name] = Domain(nothing := _without_records(name), nothing, [], [])
        found += domains[name].findings
        stops += domains[name].stops
    tables = {name: one.table for name, one in domains.items()}
    if tables["dm"].empty:
        raise StopError(stops)
    if tables["ex"].empty and len(domains["ex"].removed):
        tables["dm"] = without_first_treatment(tables["dm"])
    tables["dm"], repeated, twice = one_row_a_subject(tables["dm"], "dm", files["dm"].name)
    alike, spelled = ids_spelled_alike(tables)
    contradicted, both = contradiction_findings(tables, study.id)
    tables["rs"], responses = add_response(tables["rs"], study, criteria)
    found += [repeated, alike, contradicted, responses]
    stops += [*twice, *spelled, *both, *unknown_responses(responses, files["rs"].name, criteria)]
    trial = Trial(tables, study, criteria)
    checked, more = run_checks(trial)
    removed = {name: one.removed for name, one in domains.items()}
    return Delivery(
        tables,
        findings.collect([*found, checked]),
        [*stops, *more],
        rows_of_domains(trial, read, foreign, removed),
        words_of_domains(trial, removed),
    )


class Domain(NamedTuple):
    """One domain as read: its records, those that did not happen, its findings and stops."""

    table: pd.DataFrame
    removed: pd.DataFrame
    findings: list[pd.DataFrame]
    stops: list[Stop]


UNSEEN = {
    "cm": "bridging, prior lines and new anticancer therapy are not seen; to every endpoint that "
    "looks for new therapy (EFS, PFS with censoring at it, DOR, NRM) there is none",
    "pr": "leukapheresis, transplantation and radiotherapy are not seen",
    "dd": "the cause of every death counts as UNKNOWN",
    "lb": "no MRD endpoint can be derived",
}


def _absent(files: dict[str, Path]) -> list[pd.DataFrame]:
    """Return a finding for each optional domain without file that endpoints would look into."""
    return [
        findings.about_file("F-FILE-004", name, f"no file for {name.upper()}: {unseen}")
        for name, unseen in UNSEEN.items()
        if name not in files
    ]


def _domain(
    name: str, raw: Tables, files: dict[str, Path], study: Study, criteria: Criteria
) -> Domain:
    """Return one domain in shape, with roles and dates, and its findings."""
    records = all_records(study.records)
    if name not in raw:
        refuse_absent_columns([], name, records, study.id, None)
        return Domain(nothing := _without_records(name), nothing, [], [])
    table, found = raw[name], []
    needed = needed_columns(SDTM[name], table, study.design, len(study.arms))
    require_columns(table, name, files[name], needed)
    if name in ("dm", "rs") and table.empty:
        _refuse_empty_dm(name, files[name])
        found.append(findings.about_file("F-FILE-003", name, f"{files[name].name} has no record"))
    if f"supp{name}" in raw:
        supp = f"supp{name}"
        qualifiers = words_of(study.words, supp).get("QNAM")
        table, merged = merge_supp(table, raw[supp], name, files[supp], qualifiers)
        found += [merged, unmatched_words(raw[supp], supp, study)]
    refuse_absent_columns(list(table.columns), name, records, study.id, files[name])
    table, lacking = without_missing(table, SDTM[name], spoken(study, criteria, name))
    found.append(lacking)
    found.append(unmatched_words(table, name, study))
    brought = set(table.columns)
    table, shaped = shape_domain(table, name, words_of(study.words, name))
    if name == "dm":
        table, armed = _with_arms(table, study, brought)
        found.append(armed)
    table, dated = add_dates(with_roles(table, name, records), name)
    table, measured, stops = in_our_units(table, name)
    stands = happened(table, name)
    seen = [*found, shaped, dated, *measured, stands.findings]
    return Domain(stands.kept, stands.removed, seen, stops)


def without_first_treatment(dm: pd.DataFrame) -> pd.DataFrame:
    """Return DM without the date of the first treatment, for EX says that none happened.

    It stands in for an infusion only where EX is absent (decision D5), not where EX denies it.
    """
    stem = FIRST_TREATMENT[:-1]
    return dm.assign(**{f"{stem}_LO": pd.NaT, f"{stem}_HI": pd.NaT, f"{stem}F": None}).astype(
        {f"{stem}_LO": "M8[ms]", f"{stem}_HI": "M8[ms]"}
    )


def _with_arms(
    dm: pd.DataFrame, study: Study, brought: set[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return DM with the study's arms; where it has no ARMCD and the study one arm, that one."""
    dm, named = with_arms(dm, study.arms), by_arm_alone(dm, study.arms)
    if "ARMCD" in brought or len(study.arms) > 1:
        return dm, findings.collect(
            findings.about_file("F-DM-008", "dm", message) for message in named
        )
    arm = next(iter(study.arms))
    told = findings.about_file("F-DM-003", "dm", f"ARMCD is not in DM; {arm} is taken")
    return dm.assign(ARMCD=dm["ARMCD"].where(dm["ARMCD"].notna(), arm)), told


def _without_records(name: str) -> pd.DataFrame:
    """Return a domain without file: its columns, dates and ROLE, and no record."""
    return add_dates(with_roles(empty_domain(name), name, {}), name)[0]


def _refuse_empty_dm(name: str, path: Path) -> None:
    """Stop where there is no subject."""
    if name == "dm":
        raise DataError(f"{path}: DM has no subject; one row for each subject is needed")


def with_finding_ids(tables: Tables, found: pd.DataFrame) -> Tables:
    """Add ``FINDING_IDS`` to each domain: the findings of each record, joined by blanks."""
    return {name: _marked(table, name, found) for name, table in tables.items()}


def _marked(table: pd.DataFrame, name: str, found: pd.DataFrame) -> pd.DataFrame:
    """Add the ids of a domain's findings to its records."""
    own = found[found["domain"].eq(name.upper()) & found["usubjid"].ne("")]
    ids = own.groupby(["usubjid", "record"])["finding_id"].agg(lambda x: " ".join(sorted(set(x))))
    if ids.empty or "USUBJID" not in table:
        return table.assign(FINDING_IDS=pd.Series(None, index=table.index, dtype=object))
    keys = pd.MultiIndex.from_arrays([table["USUBJID"], findings.record_of(table, name)])
    marks = pd.Series(ids.reindex(keys).to_numpy(dtype=object), index=table.index)
    return table.assign(FINDING_IDS=marks.where(marks.notna(), None))
