"""A study's data are found from its file upwards, or where the run is (decision D45)."""

import pytest

from cartend.config.base import ConfigError
from cartend.config.delivery import data_folder


def folder(path, filled=True):
    path.mkdir(parents=True)
    if filled:
        (path / "dm.csv").write_text("USUBJID\n")
    return path


@pytest.fixture
def study(tmp_path):
    """The file of a study, two folders below the top, and a working directory beside the top."""
    (tmp_path / "trial" / "studies").mkdir(parents=True)
    (tmp_path / "work").mkdir()
    return tmp_path / "trial" / "studies" / "x.yaml"


@pytest.mark.parametrize("place", ["trial/studies", "trial", ""])
def test_the_first_folder_upwards_is_taken(study, tmp_path, place):
    wanted = folder(tmp_path / place / "data")
    found = data_folder("data", study, tmp_path / "work")
    assert (tmp_path / "work" / found).resolve() == wanted
    assert not found.startswith("/")


def test_the_nearer_of_two_above_is_taken(study, tmp_path):
    folder(tmp_path / "data")
    near = folder(tmp_path / "trial" / "data")
    assert (tmp_path / "work" / data_folder("data", study, tmp_path / "work")).resolve() == near


def test_else_the_working_directory(study, tmp_path):
    folder(tmp_path / "work" / "in" / "put")
    assert data_folder("in/put", study, tmp_path / "work") == "in/put"


def test_two_folders_with_files_stop_and_both_are_named(study, tmp_path):
    one, other = folder(tmp_path / "trial" / "data"), folder(tmp_path / "work" / "data")
    with pytest.raises(ConfigError) as raised:
        data_folder("data", study, tmp_path / "work")
    assert f"key data: data may mean {one} and {other}; write the one" in str(raised.value)


def test_one_folder_reached_in_two_ways_is_one(study, tmp_path):
    folder(tmp_path / "trial" / "data")
    assert data_folder("data", study, tmp_path / "trial") == "data"


def test_a_folder_without_a_file_does_not_make_it_two(study, tmp_path):
    wanted = folder(tmp_path / "trial" / "data")
    folder(tmp_path / "work" / "data" / "synthetic")
    found = data_folder("data", study, tmp_path / "work")
    assert (tmp_path / "work" / found).resolve() == wanted


def test_an_absolute_path_is_taken_as_it_is_and_one_that_is_not_there_stops(study, tmp_path):
    given = str(folder(tmp_path / "elsewhere"))
    assert data_folder(given, study, tmp_path / "work") == given
    with pytest.raises(ConfigError, match="the folder .*/nowhere does not exist"):
        data_folder(str(tmp_path / "nowhere"), study, tmp_path / "work")
