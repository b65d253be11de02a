"""What a naive implementation gets wrong: one test for each pitfall of specification 3.6.

One randomised and one single-arm trial hold the subjects of all pitfalls and go through the real
steps once. A test first shows that its case is the case it claims, then what must come of it.
"""

from types import SimpleNamespace

import pandas as pd
import pytest
import yaml
from factory import (
    DAY0,
    Subject,
    randomised_study,
    run,
    single_arm_study,
    steps,
    write_sdtm,
)

from cartend.config.load import load_config

CUTOFF = 500
ENDPOINTS = [
    "PFS_FDA",
    "PFS_EMA",
    "OS",
    "EFS_ZUMA7",
    "EFS_TRANSFORM",
    "EFS_BELINDA",
    "EFS_BELINDA_CARRY",
    "EFS_LEUK_ORIGIN",
    "DOR",
    "ORR",
    "NRM",
]
INFUSED = {
    "name": "infused",
    "describe": "progression-free survival from infusion",
    "endpoints": {"PFS_FDA": {"population": "INF"}},
}


def visits(text: str) -> list[tuple[int, str]]:
    """Return ``42:CR 63:PD`` as days and responses."""
    return [(int(v.split(":")[0]), v.split(":")[1]) for v in text.split()]


EVERY = "42:CR 63:CR 84:CR 126:CR 150:CR 182:CR 274:CR"
RANDOMISED = [
    Subject("P01A", visits("42:CR 100:PD"), infusion=28),
    Subject("P01B", visits(EVERY + " 440:PD"), infusion=28),
    Subject("P02", visits("42:PR 63:CR"), death=170, infusion=28),
    Subject("P03", visits("42:SD 63:SD 84:SD 126:SD 155:CR 182:CR 274:CR"), infusion=28),
    Subject("P03A", visits("42:SD"), lost=70, infusion=28),
    Subject("P03B", visits("42:SD"), lost=71, infusion=28),
    Subject("P04", visits("42:NE 63:NE 84:NE 150:NE"), lost=200, infusion=28),
    Subject("P05A", visits("42:SD 69:CR 84:CR"), infusion=28),
    Subject("P05B", visits("42:CR 63:CR 78:SD"), infusion=28),
    Subject("P06", visits("42:SD"), lost=50, infusion=28),
    Subject("P07", visits("42:SD 63:SD 84:SD 126:SD 150:SD 182:SD 274:SD 365:PD"), infusion=28),
    Subject("P08", visits("42:SD 63:SD 84:SD 126:SD 150:SD 182:CR 274:CR"), infusion=28),
    Subject("P09", visits("42:PD 63:PD"), infusion=50),
    Subject("P09D", visits("20:PD"), death=40, infusion=None),
    Subject("P10", visits("42:SD 63:CR"), therapies=[(63, "efficacy")], infusion=28),
    Subject("P10L", visits("42:SD 63:SD 84:CR"), therapies=[(70, "efficacy")], infusion=28),
    Subject("P11", visits("42:CR 63:CR 84:CR"), therapies=[(70, "planned")], infusion=28),
    Subject(
        "P11H",
        visits("42:CR 63:CR 84:CR"),
        therapies=[(70, "planned")],
        hsct=[(75, "Y")],
        infusion=28,
    ),
    Subject("P12E", visits("42:SD"), therapies=[(50, "efficacy")], infusion=28),
    Subject("P12T", visits("42:SD"), therapies=[(50, "toxicity")], infusion=28),
    Subject("P13", visits("42:PD"), infusion=28),
    Subject("P14", visits("42:CR 63:PD"), death=90, cause="INFECTION", infusion=28),
    Subject("P15", [], infusion=28),
    Subject("P16", visits("42:PR 84:CR 126:CR 150:CR 182:CR 274:CR 365:PD"), infusion=28),
    Subject("P19D", visits("42:PD"), death=42, infusion=28),
    Subject("P19T", visits("42:PD"), therapies=[(42, "efficacy")], death=90, infusion=28),
    Subject("P21", visits("42:SD 63:CR 84:CR"), alive=480, infusion=28),
    Subject("P23E", visits("42:CR 63:CR 147:PD"), infusion=41),
    Subject("P23C", visits("42:CR 63:CR 147:PD"), infusion=None, arm="SOC"),
    Subject(
        "P25", visits("42:SD 63:PD 84:PD"), therapies=[(70, "efficacy")], death=90, infusion=28
    ),
]
SINGLE = [
    Subject("P10", visits("30:CR 92:CR"), therapies=[(70, "efficacy")], randomised=-40),
    Subject("P27", visits("28:CR 56:CR 90:RELAPSE"), randomised=-40),
    Subject("P27N", visits("28:CR 56:CR 90:CR"), randomised=-40),
    Subject("P28", visits("28:CR 56:CR 92:CR"), reinfusion=70, randomised=-40),
    Subject("P28N", visits("28:CR 56:CR 92:CR"), randomised=-40),
]


