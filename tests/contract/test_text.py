"""Text is made comparable in one way (decision D37)."""

import numpy as np
import pandas as pd
import pytest

from cartend.contract.text import (
    by_word,
    conjoined,
    in_a_sentence,
    is_one_of,
    listed,
    nearest,
    normal,
    normalised,
)


@pytest.mark.parametrize(
    "text",
    [
        "CAR-T INFUSION",
        "car t infusion",
        "  Car-T   Infusion ",
        "CAR\u2011T\u00a0INFUSION",  # a hyphen that does not break, a blank that does not either
        "CAR\u2013T INFUSION",  # an en dash
        "CAR\u2212T INFUSION",  # a minus
        "\uff23\uff21\uff32\uff0d\uff34\u3000\uff29\uff4e\uff46\uff55\uff53\uff49\uff4f\uff4e",
    ],
)
def test_every_spelling_of_a_word_is_that_word(text):
    assert normal(text) == "car t infusion"


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, "", "   ", "-"])
def test_nothing_is_the_empty_text(missing):
    assert normal(missing) == ""


def test_a_composed_letter_is_one_letter():
    assert normal("Jose\u0301") == normal("Jos\u00e9")


def test_other_words_stay_other_words():
    assert normal("CART") != normal("CAR-T")
    assert normal("ANTI-CD19") != normal("ANTI-CD20")


def test_a_number_is_its_text():
    assert normal(7) == "7"


def test_a_column_is_normalised_word_by_word_and_keeps_what_is_missing():
    column = pd.Series(["CAR-T", None, " car t", ""], index=[3, 1, 4, 9])
    assert normalised(column).tolist() == ["car t", None, "car t", None]
    assert normalised(column).index.tolist() == [3, 1, 4, 9]


def test_each_different_word_is_changed_once():
    seen = []
    by_word(pd.Series(["a", "b"] * 50), lambda word: seen.append(word))
    assert seen == ["a", "b"]


def test_one_of_some_words_in_any_spelling():
    column = pd.Series(["Lost to follow up", "DEATH", None])
    assert is_one_of(column, ["LOST TO FOLLOW-UP"]).tolist() == [True, False, False]


def test_the_nearest_word():
    assert nearest("LYMPHODEPLETON", ["LYMPHODEPLETION", "LEUKAPHERESIS"]) == "LYMPHODEPLETION"
    assert nearest("XYZ", ["LYMPHODEPLETION"]) is None


def test_lists_in_words():
    assert listed(["A", "B", "C"]) == "A, B or C"
    assert conjoined(["A", "B", "C"]) == "A, B and C"
    assert listed(["A"]) == conjoined(["A"]) == "A"
    assert listed([]) == ""


@pytest.mark.parametrize(
    ("label", "within"),
    [
        ("Transfusion of blood", "transfusion of blood"),
        ("CAR-T infusion", "CAR-T infusion"),
        ("IgG replacement", "IgG replacement"),
        ("T-cell depletion", "T-cell depletion"),
        ("Crossover to CAR-T", "crossover to CAR-T"),
        ("", ""),
    ],
)
def test_a_label_within_a_sentence_begins_small_unless_it_begins_with_an_acronym(label, within):
    assert in_a_sentence(label) == within
