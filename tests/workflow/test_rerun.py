"""After a change exactly the right jobs run again.

T1-T8, T10, F1-F5 are the holes of Snakemake's own change detection (stale results) and its false
alarms (waste); the parameter ``spec`` closes them.
"""

import os
import shutil

import pytest
import yaml
from project_copy import OLD, edit

LBCL, BALL = "lbcl-second-line", "ball-single-arm"
SCENARIOS = {
    LBCL: (
        *("primary", "efs-week9", "efs-newtherapy", "efs-origin", "definition-grid"),
        *("partial-dates", "rebaseline-cr"),
    ),
    BALL: ("primary", "landmark-84", "rebaseline-cr"),
}
DATA = ("ingest", "subjects", "admission", "response")
WITHIN = ("events", "estimate", "draw", "tabulate")
RULES = ("events", "intercurrent_events", "censoring")
PAGES = ("compare", "checks", "report", "manifest")


def of_data(study):
    return {f"{rule} {study}" for rule in DATA}


def of_scenario(study, *scenarios, rules=WITHIN):
    return {f"{rule} {study}/{scenario}" for rule in rules for scenario in scenarios}


def of_pages(study, rules=PAGES):
    return {f"{rule} {study}" for rule in rules}


def gate(study):
    """Return the job that reads the whole study file; no other job of the data does."""
    return {f"admitted {study}"}


def of_study(study):
    return of_data(study) | gate(study) | of_scenario(study, *SCENARIOS[study]) | of_pages(study)


def of_both(rules, pages=PAGES):
    """Return the jobs of these scenario rules in every scenario, and the pages."""
    return set().union(
        *(of_scenario(s, *SCENARIOS[s], rules=rules) | of_pages(s, pages) for s in SCENARIOS)
    )


EVERYTHING = of_study(LBCL) | of_study(BALL)


def test_the_default_run_makes_every_job_once_and_the_next_has_nothing_to_do(tree):
    assert tree.said.count("Finished jobid") == len(EVERYTHING) + 1
    assert tree.would_run("--forceall") == EVERYTHING
    again = tree.snakemake()
    assert again.returncode == 0
    assert "Nothing to be done" in again.stdout
    assert tree.would_run() == set()


def test_a_new_scenario_runs_its_four_jobs_and_the_pages_of_its_study(tree):
    name = "config/scenarios/efs-censored.yaml"
    scenario = {
        "name": "efs-censored",
        "describe": "A landmark without assessment censors.",
        "endpoints": {"EFS_TRANSFORM": {"not_evaluable_at_landmark": "censor_last_adequate"}},
    }
    (tree.folder / name).write_text(yaml.safe_dump(scenario))
    with tree.changed("config/config.yaml") as (config,):
        edit(config, "[efs-week9,", "[efs-censored, efs-week9,")
        jobs = tree.would_run()
    (tree.folder / name).unlink()
    assert jobs == of_scenario(LBCL, "efs-censored") | of_pages(LBCL)


def test_a_scenario_taken_out_reruns_the_pages_alone(tree):
    with tree.changed("config/config.yaml") as (config,):
        edit(config, ", efs-origin", "")
        assert tree.would_run() == of_pages(LBCL)


def test_a_changed_scenario_reruns_that_scenario_and_the_pages(tree):
    with tree.changed("config/scenarios/efs-week9.yaml") as (file,):
        edit(file, "PD: {window: {start: W9}}", "PD: {window: {start: W6}}", time=OLD)
        assert tree.would_run() == of_scenario(LBCL, "efs-week9") | of_pages(LBCL)


def test_another_option_of_a_question_reruns_the_answers_of_primary_and_the_pages(tree):
    with tree.changed("config/studies/lbcl-second-line.yaml") as (file,):
        content = yaml.safe_load(file.read_text())
        content["analyses"]["nrm_bias"] = {"times": [365]}
        file.write_text(yaml.safe_dump(content))
        jobs = tree.would_run()
    answers = of_scenario(LBCL, "primary", rules=("estimate", "draw", "tabulate"))
    assert jobs == answers | of_pages(LBCL) | gate(LBCL)


