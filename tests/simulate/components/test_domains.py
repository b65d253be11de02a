"""Components of the response: every visit has what its criteria ask, and it means the truth.

The limits are those of the specification (2.1-2.4), applied by hand to the records.
"""

import numpy as np
import pandas as pd
import pytest

from cartend.simulate.components.domains import true_responses
from cartend.simulate.prior import prior_lines

WHERE = {"BALL": "lb", "LBCL": "tr", "MM": "lb", "NB": "tr"}


def truth_of(trial) -> pd.DataFrame:
    """Return USUBJID DAY TRUE of the assessments up to the first true progression."""
    rows = [
        (subject, *entry.split(" "))
        for subject, text in true_responses(trial).items()
        for entry in text.split(", ")
    ]
    found = pd.DataFrame(rows, columns=["USUBJID", "DAY", "TRUE"])
    bad = found["TRUE"].isin(("PD", "RELAPSE"))
    return found[bad.groupby(found["USUBJID"]).cumsum() - bad == 0]


def of(trial, name: str) -> None:
    """Skip the other trials."""
    if trial.params.prefix != name:
        pytest.skip(f"components of {name}")


def measured(domains, *tests: str) -> pd.DataFrame:
    """Return LB as one row a subject and day, one column a test; words where there is no number."""
    lb = domains["lb"]
    lb = lb[lb["LBTESTCD"].isin(tests)]
    value = lb["LBSTRESN"].astype(object).where(lb["LBSTRESN"].notna(), lb["LBSTRESC"])
    wide = lb.assign(V=value).pivot_table("V", ["USUBJID", "LBDTC"], "LBTESTCD", aggfunc="first")
    return wide.reindex(columns=tests).reset_index().rename(columns={"LBDTC": "DAY"})


