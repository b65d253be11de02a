"""Every check: silent on the tiny trial, loud where its sentence is broken."""

import pandas as pd
import pytest
from tiny_trial import START, Run, make_efs, make_tte

from cartend.analysis.ard import read_ard
from cartend.analysis.checks import CHECKS, COLUMNS, CheckError, run_checks
from cartend.analysis.checks_cross import (
    is_comparable_efs,
    is_overall_survival,
    is_plain_pfs,
)


def checked(run, *, results="untouched", scenarios=None):
    """Run the checks; return their table, whether or not they failed the run.

    ``results`` are those of the untouched trial beside the changed inputs, ``anew`` those of the
    changed inputs, or ``there``: as the test left them.
    """
    if results == "untouched":
        Run(run.folder).build()
        run.write()
    elif results == "anew":
        run.build()
    out = run.folder / "checks.csv"
    scenarios = scenarios or {"primary": run.definitions}
    try:
        run_checks(run.study, run.criteria, scenarios, run.folder, out)
        error = None
    except CheckError as problem:
        error = problem
    return pd.read_csv(out, keep_default_na=False), error


def failed(run, **options):
    """Return {check_id: rows} of the checks that do not hold."""
    table, error = checked(run, **options)
    bad = table[table["passed"] == "N"]
    assert (error is None) == bad.empty
    return dict(tuple(bad.groupby("check_id")))


def change(frame, subject, paramcd, **values):
    """Set columns of one subject's row of one endpoint."""
    rows = (frame["USUBJID"] == subject) & (frame["PARAMCD"] == paramcd)
    assert rows.sum() == 1
    for name, value in values.items():
        frame.loc[rows, name] = value


def day(number):
    return START + pd.Timedelta(days=number - 1)


def test_the_tiny_trial_breaks_nothing(run):
    table, error = checked(run)
    assert error is None
    assert list(table.columns) == COLUMNS
    assert set(table["passed"]) == {"Y"}
    assert sorted(table["check_id"]) == sorted(check.id for check in CHECKS)


def test_every_check_has_its_own_id_and_a_sentence():
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert all(check.sentence.endswith(".") for check in CHECKS)


def test_a_second_row_of_a_subject(run):
    run.adtte = pd.concat([run.adtte, run.adtte.head(1)])
    run.adrsp = pd.concat([run.adrsp, run.adrsp.head(1)])
    found = failed(run)
    row = found["ADTTE-KEY"].iloc[0]
    assert (row["paramcd"], row["evaluator"], row["population"]) == ("EFS", "IRC", "RAND")
    assert row["n"] == 2
    assert row["message"] == "more than one row: A1"
    assert "ADRSP-KEY" in found


def test_a_subject_of_the_population_without_a_row(run):
    run.adtte = run.adtte[(run.adtte["USUBJID"] != "B3") | (run.adtte["PARAMCD"] != "EFS")]
    rows = failed(run)["ADTTE-POP"]
    assert rows["message"].tolist() == ["subjects of RAND without a row: B3"]


def test_a_subject_outside_the_population_with_a_row(run):
    run.adsl.loc[run.adsl["USUBJID"] == "B3", "RANDFL"] = "N"
    found = failed(run)
    assert set(found["ADTTE-POP"]["message"]) == {"subjects of RAND extra: B3"}
    assert set(found["ADRSP-POP"]["paramcd"]) == {"BOR", "ORR"}


def test_a_subject_without_the_origin_of_the_endpoint_needs_no_row(run):
    run.adsl.loc[run.adsl["USUBJID"] == "B3", ["RANDDT", "RANDFL"]] = [pd.NaT, "N"]
    run.adtte = run.adtte[run.adtte["USUBJID"] != "B3"]
    run.adrsp = run.adrsp[run.adrsp["USUBJID"] != "B3"]
    assert failed(run, results="anew") == {}


def test_responders_are_those_of_the_same_evaluator(run):
    other = run.adrsp.assign(EVAL="INV", AVALC="N")
    run.adrsp = pd.concat([run.adrsp, other], ignore_index=True)
    assert failed(run) == {}
    run.adtte = run.adtte[(run.adtte["USUBJID"] != "A2") | (run.adtte["PARAMCD"] != "DOR")]
    rows = failed(run)["ADTTE-POP"]
    assert rows["paramcd"].tolist() == ["DOR"]
    assert rows["message"].tolist() == ["subjects of RESPONDERS without a row: A2"]


