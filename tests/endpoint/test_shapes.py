"""The curves have the shapes that their definitions give them, on the shipped lymphoma trial."""

import numpy as np
import pandas as pd
import pytest
import yaml
from factory import PROJECT, steps

from cartend.config.load import load_config
from cartend.stats.survival import kaplan_meier, survival_at

WEEK_12 = 77
"""First day of the week-12 window since randomisation; its last is day 91."""


@pytest.fixture(scope="module")
def trial(tmp_path_factory) -> dict[str, pd.DataFrame]:
    """ADTTE of both definitions, ADSL and ADRS of the trial."""
    folder = tmp_path_factory.mktemp("shapes")
    study = yaml.safe_load((PROJECT / "config/studies/lbcl-second-line.yaml").read_text())
    study |= {
        "data": str(PROJECT / study["data"]),
        "endpoints": ["EFS_BELINDA", "EFS_LEUK_ORIGIN"],
        "roles": {},
        "targets": {},
        "analyses": {"run": []},
    }
    (folder / "study.yaml").write_text(yaml.safe_dump(study))
    return steps(folder, load_config({"studies": ["study.yaml"]}, folder), "primary")


def rows(trial, paramcd):
    adtte = trial["adtte"]
    return adtte[(adtte["PARAMCD"] == paramcd) & (adtte["EVAL"] == "IRC")]


def test_the_belinda_curve_falls_by_deaths_alone_until_week_11(trial):
    found = rows(trial, "EFS_BELINDA")
    assert len(found) == 320
    early = found[(found["CNSR"] == 0) & (found["AVAL"] <= WEEK_12)]
    assert len(early) > 0
    assert set(early["EVNTDESC"]) == {"DEATH"}
    later = found[(found["CNSR"] == 0) & found["AVAL"].between(WEEK_12 + 1, 92)]
    assert (later["EVNTDESC"] != "DEATH").sum() > 3 * len(early)
    curve = kaplan_meier(found["AVAL"].to_numpy(), (found["CNSR"] == 0).to_numpy().astype(int))
    before, after = survival_at(curve, [WEEK_12, 92]).estimate
    assert before > 0.95
    assert after < before - 0.1


def test_the_leukaemia_curve_drops_on_day_1_by_the_share_without_complete_response(trial):
    found = rows(trial, "EFS_LEUK_ORIGIN").set_index("USUBJID")
    adsl, adrs = trial["adsl"].set_index("USUBJID"), trial["adrs"]
    seen = adrs[(adrs["PARAMCD"] == "OVR") & (adrs["ANL01FL"] == "Y") & (adrs["EVAL"] == "IRC")]
    day = (seen["ADT"] - seen["USUBJID"].map(adsl["RANDDT"])).dt.days
    complete = seen[(seen["AVALC"] == "CR") & day.between(0, 91)]
    never = ~found.index.isin(complete["USUBJID"])
    on_day_1 = ((found["AVAL"] == 1) & (found["CNSR"] == 0)).to_numpy()
    # Whoever is not known to have failed was lost or censored before the window closed.
    assert (on_day_1 & never).sum() > 0.9 * never.sum()
    # Nobody with a complete response fails on day 1 unless it came after a failure.
    ended = found[on_day_1 & ~never].index
    progressed = set(seen.loc[seen["AVALC"].isin(["PD"]) & day.between(0, 91), "USUBJID"])
    treated = set(trial["candidates"].loc[trial["candidates"]["KIND"] == "NEW_THERAPY", "USUBJID"])
    assert set(ended) <= progressed | treated
    curve = kaplan_meier(found["AVAL"].to_numpy(), (found["CNSR"] == 0).to_numpy().astype(int))
    drop = 1 - survival_at(curve, [1]).estimate[0]
    assert drop == pytest.approx(on_day_1.sum() / len(found), abs=1e-12)
    assert drop > 0.4


@pytest.mark.parametrize("arm", ["CART", "SOC"])
def test_with_complete_responses_in_fewer_than_half_the_median_is_day_1(trial, arm):
    found = rows(trial, "EFS_LEUK_ORIGIN")
    found = found[(found["ARMCD"] == arm) & (found["ANL01FL"] == "Y")]
    share = ((found["AVAL"] == 1) & (found["CNSR"] == 0)).mean()
    curve = kaplan_meier(found["AVAL"].to_numpy(), (found["CNSR"] == 0).to_numpy().astype(int))
    at_1 = survival_at(curve, [1]).estimate[0]
    assert np.isclose(at_1, 1 - share)
    assert (at_1 <= 0.5) == (share >= 0.5)
    assert (arm == "SOC") == (share > 0.5)
