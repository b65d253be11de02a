"""Every planted error is found by the input check that it names, and no other error is."""

from pathlib import Path

import pandas as pd
import pytest

from cartend.config.finder import load_criteria
from cartend.intake.ingest import ingest
from cartend.simulate.domains import merged_domains, split_domains
from cartend.simulate.errors import (
    EVERYWHERE,
    IN_LARGE,
    WITH_MRD,
    WITH_TRANSPLANT,
    plant_errors,
    planters_of,
)
from cartend.simulate.write import write_domains

ROOT = Path(__file__).resolve().parents[2]


def findings_of(trial, domains, folder: Path) -> pd.DataFrame:
    """Return the findings list of these domains."""
    write_domains(split_domains(domains), folder / "data")
    study = trial.study.model_copy(update={"data": str(folder / "data")})
    criteria = load_criteria(ROOT / f"config/criteria/{study.criteria}.yaml")
    ingest(study, criteria, folder / "sdtm", folder / "findings.csv")
    return pd.read_csv(folder / "findings.csv", dtype=str)


def test_every_planted_error_is_found_where_it_is(shipped, tmp_path):
    domains, planted = plant_errors(shipped, merged_domains(shipped))
    found = findings_of(shipped, domains, tmp_path)
    for error in planted:
        at = found["finding_id"].eq(error["finding"]) & found["usubjid"].eq(error["usubjid"])
        assert (at & found["domain"].eq(error["domain"])).any(), error
    errors = found[found["severity"] == "error"]
    assert set(errors["usubjid"]) <= {error["usubjid"] for error in planted}
    assert set(errors["finding_id"]) <= {error["finding"] for error in planted}


def test_without_planted_errors_no_error_is_found(shipped, tmp_path):
    found = findings_of(shipped, merged_domains(shipped), tmp_path)
    assert not (found["severity"] == "error").any()


def test_no_subject_has_two_planted_errors(shipped):
    _, planted = plant_errors(shipped, merged_domains(shipped))
    assert len(planted) == len(planters_of(shipped))
    assert len({error["usubjid"] for error in planted}) == len(planted)


def test_planting_leaves_the_given_domains_alone(shipped):
    before = merged_domains(shipped)
    copies = {name: frame.copy() for name, frame in before.items()}
    plant_errors(shipped, before)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, copies[name])


@pytest.mark.parametrize(
    "planter", [*EVERYWHERE, *IN_LARGE, *WITH_TRANSPLANT, *WITH_MRD], ids=lambda p: p.__name__
)
def test_every_planter_says_what_it_does(planter):
    assert planter.__doc__
