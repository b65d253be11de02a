"""A delivery in a sponsor's own words reaches ADTTE from a study file alone, its data untouched."""

import pandas as pd
import pytest
import yaml

from tests.cases.whole import HERE, Whole

CASE = HERE / "sponsor-sdtm"


@pytest.fixture(scope="module")
def sponsor(tmp_path_factory):
    return Whole(CASE, "sponsor", tmp_path_factory.mktemp("sponsor-sdtm"))


def other_study(folder, **changes):
    """Return the case with other keys in its study file."""
    study = yaml.safe_load((CASE / "studies" / "sponsor.yaml").read_text())
    study |= changes | {"data": str(CASE / "data")}
    (folder / "studies").mkdir()
    (folder / "studies" / "sponsor.yaml").write_text(yaml.safe_dump(study))
    return Whole(folder, "sponsor", folder / "out")


def records(**changes):
    """Return the roles of the case with other ones."""
    study = yaml.safe_load((CASE / "studies" / "sponsor.yaml").read_text())
    return {**study["records"], **changes}


def test_every_subject_is_where_it_belongs(sponsor):
    adsl = sponsor.adsl
    assert len(adsl) == 28
    assert (adsl["NOTINFRS"] == "SCREEN FAILURE").sum() == 4
    assert (adsl["ENRLFL"] == "Y").sum() == (adsl["LAFL"] == "Y").sum() == 24
    assert (adsl["INFFL"] == "Y").sum() == 22
    assert (adsl["BRIDGEFL"] == "Y").sum() == 16


def test_every_event_is_dated(sponsor):
    events = sponsor.adevt
    once = events.drop_duplicates(["USUBJID", "KIND"])["KIND"].value_counts()
    assert once["NEW_THERAPY"] == 8
    assert once["INFUSION"] == 22
    assert once["LEUKAPHERESIS"] == 24
    infused = sponsor.adsl.set_index("USUBJID")["TRTSDT"]
    grafts = events[events["KIND"].eq("HSCT")]
    assert (grafts["ADT"] > grafts["USUBJID"].map(infused)).sum() == 1


def test_every_death_has_its_class(sponsor):
    cause = sponsor.adsl["DTHCAUS"].value_counts()
    assert cause.to_dict() == {"DISEASE UNDER STUDY": 11, "OTHER": 1}


def test_best_responses_are_those_of_the_investigator(sponsor):
    found = {code: sponsor.responders("BOR", "INV", code) for code in ("CR", "PR", "SD", "PD")}
    assert found == {"CR": 10, "PR": 8, "SD": 3, "PD": 1}
    assert sponsor.responders("ORR", "INV") == 18


def test_lines_of_therapy_are_read_from_qualifiers_of_other_names(sponsor):
    cm = sponsor.domain("cm")
    assert cm["LINE"].value_counts().to_dict() == {1.0: 48, 2.0: 48}
    assert set(cm["BESTRESP"].dropna()) == {"CR", "PR", "SD"}
    assert (sponsor.adsl.query("LAFL == 'Y'")["PRIORLIN"] == 2).all()


def test_doses_of_zero_are_found_and_concomitant_medication_is_quiet(sponsor):
    found = sponsor.findings
    assert found["finding_id"].eq("F-EX-006").sum() == 2
    assert not found["finding_id"].str.startswith(("F-WORD", "F-ROLE")).any()


def test_without_the_roles_each_word_is_named_with_its_count(tmp_path):
    found = other_study(tmp_path, records={}, words={}).findings
    told = found.loc[found["finding_id"].eq("F-WORD-001"), "message"]
    assert told.str.contains("EXCAT 'INVESTIGATIONAL PRODUCT' is unknown").sum() == 7
    assert told.str.contains(r"CMCAT 'ANTI-CANCER THERAPY'.*\(120 records\)").sum() == 1
    assert told.str.contains("DSDECOD 'ENTERED INTO TRIAL' is unknown").any()
    assert not told.str.contains("CMCAT 'CONCOMITANT").any()


def test_a_column_that_the_data_lack_stops_in_one_sentence(tmp_path):
    asked = {"from": "EX", "where": {"EXSCAT": "INFUSION"}}
    told = [str(stop) for stop in other_study(tmp_path, records=records(infusion=asked)).stops]
    assert told[0] == (
        "sponsor: key records.infusion names EXSCAT, and EX (ex.xpt) has no such column; nearest: "
        "EXCAT"
    )


def test_roles_that_exclude_each_other_stop_with_records_and_the_way_out(tmp_path):
    asked = {"from": "CM", "where": {"CMCAT": "ANTI-CANCER THERAPY"}}
    whole = other_study(tmp_path, records=records(new_therapy=asked))
    said = "; ".join(str(stop) for stop in whole.stops)
    assert said.startswith("sponsor: roles of which a record has one at most hold together: ")
    assert "prior_therapy and new_therapy of CM ABC-CART-201-1001-004 CMSEQ 1" in said
    assert "bridging and new_therapy of CM" in said
    assert said.endswith("or add unless to it, under records in the study file")
    found = pd.read_csv(tmp_path / "out" / "findings.csv", dtype=str)
    assert found["finding_id"].eq("F-ROLE-004").sum() == 96 + 16


def test_unless_takes_records_out_again(tmp_path):
    asked = {
        "from": "CM",
        "where": {"CMCAT": "ANTI-CANCER THERAPY"},
        "unless": {"CMSCAT": ["PRIOR", "BRIDGING"]},
    }
    whole = other_study(tmp_path, records=records(new_therapy=asked))
    assert whole.domain("cm")["ROLE"].value_counts().to_dict() == {
        "prior_therapy": 96,
        "bridging": 16,
        "new_therapy": 8,
    }


def test_a_role_may_ask_a_qualifier_of_its_parent(tmp_path):
    asked = {"population_flag": {"from": "DM", "where": {"ITT": "Y"}}}
    roles = other_study(tmp_path, records=records(**asked)).domain("dm")["ROLE"].dropna()
    assert roles.str.contains("population_flag").sum() == 24
