"""Who decides an endpoint has records from which it follows (decision D39)."""

from gate_trial import RANDOMISED, admitted, subject

from cartend.admission.evaluators import evaluators_without_record, times_without_record
from cartend.admission.reads import from_assessments

ROWS = [subject("A"), subject("B", "SOC", sets="RAND")]
ADAM = RANDOMISED | {"entry": "adam"}


def response(evaluator, seq=1):
    return {"USUBJID": "A", "RSSEQ": seq, "ROLE": "response", "EVAL": evaluator}


def test_the_primary_evaluator_without_a_record(definitions):
    rs = [response("INV"), response("INV", 2), {"USUBJID": "A", "EVAL": "IRC", "ROLE": "component"}]
    (stop,) = evaluators_without_record(admitted(definitions, ROWS, rs=rs))
    assert stop.key == "S-EVAL IRC"
    assert stop.sentence == (
        "own: no record of response in RS is by IRC, who decides PFS_EMA and ORR; there are 2 by "
        "INV"
    )
    assert stop.way_out.endswith("or name primary_evaluator: INV")


def test_an_evaluator_whom_an_endpoint_names(definitions):
    named = definitions | {"ORR": definitions["ORR"].model_copy(update={"evaluator": "INV"})}
    (stop,) = evaluators_without_record(admitted(named, ROWS, rs=[response("IRC")]))
    assert (stop.key, stop.count) == ("S-EVAL INV", 1)


def test_who_has_records_and_who_is_not_asked_is_no_stop(definitions):
    assert not list(evaluators_without_record(admitted(definitions, ROWS, rs=[response("IRC")])))
    assert not list(evaluators_without_record(admitted(definitions, ROWS, names=["OS"])))
    said = RANDOMISED | {"response_source": "algorithmic"}
    assert not list(evaluators_without_record(admitted(definitions, ROWS, said)))


def test_a_blank_evaluator_of_a_brought_table_is_the_primary_one(definitions):
    adrs = [{"USUBJID": "A", "PARAMCD": "OVR", "EVAL": None}]
    assert not list(evaluators_without_record(admitted(definitions, ROWS, ADAM, adrs=adrs)))
    other = [{"USUBJID": "A", "PARAMCD": "OVR", "EVAL": "INV"}]
    (stop,) = evaluators_without_record(admitted(definitions, ROWS, ADAM, adrs=other))
    assert "in ADRS is by IRC" in stop.sentence


def test_brought_times_by_another_evaluator_or_of_another_parameter(definitions):
    adtte = [{"USUBJID": "A", "PARAMCD": "PFS_EMA", "EVAL": "INV"}]
    trial = admitted(definitions, ROWS, ADAM, adtte=adtte)
    assert [stop.key for stop in times_without_record(trial)] == [
        "S-EVAL IRC PFS_EMA",
        "S-TIME ORR",
    ]
    whole = [{"USUBJID": "A", "PARAMCD": "PFS_EMA", "EVAL": ""}]
    trial = admitted(definitions, ROWS, ADAM, names=["OS", "PFS_EMA"], adtte=whole)
    assert not list(times_without_record(trial))


def test_survival_follows_from_no_assessment(definitions):
    trial = admitted(definitions, ROWS)
    assert [n for n, one in trial.definitions.items() if from_assessments(trial, one)] == [
        "PFS_EMA",
        "ORR",
    ]
