"""B-ALL from its components, by hand (specification 2.3)."""

import pandas as pd
from component_cases import algorithmic, codes, disagreements, domains, responses

START = {"BLASTBM": 60, "BLASTPB": 10, "NEUT": 0.4, "PLAT": 30, "EMDRESP": "ABSENT"}
START |= {"CNSSTAT": "CNS1"}
CLEAN = {"BLASTBM": 2, "BLASTPB": 0, "NEUT": 1.5, "PLAT": 150, "BMCELL": "ADEQUATE"}
CLEAN |= {"EMDRESP": "ABSENT", "CNSSTAT": "CNS1"}


def one(change, rules=None):
    """Return the category of a first visit that differs from a clean one."""
    visit = {key: value for key, value in (CLEAN | change).items() if value is not None}
    return codes("b-all", {"BASELINE": START, "V1": visit}, rules=rules)["V1"]


FIRST = [
    ({}, "CR"),
    ({"NEUT": 1.0, "PLAT": 100}, "CR"),  # at least
    ({"NEUT": 0.99}, "CRh"),
    ({"NEUT": 0.6, "PLAT": 60}, "CRh"),
    ({"NEUT": 0.5, "PLAT": 60}, "CRi"),  # CRh asks for more than 0.5
    ({"PLAT": 50, "NEUT": 2}, "CRi"),
    ({"NEUT": 0.2, "PLAT": 10}, "CRi"),
    ({"BMCELL": "HYPOCELLULAR"}, "MLFS"),  # MLFS is not CR, whatever the counts
    ({"BMCELL": "APLASTIC", "NEUT": 0.1, "PLAT": 5}, "MLFS"),
    ({"BMCELL": None, "NEUT": 0.1, "PLAT": 5}, "MLFS"),  # not shown to be a CRi
    ({"BMCELL": None}, "CR"),  # counts recovered speak for the marrow
    ({"BLASTBM": 5}, "PR"),  # 5 is not below 5
    ({"BLASTBM": 25}, "PR"),
    ({"BLASTBM": 30}, "NR"),  # halved, but above 25
    ({"BLASTBM": 25.5}, "NR"),
    ({"BLASTPB": 1}, "NR"),  # circulating blasts: neither CR nor, marrow < 5, PR
    ({"CNSSTAT": "CNS2"}, "NR"),
    ({"CNSSTAT": "CNS3"}, "PD"),
    ({"EMDRESP": "NEW"}, "PD"),
    ({"EMDRESP": "PRESENT"}, "PD"),  # absent at baseline: new
    ({"BLASTBM": 75}, "PD"),  # 25 % above the 60 of the baseline
    ({"BLASTBM": 74}, "NR"),
    ({"BLASTBM": None}, "NE"),
    ({"BLASTPB": None}, "NE"),
    ({"BLASTBM": None, "BLASTPB": 20}, "PD"),  # progression from partial data
    ({"NEUT": None}, "CRi"),  # not shown to be recovered
]


def changed(cases):
    """Return the cases with the clean visit changed, None for a component not done."""
    return [
        ({key: value for key, value in (CLEAN | change).items() if value is not None}, expected)
        for change, expected in cases
    ]


def test_a_first_visit():
    assert disagreements("b-all", START, changed(FIRST)) == []


def test_counts_in_an_unknown_unit_are_no_counts():
    visits = {"BASELINE": START, "V1": CLEAN}
    assert codes("b-all", visits, unit={"PLAT": "g/dL"})["V1"] == "CRi"


LATER = [
    ({"BLASTBM": 5}, "PR"),  # relapse asks for more than 5
    ({"BLASTBM": 5.1}, "RELAPSE"),
    ({"BLASTPB": 1}, "RELAPSE"),
    ({"EMDRESP": "PRESENT"}, "RELAPSE"),
    ({"CNSSTAT": "CNS3"}, "RELAPSE"),
    ({"BLASTBM": None}, "CR"),  # no second marrow is asked for in remission
    ({"BLASTBM": None, "PLAT": 20}, "CRi"),
    ({"BLASTBM": None, "BLASTPB": 3}, "RELAPSE"),
]


def test_after_remission():
    assert disagreements("b-all", START, changed(LATER), before=[CLEAN]) == []


def test_the_relapse_threshold_and_its_strictness_are_keys():
    after = {"BASELINE": START, "V1": CLEAN, "V2": CLEAN | {"BLASTBM": 25}}
    lower = after | {"V2": CLEAN | {"BLASTBM": 24.9}}
    consensus = {"relapse_marrow": {"at_least": 25}}
    assert codes("b-all", after, rules=consensus)["V2"] == "RELAPSE"
    assert codes("b-all", lower, rules=consensus)["V2"] == "PR"
    assert codes("b-all", after, rules={"relapse_marrow": {"above": 25}})["V2"] == "PR"
    assert one({"NEUT": 1.0}, rules={"cr_neutrophils": {"above": 1.0}}) == "CRh"
    assert one({"NEUT": 0.7}, rules={"crh": False}) == "CRi"


def test_relapse_is_dated_at_the_earliest_sign_and_remission_at_the_latest_component():
    tables = domains({"BASELINE": START, "V1": CLEAN, "V2": CLEAN | {"BLASTBM": 40, "BLASTPB": 6}})
    marrow = tables["lb"]["LBTESTCD"].eq("BLASTBM") & tables["lb"]["VISIT"].ne("BASELINE")
    for place in ("LBDT_LO", "LBDT_HI"):
        tables["lb"].loc[marrow, place] += pd.Timedelta(3, "D")
    got = responses("b-all", tables).set_index("VISIT")
    assert str(got.loc["V1", "ADT"].date()) == "2025-02-03"
    assert str(got.loc["V2", "ADT"].date()) == "2025-03-02"
    assert got.loc["V2", "DECIDES"] == "circulating blasts > 0 % after remission"
    assert got.loc["V2", "SRCDOM"] == "LB"


def test_complete_says_whether_every_component_was_there():
    visits = {"BASELINE": START, "V1": CLEAN, "V2": {k: v for k, v in CLEAN.items() if k != "PLAT"}}
    assert algorithmic("b-all", visits)["COMPLETE"].to_dict() == {"V1": "Y", "V2": "N"}
