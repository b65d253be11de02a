"""The first step of a run: read a study's files, bring them into shape, list what is odd."""

from pathlib import Path

import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.intake import findings
from cartend.intake.adam import read_adam
from cartend.intake.aliases import add_response, stopping_sentence
from cartend.intake.checks import run_checks
from cartend.intake.dates import add_dates
from cartend.intake.domains import DOMAINS
from cartend.intake.errors import DataError
from cartend.intake.reader import (
    choose_files,
    find_files,
    needed_columns,
    read_files,
    require_columns,
    require_domains,
)
from cartend.intake.shape import empty_domain, shape_domain
from cartend.intake.store import write_findings, write_parquet
from cartend.intake.subjects import one_row_a_subject
from cartend.intake.supp import merge_supp

Tables = dict[str, pd.DataFrame]


def ingest(study: Study, criteria: Criteria, out_dir: Path, findings_path: Path) -> None:
    """Read the study's data folder, write one Parquet file a domain and the findings list.

    The findings are written before the run stops for one of them.
    """
    out_dir, findings_path = Path(out_dir), Path(findings_path)
    read = read_adam if study.entry == "adam" else read_domains
    tables, found, stop = read(study, criteria)
    tables = with_finding_ids(tables, found)
    write_findings(found, findings_path)
    if stop is not None:
        raise DataError(stop)
    out_dir.mkdir(parents=True, exist_ok=True)
    for name in DOMAINS:
        if name not in tables:
            tables[name] = add_dates(empty_domain(DOMAINS[name]), name)[0]
            tables[name] = tables[name].assign(FINDING_IDS=pd.Series(dtype=object))
    for name, table in tables.items():
        write_parquet(table, out_dir / f"{name}.parquet")


def read_domains(study: Study, criteria: Criteria) -> tuple[Tables, pd.DataFrame, str | None]:
    """Return the shaped domains, the findings, and the sentence for which the run stops.

    1. Read every file; merge SUPP--; require the needed columns.
    2. Shape columns, numbers and record numbers; parse the dates.
    3. Give response records their category and evaluator.
    4. Run the input checks.
    """
    files, others = choose_files(find_files(study.data), tuple(DOMAINS))
    require_domains(files, study.data, study.design == "randomised")
    raw, coded = read_files(files, study.encoding)
    found, tables = [others, coded, *_absent(files)], {}
    for name in DOMAINS:
        tables[name], seen = _domain(name, raw, files, study)
        found += seen
    tables["dm"], repeated, stop = one_row_a_subject(tables["dm"], "dm", files["dm"].name)
    tables["rs"], responses = add_response(tables["rs"], study, criteria)
    found += [repeated, responses]
    stop = stop or stopping_sentence(responses, files["rs"].name, criteria)
    if stop is None:
        checked, stop = run_checks(tables, study, criteria)
        found.append(checked)
    return tables, findings.collect(found), stop


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
    name: str, raw: Tables, files: dict[str, Path], study: Study
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return one domain in shape, and its findings."""
    if name not in raw:
        return add_dates(empty_domain(DOMAINS[name]), name)[0], []
    table, found = raw[name], []
    needed = needed_columns(name, table, study.design, len(study.arms))
    require_columns(table, name, files[name], needed)
    if name in ("dm", "rs") and table.empty:
        _refuse_empty_dm(name, files[name])
        found.append(findings.about_file("F-FILE-003", name, f"{files[name].name} has no record"))
    if f"supp{name}" in raw:
        path = files[f"supp{name}"]
        table, merged = merge_supp(table, raw[f"supp{name}"], name, path)
        found.append(merged)
    if name == "dm" and "ARMCD" not in table:
        arm = next(iter(study.arms))
        table = table.assign(ARMCD=arm)
        found.append(findings.about_file("F-DM-003", name, f"ARMCD is not in DM; {arm} is taken"))
    table, shaped = shape_domain(table, DOMAINS[name])
    table, dated = add_dates(table, name)
    return table, [*found, shaped, dated]


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