def test_days_that_do_not_fit_the_dates(run):
    change(run.adtte, "B3", "EFS", ADT=day(16))
    assert failed(run)["ADTTE-DAYS"]["n"].tolist() == [1]


def test_a_time_below_one(run):
    change(run.adtte, "A2", "DOR", AVAL=0, ADT=day(0))
    assert "ADTTE-AVAL" in failed(run)


@pytest.mark.parametrize(
    ("cnsr", "state"), [(0, 0), (1, 1), (12, 0), (13, 2), (0, 2), (-1, 0), (1.5, 0)]
)
def test_a_censoring_number_that_does_not_fit_the_state(run, cnsr, state):
    run.adtte["CNSR"] = run.adtte["CNSR"].astype(float)
    change(run.adtte, "A2", "NRM", CNSR=cnsr, STATE=state)
    assert "ADTTE-CNSR" in failed(run)


def test_a_reason_of_censoring_without_censoring_and_the_other_way_round(run):
    change(run.adtte, "A1", "EFS", CNSDTDSC="lost")
    change(run.adtte, "A2", "EFS", CNSDTDSC=None)
    assert failed(run)["ADTTE-CNSDTDSC"]["n"].tolist() == [2]


@pytest.mark.parametrize("name", ["EVNTDESC", "SRCDOM", "SRCVAR", "RULEID"])
def test_a_row_without_its_source(run, name):
    change(run.adtte, "A1", "EFS", **{name: None})
    rows = failed(run)["ADTTE-SOURCE"]
    assert rows["message"].tolist() == [f"{name} is missing: A1"]


def test_a_row_after_the_cutoff(run):
    run.adsl.loc[run.adsl["USUBJID"] == "B3", "CUTDT"] = day(14)
    assert set(failed(run)["ADTTE-CUTOFF"]["paramcd"]) == {"EFS", "NRM", "OS", "PFS_EMA"}


def test_without_a_date_in_adsl_the_cutoff_is_that_of_the_study(run):
    run.adsl = run.adsl.drop(columns="CUTDT")
    run.study = run.study.model_copy(update={"cutoff": day(40).date()})
    assert set(failed(run)["ADTTE-CUTOFF"]["paramcd"]) == {"OS"}


@pytest.mark.parametrize("outcomes", [("chosen", "chosen"), ("lost", "lost")])
def test_a_row_without_exactly_one_chosen_candidate(run, outcomes):
    run.candidates = run.candidates.reset_index(drop=True)
    mine = (run.candidates["USUBJID"] == "A1") & (run.candidates["PARAMCD"] == "EFS")
    run.candidates.loc[mine, "OUTCOME"] = list(outcomes)
    assert failed(run)["CAND-CHOSEN"]["message"].tolist() == [
        "not exactly one chosen candidate: A1"
    ]


def test_an_analysis_set_without_the_date_of_its_milestone(run):
    run.adsl.loc[run.adsl["USUBJID"] == "A3", "INFFL"] = "Y"
    rows = failed(run)["ADSL-FLAG"]
    assert rows["message"].tolist() == ["INFFL is Y without TRTSDT: A3"]


def test_survival_that_ends_before_a_progression(run):
    change(run.adtte, "B1", "OS", AVAL=3, ADT=day(3))
    rows = failed(run)["CROSS-OS"]
    assert rows["message"].tolist() == ["OS ends before the event: B1"]


def test_an_efs_without_an_event_by_the_progression(run):
    change(run.adtte, "B1", "EFS", AVAL=9, ADT=day(9))
    change(run.adtte, "A1", "EFS", STATE=0, CNSR=1, CNSDTDSC="lost")
    rows = failed(run)["CROSS-EFS"]
    assert rows["message"].tolist() == ["no event of EFS by then: A1, B1"]


