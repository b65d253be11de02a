"""A stratum or subgroup that no table has, and a subject without a level (decision D39)."""

from gate_trial import RANDOMISED, SINGLE, admitted, subject

from cartend.admission.strata import columns_without_value, subjects_without_level

STUDY = RANDOMISED | {"strata": ["REFRACT", "NOSUCH"], "subgroups": ["SEX", "REGION"]}
ROWS = [
    subject("A", REFRACT="Y", NOSUCH=None, SEX="M"),
    subject("B", "SOC", sets="RAND", REFRACT="N", NOSUCH=None, SEX=None),
]


def test_each_column_that_no_table_has_is_one_stop(definitions):
    stops = list(columns_without_value(admitted(definitions, ROWS, STUDY)))
    assert [stop.what for stop in stops] == ["NOSUCH", "REGION"]
    assert stops[0].sentence.startswith("own: key strata names NOSUCH, of which no subject has a")
    assert stops[1].way_out.endswith("or leave it out of subgroups")


def test_a_misspelt_column_is_told_the_nearest(definitions):
    study = RANDOMISED | {"strata": ["REFRCT"]}
    rows = [row | {"REFRCT": None} for row in ROWS]
    (stop,) = columns_without_value(admitted(definitions, rows, study))
    assert stop.sentence.endswith("nearest: REFRACT")


def test_a_factor_of_a_question_is_a_column_too(definitions):
    study = RANDOMISED | {"analyses": {"crossover": {"covariates": ["AGE", "ECOG"]}}}
    (stop,) = columns_without_value(admitted(definitions, [subject("A", AGE=60.0)], study))
    assert "key analyses.crossover.covariates names ECOG" in stop.sentence


def test_a_compared_subject_without_a_level_stops_unless_the_study_says_what_it_is(definitions):
    study = RANDOMISED | {"strata": ["REFRACT"]}
    rows = [*ROWS, subject("C", "SOC", sets="RAND", REFRACT=None)]
    (stop,) = subjects_without_level(admitted(definitions, rows, study))
    assert stop.key == "F-DM-007 REFRACT"
    assert stop.sentence == "own: 1 subject of the set RAND has no level of stratum REFRACT: C"
    said = study | {"strata_missing": "level"}
    assert not list(subjects_without_level(admitted(definitions, rows, said)))


def test_who_is_not_compared_needs_no_level(definitions):
    study = RANDOMISED | {"strata": ["REFRACT"]}
    study["arms"] = study["arms"] | {"LOW": {"label": "Low dose", "role": "other"}}
    rows = [*ROWS, subject("C", "LOW", REFRACT=None), subject("D", sets="", REFRACT=None)]
    assert not list(subjects_without_level(admitted(definitions, rows, study)))
    single = [row | {"REFRACT": None} for row in ROWS[:1]]
    assert not list(
        subjects_without_level(admitted(definitions, single, SINGLE | {"strata": ["REFRACT"]}))
    )
