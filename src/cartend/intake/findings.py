"""The findings list: what was seen in the data, one row a record, nothing dropped for it."""

from collections.abc import Iterable, Sequence

import pandas as pd

from cartend.contract.datasets.findings import FINDINGS
from cartend.contract.terms.general import SEVERITY

NONE = pd.DataFrame(columns=FINDINGS.names, dtype=object)

READING: dict[str, tuple[str, str]] = {
    "F-FILE-001": ("note", "A file is no UTF-8 text parted by commas; how it was read is named."),
    "F-FILE-002": ("note", "A file of the data folder is no domain of the contract; not read."),
    "F-FILE-003": ("warning", "A required domain has no record."),
    "F-FILE-004": ("note", "An optional domain has no file; what cannot be seen is named."),
    "F-FILE-005": ("note", "A file that is no dataset of the contract cannot be read either."),
    "F-SUPP-001": ("warning", "A supplemental record finds no parent record."),
    "F-SUPP-002": ("warning", "A supplemental value stands twice or contradicts its parent."),
    "F-SEQ-001": ("note", "A domain has no record numbers; 1 to n was given within each subject."),
    "F-SEQ-002": ("warning", "A record number is blank or no whole number; one was given."),
    "F-NUM-001": ("warning", "A number cannot be read; the record is kept without it."),
    "F-NUM-002": ("note", "A number is written with a decimal comma or other digits; it is read."),
    "F-NA-001": ("note", "A cell holds a word for missing, as R's NA; it is read as missing."),
    "F-DATE-001": ("error", "A date is no ISO 8601 date; the record is kept without a date."),
    "F-DATE-002": ("note", "A date has no month: the middle of what is possible is taken (D4)."),
    "F-DATE-003": ("note", "A date is no plain ISO 8601 and can mean one day alone; it is read."),
    "F-RS-001": ("note", "An assessment not done or without a result counts as not evaluable."),
    "F-RS-002": ("warning", "A response record does not name its criteria; the study's are taken."),
    "F-RS-003": ("error", "A response result is no word of the criteria."),
    "F-RS-004": ("error", "A response record names other criteria than the study."),
    "F-RS-005": ("error", "A response record's evaluator is not known."),
    "F-RS-006": ("note", "A response record that the criteria set aside; kept without category."),
    "F-DM-001": ("error", "A subject stands in DM twice with different values."),
    "F-DM-002": ("warning", "A subject stands in DM twice with equal values; one row is kept."),
    "F-ADAM-101": ("note", "A blank evaluator means the study's primary one."),
    "F-ADAM-102": ("note", "A parameter's name says what it is and who judged; it is so read."),
    "F-ADAM-103": ("warning", "The evaluator of a record and of its parameter are the same."),
    "F-ADAM-104": ("warning", "ADSL of a randomised study has the date of the infusion."),
    "F-ADAM-105": ("note", "In a single-arm study TRTSDT is the infusion where INFDT is absent."),
    "F-UNIT-001": ("note", "A value has no unit; it is read in the one of the contract."),
    "F-UNIT-002": ("note", "A value in another unit is turned into the one of the contract."),
    "F-MRD-007": ("warning", "A limit of detection is one that an assay may have (D52)."),
    "F-MRD-008": ("error", "A result as recorded and its standardised form are one result."),
    "F-DM-003": ("note", "DM names no arm and the study has one; it is taken."),
    "F-DM-008": ("note", "ARMCD names no arm of the study, and ARM does; ARM is taken."),
    "F-ID-004": ("error", "Two subjects' ids differ by more than their spelling."),
    "F-ROLE-004": ("error", "A record has one at most of the roles that exclude each other."),
    "F-OCC-001": ("note", "A record of a role says that it did not happen; it counts nowhere."),
    "F-OCC-002": ("error", "It is known of each record of a role whether it happened."),
    "F-OCC-003": ("note", "Records without role, or not done, say that nothing happened."),
    "F-WORD-002": ("warning", "Every word of the study file's words stands in the data."),
}


def no_findings() -> pd.DataFrame:
    """Return the empty findings table; it is shared and never changed."""
    return NONE


def record_of(frame: pd.DataFrame, domain: str) -> pd.Series:
    """Return the name of each record: ``RSSEQ 12``, in ADaM ``OVR ASEQ 3``, in DM nothing."""
    if "PARAMCD" in frame and "ASEQ" in frame:
        number = frame["ASEQ"].map("{:.0f}".format)
        number = (" ASEQ " + number).where(frame["ASEQ"].notna(), "")
        return frame["PARAMCD"].fillna("") + number
    seq = f"{domain.upper()}SEQ"
    if seq not in frame or frame.empty:
        return pd.Series("", index=frame.index, dtype=object)
    return seq + " " + frame[seq].astype("int64").astype(str)


def make(
    finding_id: str,
    severity: str,
    domain: str,
    frame: pd.DataFrame,
    message: str | Sequence[str],
    record: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return one finding for each row of ``frame``.

    ``message`` is a sentence with ``{COLUMN}`` fields, or one sentence a row.
    """
    if frame.empty:
        return no_findings()
    if isinstance(message, str):
        message = _filled(message, frame)
    subject = frame["USUBJID"] if "USUBJID" in frame else pd.Series("", index=frame.index)
    return pd.DataFrame(
        {
            "finding_id": finding_id,
            "severity": severity,
            "domain": domain.upper(),
            "usubjid": subject.fillna("").astype(str).to_numpy(),
            "record": list(record) if record is not None else record_of(frame, domain).tolist(),
            "message": list(message),
        }
    )


def _filled(template: str, frame: pd.DataFrame) -> list[str]:
    """Fill the template's fields with each row's values, dates as days."""
    names = [name for name in frame.columns if "{" + str(name) + "}" in template]
    if not names:
        return [template] * len(frame)
    values = {name: _shown(frame[name]) for name in names}
    return [
        template.format(**dict(zip(names, row, strict=True)))
        for row in zip(*values.values(), strict=True)
    ]


def _shown(values: pd.Series) -> list[str]:
    """Return values as a reader writes them: days without a time, whole numbers without .0."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d").fillna("no date").tolist()
    if pd.api.types.is_float_dtype(values):
        return [f"{value:.10g}" for value in values]
    return values.astype(object).where(values.notna(), "blank").astype(str).tolist()


def reading(
    finding_id: str,
    domain: str,
    frame: pd.DataFrame,
    message: str | Sequence[str],
    record: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return findings of the reading step, their severity taken from ``READING``."""
    return make(finding_id, READING[finding_id][0], domain, frame, message, record)


def about_file(finding_id: str, domain: str, message: str) -> pd.DataFrame:
    """Return one finding about a whole file."""
    return reading(finding_id, domain, pd.DataFrame({"USUBJID": [""]}), [message], [""])


def collect(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Join findings and sort them: the gravest first, then by id, domain, subject and record."""
    kept = [part for part in parts if len(part)]
    if not kept:
        return no_findings()
    table = pd.concat(kept, ignore_index=True)[FINDINGS.names]
    table["_rank"] = table["severity"].map(SEVERITY.place)
    table["_number"] = pd.to_numeric(table["record"].str.extract(r"(\d+)$")[0]).fillna(0)
    order = ["_rank", "finding_id", "domain", "usubjid", "_number", "record", "message"]
    return table.sort_values(order, kind="stable", ignore_index=True)[FINDINGS.names]
