import pytest

from cartend.display.subjects import file_names


def test_file_names_are_the_subjects_where_they_may_be_and_never_the_same():
    names = ["LBCL-0041", "A/1", "A_1", "a_1", "A 1"]
    assert file_names(names) == {
        "LBCL-0041": "LBCL-0041",
        "A/1": "A_1",
        "A_1": "A_1-2",
        "a_1": "a_1-3",
        "A 1": "A_1-4",
    }


@pytest.mark.parametrize(
    ("usubjid", "name"),
    [
        ("NA", "NA"),
        (".", "_"),
        ("..", "__"),
        (".hidden", "_hidden"),
        ("CON", "_CON"),
        ("com1.x", "_com1.x"),
        ("A$B$C", "A_B_C"),
        ("a/../b", "a_.._b"),
        ("X" * 300, "X" * 120),
    ],
)
def test_no_id_of_a_subject_is_a_path_or_a_device(usubjid, name):
    assert file_names([usubjid]) == {usubjid: name}


def test_long_ids_that_begin_alike_have_files_of_their_own():
    one, other = "X" * 300, "X" * 299 + "Y"
    assert file_names([one, other]) == {one: "X" * 120, other: "X" * 120 + "-2"}
