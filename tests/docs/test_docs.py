"""What the pages show is what the project does: their YAML loads, their files and links exist."""

import re
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parents[1] / "endpoint"))

from factory import steps  # noqa: E402

from cartend.cli import main
from cartend.config.finder import SHIPPED
from cartend.config.load import load_config
from cartend.config.templates import Templates
from cartend.contract.terms.admission import GATE_FINDING, STOP
from cartend.contract.terms.roles import ROLE
from cartend.intake.checks import catalogue

PROJECT = Path(__file__).parents[2]
PAGES = [
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    *sorted((PROJECT / "docs").glob("*.md")),
]
BLOCK = re.compile(r"```yaml\n# (\S+\.yaml)\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")


def blocks(name: str) -> dict[str, str]:
    return dict(BLOCK.findall((PROJECT / name).read_text()))


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(page):
    for target in LINK.findall(page.read_text()):
        assert (page.parent / target).exists(), target


def test_the_efs_of_the_readme_is_eight_lines_and_that_of_its_page():
    (scenario,) = blocks("README.md").values()
    assert len(scenario.strip().splitlines()) == 8
    assert scenario == blocks("docs/define-an-efs.md")["scenarios/efs-mine.yaml"]


def test_the_efs_of_the_page_resolves_to_what_it_says(tmp_path):
    write(tmp_path, blocks("docs/define-an-efs.md"))
    (tmp_path / "data").symlink_to(PROJECT / "data")
    run = load_config(tmp_path / "config.yaml", tmp_path)
    found = run.scenarios["lbcl-second-line"]["efs-mine"].definitions["EFS_MINE"]
    assert found.events["NO_RESPONSE"].criterion.landmark == "W12"
    assert "no objective response by the W12 assessment" in found.sentence


def test_the_trial_of_the_page_resolves(tmp_path):
    write(tmp_path, blocks("docs/bring-your-own-trial.md"))
    (tmp_path / "data").mkdir()
    run = load_config(tmp_path / "run.yaml", tmp_path)
    assert list(run.studies["mytrial"].endpoints) == list(
        run.scenarios["mytrial"]["primary"].definitions
    )


@pytest.mark.parametrize(
    ("section", "name", "rule"),
    [
        ("events", "PD", {"dated_at": "assessment", "window": {"start": "W12"}}),
        ("events", "NO_RESPONSE", {"criterion": {"not_achieved": "response", "by": "W9"}}),
        ("events", "NO_RESPONSE", {"criterion": {"best_is": "stable", "through": "D150"}}),
        ("events", "SD_OR_PD_FROM", {"criterion": {"state_from": ["SD", "PD"], "start": "W12"}}),
        ("events", "RELAPSE", {"after": "remission", "dated_at": "assessment"}),
        ("intercurrent_events", "MISSED_2", {"strategy": "hypothetical", "visits": 2}),
    ],
)
def test_the_rules_of_the_table_are_rules(tmp_path, section, name, rule):
    page = (PROJECT / "docs" / "define-an-efs.md").read_text()
    assert f"{name}: {{" in page
    plain = {"strategy": "treatment_policy"}
    whole = {
        "based_on": "PFS_EMA",
        "events": {"DEATH": {}},
        "intercurrent_events": {"MISSED_2": plain},
    }
    whole[section] = {**whole[section], name: rule}
    raw = Templates((SHIPPED,)).overridden("EFS_NEW", {"EFS_NEW": whole}, "page")
    (tmp_path / "data").symlink_to(PROJECT / "data")
    scenario = {"name": "s", "describe": "d", "endpoints": {"EFS_NEW": whole}}
    write(tmp_path, {"scenarios/s.yaml": yaml.safe_dump(scenario)})
    write(tmp_path, {"config.yaml": "studies: [lbcl-second-line]\nscenarios: [s]\n"})
    run = load_config(tmp_path / "config.yaml", tmp_path)
    found = run.scenarios["lbcl-second-line"]["s"].definitions["EFS_NEW"]
    assert name in getattr(found, section)
    assert raw["id"] == "EFS_NEW"


def _table(page: str, first: str) -> pd.DataFrame:
    lines = [line.strip("|").split("|") for line in page.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line] for line in lines]
    start = next(number for number, line in enumerate(cells) if line[0] == first)
    width = len(cells[start])
    rows = []
    for line in cells[start + 2 :]:
        if len(line) != width or line[0] in ("CNSR", "KIND"):
            break
        rows.append(line)
    return pd.DataFrame(rows, columns=cells[start])


