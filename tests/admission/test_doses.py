"""A dose that no role claims is a stop that lists its words and counts (decision D39)."""

from gate_trial import RANDOMISED, admitted, subject

from cartend.admission.doses import doses_without_role

ROWS = [subject("A"), subject("B", "SOC", sets="RAND")]


def dose(category, role=None, **more):
    return {"USUBJID": "A", "EXCAT": category, "EXTRT": "ABC", "EXDOSE": 1.0, "ROLE": role, **more}


def test_each_word_is_a_stop_with_its_drugs_and_counts(definitions):
    ex = [
        dose("CAR-T INFUSION", "infusion"),
        dose("MYSTERY"),
        dose("MYSTERY", EXTRT="XYZ"),
        dose("MYSTERY", EXDOSE=None),
        dose(None),
    ]
    stops = list(doses_without_role(admitted(definitions, ROWS, ex=ex)))
    assert [(stop.what, stop.count) for stop in stops] == [
        ("EXCAT 'MYSTERY'", 3),
        ("EXCAT blank", 1),
    ]
    assert stops[0].sentence == (
        "own: 3 records of EX with a dose that no role claims: EXCAT 'MYSTERY' (EXTRT 'ABC' 2, "
        "EXTRT 'XYZ' 1)"
    )


def test_the_columns_that_the_roles_of_the_study_read_are_named(definitions):
    roles = {"infusion": {"from": "EX", "where": {"EXTRT": "CELLS"}}}
    study = RANDOMISED | {"records": roles}
    (stop,) = doses_without_role(admitted(definitions, ROWS, study, ex=[dose("MYSTERY")]))
    assert stop.what == "EXCAT 'MYSTERY', EXTRT 'ABC'"
    assert "(EXTRT" not in stop.sentence


def test_what_was_not_given_is_no_dose(definitions):
    ex = [
        dose("MYSTERY", EXDOSE=0.0),
        dose("MYSTERY", EXOCCUR="N"),
        dose("MYSTERY", EXOCCUR="no"),
        dose("MYSTERY", EXSTAT="NOT DONE"),
    ]
    assert not list(doses_without_role(admitted(definitions, ROWS, ex=ex)))
    assert not list(doses_without_role(admitted(definitions, ROWS)))
