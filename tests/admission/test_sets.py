"""Somebody is in the set on which each deciding endpoint rests (decision D39)."""

from dataclasses import replace

from gate_trial import RANDOMISED, SINGLE, admitted, subject

from cartend.admission.sets import empty_sets, infusions_without_record


def test_a_set_with_nobody_names_the_endpoints_that_rest_on_it(definitions):
    rows = [subject("A", sets="LA"), subject("B", "SOC", sets="")]
    (stop,) = empty_sets(admitted(definitions, rows))
    assert stop.key == "S-SET RAND"
    assert stop.count == 3
    assert stop.sentence == (
        "own: nobody is in the set RAND (all randomised subjects), on which OS, PFS_EMA and ORR "
        "rest, because no record is one of randomisation"
    )
    assert (
        stop.way_out == "name the records of it as records: {randomisation: ...} in the study file"
    )


def test_only_the_primary_endpoint_decides_where_there_is_one(definitions):
    study = RANDOMISED | {"roles": {"ORR": {"role": "primary"}}}
    (stop,) = empty_sets(admitted(definitions, [subject("A", sets="")], study))
    assert "on which ORR rests" in stop.sentence


def test_a_set_that_depends_on_response_rests_on_its_base(definitions):
    assert definitions["DOR"].population == ("RESPONDERS",)
    (stop,) = empty_sets(admitted(definitions, [subject("A", sets="LA")], names=["DOR"]))
    assert stop.key == "S-SET RAND"


def test_a_compared_arm_of_which_nobody_is_in_the_set(definitions):
    rows = [subject("A"), subject("B", "SOC", sets="")]
    (stop,) = empty_sets(admitted(definitions, rows))
    assert stop.key == "S-SET RAND SOC"
    assert "nobody of arm SOC is in the set RAND" in stop.sentence


def test_a_brought_adsl_without_the_date_is_told_its_column(definitions):
    from_la = {
        name: one.model_copy(update={"population": ("INF",)}) for name, one in definitions.items()
    }
    study = SINGLE | {"entry": "adam", "endpoints": ["OS"]}
    (stop,) = empty_sets(admitted(from_la, [subject("A", sets="LA")], study))
    assert stop.sentence.endswith("on which OS rests, because ADSL has no date in INFDT or TRTSDT")
    assert stop.way_out == "name the column with its date as adam: {columns: {adsl: {INFDT: ...}}}"


def test_everybody_in_their_sets_is_no_stop(definitions):
    rows = [subject("A"), subject("B", "SOC", sets="RAND")]
    assert not list(empty_sets(admitted(definitions, rows)))


def test_where_the_file_of_its_records_is_not_read_that_is_the_stop(definitions):
    trial = admitted(definitions, [subject("A", sets="")])
    assert list(empty_sets(trial))
    assert not list(empty_sets(replace(trial, unread=frozenset({"ds"}))))


def test_a_first_dose_of_any_treatment_is_no_infusion_unless_the_study_accepts_it(definitions):
    rows = [subject("A"), subject("B", "SOC", sets="RAND")]
    (stop,) = infusions_without_record(admitted(definitions, rows))
    assert (stop.key, stop.count) == ("S-EX RFXSTDTC", 1)
    ex = [{"USUBJID": "A", "ROLE": "infusion"}]
    assert not list(infusions_without_record(admitted(definitions, rows, ex=ex)))
    assert not list(infusions_without_record(admitted(definitions, [rows[1]])))