class Trial:
    """The frames of a trial, asked by endpoint and subject."""

    def __init__(self, frames: dict[str, pd.DataFrame]) -> None:
        self.adsl = frames["adsl"].set_index("USUBJID")
        for name in ("adtte", "adrsp", "candidates"):
            setattr(self, name, frames[name])

    def row(self, endpoint: str, subject: str, pop: str = "") -> SimpleNamespace:
        """Return the row of ADTTE or ADRSP, central review."""
        table = self.adtte if (self.adtte["PARAMCD"] == endpoint).any() else self.adrsp
        mine = (table["PARAMCD"] == endpoint) & (table["USUBJID"] == subject)
        mine &= table["EVAL"].isin(["IRC", ""])
        if pop:
            mine &= table["POP"] == pop
        return SimpleNamespace(**table[mine].iloc[0])

    def cell(self, endpoint: str, subject: str, pop: str = "") -> str:
        """Return ``AVAL.1 event`` or ``AVAL.0 CNSR``."""
        row = self.row(endpoint, subject, pop)
        event = row.CNSR == 0
        return f"{row.AVAL}.{int(event)} {row.EVNTDESC if event else row.CNSR}"

    def lost(self, endpoint: str, subject: str, kind: str) -> str:
        """Return why a candidate of this kind was not chosen, or ``chosen``."""
        table = self.candidates
        mine = (table["PARAMCD"] == endpoint) & (table["USUBJID"] == subject)
        mine &= (table["EVAL"] == "IRC") & (table["KIND"] == kind)
        return table.loc[mine, "OUTCOME"].iloc[0]


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    """Return the randomised trial, progression-free survival also from infusion."""
    study = randomised_study("", CUTOFF, ENDPOINTS)
    frames = run(tmp_path_factory.mktemp("rct"), RANDOMISED, study, CUTOFF)
    varied = run(tmp_path_factory.mktemp("inf"), RANDOMISED, study, CUTOFF, INFUSED)["adtte"]
    frames["adtte"] = pd.concat([frames["adtte"], varied])
    return Trial(frames)


@pytest.fixture(scope="module")
def leukaemia(tmp_path_factory):
    """Return the single-arm leukaemia trial."""
    study = single_arm_study(
        "",
        CUTOFF,
        ["RESP_M3", "ORR", "DOR", "PFS_EMA", "EFS_ALL_SA", "NRM"],
        (("D28", 28), ("M2", 56), ("M3", 90), ("M6", 183)),
    )
    return Trial(run(tmp_path_factory.mktemp("ball"), SINGLE, study, CUTOFF))


def test_p01_the_gap_rule_counts_whole_missed_windows_and_not_days(trial):
    short, long = trial.cell("PFS_EMA", "P01A"), trial.cell("PFS_EMA", "P01B")
    assert (short, long) == ("101.1 PD", "441.1 PD")  # gaps of 58 and of 166 days
    assert trial.cell("PFS_FDA", "P01A") == "43.0 4"  # W9 and W12 missed
    assert trial.cell("PFS_FDA", "P01B") == "441.1 PD"  # W52 alone missed


def test_p02_a_death_after_a_long_gap_is_an_event_or_not_as_the_estimand_says(trial):
    assert trial.cell("PFS_EMA", "P02") == "171.1 DEATH"
    assert trial.cell("PFS_FDA", "P02") == "64.0 4"
    assert trial.cell("OS", "P02") == "171.1 DEATH"


