"""Safety pages of six subjects, every number by hand.

CART  A1 infused 1 Jan 2024, followed 400 days, alive; CRS grade 2 on day 2 to 5, neutropenia of
         grade 3 on day 20 without an end, T-cell lymphoma on day 300.
      A2 infused 1 Jan, dead of infection on day 40 (10 Feb); CRS grade 3 on day 1 to 3.
      A3 leukapheresed on 1 Jan, never infused, dead of disease on 1 Feb; infection on 5 Jan.
SOC   B1 first dose 1 Jan, crossed over on day 100; infection of grade 4 on day 10 and on day 150.
      B2 first dose 1 Jan, followed 200 days.
      B3 a child; first dose 1 Jan, dead of unknown cause on day 10.
"""

import numpy as np
import pandas as pd
import pytest

from cartend.analysis.ard import Ard
from cartend.analysis.curves import Curves
from cartend.analysis.safety.pages import Sources, write_safety
from cartend.analysis.safety.subjects import Cohort
from cartend.config.files import read_yaml, validate
from cartend.config.load import SHIPPED
from cartend.config.safety import Safety
from cartend.config.study import Study
from cartend.subject.adverse import finish

SAFETY = validate(Safety, read_yaml(SHIPPED / "safety" / "default.yaml"), "default")
ZERO = pd.Timestamp("2024-01-01")
STUDY = Study.model_validate(
    {
        "id": "tiny",
        "title": "Six subjects",
        "data": "data",
        "disease": "LBCL",
        "criteria": "tiny",
        "design": "randomised",
        "arms": {
            "CART": {"label": "CAR-T", "role": "experimental"},
            "SOC": {"label": "Standard", "role": "control"},
        },
        "visits": {"anchor": "randomisation", "schedule": [{"label": "W1", "day": 7}]},
        "times": [30, 365],
        "endpoints": ["OS"],
    }
)


def day(*numbers):
    return pd.to_datetime(
        pd.Series([None if n is None else ZERO + pd.Timedelta(days=n) for n in numbers])
    ).astype("datetime64[ms]")


def make_adsl():
    no = (None,) * 6
    return pd.DataFrame(
        {
            "USUBJID": ["A1", "A2", "A3", "B1", "B2", "B3"],
            "ARMCD": ["CART"] * 3 + ["SOC"] * 3,
            "AGE": [50.0, 60, 70, 40, 50, 10],
            "AGEGR": ["18-64", "18-64", ">=65", "18-64", "18-64", "<18"],
            "TRTSDT": day(0, 0, None, None, None, None),
            "SOCSDT": day(None, None, None, 0, 0, 0),
            "XODT": day(None, None, None, 100, None, None),
            "LEUKDT": day(-20, -20, 0, None, None, None),
            "BRSTDT": day(*no),
            "LDDT": day(-5, -5, None, None, None, None),
            "DTHDT": day(None, 40, 31, None, None, 10),
            "LSTALVDT": day(400, 39, 30, 300, 200, 9),
            "CUTDT": day(*(1000,) * 6),
            "DTHCAUS": [None, "INFECTION", "DISEASE UNDER STUDY", None, None, "UNKNOWN"],
            "SAFFL": "Y",
            "RANDFL": "Y",
            "INFFL": list("YYNNNN"),
        }
    )


def event(subject, seq, term, klass, start, end, grade, period, **more):
    row = {"USUBJID": subject, "AESEQ": seq, "AEDECOD": term, "AESICL": klass}
    row |= {"ASTDT": ZERO + pd.Timedelta(days=start), "ASTDY": start, "AETOXGR": grade}
    row |= {"ADURN": np.nan if end is None else end - start + 1, "APERIOD": period}
    scale = "ASTCT" if klass == "CRS" else "CTCAE"
    row |= {"AESCALE": scale, "AESCALEF": "STATED", "AREFDT": ZERO, "SPMFL": "N"}
    return row | {"SRCDOM": "AE", "SRCSEQ": seq, "SRCVAR": "AESTDTC"} | more


def make_adae():
    late = {"LATEFL": "Y", "LATEDT": ZERO + pd.Timedelta(days=29)}
    spm = {"SPMFL": "Y", "SPMTYPE": "T-CELL", "TCELLFL": "Y", "SPMCAUS": "POSSIBLE"}
    rows = [
        event("A1", 1, "CRS", "CRS", 2, 5, 2, "D0-28"),
        event("A1", 2, "Neutropenia", "CYTOPENIA", 20, None, 3, "D0-28", **late),
        event("A1", 3, "T-cell lymphoma", None, 300, None, 3, "D91", **spm),
        event("A2", 1, "CRS", "CRS", 1, 3, 3, "D0-28"),
        event("A3", 1, "Sepsis", "INFECTION", 4, 6, 3, "APHERESIS", AREFDT=pd.NaT),
        event("B1", 1, "Sepsis", "INFECTION", 10, 12, 4, "D0-28"),
        event("B1", 2, "Sepsis", "INFECTION", 150, 160, 4, "AFTER CROSSOVER"),
    ]
    return finish(pd.DataFrame(rows))


