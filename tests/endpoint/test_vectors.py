"""The test vectors of the specification, sections 2.6, 3.5 and 4.2, through the real steps.

The subjects of one cut-off are one trial, run once; each test looks at its own subject.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from factory import Subject, randomised_study, run, runs, single_arm_study

INPUT = """
T01;42:PR 63:CR 84:CR 126:CR 150:CR 182:CR 274:CR 365:PD;-;-;-;28;500;-
T02;42:SD 63:SD 84:SD 126:SD 150:SD 182:SD 274:SD 365:PD;-;-;-;28;500;-
T03;42:SD 63:SD 84:SD 126:SD 155:CR 182:CR 274:CR;-;-;-;28;300;-
T04;42:SD 63:SD 84:SD 126:SD 150:SD 182:CR 274:CR;-;-;-;28;300;-
T05;42:PD 63:PD 84:PR 126:CR 150:CR 182:CR;-;-;-;50;200;-
T07;42:SD 63:SD;70;efficacy;-;28;500;-
T09;42:PR 63:CR;-;-;170;28;500;-
T10;42:NE 63:NE 84:NE 150:NE;-;-;-;28;200;-
T12;-;-;-;20;-;500;-
T13;42:PD;42;efficacy;90;28;500;-
T15;42:PR 63:CR 84:CR 150:PD;-;-;-;28;500;-
T16;42:SD;-;-;-;28;500;50
T20;42:PR 63:PR 84:PR 126:PR;-;-;-;28;130;-
"""
EXPECTED = """
T01|366.1 PD|366.1 PD|366.1 PD|366.1 PD|366.1 PD|366.1 PD|338.1 PD
T02|151.1 SD_BEST|64.1 NO_RESPONSE|85.1 SD_LATE|1.1 NO_RESPONSE|366.1 PD|366.1 PD|338.1 PD
T03|275.0 1|64.1 NO_RESPONSE|85.1 SD_LATE|1.1 NO_RESPONSE|275.0 1|275.0 1|247.0 1
T04|151.1 SD_BEST|64.1 NO_RESPONSE|85.1 SD_LATE|1.1 NO_RESPONSE|275.0 1|275.0 1|247.0 1
T05|43.1 PD|43.1 PD|183.0 1|1.1 NO_RESPONSE|43.1 PD|43.1 PD|14.1 PD
T07|71.1 NEW_THERAPY|64.1 NO_RESPONSE|64.0 1|1.1 NO_RESPONSE|64.0 3|64.0 1|36.0 3
T09|171.1 DEATH|171.1 DEATH|171.1 DEATH|171.1 DEATH|64.0 4|171.1 DEATH|36.0 4
T10|1.0 2|64.1 NO_RESPONSE|1.0 2|1.1 NO_RESPONSE|1.0 2|1.0 2|1.0 2
T12|21.1 DEATH|21.1 DEATH|21.1 DEATH|1.1 NO_RESPONSE|21.1 DEATH|21.1 DEATH|-
T13|43.1 PD|43.1 PD|91.1 DEATH|1.1 NO_RESPONSE|43.1 PD|43.1 PD|15.1 PD
T15|151.1 PD|151.1 PD|151.1 PD|151.1 PD|151.1 PD|151.1 PD|123.1 PD
T16|43.0 1|43.0 1|43.0 1|43.0 1|43.0 1|43.0 1|15.0 1
T20|127.0 1|127.0 1|127.0 1|1.1 NO_RESPONSE|127.0 1|127.0 1|99.0 1
"""
COLUMNS = {
    "EFS_ZUMA7": "A",
    "EFS_TRANSFORM": "B",
    "EFS_BELINDA": "C",
    "EFS_LEUK_ORIGIN": "D",
    "PFS_FDA": "E",
    "PFS_EMA": "F",
}


def _subject(line: str) -> tuple[Subject, int]:
    name, visits, therapy, reason, death, infusion, cutoff, lost = line.split(";")
    number = {"-": None}
    pairs = [] if visits == "-" else [v.split(":") for v in visits.split()]
    return Subject(
        id=name,
        visits=[(int(day), response) for day, response in pairs],
        therapies=[] if therapy == "-" else [(int(therapy), reason)],
        death=number.get(death, death) and int(death),
        infusion=number.get(infusion, infusion) and int(infusion),
        lost=number.get(lost, lost) and int(lost),
    ), int(cutoff)


@pytest.fixture(scope="module")
def vectors(tmp_path_factory) -> Callable[[int], tuple[pd.DataFrame, pd.DataFrame]]:
    """ADTTE of the vectors with a cut-off: as shipped, and of the infused (column G)."""
    infused = {
        "name": "infused",
        "describe": "column G",
        "endpoints": {"PFS_FDA": {"population": "INF"}},
    }
    both = [_subject(line) for line in INPUT.strip().splitlines()]

    @cache
    def of_cutoff(cutoff: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        subjects = [subject for subject, own in both if own == cutoff]
        study = randomised_study("", cutoff, list(COLUMNS))
        folder = tmp_path_factory.mktemp("vectors")
        shipped, changed = runs(folder, subjects, study, cutoff, [None, infused])
        return shipped["adtte"], changed["adtte"]

    return of_cutoff


@pytest.mark.parametrize("line", INPUT.strip().splitlines(), ids=lambda line: line[:3])
def test_every_column_of_the_vectors_comes_out(line, vectors):
    subject, cutoff = _subject(line)
    shipped, infused = (adtte[adtte["USUBJID"] == subject.id] for adtte in vectors(cutoff))
    rows = _cells(shipped)
    rows["G"] = _cells(infused).get("E", "-")
    expected = next(e for e in EXPECTED.strip().splitlines() if e.startswith(subject.id))
    assert [rows[c] for c in "ABCDEFG"] == expected.split("|")[1:]


def _cells(adtte: pd.DataFrame) -> dict[str, str]:
    irc = adtte[adtte["EVAL"] == "IRC"]
    return {
        COLUMNS[row.PARAMCD]: f"{row.AVAL}.{int(row.CNSR == 0)} "
        + (row.EVNTDESC if row.CNSR == 0 else str(row.CNSR))
        for row in irc.itertuples()
    }


LANDMARK = """
L01|30:CR 92:CR 180:CR|Y Y Y
L02|30:CR 60:PD|N N N
L03|30:CR 84:CR 170:PD|N Y N
L05|30:PR 92:CR|N N N
L07|30:CR 92:NE 120:CR|N N Y
L08|30:SD 95:CR|Y Y Y
L10||N N N
L12|30:CR|N N N
"""


def _landmark_subject(line: str) -> Subject:
    name, visits, _ = line.split("|")
    return Subject(
        id=name,
        visits=[(int(v.split(":")[0]), v.split(":")[1]) for v in visits.split()],
        therapies=[(70, "efficacy")] if name == "L05" else [],
        death=10 if name == "L10" else None,
        randomised=-40,
    )


def _landmark_cutoff(line: str) -> int:
    return 80 if line.startswith("L12") else 500


RESPONSES = ["RESP_M3", "RESP_M3_VISIT", "RESP_M3_BRACKET"]


@pytest.fixture(scope="module")
def landmarks(tmp_path_factory) -> Callable[[int], pd.DataFrame]:
    """ADRSP of the vectors of the landmark with a cut-off."""
    scenario = {
        "name": "ninety-days",
        "describe": "the landmark of the vectors",
        "endpoints": {endpoint: {"landmark": None, "landmark_days": 90} for endpoint in RESPONSES},
    }
    schedule = (("D28", 28), ("M2", 56), ("M3", 90), ("M4", 120), ("M6", 180))

    @cache
    def of_cutoff(cutoff: int) -> pd.DataFrame:
        lines = [x for x in LANDMARK.strip().splitlines() if _landmark_cutoff(x) == cutoff]
        study = single_arm_study("", cutoff, RESPONSES, schedule, criteria="lugano-2014")
        subjects = [_landmark_subject(line) for line in lines]
        return run(tmp_path_factory.mktemp("landmark"), subjects, study, cutoff, scenario)["adrsp"]

    return of_cutoff


@pytest.mark.parametrize("line", LANDMARK.strip().splitlines(), ids=lambda line: line[:3])
def test_the_three_month_response_of_the_vectors(line, landmarks):
    name, _, expected = line.split("|")
    adrsp = landmarks(_landmark_cutoff(line))
    adrsp = adrsp[adrsp["USUBJID"] == name]
    mine = adrsp[(adrsp["EVAL"] == "IRC") & (adrsp["POP"] == "INF")].set_index("PARAMCD")["AVALC"]
    assert [mine[endpoint] for endpoint in RESPONSES] == expected.split()
    assert (adrsp.loc[adrsp["AVALC"] == "N", "REASON"] != "").all()


def test_a_maturity_rule_takes_the_immature_subject_out_of_the_denominator(tmp_path):
    study = single_arm_study("", 80, ["RESP_M3"], (("D28", 28), ("M3", 90)), criteria="lugano-2014")
    mature = {
        "name": "mature",
        "describe": "maturity rule",
        "endpoints": {"RESP_M3": {"maturity": "window_closed"}},
    }
    subjects = [
        Subject("L12", [(30, "CR")], randomised=-40),
        Subject("L02", [(30, "CR"), (60, "PD")], randomised=-40),
    ]
    without, adrsp = (one["adrsp"] for one in runs(tmp_path, subjects, study, 80, [None, mature]))
    counted = adrsp[(adrsp["EVAL"] == "IRC") & (adrsp["POP"] == "INF")]
    assert (without["ANL01FL"] == "Y").all()
    assert dict(zip(counted["USUBJID"], counted["ANL01FL"], strict=True)) == {
        "L12": "N",
        "L02": "N",  # open by its origin, whatever came since (D51)
    }


NRM = {
    "N01": (Subject("N01", [(28, "CR")], death=60, cause="INFECTION"), "1@60 1@60 1@60", ""),
    "N02": (
        Subject("N02", [(28, "CR"), (90, "PD")], death=100, cause="INFECTION"),
        "2@90 2@90 2@90",
        "",
    ),
    "N04": (
        Subject("N04", [(28, "CR")], hsct=[(80, "N")], death=150, cause="GVHD"),
        "1@150 1@150 3@80",
        "POST_HSCT",
    ),
    "N06": (Subject("N06", [], death=5, cause="CRS"), "1@5 1@5 1@5", "EARLY"),
    "N08": (
        Subject("N08", [(28, "SD")], death=70, cause="DISEASE UNDER STUDY"),
        "2@70 2@70 2@70",
        "",
    ),
    "N09": (
        Subject("N09", [(28, "CR"), (120, "PD")], death=120, cause="UNKNOWN"),
        "2@120 2@120 2@120",
        "",
    ),
    "N10": (
        Subject(
            "N10",
            [(28, "CR"), (56, "CR"), (90, "CR"), (183, "CR"), (274, "CR"), (370, "CR")],
            alive=400,
        ),
        "0@370 0@370 0@370",
        "",
    ),
    "N13": (Subject("N13", [(28, "CR")], death=60, cause="UNKNOWN"), "1@60 0@60 1@60", ""),
    "N11": (
        Subject(
            "N11", [(28, "CR"), (365, "CR"), (690, "CR")], death=700, cause="SECOND MALIGNANCY"
        ),
        "1@700 1@700 1@700",
        "SPM",
    ),
}


@pytest.fixture(scope="module")
def mortality(tmp_path_factory) -> pd.DataFrame:
    """ADTTE of the vectors of non-relapse mortality, one trial, as the central review reads it."""
    subjects = [replace(subject, randomised=-40) for subject, *_ in NRM.values()]
    study = single_arm_study(
        "",
        800,
        ["NRM", "NRM_REGISTRY", "NRM_CARTATTR", "NRM_SEQUENCE"],
        (
            ("D28", 28),
            ("M2", 56),
            ("M3", 90),
            ("M6", 183),
            ("M9", 274),
            ("M12", 365),
            ("M18", 548),
            ("M24", 730),
        ),
        criteria="lugano-2014",
    )
    adtte = run(tmp_path_factory.mktemp("mortality"), subjects, study, 800)["adtte"]
    return adtte[(adtte["EVAL"] == "IRC") & (adtte["POP"] == "INF")]


def _nrm(mortality: pd.DataFrame, name: str) -> pd.DataFrame:
    return mortality[mortality["USUBJID"] == name].set_index("PARAMCD")


@pytest.mark.parametrize("name", list(NRM))
def test_non_relapse_mortality_of_the_vectors(name, mortality):
    _, expected, tag = NRM[name]
    rows = _nrm(mortality, name)
    found = [
        f"{rows.loc[endpoint, 'STATE']}@{rows.loc[endpoint, 'AVAL'] - 1}"
        for endpoint in ("NRM", "NRM_REGISTRY", "NRM_CARTATTR")
    ]
    assert found == expected.split()
    assert tag in rows.loc["NRM", "TAGS"]
    state = rows.loc["NRM", "STATE"]
    assert rows.loc["NRM", "CNSR"] == {0: 1, 1: 0, 2: 12}[state]


def test_pure_sequence_ignores_the_cause_of_death(mortality):
    rows = _nrm(mortality, "N08")
    assert rows.loc["NRM_SEQUENCE", "STATE"] == 1
    assert rows.loc["NRM", "STATE"] == 2
