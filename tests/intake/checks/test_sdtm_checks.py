"""Every check sees the one thing that is wrong, and nothing in a clean trial."""

import pandas as pd
import pytest

from cartend.intake.checks import ADAM_CHECKS, SDTM_CHECKS, catalogue
from cartend.intake.errors import DataError
from cartend.intake.stops import StopError

S1, S2, S3 = 0, 1, 2


def _again(room, day):
    """Give S1 a second record of the infusion."""
    product = {"EXTRT": "PRODUCT X", "EXCAT": "CAR-T INFUSION", "EXDOSE": "2"}
    room.add("ex", USUBJID="S1", EXSEQ="3", EXSTDTC=day, EXDOSU="10^6 CELLS/kg", **product)


def _timed(room, randomised, assessed):
    """Give S1 an assessment on the day of randomisation, both with their times."""
    room.set("ds", 1, DSSTDTC=f"2025-01-10T{randomised}")
    room.set("rs", 0, RSDTC=f"2025-01-10T{assessed}")


CASES = {
    "F-ID-001": [
        (lambda r: r.set("rs", 0, USUBJID=""), ("RS", "", "RSSEQ 1")),
    ],
    "F-ID-002": [
        (lambda r: r.set("lb", 1, USUBJID="S9"), ("LB", "S9", "LBSEQ 2")),
    ],
    "F-ID-003": [
        (
            lambda r: r.set("lb", 1, LBSEQ="1"),
            ("LB", "S1", "LBSEQ 1"),
            ("LB", "S1", "LBSEQ 1"),
        ),
    ],
    "F-DM-004": [
        (lambda r: r.set("dm", S2, ARMCD="SCO", ARM="SCO"), ("DM", "S2", "")),
        (lambda r: r.set("dm", S2, ARMCD="SCO"),),
        (lambda r: r.set("dm", S2, ARMCD="Scrnfail"),),
    ],
    "F-DM-005": [
        (lambda r: r.set("dm", S1, AGE=""), ("DM", "S1", "")),
        (lambda r: r.set("dm", S1, AGE="161"), ("DM", "S1", "")),
        (lambda r: r.set("dm", S1, AGE="0"),),
    ],
    "F-DM-006": [
        (lambda r: r.set("ds", 5, DSDECOD="ENROLLED"), ("DM", "S3", "")),
    ],
    "F-DM-007": [
        (lambda r: r.set("sc", 1, SCSTRESC=""), ("DM", "S2", "")),
        (lambda r: r.drop("sc"), ("DM", "", "")),
    ],
    "F-DS-001": [
        (lambda r: r.set("ds", 1, DSSTDTC=""), ("DS", "S1", "DSSEQ 2")),
        (lambda r: r.set("ds", 1, DSSTDTC="2025-01"), ("DS", "S1", "DSSEQ 2")),
    ],
    "F-DS-002": [
        (lambda r: r.set("ds", 5, DSDECOD="COMPLETED"), ("EX", "S3", "EXSEQ 1")),
    ],
    "F-DS-003": [
        (
            lambda r: r.add(
                "ds", USUBJID="S3", DSSEQ="2", DSDECOD="RANDOMIZED", DSSTDTC="2025-02-11"
            ),
            ("DS", "S3", "DSSEQ 1"),
            ("DS", "S3", "DSSEQ 2"),
        ),
    ],
    "F-DTH-001": [
        (lambda r: r.set("dm", S1, DTHDTC=""), ("DM", "S1", "")),
    ],
    "F-DTH-002": [
        (lambda r: r.set("dm", S1, DTHFL=""), ("DM", "S1", "")),
    ],
    "F-DTH-003": [
        (lambda r: r.set("ds", 2, DSSTDTC="2025-09-21"), ("DS", "S1", "DSSEQ 3")),
        (lambda r: r.set("dd", 0, DDDTC="2025-08"), ("DD", "S1", "DDSEQ 1")),
        (lambda r: r.set("ae", 0, AEENDTC="2025-09-19"), ("AE", "S1", "AESEQ 1")),
        (lambda r: r.set("ds", 2, DSSTDTC="2025-09"),),
        (lambda r: r.set("dm", S1, DTHDTC="2025"),),
    ],
    "F-DTH-004": [
        (lambda r: r.set("rs", 0, RSDTC="2025-09-21"), ("RS", "S1", "RSSEQ 1")),
        (lambda r: r.set("lb", 1, LBDTC="2025-10"), ("LB", "S1", "LBSEQ 2")),
        (lambda r: r.set("ex", 1, EXSTDTC="2025-11-01"), ("EX", "S1", "EXSEQ 2")),
        (lambda r: r.set("cm", 1, CMSTDTC="2025-11-01"), ("CM", "S1", "CMSEQ 2")),
        (lambda r: r.set("pr", 0, PRSTDTC="2025-11-01"), ("PR", "S1", "PRSEQ 1")),
        (lambda r: r.set("lb", 1, LBDTC="2025-09"),),
        (lambda r: r.set("rs", 0, RSDTC="2025-09-20"),),
    ],
    "F-DTH-005": [
        (
            lambda r: r.set("dm", S1, DTHDTC="", DTHFL=""),
            ("AE", "S1", "AESEQ 1"),
            ("DD", "S1", "DDSEQ 1"),
            ("DS", "S1", "DSSEQ 3"),
        ),
    ],
    "F-DTH-006": [
        (lambda r: r.set("dd", 0, DDSTRESC="INFECTIONS"), ("DD", "S1", "DDSEQ 1")),
        (lambda r: r.set("dd", 0, DDSTRESC="disease under study"),),
    ],
    "F-DTH-007": [
        (lambda r: r.drop("dd"), ("DM", "S1", "")),
    ],
    "F-DTH-008": [
        (
            lambda r: r.add(
                "ss",
                USUBJID="S1",
                SSSEQ="1",
                SSTESTCD="SURVSTAT",
                SSSTRESC="ALIVE",
                SSDTC="2025-09-21",
            ),
            ("SS", "S1", "SSSEQ 1"),
        ),
    ],
    "F-DTH-009": [
        (lambda r: r.set("dm", S1, DTHDTC="2025-09"), ("DM", "S1", "")),
        (lambda r: r.set("dm", S1, DTHDTC="2025"), ("DM", "S1", "")),
    ],
    "F-CUT-001": [
        (lambda r: r.set("rs", 4, RSDTC="2026-01-01"), ("RS", "S3", "RSSEQ 1")),
        (lambda r: r.set("rs", 4, RSDTC="2025-12-31"),),
        (lambda r: r.set("ss", 1, SSDTC="2026-01"), ("SS", "S3", "SSSEQ 1")),
    ],
    "F-TIME-001": [
        (lambda r: r.set("pr", 0, PRSTDTC="2025-02-16"), ("EX", "S1", "EXSEQ 2")),
        (lambda r: r.set("pr", 0, PRSTDTC="2025-02"),),
    ],
    "F-TIME-002": [
        (lambda r: r.set("ex", 0, EXSTDTC="2025-02-16", EXENDTC=""), ("EX", "S1", "EXSEQ 1")),
    ],
    "F-TIME-003": [
        (lambda r: r.set("cm", 1, CMSTDTC="2025-02-16", CMENDTC=""), ("CM", "S1", "CMSEQ 2")),
        (
            lambda r: r.add(
                "pr",
                USUBJID="S1",
                PRSEQ="2",
                PRCAT="BRIDGING RADIOTHERAPY",
                PRSTDTC="2025-03-01",
            ),
            ("PR", "S1", "PRSEQ 2"),
        ),
    ],
    "F-TIME-004": [
        (lambda r: r.set("cm", 1, CMSTDTC="2025-01-14"), ("CM", "S1", "CMSEQ 2")),
    ],
    "F-TIME-005": [
        (lambda r: r.set("rs", 0, RSDTC="2025-01-01"), ("RS", "S1", "RSSEQ 1")),
        (lambda r: r.set("ex", 0, EXSTDTC="2025-01-01"), ("EX", "S1", "EXSEQ 1")),
    ],
    "F-TIME-006": [
        (lambda r: r.set("rs", 0, RSDTC="2025-01-09"), ("RS", "S1", "RSSEQ 1")),
        (lambda r: r.set("ex", 2, EXSTDTC="2025-01-11"), ("EX", "S2", "EXSEQ 1")),
        (lambda r: r.set("rs", 0, RSDTC="2025-01-10"),),
    ],
    "F-TIME-007": [
        (lambda r: r.set("cm", 2, CMENDTC="2025-04-19"), ("CM", "S2", "CMSEQ 1")),
        (lambda r: r.set("ae", 0, AESTDTC="2025-09-21"), ("AE", "S1", "AESEQ 1")),
        (lambda r: r.set("cm", 2, CMENDTC="2025-04"),),
    ],
    "F-TIME-008": [
        (lambda r: r.set("rs", 2, RSDTC="2025-08-02"), ("RS", "S2", "RSSEQ 1")),
        (lambda r: r.set("rs", 2, RSDTC="2025-08-01"),),
    ],
    "F-TIME-009": [
        (lambda r: r.set("dm", S3, RFICDTC="2025-02-12"), ("DM", "S3", "")),
    ],
    "F-RS-007": [
        (
            lambda r: r.add(
                "rs",
                USUBJID="S2",
                RSSEQ="3",
                RSTESTCD="OVRLRESP",
                RSCAT="LUGANO 2014",
                RSSTRESC="CR",
                RSEVAL="INVESTIGATOR",
                RSDTC="2025-04-19",
            ),
            ("RS", "S2", "RSSEQ 3"),
        ),
        (
            lambda r: r.add(
                "rs",
                USUBJID="S2",
                RSSEQ="3",
                RSTESTCD="OVRLRESP",
                RSCAT="LUGANO 2014",
                RSSTRESC="CR",
                RSEVAL="INVESTIGATOR",
                RSDTC="2025-05-19",
            ),
        ),
    ],
    "F-RS-008": [
        (
            lambda r: r.add(
                "rs",
                USUBJID="S3",
                RSSEQ="3",
                RSTESTCD="OVRLRESP",
                RSCAT="LUGANO 2014",
                RSSTRESC="PR",
                RSEVAL="INVESTIGATOR",
                RSDTC="2025-05-05",
            ),
            ("RS", "S3", "RSSEQ 2"),
            ("RS", "S3", "RSSEQ 3"),
        ),
        (
            lambda r: r.add(
                "rs",
                USUBJID="S3",
                RSSEQ="3",
                RSTESTCD="OVRLRESP",
                RSCAT="LUGANO 2014",
                RSSTRESC="PR",
                RSEVAL="INVESTIGATOR",
                RSDTC="2025-05-05",
                RSACPTFL="Y",
            ),
        ),
    ],
    "F-RS-009": [
        (lambda r: r.set("rs", 5, RSDTC=""), ("RS", "S3", "RSSEQ 2")),
        (lambda r: r.set("rs", 4, RSDTC=""),),
    ],
    "F-RS-010": [
        (lambda r: r.set("rs", 5, RSDTC="2025-05"), ("RS", "S3", "RSSEQ 2")),
    ],
    "F-RS-011": [
        (
            lambda r: [r.set("rs", row, RSEVAL="INVESTIGATOR") for row in range(6)],
            ("RS", "", ""),
        ),
    ],
    "F-CMP-001": [
        (
            lambda r: r.set("lb", 1, LBTESTCD="FLCK", LBSTRESN="12", LBSTRESU="g"),
            ("LB", "S1", "LBSEQ 2"),
        ),
        (lambda r: r.set("lb", 1, LBTESTCD="FLCK", LBSTRESN="12", LBSTRESU="mg/dL"),),
    ],
    "F-CMP-002": [
        (
            lambda r: (
                r.add_table("tr", USUBJID="S1", TRSEQ="1", TRTESTCD="CURIE", TRSTRESN="4"),
                r.add("tr", USUBJID="S1", TRSEQ="2", TRTESTCD="SIOPEN", TRSTRESN="9"),
            ),
            ("TR", "S1", "TRSEQ 1"),
            ("TR", "S1", "TRSEQ 2"),
        ),
    ],
    "F-MRD-001": [
        (lambda r: r.set("lb", 0, LBLLOD=""), ("LB", "S1", "LBSEQ 1")),
    ],
    "F-MRD-002": [
        (lambda r: r.set("lb", 0, LBSTRESN="0.0001"), ("LB", "S1", "LBSEQ 1")),
        (lambda r: r.set("lb", 1, LBSTRESN="0"), ("LB", "S1", "LBSEQ 2")),
        (lambda r: r.set("lb", 1, LBSTRESN="0.000009"), ("LB", "S1", "LBSEQ 2")),
    ],
    "F-MRD-003": [
        (lambda r: r.set("lb", 0, LBLLOD="0.001"), ("LB", "S1", "LBSEQ 1")),
        (lambda r: r.set("lb", 0, LBLLOD="0.0001"),),
    ],
    "F-MRD-004": [
        (lambda r: r.set("lb", 0, LBSTRESC="NEGATIV"), ("LB", "S1", "LBSEQ 1")),
        (lambda r: r.set("lb", 0, LBSTRESC="neg"),),
        (lambda r: r.set("lb", 0, LBSTRESC="negative"),),
    ],
    "F-MRD-005": [
        (lambda r: r.set("lb", 0, LBSPEC="BLOOD"), ("LB", "S1", "LBSEQ 1")),
        (lambda r: r.set("lb", 0, LBMETHOD="PET"), ("LB", "S1", "LBSEQ 1")),
    ],
    "F-MRD-006": [
        (lambda r: r.set("lb", 1, LBSTRESN="2"), ("LB", "S1", "LBSEQ 2")),
        (lambda r: r.set("lb", 1, LBLLOD="-1"), ("LB", "S1", "LBSEQ 2")),
    ],
    "F-CM-001": [
        (lambda r: r.set("suppcm", 2, QVAL=""), ("CM", "S2", "CMSEQ 1")),
    ],
    "F-CM-002": [
        (lambda r: r.set("cm", 2, CMSTDTC="2025-04"), ("CM", "S2", "CMSEQ 1")),
    ],
    "F-PR-001": [
        (lambda r: r.drop("supppr"), ("PR", "S3", "PRSEQ 2")),
    ],
    "F-EX-001": [
        (lambda r: r.drop("ex"), ("EX", "", "")),
    ],
    "F-EX-002": [
        (lambda r: r.set("ex", 3, EXDOSE=""), ("EX", "S3", "EXSEQ 1")),
        (lambda r: r.set("ex", 0, EXDOSE=""),),
    ],
    "F-EX-003": [
        (
            lambda r: r.add(
                "ex", USUBJID="S2", EXSEQ="2", EXCAT="CAR-T INFUSION", EXSTDTC="2025-05-01"
            ),
            ("EX", "S2", "EXSEQ 2"),
        ),
    ],
    "F-EX-004": [
        (lambda r: r.set("ex", 3, EXSTDTC=""), ("EX", "S3", "EXSEQ 1")),
        (lambda r: r.set("pr", 2, PRSTDTC=""), ("PR", "S3", "PRSEQ 2")),
        (lambda r: r.set("cm", 2, CMSTDTC=""), ("CM", "S2", "CMSEQ 1")),
    ],
    "F-EX-005": [
        (lambda r: r.set("ex", 3, EXSTDTC="2025-03"), ("EX", "S3", "EXSEQ 1")),
        (lambda r: r.set("pr", 1, PRSTDTC="2025-02"), ("PR", "S3", "PRSEQ 1")),
    ],
    "F-WORD-001": [
        (lambda r: r.set("ex", 3, EXCAT="CART INFUSION"), ("EX", "S3", "EXSEQ 1")),
        (lambda r: r.set("cm", 1, CMCLAS="ALKYLATER"), ("CM", "S1", "CMSEQ 2")),
        (lambda r: r.set("pr", 2, PRCAT="TRANSPLANT"), ("PR", "S3", "PRSEQ 2")),
        (lambda r: r.set("ds", 4, DSDECOD="LOST"), ("DS", "S2", "DSSEQ 2")),
        (lambda r: r.set("suppcm", 2, QVAL="EFFICACIOUS"), ("CM", "S2", "CMSEQ 1")),
        (lambda r: r.set("ex", 3, EXCAT="car-t infusion"),),
        (lambda r: r.set("ex", 3, EXCAT="CAR T  Infusion"),),
        (lambda r: r.set("ae", 0, AEOUT="GONE"), ("AE", "S1", "AESEQ 1")),
        (lambda r: r.set("ss", 0, SSSTRESC="ALIV"), ("SS", "S2", "SSSEQ 1")),
        (lambda r: r.add("cm", USUBJID="S1", CMSEQ="9", CMCAT="Concomitant medications"),),
        (lambda r: r.add("pr", USUBJID="S1", PRSEQ="9", PRTRT="BIOPSY"), ("PR", "", "")),
    ],
    "F-EX-006": [
        (lambda r: r.set("ex", 3, EXDOSE="0.0"), ("EX", "S3", "EXSEQ 1")),
        (lambda r: r.set("ex", 0, EXDOSE="0"),),
    ],
    "F-EX-007": [
        (lambda r: r.set("ex", 3, EXDOSE="-0.5"), ("EX", "S3", "EXSEQ 1")),
        (lambda r: r.set("ex", 3, EXDOSE="0"),),
    ],
    "S-CODE": [
        (lambda r: [r.set("lb", row, LBTESTCD="MDR") for row in range(2)], ("", "", "")),
        (lambda r: r.set("lb", 0, LBTESTCD="MDR"),),
    ],
    "S-STATUS": [
        (lambda r: r.set("ss", 0, SSSTRESC="ALIV"), ("SS", "", "")),
    ],
    "F-RS-012": [
        (lambda r: r.set("rs", 0, RSORRES="PD"), ("RS", "S1", "RSSEQ 1")),
        (lambda r: r.set("rs", 0, RSORRES="complete metabolic  response"),),
    ],
    "F-EX-010": [
        (lambda r: r.set("pr", 1, PRCAT="BIOPSY"), ("EX", "S3", "EXSEQ 1")),
    ],
    "F-EX-011": [
        (lambda r: _again(r, "2025-02-15T12:00"), ("EX", "S1", "EXSEQ 2")),
        (lambda r: _again(r, "2025-02-16"),),
    ],
    "F-BASE-001": [
        (lambda r: r.set("rs", 0, RSDTC="2025-01-10", RSBLFL="N"), ("RS", "S1", "RSSEQ 1")),
        (lambda r: r.set("lb", 0, LBDTC="2025-01-10", LBLOBXFL="N"), ("LB", "S1", "LBSEQ 1")),
        (lambda r: _timed(r, "10:00", "10:05"), ("RS", "S1", "RSSEQ 1")),
        (lambda r: _timed(r, "10:05", "10:00"),),
        (lambda r: r.set("rs", 0, RSDTC="2025-02-15T12:00"),),
    ],
    "F-BASE-002": [
        (lambda r: r.set("rs", 0, RSBLFL="Y"), ("RS", "", "")),
        (lambda r: r.set("rs", 0, RSDTC="2025-01-10", RSBLFL="Y"),),
    ],
    "F-ROLE-001": [
        (
            lambda r: r.say("infusion", "EX", EXCAT=["CAR-T INFUSION", "CAR-T REINF*"]),
            ("EX", "", ""),
        ),
        (
            lambda r: r.say("infusion", "EX", EXCAT=["car t infusion", "LYMPHO*X", "*X*X"]),
            *[("EX", "", "")] * 2,
        ),
        (lambda r: r.say("infusion", "EX", EXCAT=["CAR-T*"], EXTRT="PRODUCT X"),),
    ],
    "F-ROLE-002": [
        (lambda r: r.say("infusion", "EX", EXCAT="CAR-T INFUSION", EXTRT="R-ICE"), ("EX", "", "")),
    ],
    "F-ROLE-003": [
        (lambda r: r.say("new_therapies", "CM", CMTRT="TAFASITAMAB"), ("", "", "")),
        (lambda r: r.say("rescue", "CM", CMTRT="TAFASITAMAB"),),
    ],
}
ROWS = [(name, number) for name, cases in CASES.items() for number in range(len(cases))]


