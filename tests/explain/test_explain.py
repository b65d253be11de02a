"""The explanation of a subject, against texts written by hand from the vectors."""

import pytest

from cartend.explain.errors import ExplainError
from cartend.explain.explain import as_text, explain_subject, explain_text
from cartend.explain.results import StudyResults, evidence_of, load_evidence, open_study
from cartend.explain.text import WIDTH


def test_an_event_is_explained_from_the_timeline_to_its_row(results, expected):
    assert explain_text(results, "vectors", "T07", "EFS_ZUMA7") == expected("t07-efs-zuma7")


@pytest.mark.parametrize(
    ("subject", "endpoint", "name"),
    [
        ("T01", "PFS_FDA", "t01-pfs-fda"),
        ("T07", "DOR", "t07-dor"),
        ("T01", "ORR", "t01-orr"),
        ("T20", "OS", "t20-os"),
    ],
)
def test_each_kind_of_verdict_reads_as_written_by_hand(results, expected, subject, endpoint, name):
    assert expected(name) in explain_text(results, "vectors", subject, endpoint)


def test_an_outcome_that_was_ignored_keeps_its_reason(results):
    text = explain_text(results, "vectors", "T08", "EFS_TRANSFORM")
    assert "CM.1    its reason does not qualify" in text
    assert "IRC, RAND: censored on 2024-03-13, day 63: BEFORE NEW ANTICANCER THERAPY" in text


def test_the_death_stands_in_the_timeline_with_its_cause(results):
    text = explain_text(results, "vectors", "T20", "OS")
    assert "   60  2024-03-10  death, cause INFECTION" in text


def test_without_an_endpoint_all_of_the_scenario_are_explained_in_their_order(results):
    evidence = load_evidence(results, "vectors", usubjid="T01").of("T01")
    shown = [block.paramcd for block in explain_subject(evidence).blocks]
    assert shown == ["OS", "PFS_FDA", "EFS_ZUMA7", "EFS_TRANSFORM", "ORR", "DOR"]
    late = load_evidence(results, "vectors", "no-therapy", "T01").of("T01")
    assert [block.paramcd for block in explain_subject(late).blocks] == ["EFS_ZUMA7", "EFS_LATE"]


def test_every_line_fits_the_width(results):
    for subject in ("T01", "T07", "T08", "T20"):
        lines = explain_text(results, "vectors", subject).splitlines()
        assert max(map(len, lines)) <= WIDTH


def test_the_report_gets_the_same_text_from_one_reading_of_all_subjects(results, expected):
    evidence = load_evidence(results, "vectors")
    assert evidence.subjects == ["T01", "T07", "T08", "T20"]
    text = as_text(explain_subject(evidence.of("T07"), "EFS_ZUMA7"))
    assert text == expected("t07-efs-zuma7")


def test_a_run_without_a_manifest_is_explained_in_the_same_words(results):
    written = open_study(results, "vectors")
    content = {
        "study": written.study,
        "scenarios": dict(sorted(written.manifest["definitions"].items())),
        "order": written.scenarios,
    }
    run = StudyResults.of_run(results / "vectors", content)
    assert run.scenarios == written.scenarios
    for subject in ("T01", "T20"):
        text = as_text(explain_subject(evidence_of(run).of(subject)))
        assert text == explain_text(results, "vectors", subject)


def test_endpoints_are_explained_by_role_the_primary_one_first(results):
    written = open_study(results, "vectors")
    roles = {"ORR": {"role": "key secondary"}, "EFS_ZUMA7": {"role": "primary"}}
    roles["PFS_FDA"] = {"role": "exploratory"}
    content = {
        "study": {**written.study, "roles": roles},
        "scenarios": written.manifest["definitions"],
        "order": written.scenarios,
    }
    run = StudyResults.of_run(results / "vectors", content)
    shown = [block.paramcd for block in explain_subject(evidence_of(run).of("T01")).blocks]
    assert shown == ["EFS_ZUMA7", "ORR", "OS", "EFS_TRANSFORM", "DOR", "PFS_FDA"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("vectorz", "T01"), "study vectorz is not known; known: vectors; nearest: vectors"),
        (
            ("vectors", "T071"),
            "study vectors: subject T071 is not known; known: T01, T07, T08, T20",
        ),
        (("vectors", "T01", "EFS_ZUMA"), "nearest: EFS_ZUMA7"),
        (("vectors", "T01", None, "no-terapy"), "known: primary, no-therapy; nearest: no-therapy"),
        (
            ("vectors", "T01", "OS", "no-therapy"),
            "scenario no-therapy leaves endpoint OS as in primary (it changes EFS_ZUMA7, "
            "EFS_LATE); ask for it with --scenario primary",
        ),
        (
            ("vectors", "T01", "EFS_LATE"),
            "endpoint EFS_LATE is not in scenario primary but in no-therapy; ask for it with "
            "--scenario no-therapy",
        ),
    ],
)
def test_an_unknown_word_is_one_sentence_with_the_nearest_known_one(results, words, sentence):
    with pytest.raises(ExplainError, match=r"^[^\n]+$") as error:
        explain_text(results, *words)
    assert sentence in str(error.value)


def test_the_study_folder_itself_is_a_results_folder_too(results):
    alone = explain_text(results / "vectors", "vectors", "T07", "EFS_ZUMA7")
    assert alone == explain_text(results, "vectors", "T07", "EFS_ZUMA7")
