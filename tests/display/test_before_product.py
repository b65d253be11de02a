"""Tables and listings of the time before the product: bridging, washout, eligibility."""

import pandas as pd
import pytest

from cartend.analysis.ard import COLUMNS
from cartend.analysis.questions.catalog import CATALOG
from cartend.config.finder import SHIPPED, load_study
from cartend.config.rules import shipped_rules
from cartend.display.ard import Ard
from cartend.display.bridging import bridging_table
from cartend.display.eligibility import eligibility_table
from cartend.display.listings import listings
from cartend.display.shell import TableError
from cartend.display.words import Heading

STUDY = load_study(SHIPPED / "studies" / "ball-single-arm.yaml")
RULES = shipped_rules(STUDY)
HEADING = Heading(STUDY, "primary", "2026-06-30")


def results(name, rows):
    """Return the results of a question from (by, level, analysis, event, statistic, value)."""
    made = [
        ("s", "primary", name, "", "", "", by, level, analysis, "m", event, None, None, stat, v, "")
        for by, level, analysis, event, stat, v in rows
    ]
    return Ard(pd.DataFrame(made, columns=list(COLUMNS))).of(name, "", "")


def counted(by, level, n, total, analysis="tally", event=""):
    return [(by, level, analysis, event, "n", n), (by, level, analysis, event, "N", total)]


WASHED = [
    *counted("01 Bridging", "01 Any bridging", 3, 4),
    *counted("02 Washout to leukapheresis", "01 Alkylator, at least 21 days: compliant", 2, 3),
    *counted("02 Washout to leukapheresis", "02 Alkylator, at least 21 days: violated", 1, 3),
    *counted("02 Washout to leukapheresis", "03 Alkylator, at least 21 days: unknown", 0, 3),
]


def test_the_verdicts_on_one_washout_stand_side_by_side():
    shell = bridging_table(
        HEADING, CATALOG["bridging"], results("bridging", WASHED), RULES.bridging
    )
    assert [(row.group, row.label, dict(row.cells)) for row in shell.rows] == [
        ("Bridging", "Any bridging", {"n": "3 (75.0%)"}),
        (
            "Washout to leukapheresis",
            "Alkylator, at least 21 days",
            {"compliant": "2 (66.7%)", "violated": "1 (33.3%)", "unknown": "0 (0.0%)"},
        ),
    ]
    assert any(note.startswith("Open point: washout") for note in shell.footnotes)


def test_verdicts_that_do_not_add_up_stop_the_table():
    broken = [*WASHED[:-2], *counted(*WASHED[-2][:2], 1, 3)]
    with pytest.raises(TableError, match="Alkylator, at least 21 days"):
        bridging_table(HEADING, CATALOG["bridging"], results("bridging", broken), RULES.bridging)


def adelig():
    rows = [
        ("A", 0, "ELIGIBLE", 0, "Eligible", "required", "MET", "RR_BALL", ""),
        ("A", 1, "RR_BALL", 1, "Relapsed or refractory", "required", "MET", "RR_BALL_C", "G85-89"),
        ("A", 2, "RR_BALL_C", 2, "Salvage failed", "reported", "CANNOT BE JUDGED", "CM 2: x", ""),
    ]
    names = ["USUBJID", "CRITORD", "CRITID", "DEPTH", "LABEL", "ROLE", "AVALC", "WHY", "GUIDE"]
    return pd.DataFrame(rows, columns=names).assign(CRFRES=[None, "Y", None])


def judged(level, met, not_met, unjudged):
    parts = {"MET": met, "NOT MET": not_met, "CANNOT BE JUDGED": unjudged}
    total = sum(parts.values())
    rows = [counted("01 Criteria", level, n, total, "count", v) for v, n in parts.items()]
    return [row for part in rows for row in part]


def test_a_criterion_has_its_verdicts_its_lines_and_its_place():
    rows = [
        *judged("02 RR_BALL", 7, 2, 1),
        *judged("03 RR_BALL_C", 5, 5, 0),
        *counted("01 Criteria", "02 RR_BALL", 8, 9, "agreement"),
        ("01 Criteria", "02 RR_BALL", "agreement", "", "kappa", 0.6),
    ]
    made = results("eligibility", rows)
    shell = eligibility_table(HEADING, CATALOG["eligibility"], made, adelig(), RULES.eligibility)
    first, second = shell.rows
    assert first.label == "Relapsed or refractory [G85-89], RR_BALL"
    assert dict(first.cells) == {
        "MET": "7 (70.0%)",
        "NOT MET": "2 (20.0%)",
        "CANNOT BE JUDGED": "1 (10.0%)",
        "agreed": "8 (88.9%)",
        "kappa": "0.600",
    }
    assert (second.label, second.indent) == ("Salvage failed (reported), RR_BALL_C", 1)
    assert (second.cells["agreed"], second.cells["kappa"]) == ("", "")


def test_verdicts_that_do_not_add_up_to_all_stop_the_table():
    rows = judged("02 RR_BALL", 7, 2, 1)
    rows[0] = (*rows[0][:-1], 6)
    with pytest.raises(TableError, match="RR_BALL"):
        eligibility_table(
            HEADING, CATALOG["eligibility"], results("eligibility", rows), adelig(), None
        )


@pytest.fixture
def adam(tmp_path):
    adelig().to_parquet(tmp_path / "adelig.parquet")
    pd.DataFrame({"PARAMCD": ["OVR"]}).to_parquet(tmp_path / "adrs.parquet")
    day = pd.Timestamp("2025-02-03")
    bridge = {"USUBJID": "A", "PHASE": "BRIDGING", "WHAT": "IFOSFAMIDE", "CODE": "B3"}
    bridge |= {"CODEDESC": "intensive", "SAMEFL": "N", "ADTLO": day, "ADTHI": day}
    bridge |= {"ENDLO": day, "ENDHI": pd.Timestamp("2025-02-28"), "SRCDOM": "CM", "SRCSEQ": 4}
    bridge |= {"LALIM": 21.0, "LALO": float("nan"), "LAHI": float("nan"), "WOLA": "NOT APPLICABLE"}
    bridge |= {"LDLIM": 14.0, "LDLO": 1.0, "LDHI": 26.0, "WOLD": "UNKNOWN"}
    kept = bridge | {"PHASE": "PRIOR", "WHAT": "VINCRISTINE", "WOLD": "COMPLIANT"}
    pd.DataFrame([bridge, kept]).to_parquet(tmp_path / "adbrdg.parquet")
    return tmp_path


def test_the_washout_listing_has_every_bridging_record_and_the_prior_ones_not_kept(adam):
    shell, _ = listings(HEADING, adam, RULES)
    assert [(row.label, dict(row.cells)) for row in shell.rows] == [
        (
            "A",
            {
                "phase": "bridging",
                "what": "IFOSFAMIDE",
                "class": "B3 intensive",
                "same": "N",
                "start": "2025-02-03",
                "end": "2025-02-03 to 2025-02-28",
                "la": "",
                "ld": "1 to 26 (14): unknown",
                "record": "CM 4",
            },
        )
    ]


def test_the_eligibility_listing_says_what_decides(adam):
    _, shell = listings(HEADING, adam, RULES)
    assert [tuple(row.cells.values()) for row in shell.rows] == [
        ("Eligible", "met", "RR_BALL", ""),
        ("RR_BALL", "met", "RR_BALL_C", "Y"),
        ("RR_BALL_C", "CANNOT BE JUDGED", "CM 2: x", ""),
    ]
    assert {row.label for row in shell.rows} == {"A"}
