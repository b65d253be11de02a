"""The key ``analyses``: every mistake is one sentence that names key and value."""

import pytest

from cartend.config.load import SHIPPED, load_study


def test_a_study_that_says_nothing_has_every_default():
    study = load_study(SHIPPED / "studies" / "ball-single-arm.yaml")
    assert study.analyses.run is None
    assert study.analyses.nrm_bias.times == (365, 730)


@pytest.mark.parametrize(
    ("analyses", "said"),
    [
        ({"nrm_bais": {}}, "key analyses.nrm_bais is not known; allowed here:"),
        ({"run": ["crossovr"]}, "'crossovr' is not allowed; allowed: "),
        ({"run": ["crossover", "crossover"]}, "question crossover stands twice"),
        ({"crossover": {"os": "OSS"}}, "key analyses.crossover.os names OSS, which is not in"),
        ({"missing_response": {"rates": ["ORX"]}}, "nearest: ORR"),
        ({"depth_of_response": {"horizon": 0}}, "key analyses.depth_of_response.horizon: 0"),
        ({"hierarchy": {"spending": "haybittle"}}, "allowed: obrien-fleming, pocock, none"),
        (
            {"surrogacy": {"trials": [{"trial": "A", "source": "x"}]}},
            "key analyses.surrogacy.trials.0.surrogate is missing",
        ),
        (
            {"second_malignancy": {"rates": [{"from_age": 60, "to_age": 50, "per_100000": 1}]}},
            "from_age 60 is not below to_age 50",
        ),
        (
            {"second_malignancy": {"rates": [{"from_age": 0, "to_age": 50, "per_100000": 1}]}},
            "rates without a source",
        ),
        (
            {"external_control": {"data": "x.csv"}},
            "data without time_zero and covariates; state both",
        ),
        (
            {"external_control": {"data": "x.csv", "time_zero": "z", "covariates": ["AGE"]}},
            "key analyses.external_control.data: the file x.csv does not exist",
        ),
    ],
)
def test_a_wrong_key_or_value_is_one_sentence(folder, analyses, said):
    message = folder.study(analyses=analyses).error()
    assert said in message
    assert "\n" not in message


def test_a_ratio_outside_its_limits_is_refused(folder):
    effect = {"hr": 0.9, "lower": 0.3, "upper": 0.8}
    trial = {"trial": "A", "source": "x", "surrogate": effect, "os": effect}
    error = folder.study(analyses={"surrogacy": {"trials": [trial]}}).error()
    assert "hr 0.9 does not lie in 0.3 to 0.8" in error
