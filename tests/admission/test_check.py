"""One screen says what a delivery is: subjects, words, stops and findings, without a result."""

import pytest
import yaml

from cartend.cli import main
from tests.cases.whole import HERE

SCREEN = 60


def checked(capsys, path, *more):
    status = main(["check", str(path), *more])
    return status, capsys.readouterr().out


@pytest.fixture
def third_arm(tmp_path, monkeypatch):
    """A run file of the trial with an arm that its study file may not name."""
    case = HERE / "third-arm"
    study = yaml.safe_load((case / "studies" / "x.yaml").read_text())
    study["data"] = str(case / "data")

    def write(**changes):
        (tmp_path / "studies").mkdir(exist_ok=True)
        (tmp_path / "studies" / "x.yaml").write_text(
            yaml.safe_dump(study | changes, sort_keys=False)
        )
        (tmp_path / "run.yaml").write_text("studies: [x]\nscenarios: []\n")
        return tmp_path / "run.yaml"

    monkeypatch.chdir(tmp_path)
    write.arms = study["arms"]
    return write


def test_a_sponsors_delivery_is_one_screen(capsys, monkeypatch):
    monkeypatch.chdir(HERE / "sponsor-sdtm")
    status, said = checked(capsys, "run.yaml")
    assert status == 0
    assert "no stop: a run would go on" in said
    for part in (
        "subjects 28; informed consent 28; enrolment 24",
        "CAR-T infusion 22; standard of care 0; bridged 16; dead 12",
        "sets: all randomised subjects 0; all leukapheresed subjects 24",
        "CM.CMSCAT 'BRIDGING' (16)",
        "EX.EXCAT 'INVESTIGATIONAL PRODUCT' (7)",
        "warning F-EX-006 (primary 2 subjects): EXDOSE is 0",
    ):
        assert part in said.replace("\n    ", " ")
    assert len(said.splitlines()) <= SCREEN
    assert not (HERE / "sponsor-sdtm" / "results").exists()


def test_a_stop_stands_first_with_its_way_out_and_the_status_is_one(capsys, third_arm):
    arms = {code: arm for code, arm in third_arm.arms.items() if code != "OTHERARM"}
    status, said = checked(capsys, third_arm(arms=arms))
    assert status == 1
    lines = said.splitlines()
    assert lines[1] == "1 stop: no run would go on"
    assert lines[2].startswith("STOP F-DM-004 OTHERARM: x: 20 subjects of arm OTHERARM")
    assert "declare it under arms" in said.replace("\n    ", " ")


def test_arms_are_shown_in_a_final_run_alone(capsys, third_arm):
    _, final = checked(capsys, third_arm())
    assert "subjects 60 (CART 20, SOC 20, OTHERARM 20)" in final
    for purpose in ("DMC", "sponsor"):
        _, said = checked(capsys, third_arm(), "--purpose", purpose)
        assert "subjects 60;" in said
        assert "CART 20" not in said
    _, said = checked(capsys, third_arm(purpose="sponsor"))
    assert "CART 20" not in said


def test_what_no_run_can_read_is_one_sentence(capsys, tmp_path):
    assert main(["check", str(tmp_path / "nowhere.yaml")]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "nowhere.yaml" in said
