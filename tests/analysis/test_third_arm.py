"""A trial of three arms from its records to its pages: the case tests/cases/third-arm.

20 subjects each of CART, SOC and OTHERARM, all randomised. What compares two arms is made from the
subjects of these two alone, whatever the third is called: not declared, ``other``, or another
experimental arm with a comparison of its own. The right values are those of the case's makers.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pytest
import yaml
from lifelines import CoxPHFitter
from lifelines.statistics import logrank_test

from cartend.analysis.ard import read_ard
from cartend.analysis.build import build_results
from cartend.analysis.checks import run_checks
from cartend.config.load import load_config
from cartend.config.run import Formats
from cartend.contract.terms.results import STATISTIC, analysis_of
from cartend.display.compare import compare
from cartend.display.figures import draw
from cartend.display.lanes import Records
from cartend.display.report import write_report
from cartend.display.tables import tabulate
from cartend.endpoint.build import build_events
from cartend.intake.ingest import ingest
from cartend.response.build import build_response
from cartend.subject.build import build_subjects

CASE = Path(__file__).resolve().parents[1] / "cases" / "third-arm"
CART, SOC = {"label": "CAR-T", "role": "experimental"}, {"label": "SOC", "role": "control"}
OTHER = {"label": "Third arm", "role": "other"}
FIRST, SECOND = "CART vs SOC", "OTHERARM vs SOC"
DESIGNS = {
    "undeclared": {"arms": {"CART": CART, "SOC": SOC}},
    "other": {"arms": {"CART": CART, "SOC": SOC, "OTHERARM": OTHER}},
    "experimental": {
        "arms": {"CART": CART, "OTHERARM": {**CART, "label": "Low dose"}, "SOC": SOC},
        "comparisons": [
            {"experimental": "CART", "control": "SOC"},
            {"experimental": "OTHERARM", "control": "SOC"},
        ],
    },
}
ENDPOINTS = ["OS", "PFS_FDA", "NRM", "ORR", "BOR"]


@dataclass(frozen=True)
class Made:
    """What was made of the case under one way of declaring the third arm."""

    folder: Path
    spec: object

    @property
    def primary(self) -> Path:
        return self.folder / "primary"

    @cached_property
    def ard(self) -> pd.DataFrame:
        return read_ard(self.primary / "ard.csv")

    def number(self, paramcd: str, arm: str, analysis: str, statistic: str, **more: str) -> float:
        wanted = {"paramcd": paramcd, "arm": arm, "analysis": analysis, "statistic": statistic}
        rows = self.ard[self.ard["by"].eq("")]
        for column, value in (wanted | more).items():
            rows = rows[rows[column].eq(value)]
        assert len(rows) == 1
        return float(rows["value"].iloc[0])

    def table(self, stem: str) -> pd.DataFrame:
        return pd.read_csv(self.primary / "tables" / f"{stem}.csv", dtype=str).fillna("")


def make(folder: Path, design: str) -> Made:
    """Return the case from its records to its report, made by the functions of the jobs."""
    content = yaml.safe_load((CASE / "studies" / "x.yaml").read_text())
    content |= {"data": str(CASE / "data"), "endpoints": ENDPOINTS, **DESIGNS[design]}
    content["roles"] = {"OS": {"role": "primary", "alpha": 0.05}, "ORR": {"role": "key secondary"}}
    (folder / "studies").mkdir(parents=True)
    (folder / "studies" / "x.yaml").write_text(yaml.safe_dump(content))
    run = load_config({"studies": ["x"], "scenarios": []}, folder, [folder])
    study, criteria, rules = run.studies["x"], run.criteria["x"], run.rules["x"]
    scenario = run.scenarios["x"]["primary"]
    sdtm, adam, primary = folder / "sdtm", folder / "adam", folder / "primary"
    for one in (sdtm, adam, primary):
        one.mkdir()
    ingest(study, criteria, sdtm, folder / "findings.csv")
    made = ("adsl", "adevt", "adbrdg", "adelig", "adae")
    build_subjects(study, criteria, rules, sdtm, *(adam / f"{name}.parquet" for name in made))
    adsl, adevt, adbrdg = (adam / f"{name}.parquet" for name in ("adsl", "adevt", "adbrdg"))
    adrs, admrd = adam / "adrs.parquet", adam / "admrd.parquet"
    build_response(study, criteria, sdtm, adsl, adevt, adrs, admrd)
    adtte, adrsp = primary / "adtte.parquet", primary / "adrsp.parquet"
    build_events(
        *(study, criteria, scenario.definitions, adam),
        *(adtte, adrsp, primary / "candidates.parquet"),
    )
    ard, curves = primary / "ard.csv", primary / "curves.parquet"
    who = (study, criteria, scenario.definitions, "primary")
    build_results(*who, adsl, adtte, adrsp, ard, curves, adam, None, rules)
    paths = (ard, adtte, adrsp, adsl, admrd)
    tabulate(*who, *paths, primary / "tables", ["html", "csv"], None, rules)
    records = Records.read(criteria, adam, adtte)
    how = (ard, curves, adtte, adsl, primary / "figures", ["svg"], records)
    draw(study, scenario.definitions, "primary", *how)
    formats = Formats(tables=("html", "csv"), figures=("svg",))
    compare(study, {"primary": scenario}, folder, folder / "compare", formats)
    run_checks(study, criteria, {"primary": scenario.definitions}, folder, folder / "checks.csv")
    write_report(study, criteria, {"primary": scenario}, folder, folder / "report.html", {})
    return Made(folder, study)


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """Return the function that makes the case once for each declaration."""
    held: dict[str, Made] = {}

    def made(design: str) -> Made:
        if design not in held:
            held[design] = make(tmp_path_factory.mktemp("third") / design, design)
        return held[design]

    return made


def test_the_case_has_sixty_subjects_of_whom_a_third_is_in_an_arm_of_its_own():
    arms = pd.read_csv(CASE / "data" / "dm.csv")["ARMCD"].value_counts().to_dict()
    assert arms == {"CART": 20, "SOC": 20, "OTHERARM": 20}


@pytest.mark.parametrize("design", DESIGNS)
def test_two_arms_are_compared_from_their_own_subjects_alone(case, design):
    made = case(design)
    assert made.number("OS", FIRST, "cox", "estimate") == pytest.approx(0.365, abs=5e-4)
    assert made.number("OS", FIRST, "logrank", "p_value") == pytest.approx(0.004, abs=5e-4)
    assert made.number("ORR", FIRST, "difference", "estimate") == pytest.approx(0.65, abs=1e-12)


@pytest.mark.parametrize("design", ["other", "experimental"])
def test_no_contrast_changes_with_what_the_third_arm_is_called(case, design):
    """Every number of CART vs SOC, of all pages, is the same to the last bit.

    One whose line counts further subjects stays the same number, so only numbers are compared.
    """

    def contrast(name: str) -> pd.DataFrame:
        ard = case(name).ard
        rows = ard[ard["arm"].eq(FIRST)].copy()
        rows["level"] = rows["level"].str.replace(r"^\d+ ", "", regex=True)
        keys = [c for c in ard.columns if c not in ("value", "note", "method")]
        return rows.set_index(keys)["value"].sort_index()

    one, other = contrast("undeclared"), contrast(design)
    assert len(one) > 100
    pd.testing.assert_series_equal(one, other, check_exact=True)


def test_an_arm_of_role_other_has_its_own_numbers_and_no_contrast(case):
    made = case("other")
    assert made.number("OS", "OTHERARM", "km", "N") == 20
    held = set(made.ard["arm"])
    assert {arm for arm in held if " vs " in arm} == {FIRST}
    table = made.table("tte_OS_RAND")
    assert any("Third arm (N=20)" in name for name in table.columns)
    figure = (made.primary / "figures" / "OS_RAND_arm.svg").read_text()
    assert all(label in figure for label in ("CAR-T", "SOC", "Third arm"))


def test_two_experimental_arms_are_each_compared_with_the_control(case):
    made = case("experimental")
    adtte = pd.read_parquet(made.primary / "adtte.parquet")
    rows = adtte[adtte["PARAMCD"].eq("OS") & adtte["ARMCD"].isin(["OTHERARM", "SOC"])]
    frame = pd.DataFrame({"time": rows["AVAL"], "event": rows["CNSR"].eq(0)}).astype(float)
    frame["arm"] = rows["ARMCD"].eq("OTHERARM").astype(float)
    fit = CoxPHFitter().fit(frame, "time", "event")
    ratio = float(fit.hazard_ratios_["arm"])
    assert made.number("OS", SECOND, "cox", "estimate") == pytest.approx(ratio, rel=1e-5)
    own, control = frame[frame["arm"].eq(1)], frame[frame["arm"].eq(0)]
    test = logrank_test(own["time"], control["time"], own["event"], control["event"])
    found = made.number("OS", SECOND, "logrank", "p_value")
    assert found == pytest.approx(test.p_value, rel=1e-9)


def test_each_comparison_stands_in_the_column_of_its_experimental_arm(case):
    made = case("experimental")
    table = made.table("tte_OS_RAND")
    rows = table[table["row"].eq("Hazard ratio")]
    columns = {name: rows[name].tolist() for name in table.columns if "N=20" in name}
    filled = {name: cells for name, cells in columns.items() if any(cells)}
    assert len(rows) == 2
    assert [any(part in name for name in filled) for part in ("CAR-T", "Low dose")] == [True, True]
    assert not any("SOC" in name for name in filled)


def test_the_pages_of_several_comparisons_name_the_arms_of_each(case):
    made = case("experimental")
    both = ("CAR-T vs SOC", "Low dose vs SOC")
    figure = (made.primary / "figures" / "OS_RAND_arm.svg").read_text()
    assert all(f"Hazard ratio {label}" in figure for label in both)
    report = (made.folder / "report.html").read_text()
    assert all(f"{label}: hazard ratio" in report for label in both)
    header = (made.folder / "compare" / "efs_definitions.csv").read_text().splitlines()[0]
    assert all(label in header for label in both)


@pytest.mark.parametrize("design", DESIGNS)
def test_every_subject_of_the_study_s_arms_is_drawn_in_its_course(case, design):
    made = case(design)
    pages = [page.read_text() for page in (made.primary / "figures").glob("subjects_*.svg")]
    drawn = {s for s in (f"S{n:03}" for n in range(60)) if any(f">{s}<" in page for page in pages)}
    assert len(drawn) == (40 if design == "undeclared" else 60)
    told = any("20 subjects of ADSL in none" in page for page in pages)
    assert told == (design == "undeclared")


def test_every_number_has_its_label_and_unit_in_the_contract(case):
    pairs = case("experimental").ard[["analysis", "statistic"]].drop_duplicates()
    for analysis, statistic in pairs.itertuples(index=False):
        beside = STATISTIC[statistic].unit == "subjects"  # how many an estimate is from
        known = analysis_of(analysis, statistic).statistics
        assert beside or statistic in known, (analysis, statistic)


@pytest.mark.parametrize("design", DESIGNS)
def test_all_checks_hold(case, design):
    checks = pd.read_csv(case(design).folder / "checks.csv", keep_default_na=False)
    assert len(checks) > 20
    assert set(checks["passed"]) <= {"Y", "N/A"}
