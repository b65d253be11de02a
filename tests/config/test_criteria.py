"""Response criteria: sets name categories, an alias stands for one."""

import pytest

from cartend.config.criteria import Criteria
from cartend.config.files import validate
from cartend.config.finder import SHIPPED, load_criteria
from cartend.contract.terms.grammar import RESPONSE_SET

TINY = {
    "id": "tiny",
    "label": "Tiny",
    "source": "made for the test",
    "rscat": ["TINY"],
    "categories": [
        {"code": "CR", "label": "Complete", "aliases": ["CMR"]},
        {"code": "PD", "label": "Progressive", "aliases": []},
    ],
    "sets": {"response": ["CR"], "progression": ["PD"]},
}


@pytest.mark.parametrize(
    "path", sorted((SHIPPED / "criteria").glob("*.yaml")), ids=lambda p: p.stem
)
def test_shipped_criteria_have_every_set_and_not_evaluable_last(path):
    criteria = load_criteria(path)
    assert criteria.id == path.stem
    assert set(criteria.sets) == set(RESPONSE_SET)
    codes = [category.code for category in criteria.categories]
    assert codes[-1] in criteria.sets["not_evaluable"]
    assert [criteria.rank[code] for code in codes] == list(range(len(codes)))


def test_aliases_are_found_in_any_case():
    assert validate(Criteria, TINY, "tiny").alias_map["cmr"] == "CR"


def test_a_set_that_names_no_category_is_refused(sentence_of):
    content = {**TINY, "sets": {"response": ["CR", "PR"]}}
    assert sentence_of(validate, Criteria, content, "t") == (
        "t: set response names PR, which is no category"
    )


def test_an_alias_of_two_categories_is_refused(sentence_of):
    twice = [*TINY["categories"], {"code": "SD", "label": "Stable", "aliases": ["cmr"]}]
    said = sentence_of(validate, Criteria, {**TINY, "categories": twice}, "t")
    assert said == "t: alias cmr stands for two categories"


def test_codes_takes_sets_and_categories_and_leaves_out_what_these_criteria_have_not():
    criteria = validate(Criteria, TINY, "tiny")
    assert criteria.codes("response") == ("CR",)
    assert criteria.codes(("PD", "NR")) == ("PD",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"relapse_marrow": {"above": 5, "below": 3}},
            "key algorithm.relapse_marrow: a limit is exactly one of above, at_least, below, "
            "at_most",
        ),
        (
            {"relapse_marrow": {"over": 5}},
            "key algorithm.relapse_marrow.over is not known; allowed here: above, at_least, "
            "at_most, below; nearest: above",
        ),
        (
            {"kind": "ball"},
            "key algorithm.kind: 'ball' is not allowed; allowed: b-all, lugano, imwg, inrc; "
            "nearest: b-all",
        ),
        (
            {"counts_under_support": "yes"},
            "key algorithm.counts_under_support: 'yes' is not allowed; allowed: accept, "
            "not_recovered",
        ),
    ],
)
def test_a_wrong_key_of_the_algorithm_is_one_sentence(sentence_of, change, said):
    content = {**TINY, "algorithm": {"kind": "b-all"} | change}
    assert sentence_of(validate, Criteria, content, "t") == f"t: {said}"


def test_a_limit_is_printed_with_its_sign():
    rules = validate(Criteria, {**TINY, "algorithm": {"kind": "b-all"}}, "t").algorithm
    assert (rules.relapse_marrow.text, rules.cr_platelets.text) == ("> 5", ">= 100")
