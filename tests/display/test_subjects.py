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
