"""Small trials against the shipped rules: every criterion of every subject, by hand."""

import pandas as pd
import pytest

from cartend.subject.eligibility import derive_adelig, no_judgements, subject_flags

Y, N, U = "MET", "NOT MET", "CANNOT BE JUDGED"


def judged(make, rules, cm=(), pr=(), sc=None, **adsl):
    """Return ADELIG as a table, subjects by criterion, and ADSL's flags."""
    named = {row["USUBJID"] for row in (*cm, *pr)} | set(sc or {})
    subjects = pd.Index(sorted(named), name="USUBJID")
    frame = pd.DataFrame({"STUDYID": "S", "ARMCD": "CART"}, index=subjects)
    for name in ("RANDDT", "ENRLDT", "LEUKDT", "RFICDT"):
        day = "2025-01-01" if name == "ENRLDT" else None
        frame[name] = make.days(*[day] * len(subjects)).to_numpy()
    for subject, facts in (sc or {}).items():
        for test, value in facts.items():
            frame.loc[subject, f"SC_{test}"] = value
    frame = frame.astype({c: object for c in frame if c.startswith("SC_")}).assign(**adsl)
    rows = [{"CMCAT": "PRIOR ANTI-CANCER THERAPY", **row} for row in cm]
    domains = make.domains(cm=rows, pr=list(pr))
    eligibility = make.rules(make.study(eligibility=rules)).eligibility
    adelig = derive_adelig(eligibility, domains, frame)
    table = adelig.pivot(index="CRITID", columns="USUBJID", values="AVALC")
    return adelig, table, subject_flags(eligibility, adelig, frame.index)


def therapy(subject, line, drug, cls, best=None, **more):
    head = {"USUBJID": subject, "LINE": line, "CMDECOD": drug, "CMCLAS": cls, "BESTRESP": best}
    return head | more


def test_leukaemia_of_six_subjects(make):
    """A relapsed early; B primary refractory; C late relapse after salvage; D only late relapse.

    E relapsed after transplantation; F has no prior therapy recorded.
    """
    induction = ("VINCRISTINE", "VINCA")
    adelig, got, flags = judged(
        make,
        "rr-ball",
        cm=[
            therapy("A", 1, *induction, "CR", CRDTC="2023-01-10", PDDTC="2024-01-10"),
            therapy("B", 1, *induction, "PR", CYCLES=2),
            therapy("C", 1, *induction, "CR", CRDTC="2021-01-10", PDDTC="2023-01-10"),
            therapy("C", 2, "BLINATUMOMAB", "BISPECIFIC", "PR"),
            therapy("D", 1, *induction, "CR", CRDTC="2021-01-10", PDDTC="2023-01-10"),
            therapy("E", 1, *induction, "CR", CRDTC="2021-01-10", PDDTC="2023-01-10"),
        ],
        pr=[
            {"USUBJID": "A", "PRCAT": "LEUKAPHERESIS", "PRSTDTC": "2025-01-05"},
            {"USUBJID": "E", "PRCAT": "HSCT", "PRTRT": "Allogeneic HSCT", "PRSTDTC": "2021-06"},
        ],
        sc={s: {"PHSTAT": "NEGATIVE", "T315I": "NEGATIVE"} for s in "ABCDEF"},
    )
    want = {
        "ELIGIBLE": [Y, Y, Y, N, Y, U],
        "RR_BALL": [Y, Y, Y, N, Y, U],
        "RR_BALL_A": [Y, N, N, N, N, U],
        "RR_BALL_B": [N, Y, N, N, N, U],
        "RR_BALL_C": [N, N, Y, N, N, U],
        "RR_BALL_D": [N, N, N, N, Y, N],
        "PH_OK": [Y, Y, Y, Y, Y, Y],
    }
    assert {name: got.loc[name].tolist() for name in want} == want
    assert flags["ELIGFL"].tolist() == ["Y", "Y", "Y", "N", "Y", U]
    assert flags["ELIG_RR_BALL"].tolist() == want["RR_BALL"]
    assert len(adelig) == 6 * 13
    why = adelig.set_index(["USUBJID", "CRITID"])["WHY"]
    assert why["A", "RR_BALL"] == "RR_BALL_A"
    assert why["A", "RR_BALL_A"] == "CM 1: remission 2023-01-10, relapse 2024-01-10"
    assert why["D", "RR_BALL"] == "RR_BALL_A, RR_BALL_B, RR_BALL_C, RR_BALL_D"
    assert why["F", "RR_BALL_A"] == "no record of prior therapy"
    assert why["E", "RR_BALL_D"] == (
        "PR 1: transplantation 2021-06-01 to 2021-06-30, relapse 2023-01-10"
    )