def with_truth(trial, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the assessments with their components."""
    return truth_of(trial).merge(frame, on=["USUBJID", "DAY"])


def last_baseline(domains, name: str, **fits: object) -> pd.DataFrame:
    """Return the flagged rows of the latest baseline day of each subject."""
    frame, domain = domains[name], name.upper()
    frame = frame[frame[f"{domain}BLFL"].eq("Y")]
    for column, word in fits.items():
        frame = frame[frame[column] == word]
    day = frame.groupby("USUBJID")[f"{domain}DTC"].transform("max")
    return frame[frame[f"{domain}DTC"] == day]


def test_remission_of_leukaemia_is_clear_and_counts_part_its_kinds(large, domains):
    of(large, "BALL")
    wide = measured(domains, "BLASTBM", "BLASTPB", "NEUT", "PLAT")
    seen = with_truth(large, wide).dropna()
    clear = seen[seen["TRUE"].isin(("CR", "CRh", "CRi"))]
    assert (clear["BLASTBM"] < 5).all()
    assert (clear["BLASTPB"] == 0).all()
    full = (seen["NEUT"] >= 1) & (seen["PLAT"] >= 100)
    half = (seen["NEUT"] > 0.5) & (seen["PLAT"] > 50)
    assert full[seen["TRUE"] == "CR"].all()
    assert (half & ~full)[seen["TRUE"] == "CRh"].all()
    assert not half[seen["TRUE"] == "CRi"].any()


def test_relapse_of_leukaemia_shows_in_marrow_blood_or_the_nervous_system(large, domains):
    of(large, "BALL")
    seen = with_truth(large, measured(domains, "BLASTBM", "BLASTPB")).dropna()
    relapse = seen[seen["TRUE"] == "RELAPSE"]
    nerve = domains["rs"].query("RSTESTCD == 'CNSSTAT' and RSSTRESC == 'CNS3'")
    known = set(zip(nerve["USUBJID"], nerve["RSDTC"], strict=True))
    cns = [pair in known for pair in zip(relapse["USUBJID"], relapse["DAY"], strict=True)]
    quiet = (relapse["BLASTBM"] <= 5) & (relapse["BLASTPB"] == 0) & ~np.array(cns)
    assert quiet.mean() < 0.02  # the site's status may be the missing one
    assert any(cns)


def test_lymph_nodes_shrink_by_half_in_partial_response_and_to_normal_in_complete(large, domains):
    of(large, "LBCL")
    tr = domains["tr"]
    size = tr[tr["TRTESTCD"].isin(("LDIAM", "PERP")) & tr["TRLNKID"].str.startswith("T", na=False)]
    wide = size.pivot_table(
        "TRSTRESN", ["USUBJID", "TRDTC", "TRLNKID"], "TRTESTCD", aggfunc="first"
    ).reset_index()
    wide["PPD"] = wide["LDIAM"] * wide["PERP"]
    total = wide.groupby(["USUBJID", "TRDTC"]).agg(SPD=("PPD", "sum"), LONG=("LDIAM", "max"))
    base = last_baseline(domains, "tr", TRTESTCD="LDIAM").groupby("USUBJID")["TRDTC"].max()
    first = total.loc[list(zip(base.index, base, strict=True))].reset_index(level=1)["SPD"]
    seen = with_truth(large, total.reset_index().rename(columns={"TRDTC": "DAY"}))
    seen["SHARE"] = seen["SPD"] / seen["USUBJID"].map(first)
    assert (seen.loc[seen["TRUE"] == "CR", "LONG"] <= 15).all()
    assert (seen.loc[seen["TRUE"] == "PR", "SHARE"] <= 0.5).all()
    assert (seen.loc[seen["TRUE"] == "SD", "SHARE"] > 0.5).all()


def test_uptake_follows_the_response(large, domains):
    of(large, "LBCL")
    score = domains["tr"].query("TRTESTCD == 'DEAUV'").rename(columns={"TRDTC": "DAY"})
    seen = with_truth(large, score[["USUBJID", "DAY", "TRSTRESN"]])
    assert (seen.loc[seen["TRUE"] == "CR", "TRSTRESN"] <= 3).all()
    assert (seen.loc[seen["TRUE"] != "CR", "TRSTRESN"] >= 4).all()


def test_m_protein_falls_as_the_response_asks(large, domains):
    of(large, "MM")
    base = last_baseline(domains, "lb", LBTESTCD="MPROTS").set_index("USUBJID")["LBSTRESN"]
    seen = with_truth(large, measured(domains, "MPROTS", "IFIXS", "IFIXU"))
    seen = seen[seen["USUBJID"].map(base) >= 1].dropna(subset="MPROTS")
    fall = 1 - seen["MPROTS"].astype(float) / seen["USUBJID"].map(base)
    assert (fall[seen["TRUE"].isin(("sCR", "CR"))] == 1).all()
    assert (fall[seen["TRUE"] == "VGPR"] >= 0.9).all()
    assert fall[seen["TRUE"] == "PR"].between(0.5, 0.9).all()
    assert fall[seen["TRUE"] == "MR"].between(0.25, 0.5).all()
    assert (fall[seen["TRUE"] == "SD"] < 0.25).all()
    complete = seen[seen["TRUE"].isin(("sCR", "CR"))]
    for test in ("IFIXS", "IFIXU"):
        assert set(complete[test].dropna()) == {"NEGATIVE"}


def test_some_sites_report_light_chains_per_decilitre(large, domains):
    of(large, "MM")
    chains = domains["lb"].query("LBTESTCD in ('FLCK', 'FLCL')")
    middle = chains.groupby("LBSTRESU")["LBSTRESN"].median()
    assert middle["mg/L"] == pytest.approx(10 * middle["mg/dL"], rel=0.2)


def test_what_is_measurable_in_myeloma_differs(large, domains):
    of(large, "MM")
    first = domains["lb"].query("VISIT == 'BASELINE'")
    value = first.pivot_table("LBSTRESN", "USUBJID", "LBTESTCD", aggfunc="first")
    serum, urine = value["MPROTS"] >= 1, value["MPROTU"] >= 200
    assert serum.mean() == pytest.approx(0.74, abs=0.04)
    assert (serum & urine).mean() == pytest.approx(0.10, abs=0.03)
    assert (~serum & ~urine).mean() == pytest.approx(0.16, abs=0.04)


def test_progression_of_myeloma_names_its_basis(large, domains):
    of(large, "MM")
    rs = domains["rs"]
    basis = rs.loc[rs["RSSTRESC"] == "PD", "PDBASIS"]
    assert set(basis.dropna()) == {"SERUM", "URINE", "IMAGING"}
    assert basis[rs["RSTESTCD"] == "OVRLRESP"].notna().all()


def test_complete_response_of_neuroblastoma_leaves_nothing(large, domains):
    of(large, "NB")
    tr = domains["tr"].rename(columns={"TRDTC": "DAY"})
    seen = with_truth(large, tr[["USUBJID", "DAY", "TRTESTCD", "TRSTRESN", "TRSTRESC"]])
    clear = seen[seen["TRUE"] == "CR"]
    assert (clear.loc[clear["TRTESTCD"] == "LDIAM", "TRSTRESN"] < 10).all()
    assert set(clear.loc[clear["TRTESTCD"] == "MIBG", "TRSTRESC"]) == {"NOT AVID"}
    assert (clear.loc[clear["TRTESTCD"].isin(("CURIE", "FDGBONE")), "TRSTRESN"] == 0).all()
    marrow = with_truth(large, measured(domains, "TUMCELBM"))
    assert (marrow.loc[marrow["TRUE"] == "CR", "TUMCELBM"] == 0).all()


def test_some_tumours_do_not_take_up_mibg(large, domains):
    of(large, "NB")
    tests = domains["tr"].groupby("USUBJID")["TRTESTCD"].agg(set)
    assert any("FDGBONE" in found for found in tests)
    assert not any({"FDGBONE", "CURIE"} <= found for found in tests)


def test_some_visits_lack_a_component(large, domains):
    name = WHERE[large.params.prefix]
    frame, domain = domains[name], name.upper()
    lead = {"BALL": "BLASTBM", "LBCL": "LDIAM", "MM": "MPROTS", "NB": "LDIAM"}[large.params.prefix]
    there = frame[frame[f"{domain}TESTCD"] == lead]
    pairs = set(zip(there["USUBJID"], there[f"{domain}DTC"], strict=True))
    truth = truth_of(large)[lambda rows: rows["USUBJID"].isin(there["USUBJID"])]
    lacking = [pair not in pairs for pair in zip(truth["USUBJID"], truth["DAY"], strict=True)]
    assert 0.02 < np.mean(lacking) < 0.13


def test_the_second_baseline_lies_between_bridging_and_lymphodepletion(large, domains):
    rs, ex = domains["rs"], domains["ex"]
    again = rs[rs["RSTESTCD"] == "BRIDRESP"].set_index("USUBJID")
    depletion = ex[ex["EXCAT"] == "LYMPHODEPLETION"].groupby("USUBJID")["EXSTDTC"].min()
    assert (again["RSDTC"] < again.index.map(depletion)).all()
    cm = domains["cm"]
    bridged = cm[(cm["CMCAT"] == "BRIDGING THERAPY") & cm["CMENDTC"].notna()]
    last = bridged.groupby("USUBJID")["CMENDTC"].max().reindex(again.index).dropna()
    assert (again.loc[last.index, "RSDTC"] > last).all()
    infused = bridged["USUBJID"].unique()
    share = np.mean([name in again.index for name in infused if name in depletion.index])
    assert 0.6 < share < 0.95
    best = large.params.states[0]
    assert 0.005 < (again["RSSTRESC"] == best).mean() < 0.12


def test_every_lesion_is_identified_before_it_is_measured(large, domains):
    if "tu" not in domains:
        pytest.skip("no lesions in leukaemia")
    tu, tr = domains["tu"], domains["tr"].dropna(subset="TRLNKID")
    assert not tu.duplicated(["USUBJID", "TULNKID"]).any()
    first = tu.set_index(["USUBJID", "TULNKID"])["TUDTC"]
    since = pd.MultiIndex.from_frame(tr[["USUBJID", "TRLNKID"]]).map(first.to_dict())
    assert (tr["TRDTC"].to_numpy() >= np.array(since, str)).all()


def test_components_lie_between_consent_and_death(large, domains):
    dm = domains["dm"].set_index("USUBJID")
    for name, column in (("tr", "TRDTC"), ("tu", "TUDTC"), ("lb", "LBDTC"), ("rs", "RSDTC")):
        if name not in domains:
            continue
        frame = domains[name]
        assert (frame[column] >= frame["USUBJID"].map(dm["RFICDTC"])).all(), name
        death = frame["USUBJID"].map(dm["DTHDTC"]).str.len().eq(10)
        late = frame[column] > frame["USUBJID"].map(dm["DTHDTC"]).fillna("9999")
        assert not (late & death).any(), name


def test_the_truth_covers_every_reported_assessment_before_new_therapy(large, domains):
    rs = domains["rs"]
    reported = rs[rs["RSTESTCD"] == "OVRLRESP"].groupby("USUBJID")["RSDTC"].agg(set)
    for subject, text in true_responses(large).items():
        days = [entry[:10] for entry in text.split(", ")]
        assert days == sorted(days)
        assert set(days) <= reported[subject]


def test_lines_of_therapy_follow_each_other(large):
    lines = sorted(prior_lines(large), key=lambda line: line.number)
    for earlier, later in zip(lines, lines[1:], strict=False):
        both = later.regimen >= 0
        assert (earlier.failed < later.start)[both].all()
    for line in lines:
        has = line.regimen >= 0
        assert (line.start <= line.close)[has].all()
        reached = has & np.isfinite(line.complete)
        assert ((line.complete >= line.start) & (line.complete <= line.failed))[reached].all()