ADEVT = pd.DataFrame(
    {
        "USUBJID": ["A1", "B2"],
        "KIND": "SECOND_MALIGNANCY",
        "ADT": [ZERO + pd.Timedelta(days=300), ZERO + pd.Timedelta(days=20)],
        "WHAT": ["T-cell lymphoma", "Basal cell carcinoma"],
        "SRCDOM": ["AE", "AE"],
        "SRCSEQ": [3, 1],
    }
)


def written(adsl=None, adae=None, adtte=None):
    """Return {(page, section, line, arm): {statistic: value or note}}."""
    ard, curves = Ard("tiny", "primary"), Curves("tiny", "primary")
    cohort = Cohort(
        STUDY,
        SAFETY,
        make_adsl() if adsl is None else adsl,
        make_adae() if adae is None else adae,
    )
    frame = pd.DataFrame({"PARAMCD": []}) if adtte is None else adtte
    write_safety(Sources(cohort, frame, ADEVT, {}), ard, curves)
    found = {}
    for row in ard.sorted_rows():
        key = (row[2], row[6].partition(" ")[2], row[7].partition(" ")[2], row[5])
        found.setdefault(key, {})[row[13]] = row[15] if row[14] is None else row[14]
    return found


@pytest.fixture(scope="module")
def pages():
    return written()


def n_of(pages, *key):
    return (pages[key]["n"], pages[key]["N"])


def test_person_years_run_to_death_last_contact_or_crossover(pages):
    where = ("exposure", "Exposed", "Person-years")
    assert pages[*where, "CART"]["estimate"] == pytest.approx((401 + 41) / 365.25)
    assert pages[*where, "SOC"]["estimate"] == pytest.approx((101 + 201 + 11) / 365.25)


def test_no_event_in_two_subjects_rules_out_a_risk_above_1_minus_the_root_of_5_percent(pages):
    where = ("exposure", "What no event in these subjects rules out", "A risk above (%)")
    assert pages[*where, "CART"]["estimate"] == pytest.approx(1 - 0.05**0.5)


def test_no_event_rules_out_a_rate_above_3_over_the_person_years(pages):
    where = ("exposure", "What no event in these subjects rules out")
    line = "A rate above (per 100 person-years)"
    years = (401 + 41) / 365.25
    assert pages[*where, line, "CART"]["estimate"] == pytest.approx(-100 * np.log(0.05) / years)


def test_children_and_adults_are_exposed_apart(pages):
    assert pages["exposure", "Exposed, age <18", "Subjects treated", "SOC"]["n"] == 1
    assert pages["exposure", "Exposed, age 18-64", "Subjects treated", "SOC"]["n"] == 2


def test_an_event_counts_from_day_0_and_not_after_the_crossover(pages):
    where = ("special_interest", "Subjects with an event, any grade")
    assert n_of(pages, *where, "Cytokine release syndrome", "CART") == (2, 2)
    assert n_of(pages, *where, "Infection", "CART") == (0, 2)
    assert n_of(pages, *where, "Infection", "SOC") == (1, 3)
    assert n_of(pages, *where, "Any adverse event", "SOC") == (1, 3)


def test_severe_events_stand_under_their_scale(pages):
    where = ("special_interest", "Subjects with an event of grade 3 or more, by grading scale")
    assert n_of(pages, *where, "Cytokine release syndrome, ASTCT", "CART") == (1, 2)
    assert n_of(pages, *where, "Cytopenia, CTCAE", "CART") == (1, 2)


def test_grades_of_two_scales_are_two_lines():
    adae = make_adae()
    adae.loc[adae["USUBJID"].eq("A2"), "AESCALE"] = "LEE"
    found = written(adae=adae)
    where = ("special_interest", "Subjects with an event of grade 3 or more, by grading scale")
    assert n_of(found, *where, "Cytokine release syndrome, ASTCT", "CART") == (0, 2)
    assert n_of(found, *where, "Cytokine release syndrome, LEE", "CART") == (1, 2)


def test_a_period_counts_those_followed_into_it(pages):
    def period(name, line="Any adverse event", arm="CART"):
        return n_of(pages, "special_interest", f"Period: {name}", line, arm)

    assert period("from leukapheresis") == (1, 3)
    assert period("from leukapheresis", "Infection") == (1, 3)
    assert period("day 0 to 28") == (2, 2)
    assert period("day 29 to 90") == (0, 2)
    assert period("after day 90") == (1, 1)
    assert period("after day 90", arm="SOC") == (0, 2)


def test_a_period_that_nobody_reached_says_so(pages):
    line = "Not derivable: nobody was followed into this period"
    assert ("special_interest", "Period: from bridging", line, "") in pages


