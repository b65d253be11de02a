import hashlib
import re
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from display_trial import CRITERIA
from test_figures import drawn
from test_tables import made

from cartend.display.compare import compare
from cartend.display.report import write_report

FORMATS = SimpleNamespace(tables=("html", "csv"), figures=("svg",))
VOID = {"meta", "img", "br", "link", "input", "hr"}


class Structure(HTMLParser):
    """Collects identifiers, links and whatever is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open, self.ids, self.links, self.images = [], [], [], []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.links.append(values["href"])
        if tag == "img":
            self.images.append(values)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def scenarios(randomised):
    said = "The shipped definitions."
    spec = SimpleNamespace(definitions=randomised.definitions, describe=said, grid=None)
    return {"primary": spec}


@pytest.fixture(scope="module")
def report(randomised, scenarios):
    """The report of the randomised trial, and the folder it was made from."""
    folder = randomised.folder
    (folder / "admission").mkdir()
    (folder / "admission" / "findings.csv").write_text(
        "finding_id,severity,domain,usubjid,touches,primary,records,count,message\n"
        "F-1,warning,RS,S01,EFS OS,Y,RSSEQ 1,1,<b>odd</b>\n"
        "F-1,warning,RS,S02,EFS,Y,RSSEQ 1,2,odd\n",
        encoding="utf-8",
    )
    (folder / "admission" / "accepted.csv").write_text(
        "id,what,count,sentence,reason\nF-DM-004,LOW,6,6 subjects of arm LOW,closed early\n",
        encoding="utf-8",
    )
    (folder / "checks.csv").write_text(
        "check_id,severity,scenario,paramcd,evaluator,population,passed,n,message\n"
        "C-1,error,primary,EFS,IRC,RAND,Y,0,Rows add up.\n",
        encoding="utf-8",
    )
    drawn(randomised, folder / "primary" / "figures", ["svg"])
    made(randomised, folder / "primary" / "tables")
    compare(randomised.study, scenarios, folder, folder / "compare", FORMATS)
    out = folder / "report.html"
    write_report(randomised.study, CRITERIA, scenarios, folder, out)
    return out


def test_the_report_is_well_formed_with_unique_identifiers_and_links_that_lead_somewhere(report):
    page = Structure()
    page.feed(report.read_text(encoding="utf-8"))
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_the_report_fetches_nothing(report):
    text = report.read_text(encoding="utf-8")
    assert not re.search(r"""(src|href)=["'](?!data:|#)""", text)
    assert "http" not in re.sub(r'"data:[^"]*"', "", text)
    assert "<script" not in text
    assert "@import" not in text


def test_every_image_has_an_alternative_text_and_the_page_a_language(report):
    page = Structure()
    text = report.read_text(encoding="utf-8")
    page.feed(text)
    assert page.images
    assert all(len(image["alt"]) > 40 for image in page.images)
    assert '<html lang="en">' in text


def test_every_image_is_a_drawing_that_can_be_read(report):
    page = Structure()
    page.feed(report.read_text(encoding="utf-8"))
    for image in page.images:
        kind, _, drawing = image["src"].partition(",")
        assert kind == "data:image/svg+xml"
        root = ElementTree.fromstring(unquote(drawing))
        assert root.tag.endswith("svg")
        assert "Study tiny" in " ".join(root.itertext())


def test_text_of_the_data_is_escaped(report):
    text = report.read_text(encoding="utf-8")
    assert "A small &lt;trial&gt; &amp; its pages" in text
    assert "&lt;b&gt;odd&lt;/b&gt;" in text
    assert "<b>odd</b>" not in text


def test_the_definition_stands_with_its_result_and_every_subject_in_the_audit(report):
    text = report.read_text(encoding="utf-8")
    section = text[text.index('<section id="primary-EFS">') :]
    assert section.index('class="sentence"') < section.index("<figure>")
    assert section.index("<figure>") < section.index('class="gt_table"')
    assert text.count("<td>S00</td>") == 6  # three times to event, three rates
    section = section[: section.index("</section>")]
    assert section.count("<td>S00</td>") == 1
    assert "<dt>EFS.LAST</dt><dd>last look</dd>" in section


def test_admission_leads_with_its_findings_counted_and_the_main_results_follow(report):
    text = report.read_text(encoding="utf-8")
    assert re.search(r"F-1</th><td>2</td><td>3</td><td>EFS OS</td>", text)
    assert text.index('id="findings"') < text.index('id="headline"')
    assert re.search(r"hazard ratio \d\.\d{3} \(.*?\), log-rank p 0\.\d{4} \(alpha 0\.05\)", text)


def test_an_accepted_stop_is_printed_in_the_head_with_its_reason(report):
    text = report.read_text(encoding="utf-8")
    head = text[text.index('<header id="study">') : text.index("</header>")]
    assert "Accepted stop F-DM-004 LOW (6).</strong> 6 subjects of arm LOW" in head
    assert "Accepted because: closed early" in head


def test_the_report_is_the_same_twice(report, randomised, scenarios, tmp_path):
    again = tmp_path / "again.html"
    write_report(randomised.study, CRITERIA, scenarios, randomised.folder, again)
    assert (
        hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(report.read_bytes()).digest()
    )


def test_the_report_stands_without_tables_and_figures(single_arm, tmp_path):
    spec = SimpleNamespace(definitions=single_arm.definitions, describe="Nothing drawn.", grid=None)
    out = tmp_path / "bare.html"
    write_report(single_arm.study, CRITERIA, {"primary": spec}, single_arm.folder, out)
    text = out.read_text(encoding="utf-8")
    assert "<figure>" not in text
    assert "The checks have not been run." in text


def test_csv_tables_are_shown_where_no_html_was_written(single_arm, tmp_path):
    spec = SimpleNamespace(definitions=single_arm.definitions, describe="CSV alone.", grid=None)
    tables = made(single_arm, single_arm.folder / "primary" / "tables", ["csv"])
    out = tmp_path / "csv.html"
    write_report(single_arm.study, CRITERIA, {"primary": spec}, single_arm.folder, out)
    for path in tables.iterdir():
        path.unlink()
    assert "<td>12 (100.0%)</td>" in out.read_text(encoding="utf-8")
