import csv
import hashlib
import re
import subprocess
import sys

import pytest
from display_trial import CRITERIA

from cartend.display.ard import Group
from cartend.display.rtf import escaped
from cartend.display.shell import Column, Row, Shell, TableError, assert_total
from cartend.display.tables import tabulate
from cartend.display.writers import html_of, write_csv


def made(trial, out, formats=("html", "csv"), ard=None, adsl=None):
    tabulate(
        trial.study,
        CRITERIA,
        trial.definitions,
        "primary",
        ard or trial.ard,
        trial.primary / "adtte.parquet",
        trial.primary / "adrsp.parquet",
        adsl or trial.adsl,
        trial.folder / "no-admrd.parquet",
        out,
        formats,
    )
    return out


def rows_of(path) -> dict[tuple[str, str], list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return {(row[0], row[1].strip()): row[2:] for row in rows[1:] if row[0] != "#"}


def header_of(path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[0].split(",")


@pytest.fixture(scope="module")
def tables(randomised, tmp_path_factory):
    return made(randomised, tmp_path_factory.mktemp("tables"))


def test_every_shell_is_written_in_the_formats_that_are_listed(tables):
    stems = {p.stem for p in tables.glob("*.html")}
    assert stems == {p.stem for p in tables.glob("*.csv")}
    assert stems >= {
        "disposition",
        "definitions",
        "response_RAND_IRC",
        "mrd_IRC",
        "tte_EFS_RAND_IRC",
        "tte_OS_RAND",
        "nrm_NRM_RAND_IRC",
    }


def test_events_and_censoring_of_the_time_to_event_table(tables):
    path = tables / "tte_EFS_RAND_IRC.csv"
    assert header_of(path)[2:4] == [
        "Randomised arm: CAR-T (N=12)",
        "Randomised arm: Standard (N=12)",
    ]
    rows = rows_of(path)
    assert rows[("Events", "Patients with event")][:2] == ["8 (66.7%)", "8 (66.7%)"]
    assert rows[("Events", "Death")][:2] == ["8 (66.7%)", "8 (66.7%)"]
    assert rows[("Events", "Patients without event")][:2] == ["4 (33.3%)", "4 (33.3%)"]
    assert rows[("Events", "Last look (CNSR 1)")][:2] == ["4 (33.3%)", "4 (33.3%)"]


def test_the_median_is_in_months_and_a_limit_that_is_not_reached_is_ne(tables):
    path = tables / "tte_EFS_RAND_IRC.csv"
    rows = rows_of(path)
    assert re.fullmatch(r"\d+\.\d", rows[("Time to event (months)", "Median")][0])
    text = path.read_text(encoding="utf-8")
    assert "NE [a]" in text
    assert "[a] NE: not estimable, because not reached (NR)." in text
    assert not re.search(r"\b(NA|nan|NaN|inf|None)\b", text)


def test_a_comparison_stands_in_the_experimental_column_alone(tables):
    rows = rows_of(tables / "tte_EFS_RAND_IRC.csv")
    group = "Unstratified analysis, CAR-T vs Standard"
    hazard = rows[(group, "Hazard ratio")]
    assert re.fullmatch(r"\d\.\d{3}", hazard[0])
    assert set(hazard[1:]) == {""}
    assert (group, "p-value, log-rank, two-sided (alpha 0.05)") in rows


def test_states_of_the_competing_risks_add_up_and_are_named(tables):
    rows = rows_of(tables / "nrm_NRM_RAND_IRC.csv")
    cells = [
        rows[("First event", name)][0]
        for name in ("Non-relapse death", "Relapse", "No event (censored)")
    ]
    assert sum(int(cell.split()[0]) for cell in cells) == 12


def test_categories_of_best_response_have_the_words_of_the_criteria(tables):
    rows = rows_of(tables / "response_RAND_IRC.csv")
    cells = [rows[("Best response", f"Label {c} ({c})")][0] for c in ("CR", "PR", "PD", "NE")]
    assert sum(int(cell.split()[0]) for cell in cells) == 12
    assert rows[("Response rate (ORR)", "n (%)")][0] == "8 (66.7%)"
    assert rows[("Response rate (ORR)", "95% CI")][0] == "(34.9, 90.1)"  # Clopper-Pearson, 8 of 12


def test_mrd_prints_its_denominator_and_why_the_others_are_not_negative(tables):
    rows = rows_of(tables / "mrd_IRC.csv")
    group = "MRD negativity: N = All randomised subjects (RAND)"
    assert rows[(group, "MRD-negative, n/N (%)")][0] == "4/12 (33.3%)"
    assert rows[(group, "No sample")][0] == "8 (66.7%)"


def test_the_flow_adds_up_and_the_sets_are_counted(tables):
    rows = rows_of(tables / "disposition.csv")
    assert rows[("Flow to infusion, CAR-T", "Infused")][0] == "12 (100.0%)"
    assert rows[("Analysis sets", "All randomised (RAND)")][:2] == ["12 (100.0%)", "12 (100.0%)"]
    assert rows[("Study status", "Ongoing")][1] == "12 (100.0%)"


def test_every_table_says_title_definition_method_cut_off_and_source(tables):
    for path in tables.glob("tte_*.csv"):
        text = path.read_text(encoding="utf-8")
        for said in (
            "scenario primary",
            "Definition: Time to the first of A < B & death.",
            "Method: Kaplan-Meier, log-log limits",
            "data cut-off 2026-06-30",
            "source: ADTTE",
            "confounding by indication",
        ):
            assert said in text, (path.name, said)


def test_every_ne_has_its_footnote(tables):
    for path in tables.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        for key in set(re.findall(r"NE \[([a-z]+)\]", text)):
            assert f"[{key}] NE:" in text, path.name


def damaged(trial, tmp_path, row, value):
    lines = trial.ard.read_text(encoding="utf-8").splitlines()
    places = [i for i, line in enumerate(lines) if row in line]
    assert places, "the row that the test damages is in the results"
    lines[places[0]] = re.sub(r",n,[\d.]+,", f",n,{value},", lines[places[0]])
    path = tmp_path / "ard.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "table"),
    [
        (",EFS,RAND,IRC,A,,,count,number of subjects,DEATH,,,n,", "tte_EFS_RAND_IRC"),
        (",EFS,RAND,IRC,A,,,count,number of subjects,CNSR 1: Last look,,,n,", "tte_EFS_RAND_IRC"),
        (",BOR,RAND,IRC,A,,,proportion,Clopper-Pearson,CR,,,n,", "response_RAND_IRC"),
        (",ORR,RAND,IRC,A,,,count,number of subjects,Y,,,n,", "response_RAND_IRC"),
        (",NRM,RAND,IRC,A,,,count,number of subjects,STATE 2: relapse,,,n,", "nrm_NRM_RAND_IRC"),
    ],
)
def test_rows_that_do_not_add_up_stop_the_table(randomised, tmp_path, row, table):
    ard = damaged(randomised, tmp_path, row, 11)
    with pytest.raises(TableError, match=table) as caught:
        made(randomised, tmp_path / "out", ["csv"], ard)
    assert "add up to" in str(caught.value)


def test_a_sum_names_its_rows_and_both_numbers():
    column = Column("x", "Arm A (N=3)", Group())
    assert_total("t", column, {"one": 1, "two": 2}, 3)
    with pytest.raises(
        TableError, match=r"'Arm A \(N=3\)'.*one 1, two 1.*add up to 2, not to N = 3"
    ):
        assert_total("t", column, {"one": 1, "two": 1}, 3)


def test_html_is_the_same_twice_escapes_text_and_fetches_nothing(randomised, tables, tmp_path):
    again = made(randomised, tmp_path / "again", ["html"])
    for path in tables.glob("*.html"):
        content = path.read_bytes()
        assert (
            hashlib.sha256(content).digest()
            == hashlib.sha256((again / path.name).read_bytes()).digest()
        )
        text = content.decode("utf-8")
        assert not re.search(r"(https?:)?//[a-z]", text.replace("</", "")), path.name
        assert "A < B" not in text
    assert "A &lt; B &amp; death" in (tables / "tte_OS_RAND.html").read_text(encoding="utf-8")


def small_shell() -> Shell:
    columns = (Column("a", "Arm A", Group(), "Arms"), Column("b", "Arm B", Group(), "Arms"))
    rows = (
        Row("First", {"a": "1 (2.0%)", "b": "NE [a]"}, 0, "Group"),
        Row("Second {x}_1", {"a": "(1.0, NE [a])"}, 1, "Group"),
    )
    notes = ("[a] NE: not estimable.", "é ≥ µ")
    return Shell("small", "A title", ("Sub",), columns, rows, notes)


def test_a_shell_becomes_csv_and_html_with_keys_raised_and_labels_indented(tmp_path):
    shell = small_shell()
    write_csv(shell, tmp_path / "small.csv")
    assert (tmp_path / "small.csv").read_text(encoding="utf-8").splitlines()[:3] == [
        "group,row,Arms: Arm A,Arms: Arm B",
        "Group,First,1 (2.0%),NE [a]",
        'Group,  Second {x}_1,"(1.0, NE [a])",',
    ]
    page = html_of(shell)
    assert "NE <sup>a</sup>" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert 'style="padding-left: 2.0em">Second' in page


def test_rtf_is_ascii_with_braces_and_letters_escaped(tmp_path):
    from cartend.display.rtf import write_rtf

    write_rtf(small_shell(), tmp_path / "small.rtf")
    text = (tmp_path / "small.rtf").read_text(encoding="ascii")
    assert text.startswith("{\\rtf1")
    assert "Second \\{x\\}_1" in text
    assert "\\uc1\\u233?" in text
    assert text.count("{") - text.count("\\{") == text.count("}") - text.count("\\}")


def test_a_character_outside_the_first_plane_is_two_signed_numbers():
    assert escaped("µ") == "\\uc1\\u181?"
    assert escaped("\U0001d465") == "\\uc1\\u-10187?\\uc1\\u-9115?"


def test_tabulating_imports_no_drawing_library():
    code = (
        "import sys, cartend.display.tables;"
        "print([m for m in ('matplotlib', 'great_tables', 'rtflite') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
