"""Prior CAR-T, unsuitable for one, refractory to the control treatment: one subject a case."""

import pandas as pd

from cartend.subject.prior import prior_flags

PRIOR = {"CMCAT": "PRIOR ANTI-CANCER THERAPY"}
IDS = pd.Index(list("ABCDE"), name="USUBJID")
NONE = pd.DataFrame({"USUBJID": [], "ADT": pd.to_datetime([])})
RANDOMISED = pd.Series(dtype="datetime64[ms]")


def flags(make, treatments=("PLATINUM",), given=NONE, randomised=RANDOMISED, **domains):
    out = prior_flags(treatments, make.domains(**domains), given, randomised, IDS)
    return {
        name: "".join(v if isinstance(v, str) else "." for v in column)
        for name, column in out.items()
    }


def test_prior_car_t_is_a_prior_therapy_of_that_class(make):
    cm = [
        {"USUBJID": "A", "CMCLAS": "CAR-T", **PRIOR},
        {"USUBJID": "B", "CMCLAS": "ALKYLATOR", **PRIOR},
        {"USUBJID": "C", "CMCLAS": "CAR-T", "CMCAT": "SUBSEQUENT ANTI-CANCER THERAPY"},
    ]
    assert flags(make, cm=cm)["PRICARFL"] == "YNNNN"


def test_an_infusion_before_randomisation_is_prior_car_t_and_a_later_one_is_not(make):
    given = pd.DataFrame(
        {"USUBJID": ["D", "E"], "ADT": pd.to_datetime(["2024-01-01", "2024-03-01"])}
    )
    randomised = pd.Series(pd.to_datetime(["2024-02-01"] * 2), index=["D", "E"])
    assert flags(make, given=given, randomised=randomised)["PRICARFL"] == "NNNYN"


def test_without_any_prior_therapy_nothing_is_known(make):
    assert flags(make) == dict.fromkeys(("PRICARFL", "CARTUNFL", "SOCREFFL", "SOCREFSC"), ".....")


def test_unsuitable_for_a_marketed_product_is_as_reported(make):
    sc = [
        {"USUBJID": "A", "SCTESTCD": "CARTUNS", "SCSTRESC": "Y"},
        {"USUBJID": "B", "SCTESTCD": "CARTUNS", "SCSTRESC": "n"},
        {"USUBJID": "C", "SCTESTCD": "CARTUNS", "SCSTRESC": "UNKNOWN"},
    ]
    assert flags(make, sc=sc)["CARTUNFL"] == "YN..."


def test_refractory_is_no_response_to_a_drug_or_class_of_the_control_arm(make):
    cm = [
        {"USUBJID": "A", "CMCLAS": "PLATINUM", "BESTRESP": "PD", **PRIOR},
        {"USUBJID": "B", "CMCLAS": "PLATINUM", "BESTRESP": "PR", **PRIOR},
        {"USUBJID": "C", "CMCLAS": "ANTI-CD20", "BESTRESP": "SD", **PRIOR},
        {"USUBJID": "D", "CMDECOD": "Gemcitabine", "BESTRESP": "sd", **PRIOR},
    ]
    found = flags(make, treatments=("PLATINUM", "GEMCITABINE"), cm=cm)
    assert found["SOCREFFL"] == "YNNYN"
    assert flags(make, treatments=(), cm=cm)["SOCREFFL"] == "....."


def test_what_is_reported_of_refractoriness_comes_before_what_is_derived(make):
    cm = [{"USUBJID": "A", "CMCLAS": "PLATINUM", "BESTRESP": "PD", **PRIOR}]
    sc = [{"USUBJID": "A", "SCTESTCD": "SOCREFR", "SCSTRESC": "N"}]
    out = prior_flags(("PLATINUM",), make.domains(cm=cm, sc=sc), NONE, RANDOMISED, IDS)
    assert out.loc[["A", "B"], "SOCREFFL"].tolist() == ["N", "N"]
    assert out.loc[["A", "B"], "SOCREFSC"].tolist() == ["SC", "CM"]
