"""Files of bridging and eligibility: found, laid over each other, and wrong in one sentence."""

import json

import pytest
import yaml
from pydantic import ValidationError

from cartend.config.base import ConfigError
from cartend.config.eligibility import Condition, walk
from cartend.config.finder import SHIPPED, load_study
from cartend.config.rules import Rules, load_rules, shipped_rules

STUDY = load_study(SHIPPED / "studies" / "ball-single-arm.yaml")


def rules_of(tmp_path, kind, content, name="mine"):
    """Return the rules of the study with one file of its own before the shipped ones."""
    (tmp_path / kind).mkdir(exist_ok=True)
    text = yaml.safe_dump({"id": name, **content}, sort_keys=False)
    (tmp_path / kind / f"{name}.yaml").write_text(text)

    def find(wanted, file):
        own = tmp_path / wanted / f"{file}.yaml"
        return own if own.is_file() else SHIPPED / wanted / f"{file}.yaml"

    return load_rules(STUDY.model_copy(update={kind: name}), find)


def sentence(tmp_path, kind, content, name="mine"):
    with pytest.raises(ConfigError) as caught:
        rules_of(tmp_path, kind, content, name)
    text = str(caught.value).replace(f"{tmp_path}/", "").replace(f"{SHIPPED}/", "")
    assert "\n" not in text
    return text


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in (SHIPPED / "eligibility").glob("*.yaml"))
)
def test_every_shipped_criterion_has_its_sentence_and_source(name):
    rules = shipped_rules(STUDY.model_copy(update={"eligibility": name}))
    for criterion, _, content in walk(rules.eligibility):
        assert content.sentence.endswith("."), criterion
        assert content.source, criterion
    assert rules.eligibility.uncertain


@pytest.mark.parametrize("name", ["default", "gd2-neuroblastoma"])
def test_the_order_of_rules_survives_the_way_to_a_job(name):
    """A job gets canonical JSON, whose keys are sorted."""
    rules = shipped_rules(STUDY.model_copy(update={"bridging": name}))
    sent = json.dumps(rules.model_dump(mode="json", exclude_defaults=True), sort_keys=True)
    back = Rules.model_validate_json(sent)
    for part in ("taxonomy", "washout"):
        by_order = [
            sorted(content, key=lambda i, c=content: c[i].order)
            for content in (getattr(rules.bridging, part), getattr(back.bridging, part))
        ]
        assert by_order[0] == by_order[1]
        assert len({rule.order for rule in getattr(back.bridging, part).values()}) == len(
            by_order[0]
        )
    assert [name for name, _, _ in walk(back.eligibility)] == [
        name for name, _, _ in walk(rules.eligibility)
    ]


def test_a_protocol_adds_a_criterion_over_the_shipped_ones(tmp_path):
    added = {
        "label": "Second relapse",
        "sentence": "A second relapse.",
        "source": "protocol, section 5.1",
        "when": {"fact": "characteristic", "test": "RELAPSEN", "at_least": 2},
    }
    over = {"based_on": "rr-ball", "criteria": {"RR_BALL": {"any": {"PROTOCOL_ADDED_1": added}}}}
    found = walk(rules_of(tmp_path, "eligibility", over).eligibility)
    names = [name for name, parent, _ in found if parent == "RR_BALL"]
    assert names == ["RR_BALL_A", "RR_BALL_B", "RR_BALL_C", "RR_BALL_D", "PROTOCOL_ADDED_1"]


def test_a_study_changes_one_limit_and_keeps_the_rest(tmp_path):
    over = {"based_on": "default", "washout": {"WO-STEROID": {"before_lymphodepletion": 5}}}
    bridging = rules_of(tmp_path, "bridging", over).bridging
    assert bridging.washout["WO-STEROID"].before_lymphodepletion == 5
    assert bridging.washout["WO-STEROID"].before_leukapheresis == 3
    shipped = shipped_rules(STUDY).bridging
    assert bridging.taxonomy == shipped.taxonomy


@pytest.mark.parametrize(
    ("kind", "content", "want"),
    [
        (
            "bridging",
            {"based_on": "default", "washout": {"WO-STEROID": {"before_lymphodepletoin": 5}}},
            "bridging/mine.yaml: key washout.WO-STEROID.before_lymphodepletoin is not known; "
            "allowed here: ",
        ),
        (
            "bridging",
            {"based_on": "default", "washout": {"WO-STEROID": {"before_lymphodepletion": -1}}},
            "bridging/mine.yaml: key washout.WO-STEROID.before_lymphodepletion: -1 is not allowed;",
        ),
        (
            "bridging",
            {"based_on": "default", "taxonomy": {"BRC-IMID": {"classes": ["IMIDS"]}}},
            "bridging/mine.yaml: key taxonomy.BRC-IMID.classes.0: 'IMIDS' is not allowed; allowed:",
        ),
        (
            "bridging",
            {"based_on": "default", "taxonomy": {"BRC-TARGETED": None}},
            "taxonomy: the last rule fits every record (no agents, classes, intensive or routes), "
            "so that none is left without; BRC-CHEMO does not",
        ),
        (
            "bridging",
            {"based_on": "mine"},
            "bridging/mine.yaml: key based_on: the files go in a circle: mine -> mine",
        ),
        (
            "bridging",
            {"id": "other", "based_on": "default"},
            "bridging/mine.yaml: key id: 'other' is not the file's name",
        ),
        (
            "eligibility",
            {"based_on": "rr-ball", "criteria": {"PH_OK": {"when": {"fact": "age", "below": 18}}}},
            "eligibility/mine.yaml: key criteria.PH_OK: a criterion has exactly one of when, any, "
            "all",
        ),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path, kind, content, want):
    assert want in sentence(tmp_path, kind, content)


@pytest.mark.parametrize(
    ("asked", "want"),
    [
        ({"fact": "lines"}, "fact lines needs the key at_least"),
        ({"fact": "age"}, "fact age needs a comparison: one_of, none_of, at_least"),
        ({"fact": "age", "below": 18, "test": "AGE"}, "fact age takes no key test; it takes at_"),
        ({"fact": "exposed"}, "fact exposed needs agents or classes"),
        ({"fact": "relapse_within", "months": 12, "since": "response"}, "needs the key response"),
    ],
)
def test_a_condition_has_the_keys_of_its_fact(asked, want):
    with pytest.raises(ValidationError, match=want):
        Condition.model_validate(asked)


def test_an_unknown_file_is_named_with_the_nearest(tmp_path):
    from cartend.config.load import load_config

    (tmp_path / "data").mkdir()
    text = (SHIPPED / "studies" / "ball-single-arm.yaml").read_text()
    text = text.replace("eligibility: rr-ball", "eligibility: rr-bal")
    (tmp_path / "mine.yaml").write_text(text.replace("data/synthetic/ball-single-arm", "data"))
    with pytest.raises(ConfigError, match="rr-bal is not known; known: .*; nearest: rr-ball"):
        load_config({"studies": ["mine.yaml"]}, tmp_path)
