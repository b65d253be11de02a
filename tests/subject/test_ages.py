"""Children and adults are pooled only where the study says so."""

import pandas as pd
import pytest

from cartend.subject.ages import AgeError, keep_ages

FLAGS = ("RANDFL", "LAFL", "INFFL", "SAFFL", "ENRLFL")


def adsl(*ages):
    return pd.DataFrame({"AGE": list(ages), **dict.fromkeys(FLAGS, "Y")})


def test_children_and_adults_together_need_the_key(make):
    with pytest.raises(AgeError) as stopped:
        keep_ages(make.study(), adsl(17.0, 18.0, 70.0))
    assert "1 subjects are younger than 18 years and 2 are not" in str(stopped.value)
    assert "pool_age_groups: true" in str(stopped.value)
    kept = keep_ages(make.study(pool_age_groups=True), adsl(17.0, 18.0))
    assert kept["AGEINFL"].tolist() == ["Y", "Y"]


def test_one_age_alone_needs_no_key(make):
    assert keep_ages(make.study(), adsl(18.0, None))["INFFL"].tolist() == ["Y", "Y"]
    assert keep_ages(make.study(), adsl(3.0, 17.9))["INFFL"].tolist() == ["Y", "Y"]


@pytest.mark.parametrize(("ages", "kept"), [("children", "YNY"), ("adults", "NYY")])
def test_the_other_ages_stay_in_adsl_and_in_no_set(make, ages, kept):
    found = keep_ages(make.study(ages=ages), adsl(17.0, 18.0, None))
    for flag in ("AGEINFL", *FLAGS):
        assert "".join(found[flag]) == kept, flag


def test_the_first_cut_point_parts_children_from_adults(make):
    study = make.study(age_groups=(16, 60), ages="adults")
    assert keep_ages(study, adsl(15.0, 16.0, 17.0))["AGEINFL"].tolist() == ["N", "Y", "Y"]
