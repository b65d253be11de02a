"""Shipped endpoints beside the vectors, by hand: one subject, one line, through the real steps."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml
from factory import Subject, randomised_study, run, runs, single_arm_study

SCHEDULE = (("D28", 28), ("M2", 56), ("M3", 90), ("M6", 183), ("M9", 274), ("M12", 365))


def _rows(tmp_path, subjects, endpoints, cutoff=500) -> dict[str, pd.DataFrame]:
    for subject in subjects:
        subject.randomised = -40
    study = single_arm_study(
        "", cutoff, endpoints, SCHEDULE, criteria="lugano-2014", evaluators=["IRC"]
    )
    return run(tmp_path, subjects, study, cutoff)


def _cell(frames: dict, endpoint: str, subject: str = "S1") -> str:
    rows = frames["adtte"]
    mine = (rows["PARAMCD"] == endpoint) & (rows["USUBJID"] == subject) & (rows["POP"] != "LA")
    (_, row), *more = rows[mine].iterrows()
    assert not more
    return f"{row['AVAL']}.{row['STATE']} {row['EVNTDESC']}"


def _subject(**more: object) -> Subject:
    visits = [(28, "PR"), (56, "CR"), (90, "CR"), (183, "CR")]
    return Subject("S1", visits, **more)


def test_time_to_response_has_what_prevents_it_as_competing_events(tmp_path):
    subjects = [
        _subject(),
        Subject("S2", [(28, "SD"), (56, "PD")]),
        Subject("S3", [(28, "SD")], therapies=[(40, "other")]),
        Subject("S4", [(28, "SD")], death=45, cause="INFECTION"),
        Subject("S5", [(28, "SD"), (56, "SD")]),
    ]
    frames = _rows(tmp_path, subjects, ["TTR", "TTCR"])
    assert _cell(frames, "TTR") == "29.1 RESPONSE"
    assert _cell(frames, "TTCR") == "57.1 RESPONSE"
    assert [_cell(frames, "TTR", s) for s in ("S2", "S3", "S4", "S5")] == [
        "57.2 PD",
        "41.2 NEW_THERAPY",
        "46.2 DEATH",
        "57.0 LAST ADEQUATE ASSESSMENT",
    ]


def test_time_to_progression_censors_a_death_without_progression(tmp_path):
    frames = _rows(tmp_path, [_subject(death=200, cause="INFECTION")], ["TTP", "PFS_FDA"])
    assert _cell(frames, "PFS_FDA") == "201.1 DEATH"
    assert _cell(frames, "TTP") == "184.0 LAST ADEQUATE ASSESSMENT"


def test_next_treatment_or_death_is_followed_to_the_last_day_alive(tmp_path):
    subjects = [_subject(therapies=[(120, "toxicity")]), Subject("S2", [(28, "CR")], alive=320)]
    frames = _rows(tmp_path, subjects, ["TTNT"])
    assert _cell(frames, "TTNT") == "121.1 NEW_THERAPY"
    assert _cell(frames, "TTNT", "S2") == "321.0 LAST KNOWN ALIVE"


def test_the_three_durations_of_response_differ_in_death_and_transplantation_alone(tmp_path):
    subject = _subject(hsct=[(100, "N")], death=200, cause="INFECTION")
    frames = _rows(tmp_path, [subject], ["DOR", "DOR_DISEASE", "DOR_HSCT", "DOCR"])
    assert _cell(frames, "DOR") == "173.1 DEATH"
    assert _cell(frames, "DOR_DISEASE") == "156.0 LAST ADEQUATE ASSESSMENT"
    assert _cell(frames, "DOR_HSCT") == "63.0 BEFORE HSCT"
    assert _cell(frames, "DOCR") == "145.1 DEATH"


LASTING = [
    (_subject(), "Y N N"),  # 28 to 183: 155 days seen
    (_subject(death=200), "Y N N"),  # dead after 172 days
    # progressed after 202 days; the same after three missed visits is not seen to last
    (Subject("S1", [(28, "PR"), (90, "PR"), (183, "PR"), (230, "PD")]), "Y Y N"),
    (Subject("S1", [(28, "PR"), (230, "PD")]), "N N N"),
    (Subject("S1", [(28, "PR"), (90, "CR")], therapies=[(300, "other")]), "N N N"),
    (Subject("S1", [(28, "PR"), (90, "PD")]), "N N N"),
    (Subject("S1", [(28, "SD"), (90, "SD")]), "N N N"),
    (Subject("S1", [(28, "CR"), (183, "CR"), (274, "CR"), (400, "CR")]), "Y Y Y"),
]


def test_a_response_lasts_only_where_its_duration_was_seen(tmp_path):
    names = ["DRR_3M", "DRR_6M", "DRR_12M"]
    subjects = [replace(one, id=f"S{n}") for n, (one, _) in enumerate(LASTING)]
    adrsp = _rows(tmp_path, subjects, names)["adrsp"]
    found = adrsp[adrsp["POP"] == "INF"].pivot(index="USUBJID", columns="PARAMCD", values="AVALC")
    told = [" ".join(found.loc[one.id, names]) for one in subjects]
    assert told == [expected for _, expected in LASTING]


def test_never_in_remission_is_an_event_on_day_one_and_transplantation_censors(tmp_path):
    subjects = [
        _subject(hsct=[(100, "N")]),
        Subject("S2", [(28, "SD"), (90, "SD"), (183, "CR")]),
    ]
    frames = _rows(tmp_path, subjects, ["EFS_KTEX19", "EFS_ALL_SA"])
    assert _cell(frames, "EFS_KTEX19") == "91.0 BEFORE HSCT"
    assert _cell(frames, "EFS_ALL_SA") == "184.0 LAST ADEQUATE ASSESSMENT"
    assert _cell(frames, "EFS_KTEX19", "S2") == "1.1 NO_RESPONSE"


@pytest.fixture(scope="module")
def dated(tmp_path_factory) -> dict[str, pd.DataFrame]:
    """ADTTE of one subject under two ways to date, by the endpoint that each changes."""
    study = randomised_study("", 500, ["PFS_EMA", "EFS_TRANSFORM"], evaluators=["IRC"])
    ways = {
        "PFS_EMA": {"events": {"PD": {"dated_at": "midpoint"}}},
        "EFS_TRANSFORM": {"events": {"NO_RESPONSE": {"dated_at": "first_failing_assessment"}}},
    }
    scenarios = [
        {"name": f"way-{n}", "describe": "dating", "endpoints": {endpoint: way}}
        for n, (endpoint, way) in enumerate(ways.items())
    ]
    subjects = [Subject("S1", [(42, "SD"), (63, "SD"), (84, "SD"), (126, "PD")], infusion=28)]
    found = runs(tmp_path_factory.mktemp("dated"), subjects, study, 500, scenarios)
    return {name: one["adtte"] for name, one in zip(ways, found, strict=True)}


def test_a_date_midway_lies_between_the_progression_and_the_assessment_before(dated):
    row = dated["PFS_EMA"].iloc[0]
    assert row["AVAL"] == (84 + 126) // 2 + 1
    assert (row["ESTABDT"] - row["STARTDT"]) == np.timedelta64(126, "D")


def test_a_failure_may_be_dated_at_the_first_assessment_without_response(dated):
    row = dated["EFS_TRANSFORM"].iloc[0]
    assert (row["AVAL"], row["EVNTDESC"]) == (43, "NO_RESPONSE")


def test_an_mrd_endpoint_is_not_derived_where_the_data_have_no_sample(tmp_path):
    frames = _rows(tmp_path, [_subject()], ["MRDNEG", "ORR", "DUR_MRDNEG"])
    assert set(frames["adrsp"]["PARAMCD"]) == {"ORR"}
    assert frames["adtte"].empty
    said = frames["findings"].query("finding_id == 'F-FILE-004' and domain == 'LB'")
    assert "no MRD endpoint can be derived" in said["message"].iloc[0]


def _with_samples(tmp_path, courses: list[list[tuple[int, str]]], endpoints: list[str]) -> dict:
    """Run subjects S0, S1... in remission to day 540, each with MRD samples on its days."""
    from factory import iso, steps, write_sdtm

    from cartend.config.load import load_config

    visits = [(28, "CR"), (90, "CR"), (183, "CR"), (365, "CR"), (540, "CR")]
    subjects = [Subject(f"S{place}", visits, randomised=-40) for place in range(len(courses))]
    write_sdtm(tmp_path / "data", subjects, 600)
    rs = tmp_path / "data" / "rs.csv"
    rs.write_text(rs.read_text().replace(",@,", ",LUGANO 2014,"))
    rows = [
        {
            "STUDYID": "T",
            "USUBJID": f"S{place}",
            "LBSEQ": n,
            "LBTESTCD": "MRD",
            "LBSTRESC": call,
            "LBSTRESN": 0.01 if call == "POSITIVE" else 0.0,
            "LBLLOD": 1e-5,
            "LBSPEC": "BONE MARROW",
            "LBMETHOD": "NGS",
            "LBDTC": iso(day),
        }
        for place, samples in enumerate(courses)
        for n, (day, call) in enumerate(samples, 1)
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "data" / "lb.csv", index=False)
    study = single_arm_study(
        str(tmp_path / "data"), 600, endpoints, SCHEDULE, criteria="lugano-2014", evaluators=["IRC"]
    )
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(study))
    return steps(tmp_path, load_config({"studies": ["study.yaml"]}, tmp_path), "primary")


SAMPLED = [
    ([(28, "NEGATIVE"), (183, "NEGATIVE"), (400, "NEGATIVE")], "Y", "373.0"),
    ([(28, "NEGATIVE"), (183, "NEGATIVE"), (365, "NEGATIVE")], "N", "338.0"),
    ([(28, "NEGATIVE"), (183, "POSITIVE"), (400, "NEGATIVE")], "N", "156.1"),
    ([(28, "POSITIVE"), (183, "NEGATIVE")], "N", "1.0"),
]


def test_mrd_negativity_is_sustained_a_year_apart_and_ends_at_a_positive_sample(tmp_path):
    courses, *expected = zip(*SAMPLED, strict=True)
    frames = _with_samples(tmp_path, list(courses), ["MRDNEG_SUST12", "DUR_MRDNEG"])
    adrsp, adtte = (frames[name].sort_values("USUBJID") for name in ("adrsp", "adtte"))
    sustained = tuple(adrsp.loc[adrsp["POP"] == "INF", "AVALC"])
    duration = tuple(f"{row.AVAL}.{row.STATE}" for row in adtte.itertuples())
    assert [sustained, duration] == expected
