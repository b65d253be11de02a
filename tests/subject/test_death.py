import pandas as pd
import pytest

from cartend.subject.death import cause_of_death, death_records, impute_death

CUT = pd.Timestamp("2025-06-30")


def imputed(make, text, alive, cutoff=CUT):
    """Impute the death of one subject dated by this text, last known alive on that day."""
    dm = [{"USUBJID": "A", "DTHFL": "Y", "DTHDTC": text}]
    records = death_records(make.domains(dm=dm))
    last = pd.Series(make.days(alive).to_numpy(), index=["A"])
    row = impute_death(records, last, cutoff).loc["A"]
    dates = [str(row[name].date()) for name in ("DTHDT", "DTHDTLO", "DTHDTHI")]
    return (*dates, row["DTHDTF"])


@pytest.mark.parametrize(
    ("text", "alive", "want"),
    [
        # complete
        ("2025-03-04", "2025-01-10", ("2025-03-04", "2025-03-04", "2025-03-04", "")),
        # day missing: the 15th
        ("2025-03", "2025-01-10", ("2025-03-15", "2025-03-01", "2025-03-31", "D")),
        # but not before last known alive + 1
        ("2025-03", "2025-03-20", ("2025-03-21", "2025-03-21", "2025-03-31", "D")),
        # last alive on the last day of the month contradicts: the last possible day
        ("2025-03", "2025-03-31", ("2025-03-31", "2025-03-31", "2025-03-31", "D")),
        # month missing: middle of [last alive + 1, end of year]; 11 Jan to 31 Dec 2024
        ("2024", "2024-01-10", ("2024-07-06", "2024-01-11", "2024-12-31", "M")),
        # last alive the year before: the interval begins with the year
        ("2024", "2023-11-10", ("2024-07-01", "2024-01-01", "2024-12-31", "M")),
        # the year of the cut-off: middle of [1 May, 30 June]
        ("2025", "2025-04-30", ("2025-05-31", "2025-05-01", "2025-06-30", "M")),
        # dead without any date: middle of [last alive + 1, cut-off]
        (None, "2025-04-30", ("2025-05-31", "2025-05-01", "2025-06-30", "Y")),
        # after the cut-off: not moved before it
        ("2025-08", "2025-04-30", ("2025-08-15", "2025-08-01", "2025-08-31", "D")),
    ],
)
def test_a_partial_death_date_is_imputed_inside_what_is_possible(make, text, alive, want):
    assert imputed(make, text, alive) == want


def test_a_death_in_the_month_of_the_cutoff_is_not_after_it(make):
    cutoff = pd.Timestamp("2025-06-10")
    want = ("2025-06-10", "2025-06-01", "2025-06-10", "D")
    assert imputed(make, "2025-06", "2025-01-10", cutoff) == want


def test_the_first_source_with_a_date_decides_and_a_status_says_by_when(make):
    got = death_records(
        make.domains(
            dm=[
                {"USUBJID": "A", "DTHFL": "Y", "DTHDTC": "2025-03-04"},
                {"USUBJID": "B", "DTHFL": "Y", "DTHDTC": None},
                {"USUBJID": "C", "DTHFL": None, "DTHDTC": None},
                {"USUBJID": "D", "DTHFL": None, "DTHDTC": None},
                {"USUBJID": "E", "DTHFL": "Y", "DTHDTC": None},
            ],
            ds=[
                {"USUBJID": "A", "DSDECOD": "DEATH", "DSSTDTC": "2025-03-09"},
                {"USUBJID": "B", "DSDECOD": "DEATH", "DSSTDTC": "2025-02-02"},
            ],
            dd=[{"USUBJID": "C", "DDTESTCD": "PRCDTH", "DDDTC": "2025-01-31"}],
            ae=[
                {"USUBJID": "D", "AEOUT": "FATAL", "AESTDTC": "2025-01-01", "AEENDTC": None},
                {"USUBJID": "F", "AEOUT": "RECOVERED", "AESTDTC": "2025-01-01", "AEENDTC": None},
            ],
        )
    )
    assert got["SRCDOM"].to_dict() == {"A": "DM", "B": "DS", "C": "DD", "D": "AE", "E": "DM"}
    day = got["LO"].dt.strftime("%m-%d")
    assert day.dropna().to_dict() == {"A": "03-04", "B": "02-02", "C": "01-31"}
    assert got["UPPER"].to_dict() == {"A": False, "B": False, "C": True, "D": False, "E": False}


def test_a_cause_is_a_class_of_the_taxonomy_and_its_text_is_kept(make):
    domains = make.domains(
        dd=[
            {"USUBJID": "A", "DDTESTCD": "PRCDTH", "DDSTRESC": "Disease under study"},
            {"USUBJID": "B", "DDTESTCD": "PRCDTH", "DDSTRESC": "SEPSIS"},
            {"USUBJID": "C", "DDTESTCD": "PRCDTH", "DDSTRESC": "ROAD ACCIDENT"},
            {"USUBJID": "F", "DDTESTCD": "PRCDTH", "DDSTRESC": "Other: road accident"},
        ],
        ae=[
            {"USUBJID": "D", "AEDECOD": "Cytokine release syndrome", "AESDTH": "Y"},
            {"USUBJID": "G", "AEDECOD": "Road traffic accident", "AESDTH": "Y"},
        ],
    )
    got = cause_of_death(domains, pd.Index(list("ABCDEFG")))
    assert got["DTHCAUS"].tolist() == [
        "DISEASE UNDER STUDY",
        "INFECTION",
        "UNKNOWN",
        "CRS",
        "UNKNOWN",
        "OTHER",
        "OTHER",
    ]
    assert got["DTHCAUSR"].tolist()[2:5] == ["ROAD ACCIDENT", "CYTOKINE RELEASE SYNDROME", None]
