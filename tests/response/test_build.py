import pandas as pd

from cartend.response.build import build_response


def test_responses_and_samples_are_written_for_the_subjects_of_adsl(make, tmp_path):
    rs = make.records(
        "rs",
        {"USUBJID": "A", "RSTESTCD": "OVRLRESP", "AVALC": "CR", "EVAL": "IRC"}
        | {"RSDTC": "2025-02-12"},
    )
    rs.to_parquet(tmp_path / "rs.parquet", index=False)
    make.adsl("A", "B").to_parquet(tmp_path / "adsl.parquet", index=False)
    make.adevt().to_parquet(tmp_path / "adevt.parquet", index=False)
    paths = tmp_path / "adrs.parquet", tmp_path / "admrd.parquet"
    subjects = tmp_path / "adsl.parquet", tmp_path / "adevt.parquet"
    build_response(make.study(), make.criteria(), tmp_path, *subjects, *paths)
    adrs, admrd = map(pd.read_parquet, paths)
    assert adrs[["USUBJID", "AVALC", "AVISIT", "ANL01FL"]].to_numpy().tolist() == [
        ["A", "CR", "W6", "Y"]
    ]
    assert admrd.empty, "no LB file: no samples"
    assert "AVALC" in admrd
