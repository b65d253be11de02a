"""YAML as people expect it, and one sentence for whatever is wrong."""

import pytest

from cartend.config.files import deep_merge, read_yaml, validate
from cartend.config.run import RunConfig
from cartend.config.study import Mrd, Study


@pytest.fixture
def read(tmp_path):
    def text(content: str) -> dict:
        (tmp_path / "file.yaml").write_text(content)
        return read_yaml(tmp_path / "file.yaml")

    return text


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),  # the country code, false in YAML 1.1
        ("ON", "ON"),
        ("yes", "yes"),
        ("Y", "Y"),
        ("12:30", "12:30"),  # 750 in YAML 1.1
        ("010", 10),  # 8 in YAML 1.1
        ("1e-3", 0.001),  # text in YAML 1.1
        ("1.0e-4", 0.0001),
        (".5", 0.5),
        ("2026-06-30", "2026-06-30"),  # a date object in YAML 1.1
        ("true", True),
        ("null", None),
        ("~", None),
        ("-7", -7),
        ("1_000", "1_000"),
    ],
)
def test_plain_words_are_what_they_look_like(read, written, value):
    assert read(f"key: {written}\n") == {"key": value}


def test_a_key_that_stands_twice_is_an_error_with_its_line(read, sentence_of):
    said = sentence_of(read, "a: 1\nb:\n  c: 2\n  c: 3\n")
    assert said.endswith("file.yaml: key c stands twice (line 4); a key stands once")


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("a:\n\t- b\n", "no valid YAML at line 2"),
        ("- a\n- b\n", "a mapping of keys is expected, not list"),
        ("", "a mapping of keys is expected, not NoneType"),
        ("a: [1, 2\n", "no valid YAML at line 2"),
    ],
)
def test_text_that_is_no_mapping_is_one_sentence(read, sentence_of, content, wrong):
    assert wrong in sentence_of(read, content)


def test_a_file_that_cannot_be_read_is_named(tmp_path, sentence_of):
    assert "none.yaml: the file cannot be read" in sentence_of(read_yaml, tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"title: \xe9\n")
    assert "is not UTF-8 text" in sentence_of(read_yaml, tmp_path / "latin.yaml")


def test_the_sentence_names_file_key_value_allowed_and_nearest(sentence_of):
    content = {"studies": ["a"], "formats": {"tables": ["htm"]}}
    assert sentence_of(validate, RunConfig, content, "config.yaml") == (
        "config.yaml: key formats.tables.0: 'htm' is not allowed; "
        "allowed: html, csv, rtf; nearest: html"
    )


def test_tables_as_pdf_are_refused_with_what_is_missing(sentence_of):
    content = {"studies": ["a"], "formats": {"tables": ["html", "pdf"]}}
    assert sentence_of(validate, RunConfig, content, "config.yaml") == (
        "config.yaml: key formats.tables: tables as pdf need the package typst, which is not "
        "among the locked requirements; allowed are html, csv and rtf"
    )


def test_formats_that_are_no_list_are_one_sentence(sentence_of):
    said = sentence_of(validate, RunConfig, {"studies": ["a"], "formats": {"tables": "html"}}, "c")
    assert said.startswith('c: key formats.tables: "html" is not allowed')


def test_an_unknown_key_is_named_before_a_missing_one(sentence_of):
    said = sentence_of(validate, RunConfig, {"studys": ["a"]}, "config.yaml")
    assert said.startswith("config.yaml: key studys is not known; allowed here: formats,")
    assert said.endswith("nearest: studies")
    assert sentence_of(validate, RunConfig, {}, "c") == "c: key studies is missing"


def test_an_unknown_key_deep_down_lists_what_is_allowed_there(sentence_of):
    content = {"visits": {"anchor": "infusion", "schedule": [{"label": "A", "dya": 1}]}}
    said = sentence_of(validate, Study, content, "s")
    assert "key visits.schedule.0.dya is not known; allowed here: after, before, day, label" in said
    assert said.endswith("nearest: day")


@pytest.mark.parametrize("value", ["1", "0.001", True])
def test_a_value_is_never_coerced_into_another_type(sentence_of, value):
    assert "key threshold" in sentence_of(validate, Mrd, {"threshold": value}, "m")


def test_merging_lays_mappings_over_replaces_lists_and_removes_by_null():
    base = {"a": {"x": 1, "y": [1, 2]}, "b": 1}
    over = {"a": {"y": [3]}, "b": None, "c": {"z": 1}}
    assert deep_merge(base, over) == {"a": {"x": 1, "y": [3]}, "c": {"z": 1}}
    assert base == {"a": {"x": 1, "y": [1, 2]}, "b": 1}