def test_onset_and_length_are_those_of_the_first_event(pages):
    onset = ("special_interest", "Onset of the first event, days since day 0")
    found = pages[*onset, "Cytokine release syndrome", "CART"]
    assert found == {"n": 2, "median": 1.5, "min": 1, "max": 2}
    length = ("special_interest", "Length of the first event, days, of those that ended")
    found = pages[*length, "Cytokine release syndrome", "CART"]
    assert found == {"n": 2, "median": 3.5, "min": 3, "max": 4}
    assert n_of(pages, *length, "Cytopenia: without an end", "CART") == (1, 1)


def test_a_late_event_counts_from_the_day_it_is_late_with_death_competing(pages):
    """A1 on day 30 of follow-up, while A2 is alive: 1 of 2; A2 dies on day 41."""
    label = "Cytopenia of grade 3 or more after day 28"
    where = ("special_interest", "Late events, cumulative incidence, death competing")
    assert pages[*where, f"{label}: by day 30", "CART"]["estimate"] == pytest.approx(0.5)
    assert pages[*where, f"{label}: by day 365", "CART"]["estimate"] == pytest.approx(0.5)


def test_causes_add_up_to_the_deaths_of_each_section(pages):
    sections = {key[1] for key in pages if key[0] == "deaths"}
    assert {"All subjects", "Treated", "Never treated"} <= sections
    for section in sections:
        for arm in ("CART", "SOC"):
            lines = {k[2]: v for k, v in pages.items() if (k[1], k[3]) == (section, arm)}
            if lines:
                deaths = lines.pop("Deaths, any cause")["n"]
                assert sum(line["n"] for line in lines.values()) == deaths


def test_deaths_by_cause_time_and_treatment(pages):
    assert n_of(pages, "deaths", "All subjects", "Infection", "CART") == (1, 3)
    assert n_of(pages, "deaths", "Never treated", "Disease under study", "CART") == (1, 1)
    assert n_of(pages, "deaths", "Treated, day 29 to 90", "Infection", "CART") == (1, 2)
    assert n_of(pages, "deaths", "Treated, day 0 to 28", "Unknown", "SOC") == (1, 3)
    assert n_of(pages, "deaths", "Treated, after day 90", "Deaths, any cause", "SOC") == (0, 2)


def test_second_malignancies_are_those_of_the_infused(pages):
    assert n_of(pages, "second_malignancies", "Any second malignancy", "Subjects", "CART") == (1, 2)
    assert ("second_malignancies", "Any second malignancy", "Subjects", "SOC") not in pages


def test_the_rate_runs_to_the_first_malignancy(pages):
    """One case in 301 + 41 days; Garwood's limits of one event are 0.0253 and 5.5716."""
    found = pages["second_malignancies", "T-cell malignancy", "Rate per 100 person-years", "CART"]
    years = (301 + 41) / 365.25
    assert found["estimate"] == pytest.approx(100 / years)
    assert found["lower"] == pytest.approx(100 * 0.025317808 / years, rel=1e-6)
    assert found["upper"] == pytest.approx(100 * 5.571643391 / years, rel=1e-6)


def test_a_possible_case_triggers_and_an_unlikely_one_does_not(pages):
    key = ("second_malignancies", "Triggers of stricter follow-up")
    line = "A T-cell malignancy whose cause is not excluded (R45)"
    assert pages[*key, line, ""]["met"] == 1
    adae = make_adae()
    adae.loc[adae["SPMFL"].eq("Y"), "SPMCAUS"] = "UNLIKELY"
    assert written(adae=adae)[*key, line, ""]["met"] == 0


def test_without_adverse_events_the_page_says_so():
    found = written(adae=make_adae().iloc[:0])
    line = "Not derivable: AE has no record"
    assert ("special_interest", "Not derivable", line, "") in found


def test_without_children_there_is_no_first_infusion_of_a_child(pages):
    line = "Not derivable: no child was infused"
    assert ("first_dosing", "Not derivable", line, "") in pages


def test_what_was_known_of_adults_on_the_day_of_the_first_child():
    adsl = make_adsl()
    adsl["AGE"] = [50.0, 10, 70, 40, 50, 40]
    adsl.loc[1, "TRTSDT"] = ZERO + pd.Timedelta(days=30)
    found = written(adsl=adsl)
    section = "Adults on the day of the first infusion of a child"
    assert n_of(found, "first_dosing", section, "Infused before that day", "") == (1, 1)
    line = "Of these followed for 28 days or more"
    assert n_of(found, "first_dosing", section, line, "") == (1, 1)
    line = "With an adverse event of grade 3 or more"
    assert n_of(found, "first_dosing", section, line, "") == (1, 1)
    line = "With Cytokine release syndrome of grade 3 or more"
    assert n_of(found, "first_dosing", section, line, "") == (0, 1)