def test_a_changed_shipped_definition_reruns_the_scenarios_that_hold_it(tree):
    with tree.changed("config/endpoints/EFS_BELINDA.yaml") as (file,):
        content = yaml.safe_load(file.read_text())
        content["not_evaluable_at_landmark"] = "censor_last_adequate"
        file.write_text(yaml.safe_dump(content))
        jobs = tree.would_run()
    assert jobs == of_scenario(LBCL, "primary", "efs-week9") | of_pages(LBCL) | gate(LBCL)


def test_another_endpoint_of_a_study_passes_the_gate_and_reruns_no_step_of_the_data(tree):
    with tree.changed("config/studies/lbcl-second-line.yaml") as (file,):
        content = yaml.safe_load(file.read_text())
        content["endpoints"].append("TTNT")
        file.write_text(yaml.safe_dump(content))
        jobs = tree.would_run()
    assert jobs == of_scenario(LBCL, *SCENARIOS[LBCL]) | of_pages(LBCL) | gate(LBCL)


@pytest.mark.parametrize(
    "change",
    [
        {"accept": {"F-DM-004 LOW": {"count": 6, "reason": "closed"}}},
        {"strata_missing": "level"},
    ],
)
def test_what_the_gate_alone_asks_reruns_the_gate_and_what_it_lets_through(tree, change):
    with tree.changed("config/studies/lbcl-second-line.yaml") as (file,):
        content = yaml.safe_load(file.read_text())
        file.write_text(yaml.safe_dump(content | change))
        jobs = tree.would_run()
    shown = of_scenario(LBCL, "primary", rules=("estimate", "draw", "tabulate"))
    assert jobs == gate(LBCL) | shown | of_pages(LBCL)


def test_t1_two_values_swapped_between_keys_are_noticed(tree):
    with tree.changed("config/studies/lbcl-second-line.yaml") as (file,):
        content = yaml.safe_load(file.read_text())
        first, second = content["visits"]["schedule"][-2:]
        first["before"], first["after"] = 20, 10
        second["before"], second["after"] = 10, 20
        file.write_text(yaml.safe_dump(content))
        jobs = tree.would_run()
    assert jobs == of_study(LBCL)


def test_t2_a_value_that_another_key_already_has_is_noticed(tree):
    with tree.changed("config/endpoints/RESP_M3_BRACKET.yaml") as (file,):
        content = yaml.safe_load(file.read_text())
        content["hsct"] = "composite"
        content["maturity"] = "window_closed"
        file.write_text(yaml.safe_dump(content))
        jobs = tree.would_run()
    assert of_scenario(BALL, "primary") | of_pages(BALL) <= jobs
    assert not jobs & (of_data(BALL) | of_study(LBCL))


def test_t3_a_change_deep_in_a_typed_definition_is_noticed(tree):
    with tree.changed("config/criteria/b-all.yaml") as (file,):
        content = yaml.safe_load(file.read_text())
        content["categories"][0]["aliases"] = ["ANOTHER WORD"]
        file.write_text(yaml.safe_dump(content))
        assert tree.would_run() == of_study(BALL)


def test_t4_formats_rerun_the_pages_that_are_written_in_them(tree):
    with tree.changed("config/config.yaml") as (config,):
        edit(config, "figures: [svg]", "figures: [svg, png]")
        jobs = tree.would_run()
    expected = of_both(("draw", "tabulate"), ("compare", "report", "manifest"))
    assert jobs == expected


@pytest.mark.parametrize("room", ["analysis", "stats"])
def test_t5_an_edited_module_reruns_what_imports_it(tree, room):
    file = {"analysis": "src/cartend/analysis/build.py", "stats": "src/cartend/stats/survival.py"}
    with tree.changed(file[room]) as (module,):
        module.write_text(module.read_text() + "\nADDED = 1\n")
        os.utime(module, (OLD, OLD))
        jobs = tree.would_run()
    assert of_both(("estimate", "draw", "tabulate")) <= jobs
    assert not {job for job in jobs if job.startswith((*DATA, "events"))}


def test_t5_an_edited_module_of_the_bottom_reruns_everything(tree):
    with tree.changed("src/cartend/config/study.py") as (module,):
        module.write_text(module.read_text() + "\nADDED = 1\n")
        assert tree.would_run() == EVERYTHING


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [("times", "times: [90,", "times: [120,"), ("title", "title: CD19", "title: Anti-CD19")],
)
def test_t6_what_a_script_reads_of_the_study_reaches_it_through_its_parameter(tree, key, old, new):
    with tree.changed("config/studies/ball-single-arm.yaml") as (file,):
        edit(file, old, new)
        jobs = tree.would_run()
    assert jobs == of_scenario(BALL, *SCENARIOS[BALL]) | of_pages(BALL) | gate(BALL), key