def test_a_clean_trial_has_no_finding(room):
    _, found = room.ingest()
    assert found.values.tolist() == []


def is_of_subjects(spoiled, expected, clean):
    """Say whether a case changes records of its subjects alone, so that trials can be joined."""
    return (
        not spoiled.study_keys
        and set(spoiled.tables) == set(clean.tables)
        and all(set(table["USUBJID"]) <= {"S1", "S2", "S3"} for table in spoiled.tables.values())
        and all(subject for _, subject, _ in expected)
    )


@pytest.fixture(scope="module")
def joined(tmp_path_factory, new_room):
    """The cases that spoil subjects alone, as one trial: each has three subjects of its own."""
    together = new_room(tmp_path_factory.mktemp("joined") / "data")
    clean, parts = new_room(together.folder), {name: [] for name in together.tables}
    for place, (name, number) in enumerate(ROWS):
        spoil, *expected = CASES[name][number]
        one = new_room(together.folder)
        spoil(one)
        if is_of_subjects(one, expected, clean):
            for domain, table in one.tables.items():
                own = table["USUBJID"].map(lambda subject, place=place: f"C{place}-{subject}")
                parts[domain].append(table.assign(USUBJID=own))
    together.tables = {
        domain: pd.concat(tables, ignore_index=True).fillna("") for domain, tables in parts.items()
    }
    tables, found, *_ = together.read()
    return tables, found