def test_p03_a_late_scan_counts_for_its_window_and_failure_waits_for_the_close(trial):
    assert pd.Timestamp(DAY0) + pd.Timedelta(days=155) == trial.row("ORR", "P03").ADT
    assert trial.cell("EFS_ZUMA7", "P03") == "275.0 1"
    assert trial.cell("EFS_TRANSFORM", "P03A") == "43.0 1"  # lost on the last day of the window
    assert trial.cell("EFS_TRANSFORM", "P03B") == "64.1 NO_RESPONSE"


def test_p04_a_subject_never_evaluable_has_no_best_response_of_stable_disease(trial):
    assert trial.row("ORR", "P04").REASON == "no evaluable assessment"
    assert trial.cell("EFS_ZUMA7", "P04") == "1.0 2"
    assert trial.cell("EFS_TRANSFORM", "P04") == "64.1 NO_RESPONSE"


def test_p05_the_window_decides_and_not_the_nominal_day(trial):
    assert pd.Timestamp(DAY0) + pd.Timedelta(days=69) == trial.row("ORR", "P05A").ADT  # after 63
    assert trial.cell("EFS_TRANSFORM", "P05A") == "85.0 1"
    assert trial.cell("EFS_BELINDA", "P05B") == "79.1 SD_LATE"  # before day 84, inside its window


def test_p06_a_subject_lost_before_the_landmark_is_no_non_responder(trial):
    lost = trial.adsl.loc["P06", "LOSTDT"] - trial.adsl.loc["P06", "RANDDT"]
    assert lost.days == 50
    for endpoint in ("EFS_ZUMA7", "EFS_TRANSFORM", "EFS_BELINDA", "EFS_LEUK_ORIGIN"):
        assert trial.cell(endpoint, "P06") == "43.0 1"


def test_p07_each_definition_has_one_date_of_non_response(trial):
    assert trial.row("ORR", "P07").AVALC == "N"
    assert trial.cell("EFS_ZUMA7", "P07") == "151.1 SD_BEST"
    assert trial.cell("EFS_TRANSFORM", "P07") == "64.1 NO_RESPONSE"
    assert trial.cell("EFS_LEUK_ORIGIN", "P07") == "1.1 NO_RESPONSE"
    established = trial.row("EFS_LEUK_ORIGIN", "P07").ESTABDT - trial.adsl.loc["P07", "RANDDT"]
    assert established.days == 84


def test_p08_a_late_response_does_not_undo_the_first_event(trial):
    assert pd.Timestamp(DAY0) + pd.Timedelta(days=182) == trial.row("ORR", "P08").ADT
    assert trial.cell("EFS_ZUMA7", "P08") == "151.1 SD_BEST"
    assert trial.cell("EFS_BELINDA", "P08") == "85.1 SD_LATE"


def test_p09_a_progression_before_infusion_counts_from_randomisation_only(trial):
    assert trial.adsl.loc["P09", "TRTSDT"] > trial.row("PFS_FDA", "P09", "RAND").ADT
    assert trial.cell("PFS_FDA", "P09", "RAND") == "43.1 PD"
    assert trial.cell("PFS_FDA", "P09", "INF") == "14.1 PD"  # day 63, thirteen after infusion
    assert trial.cell("PFS_FDA", "P09D", "RAND") == "21.1 PD"
    infused = trial.adtte[trial.adtte["POP"] == "INF"]
    assert "P09D" not in set(infused["USUBJID"])


def test_p10_no_response_after_new_therapy_is_credited_but_one_on_its_day_is(trial, leukaemia):
    assert trial.row("ORR", "P10").AVALC == "Y"
    assert trial.row("ORR", "P10L").AVALC == "N"
    assert leukaemia.row("ORR", "P10", "INF").AVALC == "Y"
    late = leukaemia.row("RESP_M3", "P10", "INF")
    assert (late.AVALC, late.REASON) == ("N", "new anticancer therapy before or in the window")


