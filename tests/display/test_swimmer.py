import re

import pytest
from display_trial import make_study
from test_lanes import SUBJECTS, TIMES, records

from cartend.config.criteria import Criteria
from cartend.display import theme
from cartend.display.inline import inline_svg
from cartend.display.subjects import anchor_of
from cartend.display.swimmer import MOST, draw_page, mark_look, swimmer
from cartend.display.words import Heading

RESPONSES = [("S1", "IRC", "2024-01-11", "CR", "Y"), ("S2", "IRC", "2024-01-11", "PD", "Y")]
EVENTS = [("S1", "INFUSION", "2024-01-03"), ("S2", "NEW_THERAPY", "2024-01-15")]


def whole(count: int = 0):
    study = make_study("randomised")
    more = [
        {"USUBJID": f"T{n:03}", "RANDDT": "2024-01-01", "LSTALVDT": "2024-02-01"}
        for n in range(count)
    ]
    given = records([*SUBJECTS, *more], RESPONSES, EVENTS, TIMES)
    return swimmer(Heading(study, "primary", "2026-06-30"), given), given.criteria


def test_every_subject_with_an_origin_stands_on_one_page_and_no_page_is_crowded():
    drawn, _ = whole(170)
    named = [name for page in drawn.pages for name in page.lanes["USUBJID"]]
    assert len(named) == len(set(named)) == 174
    sizes = [len(page.lanes) for page in drawn.pages]
    assert max(sizes) <= MOST
    assert [page.group for page in drawn.pages] == [
        "CAR-T, with a response",
        *["CAR-T, without a response"] * 3,
        "Standard, without a response",
    ]
    assert sizes == [1, 58, 57, 57, 1]


def test_no_two_marks_share_shape_and_filling():
    codes = ("sCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE")
    criteria = Criteria.model_validate(
        {
            "id": "many",
            "label": "Many",
            "source": "a test",
            "rscat": ["MANY"],
            "categories": [{"code": code, "label": code} for code in codes],
            "sets": {
                "complete": ["sCR", "CR"],
                "response": ["sCR", "CR", "VGPR", "PR"],
                "stable": ["MR", "SD"],
                "progression": ["PD"],
                "not_evaluable": ["NE"],
            },
        }
    )
    events = {"INFUSION", "REINFUSION", "CROSSOVER", "NEW_THERAPY", "HSCT", "CLINICAL_PD", "DEATH"}
    look = mark_look(criteria, {*codes, *events})
    assert list(look)[: len(codes)] == list(codes)
    seen = {(mark.shape, mark.face == "white") for mark, _ in look.values()}
    assert len(seen) == len(look) == len(codes) + len(events) + 1


def test_the_key_names_what_occurs_and_nothing_else():
    drawn, _ = whole()
    assert [name for _, name in drawn.look.values()] == [
        "CR",
        "PD",
        "CAR-T infusion",
        "New anticancer therapy",
        "Death",
        "In follow-up at the cut-off",
    ]


@pytest.fixture(scope="module")
def svg(tmp_path_factory):
    drawn, criteria = whole()
    stem = tmp_path_factory.mktemp("swim") / "page"
    with theme.styled():
        figure, _ = draw_page(drawn, drawn.pages[1], criteria)
        theme.save(figure, stem, ["svg"])
    return stem.with_suffix(".svg")


def test_bars_and_names_link_to_the_explanation_in_the_report(svg):
    links = re.findall(r'xlink:href="([^"#]*)#(explain-[^"]+)"', svg.read_text(encoding="utf-8"))
    assert links == [("../../report.html", "explain-S2"), ("../../report.html", "explain-S3")] * 2


def test_the_words_say_whose_lanes_and_who_is_not_drawn(svg):
    words = " ".join(re.findall(r">([^<>]+)</text>", svg.read_text(encoding="utf-8")))
    assert "CAR-T, without a response: 2 subjects" in words
    assert "Months since randomisation" in words
    assert "Not drawn: 1 subject of ADSL without an origin date." in words
    assert "CR label CR; PD label PD" in words


def test_nothing_of_a_page_is_cut_off():
    drawn, criteria = whole(90)
    with theme.styled():
        for page in drawn.pages:
            figure, _ = draw_page(drawn, page, criteria)
            figure.canvas.draw()
            width, height = figure.canvas.get_width_height()
            texts = [*figure.texts, *(t for axes in figure.axes for t in axes.texts)]
            boxes = [t.get_window_extent() for t in texts if t.get_text()]
            assert min(b.x0 for b in boxes) >= 0
            assert max(b.x1 for b in boxes) <= width
            assert min(b.y0 for b in boxes) >= 0
            assert max(b.y1 for b in boxes) <= height


def test_inline_the_links_lead_within_the_page_and_identifiers_are_its_own(svg):
    text = inline_svg(svg, "p1-", 'Course of "each" subject')
    assert text.startswith('<svg role="group" aria-label="Course of &#34;each&#34; subject"')
    assert set(re.findall(r'href="(#explain-[^"]+)"', text)) == {"#explain-S2", "#explain-S3"}
    assert "report.html" not in text
    assert "<style" not in text
    assert "<metadata" not in text
    identifiers = re.findall(r' id="([^"]+)"', text)
    assert identifiers
    assert all(name.startswith("p1-") for name in identifiers)
    used = re.findall(r'<use[^>]* xlink:href="#([^"]+)"', text) + re.findall(r"url\(#([^)]+)", text)
    assert used
    assert set(used) <= set(identifiers)


def test_anchors_of_different_subjects_differ():
    names = ["A-1", "A_1", "A/1", "A 1", "a-1", "A_5f_1"]
    assert len({anchor_of(name) for name in names}) == len(names)
    assert anchor_of("LBCL-0041") == "explain-LBCL-0041"
