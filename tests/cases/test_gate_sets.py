"""Nobody in the deciding set is a stop in one sentence, whatever the delivery (decision D39)."""

import pytest
import yaml

from tests.cases.test_sponsor_sdtm import other_study as sponsor_with
from tests.cases.whole import HERE, Whole


def test_an_adsl_without_the_date_of_the_infusion(tmp_path):
    (stop,) = Whole(HERE / "no-infusion-date", "x", tmp_path).stops
    assert stop.sentence == (
        "x: nobody is in the set INF (all infused subjects), on which OS and PFS_EMA rest, because "
        "ADSL has no date in INFDT or TRTSDT"
    )
    assert stop.way_out == "name the column with its date as adam: {columns: {adsl: {INFDT: ...}}}"


def test_a_delivery_in_words_that_no_role_knows_stops_with_each_of_them(tmp_path):
    whole = sponsor_with(tmp_path, records={}, words={})
    keys = [stop.key for stop in whole.stops]
    assert keys[0] == "S-SET INF"
    assert keys[1:] == [
        "S-DOSE EXCAT 'CAR T-CELL THERAPY'",
        "S-DOSE EXCAT 'CAR-T CELL INFUSION'",
        "S-DOSE EXCAT 'INVESTIGATIONAL PRODUCT'",
        "S-DOSE EXCAT 'STUDY TREATMENT'",
    ]
    assert sum(stop.count for stop in whole.stops[1:]) == 22
    folder = tmp_path / "out" / "admission"
    assert not (folder / "accepted.csv").exists()
    page = (folder / "admission.html").read_text()
    assert "5 stops." in page
    assert all(stop.way_out in page for stop in whole.stops)


def test_a_stop_that_the_study_cannot_accept_stays(tmp_path):
    said = {"S-SET INF": {"count": 6, "reason": "later"}}
    stops = sponsor_with(tmp_path, records={}, words={}, accept=said).stops
    assert stops[0].sentence.endswith("(a stop of this kind cannot be accepted)")


@pytest.mark.parametrize("case", ["times-in-days", "not-done", "sponsor-sdtm", "dose-zero"])
def test_a_delivery_that_is_understood_has_no_stop(tmp_path, case):
    name = "sponsor" if case == "sponsor-sdtm" else "x"
    assert Whole(HERE / case, name, tmp_path).stops == []


def test_an_interim_cut_off_before_the_last_infusions_is_routine(tmp_path):
    """Leukapheresed before and infused after it: pending, in LA, and never "not infused"."""
    case = HERE / "sponsor-sdtm"
    study = yaml.safe_load((case / "studies" / "sponsor.yaml").read_text())
    first = Whole(case, "sponsor", tmp_path / "first").adsl
    cut = first["TRTSDT"].dropna().sort_values().iloc[10]
    later = first[first["TRTSDT"].gt(cut) & first["LEUKDT"].le(cut)]["USUBJID"]
    assert len(later) > 0
    (tmp_path / "studies").mkdir()
    study |= {"data": str(case / "data"), "cutoff": str(cut.date())}
    (tmp_path / "studies" / "sponsor.yaml").write_text(yaml.safe_dump(study))
    whole = Whole(tmp_path, "sponsor", tmp_path / "out")
    assert whole.stops == []
