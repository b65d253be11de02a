"""Neuroblastoma by INRC 2017 from its components, by hand (specification 2.4)."""

from component_cases import algorithmic, codes, disagreements

LESIONS = {
    "P": ("PRIMARY", "ADRENAL GLAND"),
    "T1": ("TARGET", "LIVER"),
    "T2": ("TARGET", "LYMPH NODE"),
    "NT": ("NON-TARGET", "LUNG"),
    "N": ("NEW", "BONE"),
}


def primary(size, uptake="AVID"):
    return {("P", "LDIAM"): size, ("P", "MIBG"): uptake}


def target(size, uptake="AVID", name="T1"):
    return {(name, "LDIAM"): size, (name, "MIBG"): uptake}


NO = "NOT AVID"
START = primary(50) | target(40) | {"CURIE": 10, "TUMCELBM": 30}
CLEAN = primary(5, NO) | target(0, NO) | {"CURIE": 0, "TUMCELBM": 0}


def run(*later, start=None, **keys):
    visits = {"BASELINE": START if start is None else start}
    visits |= {f"V{n}": visit for n, visit in enumerate(later, 1)}
    return list(codes("inrc-2017", visits, LESIONS, **keys).values())


ONE = [
    ({}, "CR"),
    (primary(10, NO), "PR"),  # 10 mm is not below 10
    (primary(5, "AVID"), "PR"),  # small but avid
    (primary(35), "PR"),  # 30 %
    (primary(36), "MR"),  # primary SD beside CR
    (primary(61), "PD"),  # 22 % and 11 mm
    (primary(60), "MR"),  # 20 % is not above 20
    (target(28), "PR"),
    (target(29), "MR"),
    (target(49), "PD"),
    ({"CURIE": 5}, "PR"),  # relative score 0.5
    ({"CURIE": 6}, "MR"),
    ({"CURIE": 12}, "PD"),  # relative score 1.2
    ({"CURIE": 11}, "MR"),
    ({"TUMCELBM": 3}, "PR"),  # minimal disease, all others complete: the policy
    ({"TUMCELBM": 5}, "PR"),
    ({"TUMCELBM": 6}, "MR"),
    ({"TUMCELBM": 61}, "PD"),  # more than twofold and above 20
    ({"TUMCELBM": 60}, "MR"),
    ({("N", "SEEN"): 1}, "PD"),
]


def test_one_component_against_all_others_complete():
    cases = [(CLEAN | change, expected) for change, expected in ONE]
    assert disagreements("inrc-2017", START, cases, LESIONS) == []


def test_minimal_disease_with_all_others_complete_is_a_key():
    visit = CLEAN | {"TUMCELBM": 3}
    assert run(visit, rules={"minimal_disease_with_complete": "CR"}) == ["CR"]


def test_minimal_disease_of_the_one_site_that_was_involved_is_the_same_policy():
    assert run({"TUMCELBM": 3}, start={"TUMCELBM": 30}) == ["PR"]
    assert run({"TUMCELBM": 6}, start={"TUMCELBM": 30}) == ["SD"]
    assert run({"TUMCELBM": 0}, start={"TUMCELBM": 30}) == ["CR"]


def test_nothing_better_than_stable_is_stable():
    assert run(START) == ["SD"]
    assert run(START | {"TUMCELBM": 3}) == ["SD"], "MD beside SD"


def test_an_involved_component_not_assessed_is_not_evaluable_but_may_progress():
    no_marrow = {key: value for key, value in CLEAN.items() if key != "TUMCELBM"}
    assert run(no_marrow) == ["NE"]
    assert run(no_marrow | {"CURIE": 12}) == ["PD"]


def test_a_component_never_involved_counts_as_satisfied():
    start = primary(50)
    assert run(primary(5, NO), start=start) == ["CR"]
    assert run(primary(5, NO) | {"TUMCELBM": 0}, start=start | {"TUMCELBM": 0}) == ["CR"]
    assert run(primary(5, NO) | {"TUMCELBM": 6}, start=start | {"TUMCELBM": 0}) == ["PD"]


def test_a_baseline_mibg_score_of_0_has_no_ratio_a_later_score_is_a_new_lesion():
    start = primary(50) | {"CURIE": 0}
    assert run(primary(50) | {"CURIE": 0}, start=start) == ["SD"]
    got = algorithmic(
        "inrc-2017", {"BASELINE": start, "V1": primary(5, NO) | {"CURIE": 1}}, LESIONS
    )
    assert got["AVALC"].tolist() == ["PD"]
    assert got["DECIDES"].tolist() == ["CURIE score above 0, baseline 0"]


def test_scales_are_never_mixed():
    visit = {key: value for key, value in CLEAN.items() if key != "CURIE"} | {"SIOPEN": 0}
    assert run(visit) == ["NE"], "the baseline was a Curie score"


def test_the_smallest_size_is_the_reference_of_growth():
    shrunk = CLEAN | primary(20)
    assert run(shrunk, CLEAN | primary(25)) == ["PR", "PD"]  # 25 % and 5 mm from 20
    assert run(shrunk, CLEAN | primary(24)) == ["PR", "PR"]  # 4 mm


def test_marrow_that_was_cleared_and_is_infiltrated_again_is_progression():
    assert run(CLEAN, CLEAN | {"TUMCELBM": 6}) == ["CR", "PD"]
    assert run(CLEAN, CLEAN | {"TUMCELBM": 5}) == ["CR", "PR"]


def test_a_node_is_measured_by_its_short_axis():
    start = {("T2", "LDIAM"): 40, ("T2", "PERP"): 20}
    assert run({("T2", "LDIAM"): 30, ("T2", "PERP"): 9}, start=start) == ["CR"]
    assert run({("T2", "LDIAM"): 30, ("T2", "PERP"): 14}, start=start) == ["PR"]


def test_non_target_lesions_and_targets_not_measured():
    start = START | {("NT", "TUMSTATE"): "PRESENT"}
    assert run(CLEAN | {("NT", "TUMSTATE"): "ABSENT"}, start=start) == ["CR"]
    assert run(CLEAN | {("NT", "TUMSTATE"): "UNEQUIVOCAL"}, start=start) == ["PD"]
    assert run(CLEAN, start=start) == ["NE"]


def test_no_evaluable_disease_at_baseline_is_not_evaluable():
    assert run({"TUMCELBM": 0}, start={"TUMCELBM": 0}) == ["NE"]
