"""What stands under a page is true of it: whom it counts, how it reads, what it was read from."""

import pytest
from degenerate_trial import material_of

from cartend.analysis.ard import Ard
from cartend.analysis.curves import Curves
from cartend.analysis.questions.catalog import CATALOG
from cartend.analysis.questions.entry import GAP, RATIO
from cartend.analysis.questions.material import Material
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.analysis.questions.registry import ANSWERS
from cartend.analysis.safety.catalog import CATALOG as SAFETY
from cartend.analysis.safety.pages import WRITERS, Sources
from cartend.analysis.safety.subjects import Cohort
from cartend.contract.terms.estimand import POPULATION
from cartend.display import ard as shown
from cartend.display.questions import form_of, question_table
from cartend.display.words import Heading

pytestmark = pytest.mark.xdist_group("degenerate")
FRAMES = ("adsl", "adtte", "adrsp")


class Recorded(Material):
    """The data of a trial, which keep in ``read`` what a question reads of them."""

    def __getattribute__(self, name: str) -> object:
        """Return an attribute; a dataset is noted."""
        if name in FRAMES:
            object.__getattribute__(self, "read").add(name.upper())
        return object.__getattribute__(self, name)


def recorded(material: Material) -> tuple[Recorded, set[str]]:
    read: set[str] = set()

    def table(name: str):
        read.add(name.upper())
        return material.tables(name)

    parts = (material.adsl, material.adtte, material.adrsp, table)
    object.__setattr__(one := Recorded.__new__(Recorded), "read", read)
    Material.__init__(one, material.study, material.criteria, material.definitions, *parts)
    return one, read


class Answered:
    """One question asked of one trial: its rows, its table and what it read."""

    def __init__(self, name: str, material: Material, folder) -> None:
        one, self.read = recorded(material)
        ard = Ard("x", "primary")
        page = Page(ard, Curves("x", "primary"), name)
        try:
            ANSWERS[name](one, page)
        except NotDerivableError as why:
            page.absent(str(why))
        self.rows = ard.sorted_rows()
        ard.write(folder / f"{name}.csv")
        held = shown.Ard.read(folder / f"{name}.csv")
        heading = Heading(material.study, "primary", "2026-06-30")
        self.said = question_table(heading, CATALOG[name], held.of(name, "", "")).footnotes
        self.study = material.study

    @property
    def numbers(self) -> list[tuple]:
        return [row for row in self.rows if row[14] is not None]


@pytest.fixture(scope="module")
def answered(wholes, tmp_path_factory) -> dict[str, list[Answered]]:
    materials = [material_of(whole) for whole in wholes.values()]
    folder = tmp_path_factory.mktemp("answers")
    return {name: [Answered(name, one, folder) for one in materials] for name in CATALOG}


@pytest.mark.parametrize("name", CATALOG)
def test_the_sources_of_a_page_are_what_its_answer_reads(answered, name):
    read = set().union(*(one.read for one in answered[name]))
    named = {one.name for one in CATALOG[name].sources if not isinstance(one, str)}
    assert named == read
    for one in answered[name]:
        assert one.said[-1].endswith(f"source: {CATALOG[name].source}.")


@pytest.mark.parametrize("name", CATALOG)
def test_a_sentence_stands_where_the_page_has_its_analysis_and_nowhere_else(answered, name):
    entry, found = CATALOG[name], set()
    for one in answered[name]:
        held = {row[8] for row in one.rows}
        found |= held
        for named, sentence in entry.reading.items():
            assert (sentence in one.said) == bool(held & set(named.split())), named
    for named in entry.reading:
        assert set(named.split()) <= found, f"no trial has {named}"


@pytest.mark.parametrize("name", CATALOG)
def test_experimental_over_control_is_said_of_comparisons_of_the_arms_alone(answered, name):
    arms = {n for n, said in CATALOG[name].reading.items() if RATIO in said or GAP in said}
    kinds = set(" ".join(arms).split())
    for one in answered[name]:
        assert all(
            " vs " in row[5] for row in one.rows if row[8] in kinds and row[13] == "estimate"
        )


@pytest.mark.parametrize("name", CATALOG)
def test_every_ratio_of_a_page_says_what_is_over_what(answered, name):
    known = set(" ".join(CATALOG[name].reading).split())
    for one in answered[name]:
        kinds = {row[8] for row in one.numbers if row[13] == "estimate"}
        ratios = {kind for kind in kinds if form_of(one.study, kind)(2.0).startswith("2.000")}
        numbers = {"number", "kappa", "agreement", "kendall", "c_index", "clayton", "r_squared"}
        assert ratios - numbers - {"threshold", "tipping", "p"} <= known


@pytest.mark.parametrize("name", CATALOG)
def test_counts_and_p_values_are_explained_where_the_page_has_them(answered, name):
    for one in answered[name]:
        text = " ".join(one.said)
        held = {(row[8], row[13]) for row in one.rows}
        assert ("wins:losses" in text) == any(statistic == "losses" for _, statistic in held)
        nominal = CATALOG[name].exploratory and any(s == "p_value" for _, s in held)
        assert ("p-values are nominal" in text) == nominal
        assert text.startswith("Exploratory") == CATALOG[name].exploratory


@pytest.mark.parametrize("name", CATALOG)
def test_a_page_names_the_set_that_it_counts(answered, name):
    for one in answered[name]:
        code = one.study.population
        if "{set}" in CATALOG[name].who:
            assert f"{POPULATION.label(code)} ({code})" in " ".join(one.said)
        assert "{" not in " ".join(one.said)


@pytest.mark.parametrize("entry", SAFETY, ids=lambda entry: entry.name)
def test_the_sources_of_a_safety_page_are_what_it_is_written_from(wholes, entry):
    read: set[str] = set()

    class Watched(Cohort):
        def __getattribute__(self, name: str) -> object:
            if name in ("adsl", "adae"):
                read.add(name.upper())
            return object.__getattribute__(self, name)

    class Given(Sources):
        def __getattribute__(self, name: str) -> object:
            if name in ("adtte", "adevt"):
                read.add(name.upper())
            return object.__getattribute__(self, name)

    for whole in wholes.values():
        material = material_of(whole)
        safety = whole.resolved.rules[whole.name].safety
        cohort = Watched(material.study, safety, material.adsl, material.tables("adae"))
        read.clear()
        given = Given(cohort, material.adtte, material.tables("adevt"), material.definitions)
        page = Page(Ard("x", "primary"), Curves("x", "primary"), entry.name)
        try:
            WRITERS[entry.name](given, page)
        except NotDerivableError:
            continue
        assert read <= {one.name for one in entry.sources}
