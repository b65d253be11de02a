import pandas as pd
import pytest

from cartend.subject.flags import differing_flags


def differing(make, brought, derived, **study):
    """Return (subject, name) of what differs, for values by subject A, B, ..."""
    names = list("ABCDEF")[: len(next(iter(brought.values())))]
    dm = pd.DataFrame({"USUBJID": names, **brought})
    flags = dict.fromkeys(["RANDFL", "LAFL", "INFFL", "SAFFL", "ENRLFL"], "N") | derived
    found = differing_flags(make.study(**study), dm, pd.DataFrame({"USUBJID": names, **flags}))
    return found[["USUBJID", "QNAM", "FLAG"]].values.tolist()


SINGLE = {"design": "single-arm", "arms": {"CART": {"label": "CAR-T"}}}


@pytest.mark.parametrize(
    ("name", "flag", "study"),
    [
        ("ITT", "RANDFL", {}),
        ("ITT", "LAFL", SINGLE),
        ("EFFICACY", "RANDFL", {}),
        ("EFFICACY", "INFFL", SINGLE),
        ("SAFETY", "SAFFL", {}),
        ("SAFFL", "SAFFL", SINGLE),
        ("RANDFL", "RANDFL", {}),
        ("MITT", "INFFL", SINGLE),
    ],
)
def test_a_flag_that_differs_is_found_by_subject(make, name, flag, study):
    brought, derived = {name: ["Y", "N", None, "Yes"]}, {flag: ["Y", "Y", "Y", "N"]}
    got = differing(make, brought, derived, **study)
    assert got == [["B", name, flag], ["C", name, flag], ["D", name, flag]]


def test_a_flag_that_nobody_has_and_a_word_that_is_no_answer_say_nothing(make):
    assert differing(make, {"SAFETY": [None, None]}, {"SAFFL": ["Y", "Y"]}) == []
    assert differing(make, {"SAFETY": ["PERHAPS", "Y"]}, {"SAFFL": ["Y", "Y"]}) == []
    assert differing(make, {"OTHERFL": ["Y", "N"]}, {"SAFFL": ["N", "Y"]}) == []
