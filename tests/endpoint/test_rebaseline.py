"""Complete response before lymphodepletion, in three treatments (specification 7.4, 3)."""

import pytest
from factory import Subject, run, single_arm_study
from pydantic import ValidationError

from cartend.config.rate import Rate

SUBJECTS = [
    # CR three days before infusion: lasting at month 3, partial at month 3, lost before
    Subject("A", [(-3, "CR"), (30, "CR"), (95, "CR")], randomised=-40),
    Subject("B", [(-3, "CR"), (30, "PR"), (95, "PR")], randomised=-40),
    Subject("C", [(-3, "CR"), (30, "CR"), (60, "PD")], randomised=-40),
    # not in CR before infusion
    Subject("D", [(-3, "PR"), (30, "PR"), (95, "PR")], randomised=-40),
    Subject("E", [(30, "CR"), (95, "CR")], randomised=-40),
]
NAMES = ("RESP_M3", *(f"RESP_M3_REBASE_{how}" for how in ("KEPT", "EXCL", "NONRESP")))


@pytest.fixture(scope="module")
def adrsp(tmp_path_factory):
    """The strict landmark response and its three treatments, by evaluator IRC among the infused."""
    folder = tmp_path_factory.mktemp("rebaseline")
    visits = (("D28", 28), ("M2", 60), ("M3", 94))
    study = single_arm_study("", 500, [*NAMES, "ORR"], visits, criteria="lugano-2014")
    orr = {"ORR": {"cr_at_rebaseline": "kept_if_complete"}}
    scenario = {"name": "kept", "describe": "best response too", "endpoints": orr}
    primary = run(folder / "a", SUBJECTS, study, 500)["adrsp"]
    kept = run(folder / "b", SUBJECTS, study, 500, scenario)["adrsp"]
    return primary, kept


def answers(adrsp, name):
    rows = adrsp[(adrsp["PARAMCD"] == name) & (adrsp["EVAL"] == "IRC") & (adrsp["POP"] == "INF")]
    rows = rows.set_index("USUBJID").sort_index()
    return "".join(rows["AVALC"]), "".join(rows["ANL01FL"]), rows["REASON"]


@pytest.mark.parametrize(
    ("name", "value", "counted"),
    [
        ("RESP_M3", "YYNYY", "YYYYY"),
        ("RESP_M3_REBASE_KEPT", "YNNYY", "YYYYY"),
        ("RESP_M3_REBASE_EXCL", "NNNYY", "NNNYY"),
        ("RESP_M3_REBASE_NONRESP", "NNNYY", "YYYYY"),
    ],
)
def test_the_three_treatments_of_complete_response_at_re_baseline(adrsp, name, value, counted):
    got, used, _ = answers(adrsp[0], name)
    assert (got, used) == (value, counted)


def test_the_reason_says_what_was_done(adrsp):
    _, _, why = answers(adrsp[0], "RESP_M3_REBASE_KEPT")
    assert why["B"] == "complete response before lymphodepletion, not so at the landmark"
    assert why["C"] == "progression before or in the window"
    assert answers(adrsp[0], "RESP_M3_REBASE_EXCL")[2]["A"].endswith("not evaluable")


def test_a_rate_of_any_time_keeps_who_is_in_complete_response_at_month_three(adrsp):
    """B and C respond at some time; B is in partial response at month 3 and C has progressed."""
    assert answers(adrsp[0], "ORR")[0] == "YYYYY"
    assert answers(adrsp[1], "ORR")[0] == "YNNYY"


def test_only_rates_of_response_take_the_key():
    content = {"id": "X", "label": "x", "kind": "rate", "paramcd8": "X", "source": "s",
               "estimand": dict.fromkeys(("treatment", "population", "variable",
                                          "intercurrent_events", "summary"), "x"),
               "variable": "mrd_negative", "cr_at_rebaseline": "exclude"}  # fmt: skip
    with pytest.raises(ValidationError, match="cr_at_rebaseline goes with variable: responder"):
        Rate.model_validate(content)
