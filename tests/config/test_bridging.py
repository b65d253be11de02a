"""What a file of bridging rules may say, and what it may not."""

import pytest

from cartend.config.base import ConfigError
from cartend.config.bridging import Bridging, in_order
from cartend.config.files import read_yaml, validate
from cartend.config.finder import SHIPPED
from cartend.contract.terms.therapy import BRIDGE_CLASS, BRIDGING_KIND

DEFAULT = SHIPPED / "bridging" / "default.yaml"


def bridging(**changes):
    return validate(Bridging, read_yaml(DEFAULT) | changes, "mine.yaml")


def test_every_class_has_a_label_and_every_given_one_a_kind():
    rules = bridging()
    assert set(rules.labels) == set(BRIDGE_CLASS)
    assert set(rules.kinds) == set(BRIDGING_KIND)
    assert rules.kinds["SYSTEMIC"] == ("B2", "B3", "B4", "B5", "B6")


def test_a_class_of_therapy_is_read_as_people_write_it():
    taxonomy = read_yaml(DEFAULT)["taxonomy"]
    taxonomy["BRC-IMID"]["classes"] = ["immunomodulatory drug"]
    rule = bridging(taxonomy=taxonomy).taxonomy["BRC-IMID"]
    assert (rule.classes, rule.code, rule.bridge) == (("IMID",), "B4", "IMID")


def test_the_rule_of_alkylators_leaves_the_fine_class_to_the_rules_after_it():
    rules = bridging()
    names = in_order(rules.taxonomy)
    rule = rules.taxonomy["BRC-ALKYLATOR"]
    assert (rule.code, rule.bridge) == (None, "ALKYLATOR")
    assert names.index("BRC-ALKYLATOR") < names.index("BRC-TARGETED")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"bridge_order": ["ALKYLATOR", "OTHER"]}, "is not each of ALKYLATOR, IMID, OTHER once"),
        ({"bridge_order": ["ALKYLATOR", "IMID", "NONE"]}, "'NONE' is not allowed"),
        ({"kinds": {"SYSTEMIC": ["B2"]}}, "is not each of B1, B2, B3, B4, B5, B6, B8, B9 once"),
        (
            {"taxonomy": {"X": {"sentence": "All.", "source": "SAP"}}},
            "a rule of the taxonomy says code, bridge or both",
        ),
        (
            {"taxonomy": {"X": {"code": "B5", "sentence": "All.", "source": "SAP"}}},
            "the last rule states code and bridge",
        ),
        (
            {"taxonomy": {"X": {"code": "B9", "bridge": "OTHER", "sentence": "", "source": ""}}},
            "'B9' is not allowed; allowed: B1, B2, B3, B4, B5, B6, B8",
        ),
    ],
)
def test_what_a_file_may_not_say(changes, sentence):
    with pytest.raises(ConfigError) as error:
        bridging(**changes)
    assert sentence in str(error.value)