def test_the_subject_of_the_audit_trail_page_is_as_it_says(tmp_path):
    page = (PROJECT / "docs" / "read-the-audit-trail.md").read_text()
    raw = yaml.safe_load((SHIPPED / "studies" / "lbcl-second-line.yaml").read_text())
    raw |= {"endpoints": ["EFS_ZUMA7"], "roles": {}, "data": str(PROJECT / raw["data"])}
    write(tmp_path, {"study.yaml": yaml.safe_dump(raw)})
    frames = steps(tmp_path, load_config({"studies": ["study.yaml"]}, tmp_path), "primary")
    for name, first in (("adtte", "USUBJID"), ("candidates", "KIND")):
        shown, rows = _table(page, first), frames[name]
        rows = rows[rows["USUBJID"].eq("LBCL-0123") & rows["EVAL"].eq("IRC")]
        found = rows[list(shown.columns)].astype(str).reset_index(drop=True)
        assert len(shown) > 0
        assert found.to_dict("records") == shown.to_dict("records")


@pytest.mark.parametrize("study", ["sponsor", "reactivation", "three-arms", "adam"])
def test_each_study_of_the_page_on_records_and_words_loads(tmp_path, study):
    files = blocks("docs/records-and-words.md")
    assert {f"studies/{study}.yaml" for study in ("sponsor", "reactivation")} <= set(files)
    write(tmp_path, files)
    (tmp_path / "data").mkdir()
    run = load_config({"studies": [study]}, tmp_path, [tmp_path])
    assert set(run.studies) == {study}
    assert set(run.studies[study].endpoints) == set(run.scenarios[study]["primary"].definitions)


def test_the_page_on_records_and_words_names_every_role_and_finding():
    page = (PROJECT / "docs" / "records-and-words.md").read_text()
    for role in ROLE:
        assert f"`{role}`" in page, role
    told = set(catalogue()["finding_id"])
    named = set(re.findall(r"F-[A-Z]+-\d+", page))
    assert named
    assert named <= told


def test_the_study_of_the_page_on_admission_loads(tmp_path):
    write(tmp_path, blocks("docs/admission.md"))
    (tmp_path / "data").mkdir()
    run = load_config({"studies": ["accepting"]}, tmp_path, [tmp_path])
    study = run.studies["accepting"]
    assert {key: one.count for key, one in study.accept.items()} == {"F-DM-004 LOW": 6}
    assert study.pairs == ()


def test_the_page_on_admission_names_every_stop_and_which_can_be_accepted():
    page = (PROJECT / "docs" / "admission.md").read_text()
    table = page[page.index("## The stops") : page.index("## To accept")]
    assert set(re.findall(r"`([FS]-[A-Z]+(?:-\d+)?)`", table)) == set(STOP)
    (told,) = re.findall(r"((?:`[FS]-[A-Z0-9-]+`(?:, | and )?)+) can be accepted", page)
    assert set(re.findall("`([^`]+)`", told)) == set(STOP) - set(STOP.group("final"))


def test_the_page_on_admission_names_every_file_and_finding_of_the_gate(tmp_path):
    page = (PROJECT / "docs" / "admission.md").read_text()
    for name in GATE_FINDING:
        assert f"`{name}`" in page
    made = ("stops", "accepted", "files", "subjects", "words", "findings")
    for name in (*(f"{one}.csv" for one in made), "rows.parquet", "admission.html"):
        assert f"| `{name}` |" in page


def test_the_way_from_a_folder_to_a_run_prints_what_the_page_shows(tmp_path, monkeypatch, capsys):
    page = (PROJECT / "docs/bring-your-own-trial.md").read_text()
    shown = dict(re.findall(r"```\n\$ cartend (.*)\n((?:.*\n)*?)```", page))
    (tmp_path / "delivery").symlink_to(PROJECT / "tests/cases/sponsor-sdtm/data")
    monkeypatch.chdir(tmp_path)
    assert main(["init", "delivery"]) == 0
    assert capsys.readouterr().out == shown["init delivery"]
    study = tmp_path / "studies" / "abc-cart-201.yaml"
    text = study.read_text().replace("primary_evaluator: '?'", "primary_evaluator: INV")
    study.write_text(text.replace("roles: '?'", "roles: {ORR: {role: primary}}"))
    assert main(["check", "run.yaml"]) == 0
    assert capsys.readouterr().out.startswith(shown["check run.yaml"].removesuffix("...\n"))
