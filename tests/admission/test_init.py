"""A folder that nobody has opened becomes a study file: what it tells proposed, the rest asked."""

import shutil

import pandas as pd
import pytest

from cartend.admission.proposal.init import init
from cartend.admission.proposal.roles import propose_roles
from cartend.admission.proposal.visits import day_of_name, visits_of
from cartend.cli import main
from cartend.config.base import ConfigError
from cartend.config.load import load_config
from cartend.intake.errors import DataError
from tests.cases.whole import HERE, Whole

ROLES = "{ORR: {role: primary}}"


def proposed(case, folder, **answers):
    """Return the study of a case's data as proposed and answered, ready to run."""
    _, study, questions = init(HERE / case, folder)
    text = study.read_text()
    assert set(questions) == set(answers), questions
    for key, answer in answers.items():
        name = key.rsplit(".", 1)[-1]
        assert f"{name}: '?'" in text
        text = text.replace(f"{name}: '?'", f"{name}: {answer}", 1)
    study.write_text(text)
    return Whole(folder, study.stem, folder / "out")


@pytest.fixture(scope="module")
def sponsor(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sponsor")
    return proposed("sponsor-sdtm/data", folder, primary_evaluator="INV", roles=ROLES)


def test_the_proposed_study_of_a_sponsors_sdtm_finds_every_milestone(sponsor):
    adsl, events = sponsor.adsl, sponsor.adevt
    assert len(adsl) == 28
    assert adsl["ENRLFL"].eq("Y").sum() == 24
    assert adsl["LAFL"].eq("Y").sum() == 24
    assert adsl["INFFL"].eq("Y").sum() == 22
    assert adsl["BRIDGEFL"].eq("Y").sum() == 16
    assert adsl["DTHDT"].notna().sum() == 12
    assert events.loc[events["KIND"].eq("NEW_THERAPY"), "USUBJID"].nunique() == 8
    assert events["KIND"].eq("HSCT").sum() == 1


def test_its_response_is_that_of_the_study_file_written_by_hand(sponsor):
    found = sponsor.events["adrsp"]
    best = found[found["PARAMCD"].eq("BOR") & found["POP"].eq("INF") & found["EVAL"].eq("INV")]
    counts = best["AVALC"].value_counts().to_dict()
    assert {name: counts[name] for name in ("CR", "PR", "SD", "PD")} == {
        "CR": 10,
        "PR": 8,
        "SD": 3,
        "PD": 1,
    }


def test_nothing_of_it_stops_at_the_gate(sponsor):
    assert sponsor.stops == []


def test_the_proposed_study_of_a_sponsors_adam_knows_arms_dates_and_evaluators(tmp_path):
    whole = proposed(
        "sponsor-adam/data-adrs",
        tmp_path,
        **{"disease": "LBCL", "criteria": "lugano-2014", "primary_evaluator": "IRC"},
        **{"roles": ROLES, "adam.adtte.EFSIRC.endpoint": "EFS_SOLID"},
    )
    text = (tmp_path / "studies" / "xyz-302.yaml").read_text()
    listed = text.replace("endpoints: [OS,", "endpoints: [EFS_SOLID, OS,")
    (tmp_path / "studies" / "xyz-302.yaml").write_text(listed)
    assert {code: arm.role for code, arm in whole.study.arms.items()} == {
        "CAR-T": "experimental",
        "Standard of Care": "control",
    }
    assert whole.study.strata == ("STRAT1V", "STRAT2V")
    assert whole.study.strata_are == "verified"
    infused = whole.adsl[whole.adsl["INFFL"].eq("Y")]
    assert infused["ARMCD"].tolist() == ["CAR-T"] * 19


def test_times_alone_need_five_answers(tmp_path):
    _, _, questions = init(HERE / "sponsor-adam/data-adtte", tmp_path)
    assert questions == [
        "disease",
        "criteria",
        "primary_evaluator",
        "roles",
        "adam.adtte.EFSIRC.endpoint",
    ]


def test_the_loader_refuses_a_question_and_names_each(tmp_path):
    init(HERE / "sponsor-sdtm/data", tmp_path)
    with pytest.raises(ConfigError) as raised:
        load_config(tmp_path / "run.yaml", tmp_path)
    assert str(raised.value).endswith(
        "keys primary_evaluator and roles hold ?, which only you can answer; the comment above "
        "each says what was seen"
    )


def test_the_command_prints_what_it_wrote_and_what_is_asked(tmp_path, capsys):
    assert main(["init", str(HERE / "sponsor-sdtm/data"), "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("written: ")
    assert said[2:] == ["  primary_evaluator", "  roles"]
    assert main(["init", str(HERE / "sponsor-sdtm/data"), "--out", str(tmp_path)]) == 1
    assert "the file is there; move it away" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content", [{}, {"readme.txt": "hello"}, {"lb.csv": "USUBJID,LBSEQ\nA,1\n"}]
)
def test_a_folder_that_is_no_trial_is_one_sentence(tmp_path, content):
    for name, text in content.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(DataError):
        init(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_shipped_words_are_kept_and_only_others_are_proposed(tmp_path):
    data = HERE.parents[1] / "data" / "synthetic" / "nb-gd2"
    folder = tmp_path / "data"
    shutil.copytree(data, folder, ignore=shutil.ignore_patterns("truth.yaml"))
    _, study, questions = init(folder, tmp_path)
    text = study.read_text()
    assert "disease: NB" in text
    assert "criteria: inrc-2017" in text
    assert "\nrecords:" not in text
    assert questions == ["primary_evaluator", "roles"]


def ex(*texts):
    rows = [{"USUBJID": f"S{n}", "EXCAT": text, "EXTRT": "X"} for n, text in enumerate(texts)]
    return {"ex": pd.DataFrame(rows)}


@pytest.mark.parametrize(
    "text", ["CAR-T cell product", "STUDY DRUG", "Tisagenlecleucel", "axicabtagene ciloleucel"]
)
def test_an_infusion_is_known_by_many_words(text):
    found = {one.role: one for one in propose_roles(ex(text, "LYMPHODEPLETION"))}
    assert found["infusion"].records == [{"from": "EX", "where": {"EXCAT": [text]}}]
    assert found["infusion"].rows == 1
    assert found["lymphodepletion"].how == "as shipped"


def test_words_beside_the_shipped_one_are_added_to_it():
    found = {one.role: one for one in propose_roles(ex("CAR-T INFUSION", "STUDY TREATMENT"))}
    assert found["infusion"].rows == 2
    assert [one["where"]["EXCAT"] for one in found["infusion"].records] == [
        ("CAR-T INFUSION",),
        ["STUDY TREATMENT"],
    ]


def test_a_transplantation_is_no_new_therapy():
    pr = pd.DataFrame(
        {
            "USUBJID": ["S1", "S2"],
            "PRCAT": ["SUBSEQUENT THERAPY", "SUBSEQUENT THERAPY"],
            "PRTRT": ["ALLOGENEIC TRANSPLANTATION", "RADIOTHERAPY"],
        }
    )
    found = {one.role: one for one in propose_roles({"pr": pr})}
    assert found["transplantation"].rows == 1
    assert found["new_therapy"].records == [
        {
            "from": "PR",
            "where": {"PRCAT": ["SUBSEQUENT THERAPY"]},
            "unless": {"PRTRT": ["ALLOGENEIC TRANSPLANTATION"]},
        }
    ]


@pytest.mark.parametrize(
    ("label", "day"),
    [("WEEK 4", 28), ("Month 3", 91), ("M12", 365), ("Day 28", 28), ("D100", 100), ("W9", 63),
     ("YEAR 2", 730), ("MONTH_18", 548), ("END OF TREATMENT", None)],
)  # fmt: skip
def test_the_day_of_a_visit_is_in_its_name(label, day):
    assert day_of_name(label) == day


def test_visits_without_a_day_in_their_name_have_their_median_and_windows_do_not_meet():
    days = {"FIRST": [27, 28, 30], "SECOND": [39, 40, 41], "ONCE": [60], "BASELINE": [-5, -4, -3]}
    start = pd.Timestamp("2024-01-01")
    rows = [
        {"USUBJID": f"S{n}", "VISIT": label, "DAY": start + pd.Timedelta(days=day)}
        for label, every in days.items()
        for n, day in enumerate(every)
    ]
    anchors = pd.Series(start, index=["S0", "S1", "S2"])
    assert visits_of(pd.DataFrame(rows), anchors) == [
        {"label": "FIRST", "day": 28, "before": 7, "after": 5},
        {"label": "SECOND", "day": 40, "before": 5, "after": 7},
    ]
