"""Data that were not made here at the gate: what is understood passes, what is not stops (D39)."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from cartend.admission.build import admit_endpoints
from cartend.intake.ingest import ingest
from cartend.intake.stops import StopError
from cartend.subject.build import build_subjects

HERE = Path(__file__).parent
TABLES = ("adsl", "adevt", "adbrdg", "adelig", "adae")
VISITS = {"anchor": "randomisation", "schedule": [{"label": "W6", "day": 42}]}
PILOT = {
    "id": "pilot",
    "title": "Pilot",
    "data": "data",
    "disease": "LBCL",
    "criteria": "lugano-2014",
    "design": "randomised",
    "cutoff": "2015-12-31",
    "arms": {
        "Pbo": {"label": "Placebo", "role": "control"},
        "Xan_Hi": {"label": "Xanomeline High Dose", "role": "experimental"},
        "Xan_Lo": {"label": "Xanomeline Low Dose", "role": "other"},
    },
    "visits": VISITS,
    "evaluators": ["INV"],
    "primary_evaluator": "INV",
    "endpoints": ["OS"],
}


@pytest.fixture
def gate(assemble, tmp_path):
    """Return a function that brings files and a study to the gate: its stops, and its findings."""

    def run(files, study, *shelves):
        resolved = assemble(tmp_path, files, study, *shelves)
        (made,) = resolved.studies.values()
        criteria, rules = resolved.criteria[made.id], resolved.rules[made.id]
        sdtm, found, adam = tmp_path / "sdtm", tmp_path / "findings.csv", tmp_path / "adam"
        adam.mkdir()
        ingest(made, criteria, sdtm, found)
        build_subjects(made, criteria, rules, sdtm, *(adam / f"{n}.parquet" for n in TABLES))
        passed = tmp_path / "admission" / "accepted.csv"
        definitions = resolved.scenarios[made.id]["primary"].definitions
        try:
            admit_endpoints(made, definitions, sdtm, adam / "adsl.parquet", found, passed)
        except StopError as error:
            stops = error.stops
        else:
            stops = []
        return stops, pd.read_csv(passed.with_name("findings.csv"), keep_default_na=False)

    return run


def test_a_list_of_subjects_with_times_to_event_passes(gate):
    files = {
        "adsl.csv": "cdisc/pharmaverseadam_adsl.csv",
        "adtte.csv": "cdisc/pharmaverseadam_adtte_onco.csv",
    }
    stops, _ = gate(files, PILOT | {"entry": "adam"})
    assert stops == []


def test_subjects_dispositions_and_responses_alone_end_in_the_stop_that_nobody_is_infused(gate):
    files = {
        "dm.csv": "cdisc/pharmaversesdtm_dm.csv",
        "ds.csv": "cdisc/pharmaversesdtm_ds.csv",
        "rs.csv": "cdisc/pharmaversesdtm_rs_onco_lymphoma.csv",
    }
    arms = {code: {"label": arm["label"]} for code, arm in PILOT["arms"].items()}
    single = {"design": "single-arm", "visits": VISITS | {"anchor": "infusion"}, "arms": arms}
    stops, _ = gate(files, PILOT | single | {"endpoints": ["OS", "ORR"]})
    (stop,) = [stop for stop in stops if stop.id == "S-EX"]
    assert stop.count == 254
    assert "nobody is infused by a record" in stop.sentence


def test_incoherent_dates_are_errors_that_touch_the_endpoints(gate):
    files = {
        "adsl.csv": "cdisc/random_cdisc_data_cadsl.csv",
        "adtte.csv": "cdisc/random_cdisc_data_cadtte.csv",
    }
    study = yaml.safe_load((HERE / "incoherent" / "study.yaml").read_text())
    _, found = gate(files, study, HERE / "admiral")
    errors = found[found["severity"].eq("error") & found["primary"].eq("Y")]
    assert {"F-ADAM-008", "F-ADAM-012", "F-ADAM-013"} <= set(errors["finding_id"])
