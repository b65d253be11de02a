import pandas as pd

from cartend.response.records import choose_records

RANK = {"CR": 0, "PR": 1, "SD": 2, "PD": 3, "NE": 4}


def rows_of(make, *given):
    names = ["USUBJID", "ADT", "SEQ", "AVALC", "RSEVAL", "RSEVALID", "RSACPTFL"]
    frame = pd.DataFrame(given, columns=names)
    return frame.assign(
        ADT=make.days(*frame["ADT"]),
        EVAL="IRC",
        ANL01RS=None,
        excluded=pd.Series(None, index=frame.index, dtype=object),
    )


def test_accepted_reader_then_adjudicator_then_the_worst_and_not_evaluable_last(make):
    day = "2025-03-01"
    assessor = "INDEPENDENT ASSESSOR"
    rows = rows_of(
        make,
        ("A", day, 1, "CR", assessor, "RADIOLOGIST 1", "Y"),  # accepted beats adjudicator
        ("A", day, 2, "PD", "ADJUDICATOR", None, None),
        ("B", day, 1, "PD", assessor, "RADIOLOGIST 1", None),
        ("B", day, 2, "PR", assessor, "ADJUDICATOR 1", None),  # named in RSEVALID
        ("C", day, 1, "PR", assessor, "RADIOLOGIST 1", None),
        ("C", day, 2, "SD", assessor, "RADIOLOGIST 2", None),  # worst of the rest
        ("D", day, 1, "NE", assessor, None, None),
        ("D", day, 2, "CR", assessor, None, None),  # any category before NE
        ("E", day, 1, "NE", assessor, None, None),
        ("F", None, 1, "CR", assessor, None, "Y"),
        ("G", day, 1, "SD", assessor, None, None),  # a tie: the lower number
        ("G", day, 2, "SD", assessor, None, None),
    )
    got = choose_records(rows, RANK, ("NE",))
    assert got["ANL01FL"].tolist() == list("YNNYNYNYYNYN")
    lost = "another record of the date counts"
    assert got["ANL01RS"].tolist() == [
        "accepted reader",
        lost,
        lost,
        "adjudicator",
        lost,
        "worst response of the date",
        lost,
        "worst response of the date",
        "only record of its date",
        "no date",
        "worst response of the date",
        lost,
    ]


def test_an_excluded_record_keeps_its_reason_and_frees_the_date(make):
    rows = rows_of(
        make,
        ("A", "2025-03-01", 1, "PD", "INVESTIGATOR", None, None),
        ("A", "2025-03-01", 2, "SD", "INVESTIGATOR", None, None),
    )
    rows.loc[0, "excluded"] = "assessed by other criteria"
    got = choose_records(rows, RANK, ("NE",))
    assert got["ANL01FL"].tolist() == ["N", "Y"]
    assert got["ANL01RS"].tolist() == ["assessed by other criteria", "only record of its date"]
