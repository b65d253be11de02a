"""What a cell means: missing values, numbers, doses, and codes that are nearly one of ours."""

import pytest

from cartend.intake.checks.codes import one_edit_apart
from cartend.intake.stops import StopError


def stops(room):
    with pytest.raises(StopError) as raised:
        room.ingest()
    return {(stop.id, stop.what): stop for stop in raised.value.stops}


def test_missing_is_missing_in_values_and_a_word_elsewhere(room):
    room.set("dm", 1, DTHDTC="NA", AGE="NA", COUNTRY="NA", SITEID="NA")
    room.set("dm", 2, DTHDTC="NaN", AGE=".", DTHFL="NA")
    room.set("ex", 2, EXDOSE="NULL")
    room.set("lb", 0, LBSTRESN="NA")
    written, found = room.ingest()
    dm = written["dm"].set_index("USUBJID")
    assert dm.loc["S2", ["COUNTRY", "SITEID"]].tolist() == ["NA", "NA"]
    assert dm["AGE"].isna().tolist() == [False, True, True]
    told = found[found["finding_id"].eq("F-NA-001")]
    assert sorted(told["message"].str.split(":").str[0]) == [
        *("AGE", "DTHDTC", "DTHFL", "EXDOSE", "LBSTRESN"),
    ]
    assert not found["finding_id"].isin(["F-DATE-001", "F-NUM-001"]).any()


def test_a_word_that_the_study_uses_is_none_for_missing(room):
    room.tables["rs"]["RSEVAL"] = room.tables["rs"]["RSEVAL"].replace("INVESTIGATOR", "NA")
    room.study_keys["words"] = {"RS.RSEVAL": {"INV": ["NA"]}}
    written, found = room.ingest()
    assert written["rs"]["EVAL"].eq("INV").sum() == 4
    assert "F-NA-001" not in set(found["finding_id"])


def test_decimal_commas_and_other_digits(room):
    room.set("dm", 0, AGE="61,5")
    room.set("dm", 1, AGE="４７")
    written, found = room.ingest()
    assert written["dm"]["AGE"].tolist() == [61.5, 47, 70]
    assert found["finding_id"].tolist().count("F-NUM-002") == 1


def test_a_number_with_a_mark_of_thousands_or_a_decimal_one_is_not_guessed(room):
    room.set("ex", 1, EXDOSE="1,234")
    assert ("EX", "S1", "EXSEQ 2") in room.hits("F-NUM-001")


@pytest.mark.parametrize("dose", ["-1", "−2", "-0.5"])
def test_a_negative_dose_stops(room, dose):
    room.set("ex", 1, EXDOSE=dose)
    assert stops(room)["F-EX-007", "EXDOSE"].count == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("mdr", "mrd"), ("ovrlrsep", "ovrlresp"), ("mr", "mrd"), ("prcdths", "prcdth")],
)
def test_one_edit(one, other):
    assert one_edit_apart(one, other)
    assert one_edit_apart(other, one)


@pytest.mark.parametrize(("one", "other"), [("mrd", "mrd"), ("mch", "mrd"), ("neut", "mrd")])
def test_more_or_no_edits(one, other):
    assert not one_edit_apart(one, other)


SLIPS = [
    ("rs", "RSTESTCD", "OVRLRESP", "OVRLRSEP"),
    ("rs", "RSTESTCD", "OVRLRESP", "OVRLRES"),
    ("lb", "LBTESTCD", "MRD", "MDR"),
    ("lb", "LBTESTCD", "MRD", "MRDD"),
    ("ss", "SSTESTCD", "SURVSTAT", "SURVSTA"),
    ("dd", "DDTESTCD", "PRCDTH", "PRCDHT"),
    ("ds", "DSDECOD", "RANDOMIZED", "RANDOMIZD"),
    ("sc", "SCTESTCD", "REFRACT", "REFRCAT"),
]


@pytest.mark.parametrize(("domain", "column", "ours", "slip"), SLIPS)
def test_a_code_nearly_ours_that_no_record_has_stops(room, domain, column, ours, slip):
    table = room.tables[domain]
    count = int(table[column].eq(ours).sum())
    room.tables[domain] = table.replace({column: {ours: slip}})
    stop = stops(room)["S-CODE", f"{domain.upper()}.{column} {slip}"]
    assert stop.count == count
    assert ours in stop.sentence


