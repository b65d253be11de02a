"""Infusions in control arms and acceptances that meet no stop are findings (D39, D40)."""

import pandas as pd
from gate_trial import INF_DAY, RAND_DAY, RANDOMISED, admitted, subject

from cartend.admission.found import (
    flags_that_differ,
    infusions_in_control,
    unmet_acceptances,
)
from cartend.intake.stops import Stop

ROWS = [subject("A"), subject("B", "SOC", sets="RAND"), subject("C", "SOC", sets="RAND")]


def infusion(usubjid, day, seq=1, dose=1.0):
    return {
        "USUBJID": usubjid,
        "EXSEQ": seq,
        "ROLE": "infusion",
        "EXDOSE": dose,
        "EXSTDTC": str(day.date()),
        "EXSTDT_LO": day,
    }


EX = [infusion("A", RAND_DAY), infusion("B", RAND_DAY), infusion("C", INF_DAY)]


def test_an_infusion_on_the_day_of_randomisation_is_no_crossover(definitions):
    found = infusions_in_control(admitted(definitions, ROWS, ex=EX))
    assert found[["severity", "usubjid", "record"]].values.tolist() == [["error", "B", "EXSEQ 1"]]
    assert found["message"].iloc[0].startswith("infused on 2024-01-01, on or before randomisation")


def test_where_the_study_knows_no_crossover_any_infusion_of_a_control_is_an_error(definitions):
    study = RANDOMISED | {"crossover": "none"}
    found = infusions_in_control(admitted(definitions, ROWS, study, ex=EX))
    assert found["usubjid"].tolist() == ["B", "C"]
    not_given = [infusion("C", INF_DAY, dose=0.0)]
    assert infusions_in_control(admitted(definitions, ROWS, study, ex=not_given)).empty


def test_a_flag_of_suppdm_that_is_not_the_derived_set_is_a_warning(definitions):
    dm = [{"USUBJID": "A", "SAFETY": "Y"}, {"USUBJID": "B", "SAFETY": "Y"}, {"USUBJID": "C"}]
    found = flags_that_differ(admitted(definitions, ROWS, dm=dm))
    assert found[["finding_id", "severity", "usubjid", "message"]].values.tolist() == [
        [
            "F-POP-001",
            "warning",
            "B",
            "SUPPDM SAFETY is Y, and SAFFL is derived as N; the derived one counts",
        ]
    ]
    assert flags_that_differ(admitted(definitions, ROWS, dm=dm[:1])).empty


def test_an_acceptance_that_meets_no_stop_is_told_with_the_nearest():
    stops = [Stop("F-DM-004", "LOW", 6, "s", "w")]
    found = unmet_acceptances(["F-DM-004 LWO"], stops)
    assert found["severity"].tolist() == ["warning"]
    assert found["message"].tolist() == [
        "accept names F-DM-004 LWO, and no stop of this run is called so; nearest: F-DM-004 LOW"
    ]
    assert isinstance(unmet_acceptances([], stops), pd.DataFrame)