def test_philadelphia_positive_leukaemia(make):
    """T315I exempts only where no effective inhibitor is available; intolerance counts apart."""
    positive = {"PHSTAT": "POSITIVE", "T315I": "NEGATIVE", "TKIAVAIL": "Y"}
    failed = {"best": "PR"}
    _, got, _ = judged(
        make,
        "rr-ball",
        cm=[
            therapy("A", 1, "IMATINIB", "TKI", **failed),
            therapy("A", 2, "DASATINIB", "TKI", **failed),
            therapy("B", 1, "IMATINIB", "TKI", **failed),
            therapy("C", 1, "IMATINIB", "TKI", "CR", INTOLER="Y"),
            *(therapy(s, 1, "IMATINIB", "TKI", INTOLER="N", **failed) for s in "DEF"),
        ],
        sc={
            "A": positive,
            "B": positive,
            "C": positive,
            "D": {**positive, "T315I": "POSITIVE"},  # an effective one is available
            "E": {**positive, "T315I": "POSITIVE", "TKIAVAIL": "N"},
            "F": {**positive, "T315I": "POSITIVE", "TKIAVAIL": None},
        },
    )
    want = {
        "PH_OK": [Y, U, Y, N, Y, U],
        "PH_NEGATIVE": [N] * 6,
        "PH_TKI_FAILED": [Y, N, N, N, N, N],
        "PH_TKI_INTOLERANT": [U, U, Y, N, N, N],  # not recorded for A and B
        "PH_T315I": [N, N, N, N, Y, U],
    }
    assert {name: got.loc[name].tolist() for name in want} == want


def test_lymphoma_by_entity(make):
    """B lacks full dose; C and D have mantle cell lymphoma; E's histology is not recorded."""
    second = ("GEMCITABINE", "ANTIMETABOLITE", "PR")
    rows = []
    for subject in "ABCDEF":
        rows += [
            therapy(subject, 1, "RITUXIMAB", "ANTI-CD20", "PR"),
            therapy(subject, 2, *second),
        ]
    full = {"A": "Y", "B": "N", "E": "Y", "F": None}
    rows += [therapy(s, 1, "DOXORUBICIN", "ANTHRACYCLINE", "PR", FULLDOSE=full[s]) for s in "ABEF"]
    rows += [therapy(s, 1, "BENDAMUSTINE", "ALKYLATOR", "PR") for s in "CD"]
    rows += [therapy("C", 2, "IBRUTINIB", "BTK INHIBITOR", "PR")]
    histology = {"A": "DLBCL NOS", "B": "DLBCL NOS", "C": "MCL", "D": "MCL", "F": "FL"}
    _, got, _ = judged(
        make, "rr-bnhl", cm=rows, sc={s: {"HISTOL": h} for s, h in histology.items()}
    )
    assert got.loc["RR_BNHL"].tolist() == [Y, N, Y, N, U, U]
    assert got.loc["BNHL_LINES"].tolist() == [Y] * 6


def test_myeloma_recommends_anti_cd38_and_does_not_require_it(make):
    rows = [therapy("A", n, "BORTEZOMIB", "PROTEASOME INHIBITOR", "SD") for n in (1, 2, 3)]
    rows += [therapy("A", 2, "LENALIDOMIDE", "IMID", "PR", INTOLER="Y")]
    rows += [therapy("B", n, "LENALIDOMIDE", "IMID", "SD") for n in (1, 2)]
    rows += [therapy("B", 1, "DARATUMUMAB", "ANTI-CD38", "PR"),
             therapy("B", 1, "BORTEZOMIB", "PROTEASOME INHIBITOR", "SD")]  # fmt: skip
    adelig, got, flags = judged(make, "rr-mm", cm=rows)
    want = {
        "RR_MM": [Y, N],  # B had two lines
        "MM_LINES": [Y, N],
        "RECOMMENDED_ANTI_CD38": [N, Y],
        "TRIPLE_CLASS_EXPOSED": [N, Y],
        "TRIPLE_CLASS_REFRACTORY": [N, U],  # B: response to daratumumab, progression not dated
        "REFRACTORY_IMID": [N, Y],  # A stopped for intolerance, which is not refractory
        "ELIGIBLE": [Y, N],
    }
    assert {name: got.loc[name].tolist() for name in want} == want
    assert set(adelig.loc[adelig["CRITID"].eq("TRIPLE_CLASS_EXPOSED"), "ROLE"]) == {"reported"}
    assert flags["ELIGFL"].tolist() == ["Y", "N"]


