"""ADTTE and ADRSP as blocks, also where the data bring little."""

import pandas as pd
from tiny_trial import make_adsl, make_adtte, make_study

from cartend.analysis.frames import blocks, read_adrsp, read_adsl, read_adtte
from cartend.analysis.plan import Group

BARE = {"USUBJID": ["A1", "B1"], "PARAMCD": ["OS", "OS"], "AVAL": [10, 20], "CNSR": [0, 1]}


def write(tmp_path, frame):
    frame.to_parquet(tmp_path / "frame.parquet")
    return tmp_path / "frame.parquet"


def test_time_and_censoring_alone_are_enough(tmp_path):
    adsl = read_adsl(write(tmp_path, make_adsl()), make_study())
    found = read_adtte(write(tmp_path, pd.DataFrame(BARE)), make_study(), adsl)
    assert found["POP"].tolist() == ["RAND", "RAND"]
    assert found["EVAL"].tolist() == ["", ""]
    assert found["STATE"].tolist() == [1, 0]
    assert found["EVNTDESC"].tolist() == ["EVENT", "CENSORED"]
    assert found["ANL01FL"].tolist() == ["Y", "Y"]
    assert found["ARMCD"].tolist() == ["CART", "SOC"]
    assert found["BRIDGE"].tolist() == ["NONE", "NOT APPLICABLE"]


def test_the_columns_that_the_data_bring_are_kept(tmp_path):
    adsl = read_adsl(write(tmp_path, make_adsl()), make_study())
    brought = pd.DataFrame(
        {**BARE, "POP": ["INF", None], "EVAL": ["INV", None], "ARMCD": ["X", None]}
    )
    found = read_adtte(write(tmp_path, brought), make_study(), adsl)
    assert found["POP"].tolist() == ["INF", "RAND"]
    assert found["EVAL"].tolist() == ["INV", ""]
    assert found["ARMCD"].tolist() == ["X", "MISSING"]


def test_without_adsl_a_single_arm_is_the_only_one(tmp_path):
    study = make_study(design="single-arm", arms={"CART": {"label": "CAR-T"}}, strata=[])
    adsl = read_adsl(tmp_path / "absent.parquet", study)
    found = read_adtte(write(tmp_path, pd.DataFrame(BARE)), study, adsl)
    assert found["ARMCD"].tolist() == ["CART", "CART"]
    assert found["POP"].tolist() == ["INF", "INF"]


def test_a_file_that_is_not_there_has_no_blocks(tmp_path):
    adsl = read_adsl(tmp_path / "absent.parquet", make_study())
    assert list(blocks(read_adtte(tmp_path / "none.parquet", make_study(), adsl))) == []
    assert list(blocks(read_adrsp(tmp_path / "none.parquet", make_study(), adsl))) == []


def test_a_missing_stratum_is_a_level_of_its_own(tmp_path):
    adsl = read_adsl(write(tmp_path, make_adsl()), make_study())
    assert adsl["REFRACT"].tolist() == ["Y", "N", "Y", "Y", "N", "MISSING"]


def test_blocks_come_in_the_order_of_their_keys_with_subjects_sorted(tmp_path):
    adsl = read_adsl(write(tmp_path, make_adsl()), make_study())
    shuffled = make_adtte().sample(frac=1, random_state=1)
    found = list(blocks(read_adtte(write(tmp_path, shuffled), make_study(), adsl)))
    keys = [(b.paramcd, b.population, b.evaluator) for b in found]
    assert keys == [
        ("DOR", "RESPONDERS", "IRC"),
        ("EFS", "RAND", "IRC"),
        ("NRM", "RAND", "IRC"),
        ("OS", "RAND", ""),
        ("PFS_EMA", "RAND", "IRC"),
    ]
    assert found[1].frame["USUBJID"].tolist() == ["A1", "A2", "A3", "B1", "B2", "B3"]


def test_rows_with_an_open_window_or_without_time_are_not_analysed(tmp_path):
    adsl = read_adsl(write(tmp_path, make_adsl()), make_study())
    adtte = make_adtte().query("PARAMCD == 'EFS'")
    adtte = adtte.assign(ANL01FL=list("YNYYYY"), AVAL=[5, 12, None, 5, 8, 15])
    block = next(blocks(read_adtte(write(tmp_path, adtte), make_study(), adsl)))
    assert block.analysed.tolist() == [True, False, False, True, True, True]


def test_a_group_is_an_arm_a_level_or_both(tmp_path):
    adsl = read_adsl(write(tmp_path, make_adsl()), make_study())
    block = next(blocks(read_adtte(write(tmp_path, make_adtte()), make_study(), adsl)))
    efs = next(b for b in blocks(make_adtte()) if b.paramcd == "EFS")
    assert block.rows(Group()).tolist() == [True, True]
    assert efs.rows(Group("CART")).tolist() == [True] * 3 + [False] * 3
    assert efs.rows(Group("CART", "BRIDGE", "IMID")).tolist() == [False, True, True] + [False] * 3
    assert not efs.rows(Group("", "NO_SUCH", "Y")).any()