def own_part(table, column, place):
    """Return the rows of one case among the joined, its subjects called as in the case."""
    named = table[column].fillna("").astype(str)
    rows = table[named.str.startswith(f"C{place}-")]
    return rows.assign(**{column: rows[column].str.removeprefix(f"C{place}-")})


@pytest.mark.parametrize(("name", "number"), ROWS)
def test_a_check_names_exactly_the_records_that_are_wrong_and_drops_none(
    name, number, room, new_room, request
):
    spoil, *expected = CASES[name][number]
    spoil(room)
    if is_of_subjects(room, expected, new_room(room.folder)):
        tables, found = request.getfixturevalue("joined")
        place = ROWS.index((name, number))
        assert found.loc[found["finding_id"].eq(name) & found["usubjid"].eq("")].empty
        tables = {
            domain: own_part(tables[domain], "USUBJID", place)
            for domain in set(room.tables) & set(tables)
        }
        found = own_part(found, "usubjid", place)
    else:
        tables, found, *_ = room.read()
    rows = found.loc[found["finding_id"] == name, ["domain", "usubjid", "record"]]
    assert list(rows.itertuples(index=False, name=None)) == expected
    for domain in set(room.tables) & set(tables):
        assert len(tables[domain]) == len(room.tables[domain])


def test_most_cases_are_joined_and_each_of_them_is_there(joined):
    tables, _ = joined
    assert tables["dm"]["USUBJID"].str.partition("-")[0].nunique() > 80


