"""Nobody in an arm, one subject in it, no event at all: a page says why it has no number."""

import pytest
from degenerate_trial import DEGENERATE, Whole, changed, material_of

from cartend.analysis.ard import Ard, read_ard
from cartend.analysis.build import build_results
from cartend.analysis.curves import Curves
from cartend.analysis.questions.catalog import CATALOG
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.analysis.questions.registry import ANSWERS
from cartend.analysis.safety.catalog import NAMES as SAFETY
from cartend.config.run import Budget
from cartend.display.figures import draw
from cartend.display.tables import tabulate

pytestmark = pytest.mark.xdist_group("degenerate")


@pytest.fixture(scope="module")
def trials(wholes, tmp_path_factory) -> dict[str, Whole]:
    return {
        title: changed(wholes[name], tmp_path_factory.mktemp("degenerate"), change)
        for title, (name, change) in DEGENERATE.items()
    }


@pytest.fixture(scope="module")
def materials(trials) -> dict:
    return {title: material_of(trial) for title, trial in trials.items()}


def rows_of(material, name: str) -> list[tuple]:
    ard = Ard("x", "primary")
    page = Page(ard, Curves("x", "primary"), name)
    try:
        ANSWERS[name](material, page)
    except NotDerivableError as why:
        page.absent(str(why))
    return ard.sorted_rows()


def test_the_trials_are_what_they_are_called(wholes, materials):
    for whole in wholes.values():
        held = material_of(whole)
        assert held.adtte.groupby("ARMCD")["STATE"].max().min() > 0
    left = {title: material.adsl["ARMCD"].value_counts() for title, material in materials.items()}
    assert set(left["no subject in the control arm"].index) == {"CART"}
    assert set(left["no subject in the experimental arm"].index) == {"SOC"}
    assert left["one subject in the control arm"]["SOC"] == 1
    assert left["one subject in the experimental arm"]["CART"] == 1
    assert left["one subject"].tolist() == [1]
    assert not materials["nobody infused"].adtte["POP"].eq("INF").any()
    for title in ("no event in two arms", "no event"):
        assert not materials[title].adtte["STATE"].any()


@pytest.mark.parametrize("title", DEGENERATE)
@pytest.mark.parametrize("name", CATALOG)
def test_a_question_is_answered_in_rows(materials, title, name):
    rows = rows_of(materials[title], name)
    assert rows
    for row in rows:
        assert row[14] is not None or row[15], row


def test_an_arm_without_subjects_is_named(materials):
    rows = rows_of(materials["no subject in the control arm"], "delayed_effects")
    noted = {row[15] for row in rows if row[6].endswith("OS")}
    assert "not estimable: arm SOC has no subjects" in noted


QUICK = ("one subject in the experimental arm", "no event")
"""One of each design in every run of the tests; the others where every test is run."""


@pytest.mark.parametrize(
    "title",
    [one if one in QUICK else pytest.param(one, marks=pytest.mark.slow) for one in DEGENERATE],
)
def test_every_page_of_a_run_is_written(trials, title):
    trial = trials[title]
    resolved, name, home = trial.resolved, trial.name, trial.folder / "primary"
    study, rules, adam = resolved.studies[name], resolved.rules[name], trial.folder / "adam"
    criteria, spec = resolved.criteria[name], resolved.scenarios[name]["primary"]
    adsl, ard, curves = adam / "adsl.parquet", home / "ard.csv", home / "curves.parquet"
    events, rates = home / "adtte.parquet", home / "adrsp.parquet"
    paths = adsl, events, rates, ard, curves, adam
    build_results(study, criteria, spec.definitions, "primary", *paths, (), rules)
    assert {*CATALOG, *SAFETY} <= set(read_ard(ard)["paramcd"])
    who = study, criteria, spec.definitions, "primary", ard, events, rates, adsl
    tabulate(*who, adam / "admrd.parquet", home / "tables", ("csv",), None, rules)
    stems = {path.stem for path in (home / "tables").glob("*.csv")}
    assert {f"question_{one}" for one in CATALOG} | {f"safety_{one}" for one in SAFETY} <= stems
    given = study, spec.definitions, "primary", ard, curves, events, adsl, home / "figures"
    draw(*given, ("svg",), None, Budget(primary=2))
    assert (home / "figures" / "index.json").exists()
