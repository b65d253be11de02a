"""Lymphoma by Lugano 2014 from its components, by hand (specification 2.1)."""

import pytest
from component_cases import algorithmic, codes, disagreements

LESIONS = {
    "T1": ("TARGET", "LYMPH NODE"),
    "T2": ("TARGET", "LIVER"),
    "NT1": ("NON-TARGET", "BONE"),
    "N1": ("NEW", "LYMPH NODE"),
    "N2": ("NEW", "LUNG"),
}


def node(long, short, lesion="T1"):
    return {(lesion, "LDIAM"): long, (lesion, "PERP"): short}


START = {**node(40, 20), "DEAUV": 5}
CMR = {"DEAUV": 2}


def run(*later, start=None, **keys):
    visits = {"BASELINE": START if start is None else start}
    visits |= {f"V{n}": visit for n, visit in enumerate(later, 1)}
    return list(codes("lugano-2014", visits, LESIONS, **keys).values())


PET = [
    ({"DEAUV": 1}, "CR"),
    ({"DEAUV": 3}, "CR"),  # a residual mass with uptake 1-3 is complete
    ({"DEAUV": 4, "FDGCHG": "DECREASED"}, "PR"),
    ({"DEAUV": 5, "FDGCHG": "UNCHANGED"}, "SD"),
    ({"DEAUV": 4, "FDGCHG": "INCREASED"}, "PD"),
    ({"DEAUV": 2, "FDGNEW": "Y"}, "PD"),
    ({"DEAUV": 2, "FDGBM": "NEW"}, "PD"),
    ({"DEAUV": 2, "FDGBM": "REDUCED"}, "PR"),  # avid marrow remains
    ({"DEAUV": 4}, "NE"),  # change against baseline not stated
    ({("T1", "DEAUV"): 2, ("T2", "DEAUV"): 3}, "CR"),  # all sites
    ({"DEAUV": 2, **node(50, 40)}, "CR"),  # PET decides where it is evaluable
]


def test_pet():
    assert disagreements("lugano-2014", START, PET, LESIONS) == []


def test_uptake_4_after_complete_metabolic_response_is_progression_not_reduction():
    later = {"DEAUV": 4, "FDGCHG": "DECREASED"}
    assert run(CMR, later) == ["CR", "PD"]
    assert run(later, later) == ["PR", "PR"], "never cleared: reduced against baseline"


def test_one_lesion_that_went_from_2_to_4_is_progression_while_others_were_always_4():
    first = {("T1", "DEAUV"): 2, ("T2", "DEAUV"): 4, "FDGCHG": "DECREASED"}
    second = {("T1", "DEAUV"): 4, ("T2", "DEAUV"): 4, "FDGCHG": "DECREASED"}
    got = algorithmic("lugano-2014", {"BASELINE": START, "V1": first, "V2": second}, LESIONS)
    assert got["AVALC"].tolist() == ["PR", "PD"]
    assert got["DECIDES"].iloc[1] == "a lesion's uptake 4-5 after 1-3: recurrent focus"


CT = [
    (node(15, 10), "CR"),  # at most 15 mm
    (node(16, 10), "PR"),  # 160 of 800
    (node(20, 20), "PR"),  # exactly half
    (node(21, 20), "SD"),
    (node(50, 24), "PD"),  # 1200 = 1.5 x 800 and 10 mm longer
    (node(49, 24.4), "SD"),  # product up by half, but 9 mm
    (node(50, 23), "SD"),  # 10 mm longer, product 1150
    ({}, "NE"),
    ({**node(40, 20), **node(16, 9, "N1")}, "PD"),  # new node above 15 mm
    ({**node(40, 20), **node(15, 9, "N1")}, "SD"),
    ({**node(40, 20), **node(11, 9, "N2")}, "PD"),  # new extranodal above 10 mm
    ({**node(40, 20), **node(9, 9, "N2")}, "SD"),
    ({**node(40, 20), **node(9, 9, "N2"), ("N2", "TUMSTATE"): "UNEQUIVOCAL"}, "PD"),
    ({**node(16, 10), ("N1", "SEEN"): 1}, "PD"),  # seen without a size
]


def test_ct_decides_where_pet_was_not_done():
    cases = [(visit | {"SPLEEN": 110}, expected) for visit, expected in CT]
    assert disagreements("lugano-2014", START, cases, LESIONS) == []


def test_the_nadir_is_the_smallest_product_and_small_lesions_need_5_mm():
    shrunk = node(16, 10)
    assert run(shrunk, node(21, 12)) == ["PR", "PD"]  # 252 >= 240, 5 mm from 16
    assert run(shrunk, node(20, 12)) == ["PR", "PR"]  # 4 mm
    assert run(shrunk, node(17, 15)) == ["PR", "PD"]  # the short axis grew by 5 mm
    assert run(node(0, 0), node(16, 10)) == ["CR", "PD"]  # regrowth of a resolved lesion


