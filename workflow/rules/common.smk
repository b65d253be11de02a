# What the rules need: the resolved configuration, and the parameter `spec`.
import atexit
import os
import sys
import time
from pathlib import Path

from cartend.admission.last_words import count_of_stops, errors_that_decide
from cartend.config.base import ConfigError
from cartend.config.load import load_config
from cartend.digest import canonical, code_digest, file_digest, package_versions

STARTED = time.time() - 1  # a file system may write times in whole seconds
SCRIPTS = Path(workflow.basedir) / "workflow" / "scripts"
FOLDERS = (
    "sdtm",
    "adam",
    "admission",
    "compare",
    "subjects",
)  # stand beside the scenarios in results/<study>


def stop(sentence):
    """End the run before any job, in one sentence: a WorkflowError would add lines of its own."""
    raise SystemExit(sentence)


def run_configuration():
    """Return the resolved run: of the one configuration file, or of what was merged from more."""
    given = [os.path.relpath(file) for file in workflow.overwrite_configfiles]
    files = given or [os.path.relpath(f"{workflow.basedir}/config/config.yaml")]
    try:
        if len(files) == 1 and not workflow.config_settings.config:
            return load_config(files[0], ".")
        return load_config(dict(config), ".", [Path(file).parent for file in files])
    except ConfigError as error:
        stop(str(error))


RUN = run_configuration()
RESULTS = RUN.results
if workflow.is_main_process:
    print(*RUN.left_out, sep="\n", end="\n" * bool(RUN.left_out), file=sys.stderr)


wildcard_constraints:
    study="|".join(RUN.studies),
    scenario="|".join(sorted({name for study in RUN.studies for name in RUN.scenarios[study]})),


def stop_without_records():
    """Stop where results stand without Snakemake's records of them.

    Without the records, no change of configuration, code or data would be noticed.
    """
    if {"--forceall", "-F"} & set(sys.argv):  # the settings of the DAG are not known at parse
        return
    records = Path(".snakemake/metadata")
    if records.is_dir() and any(records.iterdir()):
        return
    for study in RUN.studies:
        if (Path(RESULTS) / study / "manifest.json").exists():
            stop(
                f"{RESULTS}/{study}/manifest.json is here, but .snakemake/metadata, the record of"
                " what it was made from, is not, so that a change would go unnoticed: run"
                " `snakemake --cores 4 --forceall` to make everything anew, or bring back the"
                f" .snakemake folder, or move {RESULTS}/{study} away."
            )


def stop_at_reserved_names():
    """Stop where a scenario is called like a folder of the results."""
    for study in RUN.studies:
        for name in set(RUN.scenarios[study]) & set(FOLDERS):
            stop(
                f"scenario {name}: this name is taken by the folder {RESULTS}/{study}/{name};"
                " choose another."
            )


stop_at_reserved_names()
stop_without_records()


def number_of_stops(study):
    """Return the line on the stops that ended this run of a study, if any did."""
    path = Path(RESULTS) / study / "admission" / "stops.csv"
    if not path.exists() or path.stat().st_mtime < STARTED:
        return []
    return count_of_stops(path)


def errors_of_primary(study):
    """Return a line for each kind of error that touches a primary endpoint of a study."""
    path = Path(RESULTS) / study / "admission" / "findings.csv"
    return errors_that_decide(study, path) if path.exists() else []


def last_words(lines):
    """Print lines as the last ones of the run: after what Snakemake prints when it ends."""
    for line in reversed(lines):
        atexit.register(print, line, file=sys.stderr, flush=True)


# A study's keys that no rule above the scenarios reads; they must not rerun those rules.
BELOW = {"title": "", "endpoints": [], "roles": {}, "targets": {}, "landmarks": {}, "times": []}
BELOW |= {"subgroups": [], "purpose": "final"}
UNASKED = {"analyses": {}}  # the questions about a whole trial, answered in scenario primary alone
# What the gate alone asks, and the report shows.
UNASKED |= {"accept": {}, "strata_missing": "stop"}
# Names of files of rules; who reads these gets their content (`ruled`).
UNASKED |= {"bridging": "default", "safety": "default", "eligibility": None}


def of_data(study):
    """Return what the rules above the scenarios read.

    Where ADaM is brought, the endpoints say which of its times are read.
    """
    whole = RUN.spec(study)
    kept = {"endpoints": whole["study"]["endpoints"]} if whole["study"]["entry"] == "adam" else {}
    read = {**whole["study"], **BELOW, **UNASKED, **kept}
    return {"study": read, "criteria": whole["criteria"]}


