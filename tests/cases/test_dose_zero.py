"""An infusion with a recorded dose of exactly 0 was not given (decision D46)."""

import pytest

from tests.cases.whole import HERE, Whole


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    return Whole(HERE / "dose-zero", "x", tmp_path_factory.mktemp("dose-zero"))


def test_who_got_nothing_was_not_infused_and_is_told(trial):
    (row,) = trial.findings[trial.findings["finding_id"].eq("F-EX-006")].itertuples()
    adsl = trial.adsl.set_index("USUBJID")
    assert adsl.loc[row.usubjid, "INFFL"] == "N"
    assert adsl.loc[row.usubjid, "SAFFL"] == "Y"
    others = adsl.drop(row.usubjid)
    assert set(others["INFFL"]) == {"Y"}
    assert row.severity == "warning"
