"""The baseline after bridging (specification 7.4)."""

import pandas as pd
import pytest

from cartend.config.bridging import Rebaseline
from cartend.subject.rebaseline import derive_rebaseline

LD = "2025-03-01"


def derive(make, rs=(), lb=(), last=(), primary="IRC", **rule):
    """Return the columns; ``last`` holds subject, first and last day of the last dose."""
    subjects = sorted({r["USUBJID"] for r in (*rs, *lb)} | {row[0] for row in last})
    bridged = {row[0] for row in last}
    adsl = pd.DataFrame(
        {
            "LEUKDT": make.days(*["2025-02-01"] * len(subjects)).to_numpy(),
            "LDDT": make.days(*[LD] * len(subjects)).to_numpy(),
            "TRTSDT": make.days(*["2025-03-06"] * len(subjects)).to_numpy(),
            "BRIDGEFL": ["Y" if s in bridged else "N" for s in subjects],
        },
        index=pd.Index(subjects, name="USUBJID"),
    )
    given = pd.DataFrame(
        {
            "USUBJID": [row[0] for row in last],
            "PHASE": "BRIDGING",
            "ADTLO": make.days(*["2025-02-05"] * len(last)),
            "ENDLO": make.days(*[row[1] for row in last]),
            "ENDHI": make.days(*[row[2] for row in last]),
        }
    )
    base = {"domains": {"RS": ("OVRLRESP",), "LB": ("BLASTBM",)}, "sentence": "s", "source": "s"}
    domains = make.domains(rs=list(rs), lb=list(lb))
    rules = Rebaseline.model_validate({**base, **rule})
    study = make.study(primary_evaluator=primary)
    return derive_rebaseline(study, make.criteria, rules, adsl, given, domains)


def scan(subject, day, category, evaluator="IRC"):
    return {
        "USUBJID": subject,
        "RSTESTCD": "OVRLRESP",
        "RSDTC": day,
        "AVALC": category,
        "EVAL": evaluator,
    }


def test_six_subjects_with_the_whole_table(make):
    day = "2025-02-10"
    got = derive(
        make,
        rs=[
            scan("A", "2025-02-11", "CR"),  # the day after the last dose
            scan("B", "2025-02-10", "CR"),  # the day of the last dose: too early
            scan("C", LD, "PR"),  # the day of lymphodepletion
            scan("D", "2025-03-02", "CR"),  # after it
            scan("E", "2025-02-20", "PD"),  # last dose not dated: may be before it
            scan("F", "2025-02-20", "CR"),  # not bridged
        ],
        last=[(s, day, day) for s in "ABCD"] + [("E", None, None)],
    )
    found = got.astype(object).where(got.notna(), None)
    stamp = pd.Timestamp
    assert {i: list(row) for i, row in zip(found.index, found.to_numpy(), strict=True)} == {
        "A": [stamp("2025-02-11"), "N", "CR", "IRC", "Y"],
        "B": [None, "Y", None, None, None],
        "C": [stamp(LD), "N", "PR", "IRC", "N"],
        "D": [None, "Y", None, None, None],
        "E": [None, "UNKNOWN", None, None, None],
        "F": [stamp("2025-02-20"), "NOT APPLICABLE", "CR", "IRC", "Y"],
    }


def test_a_last_dose_in_a_month_bounds_the_baseline_after_it(make):
    """Last dose in February: 20 February may be too early, 1 March is not."""
    month = ("2025-02-05", "2025-02-28")
    got = derive(
        make,
        rs=[scan("A", "2025-02-20", "CR"), scan("B", LD, "CR")],
        last=[("A", *month), ("B", *month)],
    )
    assert got["REBMISFL"].tolist() == ["UNKNOWN", "N"]


def test_the_last_evaluable_category_of_the_primary_evaluator_counts(make):
    rows = [
        scan("A", "2025-02-12", "PR", "IRC"),
        scan("A", "2025-02-20", "NE", "IRC"),
        scan("A", "2025-02-21", "CR", "INV"),
        scan("B", "2025-02-21", "CR", "INV"),
    ]
    got = derive(make, rs=rows, last=[(s, "2025-02-10", "2025-02-10") for s in "AB"])
    assert got["REBRESP"].tolist() == ["PR", "CR"]
    assert got["REBEVAL"].tolist() == ["IRC", "INV"]
    assert got["REBASEDT"].tolist() == [pd.Timestamp("2025-02-21")] * 2


def test_a_laboratory_value_is_a_baseline_without_a_category(make):
    lb = [{"USUBJID": "A", "LBTESTCD": "BLASTBM", "LBDTC": "2025-02-20"}]
    got = derive(make, lb=lb, last=[("A", "2025-02-10", "2025-02-10")])
    assert got.loc["A", "REBMISFL"] == "N"
    assert got["REBCRFL"].isna().all()


@pytest.mark.parametrize(("within", "missing"), [(9, "N"), (8, "Y")])
def test_a_baseline_may_be_asked_for_close_to_lymphodepletion(make, within, missing):
    """20 February lies 9 days before 1 March."""
    rows = [scan("A", "2025-02-20", "PR")]
    got = derive(make, rs=rows, last=[("A", "2025-02-10", "2025-02-10")], within=within)
    assert got["REBMISFL"].tolist() == [missing]


def test_the_response_to_bridging_is_read_in_the_words_of_the_criteria(make):
    row = scan("A", "2025-02-20", None, None) | {"RSTESTCD": "BRIDRESP", "RSSTRESC": "CMR"}
    got = derive(
        make,
        rs=[row],
        last=[("A", "2025-02-10", "2025-02-10")],
        domains={"RS": ("OVRLRESP", "BRIDRESP")},
    )
    assert got[["REBRESP", "REBEVAL", "REBCRFL"]].iloc[0].tolist() == ["CR", "INV", "Y"]
