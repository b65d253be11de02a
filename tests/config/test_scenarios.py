"""Scenarios: what they change, what follows from it, and what they are told."""

import json

import pytest
import yaml

from cartend.config.finder import SHIPPED
from cartend.config.load import load_config


def test_what_differs_from_the_shipped_definitions_is_kept_and_nothing_else(folder):
    folder.scenario({"EFS_ZUMA7": {"population": "INF"}})
    assert list(folder.definitions()) == ["EFS_ZUMA7"]
    assert folder.definitions()["EFS_ZUMA7"].population == ("INF",)


def test_a_scenario_that_changes_orr_pulls_the_duration_of_response_along(folder):
    folder.scenario({"ORR": {"response": "complete"}})
    spec = folder.load().scenarios["lbcl-second-line"]["other"]
    assert list(spec.definitions) == ["ORR", "DOR"]
    assert spec.support["ORR"].response == "complete"


@pytest.mark.parametrize(
    "endpoints",
    [
        {"OS": {"label": "Overall survival"}},
        {"EFS_ZUMA7": {"not_evaluable_at_landmark": "failure"}},
        {"EFS_ZUMA7": {"events": {"DEATH": {"type": "DEATH"}}}},
        {"OS": {"population": ["RAND"]}},
        {"EFS_ZUMA7": {"censoring": {"LAST_ASSESSMENT": {"order": 0}}}},
        {"EFS_ALL_SA": {"evaluator": "INV"}},  # an endpoint that no study of the run lists
    ],
)
def test_a_scenario_that_changes_nothing_says_so(folder, endpoints):
    assert "the scenario changes nothing in any study of the run" in (
        folder.scenario(endpoints).error()
    )


def test_null_removes_a_rule_and_lists_are_replaced(folder):
    folder.scenario(
        {
            "EFS_TRANSFORM": {
                "events": {
                    "NEW_THERAPY": {"qualifies": {"reasons": ["TOXICITY", "OTHER"]}},
                    "NO_RESPONSE": None,
                }
            }
        }
    )
    found = folder.definitions()["EFS_TRANSFORM"]
    assert found.events["NEW_THERAPY"].qualifies.reasons == ("TOXICITY", "OTHER")
    assert "NO_RESPONSE" not in found.events


@pytest.mark.parametrize(
    ("endpoints", "said"),
    [
        ({"EFS_ZUMA": {"label": "x"}}, "nearest: EFS_ZUMA7"),
        ({"EFS_ZUMA7": {"based_on": "OS"}}, "an endpoint of that id is shipped"),
        ({"EFS_NEW": {"based_on": "EFS_NEW"}}, "EFS_NEW is based on itself"),
        ({"EFS_ZUMA7": {"evnts": {}}}, "key evnts is not known"),
        ({"EFS_ZUMA7": {"events": ["DEATH"]}}, "key events: a mapping of rules by id is expected"),
        ({"EFS_ZUMA7": {"events": {"DEATH": "yes"}}}, "key events.DEATH: 'yes' is not allowed"),
        ({"EFS_ZUMA7": {"events": {"DEAT": {}}}}, "nearest: DEATH"),
        ({"EFS_ZUMA7": {"events": {"NEW_THERAP": None}}}, "no such rule to remove"),
        ({"EFS_ZUMA7": {"events": {"NEW_THERAPY": None}}}, "no event of type NEW_THERAPY"),
        ({"OS": {"events": {"DEATH": None}}}, "at least one event and one censoring rule"),
        ({"OS": {"origin": "infusio"}}, "nearest: infusion"),
        ({"OS": {"kind": "rates"}}, "leave out based_on to change it"),
        ({"EFS_ZUMA7": "x"}, "key endpoints.EFS_ZUMA7: a mapping of keys is expected"),
        ({"EFS_ZUMA7": {"pair": "NOPE", "population": "INF"}}, "key pair: NOPE is no endpoint"),
        (
            {"EFS_BELINDA": {"events": {"PD": {"window": {"start": "W13"}}}}},
            "key events.PD.window.start: 'W13' is no landmark or visit",
        ),
        (
            {
                "EFS_TRANSFORM": {
                    "events": {"NO_RESPONSE": {"criterion": {"not_achieved": "respons"}}}
                }
            },
            "'respons' is no response set or category",
        ),
        (
            {"EFS_ZUMA7": {"events": {"NEW_THERAPY": {"qualifies": {"reasons": ["EFICACY"]}}}}},
            "nearest: EFFICACY",
        ),
        (
            {"NRM": {"events": {"DEATH": {"cause_not_in": ["DISEASE UNDER STDY"]}}}},
            "nearest: DISEASE UNDER STUDY",
        ),
        (
            {"EFS_NEW": {"based_on": "EFS_ZUMA7", "paramcd8": "OS", "origin": "infusion"}},
            "EFS_NEW and OS have the same paramcd8 OS",
        ),
    ],
)
def test_a_wrong_override_is_one_sentence_with_the_file(folder, endpoints, said):
    sentence = folder.scenario(endpoints).error()
    assert said in sentence
    assert sentence.startswith("scenarios/other.yaml")


