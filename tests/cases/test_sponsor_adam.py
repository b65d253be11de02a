"""A brought ADaM in a sponsor's names is read for what it is, from a study file alone."""

import pandas as pd
import pytest
import yaml

from cartend.config.base import ConfigError
from tests.cases.results import results
from tests.cases.whole import HERE, Whole

CASE = HERE / "sponsor-adam"


@pytest.fixture(scope="module")
def responses(tmp_path_factory):
    return Whole(CASE, "adrs", tmp_path_factory.mktemp("adrs"))


@pytest.fixture(scope="module")
def times(tmp_path_factory):
    return Whole(CASE, "adtte", tmp_path_factory.mktemp("adtte"))


def other_study(folder, name, **changes):
    """Return the case with other keys in its study file; None leaves a key out."""
    study = yaml.safe_load((CASE / "studies" / f"{name}.yaml").read_text())
    study |= {"data": str(CASE / study["data"])}
    study = {k: v for k, v in {**study, **changes}.items() if v is not None}
    (folder / "studies").mkdir()
    (folder / "studies" / f"{name}.yaml").write_text(yaml.safe_dump(study))
    return Whole(folder, name, folder / "out")


def test_each_evaluator_has_its_responses(responses):
    assert responses.responders("ORR", "IRC") == 23
    assert responses.responders("ORR", "INV") == 18
    read = responses.domain("adrs")
    assert read.groupby("PARAMCD_RAW")["EVAL"].unique().map(list).to_dict() == {
        "OVRINV": ["INV"],
        "OVRIRC": ["IRC"],
    }
    assert set(read["PARAMCD"]) == {"OVR"}
    assert responses.findings.empty


@pytest.mark.parametrize("case", ["responses", "times"])
def test_who_was_infused_is_told_by_the_date_of_the_infusion(case, request):
    adsl = request.getfixturevalue(case).adsl
    infused = adsl[adsl["INFFL"].eq("Y")]
    assert infused["ARMCD"].value_counts().to_dict() == {"CART": 19}
    assert adsl["LAFL"].value_counts().to_dict() == {"Y": 20, "N": 20}


def test_parameters_are_endpoints_by_evaluators(times):
    irc = times.times("PFS_FDA", "IRC")
    assert len(irc) == 40
    assert irc["CNSR"].eq(0).sum() == 29
    assert times.times("OS")["CNSR"].eq(0).sum() == 16
    raw = times.domain("adtte")
    assert raw.loc[raw["PARAMCD_RAW"].eq("PFSINV"), "EVAL"].unique().tolist() == ["INV"]
    assert raw.loc[raw["PARAMCD"].eq("EFSIRC"), "PARAMCD_RAW"].isna().all()


def test_an_arms_label_is_free_of_the_words_of_the_data(responses):
    labels = {arm.label for arm in responses.study.arms.values()}
    delivered = set(responses.adsl["ARM"])
    assert not labels & delivered
    assert responses.adsl["ARMCD"].value_counts().to_dict() == {"CART": 20, "SOC": 20}


def test_without_a_map_the_evaluator_is_read_from_the_parameter_and_said(tmp_path):
    adam = {"columns": {"adsl": {"LEUKDT": "APHDT", "INFDT": "CARTDT"}}}
    whole = other_study(tmp_path, "adrs", adam=adam)
    found = whole.findings
    assert found["message"].tolist() == [
        "PARAMCD OVRINV is taken for OVR by INV (132 records)",
        "PARAMCD OVRIRC is taken for OVR by IRC (156 records)",
    ]
    assert set(found["severity"]) == {"note"}
    assert whole.domain("adrs")["EVAL"].value_counts().to_dict() == {"IRC": 156, "INV": 132}


