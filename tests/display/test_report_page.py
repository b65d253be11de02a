"""The page of a study and the comparison of definitions, from a whole small run."""

import html
import json
import re
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "endpoint"))
from factory import Subject, randomised_study, write_sdtm

from cartend.analysis.build import build_results
from cartend.analysis.checks import run_checks
from cartend.config.load import load_config
from cartend.config.run import Formats
from cartend.display.compare import compare
from cartend.display.figures import draw
from cartend.display.lanes import Records
from cartend.display.report import absent_of, write_report
from cartend.display.subjects import write_subjects
from cartend.endpoint.build import build_events
from cartend.explain.explain import explain_text
from cartend.explain.results import StudyResults
from cartend.export.manifest import write_manifest
from cartend.intake.ingest import ingest
from cartend.response.build import build_response
from cartend.subject.build import build_subjects

ENDPOINTS = ["OS", "PFS_FDA", "EFS_ZUMA7", "EFS_BELINDA", "ORR", "CR_M3"]
RECORD = {"inputs": {}, "code": {}, "packages": {}, "formats": {}}
SCENARIO = """
name: week9
describe: From week 9 on.
endpoints:
  EFS_WEEK9:
    based_on: EFS_BELINDA
    events:
      PD: {window: {start: W9}}
      SD_OR_PD_FROM: {window: {start: W9}}
"""


def _subjects() -> list[Subject]:
    good = [(42, "PR"), (63, "CR"), (84, "CR"), (126, "CR"), (182, "CR")]
    bad = [(42, "SD"), (63, "PD")]
    subjects = []
    for number in range(24):
        arm = "CART" if number % 2 else "SOC"
        fails = number % 3 == 0 or (arm == "SOC" and number % 4 == 0)
        visits = [(day + number % 5, value) for day, value in (bad if fails else good)]
        death = 90 + 3 * number if fails and number % 2 else None
        subjects.append(
            Subject(
                f"S{number:02}",
                visits,
                death=death,
                arm=arm,
                infusion=28,
                cause="DISEASE UNDER STUDY" if death else None,
            )
        )
    return subjects


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return study, criteria, scenarios and the results folder of a run without pages."""
    import yaml

    folder = tmp_path_factory.mktemp("report")
    write_sdtm(folder / "data", _subjects(), 400)
    rs = folder / "data" / "rs.csv"
    rs.write_text(rs.read_text().replace(",@,", ",LUGANO 2014,"))
    study = randomised_study(
        str(folder / "data"),
        400,
        ENDPOINTS,
        roles={"EFS_ZUMA7": {"role": "primary", "alpha": 0.05}},
    )
    (folder / "study.yaml").write_text(yaml.safe_dump(study))
    (folder / "week9.yaml").write_text(SCENARIO)
    resolved = load_config({"studies": ["study.yaml"], "scenarios": ["week9.yaml"]}, folder)
    study, criteria = resolved.studies["vectors"], resolved.criteria["vectors"]
    adam = folder / "adam"
    adam.mkdir()
    ingest(study, criteria, folder / "sdtm", folder / "findings.csv")
    subjects = [adam / f"{name}.parquet" for name in ("adsl", "adevt", "adbrdg", "adelig", "adae")]
    build_subjects(study, criteria, resolved.rules["vectors"], folder / "sdtm", *subjects)
    build_response(
        study,
        criteria,
        folder / "sdtm",
        adam / "adsl.parquet",
        adam / "adevt.parquet",
        adam / "adrs.parquet",
        adam / "admrd.parquet",
    )
    scenarios = resolved.scenarios["vectors"]
    for name, spec in scenarios.items():
        out = folder / name
        names = ("adtte", "adrsp", "candidates")
        paths = [out / f"{part}.parquet" for part in names]
        build_events(study, criteria, spec.definitions, adam, *paths, support=spec.support)
        build_results(
            study,
            criteria,
            spec.definitions,
            name,
            adam / "adsl.parquet",
            paths[0],
            paths[1],
            out / "ard.csv",
            out / "curves.parquet",
        )
    spec = resolved.spec("vectors")
    content = {"study": spec["study"], "scenarios": resolved.scenarios_spec("vectors")}
    content |= {"criteria": spec["criteria"], "order": list(scenarios), "record": RECORD}
    (folder / "content.json").write_text(json.dumps(content))
    return study, criteria, scenarios, folder


def test_every_definition_of_every_scenario_stands_in_the_comparison(results, tmp_path):
    study, _, scenarios, folder = results
    compare(study, scenarios, folder, tmp_path, Formats())
    table = pd.read_csv(tmp_path / "efs_definitions.csv")
    found = set(zip(table["Endpoint"], table["Scenario"], strict=True))
    assert found == {
        ("PFS_FDA", "primary"),
        ("EFS_ZUMA7", "primary"),
        ("EFS_BELINDA", "primary"),
        ("EFS_WEEK9", "week9"),
    }
    assert (table.loc[table["Scenario"] == "week9", "Role"] == "sensitivity").all()
    assert (table["CAR-T: N"] == 12).all()
    assert (table["Standard of care: N"] == 12).all()


def test_the_types_of_events_add_up_to_the_events_of_adtte(results, tmp_path):
    study, _, scenarios, folder = results
    compare(study, scenarios, folder, tmp_path, Formats())
    table = pd.read_csv(tmp_path / "efs_definitions.csv").set_index("Endpoint")
    adtte = pd.read_parquet(folder / "primary" / "adtte.parquet")
    chosen = adtte.query("PARAMCD == 'EFS_ZUMA7' and EVAL == 'IRC' and ARMCD == 'CART'")
    cell = table.loc["EFS_ZUMA7", "CAR-T: events by type"]
    total, *kinds = [int(number) for number in re.findall(r"\d+", cell)]
    assert total == sum(kinds) == (chosen["CNSR"] == 0).sum() > 0


def test_the_comparison_is_the_same_bytes_twice(results, tmp_path):
    study, _, scenarios, folder = results
    for name in ("one", "two"):
        compare(study, scenarios, folder, tmp_path / name, Formats())
    first = {p.name: p.read_bytes() for p in sorted((tmp_path / "one").iterdir())}
    second = {p.name: p.read_bytes() for p in sorted((tmp_path / "two").iterdir())}
    assert first == second
    assert "efs_definitions.svg" in first


def opened(folder: Path) -> StudyResults:
    """Return the results as the report's job has them: before there is a manifest."""
    return StudyResults.of_run(folder, json.loads((folder / "content.json").read_text()))