def test_a_slip_beside_the_right_code_and_a_known_other_code_stop_nothing(room):
    room.add("lb", USUBJID="S1", LBSEQ="9", LBTESTCD="MDR", LBDTC="2025-04-04")
    room.add("rs", USUBJID="S1", RSSEQ="9", RSTESTCD="BESTRESP", RSDTC="2025-04-04")
    _, found = room.ingest()
    assert "S-CODE" not in set(found["finding_id"])


def test_a_single_response_under_a_slip_of_its_code_stops(room):
    room.add("rs", USUBJID="S1", RSSEQ="9", RSTESTCD="OVRLRSEP", RSDTC="2025-05-04")
    with pytest.raises(StopError, match=r"RS.RSTESTCD 'OVRLRSEP' \(1 record\) is no code"):
        room.ingest()


@pytest.mark.parametrize("word", ["NOT ALIVE", "verstorben", "D", "ALIV"])
def test_a_survival_status_that_nobody_knows_stops_with_the_words_to_say(room, word):
    room.set("ss", 0, SSSTRESC=word)
    with pytest.raises(StopError) as raised:
        room.ingest()
    (stop,) = raised.value.stops
    assert (stop.id, stop.what, stop.count) == ("S-STATUS", f"SS.SSSTRESC {word}", 1)
    assert f"say words: {{SS.SSSTRESC: {{DEAD: ['{word}']}}}}" in stop.way_out
    room.study_keys["words"] = {"SS.SSSTRESC": {"DEAD": [word]}}
    assert "death" in room.ingest()[0]["ss"]["ROLE"].iloc[0].split()


@pytest.mark.parametrize("said", ["CANCELLED", "not started", "NOT DONE"])
def test_a_treatment_with_any_status_is_not_known_to_have_happened(room, said):
    room.set("cm", 2, CMSTAT=said)
    written, found = room.ingest()
    assert "S2" not in written["cm"]["USUBJID"].tolist()
    assert found["finding_id"].eq("F-OCC-002").sum() == 1


@pytest.mark.parametrize("word", ["Died", "DECEASED", "dead"])
def test_a_death_in_other_words_is_no_sign_of_life(room, word):
    room.add("ds", USUBJID="S3", DSSEQ="9", DSDECOD=word, DSSTDTC="2025-12-20")
    written, _ = room.ingest()
    row = written["ds"][written["ds"]["DSSEQ"].eq(9)].iloc[0]
    assert row["DSDECOD"] == "DEATH"
    assert "death" in row["ROLE"].split()


@pytest.mark.parametrize("word", ["Death", "EXPIRED"])
def test_a_status_in_other_words_is_a_death(room, word):
    room.add("ss", USUBJID="S3", SSSEQ="2", SSTESTCD="SURVSTAT", SSSTRESC=word, SSDTC="2025-12-20")
    written, _ = room.ingest()
    assert written["ss"]["ROLE"].tolist()[-1] == "survival_status death"


def test_dead_in_status_is_a_death_that_dm_does_not_hold(room):
    room.add(
        "ss", USUBJID="S3", SSSEQ="2", SSTESTCD="SURVSTAT", SSSTRESC="Deceased", SSDTC="2025-12-20"
    )
    written, found = room.ingest()
    assert written["ss"]["ROLE"].tolist()[-1] == "survival_status death"
    assert ("F-DTH-005", "S3") in set(
        found[["finding_id", "usubjid"]].itertuples(index=False, name=None)
    )
    room.set("ss", 2, USUBJID="S1")
    assert room.hits("F-DTH-003") == []


def test_two_results_of_one_record_are_told(room):
    room.set("rs", 0, RSORRES="PD")
    room.set("rs", 1, RSORRES="Partial  response")
    room.set("lb", 0, LBORRES="Positive")
    room.set("lb", 1, LBORRES="0.2", LBORRESU="%")
    _, found = room.ingest()
    told = found[found["finding_id"].isin(["F-RS-012", "F-MRD-008"])]
    assert told[["finding_id", "record"]].values.tolist() == [
        ["F-MRD-008", "LBSEQ 1"],
        ["F-RS-012", "RSSEQ 1"],
    ]