def test_an_extranodal_lesion_must_be_gone_for_complete_response():
    start = {**START, **node(30, 20, "T2")}
    assert run({**node(10, 5), **node(5, 5, "T2")}, start=start) == ["PR"]
    assert run({**node(10, 5), **node(0, 0, "T2")}, start=start) == ["CR"]
    assert run(node(10, 5), start=start) == ["NE"], "a target was not measured"


def test_non_measured_disease_bars_complete_response_and_makes_progression():
    start = {**START, ("NT1", "TUMSTATE"): "PRESENT"}
    for state, expected in {"ABSENT": "CR", "PRESENT": "PR", "UNEQUIVOCAL": "PD"}.items():
        assert run({**node(10, 5), ("NT1", "TUMSTATE"): state}, start=start) == [expected]
    assert run(node(10, 5), start=start) == ["PR"], "not looked at: not shown to be absent"


def test_a_spleen_of_15_cm_must_exceed_16_cm():
    start = START | {"SPLEEN": 150}
    assert run({**node(40, 20), "SPLEEN": 160}, start=start) == ["SD"]
    assert run({**node(40, 20), "SPLEEN": 160.1}, start=start) == ["PD"]
    assert run({**node(16, 10), "SPLEEN": 140}, start=start) == ["SD"], "regressed by half only"
    assert run({**node(16, 10), "SPLEEN": 139}, start=start) == ["PR"]
    assert run({**node(10, 5), "SPLEEN": 130}, start=start) == ["CR"]
    assert run({**node(10, 5), "SPLEEN": 16.1}, start=start, unit={"SPLEEN": "cm"}) == ["PR"]


def test_a_normal_spleen_progresses_by_2_cm_above_normal():
    start = START | {"SPLEEN": 120}
    assert run({**node(40, 20), "SPLEEN": 139}, start=start) == ["SD"]
    assert run({**node(40, 20), "SPLEEN": 140}, start=start) == ["PD"]
    assert run({**node(40, 20), "SPLEEN": 125}, start=START | {"SPLEEN": 100}) == ["SD"]


def test_pet_not_evaluable_and_ct_progression_is_progression_under_every_policy():
    pair = {"leading": "PET-CT", "other": "CT", "sentence": "s"}
    visit = {"DEAUV": 4, **node(50, 24)}
    for way in ("use_other", "not_evaluable", "carry_forward"):
        policy = pair | {"when_leading_not_evaluable": way}
        assert run(visit, pair=policy) == ["PD"]


@pytest.mark.parametrize(
    ("way", "expected"),
    [("use_other", ["CR", "SD"]), ("not_evaluable", ["CR", "NE"]), ("carry_forward", ["CR", "CR"])],
)
def test_the_policy_decides_where_pet_was_not_done_and_ct_shows_no_progression(way, expected):
    pair = {"leading": "PET-CT", "other": "CT", "sentence": "s", "when_leading_not_evaluable": way}
    assert run(CMR, node(40, 20), pair=pair) == expected


def test_the_marrow_gate_asks_for_a_negative_biopsy():
    start = START | {"BMBIOP": "POSITIVE"}
    gate = {"marrow_gate": "positive"}
    assert run(CMR, start=start) == ["CR"], "not asked for by the shipped file"
    assert run(CMR, CMR | {"BMBIOP": "NEGATIVE"}, CMR, start=start, rules=gate) == [
        "PR",
        "CR",
        "CR",
    ]
    assert run(CMR | {"BMBIOP": "INDETERMINATE"}, start=start, rules=gate) == ["PR"]
    assert run(CMR, rules=gate) == ["CR"], "baseline marrow unknown"
    assert run(CMR, rules={"marrow_gate": "positive_or_unknown"}) == ["PR"]


def test_by_ct_a_marrow_positive_at_baseline_must_be_negative_and_recurrence_is_progression():
    start = START | {"BMBIOP": "POSITIVE"}
    small = node(10, 5)
    later = (small, small | {"BMBIOP": "NEGATIVE"}, small | {"BMBIOP": "POSITIVE"})
    assert run(*later, start=start) == ["PR", "CR", "PD"]


def test_thresholds_are_keys():
    assert run(node(20, 20), rules={"partial_fall": {"above": 50}}) == ["SD"]
    assert run({"DEAUV": 3}, rules={"complete_deauville": {"at_most": 2}}) == ["NE"]


def test_complete_where_pet_is_evaluable_or_ct_alone_is_whole():
    visits = {"BASELINE": START, "V1": {"DEAUV": 4}, "V2": CMR, "V3": node(40, 20), "V4": {}}
    got = algorithmic("lugano-2014", visits, LESIONS)
    assert got["COMPLETE"].to_dict() == {"V1": "N", "V2": "Y", "V3": "Y"}
