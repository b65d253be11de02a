"""A vocabulary: codes, labels, what means them, and groups of them."""

import pandas as pd
import pytest

from cartend.contract.vocabulary import term, vocabulary

FRUIT = vocabulary(
    "fruit",
    term("APPLE", "Apple", "POMME", groups="tree hard"),
    term("PEAR", "Pear", groups="tree"),
    "MELON",
)


def test_codes_are_in_order_and_a_word_without_label_is_its_own():
    assert FRUIT.codes == ("APPLE", "PEAR", "MELON")
    assert FRUIT.label("APPLE") == "Apple"
    assert FRUIT.label("MELON") == "MELON"
    assert FRUIT.label("NUT") == "NUT"
    assert FRUIT.place["MELON"] == 2


@pytest.mark.parametrize("text", ["apple", "Pomme", "POMME ", "APPLE"])
def test_a_text_means_a_code_in_any_spelling(text):
    assert FRUIT.code(text) == "APPLE"


def test_what_means_nothing_is_missing_or_kept():
    column = pd.Series(["pomme", "nut", None, ""])
    assert FRUIT.read(column).tolist() == ["APPLE", None, None, None]
    assert FRUIT.read_or_keep(column).tolist() == ["APPLE", "NUT", None, None]


def test_a_group_is_several_words_at_once():
    assert FRUIT.group("tree") == ("APPLE", "PEAR")
    with pytest.raises(KeyError, match="fruit has no group sea"):
        FRUIT.group("sea")


def test_one_text_cannot_mean_two_words():
    with pytest.raises(ValueError, match="'car-t' means B and A|'car-t' means A and B"):
        vocabulary("twice", term("A", "", "CAR T"), term("B", "", "car-t"))


def test_membership_is_of_codes_alone():
    assert "APPLE" in FRUIT
    assert "POMME" not in FRUIT
    assert list(FRUIT) == ["APPLE", "PEAR", "MELON"]
    assert len(FRUIT) == 3


def test_the_nearest_word_may_be_a_synonym():
    assert FRUIT.nearest("POMMES") == "POMME"
