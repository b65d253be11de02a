"""Arms of the data and of the study are the same, and each subject has one (decision D40)."""

import pytest
from gate_trial import RANDOMISED, SINGLE, admitted, subject

from cartend.admission.arms import (
    arms_without_subject,
    contradictory_arms,
    subjects_without_arm,
    unknown_arms,
)

BOTH = [subject("A"), subject("B", "SOC", sets="RAND")]
ADAM = {**RANDOMISED, "entry": "adam"}


def test_an_arm_of_a_brought_adsl_that_the_study_does_not_name(definitions):
    rows = [*BOTH, subject("C", "LOW"), subject("D", "LOW"), subject("E", "SCRNFAIL", sets="")]
    (stop,) = unknown_arms(admitted(definitions, rows, ADAM))
    assert stop.key == "F-DM-004 LOW"
    assert stop.count == 2
    assert stop.sentence == (
        "own: 2 subjects of arm LOW, which the study file does not name; it knows CART or SOC"
    )
    assert not list(unknown_arms(admitted(definitions, BOTH, ADAM)))


def test_an_arm_of_the_study_without_a_subject(definitions):
    (stop,) = arms_without_subject(admitted(definitions, BOTH[:1]))
    assert stop.key == "S-ARM SOC"
    assert stop.way_out == "add what the data call it to arms.SOC.names, or take it out of arms"
    assert not list(arms_without_subject(admitted(definitions, BOTH)))


@pytest.mark.parametrize("word", [None, "SCRNFAIL", "NOTASSGN"])
def test_whoever_is_randomised_has_an_arm(definitions, word):
    rows = [*BOTH, subject("C", word, sets="RAND")]
    (stop,) = subjects_without_arm(admitted(definitions, rows))
    assert stop.key == "S-ARMLESS randomised"
    assert stop.sentence == "own: 1 subject without arm was randomised: C"


def test_whoever_is_infused_has_an_arm_whatever_the_design(definitions):
    rows = [subject("A"), subject("C", "NOTASSGN", sets="LA INF"), subject("D", None, sets="")]
    (stop,) = subjects_without_arm(admitted(definitions, rows, SINGLE))
    assert (stop.what, stop.count) == ("infused", 1)
    assert "records.infusion" in stop.way_out


def test_who_has_no_arm_and_neither_is_no_stop(definitions):
    rows = [*BOTH, subject("C", None, sets="LA"), subject("D", "SCRNFAIL", sets="")]
    assert not list(subjects_without_arm(admitted(definitions, rows)))


def test_two_texts_that_mean_different_arms_are_a_stop(definitions):
    dm = [
        {"USUBJID": "A", "ARMCD": "CART", "ARM": "Chemo"},
        {"USUBJID": "B", "ARMCD": "SOC", "ARM": "CHEMO"},
        {"USUBJID": "C", "ARMCD": "CART", "ARM": "Some other text"},
    ]
    (stop,) = contradictory_arms(admitted(definitions, BOTH, dm=dm))
    assert stop.key == "S-ARMS ARMCD CART ARM Chemo"
    assert "which mean CART and SOC: A" in stop.sentence


def test_an_arm_and_none_contradict_each_other_and_two_words_for_none_do_not(definitions):
    dm = [
        {"USUBJID": "A", "ARMCD": "SCRNFAIL", "ARM": "Screen Failure"},
        {"USUBJID": "B", "ARMCD": "NOTASSGN", "ARM": "Chemo"},
    ]
    (stop,) = contradictory_arms(admitted(definitions, BOTH, dm=dm))
    assert stop.sentence.endswith("which mean no arm and SOC: B")


def test_a_brought_adsl_contradicts_itself_in_trt01p(definitions):
    adsl = [{"USUBJID": "A", "ARMCD": "CART", "TRT01P": "chemo", "ARM": "Cells"}]
    told = [stop.what for stop in contradictory_arms(admitted(definitions, BOTH, ADAM, adsl=adsl))]
    assert told == ["ARMCD CART TRT01P chemo", "TRT01P chemo ARM Cells"]
