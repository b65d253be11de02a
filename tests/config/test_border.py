"""Configuration files made to break a program end in one sentence."""

import pytest
import yaml

from cartend.config.base import ConfigError
from cartend.config.files import read_yaml, validate
from cartend.config.run import RunConfig
from cartend.config.study import Study

BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "aliases make more than 200000 values of it"),
        ("a: &a [*a]", "an alias stands inside what it names, without an end"),
        ("a: &a {b: *a}", "an alias stands inside what it names, without an end"),
        ("a: " + "[" * 60 + "]" * 60, "keys are nested deeper than 40"),
        ("a: " + "{b: " * 60 + "1" + "}" * 60, "keys are nested deeper than 40"),
        ("a: " + "[" * 20000 + "]" * 20000, "keys are nested deeper than 40"),
        ("a: " + "9" * 5000, "a number of 5000 digits stands in line 1; 18 at most"),
        ("b: 1\na: -" + "9" * 30, "a number of 31 digits stands in line 2; 18 at most"),
        ("a: 1\na: 2", "key a stands twice (line 2)"),
        ("a: " + "x" * 2_000_001, "the file has 2000004 characters"),
        ("\x00", "no valid YAML"),
        ("a: !!python/object/apply:os.system [ls]", "no valid YAML"),
    ],
)
def test_a_file_made_to_break_a_program_is_one_sentence(tmp_path, text, said):
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as raised:
        read_yaml(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("results", ["", "/", ".", "..", "./", "../..", " ", "a{b}", "a*", "x\n"])
def test_results_are_a_folder_of_their_own(results):
    with pytest.raises(ConfigError) as raised:
        validate(RunConfig, {"studies": ["x"], "results": results}, "run.yaml")
    assert "key results" in str(raised.value)


@pytest.mark.parametrize("results", ["results", "out/results", "/srv/trial/results", "../results"])
def test_other_folders_may_hold_the_results(results):
    assert (
        validate(RunConfig, {"studies": ["x"], "results": results}, "run.yaml").results == results
    )


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"times": [-1, 90]}, "times"),
        ({"times": [0]}, "times"),
        ({"times": [99999999]}, "times"),
        ({"times": [365, 90]}, "times are different days that rise"),
        ({"times": [90, 90]}, "times are different days that rise"),
        ({"strata": ["USUBJID"]}, "USUBJID names each subject, and is no stratum"),
        ({"strata": ["subjid"]}, "subjid names each subject, and is no stratum"),
        ({"subgroups": ["USUBJID"]}, "USUBJID names each subject, and is no stratum"),
        ({"strata": ["SEX", "SEX"]}, "SEX stands twice"),
    ],
)
def test_what_no_study_means_is_refused(shipped_study, keys, said):
    with pytest.raises(ConfigError) as raised:
        validate(Study, {**shipped_study, **keys}, "x.yaml")
    assert said in str(raised.value)


@pytest.fixture
def shipped_study():
    """The content of a shipped study file."""
    from cartend.config.finder import SHIPPED

    path = SHIPPED / "studies" / "ball-single-arm.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))
