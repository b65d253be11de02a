"""The sentence on a word that is not known."""

from cartend.explain.errors import nearest, unknown


def test_the_known_words_are_listed_where_they_are_few():
    assert str(unknown("endpoint", "PSF", ["OS", "PFS"])) == (
        "endpoint PSF is not known; known: OS, PFS; nearest: PFS"
    )


def test_many_known_words_are_not_listed_and_none_is_said():
    many = [f"S-{number:04d}" for number in range(100)]
    assert str(unknown("subject", "S-0099x", many)).startswith("subject S-0099x is not known; near")
    assert str(unknown("study", "a", [])) == "study a is not known; none is known here"


def test_a_number_without_leading_zeros_is_nearest_to_the_same_number():
    known = [f"LBCL-{number:04d}" for number in (1, 40, 41, 241, 410)]
    assert nearest("lbcl-41", known) == "; nearest: LBCL-0041"


def test_a_word_like_no_other_has_no_nearest():
    assert nearest("xyz", ["OS", "PFS"]) == ""
