"""Keys that hold a word of the contract: as it is, as it is said, or one that only data know."""

from typing import Annotated

import pytest

from cartend.config.base import Kept, Model, Said, Word
from cartend.config.event import RANKS, Event
from cartend.config.files import validate
from cartend.contract.terms.assessment import MRD_METHOD
from cartend.contract.terms.death import CAUSE
from cartend.contract.terms.estimand import EVENT_TYPE, STRATEGY
from cartend.contract.terms.therapy import NEW_THERAPY_REASON, THERAPY_CLASS


class Keys(Model):
    strategy: Annotated[str, Word(*STRATEGY)] = "composite"
    causes: tuple[Annotated[str, Said(CAUSE)], ...] = ()
    either: Annotated[str, Said(NEW_THERAPY_REASON, THERAPY_CLASS)] | None = None
    method: Annotated[str, Kept(MRD_METHOD)] = "NGS"


@pytest.mark.parametrize(
    ("key", "written", "read"),
    [
        ("causes", ["ICANS/NEUROTOXICITY", "icans", "Cytopenia related"], ("ICANS", "CYTOPENIA")),
        ("either", "planned", "PLANNED"),
        ("either", "steroid", "CORTICOSTEROID"),
        ("either", "car t", "CAR-T"),
        ("method", "next generation  sequencing", "NGS"),
        ("method", "Mass spectrometry", "MASS SPECTROMETRY"),
    ],
)
def test_a_word_is_read_to_its_code(key, written, read):
    found = getattr(validate(Keys, {key: written}, "file"), key)
    assert tuple(dict.fromkeys(found)) == read if isinstance(read, tuple) else found == read


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"strategy": "composit"}, "key strategy: 'composit' is not allowed; allowed: treatment_p"),
        ({"strategy": "composit"}, "competing; nearest: composite"),
        ({"strategy": "Composite"}, "key strategy: 'Composite' is not allowed"),
        ({"strategy": 1}, "key strategy: 1 is not allowed; allowed: treatment_policy"),
        ({"causes": ["INFECTOIN"]}, "key causes.0: 'INFECTOIN' is not allowed; allowed: DISEASE"),
        ({"causes": ["INFECTOIN"]}, "; nearest: INFECTION"),
        ({"causes": [None]}, "key causes.0: None is not allowed"),
        ({"method": 3}, "key method: 3 is not allowed"),
    ],
)
def test_any_other_word_is_refused_in_one_sentence(sentence_of, keys, said):
    assert said in sentence_of(validate, Keys, keys, "file")


def test_a_schema_lists_the_words():
    properties = Keys.model_json_schema()["properties"]
    assert properties["strategy"]["enum"] == list(STRATEGY)
    assert properties["causes"]["items"]["enum"] == CAUSE.texts()
    assert "enum" not in properties["method"]
    assert set(MRD_METHOD) < set(properties["method"]["examples"])


def test_a_cause_is_printed_by_its_label(folder):
    said = {"cause_in": ["ICANS/NEUROTOXICITY", "CYTOPENIA-RELATED OTHER"]}
    folder.scenario({"OS_X": {"based_on": "OS", "events": {"DEATH": said}}})
    event = folder.definitions()["OS_X"].events["DEATH"]
    assert event.cause_in == ("ICANS", "CYTOPENIA")
    assert event.sentence == (
        "death with recorded cause ICANS/neurotoxicity or cytopenia-related other"
    )


def test_the_name_of_a_day_with_several_events_goes_by_rank():
    ranks = {kind: place for place, kinds in enumerate(RANKS) for kind in kinds}
    assert [ranks[kind] for kind in ("PD", "RELAPSE", "MRD_POS", "NEW_THERAPY")] == [0, 0, 1, 2]
    assert set(EVENT_TYPE) - set(ranks) >= {"DEATH", "HSCT", "RECORD"}
    assert Event(type="DEATH").rank == 3
    assert Event(type="NEW_THERAPY").rank == 2
    assert Event(type="NEW_THERAPY", priority=5).rank == 5


def test_a_study_says_whether_strata_are_verified(folder):
    assert folder.load().studies["lbcl-second-line"].strata_are == "randomised"
    study = folder.study(strata_are="verified").load().studies["lbcl-second-line"]
    assert study.strata_are == "verified"
    assert "key strata_are: 'actual' is not allowed" in folder.study(strata_are="actual").error()
