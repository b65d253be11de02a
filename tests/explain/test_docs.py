"""docs/explain.md shows what its commands print, on the shipped trial."""

import re
from pathlib import Path

import pytest

from cartend.cli import main
from cartend.config.load import load_config
from cartend.endpoint.build import build_events
from cartend.export.manifest import write_manifest
from cartend.intake.ingest import ingest
from cartend.response.build import build_response
from cartend.subject.build import build_subjects

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "explain.md"
STUDY = "lbcl-second-line"
SCENARIOS = ["efs-week9", "efs-newtherapy", "efs-origin"]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> Path:
    """The results of the shipped randomised trial, as far as the two commands read them."""
    resolved = load_config({"studies": [STUDY], "scenarios": SCENARIOS}, PROJECT)
    study, criteria = resolved.studies[STUDY], resolved.criteria[STUDY]
    top = tmp_path_factory.mktemp("shipped")
    folder, adam = top / STUDY, top / STUDY / "adam"
    adam.mkdir(parents=True)
    study = study.model_copy(update={"data": str(PROJECT / study.data)})
    ingest(study, criteria, folder / "sdtm", folder / "findings.csv")
    adsl, adevt, adrs, admrd = (adam / f"{n}.parquet" for n in ("adsl", "adevt", "adrs", "admrd"))
    others = (adam / f"{name}.parquet" for name in ("adbrdg", "adelig", "adae"))
    build_subjects(study, criteria, resolved.rules[STUDY], folder / "sdtm", adsl, adevt, *others)
    build_response(study, criteria, folder / "sdtm", adsl, adevt, adrs, admrd)
    for name, scenario in resolved.scenarios[STUDY].items():
        paths = [folder / name / f"{part}.parquet" for part in ("adtte", "adrsp", "candidates")]
        definitions, support = scenario.definitions, scenario.support
        build_events(study, criteria, definitions, adam, *paths, support=support)
    content = {
        **{key: resolved.spec(STUDY)[key] for key in ("study", "criteria")},
        "scenarios": resolved.scenarios_spec(STUDY),
        "order": list(resolved.scenarios[STUDY]),
        "record": {"inputs": {}, "code": {}, "packages": {}, "formats": {}},
    }
    write_manifest(content, folder, folder / "manifest.json")
    return top


def shown():
    """Return every command of the page with the output that stands below it."""
    blocks = re.findall(r"```console\n\$ (.*?)\n(.*?)```", PAGE.read_text(), flags=re.S)
    return [pytest.param(*block, id=block[0]) for block in blocks]


@pytest.mark.parametrize(("command", "output"), shown())
def test_a_command_of_the_page_prints_what_the_page_shows(shipped, capsys, command, output):
    call, _, cut = command.partition(" | ")
    main([*call.split()[1:], "--results", str(shipped)])
    printed = capsys.readouterr()
    lines = (printed.out + printed.err).rstrip("\n").split("\n")
    if cut.startswith("head"):
        lines = lines[: int(cut.split()[-1])]
    if cut.startswith("tail"):
        lines = lines[-int(cut.split()[-1]) :]
    assert "\n".join(lines).rstrip() + "\n" == output
