"""Events, censorings and answers add up to N."""

import numpy as np
import pytest
from tiny_trial import make_adrsp, make_adtte, pick

from cartend.analysis.ard import Ard, ArdError, Place
from cartend.analysis.counts import (
    Labels,
    count_rows,
    event_labels,
    reason_labels,
    state_labels,
    strata_of,
    subjects_of,
)
from cartend.analysis.frames import blocks
from cartend.analysis.plan import Comparison

AGAINST = Comparison("CART", "SOC", ("REFRACT",))


def block_of(paramcd, frame=None):
    frame = make_adtte() if frame is None else frame
    return next(b for b in blocks(frame) if b.paramcd == paramcd)


def test_events_are_named_by_evntdesc_and_censorings_by_number_and_text(run):
    found = pick(run.build(), paramcd="EFS", analysis="count")
    counted = {key[0]: value for key, value in found.items() if key[1] == "n"}
    assert counted == {
        "PD": 2,
        "DEATH": 1,
        "NEW_THERAPY": 1,
        "CNSR 1: last adequate assessment": 2,
        "WINDOW_OPEN": 0,
    }
    assert {value for key, value in found.items() if key[1] == "N"} == {6}


def test_a_category_that_an_arm_does_not_have_is_counted_zero(run):
    found = pick(run.build(), paramcd="EFS", analysis="count", arm="SOC")
    assert found["DEATH", "n"] == 0
    assert found["DEATH", "N"] == 3


def test_a_competing_event_is_counted_with_the_censorings_and_in_its_state(run):
    found = pick(run.build(), paramcd="NRM", analysis="count")
    counted = {key[0]: value for key, value in found.items() if key[1] == "n"}
    assert counted == {
        "DEATH": 2,
        "CNSR 1: last adequate assessment": 2,
        "CNSR 12: competing: relapse": 2,
        "STATE 0: censored": 2,
        "STATE 1: Non-relapse death": 2,
        "STATE 2: Relapse": 2,
        "WINDOW_OPEN": 0,
    }


def test_subjects_with_an_open_window_are_counted_and_not_estimated(run):
    run.adtte.loc[run.adtte["USUBJID"] == "A2", "ANL01FL"] = "N"
    ard = run.build()
    found = pick(ard, paramcd="EFS", analysis="count")
    assert (found["WINDOW_OPEN", "n"], found["WINDOW_OPEN", "N"]) == (1, 6)
    assert (found["PD", "n"], found["PD", "N"]) == (2, 5)
    assert pick(ard, paramcd="EFS", analysis="km")["N"] == 5


def test_a_subject_without_time_is_counted_apart(run):
    run.adtte["AVAL"] = run.adtte["AVAL"].astype(float)
    run.adtte.loc[run.adtte["USUBJID"] == "A2", "AVAL"] = np.nan
    found = pick(run.build(), paramcd="EFS", analysis="count")
    assert (found["TIME_MISSING", "n"], found["TIME_MISSING", "N"]) == (1, 6)


def test_answers_are_counted_with_their_reasons():
    labels = reason_labels(block_of("ORR", make_adrsp()))
    named = [labels.names[code] for code in labels.codes]
    assert named == ["Y: responded"] * 2 + ["N: died"] + ["N: progressed"] * 2 + ["N"]


def test_every_state_of_the_definition_is_listed():
    labels = state_labels(block_of("NRM"), {1: "NRM", 2: "Relapse", 3: "Other"})
    assert labels.names == (
        "STATE 0: censored",
        "STATE 1: NRM",
        "STATE 2: Relapse",
        "STATE 3: Other",
    )
    assert labels.codes.tolist() == [2, 0, 1, 2, 1, 0]


def test_events_without_cnsr_are_named_by_evntdesc_alone():
    block = block_of("EFS", make_adtte().drop(columns="CNSR"))
    assert "CENSORED" in event_labels(block).names


def test_strata_are_the_cells_of_all_factors_with_missing_as_one_of_them():
    frame = make_adtte()
    frame["REFRACT"] = frame["REFRACT"].fillna("MISSING")
    assert strata_of(block_of("EFS", frame), AGAINST).tolist() == [2, 1, 2, 2, 1, 0]


def test_subjects_hold_what_the_estimators_take():
    subjects = subjects_of(block_of("NRM"), Comparison("CART", "SOC", ()))
    assert subjects.time.tolist() == [5, 12, 20, 5, 8, 15]
    assert subjects.time.dtype.kind == "i"
    assert subjects.state.tolist() == [2, 0, 1, 2, 1, 0]
    assert subjects.event.tolist() == [1, 0, 1, 1, 1, 0]
    assert subjects.treated.tolist() == [1, 1, 1, 0, 0, 0]
    assert subjects.strata.tolist() == [0] * 6


def test_categories_that_do_not_add_up_are_refused():
    labels = Labels(("A",), np.array([0]))
    with pytest.raises(ArdError, match="count 1 subjects of 2"):
        count_rows(Ard("s", "p").cell(Place("OS")), labels, _TwoOfOne())


class _TwoOfOne(np.ndarray):
    """A mask that selects one subject and says it selects two."""

    def __new__(cls):
        return np.array([True]).view(cls)

    def sum(self, *args, **kwargs):
        return 2


def test_deaths_in_state_1_are_counted_by_cause_and_tag(run):
    run.adsl["DTHCAUS"] = [None, None, "INFECTION", None, None, None]
    run.adtte["TAGS"] = np.where(run.adtte["USUBJID"] == "A3", "POST_HSCT EARLY", "")
    ard = run.build()
    found = pick(ard, paramcd="NRM", analysis="count")
    details = {k: v for (k, s), v in found.items() if s == "n" and k.startswith(("CAUSE", "TAG"))}
    assert details == {
        "CAUSE INFECTION": 1,
        "CAUSE MISSING": 1,
        "TAG EARLY": 1,
        "TAG POST_HSCT": 1,
    }
    assert ("CAUSE INFECTION", "n") not in pick(
        ard, paramcd="NRM", analysis="count", by="BRIDGE", level="NONE"
    )


def test_a_rate_that_leaves_the_missing_out_says_so(run):
    run.definitions["ORR"] = run.definitions["ORR"].model_copy(update={"missing": "exclude"})
    run.adrsp.loc[run.adrsp["USUBJID"] == "B3", "ANL01FL"] = "N"
    found = pick(run.build(), paramcd="ORR", analysis="count")
    assert (found["NOT_COUNTED", "n"], found["NOT_COUNTED", "N"]) == (1, 6)
    assert ("WINDOW_OPEN", "n") not in found