@pytest.mark.parametrize(
    "changes",
    [
        {"events": {"PD": {"type": "PD", "window": {"start_day": 84}}, "DEATH": {"type": "DEATH"}}},
        {"events": {"PD": {"type": "PD", "dated_at": "midpoint"}, "DEATH": {"type": "DEATH"}}},
        {"events": {"PD": {"type": "PD"}}},
        {"intercurrent_events": {"M": {"type": "MISSED_2", "strategy": "hypothetical"}}},
        {
            "intercurrent_events": {
                "N": {
                    "type": "NEW_THERAPY",
                    "strategy": "treatment_policy",
                    "otherwise": "hypothetical",
                }
            }
        },
    ],
)
def test_an_efs_with_delay_or_gap_rule_is_exempt(changes):
    assert is_comparable_efs(make_efs())
    assert not is_comparable_efs(make_tte("EFS", **{"family": "EFS", **changes}))


def test_only_plain_definitions_are_compared():
    assert is_plain_pfs(make_tte("PFS"))
    new_therapy = {"N": {"type": "NEW_THERAPY", "strategy": "hypothetical"}}
    assert not is_plain_pfs(make_tte("PFS", intercurrent_events=new_therapy))
    cause = {"DEATH": {"type": "DEATH", "cause_in": ["INFECTION"]}}
    alive = {"L": {"type": "last_known_alive"}}
    assert is_overall_survival(make_tte("OS", events={"D": {"type": "DEATH"}}, censoring=alive))
    assert not is_overall_survival(make_tte("OS", events=cause, censoring=alive))


def test_a_non_relapse_death_after_a_relapse(run):
    seen = pd.DataFrame({"USUBJID": ["A3"], "EVAL": "IRC", "ADT": day(20), "AVALC": "PD"})
    run.adrs = pd.concat([run.adrs, seen.assign(ANL01FL="Y")], ignore_index=True)
    rows = failed(run)["NRM-RELAPSE"]
    assert (rows["paramcd"].item(), rows["n"].item()) == ("NRM", 1)


@pytest.mark.parametrize(
    "changes", [{"EVAL": "INV"}, {"ANL01FL": "N"}, {"AVALC": "SD"}, {"ADT": day(21)}]
)
def test_what_is_no_relapse_before_the_death(run, changes):
    seen = {"USUBJID": "A3", "EVAL": "IRC", "ADT": day(20), "AVALC": "PD", "ANL01FL": "Y"}
    run.adrs = pd.concat([run.adrs, pd.DataFrame([{**seen, **changes}])], ignore_index=True)
    assert failed(run) == {}


def test_assessments_after_loss_to_follow_up_are_none(run):
    seen = {"USUBJID": "A3", "EVAL": "IRC", "ADT": day(15), "AVALC": "PD", "ANL01FL": "Y"}
    run.adrs = pd.concat([run.adrs, pd.DataFrame([seen])], ignore_index=True)
    run.adsl["LOSTDT"] = pd.NaT
    run.adsl.loc[run.adsl["USUBJID"] == "A3", "LOSTDT"] = day(14)
    assert failed(run) == {}


def test_a_non_relapse_death_of_somebody_alive(run):
    run.adsl.loc[run.adsl["USUBJID"] == "A3", "DTHDT"] = pd.NaT
    assert failed(run)["NRM-DEATH"]["message"].tolist() == ["state 1 is not the day of death: A3"]


def spoil(run, **where):
    """Change the value of one row of a written ARD."""
    value = where.pop("to")
    path = run.folder / "primary/ard.csv"
    ard = read_ard(path)
    rows = ard["by"].eq("") & ard["arm"].eq("")
    for name, wanted in where.items():
        rows &= ard[name].eq(wanted)
    assert rows.sum() == 1
    ard.loc[rows, "value"] = value
    ard.to_csv(path, index=False)


@pytest.mark.parametrize(
    ("check", "where"),
    [
        ("ARD-COUNT", {"paramcd": "EFS", "analysis": "count", "event": "PD", "statistic": "n"}),
        ("ARD-COUNT", {"paramcd": "ORR", "event": "N: died", "statistic": "n"}),
        ("ARD-STATE", {"paramcd": "NRM", "event": "STATE 2: Relapse", "statistic": "n"}),
        ("ARD-BOR", {"paramcd": "BOR", "analysis": "proportion", "event": "CR", "statistic": "n"}),
        ("ARD-N", {"paramcd": "EFS", "analysis": "km", "statistic": "N"}),
        ("ARD-N", {"paramcd": "EFS", "analysis": "km", "statistic": "events"}),
    ],
)
def test_results_that_do_not_add_up(run, check, where):
    run.build()
    spoil(run, to=5, **where)
    assert check in failed(run, results="there")


