"""R44: person-years, expected cases and the ratio, by hand."""

import pandas as pd
import pytest
from question_trial import CUTOFF, START, adsl

from cartend.analysis.questions.second_malignancy import expected_cases
from cartend.config.question_options import BackgroundRate

FROM = "From 0 days after infusion"
LATER = "From 90 days after infusion"


def people() -> pd.DataFrame:
    """Return the eight: CART infused on day 1, alive to the cut-off but A1 and A3, aged 60, men."""
    frame = adsl().assign(AGE=60.0, SEX="M", INFFL="N", TRTSDT=pd.NaT)
    cart = frame["ARMCD"] == "CART"
    frame.loc[cart, ["INFFL", "TRTSDT"]] = ["Y", START]
    return frame.assign(LSTALVDT=CUTOFF)


def case(subject: str, day: int, what: str) -> dict:
    date = START + pd.Timedelta(days=day - 1)
    return {"USUBJID": subject, "KIND": "SECOND_MALIGNANCY", "ADT": date, "WHAT": what}


CASES = pd.DataFrame([case("A2", 50, "T-cell lymphoma"), case("A4", 200, "Basal cell carcinoma")])
RATES = {"rates": [{"from_age": 0, "to_age": 130, "per_100000": 50_000}], "source": "made up"}


def test_cases_and_person_years_end_with_the_case_death_or_cut_off(ask):
    answer = ask("second_malignancy", adsl=people(), adevt=CASES)
    # A1 dies day 90, A2 case day 50, A3 dies day 60, A4 to the cut-off on day 366
    line = "T-cell malignancy: person-years"
    assert answer.get(line, "n", section=FROM) == pytest.approx((90 + 50 + 60 + 366) / 365.25)
    line = "T-cell malignancy: subjects with a case, of those at risk"
    assert (answer.get(line, "n", section=FROM), answer.get(line, "N", section=FROM)) == (1, 4)


def test_the_lag_leaves_out_what_came_before_it(ask):
    answer = ask("second_malignancy", adsl=people(), adevt=CASES)
    line = "T-cell malignancy: subjects with a case, of those at risk"
    assert (answer.get(line, "n", section=LATER), answer.get(line, "N", section=LATER)) == (0, 1)
    line = "Second malignancy of any kind: subjects with a case, of those at risk"
    assert answer.get(line, "n", section=LATER) == 1


def test_the_ratio_is_observed_over_expected_with_exact_limits(ask):
    answer = ask("second_malignancy", RATES, adsl=people(), adevt=CASES)
    expected = (90 + 50 + 60 + 366) / 365.25 * 0.5
    line = "T-cell malignancy: standardised incidence ratio"
    assert answer.get(line, section=FROM) == pytest.approx(1 / expected)
    assert answer.get(line, "upper", section=FROM) == pytest.approx(5.5716 / expected, rel=1e-4)


def test_years_are_shared_out_over_sexes_and_age_bands():
    frame = pd.DataFrame({"AGE": [59.0, 59.0], "SEX": ["M", "F"]})
    rates = (
        BackgroundRate(from_age=0, to_age=60, per_100000=1000),
        BackgroundRate(from_age=60, to_age=90, per_100000=5000, sex="M"),
    )
    # two years each from age 59: one year at 1% for both, one at 5% for the man alone
    days = [2 * 365.25, 2 * 365.25]
    assert expected_cases(frame, 0, days, rates) == pytest.approx(0.01 + 0.01 + 0.05)


def test_without_background_rates_the_rate_stands_and_the_ratio_says_why(ask):
    answer = ask("second_malignancy", adsl=people(), adevt=CASES)
    assert any("names no background rates" in note for note in answer.notes(FROM))
    assert answer.get("T-cell malignancy: rate per 100,000 person-years", section=FROM) > 0