def test_a_category_that_only_other_criteria_have_is_no_error(folder):
    """REFRACTORY of NRM names NR, which Lugano has not: there it selects nothing."""
    events = folder.load().scenarios["lbcl-second-line"]["primary"].definitions["NRM"].events
    assert events["REFRACTORY"].criterion.state_from == ("NR",)


def test_studies_limits_a_scenario_and_unknown_ones_are_told(folder):
    change = {"EFS_ZUMA7": {"population": "INF"}}
    said = folder.scenario(change, studies=["lbcl-second-lin"]).error()
    assert said.endswith(
        "lbcl-second-lin is not run; run: lbcl-second-line; nearest: lbcl-second-line"
    )


@pytest.mark.parametrize("studies", [["ball-single-arm"], ["a-trial-elsewhere"]])
def test_a_scenario_whose_studies_are_not_run_is_left_out_with_one_line(folder, studies):
    run = folder.scenario({"EFS_ZUMA7": {"population": "INF"}}, studies=studies).load()
    assert list(run.scenarios["lbcl-second-line"]) == ["primary"]
    (line,) = run.left_out
    assert line == (f"scenario other is left out: of its studies ({studies[0]}) none is run")


def test_the_name_primary_is_taken_and_a_name_stands_once(folder):
    change = {"EFS_ZUMA7": {"population": "INF"}}
    folder.scenario(change, name="primary")
    assert "primary is the scenario of the shipped definitions" in folder.error()
    folder.scenarios = []
    folder.scenario(change)
    folder.scenarios *= 2
    assert "key name: other stands twice in the run" in folder.error()


def test_based_on_chains_lay_over_each_other(folder):
    folder.write("endpoints/MID", {"id": "MID", "based_on": "EFS_ZUMA7", "population": "INF"})
    folder.write("endpoints/TOP", {"id": "TOP", "based_on": "MID", "evaluator": "INV"})
    folder.scenario({"LAST": {"based_on": "TOP", "label": "Three layers", "origin": "infusion"}})
    last = folder.definitions()["LAST"]
    assert (last.population, last.evaluator, last.origin) == (("INF",), "INV", "infusion")
    assert list(last.events) == ["PD", "NO_RESPONSE", "NEW_THERAPY", "DEATH"]


@pytest.mark.parametrize("circle", [["AA", "BB"], ["AA", "BB", "CC"]])
def test_a_circle_of_based_on_is_one_sentence(folder, circle):
    for name, base in zip(circle, [*circle[1:], circle[0]], strict=True):
        folder.write(f"endpoints/{name}", {"id": name, "based_on": base})
    said = folder.scenario({"NEW": {"based_on": "AA", "label": "x"}}).error()
    assert said == (
        "endpoints/AA.yaml: key based_on: the endpoints go in a circle: "
        + " -> ".join([*circle, "AA"])
    )


def test_a_file_whose_id_is_not_its_name_is_refused(folder):
    folder.write("endpoints/EFS_MINE", {"id": "EFS_YOURS", "based_on": "EFS_ZUMA7"})
    said = folder.scenario({"NEW": {"based_on": "EFS_MINE", "label": "x"}}).error()
    assert said == "endpoints/EFS_MINE.yaml: key id: 'EFS_YOURS' is not the file's name"


