"""The list of questions, and what becomes of one that cannot be answered."""

import typing

import pandas as pd
from tiny_trial import make_study

from cartend.analysis.questions.catalog import CATALOG, wanted
from cartend.analysis.questions.registry import ANSWERS
from cartend.config.analyses import Analyses, Question


def test_catalog_functions_options_and_the_key_of_the_study_name_the_same_questions():
    names = set(typing.get_args(Question))
    assert set(CATALOG) == set(ANSWERS) == names
    assert set(Analyses.model_fields) - {"run"} == names


def test_a_single_arm_trial_is_not_asked_what_needs_two_arms():
    arms = {"CART": {"label": "CAR-T"}}
    single = make_study(design="single-arm", arms=arms, strata=[])
    assert all("single-arm" in entry.designs for entry in wanted(single))
    assert len(wanted(make_study())) > len(wanted(single))


def test_the_study_says_which_questions_are_answered():
    study = make_study(analyses={"run": ["nrm_bias"]})
    assert [entry.name for entry in wanted(study)] == ["nrm_bias"]


def test_every_question_that_cannot_be_derived_says_so_under_its_name(ask):
    empty = pd.DataFrame(columns=["USUBJID", "PARAMCD", "POP", "EVAL", "ANL01FL", "AVAL"])
    for name in CATALOG:
        answer = ask(name, adtte=empty, adrs=empty, definitions={})
        assert answer.rows, name
        assert {row[2] for row in answer.rows} == {name}
        assert any(reason.startswith("not estimable: ") for reason in answer.notes()), name


def test_every_number_has_its_method_or_its_reason(ask):
    for name in CATALOG:
        for row in ask(name).rows:
            assert row[9] or row[15], row
