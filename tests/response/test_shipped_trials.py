"""The shipped trials: response from components equals the truth wherever every component is there.

The truth of each assessment stands in truth.yaml; it is the state of the disease, read by nobody.
"""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from cartend.config.load import load_config
from cartend.intake.ingest import ingest
from cartend.response.build import build_response
from cartend.response.components import visit_key
from cartend.subject.build import build_subjects

PROJECT = Path(__file__).parents[2]
TABLES = ("adsl", "adevt", "adbrdg", "adelig", "adae")
# Study -> visits of the primary evaluator in truth, at least so many of them with every component.
EXPECTED = {
    "ball-single-arm": 400,
    "lbcl-second-line": 1400,
    "mm-late-line": 700,
    "nb-gd2": 100,
}


def true_responses(study):
    """Return USUBJID, day and true category up to and including the first progression."""
    texts = yaml.safe_load((PROJECT / "data" / "synthetic" / study / "truth.yaml").read_text())
    rows = []
    for subject, listed in texts["responses"].items():
        for entry in listed.split(", "):
            day, code = entry.split(" ")
            rows.append((subject, day, code))
            if code in ("PD", "RELAPSE"):
                break
    return pd.DataFrame(rows, columns=["USUBJID", "DAY", "TRUE"])


@pytest.fixture(scope="module", params=sorted(EXPECTED))
def visits(request, tmp_path_factory):
    name, folder = request.param, tmp_path_factory.mktemp(request.param)
    resolved = load_config({"studies": [name]}, PROJECT)
    study, criteria = resolved.studies[name], resolved.criteria[name]
    study = study.model_copy(update={"data": str(PROJECT / study.data)})
    ingest(study, criteria, folder / "sdtm", folder / "findings.csv")
    made = [folder / f"{table}.parquet" for table in TABLES]
    build_subjects(study, criteria, resolved.rules[name], folder / "sdtm", *made)
    adrs = folder / "adrs.parquet"
    build_response(study, criteria, folder / "sdtm", *made[:2], adrs, folder / "admrd.parquet")
    rows = pd.read_parquet(adrs)
    rows = rows[rows["EVAL"].eq(study.primary_evaluator) & rows["ADT"].notna()]
    said = rows[rows["PARAMCD"].eq("OVR")]
    said = said.assign(
        KEY=visit_key(said["VISIT"], said["ADT"]), DAY=said["ADT"].dt.strftime("%Y-%m-%d")
    )
    derived = rows[rows["PARAMCD"].eq("OVRALG")].rename(columns={"VISIT": "KEY"})
    both = said[["USUBJID", "KEY", "DAY"]].drop_duplicates(["USUBJID", "DAY"])
    both = both.merge(derived[["USUBJID", "KEY", "VISRESP", "COMPLETE", "DECIDES"]])
    return name, both.merge(true_responses(name))


def test_the_algorithm_finds_the_truth_at_every_complete_visit(visits):
    name, rows = visits
    complete = rows[rows["COMPLETE"].eq("Y")]
    assert len(complete) >= EXPECTED[name]
    assert complete[complete["VISRESP"].ne(complete["TRUE"])].to_numpy().tolist() == []


def test_what_is_missing_never_gives_a_better_response_than_the_truth(visits):
    name, rows = visits
    criteria = load_config({"studies": [name]}, PROJECT).criteria[name]
    rank = criteria.rank
    open_ = rows[rows["COMPLETE"].eq("N") & rows["VISRESP"].ne("NE")]
    stable = open_[~open_["TRUE"].isin(criteria.codes("progression"))]
    better = stable["VISRESP"].map(rank) < stable["TRUE"].map(rank)
    assert stable[better].to_numpy().tolist() == []