def _reversed(content: object) -> object:
    if isinstance(content, dict):
        return {key: _reversed(content[key]) for key in reversed(content)}
    return content


def test_the_order_of_keys_means_nothing(folder):
    endpoints = {"EFS_NEW": {"based_on": "EFS_ZUMA7", "population": "INF", "origin": "infusion"}}
    folder.scenario(endpoints)
    one = folder.load()
    folder.write(
        "scenarios/other",
        _reversed(yaml.safe_load((folder.path / "scenarios/other.yaml").read_text())),
    )
    study = yaml.safe_load(folder.study_text)
    order = {key: study[key] for key in ("arms", "landmarks", "roles")}
    folder.study_text = yaml.safe_dump({**_reversed(study), **order}, sort_keys=False)
    other = folder.load()

    def whole(run: object) -> str:
        specs = [run.spec("lbcl-second-line"), run.scenarios_spec("lbcl-second-line")]
        return json.dumps(specs, sort_keys=True)

    assert whole(one) == whole(other)


def test_look_ahead_is_a_word_with_its_days(folder):
    folder.scenario({"EFS_ZUMA7": {"not_evaluable_at_landmark": "look_ahead(28)"}})
    found = folder.definitions()["EFS_ZUMA7"]
    assert (found.not_evaluable_at_landmark, found.look_ahead_days) == ("look_ahead", 28)


def test_a_configuration_given_as_a_mapping_resolves_like_its_file(folder):
    folder.scenario({"EFS_ZUMA7": {"population": "INF"}})
    one = folder.load()
    content = yaml.safe_load((folder.path / "config.yaml").read_text())
    other = load_config(content, folder.path, [folder.path])
    assert one.scenarios == other.scenarios


def test_a_new_endpoint_based_on_none_needs_to_say_for_which_studies(folder):
    whole = yaml.safe_load((SHIPPED / "endpoints" / "OS.yaml").read_text())
    new = {"OS_NEW": {**whole, "id": "OS_NEW", "paramcd8": "OSNEW", "origin": "leukapheresis"}}
    assert "or studies: where an endpoint is new and based on none" in folder.scenario(new).error()
    folder.scenarios = []
    folder.scenario(new, studies=["lbcl-second-line"])
    assert folder.definitions()["OS_NEW"].origin == "leukapheresis"
    folder.scenarios = []
    folder.scenario({"OS_NEW": {"kind": "rates"}}, studies=["lbcl-second-line"])
    assert "key kind: 'rates' is not allowed; allowed: tte, competing, rate" in folder.error()


def test_a_new_endpoint_may_be_based_on_another_new_one_of_the_scenario(folder):
    folder.scenario(
        {
            "EFS_SECOND": {"based_on": "EFS_FIRST", "evaluator": "INV"},
            "EFS_FIRST": {
                "based_on": "EFS_ZUMA7",
                "events": {"NEW_THERAPY": None},
                "intercurrent_events": {"NEW_THERAPY": {"strategy": "hypothetical"}},
            },
        }
    )
    first, second = (folder.definitions()[name] for name in ("EFS_FIRST", "EFS_SECOND"))
    assert (first.evaluator, second.evaluator) == ("study", "INV")
    assert "NEW_THERAPY" not in second.events
    assert second.intercurrent_events == first.intercurrent_events
    assert list(folder.load().scenarios["lbcl-second-line"]) == ["primary", "other"]


def test_a_circle_among_the_new_endpoints_of_a_scenario_is_one_sentence(folder):
    folder.scenario({"EFS_A": {"based_on": "EFS_B"}, "EFS_B": {"based_on": "EFS_A"}})
    assert "the endpoints go in a circle: EFS_A -> EFS_B -> EFS_A" in folder.error()


def test_a_base_that_neither_the_scenario_nor_the_shelf_has_is_named(folder):
    folder.scenario({"EFS_A": {"based_on": "EFS_B"}, "EFS_C": {"based_on": "EFS_A"}})
    assert "endpoint EFS_B is not known" in folder.error()
