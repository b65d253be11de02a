"""Times to event that a study brings already derived (D25), on a trial of four subjects."""

import pandas as pd
import pytest
import yaml
from factory import single_arm_study, steps

from cartend.config.load import load_config
from cartend.intake.errors import DataError

ADSL = [
    {"USUBJID": "A", "INFFL": "Y"},
    {"USUBJID": "B", "INFFL": "Y"},
    {"USUBJID": "C", "INFFL": "Y"},
    {"USUBJID": "D", "INFFL": "N"},
]
NRM = [("A", 10.0, 0), ("B", 19.2, 12), ("C", 30.0, 1), ("D", 5.0, 0)]


@pytest.fixture
def run(tmp_path):
    def study(endpoints: list[str], times: dict[str, list[tuple]]) -> dict[str, pd.DataFrame]:
        data = tmp_path / "data"
        data.mkdir()
        rows = [
            {"USUBJID": who, "PARAMCD": name, "AVAL": days, "CNSR": cnsr}
            for name, part in times.items()
            for who, days, cnsr in part
        ]
        pd.DataFrame(ADSL).to_csv(data / "adsl.csv", index=False)
        pd.DataFrame(rows).to_csv(data / "adtte.csv", index=False)
        content = single_arm_study(str(data), 400, endpoints, (("M3", 91),), entry="adam")
        (tmp_path / "study.yaml").write_text(yaml.safe_dump(content))
        return steps(tmp_path, load_config({"studies": ["study.yaml"]}, tmp_path), "primary")

    return study


def test_a_competing_event_is_cnsr_10_and_its_state_and_a_part_of_a_day_is_a_day(run):
    adtte = run(["NRM"], {"NRM": NRM})["adtte"].query("POP == 'INF' and EVAL == 'IRC'")
    found = adtte.set_index("USUBJID")[["AVAL", "CNSR", "STATE", "EVNTDESC"]]
    assert found.T.to_dict("list") == {
        "A": [10, 0, 1, "NON-RELAPSE DEATH"],
        "B": [20, 12, 2, "RELAPSE OR PROGRESSION"],
        "C": [30, 1, 0, "CENSORED"],
    }
    assert adtte["RULEID"].eq("NRM.BROUGHT").all()
    assert (adtte["CNSDTDSC"].notna() == (adtte["CNSR"] > 0)).all()


def test_each_row_has_its_candidate(run):
    frames = run(["NRM"], {"NRM": NRM})
    key = ["USUBJID", "PARAMCD", "EVAL", "POP"]
    chosen = frames["candidates"].query("OUTCOME == 'chosen'")
    assert sorted(map(tuple, chosen[key].values)) == sorted(map(tuple, frames["adtte"][key].values))


def test_a_blank_evaluator_is_the_primary_one(run):
    adtte = run(["NRM"], {"NRM": NRM})["adtte"]
    assert set(adtte["EVAL"]) == {"IRC"}


def test_an_endpoint_neither_brought_nor_derivable_is_one_sentence(run):
    with pytest.raises(DataError, match=r"PFS_EMA: .* no PARAMCD PFS_EMA \(it has NRM\)"):
        run(["NRM", "PFS_EMA"], {"NRM": NRM})


def test_overall_survival_may_still_follow_from_adsl(run):
    adtte = run(["NRM", "OS"], {"NRM": NRM})["adtte"]
    assert set(adtte["PARAMCD"]) == {"NRM"}  # nobody has an origin date, so OS has no row


def test_a_time_below_one_day_is_one_sentence(run):
    with pytest.raises(DataError, match="PARAMCD NRM: 1 records have no time of at least one day"):
        run(["NRM"], {"NRM": [("A", 0.0, 0), *NRM[1:]]})