def test_every_check_has_a_case_that_triggers_it():
    triggered = {name for name, cases in CASES.items() if any(len(case) > 1 for case in cases)}
    assert triggered == {check.id for check in SDTM_CHECKS} - {"F-TS-001"}


def test_a_missing_cutoff_stops_the_run(room):
    room.study_keys["cutoff"] = None
    with pytest.raises(DataError, match="tiny: no data cut-off .TS holds no DCUTDTC.; give cutoff"):
        room.ingest()
    assert room.findings()["finding_id"].tolist() == ["F-TS-001"]


@pytest.mark.parametrize("value", ["2025-12", "UNK"])
def test_a_cutoff_that_is_no_day_stops_the_run(room, value):
    room.study_keys["cutoff"] = None
    room.add_table("ts", TSPARMCD="DCUTDTC", TSVAL=value)
    with pytest.raises(DataError, match=f"TS DCUTDTC is {value}"):
        room.ingest()


def test_the_cutoff_of_the_trial_summary_is_taken(room):
    room.study_keys["cutoff"] = None
    room.add_table("ts", TSPARMCD="DCUTDTC", TSVAL="2025-11-30")
    assert room.hits("F-CUT-001") == [("SS", "S3", "SSSEQ 1")]


def test_a_frequent_unknown_word_is_one_finding(room):
    for number in range(21):
        room.add("ds", USUBJID="S1", DSSEQ=str(10 + number), DSDECOD="FINAL LAB VISIT")
    _, found = room.ingest()
    told = found[found["finding_id"] == "F-WORD-001"]
    assert told["usubjid"].tolist() == [""]
    assert "DSDECOD 'FINAL LAB VISIT' is unknown" in told["message"].iloc[0]
    assert "(21 records)" in told["message"].iloc[0]


