"""Washout from the last dose to leukapheresis and to lymphodepletion (specification 7.2)."""

import pandas as pd
import pytest

from cartend.config.bridging import Bridging
from cartend.subject import bridging, washout

LEUK, LD = "2025-02-01", "2025-03-01"
BRIDGE = {"CMCAT": "BRIDGING THERAPY"}
PRIOR = {"CMCAT": "PRIOR ANTI-CANCER THERAPY"}


def adbrdg(make, cm=(), pr=(), rules=None, leuk=LEUK, ld=LD, antigen="CD19"):
    """Return ADBRDG of the subjects named in the records, by subject and agent."""
    given = make.domains(cm=list(cm), pr=list(pr))
    subjects = sorted({row["USUBJID"] for row in (*cm, *pr)})
    dates = {"LEUKDT": leuk, "LDDT": ld, "TRTSDT": None, "LOSTDT": None, "DTHDT": None}
    adsl = pd.DataFrame(
        {n: make.days(*[d] * len(subjects)) for n, d in {**dates, "CUTDT": "2026-01-01"}.items()}
    )
    adsl = adsl.assign(STUDYID="S", ARMCD="CART").set_index(pd.Index(subjects, name="USUBJID"))
    labelled = bridging.bridging_records(given)
    interval = bridging.bridging_interval(adsl, pd.Series(dtype="datetime64[ms]"))
    inside = bridging.within_interval(labelled, interval)
    prior = washout.prior_records(given, adsl["LEUKDT"])
    rows = [prior, washout.labelled_records(labelled, inside, adsl["LEUKDT"])]
    records = pd.concat([r for r in rows if len(r)], ignore_index=True)
    rules = rules or make.rules(make.study()).bridging
    return washout.derive_adbrdg(adsl, rules, antigen, records, given)


def drug(subject, cls, start, end, kind=BRIDGE, **more):
    return {
        "USUBJID": subject,
        "CMCLAS": cls,
        "CMDECOD": more.pop("agent", cls),
        "CMSTDTC": start,
        "CMENDTC": end,
        **kind,
        **more,
    }


def test_six_subjects_with_the_whole_table_of_verdicts(make):
    """An alkylator needs 14 days before lymphodepletion on 1 March: 15 February is the last day."""
    start = "2025-02-03"
    got = adbrdg(
        make,
        [
            drug("A", "ALKYLATOR", start, "2025-02-15"),  # 14 days
            drug("B", "ALKYLATOR", start, "2025-02-16"),  # 13 days
            drug("C", "ALKYLATOR", start, None),  # no last dose
            drug("D", "ALKYLATOR", start, "2025-02"),  # 3 to 28 February: 26 to 1 days
            drug("E", "CORTICOSTEROID", start, "2025-02-26"),  # 3 days, 3 asked for
            drug("F", "CORTICOSTEROID", start, "2025-03-04"),  # ended after lymphodepletion
        ],
    ).set_index("USUBJID")
    want = {
        "A": ("WO-ALKYLATOR", 14, 14, 14, "COMPLIANT"),
        "B": ("WO-ALKYLATOR", 14, 13, 13, "VIOLATED"),
        "C": ("WO-ALKYLATOR", 14, None, None, "UNKNOWN"),
        "D": ("WO-ALKYLATOR", 14, 1, 26, "UNKNOWN"),
        "E": ("WO-STEROID", 3, 3, 3, "COMPLIANT"),
        "F": ("WO-STEROID", 3, -3, -3, "VIOLATED"),
    }
    columns = ["WOLDID", "LDLIM", "LDLO", "LDHI", "WOLD"]
    found = got[columns].astype(object).where(got[columns].notna(), None)
    assert dict(zip(found.index, found.itertuples(index=False, name=None), strict=True)) == want
    assert set(got["PHASE"]) == {"BRIDGING"}
    assert set(got["WOLA"]) == {"NOT APPLICABLE"}