def test_p11_planned_therapy_and_transplantation_are_no_new_therapy(trial):
    assert trial.lost("EFS_ZUMA7", "P11", "NEW_THERAPY") == "its reason does not qualify"
    conditioned = trial.candidates[trial.candidates["USUBJID"] == "P11H"]
    assert "NEW_THERAPY" not in set(conditioned["KIND"])  # it belongs to the transplantation
    for endpoint in ("EFS_ZUMA7", "EFS_TRANSFORM", "PFS_FDA"):
        assert trial.cell(endpoint, "P11") == trial.cell(endpoint, "P11H") == "85.0 1"


def test_p12_only_new_therapy_for_efficacy_is_an_event_where_the_rule_says_so(trial):
    assert trial.cell("EFS_ZUMA7", "P12E") == trial.cell("EFS_ZUMA7", "P12T") == "51.1 NEW_THERAPY"
    assert trial.cell("EFS_TRANSFORM", "P12E") == "51.1 NEW_THERAPY"
    assert trial.cell("EFS_TRANSFORM", "P12T") == "43.0 3"


def test_p13_an_early_progression_without_a_later_scan_is_carried_in_the_pair(trial):
    assert trial.cell("PFS_EMA", "P13") == "43.1 PD"
    assert trial.cell("EFS_BELINDA", "P13") == "43.0 1"
    assert trial.cell("EFS_BELINDA_CARRY", "P13") == "85.1 PD"


def test_p14_the_sequence_decides_and_not_the_cause_of_death(trial):
    assert trial.adsl.loc["P14", "DTHCAUS"] == "INFECTION"
    row = trial.row("NRM", "P14")
    assert (row.STATE, row.AVAL, row.CNSR) == (2, 64, 12)


def test_p15_a_subject_censored_at_its_origin_is_at_risk_on_day_one(trial):
    assert trial.cell("PFS_FDA", "P15", "RAND") == "1.0 2"
    assert (trial.adtte["AVAL"] >= 1).all()
    counted = trial.adtte.groupby(["PARAMCD", "EVAL", "POP"]).size()
    assert counted[("PFS_EMA", "IRC", "RAND")] == len(RANDOMISED)


def test_p16_duration_of_response_starts_at_the_first_response_not_the_best(trial):
    row = trial.row("DOR", "P16")
    assert (row.STARTDT - trial.adsl.loc["P16", "RANDDT"]).days == 42  # PR; the CR came on day 84
    assert (row.AVAL, row.CNSR) == (365 - 42 + 1, 0)


def test_p17_a_partial_date_of_death_is_day_15_but_after_the_last_sign_of_life(tmp_path):
    subjects = [
        Subject("EARLY", visits("42:SD"), death=64),
        Subject("LATE", visits("42:SD 70:SD"), death=75),
    ]
    write_sdtm(tmp_path / "data", subjects, CUTOFF)
    for name, column in (("dm", "DTHDTC"), ("ds", "DSSTDTC")):
        table = pd.read_csv(tmp_path / "data" / f"{name}.csv", dtype=str, keep_default_na=False)
        died = table["DSDECOD"].eq("DEATH") if name == "ds" else table["DTHFL"].eq("Y")
        table.loc[died, column] = "2024-03"
        table.to_csv(tmp_path / "data" / f"{name}.csv", index=False)
    rs = tmp_path / "data" / "rs.csv"
    rs.write_text(rs.read_text().replace(",@,", ",LUGANO 2014,"))
    study = randomised_study(str(tmp_path / "data"), CUTOFF, ["OS"])
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(study))
    frames = steps(tmp_path, load_config({"studies": ["study.yaml"]}, tmp_path), "primary")
    adsl = frames["adsl"].set_index("USUBJID")
    assert list(adsl["DTHDTF"]) == ["D", "D"]
    assert adsl.loc["EARLY", "DTHDT"] == pd.Timestamp("2024-03-15")
    assert adsl.loc["LATE", "DTHDT"] == pd.Timestamp(DAY0) + pd.Timedelta(days=71)
    assert set(frames["adtte"]["CNSR"]) == {0}


def test_p18_each_row_says_from_which_origin_it_counts(trial):
    rand, inf = trial.row("PFS_FDA", "P01B", "RAND"), trial.row("PFS_FDA", "P01B", "INF")
    assert rand.ADT == inf.ADT
    assert trial.adsl.loc["P01B", "RANDDT"] == rand.STARTDT
    assert trial.adsl.loc["P01B", "TRTSDT"] == inf.STARTDT
    assert rand.AVAL - inf.AVAL == 28


