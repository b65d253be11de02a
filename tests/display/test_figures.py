import hashlib
import json
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from cartend.config.run import Budget
from cartend.display import theme
from cartend.display.curves import Curve
from cartend.display.figures import draw, planned
from cartend.display.km import Line, draw_km
from cartend.display.layout import Words, month_ticks
from cartend.display.theme import pen


def curve(*rows: tuple[float, float, float, float]) -> Curve:
    time, n_risk, n_censor, estimate = map(np.array, zip(*rows, strict=True))
    lower, upper = estimate - 0.1, np.minimum(estimate + 0.1, 1)
    return Curve(time, n_risk, n_censor, estimate, lower, upper)


STEPS = curve((0, 4, 0, 1.0), (30, 4, 0, 0.75), (61, 3, 1, 0.75), (200, 2, 0, 0.375))
WORDS = Words("Title", ("Subtitle",), ("Note",))


@pytest.mark.parametrize(
    ("day", "number"), [(0, 4), (30, 4), (30.4375, 3), (61, 3), (62, 2), (200, 2), (201, 0)]
)
def test_the_number_at_risk_counts_those_followed_to_that_day_or_longer(day, number):
    assert STEPS.at_risk(day) == number


@pytest.mark.parametrize(
    ("last", "ticks"),
    [
        (3.2, [0, 1, 2, 3]),
        (7, [0, 3, 6]),
        (40, [0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39]),
        (45, [0, 6, 12, 18, 24, 30, 36, 42]),
        (120, [0, 12, 24, 36, 48, 60, 72, 84, 96, 108, 120]),
        (0, [0]),
    ],
)
def test_ticks_are_multiples_of_one_three_six_or_twelve_months(last, ticks):
    assert month_ticks(last) == ticks


def test_numbers_at_risk_stand_exactly_under_the_ticks_of_the_axis():
    lines = [Line("First", pen(0), STEPS, ("4", "2", "")), Line("Second", pen(1), STEPS, ())]
    with theme.styled():
        figure = draw_km(WORDS, lines, 30.4375, ("Months", "Alive (%)"))
        figure.canvas.draw()
        plot, table = figure.axes
        ticks = [plot.transData.transform((t, 0))[0] for t in plot.get_xticks()]
        below = [t for t in table.texts if t.get_text().isdigit()]
        placed = [t.get_transform().transform(t.get_position())[0] for t in below]
    assert len(below) == 2 * len(ticks)
    assert placed == pytest.approx(ticks * 2, abs=1e-9)
    assert all(t.get_ha() == "center" for t in below)
    assert plot.get_xlim()[0] == 0
    assert plot.get_ylim() == (0, pytest.approx(1.02))


def test_group_labels_have_the_colour_of_their_curve_and_strokes_differ():
    lines = [Line("First", pen(0), STEPS, ()), Line("Second", pen(1), STEPS, ())]
    with theme.styled():
        figure = draw_km(WORDS, lines, 30.4375, ("Months", "Alive (%)"))
    labels = {t.get_text(): t.get_color() for t in figure.axes[1].texts}
    assert labels["First"] == pen(0).colour
    assert labels["Second"] == pen(1).colour
    assert len({str(pen(i).stroke) for i in range(5)}) == 5


def test_nothing_of_a_figure_is_cut_off():
    names = ["A group of quite some length", "Other"]
    lines = [
        Line(name, pen(i), STEPS, ("4", "2", "8.3 (1.2, NE [a])")) for i, name in enumerate(names)
    ]
    long = Words("A title that is long " * 8, ("subtitle " * 30,), ("note " * 120,))
    with theme.styled():
        figure = draw_km(long, lines, 30.4375, ("Months", "Alive (%)"), ("remark",))
        figure.canvas.draw()
        width, height = figure.canvas.get_width_height()
        texts = [*figure.texts, *(t for axes in figure.axes for t in axes.texts)]
        boxes = [t.get_window_extent() for t in texts if t.get_text()]
    assert min(b.x0 for b in boxes) >= 0
    assert max(b.x1 for b in boxes) <= width
    assert min(b.y0 for b in boxes) >= 0
    assert max(b.y1 for b in boxes) <= height


def drawn(trial, out, formats=("svg", "png")):
    adtte = trial.primary / "adtte.parquet"
    paths = (trial.ard, trial.curves, adtte, trial.adsl, out)
    draw(trial.study, trial.definitions, "primary", *paths, formats)
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(out.iterdir())}