def test_without_the_date_of_the_infusion_nobody_counts_as_infused(tmp_path):
    whole = other_study(tmp_path, "adrs", adam={"adrs": {"OVRIRC": "IRC", "OVRINV": "INV"}})
    (finding,) = whole.findings.itertuples()
    assert (finding.finding_id, finding.severity) == ("F-ADAM-104", "warning")
    assert "nobody counts as infused" in finding.message
    assert "CARTDT" in finding.message
    assert set(whole.adsl["INFFL"]) == {"N"}


def test_a_map_of_trtsdt_is_the_infusion(tmp_path):
    columns = {"adsl": {"LEUKDT": "APHDT", "TRTSDT": "CARTDT"}}
    whole = other_study(tmp_path, "adtte", columns=columns, adam={"adtte": _times()})
    assert whole.adsl["INFFL"].value_counts().to_dict() == {"N": 21, "Y": 19}
    assert whole.findings.empty


def _times():
    return {
        "PFSIRC": {"endpoint": "PFS_FDA", "evaluator": "IRC"},
        "OS": {"endpoint": "OS"},
    }


def test_a_parameter_that_is_not_there_stops_with_the_nearest(tmp_path):
    whole = other_study(tmp_path, "adrs", adam={"adrs": {"OVRICR": "IRC"}})
    told = [str(stop) for stop in whole.stops]
    assert any("no record has PARAMCD OVRICR" in one and "nearest: OVRI" in one for one in told)


def test_an_endpoint_that_the_study_has_not_stops_before_the_data(tmp_path):
    whole = other_study(tmp_path, "adtte", adam={"adtte": {"PFSIRC": {"endpoint": "PFS_FDB"}}})
    with pytest.raises(ConfigError, match="PFS_FDB is not in endpoints; nearest: PFS_FDA"):
        _ = whole.run


def test_two_parameters_of_one_endpoint_and_evaluator_stop(tmp_path):
    both = {code: {"endpoint": "PFS_FDA", "evaluator": "IRC"} for code in ("PFSIRC", "PFSINV")}
    with pytest.raises(ConfigError, match="is PFS_FDA of the same evaluator too"):
        _ = other_study(tmp_path, "adtte", adam={"adtte": both}).run


def test_arms_are_found_by_key_names_or_label(tmp_path):
    labels = {"A": {"label": "car t"}, "B": {"label": "Standard of  care", "role": "control"}}
    whole = other_study(tmp_path, "adtte", arms=labels)
    codes = whole.domain("adsl")["ARMCD"].value_counts()
    assert codes.to_dict() == {"A": 20, "B": 20}


def test_an_arm_that_nothing_names_is_an_error_that_says_what_is_there(tmp_path):
    arms = {"CART": {"label": "Cells"}, "SOC": {"label": "Standard of Care", "role": "control"}}
    found = other_study(tmp_path, "adtte", arms=arms).findings
    told = found[found["finding_id"].eq("F-ADAM-015")]
    assert len(told) == 20
    assert told["message"].iloc[0].startswith("ARMCD blank, TRT01P CAR-T, ARM CAR-T: no arm of")
    assert pd.unique(told["severity"]).tolist() == ["error"]


def _tests(ard, endpoint, evaluator):
    """Return p-value by method of the log-rank tests of one endpoint."""
    rows = ard[ard["paramcd"].eq(endpoint) & ard["evaluator"].eq(evaluator) & ard["by"].eq("")]
    rows = rows[rows["analysis"].isin(["logrank", "stratified_logrank"])]
    return rows[rows["statistic"].eq("p_value")].set_index("method")["value"].round(5).to_dict()


@pytest.mark.parametrize(
    ("are", "said"), [("verified", "verified strata"), ("randomised", "strata")]
)
def test_a_p_value_says_where_its_strata_are_the_verified_ones(tmp_path, are, said):
    ard = results(other_study(tmp_path, "adtte", strata_are=are))
    assert _tests(ard, "PFS_FDA", "IRC") == {
        "log-rank": 0.14122,
        f"log-rank, {said} STRAT1V+STRAT2V": 0.37181,
    }
