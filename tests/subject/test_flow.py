import pandas as pd

from cartend.subject.flow import analysis_flow


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
        ["LEUKAPHERESED", "lost", "DEATH", 1],
        ["LYMPHODEPLETED", "reached", "", 2],
        ["LYMPHODEPLETED", "lost", "ADVERSE EVENT", 1],
        ["INFUSED", "reached", "", 1],
    ]
    reached = got[got["kind"].eq("reached")]["n"]
    assert reached.iloc[0] - reached.iloc[-1] == got.loc[got["kind"].eq("lost"), "n"].sum()