def test_every_endpoint_is_drawn_by_arm_and_by_bridging_with_the_same_bytes_twice(
    randomised, tmp_path
):
    first = drawn(randomised, tmp_path / "first")
    assert first == drawn(randomised, tmp_path / "second")
    stems = {entry["stem"] for entry in json.loads((tmp_path / "first" / "index.json").read_text())}
    assert stems == {
        f"{name}_{kind}"
        for name in ("EFS_RAND_IRC", "OS_RAND", "NRM_RAND_IRC")
        for kind in ("arm", "bridging")
    } | {"flow", "subgroups"}
    assert {f"{stem}.{kind}" for stem in stems for kind in ("svg", "png")} < set(first)


def test_a_single_arm_trial_is_drawn_as_a_whole(single_arm, tmp_path):
    names = drawn(single_arm, tmp_path / "out", ["svg"])
    assert {"EFS_INF_IRC_overall.svg", "NRM_INF_IRC_overall.svg", "OS_INF_bridging.svg"} <= set(
        names
    )
    assert not any(name.endswith(".png") for name in names)


def svg_text(path) -> str:
    return " ".join(re.findall(r">([^<>]+)</text>", path.read_text(encoding="utf-8")))


def test_the_words_of_a_figure_say_whose_data_when_and_how(randomised, tmp_path):
    drawn(randomised, tmp_path, ["svg"])
    arm = svg_text(tmp_path / "EFS_RAND_IRC_arm.svg")
    for said in (
        "All randomised subjects (RAND); assessed by independent review; from randomisation",
        "scenario primary",
        "Time to the first of A &lt; B &amp; death.",
        "Kaplan-Meier, log-log limits",
        "data cut-off 2026-06-30",
        "alpha 0.05",
    ):
        assert said in arm
    assert re.search(r"Hazard ratio CAR-T vs Standard \(95% CI\): \d\.\d{3} \(", arm)
    assert re.search(r"log-rank p = 0\.\d{4}", arm)


def test_a_figure_by_bridging_warns_of_confounding_and_has_no_test(randomised, tmp_path):
    drawn(randomised, tmp_path, ["svg"])
    words = svg_text(tmp_path / "EFS_RAND_IRC_bridging.svg")
    assert "immortal time" in words
    assert "confounding" in words
    assert "Standard (reference)" in words
    assert "log-rank" not in words
    assert "Hazard ratio" not in words


def test_an_endpoint_without_alpha_is_marked_nominal(randomised, tmp_path):
    drawn(randomised, tmp_path, ["svg"])
    assert "stratified; nominal" in svg_text(tmp_path / "OS_RAND_arm.svg")


HELD = [(name, "RAND", evaluator) for name in ("EFS", "OS", "NRM") for evaluator in ("IRC", "INV")]


def test_figures_are_planned_by_importance_each_endpoint_first(randomised):
    budget = Budget(bridging=("primary",))
    pictures = planned(randomised.study, randomised.definitions, HELD, budget)
    assert [(p.paramcd, p.evaluator, p.kind) for p in pictures] == [
        ("EFS", "IRC", "arm"),
        ("OS", "IRC", "arm"),
        ("NRM", "IRC", "arm"),
        ("EFS", "IRC", "bridging"),
        ("EFS", "INV", "arm"),
        ("OS", "INV", "arm"),
        ("NRM", "INV", "arm"),
    ]


@pytest.mark.parametrize(("scenario", "drawn"), [("primary", 2), ("other", 1)])
def test_what_the_budget_leaves_out_is_listed_with_its_key(randomised, tmp_path, scenario, drawn):
    budget = Budget(primary=2, others=1, bridging=("primary",))
    paths = (randomised.ard, randomised.curves, randomised.primary / "adtte.parquet")
    given = (*paths, randomised.adsl, tmp_path, ["svg"], None, budget)
    draw(randomised.study, randomised.definitions, scenario, *given)
    index = json.loads((tmp_path / "index.json").read_text())
    missing = json.loads((tmp_path / "left_out.json").read_text())
    assert len([entry for entry in index if entry["paramcd"]]) == drawn
    curves = pd.read_parquet(randomised.curves)
    curves = curves[curves["paramcd"].isin(randomised.definitions)]
    held = curves[["paramcd", "population", "evaluator"]].drop_duplicates()
    assert drawn + len(missing) == len(held) + 3  # each of three endpoints by bridging
    key = "primary" if scenario == "primary" else "others"
    said = {entry["figure"]: entry["key"] for entry in missing}
    assert said["EFS, RAND, IRC, by bridging therapy"] == f"formats.budget.{key}"
    assert said["OS, by bridging therapy"] == "formats.budget.bridging"
    assert said["NRM, by bridging therapy"] == "formats.budget.bridging"


def test_drawing_imports_no_table_library_and_no_pyplot():
    code = (
        "import sys, cartend.display.figures;"
        "print([m for m in ('great_tables', 'matplotlib.pyplot', 'lifelines') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
