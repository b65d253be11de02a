"""A stop is accepted for what it names and its count, and some never are (decision D39)."""

from cartend.admission.accepting import settle
from cartend.config.acceptance import Acceptance
from cartend.intake.stops import Stop

LOW = Stop("F-DM-004", "LOW", 6, "s: 6 subjects of arm LOW", "declare it")
EMPTY = Stop("S-SET", "INF", 2, "s: nobody is in the set INF", "name the records")


def accept(count, reason="amendment 3"):
    return Acceptance(count=count, reason=reason)


def test_what_the_study_accepts_is_taken_out_with_its_reason():
    found = settle([LOW, EMPTY], {"f-dm-004  low": accept(6)})
    assert found.left == [EMPTY]
    assert found.accepted.values.tolist() == [
        ["F-DM-004", "LOW", 6, "s: 6 subjects of arm LOW", "amendment 3"]
    ]
    assert found.unmet == []


def test_it_lapses_with_the_count():
    (left,) = settle([LOW], {"F-DM-004 LOW": accept(5)}).left
    assert left.sentence == "s: 6 subjects of arm LOW (accept counts 5, and there are 6)"


def test_it_lapses_with_what_the_stop_names():
    found = settle([LOW], {"F-DM-004 HIGH": accept(6)})
    assert found.left == [LOW]
    assert found.unmet == ["F-DM-004 HIGH"]


def test_an_empty_set_is_never_accepted():
    found = settle([EMPTY], {"S-SET INF": accept(2)})
    assert found.accepted.empty
    assert found.left[0].sentence.endswith("(a stop of this kind cannot be accepted)")


def test_stops_on_one_thing_are_one_and_their_counts_are_added():
    more = LOW._replace(count=2, sentence="s: 2 more subjects of arm LOW")
    assert settle([LOW, more], {"F-DM-004 LOW": accept(8)}).left == []
    assert settle([LOW, LOW], {"F-DM-004 LOW": accept(6)}).left == []
