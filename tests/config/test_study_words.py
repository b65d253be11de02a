"""What a study file says of words and roles is checked before any data are read."""

import pytest

from cartend.config.finder import load_study
from cartend.config.records import shipped_records
from cartend.config.study import Study
from cartend.config.words import words_of
from cartend.contract.terms.roles import ROLE


def test_words_are_looked_up_by_table_column_and_normal_form(folder):
    words = {"ds.dsdecod": {"randomised": ["MEDICAL-JUDGEMENT"]}, "SUPPCM.QNAM": {"line": ["L"]}}
    study = folder.study(words=words).load().studies["lbcl-second-line"]
    assert words_of(study.words, "ds") == {"DSDECOD": {"medical judgement": "RANDOMIZED"}}
    assert words_of(study.words, "suppcm") == {"QNAM": {"l": "LINE"}}
    assert words_of(study.words, "cm") == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"DDX.DDSTRESC": {"OTHER": ["X"]}}, "DDX is no dataset that is read; allowed: DM, DS,"),
        ({"DD.DDSTRES": {"OTHER": ["X"]}}, "DD has no column DDSTRES that is read; nearest: DDST"),
        ({"DD": {"OTHER": ["X"]}}, "DD has no column of no name that is read"),
        ({"SUPPCM.QVAL": {"OTHER": ["X"]}}, "of SUPPCM QNAM alone can be mapped"),
        ({"SUPPXX.QNAM": {"OTHER": ["X"]}}, "SUPPXX is no dataset that is read"),
        (
            {"DS.DSDECOD": {"RANDOMIZE": ["X"]}},
            "RANDOMIZE is none of our words of DSDECOD; allowed: INFORMED CONSENT OBTAINED,",
        ),
        ({"DS.DSDECOD": {"DEATH": []}}, "DS.DSDECOD.DEATH: no word is named that means it"),
        (
            {"DD.DDSTRESC": {"OTHER": ["Car-T"], "UNKNOWN": ["CAR T"]}},
            "key words.DD.DDSTRESC: CAR T means OTHER and UNKNOWN; a word has one meaning",
        ),
    ],
)
def test_words_that_cannot_be_are_refused_in_one_sentence(folder, words, said):
    sentence = folder.study(words=words).error()
    assert sentence.startswith("studies/lbcl.yaml: key words.")
    assert said in sentence


def test_a_column_that_a_role_or_a_stratum_names_may_be_mapped(folder):
    records = {"bridging": {"from": "CM", "where": {"CMSCAT": "BRIDGING"}}}
    words = {"CM.CMSCAT": {"BRIDGING": ["BRIDGE"]}, "DM.AAIPI": {"2-3": ["HIGH"]}}
    assert folder.study(records=records, words=words).load()


@pytest.mark.parametrize("name", ["New therapy", "BRIDGING", "new-therapy", "1st"])
def test_the_id_of_a_role_is_small_letters(folder, name):
    sentence = folder.study(records={name: {"from": "CM"}}).error()
    assert f"key records.{name}: a role's id is small letters, digits and _" in sentence


def test_a_study_holds_every_role_and_knows_which_are_its_own(folder):
    records = {"bridging": None, "rescue": {"from": "CM", "where": {"CMTRT": "X"}}}
    folder.study(records=records).write("studies/lbcl", folder.study_text)
    found = load_study(folder.path / "studies" / "lbcl.yaml").records
    assert list(found) == [*ROLE, "rescue"]
    assert found["bridging"] is None
    assert found["infusion"].shipped
    assert not found["rescue"].shipped


def test_a_change_of_a_shipped_role_is_a_change_of_every_jobs_parameter(folder, monkeypatch):
    before = folder.load().spec("lbcl-second-line")["study"]
    changed = dict(shipped_records())
    changed["infusion"] = changed["infusion"].model_copy(
        update={"records": changed["leukapheresis"].records}
    )
    monkeypatch.setattr("cartend.config.records.shipped_records", lambda: changed)
    after = folder.load().spec("lbcl-second-line")["study"]
    assert before != after
    assert before["records"]["infusion"] != after["records"]["infusion"]
    assert {**before, "records": None} == {**after, "records": None}


def test_a_job_reads_the_roles_that_it_is_told(folder):
    records = {"rescue": {"from": "CM", "where": {"CMTRT": "X"}, "unless": {"CMCAT": ""}}}
    run = folder.study(records=records).load()
    told = run.spec("lbcl-second-line")["study"]
    assert Study.model_validate(told).records == run.studies["lbcl-second-line"].records


@pytest.mark.parametrize("name", ["hsct", "pd", "crossover"])
def test_a_role_of_the_studys_own_is_no_type_of_event(folder, name):
    sentence = folder.study(records={name: {"from": "CM"}}).error()
    assert f"key records.{name}: {name.upper()} is a type of event of endpoints" in sentence
