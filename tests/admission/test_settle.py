"""What a study file accepts of the stops, and the stop of a set with nobody in it."""

from types import SimpleNamespace

import pandas as pd
import pytest

from cartend.admission.accepting import settle
from cartend.admission.sets import empty_sets
from cartend.admission.trial import Admitted
from cartend.config.acceptance import Acceptance
from cartend.intake.stops import Stop

ARM = Stop("F-DM-004", "PLACEBO", 2, "2 subjects of the arm PLACEBO are in no arm", "name it")
FINAL = Stop("S-SET", "ITT", 1, "nobody is in the set ITT", "name the records")


@pytest.mark.parametrize("count", [1, 3])
def test_an_acceptance_lapses_with_its_number_fewer_or_more(count):
    settled = settle([ARM], {ARM.key: Acceptance(count=count, reason="protocol 4.1")})
    assert [stop.sentence for stop in settled.left] == [
        f"{ARM.sentence} (accept counts {count}, and there are 2)"
    ]
    assert settled.accepted.empty


def test_an_acceptance_of_the_number_takes_the_stop_out_in_any_spelling():
    settled = settle([ARM], {"f-dm-004  Placebo": Acceptance(count=2, reason="protocol 4.1")})
    assert settled.left == []
    assert settled.accepted.to_dict("records")[0] == {
        "id": "F-DM-004",
        "what": "PLACEBO",
        "count": 2,
        "sentence": ARM.sentence,
        "reason": "protocol 4.1",
    }


def test_a_final_stop_is_never_accepted():
    settled = settle([FINAL], {FINAL.key: Acceptance(count=1, reason="protocol 4.1")})
    assert [stop.sentence for stop in settled.left] == [
        f"{FINAL.sentence} (a stop of this kind cannot be accepted)"
    ]


def test_a_stop_that_nobody_accepts_is_left_as_it_is():
    assert settle([ARM, FINAL], {}).left == [ARM, FINAL]


def trial(flags: list[str]) -> Admitted:
    study = SimpleNamespace(id="CT", roles={}, population="INF", entry="sdtm", records={}, pairs=())
    adsl = pd.DataFrame({"USUBJID": [f"S{i}" for i in range(len(flags))], "INFFL": flags})
    os = SimpleNamespace(population=("INF",))
    return Admitted(study, {"OS": os}, {}, adsl)


def test_a_set_with_nobody_in_it_is_a_stop_with_its_endpoints():
    (stop,) = empty_sets(trial(["N", "N"]))
    assert (stop.id, stop.what, stop.count) == ("S-SET", "INF", 1)
    assert "on which OS rests" in stop.sentence


def test_a_set_with_one_subject_is_none():
    assert list(empty_sets(trial(["N", "Y"]))) == []