def test_an_estimate_that_rises_or_leaves_its_interval(run):
    run.build()
    where = {"paramcd": "EFS", "analysis": "km", "time": 20.0, "statistic": "estimate"}
    spoil(run, to=0.99, **where)
    assert "ARD-MONOTONE" in failed(run, results="there")
    run.build()
    spoil(run, to=0.999, **{**where, "time": 10.0})
    assert "ARD-LIMITS" in failed(run, results="there")


def test_a_number_without_value_and_note(run):
    run.build()
    spoil(run, to=None, paramcd="EFS", analysis="follow_up", statistic="median")
    message = failed(run, results="there")["ARD-NOTE"]["message"].item()
    assert message == "no value and no note: analysis follow_up, statistic median"


def spoil_curves(run, mask, **values):
    path = run.folder / "primary/curves.parquet"
    curves = pd.read_parquet(path)
    rows = mask(curves) & curves["by"].eq("") & curves["arm"].eq("")
    assert rows.any()
    for name, value in values.items():
        curves.loc[rows, name] = value
    curves.to_parquet(path)


def test_incidences_that_do_not_add_up_to_one(run):
    run.build()
    spoil_curves(run, lambda c: c["event"].eq("1") & c["time"].eq(8), estimate=1 / 6 + 1e-9)
    rows = failed(run, results="there")["CIF-ONE"]
    assert rows["message"].tolist() == ["the sum differs from 1 by 1e-09"]


def test_a_curve_that_goes_the_wrong_way(run):
    run.build()
    spoil_curves(run, lambda c: c["paramcd"].eq("EFS") & c["time"].eq(12), estimate=0.9)
    assert "CURVE-MONOTONE" in failed(run, results="there")


def test_the_error_is_one_sentence_with_check_place_and_file(run):
    change(run.adtte, "A1", "EFS", RULEID=None)
    _, error = checked(run)
    assert str(error) == (
        f"tiny: 1 of {len(CHECKS)} checks failed; the first is ADTTE-SOURCE (primary EFS IRC RAND):"
        f" RULEID is missing: A1. All are in {run.folder / 'checks.csv'}."
    )


def test_a_trial_with_time_and_censoring_alone_skips_what_needs_more(run):
    run.adtte = run.adtte[run.adtte["PARAMCD"] == "EFS"][["USUBJID", "PARAMCD", "AVAL", "CNSR"]]
    run.adsl = run.adsl[["USUBJID", "ARMCD"]]
    run.adrsp, run.adrs = run.adrsp.head(0), run.adrs.head(0)
    run.candidates = run.candidates.head(0)
    table, error = checked(run, results="anew")
    assert error is None
    passed = dict(zip(table["check_id"], table["passed"], strict=True))
    assert passed["ADTTE-KEY"] == passed["ADTTE-AVAL"] == passed["ARD-NOTE"] == "Y"
    for name in ("ADTTE-DAYS", "ADTTE-CNSDTDSC", "ADTTE-SOURCE", "ADTTE-CUTOFF", "CAND-CHOSEN"):
        assert passed[name] == "N/A", name


def test_a_scenario_finds_its_responders_in_the_primary_rates(run):
    run.build()
    home, other = run.folder / "primary", run.folder / "variant"
    other.mkdir()
    adtte = pd.read_parquet(home / "adtte.parquet").query("PARAMCD == 'DOR'")
    adtte[adtte["USUBJID"] == "A1"].to_parquet(other / "adtte.parquet")
    for name in ("candidates.parquet", "curves.parquet", "ard.csv"):
        (other / name).write_bytes((home / name).read_bytes())
    scenarios = {"primary": run.definitions, "variant": {"DOR": run.definitions["DOR"]}}
    table, error = checked(run, results="there", scenarios=scenarios)
    assert "variant DOR IRC RESPONDERS" in str(error)
    assert set(table["scenario"]) == {"primary", "variant"}


def test_rates_need_no_origin_date(run):
    run.adsl["TRTSDT"] = pd.NaT
    run.adsl["INFFL"] = "N"
    run.definitions["ORR"] = run.definitions["ORR"].model_copy(update={"origin": "infusion"})
    assert failed(run) == {}


