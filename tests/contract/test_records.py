"""Records by their role, as the rooms below the intake find them."""

import pandas as pd
import pytest

from cartend.contract.records import has_role, of_role, own_roles

FRAME = pd.DataFrame({"CMTRT": list("abcd"), "ROLE": ["bridging", None, "new_therapy own", "x"]})


def test_records_are_found_by_their_role():
    assert has_role(FRAME, "new_therapy").tolist() == [False, False, True, False]
    assert of_role(FRAME, "bridging")["CMTRT"].tolist() == ["a"]


def test_a_role_is_a_whole_id():
    assert not has_role(FRAME, "new").any()


def test_the_roles_of_a_study_are_those_that_are_not_shipped():
    assert own_roles(FRAME) == ["own", "x"]


def test_a_table_that_did_not_pass_the_intake_is_refused():
    with pytest.raises(KeyError):
        has_role(FRAME.drop(columns="ROLE"), "bridging")
