"""The flow diagram: every number of the results in a box, every text inside its box."""

import pandas as pd
import pytest

from cartend.analysis.ard import COLUMNS
from cartend.config.study import Study
from cartend.display import theme
from cartend.display.ard import Ard
from cartend.display.flow_diagram import draw_flow
from cartend.display.words import Heading

REASON = "A reason so long that it has to go on in the next line of its box"
EXPERIMENTAL = {
    "01 SCREENED": 10,
    "02 ENROLLED": 10,
    "03 LEUKAPHERESED": 9,
    "04 BRIDGED": 6,
    "05 NOT BRIDGED": 3,
    "06 ENROLLED: WITHDRAWAL BY SUBJECT": 1,
    f"07 LEUKAPHERESED: {REASON.upper()}": 2,
    "08 LEUKAPHERESED: DEATH": 1,
    "09 LYMPHODEPLETED": 6,
    "10 INFUSED": 6,
}
CONTROL = {"01 SCREENED": 8, "02 ENROLLED": 8, "03 CONTROL TREATED": 8, "04 CROSSOVER": 4}


def study(design):
    arms = {"A": {"label": "CAR-T"}}
    if design == "randomised":
        arms["B"] = {"label": "Standard of care in the second line", "role": "control"}
    content = {
        "id": "tiny",
        "title": "A tiny trial",
        "data": "data",
        "disease": "LBCL",
        "criteria": "tiny",
        "design": design,
        "arms": arms,
        "cutoff": "2026-06-30",
        "visits": {"anchor": "randomisation", "schedule": [{"label": "W1", "day": 7}]},
        "endpoints": ["OS"],
    }
    return Study.model_validate(content)


def diagram(design, flows):
    """Return the figure of flows by arm; all randomised are 18."""
    blank = dict.fromkeys(COLUMNS, "") | {"prob": float("nan"), "time": float("nan")}
    blank |= {"study": "tiny", "scenario": "primary", "analysis": "count"}
    rows = [
        {**blank, "paramcd": "FLOW", "arm": arm, "event": e, "statistic": s, "value": v}
        for arm, flow in flows.items()
        for e, n in flow.items()
        for s, v in (("n", n), ("N", max(flow.values())))
    ]
    rows.append({**blank, "paramcd": "SETS", "event": "RAND", "statistic": "n", "value": 18})
    heading = Heading(study(design), "primary", "2026-06-30")
    with theme.styled():
        figure, words = draw_flow(heading, Ard(pd.DataFrame(rows)))
        if figure is not None:
            figure.canvas.draw()
    return figure, words


def shown(figure):
    (axes,) = figure.axes
    return " ".join(text.get_text().replace("\N{NO-BREAK SPACE}", " ") for text in axes.texts)


@pytest.mark.parametrize(
    ("design", "flows"),
    [("single-arm", {"": EXPERIMENTAL}), ("randomised", {"A": EXPERIMENTAL, "B": CONTROL})],
)
def test_every_text_lies_inside_a_box_of_the_page(design, flows):
    figure, _ = diagram(design, flows)
    (axes,) = figure.axes
    boxes = [patch.get_window_extent() for patch in axes.patches if patch.get_width() > 0.3]
    page = figure.bbox
    for text in axes.texts:
        if not text.get_text():
            continue
        own = text.get_window_extent()
        inside = [
            b.x0 <= own.x0 and own.x1 <= b.x1 and b.y0 <= own.y0 and own.y1 <= b.y1 for b in boxes
        ]
        assert any(inside), text.get_text()
    assert all(page.x0 <= b.x0 and b.x1 <= page.x1 for b in boxes)


def test_both_arms_start_from_all_randomised_and_name_their_losses():
    text = shown(diagram("randomised", {"A": EXPERIMENTAL, "B": CONTROL})[0])
    assert "Randomised (n = 18)" in text
    assert "CAR-T: Randomised (n = 10)" in text
    assert "Leukapheresed (n = 9)" in text
    assert "Death (1)" in text
    assert "Crossed over to CAR-T (n = 4)" in text


def test_screening_is_shown_where_somebody_was_lost_there():
    lost = {"01 SCREENED": 3, "02 SCREENED: SCREEN FAILURE": 1, "03 ENROLLED": 2}
    text = shown(diagram("single-arm", {"": lost})[0])
    assert "Screened (n = 3)" in text
    assert "Screen failure (1)" in text


def test_without_a_flow_there_is_no_diagram():
    assert diagram("single-arm", {}) == (None, None)