def test_neuroblastoma_record(make):
    """B is 18; C exceeds bilirubin with Gilbert's syndrome; D's creatinine clearance is 60."""
    good = {
        "GD2EXPR": "POSITIVE", "REFRACT": "RELAPSED", "RESTOXGR": "1", "ECOG": "3", "INFECT": "N",
        "LIFEXP": "3", "CRCL": "60.1", "ALTULN": "2.5", "ASTULN": "2.5", "BILIULN": "1.5",
        "GILBERT": "N", "LVEF": "50", "SPO2": "93", "CRFELIG": "Y",
    }  # fmt: skip
    _, got, flags = judged(
        make,
        "gd2-neuroblastoma",
        sc={
            "A": good,
            "B": good,
            "C": {**good, "BILIULN": "3", "GILBERT": "Y"},
            "D": {**good, "CRCL": "60"},
            "E": {**good, "LVEF": None},
        },
        AGE=[1, 18, 5, 5, 5],
        WASHLD="COMPLIANT",
    )
    assert got.loc["ELIGIBLE"].tolist() == [Y, N, Y, N, U]
    assert got.loc["NB_AGE"].tolist() == [Y, N, Y, Y, Y]
    assert got.loc["NB_LIVER"].tolist() == [Y] * 5
    assert got.loc["NB_KIDNEY"].tolist() == [Y, Y, Y, N, Y]
    assert got.loc["NB_FINDINGS"].tolist() == [U] * 5  # not recorded, and only reported
    assert flags["ELIGFL"].tolist() == ["Y", "N", "Y", "N", U]


def test_a_transplantation_after_entry_is_no_prior_one(make):
    pr = [{"USUBJID": "A", "PRCAT": "HSCT", "PRTRT": "ALLOGENEIC HSCT", "PRSTDTC": day}
          for day in ("2025-01-01", "2025-06-01")]  # fmt: skip
    _, got, _ = judged(make, "rr-ball", cm=[therapy("A", 1, "X", "VINCA", PDDTC="2025")], pr=pr)
    assert got.loc["RR_BALL_D", "A"] == N


def test_what_the_case_report_form_says_stands_beside_the_judgement(make):
    adelig, _, _ = judged(
        make,
        "rr-ball",
        cm=[therapy(s, 1, "X", "VINCA", "PR", CYCLES=2) for s in "ABC"],
        sc={"A": {"REFRACT": "Primary refractory"}, "B": {"REFRACT": "RELAPSED"}},
    )
    rows = adelig[adelig["CRITID"].eq("RR_BALL_B")].set_index("USUBJID")
    assert rows["CRFAVALC"].where(rows["CRFAVALC"].notna(), None).tolist() == [Y, N, None]
    assert rows["AVALC"].tolist() == [Y, Y, Y]


def test_without_rules_there_is_no_judgement_and_no_flag(make):
    frame = pd.DataFrame(index=pd.Index(["A"], name="USUBJID"))
    assert derive_adelig(None, {}, frame).empty
    assert list(no_judgements()) == list(derive_adelig(None, {}, frame))
    assert subject_flags(None, no_judgements(), frame.index).empty


@pytest.mark.parametrize("rules", ["rr-ball", "rr-bnhl", "rr-mm", "gd2-neuroblastoma"])
def test_a_subject_without_any_data_is_never_eligible_nor_ineligible(make, rules):
    sc = {"A": {"NOTHING": "X"}}
    _, got, flags = judged(make, rules, sc=sc, AGE=None, WASHLD="UNKNOWN")
    assert got.loc["ELIGIBLE", "A"] == U
    assert flags.loc["A", "ELIGFL"] == U
