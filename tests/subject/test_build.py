import pandas as pd

from cartend.contract.datasets.subject import ADSL
from cartend.subject.build import build_subjects


def records_of_two_subjects():
    """One subject infused and dead, one control subject crossed over and followed."""
    rand = {"DSDECOD": "RANDOMIZED", "DSSTDTC": "2024-09-01"}
    return {
        "dm": [
            {"USUBJID": "B", "STUDYID": "S", "AGE": 70, "ARMCD": "SOC", "ARM": "SOC"},
            {"USUBJID": "A", "STUDYID": "S", "AGE": 40, "ARMCD": "CART", "ARM": "CAR-T"}
            | {"DTHFL": "Y", "DTHDTC": "2025-03", "ACTARMCD": "CART"},
        ],
        "ds": [{"USUBJID": "A"} | rand, {"USUBJID": "B"} | rand],
        "pr": [{"USUBJID": "A", "PRCAT": "LEUKAPHERESIS", "PRSTDTC": "2024-09-05"}],
        "ex": [
            {"USUBJID": "A", "EXCAT": "LYMPHODEPLETION", "EXSTDTC": "2024-10-01"},
            {"USUBJID": "A", "EXCAT": "CAR-T INFUSION", "EXSTDTC": "2024-10-06"},
            {"USUBJID": "B", "EXCAT": "CAR-T INFUSION", "EXSTDTC": "2024-12-24"},
        ],
        "cm": [
            {"USUBJID": "A", "CMCAT": "BRIDGING THERAPY", "CMCLAS": "ALKYLATOR", "INTENS": "N"}
            | {"CMSTDTC": "2024-09-12", "TARGET": None},
        ],
        "rs": [
            {"USUBJID": "A", "RSDTC": "2025-03-18"},
            {"USUBJID": "B", "RSDTC": "2025-04-02"},
        ],
        "sc": [{"USUBJID": "A", "SCTESTCD": "REFRACT", "SCSTRESC": "Y"}],
    }


def run(make, folder, given, **changes):
    folder.mkdir()
    for name, frame in make.domains(**given).items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    return build(make, make.study(strata=("REFRACT", "AGEGR"), **changes), folder)


def build(make, study, folder):
    paths = [folder / f"{name}.parquet" for name in ("adsl", "adevt", "adbrdg", "adelig", "adae")]
    build_subjects(study, make.criteria, make.rules(study), folder, *paths)
    return paths[:2]


def test_two_subjects_from_records_to_adsl_and_adevt(make, tmp_path):
    adsl, adevt = map(pd.read_parquet, run(make, tmp_path / "a", records_of_two_subjects()))
    assert list(adsl) == [*ADSL.names, "SC_REFRACT", "REFRACT"]
    text = adsl.astype(object).where(adsl.notna(), None).set_index("USUBJID")
    want = {
        "TRT01P": ["CAR-T", "Standard of care"],
        "AGEGR": ["18-64", ">=65"],
        "DTHDT": [pd.Timestamp("2025-03-19"), None],  # the 15th, but after the last assessment
        "DTHDTF": ["D", None],
        "DTHCAUS": ["UNKNOWN", None],
        "LSTALVDT": [pd.Timestamp("2025-03-18"), pd.Timestamp("2025-04-02")],
        "TRTSDT": [pd.Timestamp("2024-10-06"), None],
        "XODT": [None, pd.Timestamp("2024-12-24")],
        "LAFL": ["Y", "N"],
        "INFFL": ["Y", "N"],
        "NOTINFRS": [None, None],
        "BRIDGE": ["ALKYLATOR", "NOT APPLICABLE"],
        "BRCLASS": ["B2", "NOT APPLICABLE"],
        "REFRACT": ["Y", None],
    }
    assert {name: text[name].tolist() for name in want} == want
    assert adevt[["USUBJID", "KIND", "ADT"]].astype(str).to_numpy().tolist() == [
        ["A", "LEUKAPHERESIS", "2024-09-05"],
        ["A", "BRIDGING", "2024-09-12"],
        ["A", "LYMPHODEPLETION", "2024-10-01"],
        ["A", "INFUSION", "2024-10-06"],
        ["B", "CROSSOVER", "2024-12-24"],
        ["B", "NEW_THERAPY", "2024-12-24"],
    ]


def test_the_same_records_in_another_order_give_the_same_bytes(make, tmp_path):
    given = records_of_two_subjects()
    first = run(make, tmp_path / "a", given)
    turned = {name: rows if name == "ex" else rows[::-1] for name, rows in given.items()}
    second = run(make, tmp_path / "b", turned)
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_absent_domains_and_columns_read_as_missing(make, tmp_path):
    full = pd.read_parquet(run(make, tmp_path / "a", records_of_two_subjects())[0])
    folder = tmp_path / "b"
    folder.mkdir()
    pd.DataFrame({"USUBJID": ["A"], "ROLE": [None]}).to_parquet(folder / "dm.parquet", index=False)
    adsl, adevt = map(pd.read_parquet, build(make, make.study(), folder))
    assert adevt.empty
    assert adsl["INFFL"].tolist() == ["N"]
    shared = [name for name in ADSL.names if full[name].dtype != object]
    assert adsl[shared].dtypes.to_dict() == full[shared].dtypes.to_dict()