def test_t7_new_data_with_an_old_time_stamp_are_noticed(tree):
    with tree.changed("data/synthetic/ball-single-arm/dm.csv") as (file,):
        lines = file.read_text().splitlines(keepends=True)
        file.write_text("".join(lines[:-1]))
        os.utime(file, (OLD, OLD))
        assert tree.would_run() == of_study(BALL)


def test_t7_a_new_file_in_the_data_folder_is_noticed(tree):
    file = tree.folder / "data/synthetic/ball-single-arm/notes.txt"
    file.write_text("a note")
    jobs = tree.would_run()
    file.unlink()
    assert jobs == of_study(BALL)


def test_t8_an_edited_script_with_an_old_time_stamp_is_noticed(tree):
    with tree.changed("workflow/scripts/compare.py") as (script,):
        script.write_text(script.read_text() + "ADDED = 1\n")
        os.utime(script, (OLD, OLD))
        jobs = tree.would_run()
    rules = ("compare", "report", "manifest")
    assert jobs == of_pages(LBCL, rules) | of_pages(BALL, rules)


def test_t9_results_without_the_records_of_their_making_stop_the_run(tree):
    records, away = tree.folder / ".snakemake", tree.folder / "records"
    shutil.move(records, away)
    try:
        stopped = tree.snakemake("-n")
        anew = tree.would_run("--forceall")
    finally:
        shutil.rmtree(records, ignore_errors=True)
        shutil.move(away, records)
    assert stopped.returncode == 1
    assert "--forceall" in stopped.stdout
    assert "Traceback" not in stopped.stdout
    assert anew == EVERYTHING


@pytest.mark.parametrize(
    ("package", "within", "data"),
    [("matplotlib", ("draw",), False), ("pyreadstat", WITHIN, True)],
)
def test_t10_another_version_of_a_package_reruns_what_computes_with_it(
    tree, tmp_path, package, within, data
):
    record = tmp_path / f"{package}-99.0.dist-info"
    record.mkdir()
    text = f"Metadata-Version: 2.1\nName: {package}\nVersion: 99.0\n"
    (record / "METADATA").write_text(text)
    jobs = tree.would_run(path=str(tmp_path))
    expected = of_both(within, ())
    assert expected <= jobs
    assert bool({job for job in jobs if job.startswith("ingest")}) is data
    assert data or not {job for job in jobs if job.startswith(("events", "estimate"))}


def test_f1_f3_the_same_configuration_in_other_words_reruns_nothing(tree):
    names = ["config/config.yaml", "config/studies/lbcl-second-line.yaml"]
    with tree.changed(*names) as files:
        for file in files:
            content = yaml.safe_load(file.read_text())
            if "formats" in content:
                content.pop("language")  # the default is the same
                content["formats"]["budget"] = {"primary": 20}  # and so is this
            file.write_text(yaml.safe_dump(content))
        assert tree.would_run() == set()


def test_f2_another_order_of_keys_reruns_nothing(tree):
    names = ["config/endpoints/EFS_BELINDA.yaml", "config/endpoints/NRM.yaml"]
    with tree.changed(*names) as files:
        for file in files:
            content = yaml.safe_load(file.read_text())
            turned = {key: _reversed(content[key]) for key in reversed(content)}
            for key in RULES:  # the sentence names the rules in the order of the file
                turned[key] = {name: _reversed(rule) for name, rule in content[key].items()}
            file.write_text(yaml.safe_dump(turned, sort_keys=False))
        assert tree.would_run() == set()


def test_f5_comments_and_docstrings_rerun_nothing(tree):
    with tree.changed("src/cartend/analysis/build.py", "workflow/scripts/draw.py") as files:
        for file in files:
            stat = file.stat()
            file.write_text("# A comment.\n" + file.read_text().replace('"""', '"""Also: ', 1))
            os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert tree.would_run() == set()


def _reversed(value):
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    return value