def test_a_partial_last_dose_gives_a_verdict_where_both_its_ends_agree(make):
    rows = [
        drug("A", "ALKYLATOR", "2025-01", "2025-01", PRIOR),  # 59 to 29 days before 1 March
        drug("B", "ALKYLATOR", "2024", "2024", PRIOR),
    ]
    got = adbrdg(make, rows).set_index("USUBJID")
    assert got["WOLD"].tolist() == ["COMPLIANT", "COMPLIANT"]
    # before leukapheresis on 1 February 21 days are asked for: 1 to 31 days, and 32 at least
    assert got[["LALO", "LAHI"]].iloc[0].tolist() == [1, 31]
    assert got["WOLA"].tolist() == ["UNKNOWN", "COMPLIANT"]
    assert got["PHASE"].tolist() == ["PRIOR", "PRIOR"]


def test_a_last_dose_cannot_lie_before_the_first(make):
    """Started on 20 February and ended in February: 1 to 9 days, less than the 14 asked for."""
    got = adbrdg(make, [drug("A", "ALKYLATOR", "2025-02-20", "2025-02")])
    assert got[["LDLO", "LDHI", "WOLD"]].iloc[0].tolist() == [1, 9, "VIOLATED"]


@pytest.mark.parametrize(
    ("row", "want"),
    [
        ({"cls": "OTHER", "agent": "ALEMTUZUMAB"}, ("WO-TDEPLETING", 183, "WO-TDEPLETING", 0)),
        ({"cls": "BISPECIFIC", "agent": "BLINATUMOMAB"}, ("WO-BLINATUMOMAB", 7) * 2),
        ({"cls": "BISPECIFIC", "agent": "GLOFITAMAB"}, ("WO-ANTIBODY", 21, "WO-ANTIBODY", 14)),
        ({"cls": "ALKYLATOR", "agent": "BENDAMUSTINE"}, ("WO-BENDAMUSTINE", 28) * 1
         + ("WO-BENDAMUSTINE", 14)),
        ({"cls": "ANTIMETABOLITE", "INTENS": "Y"}, ("WO-INTENSIVE", 21, "WO-INTENSIVE", 14)),
        ({"cls": "ANTIMETABOLITE"}, ("WO-CHEMO", 14, "WO-CHEMO", 7)),
        ({"cls": "ANTIMETABOLITE", "CMROUTE": "INTRATHECAL"}, ("WO-INTRATHECAL", 7) * 2),
        ({"cls": "OTHER", "agent": "VENETOCLAX"}, ("WO-SMALL", 3, "WO-SMALL", 3)),
        ({"cls": "PROTEASOME INHIBITOR"}, ("WO-SYSTEMIC", 14, "WO-SYSTEMIC", 14)),
        ({"cls": None, "agent": "UNKNOWN DRUG"}, ("WO-SYSTEMIC", 14, "WO-SYSTEMIC", 14)),
    ],
)  # fmt: skip
def test_the_limit_of_an_agent_or_class(make, row, want):
    row = dict(row)
    record = drug("A", row.pop("cls"), "2025-01-02", "2025-01-02", PRIOR, **row)
    got = adbrdg(make, [record]).iloc[0]
    assert (got["WOLAID"], got["LALIM"], got["WOLDID"], got["LDLIM"]) == want


def test_a_transplantation_before_leukapheresis_needs_100_days(make):
    hsct = {"PRCAT": "HSCT", "PRTRT": "ALLOGENEIC HSCT"}
    got = adbrdg(
        make,
        pr=[
            {"USUBJID": "A", "PRSTDTC": "2024-10-24", **hsct},  # 100 days before 1 February
            {"USUBJID": "B", "PRSTDTC": "2024-10-25", **hsct},
            {"USUBJID": "C", "PRSTDTC": "2025-06-01", **hsct},  # after the product: not here
        ],
    )
    assert got[["USUBJID", "WOLA", "WOLD"]].to_numpy().tolist() == [
        ["A", "COMPLIANT", "NOT APPLICABLE"],
        ["B", "VIOLATED", "NOT APPLICABLE"],
    ]


