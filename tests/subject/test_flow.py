import pandas as pd

from cartend.subject.flow import analysis_flow, control_flow


def test_the_flow_adds_up_and_names_the_reason_of_each_loss(make):
    adsl = pd.DataFrame(
        {
            "ENRLDT": make.days(None, "2025-01-01", "2025-01-01", "2025-01-01", "2025-01-01"),
            "LEUKDT": make.days(None, None, "2025-01-05", "2025-01-05", "2025-01-05"),
            "LDDT": make.days(None, None, None, "2025-02-01", None),
            "TRTSDT": make.days(None, None, None, None, "2025-02-06"),
            "ENRLFL": ["N", "Y", "Y", "Y", "Y"],
            "BRIDGEFL": ["N", "N", "Y", "Y", "N"],
            "NOTINFRS": ["SCREEN FAILURE", None, "DEATH", "ADVERSE EVENT", None],
        }
    )
    got = analysis_flow(adsl)
    assert got[["step", "kind", "reason", "n"]].to_numpy().tolist() == [
        ["SCREENED", "reached", "", 5],
        ["SCREENED", "lost", "SCREEN FAILURE", 1],
        ["ENROLLED", "reached", "", 4],
        ["ENROLLED", "lost", "REASON NOT STATED", 1],
        ["LEUKAPHERESED", "reached", "", 3],
        ["BRIDGED", "of whom", "", 2],
        ["NOT BRIDGED", "of whom", "", 1],
        ["LEUKAPHERESED", "lost", "DEATH", 1],
        ["LYMPHODEPLETED", "reached", "", 2],
        ["LYMPHODEPLETED", "lost", "ADVERSE EVENT", 1],
        ["INFUSED", "reached", "", 1],
    ]
    reached = got[got["kind"].eq("reached")]["n"]
    assert reached.iloc[0] - reached.iloc[-1] == got.loc[got["kind"].eq("lost"), "n"].sum()


def test_an_age_that_the_study_leaves_out_is_lost_at_screening(make):
    day = make.days("2025-01-01", "2025-01-01")
    adsl = pd.DataFrame({"ENRLDT": day, "LEUKDT": day, "LDDT": day, "TRTSDT": day})
    adsl = adsl.assign(ENRLFL=["N", "Y"], BRIDGEFL="N", NOTINFRS=None, AGEINFL=["N", "Y"])
    got = analysis_flow(adsl).set_index(["step", "kind"])
    assert got.loc[("SCREENED", "lost"), "reason"] == "OTHER AGE GROUP"
    assert got.loc[("INFUSED", "reached"), "n"] == 1


def test_a_control_subject_who_was_never_treated_is_lost_by_the_reason_of_leaving(make):
    adsl = pd.DataFrame(
        {
            "ENRLDT": make.days(None, None, None),
            "ENRLFL": ["Y", "Y", "Y"],
            "SOCSDT": make.days("2025-01-03", None, None),
            "XODT": make.days("2025-03-03", None, None),
            "DCSREAS": [None, "DEATH", None],
        }
    )
    got = control_flow(adsl)
    assert got[["step", "kind", "reason", "n"]].to_numpy().tolist() == [
        ["SCREENED", "reached", "", 3],
        ["ENROLLED", "reached", "", 3],
        ["ENROLLED", "lost", "DEATH", 1],
        ["ENROLLED", "lost", "REASON NOT STATED", 1],
        ["CONTROL TREATED", "reached", "", 1],
        ["CROSSOVER", "of whom", "", 1],
    ]