def admitted(study):
    """Return what the gate reads: the whole study, its criteria and its listed endpoints."""
    whole = RUN.spec(study, "primary")
    return {key: whole[key] for key in ("study", "criteria", "scenario")}


def ruled(content, wildcards):
    """Return the content with the rules of bridging, safety and eligibility."""
    return {**content, "rules": RUN.spec(wildcards.study)["rules"]}


def of_scenario(study, scenario):
    """Return what a rule reads that computes within one scenario."""
    whole = RUN.spec(study, scenario)
    asked = {"study": {**whole["study"], **UNASKED}}
    return {**{key: whole[key] for key in ("criteria", "scenario")}, **asked}


def of_answers(study, scenario):
    """Return what a rule reads that answers, or shows, the questions about the whole trial."""
    asked = ("study", "rules") if scenario == "primary" else ()
    whole = RUN.spec(study)
    return {**of_scenario(study, scenario), **{key: whole[key] for key in asked}}


def of_scenarios(study):
    """Return what a rule reads that computes over all scenarios of a study."""
    whole = RUN.spec(study)
    chosen = {key: whole[key] for key in ("study", "criteria")}
    order = list(RUN.scenarios[study])
    return {**chosen, "scenarios": RUN.scenarios_spec(study), "order": order}


def shown(content):
    """Return the content for rules that write pages, with formats and language."""
    return {**content, "formats": RUN.formats.model_dump(mode="json"), "language": RUN.language}


def data_digests(study):
    """Return the digest of every raw input file of a study, by name."""
    return {path.name: file_digest(path) for path in RUN.data_files(study)}


def run_record(study):
    """Return what the manifest records besides, inputs, code and packages of all rules."""
    scripts = sorted(SCRIPTS.glob("*.py"))
    packages = {}
    for script in scripts:
        packages.update(package_versions(script))
    return {
        "inputs": data_digests(study),
        "code": {script.stem: code_digest(script) for script in scripts},
        "packages": packages,
        "formats": RUN.formats.model_dump(mode="json"),
    }


def spec(script, content, **more):
    """Return the function of wildcards that makes a rule's one parameter.

    Canonical JSON of what the rule reads of the configuration, the digest of the code it runs,
    and the versions of the packages it computes with. One string with its keys inside, made from
    wildcards alone: Snakemake compares several parameters as a set of values, and does not track
    a parameter that asks for `input`.
    """

    def of_job(wildcards):
        parts = content(wildcards)
        parts["code"] = code_digest(SCRIPTS / script)
        parts["packages"] = package_versions(SCRIPTS / script)
        parts.update({key: make(wildcards) for key, make in more.items()})
        return canonical(parts)

    return of_job


def in_study(name):
    """Return the path of one file or folder of a study."""
    return f"{RESULTS}/{{study}}/{name}"


def in_scenario(name):
    """Return the path of one file or folder of a scenario."""
    return f"{RESULTS}/{{study}}/{{scenario}}/{name}"


def of_every_scenario(*names):
    """Return the function that lists these files of every scenario of a study."""

    def paths(wildcards):
        return expand(
            f"{RESULTS}/{wildcards.study}/{{scenario}}/{{name}}",
            scenario=RUN.scenarios[wildcards.study],
            name=names,
        )

    return paths


def asked_of_primary(wildcards):
    """Return what says that the listed endpoints passed the gate; the others are variants of them."""
    folder = f"{RESULTS}/{wildcards.study}/admission"
    return [f"{folder}/accepted.csv"] if wildcards.scenario == "primary" else []


def whole_trial(wildcards):
    """Return the tables of ADaM from which scenario primary answers the questions of the trial."""
    tables = ("adevt", "adae", "adrs", "admrd", "adbrdg", "adelig")
    names = tables if wildcards.scenario == "primary" else ()
    outside = RUN.studies[wildcards.study].analyses.external_control.data if names else ""
    tables = [f"{RESULTS}/{wildcards.study}/adam/{name}.parquet" for name in names]
    return [*tables, outside] if outside else tables


def brought_times(wildcards):
    """Return the folder with the ADTTE that a study entering as ADaM may bring, else nothing."""
    entry = RUN.studies[wildcards.study].entry
    return [f"{RESULTS}/{wildcards.study}/sdtm"] if entry == "adam" else []
