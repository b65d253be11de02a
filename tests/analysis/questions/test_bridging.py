"""R17 to R19 of six leukapheresed subjects, counted by hand."""

import pandas as pd
import pytest

CLASSES = {"B0": "none", "B3": "chemotherapy, intensive", "B1": "corticosteroid only"}


def adsl():
    """A1-A4 infused or not after bridging, A5 not bridged, A6 not leukapheresed, B1 control."""
    frame = pd.DataFrame(
        {
            "USUBJID": ["A1", "A2", "A3", "A4", "A5", "A6", "B1"],
            "ARMCD": ["CART"] * 6 + ["SOC"],
            "LAFL": ["Y"] * 5 + ["N", "N"],
            "INFFL": ["Y", "Y", "N", "N", "Y", "N", "N"],
            "NOTINFRS": [None, None, "DEATH", None, None, "OTHER", None],
            "BRCLASS": ["B1", "B3", "B3", "B3", "B0", "B0", "NOT APPLICABLE"],
            "BRIDGEFL": ["Y", "Y", "Y", "Y", "N", "N", "NOT APPLICABLE"],
            "BRALKFL": ["N", "Y", "Y", "N", "N", "N", "N"],
            "BRIMIDFL": "N",
            "BRSAMEFL": "N",
            "WASHLA": [
                "COMPLIANT",
                "NOT APPLICABLE",
                "UNKNOWN",
                "VIOLATED",
                "COMPLIANT",
                None,
                None,
            ],
            "WASHLD": ["COMPLIANT", "VIOLATED", *["NOT APPLICABLE"] * 5],
            "REBMISFL": ["N", "Y", *["NOT APPLICABLE"] * 5],
            "REBRESP": ["CR", *[None] * 6],
            "REBCRFL": ["Y", *[None] * 6],
            "LEUKINF": [30, 40, None, None, 20, None, None],
            "BRDUR": [5, 9, 7, None, None, None, None],
            "BRNCYC": [1, 2, 1, 1, 0, 0, 0],
            "BRNREC": [1, 3, 1, 1, 0, 0, 0],
        }
    )
    return frame.assign(RANDFL="Y", REFRACT="Y", AGEGR="18-64")


def adbrdg():
    rows = [
        ("A1", "BRIDGING", "DEXAMETHASONE", "B1", "WO-STEROID", "Corticosteroid", 3, "COMPLIANT"),
        ("A2", "BRIDGING", "IFOSFAMIDE", "B3", "WO-ALKYLATOR", "Alkylator", 14, "COMPLIANT"),
        ("A2", "BRIDGING", "IFOSFAMIDE", "B3", "WO-ALKYLATOR", "Alkylator", 14, "VIOLATED"),
        ("A3", "BRIDGING", "IFOSFAMIDE", "B3", "WO-ALKYLATOR", "Alkylator", 14, "NOT APPLICABLE"),
        ("A4", "BRIDGING", None, "B3", "WO-ALKYLATOR", "Alkylator", 14, "NOT APPLICABLE"),
        ("A6", "PRIOR", "IFOSFAMIDE", "B3", "WO-ALKYLATOR", "Alkylator", 14, "COMPLIANT"),
    ]
    names = ["USUBJID", "PHASE", "WHAT", "CODE", "WOLDID", "WOLDDESC", "LDLIM", "WOLD"]
    frame = pd.DataFrame(rows, columns=names).assign(WOLA="NOT APPLICABLE")
    return frame.assign(WOLAID="X", WOLADESC="X", LALIM=1.0, CODEDESC=frame["CODE"].map(CLASSES))


@pytest.fixture
def bridging(ask):
    return ask("bridging", classes=CLASSES, adsl=adsl(), adbrdg=adbrdg())


def counts(answer, section):
    """Return n and N of every line of a section, by the line without its number."""
    found = {}
    for row in answer.rows:
        if row[6].endswith(section) and row[13] in ("n", "N"):
            found.setdefault(row[7].partition(" ")[2], {})[row[13]] = row[14]
    return {line: (value["n"], value.get("N")) for line, value in found.items()}


def test_classes_add_up_to_the_leukapheresed_of_the_experimental_arm(bridging):
    assert counts(bridging, "Bridging") == {
        "Any bridging": (4, 5),
        "Class: B0 none": (1, 5),
        "Class: B1 corticosteroid only": (1, 5),
        "Class: B3 chemotherapy, intensive": (3, 5),
        "Alkylator in any record": (2, 5),
        "IMiD in any record": (0, 5),
        "Same target as the product in any record": (0, 5),
    }
    assert {row[5] for row in bridging.rows if not row[15]} == {"CART"}


