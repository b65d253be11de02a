"""The criteria's own rules, written elsewhere, find the truth at every complete visit (R23)."""

import pandas as pd

from cartend.contract.datasets.sdtm import SDTM
from cartend.response.build import derive_responses
from cartend.simulate.components.domains import true_responses
from cartend.simulate.domains import merged_domains
from cartend.simulate.truth import load_derivation, sdtm_tables
from cartend.subject.ages import keep_ages
from cartend.subject.build import derive_subjects, finish_adsl
from cartend.subject.domains import complete_columns


def algorithmic(trial) -> pd.DataFrame:
    """Return the responses that the engine derives from the components of a trial."""
    how = load_derivation(trial.params.study)
    tables = sdtm_tables(merged_domains(trial), how.study, how.criteria)
    wanted = {name: complete_columns(tables[name], SDTM[name]) for name in SDTM}
    adsl, adevt, _ = derive_subjects(how.study, how.criteria, how.bridging, wanted)
    adsl = finish_adsl(keep_ages(how.study, adsl), how.study.strata)
    adrs = derive_responses(how.study, how.criteria, wanted, adsl, adevt)
    return adrs[adrs["PARAMCD"].eq("OVRALG") & adrs["EVAL"].eq("INV")]


def test_the_rules_of_the_criteria_find_the_truth_where_every_component_is_there(shipped):
    found = algorithmic(shipped)
    at_visit = found["VISRESP"].where(found["VISRESP"].fillna("").ne(""), found["AVALC"])
    found = found.assign(FOUND=at_visit, DAY=found["ADT"].dt.strftime("%Y-%m-%d"))
    rows = [
        (subject, *entry.split(" "))
        for subject, text in true_responses(shipped).items()
        for entry in text.split(", ")
    ]
    truth = pd.DataFrame(rows, columns=["USUBJID", "DAY", "TRUE"])
    bad = truth["TRUE"].isin(("PD", "RELAPSE"))
    truth = truth[bad.groupby(truth["USUBJID"]).cumsum() - bad == 0]
    both = truth.merge(found[["USUBJID", "DAY", "FOUND", "COMPLETE"]], on=["USUBJID", "DAY"])
    complete = both[both["COMPLETE"] == "Y"]
    assert len(both) > 0.97 * len(truth)
    assert 0.8 < len(complete) / len(both) < 0.99
    wrong = complete[complete["FOUND"] != complete["TRUE"]]
    assert wrong.empty, wrong.to_string()
