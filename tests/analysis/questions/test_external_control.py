"""An external control: who is compared, overlap, and a confounder that weighting takes away."""

import numpy as np
import pandas as pd
import pytest
from question_trial import START, definitions, material
from test_regulator import run
from tiny_trial import make_study

from cartend.analysis.questions.external_control import NotDerivableError, read_outside

ARMS = {"CART": {"label": "CAR-T"}}


@pytest.fixture(scope="module")
def setting(tmp_path_factory):
    """Return the answer of a trial of the young beside an external group of the old."""
    random = np.random.default_rng(31)
    path = tmp_path_factory.mktemp("external") / "control.csv"

    def group(n: int, mean: float) -> tuple[np.ndarray, np.ndarray]:
        age = np.round(random.normal(mean, 7, n))
        return age, np.ceil(random.exponential(300 * np.exp(-(age - 60) / 15)))

    age, life = group(250, 63)
    outside = pd.DataFrame({"AVAL": life, "EVENT": 1, "AGE": age})
    outside.loc[:4, "AGE"] = np.nan
    outside.to_csv(path, index=False)
    age, life = group(250, 57)
    people = pd.DataFrame({"USUBJID": [f"{i:03d}" for i in range(250)], "ARMCD": "CART"})
    people = people.assign(AGE=age, INFFL="Y")
    frame = people[["USUBJID", "ARMCD"]].assign(PARAMCD="OS", EVAL="", POP="INF", ANL01FL="Y")
    frame = frame.assign(AVAL=life, STATE=1, EVNTDESC="DEATH", STARTDT=START)
    options = {"data": str(path), "time_zero": "start of salvage therapy", "covariates": ["AGE"]}
    design = {"design": "single-arm", "arms": ARMS, "strata": []}
    study = make_study(analyses={"external_control": options}, **design)
    trial = material(study=study, adsl=people, adtte=frame, definitions=definitions())
    return run(trial, "external_control")


def test_who_has_no_covariates_is_left_out_and_counted(setting):
    line = "External: subjects with every covariate, of all"
    assert (setting.get(line, "n"), setting.get(line, "N")) == (245, 250)


def test_time_zero_stands_beside_the_external_subjects(setting):
    methods = {row[9] for row in setting.rows if row[7].endswith(", of all")}
    assert "time zero of the external: start of salvage therapy" in methods


def test_weighting_balances_the_confounder_and_takes_its_effect_away(setting):
    assert setting.get("AGE, as observed") < -0.6
    assert abs(setting.get("AGE, weighted")) < 0.2
    plain = "Hazard ratio, trial over external, as observed"
    assert setting.get(plain, "upper") < 1  # the young live longer, whatever the treatment
    weighted = "Hazard ratio, trial over external, weighted"
    assert setting.get(weighted, "lower") < 1 < setting.get(weighted, "upper")


def test_without_a_file_the_question_says_so(ask):
    reason = "not estimable: the study names no external control (analyses.external_control)"
    assert ask("external_control").notes() == {reason}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"AVAL,EVENT\n", "has no subject"),
        (b"\xff\xfe\x00\x01\x02", "cannot be read as comma-separated text"),
        (b"AVAL,EVENT\n1,1\n1,1,1,1\n", "cannot be read as comma-separated text"),
        (b"AVAL,EVENT\n1,1,9\n2,0,9\n", "has rows longer than its header"),
    ],
)
def test_a_file_that_is_no_table_is_said_so(tmp_path, content, said):
    path = tmp_path / "control.csv"
    path.write_bytes(content)
    with pytest.raises(NotDerivableError) as raised:
        read_outside(path)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
