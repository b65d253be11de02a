import numpy as np
import pandas as pd

from cartend.subject.strata import (
    add_strata,
    age_group,
    baseline_assessed,
    prior_lines,
    subject_characteristics,
    trackable_clone,
)


def test_age_groups_include_their_lower_cut_point():
    ages = pd.Series([17.0, 18.0, 64.9, 65.0, None])
    assert age_group(ages, (18, 65)).tolist() == ["<18", "18-64", "18-64", ">=65", None]
    assert age_group(ages, (12,)).tolist() == [">=12"] * 4 + [None]


def test_prior_lines_are_the_highest_line_zero_or_unknown(make):
    row = {"CMCAT": "PRIOR ANTI-CANCER THERAPY"}
    cm = make.records(
        "cm",
        {"USUBJID": "A", "LINE": 1} | row,
        {"USUBJID": "A", "LINE": 3} | row,
        {"USUBJID": "B", "LINE": None} | row,
        {"USUBJID": "C", "LINE": 1, "CMCAT": "BRIDGING THERAPY"},
    )
    names = pd.Index(list("ABC"))
    np.testing.assert_array_equal(prior_lines(cm, names), [3, np.nan, 0])
    assert prior_lines(cm.iloc[:0], names).isna().all()


def test_characteristics_become_columns_and_strata_take_their_own_name(make):
    sc = make.records(
        "sc",
        {"USUBJID": "A", "SCTESTCD": "REFRACT", "SCSTRESC": "PRIMARY"},
        {"USUBJID": "A", "SCTESTCD": "REFRACT", "SCSTRESC": "LATER"},
        {"USUBJID": "B", "SCTESTCD": "ECOG", "SCSTRESC": None, "SCORRES": "1"},
    )
    adsl = subject_characteristics(sc, pd.Index(["A", "B"])).assign(AGEGR="<18")
    dm = pd.DataFrame({"USUBJID": ["B", "A"], "REGION": ["ASIA", "EUROPE"]})
    got = add_strata(adsl, ("REFRACT", "AGEGR", "REGION", "NOWHERE"), dm)
    assert got.T.to_dict("list") == {
        "A": [None, "PRIMARY", "<18", "PRIMARY", "EUROPE", None],
        "B": ["1", None, "<18", None, "ASIA", None],
    }
    assert list(got) == ["SC_ECOG", "SC_REFRACT", "AGEGR", "REFRACT", "REGION", "NOWHERE"]


def test_the_baseline_sample_says_whether_a_clone_is_trackable(make):
    lb = make.records(
        "lb",
        {"USUBJID": "A", "LBTESTCD": "MRD", "TRACKABL": "Y", "LBBLFL": None},
        {"USUBJID": "A", "LBTESTCD": "MRD", "TRACKABL": "N", "LBBLFL": "Y"},
        {"USUBJID": "B", "LBTESTCD": "MRD", "TRACKABL": "N", "LBBLFL": None},
        {"USUBJID": "B", "LBTESTCD": "MRD", "TRACKABL": "Y", "LBBLFL": None},
        {"USUBJID": "C", "LBTESTCD": "NEUT", "TRACKABL": "Y", "LBBLFL": "Y"},
    )
    assert trackable_clone(lb, pd.Index(list("ABC"))).tolist() == ["N", "Y", None]


def test_a_baseline_assessment_is_dated_before_the_treatment_or_said_by_a_characteristic(make):
    adsl = pd.DataFrame(
        {
            "RANDDT": make.days(*["2025-02-01"] * 5).to_numpy(),
            "TRTSDT": make.days(*[None] * 5).to_numpy(),
            "RANDFL": "Y",
        },
        index=list("ABCDE"),
    )
    given = {
        "tu": [{"USUBJID": "A", "TUDTC": "2025-02-01"}],  # on the day itself
        "rs": [{"USUBJID": "B", "RSDTC": "2025-02-02"}],  # the day after
        "lb": [
            {"USUBJID": "C", "LBTESTCD": "MRD", "LBDTC": "2025-01-20"},
            {"USUBJID": "D", "LBTESTCD": "LDH", "LBDTC": "2025-01-20"},  # no disease test
        ],
        "sc": [{"USUBJID": "E", "SCTESTCD": "TUMBURD", "SCSTRESC": "HIGH"}],
    }
    assert baseline_assessed(make.domains(**given), adsl).tolist() == ["Y", "N", "Y", "N", "Y"]
    nothing = make.domains(rs=given["rs"])
    assert baseline_assessed(nothing, adsl).tolist() == [None] * 5  # the data do not say
