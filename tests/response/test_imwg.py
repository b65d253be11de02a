"""Myeloma by IMWG 2016 from its components, by hand (specification 2.2)."""

import pytest
from component_cases import algorithmic, codes, disagreements, domains, responses

LESIONS = {"P1": ("TARGET", "CHEST WALL"), "P2": ("TARGET", "LIVER"), "B1": ("NEW", "BONE")}
START = {"MPROTS": 4.0, "MPROTU": 500, "FLCK": 300, "FLCL": 10, "PLSMCELL": 40}
SERUM = {"MPROTS": 4.0, "MPROTU": 50, "FLCK": 300, "FLCL": 10, "PLSMCELL": 40}
CHAIN = {"MPROTS": 0.2, "MPROTU": 50, "FLCK": 310, "FLCL": 10, "PLSMCELL": 40}
NORMAL = {"FLCK": 10, "FLCL": 10}
GONE = {"MPROTS": 0, "MPROTU": 0, **NORMAL, "IFIXS": "NEGATIVE", "IFIXU": "NEGATIVE"}
CLEAR = GONE | {"PLSMCELL": 2, "CLONALPC": "NEGATIVE"}
FIXED = {"IFIXS": "POSITIVE", "IFIXU": "POSITIVE"}


def run(*later, start=None, **keys):
    visits = {"BASELINE": START if start is None else start}
    visits |= {f"V{n}": visit for n, visit in enumerate(later, 1)}
    return list(codes("imwg-2016", visits, LESIONS, **keys).values())


def without(tests, *names):
    return {name: value for name, value in tests.items() if name not in names}


FIRST = [
    (CLEAR, "sCR"),
    (CLEAR | {"CLONALPC": "POSITIVE"}, "CR"),
    (CLEAR | {"FLCK": 20, "FLCL": 10}, "CR"),  # ratio 2.0
    (CLEAR | {"PLSMCELL": 5}, "VGPR"),  # 5 is not below 5
    (CLEAR | {"IFIXU": "POSITIVE"}, "VGPR"),
    ({"MPROTS": 0.4, "MPROTU": 99, **FIXED}, "VGPR"),  # 90 % and below 100
    ({"MPROTS": 0.4, "MPROTU": 100, **FIXED}, "PR"),
    ({"MPROTS": 0.41, "MPROTU": 50, **FIXED}, "PR"),
    ({"MPROTS": 2.0, "MPROTU": 199, **FIXED}, "PR"),  # 50 %, urine below 200
    ({"MPROTS": 2.0, "MPROTU": 200, **FIXED}, "MR"),  # urine fell by 60 % only
    ({"MPROTS": 2.01, "MPROTU": 50, **FIXED}, "MR"),
    ({"MPROTS": 3.0, "MPROTU": 250, **FIXED}, "MR"),  # 25 % and 50 %
    ({"MPROTS": 3.0, "MPROTU": 251, **FIXED}, "SD"),
    ({"MPROTS": 3.01, "MPROTU": 50, **FIXED}, "SD"),
    ({"MPROTS": 5.0, "MPROTU": 500, **FIXED}, "PD"),  # 25 % and 1 g/dL above 4
    ({"MPROTS": 4.9, "MPROTU": 500, **FIXED}, "SD"),
    ({"MPROTS": 4.0, "MPROTU": 700, **FIXED}, "PD"),  # 40 % and 200 mg
    ({"MPROTS": 4.0, "MPROTU": 690, **FIXED}, "SD"),
    ({"MPROTU": 50}, "NE"),  # the leading parameter is missing
    ({"MPROTU": 900}, "PD"),  # progression from partial data
    (NORMAL, "NE"),
]


def test_a_first_visit_with_serum_and_urine_measurable():
    assert disagreements("imwg-2016", START, FIRST, LESIONS) == []


@pytest.mark.parametrize(
    ("visit", "expected", "lacks"),
    [
        (without(CLEAR, "CLONALPC"), "CR", "CLONALPC"),
        (without(CLEAR, "PLSMCELL"), "VGPR", "PLSMCELL"),  # CR not shown
        (without(CLEAR, "IFIXU"), "VGPR", "IFIXU"),
        ({"MPROTS": 0.2}, "PR", "MPROTU"),  # VGPR by serum, urine not collected
        ({"MPROTS": 1.9}, "MR", "MPROTU"),
    ],
)
def test_a_missing_critical_test_downgrades_one_level(visit, expected, lacks):
    got = algorithmic("imwg-2016", {"BASELINE": START, "V1": visit}, LESIONS).loc["V1"]
    assert got["AVALC"] == expected
    assert lacks in got["DECIDES"]
    assert "one level down" in got["DECIDES"]
    assert got["COMPLETE"] == "N"


def test_marrow_and_clonality_need_no_repeat():
    assert run(CLEAR, GONE) == ["sCR", "sCR"]


def test_where_urine_is_not_measurable_at_baseline_it_is_not_asked_to_fall():
    assert run({"MPROTS": 0.3}, start=SERUM) == ["VGPR"]
    assert run({"MPROTS": 0.3, "MPROTU": 120}, start=SERUM) == ["PR"], "but must stay below 100"


def test_light_chains_lead_only_where_no_m_protein_is_measurable_and_units_are_kept():
    assert run({"FLCK": 40, "FLCL": 10, "MPROTS": 0.2, "MPROTU": 50}, start=CHAIN) == ["VGPR"]
    assert run({"FLCK": 41, "FLCL": 10, "MPROTS": 0.2, "MPROTU": 50}, start=CHAIN) == ["PR"]
    assert run({"FLCK": 161, "FLCL": 10, "MPROTS": 0.2, "MPROTU": 50}, start=CHAIN) == ["SD"]
    assert run({"FLCK": 400, "FLCL": 10}, start=CHAIN) == ["SD"], "90 mg/L more is not above 100"
    assert run({"FLCK": 411, "FLCL": 10}, start=CHAIN) == ["PD"], "101 mg/L more"
    assert run({"FLCK": 411, "FLCL": 10, "MPROTS": 4, "MPROTU": 50}, start=SERUM) == ["SD"]