@pytest.fixture(scope="module")
def page(results) -> str:
    """Return the text of the page."""
    study, criteria, scenarios, folder = results
    compare(study, scenarios, folder, folder / "compare", Formats())
    definitions = {name: spec.definitions for name, spec in scenarios.items()}
    run_checks(study, criteria, definitions, folder, folder / "checks.csv")
    definitions = scenarios["primary"].definitions
    names = ("ard.csv", "curves.parquet", "adtte.parquet")
    paths = [folder / "primary" / name for name in names]
    records = Records.read(criteria, folder / "adam", paths[2])
    figures = folder / "primary" / "figures"
    adsl = folder / "adam" / "adsl.parquet"
    draw(study, definitions, "primary", *paths, adsl, figures, ["svg"], records)
    subjects = write_subjects(opened(folder), folder / "subjects")
    write_report(study, criteria, scenarios, folder, folder / "report.html", subjects)
    return (folder / "report.html").read_text(encoding="utf-8")


def test_the_page_refers_to_nothing_outside_itself(page):
    addresses = re.findall(r"(?:src|href)\s*=\s*[\"']([^\"']+)", page)
    assert addresses
    assert all(a.startswith(("#", "data:", "subjects/S")) for a in addresses)
    assert "<script" not in page
    assert "@import" not in page


def test_every_link_of_the_contents_has_its_target(page):
    wanted = re.findall(r'href="#([^"]+)"', page)
    identifiers = re.findall(r'id="([^"]+)"', page)
    assert set(wanted) <= set(identifiers)
    anchors = [name for name in identifiers if name in wanted]
    assert len(anchors) == len(set(anchors))


def test_every_picture_has_words_for_who_cannot_see_it(page):
    pictures = re.findall(r"<img [^>]+>", page)
    assert pictures
    assert all(re.search(r'alt="[^"]+"', picture) for picture in pictures)


def test_every_subject_stands_in_the_audit_with_its_rule(page, results):
    _, _, scenarios, folder = results
    adtte = pd.read_parquet(folder / "primary" / "adtte.parquet")
    rows = adtte.query("PARAMCD == 'EFS_ZUMA7' and EVAL == 'IRC'")
    section = page.split('id="primary-EFS_ZUMA7"')[1].split("</section>")[0]
    for row in rows.itertuples():
        assert f'<td><a href="#explain-{row.USUBJID}">{row.USUBJID}</a></td>' in section
        assert row.RULEID in section
    assert scenarios["primary"].definitions["EFS_ZUMA7"].events["NO_RESPONSE"].sentence in section


def test_the_page_is_the_same_bytes_twice(page, results):
    study, criteria, scenarios, folder = results
    subjects = write_subjects(opened(folder), folder / "again" / "subjects")
    write_report(study, criteria, scenarios, folder, folder / "again.html", subjects)
    assert (folder / "again.html").read_text(encoding="utf-8") == page


def test_an_endpoint_without_data_is_named_with_the_reason(results):
    _, _, scenarios, _ = results
    definitions = scenarios["primary"].definitions
    assert absent_of(definitions, set(definitions)) == []
    assert absent_of(definitions, set(definitions) - {"OS"}) == [
        ("OS", "no subject is in its population")
    ]


def test_a_subjects_file_is_what_the_command_prints_and_the_page_shows_its_beginning(
    page, results, tmp_path
):
    _, _, _, folder = results
    kept = tmp_path / "results" / "vectors"
    for name in ("adam", "sdtm", "primary", "week9"):
        shutil.copytree(folder / name, kept / name)
    shutil.copy(folder / "findings.csv", kept)
    content = json.loads((folder / "content.json").read_text())
    write_manifest(content, kept, kept / "manifest.json")
    files = sorted((folder / "subjects").iterdir())
    assert [path.stem for path in files] == [f"S{number:02}" for number in range(24)]
    for path in (files[0], files[7], files[23]):
        said = explain_text(kept.parent, "vectors", path.stem)
        assert path.read_text(encoding="utf-8") == said
        section = page.split(f'id="explain-{path.stem}"')[1].split("</section>")[0]
        assert f'href="subjects/{path.name}"' in section
        shown = html.unescape(section.split("<pre>")[1].split("</pre>")[0])
        assert said.startswith(shown.rstrip("\n"))
        assert "\nEFS_ZUMA7  " in shown
        assert "\nOS  " in said
        assert "\nOS  " not in shown


def test_each_bar_of_the_swimmer_plot_leads_to_the_subject(page):
    drawn = page.split('id="subjects"')[1]
    links = re.findall(r'xlink:href="#(explain-S\d\d)"', drawn)
    assert sorted(links) == sorted(2 * [f"explain-S{number:02}" for number in range(24)])
    assert all(f'<section class="subject" id="{link}">' in drawn for link in links)


def test_a_subjects_text_is_hidden_until_it_is_chosen_and_needs_no_script(page):
    assert "section.subject:not(:target) { display: none; }" in page
    assert "<script" not in page