def test_p19_on_one_day_progression_names_the_event_and_the_time_is_the_same(trial):
    for subject, kind in (("P19D", "DEATH"), ("P19T", "NEW_THERAPY")):
        assert trial.cell("EFS_ZUMA7", subject) == "43.1 PD"
        assert trial.lost("EFS_ZUMA7", subject, kind) == (
            "same day as the first event, lower priority"
        )
    assert trial.cell("EFS_BELINDA", "P19T") == "91.1 DEATH"


def test_p21_the_last_contact_ends_survival_and_the_last_assessment_ends_the_rest(trial):
    alive = trial.adsl.loc["P21", "LSTALVDT"] - trial.adsl.loc["P21", "RANDDT"]
    assert alive.days == 480
    assert trial.cell("OS", "P21") == "481.0 5"
    assert trial.cell("PFS_EMA", "P21") == trial.cell("PFS_FDA", "P21", "RAND") == "85.0 1"


def test_p22_an_unscheduled_scan_goes_to_the_nearest_window_and_keeps_its_date(tmp_path):
    study = randomised_study("", CUTOFF, ["PFS_EMA"])
    study["visits"]["schedule"] = [
        {"label": "W6", "day": 42, "before": 7, "after": 14},
        {"label": "W9", "day": 62, "before": 14, "after": 7},
    ]
    study["landmarks"] = {}
    frames = run(
        tmp_path, [Subject("TIE", visits("52:PD")), Subject("NEAR", visits("53:PD"))], study, CUTOFF
    )
    adrs = pd.read_parquet(tmp_path / "adam" / "adrs.parquet").drop_duplicates("USUBJID")
    assert dict(zip(adrs["USUBJID"], adrs["AVISIT"], strict=True)) == {"TIE": "W6", "NEAR": "W9"}
    found = frames["adtte"].drop_duplicates("USUBJID").set_index("USUBJID")["AVAL"]
    assert (found["TIE"], found["NEAR"]) == (53, 54)


def test_p23_both_arms_have_the_schedule_of_randomisation(trial):
    assert trial.adsl.loc["P23E", "TRTSDT"] > trial.adsl.loc["P23E", "RANDDT"]
    assert pd.isna(trial.adsl.loc["P23C", "TRTSDT"])
    for endpoint, cell in (("PFS_FDA", "64.0 4"), ("PFS_EMA", "148.1 PD")):
        for subject in ("P23E", "P23C"):
            expected = "148.1 PD" if endpoint == "PFS_EMA" else cell
            assert trial.cell(endpoint, subject, "RAND") == expected


def test_p25_only_the_first_event_of_a_subject_is_counted(trial):
    table = trial.candidates
    live = table[(table["PARAMCD"] == "EFS_ZUMA7") & (table["USUBJID"] == "P25")]
    assert {"PD", "NEW_THERAPY", "DEATH"} <= set(live["KIND"])
    key = ["PARAMCD", "EVAL", "POP", "USUBJID"]
    assert (table[table["OUTCOME"] == "chosen"].groupby(key).size() == 1).all()
    assert not trial.adtte.duplicated(key).any()


def test_p27_a_relapse_keeps_its_name_and_an_unchanged_remission_is_none(leukaemia):
    assert leukaemia.cell("EFS_ALL_SA", "P27", "INF") == "91.1 RELAPSE"
    assert leukaemia.cell("PFS_EMA", "P27", "INF") == "91.1 RELAPSE"
    assert leukaemia.cell("EFS_ALL_SA", "P27N", "INF") == "91.0 1"


def test_p28_a_reinfusion_is_a_new_course(leukaemia):
    assert leukaemia.row("RESP_M3", "P28N", "INF").AVALC == "Y"
    assert leukaemia.row("RESP_M3", "P28", "INF").AVALC == "N"
    assert leukaemia.cell("DOR", "P28N") == "65.0 1"
    assert leukaemia.cell("DOR", "P28") == "29.0 8"