def test_bridging_before_a_repeated_leukapheresis_is_washed_out_to_it(make):
    again = [
        {"USUBJID": "A", "PRCAT": "LEUKAPHERESIS", "PRSTDTC": day}
        for day in ("2025-02-01", "2025-02-20")
    ]
    got = adbrdg(make, [drug("A", "ALKYLATOR", "2025-02-03", "2025-02-05")], again).iloc[0]
    assert (got["LADT"], got["LALO"]) == (pd.Timestamp("2025-02-20"), 15)
    assert (got["WOLA"], got["WOLD"]) == ("VIOLATED", "COMPLIANT")


def test_holding_therapy_and_records_outside_are_kept_and_named(make):
    got = adbrdg(
        make,
        [
            drug("A", "IMID", "2025-01-10", "2025-01-28"),
            drug("A", "IMID", "2025-03-10", "2025-03-12"),
        ],
    )
    assert got["PHASE"].tolist() == ["HOLDING", "OUTSIDE"]
    assert got["WOLA"].tolist() == ["COMPLIANT", "NOT APPLICABLE"]  # 4 days, 3 asked for
    assert got["WOLD"].tolist() == ["COMPLIANT", "NOT APPLICABLE"]


def test_the_shorter_of_two_weeks_and_five_half_lives(make):
    """Neuroblastoma record: 5 x 3.5 = 17.5 is more than 14 days; 5 x 0.46 = 2.3 is within 3."""
    rules = make.rules(make.study(bridging="gd2-neuroblastoma")).bridging
    end = "2025-02-26"  # 3 days before lymphodepletion
    got = adbrdg(
        make,
        [
            drug("A", "VINCA", "2025-02-20", end, agent="VINCRISTINE", HALFLIFE=3.5),
            drug("B", "OTHER", "2025-02-20", end, agent="ETOPOSIDE", HALFLIFE=0.46),
            drug("C", "OTHER", "2025-02-20", end, agent="NEW DRUG"),  # half-life not known
            drug("D", "OTHER", "2025-02-03", "2025-02-15", agent="NEW DRUG"),
        ],
        rules=rules,
    ).set_index("USUBJID")
    assert got["WOLD"].to_dict() == {
        "A": "VIOLATED",
        "B": "COMPLIANT",
        "C": "UNKNOWN",
        "D": "COMPLIANT",
    }
    assert got["LDLIM"].to_dict() == {"A": 14, "B": 3, "C": 14, "D": 14}


def test_without_lymphodepletion_there_is_no_washout_to_it(make):
    got = adbrdg(make, [drug("A", "ALKYLATOR", "2025-02-03", None)], ld=None).iloc[0]
    assert (got["PHASE"], got["WOLD"]) == ("BRIDGING", "NOT APPLICABLE")


def test_the_verdict_on_a_subject_is_that_of_its_worst_record():
    rows = pd.DataFrame(
        {
            "USUBJID": ["A", "A", "B", "B", "C"],
            "WOLA": ["NOT APPLICABLE"] * 5,
            "WOLD": ["COMPLIANT", "UNKNOWN", "VIOLATED", "UNKNOWN", "COMPLIANT"],
        }
    )
    got = washout.subject_washout(rows, pd.Index(list("ABCD")))
    assert got["WASHLD"].tolist() == ["UNKNOWN", "VIOLATED", "COMPLIANT", "NOT APPLICABLE"]
    assert set(got["WASHLA"]) == {"NOT APPLICABLE"}


def test_the_rows_do_not_depend_on_the_order_of_the_records(make):
    rows = [
        drug("B", "IMID", "2025-02-05", "2025-02-10"),
        drug("A", "ALKYLATOR", "2025-02-03", "2025-02-05"),
        drug("A", "IMID", "2025-02-03", "2025-02-05"),
    ]
    rows = [{**row, "CMSEQ": place} for place, row in enumerate(rows, start=1)]
    pd.testing.assert_frame_equal(adbrdg(make, rows), adbrdg(make, rows[::-1]))


def test_the_last_washout_rule_states_both_limits(make):
    content = make.rules(make.study()).bridging.model_dump(exclude_defaults=True)
    content["washout"]["WO-SYSTEMIC"].pop("before_lymphodepletion")
    with pytest.raises(ValueError, match="the last rule states both limits; 0 asks for none"):
        Bridging.model_validate(content)