def test_a_misspelt_word_comes_with_the_nearest_one(room):
    room.set("dm", S2, ARMCD="SCO", ARM="SCO")
    room.set("ex", 3, EXCAT="CART INFUSION")
    with pytest.raises(StopError, match="1 subject of arm SCO.*add it to arms.SOC.names"):
        room.ingest()
    found = room.findings()
    told = dict(zip(found["finding_id"], found["message"], strict=True))
    assert told["F-DM-004"] == "ARMCD 'SCO'; nearest: SOC; the study file knows CART or SOC"
    assert told["F-WORD-001"] == (
        "EXCAT 'CART INFUSION' is unknown: no role claims it; nearest: CAR-T INFUSION; allowed: "
        "LYMPHODEPLETION, CAR-T INFUSION or STANDARD OF CARE (1 record)"
    )


def test_the_pet_and_the_ct_row_of_one_visit_are_two_readings(room):
    room.set("rs", 5, RSMETHOD="PET-CT")
    same = {"RSTESTCD": "OVRLRESP", "RSEVAL": "INVESTIGATOR", "RSDTC": "2025-05-05"}
    room.add("rs", USUBJID="S3", RSSEQ="3", RSMETHOD="CT", RSSTRESC="PAR", **same)
    assert room.hits("F-RS-008") == []


def test_ids_are_unique_and_sentences_are_sentences():
    told = catalogue()
    assert told["finding_id"].is_unique
    assert told["sentence"].str.fullmatch(r"[A-Z].*\.").all()
    assert set(told["severity"]) == {"stop", "error", "warning", "note"}
    assert len(SDTM_CHECKS) + len(ADAM_CHECKS) >= 25