def test_a_subject_stands_once_an_agent(bridging):
    assert counts(bridging, "Agents, subjects with any record") == {
        "DEXAMETHASONE": (1, 5),
        "IFOSFAMIDE": (2, 5),
        "not stated": (1, 5),
    }


def test_washout_counts_each_subject_once_a_class_with_its_worst_record(bridging):
    assert counts(bridging, "Washout to lymphodepletion") == {
        "All therapies: compliant": (1, 2),
        "All therapies: violated": (1, 2),
        "All therapies: unknown": (0, 2),
        "Alkylator, at least 14 days: compliant": (0, 1),
        "Alkylator, at least 14 days: violated": (1, 1),
        "Alkylator, at least 14 days: unknown": (0, 1),
        "Corticosteroid, at least 3 days: compliant": (1, 1),
        "Corticosteroid, at least 3 days: violated": (0, 1),
        "Corticosteroid, at least 3 days: unknown": (0, 1),
    }
    why = "not estimable: no record of therapy has a washout limit to this procedure"
    assert bridging.notes("Washout to leukapheresis") == {why}


def test_the_missing_baseline_and_the_response_to_bridging(bridging):
    head = "Bridged, lymphodepleted or infused: "
    assert counts(bridging, "Baseline after bridging") == {
        f"{head}assessed after the last bridging dose": (1, 2),
        f"{head}not assessed (REBASE_MISSING)": (1, 2),
        f"{head}unknown, whether assessed after the last bridging dose": (0, 2),
        "Response to bridging, of these: CR": (1, 1),
        "Response to bridging, of these: no category recorded": (0, 1),
        "In complete response before lymphodepletion, bridged or not": (1, 5),
    }


def test_response_against_each_baseline_adds_up_to_those_with_both(ask):
    """A1 responds against both; A2 against the original alone; A5 has no original baseline."""
    start = pd.Timestamp("2025-01-01")
    rows = [
        ("A1", "OVRALG", 30, "CR"),
        ("A1", "OVRALGB1", 30, "PR"),
        ("A2", "OVRALG", 20, "PD"),
        ("A2", "OVRALG", 30, "PR"),  # after progression: no credit
        ("A2", "OVRALGB1", 30, "PR"),
        ("A2", "OVRALG", -5, "CR"),  # before infusion
        ("A5", "OVRALG", 30, "CR"),
    ]
    adrs = pd.DataFrame(rows, columns=["USUBJID", "PARAMCD", "DAY", "AVALC"])
    adrs["ADT"] = start + pd.to_timedelta(adrs.pop("DAY"), unit="D")
    adrs = adrs.assign(EVAL="IRC", ANL01FL="N")
    infused = adsl().assign(TRTSDT=lambda f: [start] * 2 + [pd.NaT] * 2 + [start] + [pd.NaT] * 2)
    got = ask("bridging", classes=CLASSES, adsl=infused, adbrdg=adbrdg(), adrs=adrs)
    assert counts(got, "Response against each baseline, by algorithm") == {
        "Objective response: against both": (1, 2),
        "Objective response: against the original baseline alone": (1, 2),
        "Objective response: against the new baseline alone": (0, 2),
        "Objective response: against neither": (0, 2),
    }


def test_without_components_the_response_against_both_is_not_derivable(bridging):
    why = "not estimable: the components of a response (LB, TR, RS) at both baselines"
    assert bridging.notes("by algorithm") == {f"{why} are not in the data"}


def test_losses_by_class_add_up_to_the_class(bridging):
    assert counts(bridging, "Infused or not, by bridging class") == {
        "B0 none: infused": (1, 1),
        "B1 corticosteroid only: infused": (1, 1),
        "B3 chemotherapy, intensive: infused": (1, 3),
        "B3 chemotherapy, intensive: not infused, death": (1, 3),
        "B3 chemotherapy, intensive: not infused, not stated": (1, 3),
    }


def test_times_are_medians_with_their_range(bridging):
    line, arm = "Leukapheresis to infusion (days), bridged", "CART"
    found = [bridging.get(line, name, arm) for name in ("n", "estimate", "lower", "upper")]
    assert found == [2, 35, 30, 40]
    assert bridging.get("Starts of bridging (cycles)", "upper", "CART") == 2


def test_without_records_the_question_says_so(ask):
    answer = ask("bridging", classes=CLASSES, adsl=adsl(), adbrdg=adbrdg().iloc[:0])
    assert answer.notes() == {"not estimable: the study brings no records of therapy (ADBRDG)"}