def test_10_mg_per_dl_of_light_chain_are_100_mg_per_l():
    decilitre = {"FLCK": "mg/dL", "FLCL": "mg/dL"}
    start = CHAIN | {"FLCK": 31, "FLCL": 1}  # 310 and 10 mg/L
    for value, expected in {40: "SD", 41.1: "PD"}.items():
        assert run({"FLCK": value, "FLCL": 1}, start=start, unit=decilitre) == [expected]
    unstated = {"FLCK": "", "FLCL": ""}
    assert run({"FLCK": 41.1, "FLCL": 1}, start=start, unit=unstated) == ["NE"], "never guessed"


def test_complete_response_of_light_chain_disease_asks_for_a_normal_ratio():
    normal = CLEAR | {"FLCK": 16, "FLCL": 10}
    assert run(normal, start=CHAIN) == ["sCR"]
    assert run(CLEAR | {"FLCK": 20, "FLCL": 10}, start=CHAIN) == ["VGPR"]


def test_the_marrow_leads_where_nothing_else_is_measurable():
    start = {"MPROTS": 0, "MPROTU": 0, "FLCK": 12, "FLCL": 10, "PLSMCELL": 40}
    assert run({"PLSMCELL": 20, **NORMAL}, start=start) == ["PR"]
    assert run({"PLSMCELL": 21, **NORMAL}, start=start) == ["SD"]
    assert run({"PLSMCELL": 50, **NORMAL}, start=start) == ["PD"], "25 % and 10 points"
    assert run({"PLSMCELL": 49, **NORMAL}, start=start) == ["SD"]


def test_progression_is_measured_from_the_lowest_confirmed_value():
    def serum(*values):
        return [{"MPROTS": value, "MPROTU": 0, **FIXED} for value in values]

    once = serum(0.2, 0.7)  # 0.2 was never confirmed: 0.7 is no progression from it
    twice = serum(0.2, 0.2, 0.7)
    assert run(*once) == ["VGPR", "PR"]
    assert run(*twice) == ["VGPR", "VGPR", "PD"]
    assert run(*serum(0.2, 0.3, 0.79)) == ["VGPR", "VGPR", "PR"], "0.3 is confirmed: 0.49 more"
    assert run(*serum(0.2, 0.3, 0.8)) == ["VGPR", "VGPR", "PD"]


def test_from_a_nadir_of_5_or_more_progression_asks_for_1_g_per_dl():
    start = START | {"MPROTS": 5.0}
    more = {"MPROTU": 500, **FIXED}
    rules = {"progression_rise": {"at_least": 10}}
    assert run({"MPROTS": 5.9, **more}, start=start, rules=rules) == ["SD"]
    assert run({"MPROTS": 6.0, **more}, start=start, rules=rules) == ["PD"]
    assert run({"MPROTS": 4.5, **more}, start=START, rules=rules) == ["PD"], "0.5 from nadir 4"


def lesion(name, long, short):
    return {(name, "LDIAM"): long, (name, "PERP"): short}


def test_plasmacytomas_are_required_and_new_lesions_progress():
    start = START | lesion("P1", 40, 20)
    assert run(CLEAR | lesion("P1", 0, 0), start=start) == ["sCR"]
    assert run(CLEAR | lesion("P1", 8, 8), start=start) == ["VGPR"], "92 %: not gone"
    assert run(CLEAR | lesion("P1", 20, 20), start=start) == ["PR"], "50 %"
    assert run(CLEAR | lesion("P1", 30, 20), start=start) == ["SD"], "25 %: not even minimal"
    minimal = {"minimal_plasmacytoma": {"at_least": 25}}
    assert run(CLEAR | lesion("P1", 30, 20), start=start, rules=minimal) == ["MR"]
    assert run(CLEAR | lesion("P1", 60, 20), start=start) == ["PD"], "50 % longer, 20 mm wide"
    assert run(CLEAR | lesion("P1", 60, 10), start=start) == ["SD"], "10 mm wide"
    assert run(CLEAR | {("B1", "SEEN"): 1}) == ["PD"]


def test_the_basis_of_progression_decides_what_confirmation_asks():
    visits = {"BASELINE": START, "V1": {"MPROTS": 5.2, "MPROTU": 500}}
    visits |= {"V2": {"MPROTS": 3.9, "MPROTU": 500}, "V3": CLEAR | {("B1", "SEEN"): 1}}
    got = responses("imwg-2016", domains(visits, LESIONS)).set_index("VISIT")
    assert got["VISRESP"].to_dict() == {"V1": "PD", "V2": "SD", "V3": "PD"}
    assert got["PDBASIS"].to_dict() == {"V1": "SERUM", "V2": None, "V3": "IMAGING"}
    assert got["AVALC"].to_dict() == {"V1": "NE", "V2": "SD", "V3": "PD"}


def test_thresholds_are_keys():
    low = SERUM | {"MPROTS": 0.6}
    visit = {"MPROTS": 0.2, **FIXED}
    assert run(visit, start=low) == ["NE"], "0.6 g/dL is not measurable; light chains lead"
    assert run(visit, start=low, rules={"measurable_serum": {"at_least": 0.5}}) == ["PR"]
    assert run({"MPROTS": 0.2}, rules={"missing_test": "not_evaluable"}) == ["NE"]