def test_a_duration_that_does_not_end_where_the_progression_free_survival_does(run):
    change(run.adtte, "A1", "DOR", AVAL=4, ADT=day(6))
    rows = failed(run)["CROSS-RESP"]
    assert rows["message"].tolist() == ["time to response and DOR do not add up to PFS_EMA: A1"]


def test_a_duration_that_is_censored_where_the_progression_free_survival_has_its_event(run):
    change(run.adtte, "A1", "DOR", CNSR=1, STATE=0, EVNTDESC="CENSORED", CNSDTDSC="lost")
    assert failed(run)["CROSS-RESP"]["n"].tolist() == [1]


def test_a_time_to_response_that_is_not_the_start_of_the_duration(run):
    criterion = {"state_from": ("response",)}
    rule = {"RESPONSE": {"type": "RESPONSE", "criterion": criterion}}
    run.definitions["TTR"] = make_tte("TTR", events=rule)
    first = run.adtte[run.adtte["PARAMCD"] == "PFS_EMA"].assign(PARAMCD="TTR", STATE=0, CNSR=1)
    first = first.assign(CNSDTDSC="last adequate assessment", EVNTDESC="CENSORED")
    run.adtte = pd.concat([run.adtte, first], ignore_index=True)
    right = {"STATE": 1, "CNSR": 0, "CNSDTDSC": None, "EVNTDESC": "RESPONSE"}
    change(run.adtte, "A1", "TTR", AVAL=3, ADT=day(3), **right)
    assert "CROSS-RESP" not in failed(run)
    change(run.adtte, "A1", "TTR", AVAL=4, ADT=day(4))
    assert failed(run)["CROSS-RESP"]["n"].tolist() == [1]


@pytest.mark.parametrize(
    "changes",
    [
        {"partial_dates": "latest"},
        {"events": {"PD": {"type": "PD"}}},
        {"intercurrent_events": {"MISSED_2": {"type": "MISSED_2", "strategy": "hypothetical"}}},
    ],
)
def test_durations_of_other_rules_are_not_compared(run, changes):
    change(run.adtte, "A1", "DOR", AVAL=4, ADT=day(6))
    responders = {"population": ("RESPONDERS",), "origin": "first_response", "tests": False}
    run.definitions["DOR"] = make_tte("DOR", **responders, **changes)
    assert "CROSS-RESP" not in failed(run)


def test_a_subject_whom_a_rule_of_one_endpoint_alone_ends_is_not_compared(run):
    responders = {"population": ("RESPONDERS",), "origin": "first_response", "tests": False}
    rule = {"REINFUSION": {"type": "REINFUSION", "strategy": "hypothetical"}}
    run.definitions["DOR"] = make_tte("DOR", **responders, intercurrent_events=rule)
    change(run.adtte, "A2", "DOR", AVAL=2, ADT=day(11), CNSR=8)
    assert "CROSS-RESP" not in failed(run)
    change(run.adtte, "A2", "DOR", CNSR=1)
    assert failed(run)["CROSS-RESP"]["n"].tolist() == [1]


def test_a_counted_death_without_a_state(run):
    change(run.adtte, "A3", "NRM", STATE=0, CNSR=1, EVNTDESC="CENSORED", CNSDTDSC="lost")
    rows = failed(run)["NRM-COUNTED"]
    assert rows["message"].tolist() == ["a death that the definition counts has no state: A3"]


def test_a_death_of_a_cause_that_the_definition_leaves_out_needs_no_state(run):
    run.adsl["DTHCAUS"] = "UNKNOWN"
    events = {
        "PD": {"type": "PD", "state": 2},
        "DEATH": {"type": "DEATH", "cause_not_in": ("UNKNOWN",)},
    }
    states = {1: "Non-relapse death", 2: "Relapse"}
    run.definitions["NRM"] = make_tte("NRM", kind="competing", states=states, events=events)
    for subject in ("A3", "B2"):
        change(run.adtte, subject, "NRM", STATE=0, CNSR=1, EVNTDESC="CENSORED", CNSDTDSC="lost")
    found = failed(run)
    assert "NRM-COUNTED" not in found
    change(run.adtte, "A3", "NRM", STATE=1, CNSR=0, EVNTDESC="DEATH", CNSDTDSC=None)
    rows = failed(run)["NRM-CAUSE"]
    assert rows["message"].tolist() == [
        "a death in state 1 of a cause that no rule of it names: A3"
    ]
