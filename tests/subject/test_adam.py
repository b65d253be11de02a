import pandas as pd

from cartend.subject.adam import subjects_from_adam


def test_a_brought_adsl_is_completed_from_its_own_dates_and_flags(make):
    brought = pd.DataFrame(
        {
            "USUBJID": ["B", "A", "C"],
            "AGE": [70, 17, 40],
            "ARMCD": ["SOC", "CART", "CART"],
            "RANDDT": make.days("2025-01-01", "2025-01-01", "2025-01-01"),
            "LEUKDT": make.days(None, "2025-01-05", "2025-01-05"),
            "TRTSDT": make.days(None, "2025-02-01", None),
            "DTHDT": make.days(None, None, "2025-03-01"),
            "NACTDT": make.days("2025-04-01", None, None),
            "HSCTDT": make.days(None, "2025-05-01", None),
            "BRIDGEFL": ["NOT APPLICABLE", "Y", "N"],
        }
    )
    adsl, adevt = subjects_from_adam(make.study(), brought)
    columns = ["AGEGR", "TRT01P", "RANDFL", "LAFL", "INFFL", "BRIDGE", "DTHCAUS", "DTHDTF"]
    assert adsl[columns].astype(object).where(adsl[columns].notna(), None).T.to_dict("list") == {
        "A": ["<18", "CAR-T", "Y", "Y", "Y", "OTHER", None, None],
        "B": [">=65", "Standard of care", "Y", "N", "N", "NOT APPLICABLE", None, None],
        "C": ["18-64", "CAR-T", "Y", "Y", "N", "NONE", "UNKNOWN", ""],
    }
    assert adsl["CUTDT"].eq(pd.Timestamp("2025-06-30")).all()
    assert adevt[["USUBJID", "KIND", "SRCVAR"]].to_numpy().tolist() == [
        ["A", "LEUKAPHERESIS", "LEUKDT"],
        ["A", "INFUSION", "TRTSDT"],
        ["A", "HSCT", "HSCTDT"],
        ["B", "NEW_THERAPY", "NACTDT"],
        ["C", "LEUKAPHERESIS", "LEUKDT"],
    ]


def test_flags_as_brought_are_kept(make):
    brought = pd.DataFrame({"USUBJID": ["A"], "RANDFL": ["N"], "BRIDGE": ["IMID"]})
    brought["RANDDT"] = make.days("2025-01-01")
    adsl, adevt = subjects_from_adam(make.study(), brought)
    assert adsl.loc["A", ["RANDFL", "BRIDGE", "BRIDGEFL"]].tolist() == ["N", "IMID", "Y"]
    assert adevt.empty


def test_brought_words_are_read_as_ours_and_an_unknown_cause_stays_legible(make):
    """Decision D39: UNKNOWN, or OTHER where it begins so; unknown bridging was bridging."""
    brought = pd.DataFrame(
        {
            "USUBJID": ["A", "B", "C"],
            "ARMCD": ["CART", "CART", "CART"],
            "TRT01P": ["DRUG HIGH", "DRUG HIGH", "DRUG HIGH"],
            "DTHDT": make.days("2025-03-01", "2025-03-01", "2025-03-01"),
            "DTHCAUS": ["Progressive disease", "Road accident", "Other: road accident"],
            "EOSSTT": ["Discontinued", "ONGOING", "LEFT"],
            "BRIDGE": ["alkylating agents", "imid", None],
            "INFFL": ["y", None, "Yes"],
        }
    )
    adsl, _ = subjects_from_adam(make.study(), brought)
    assert adsl["DTHCAUS"].tolist() == ["DISEASE UNDER STUDY", "UNKNOWN", "OTHER"]
    assert adsl["DTHCAUSR"].tolist() == brought["DTHCAUS"].tolist()
    assert adsl["EOSSTT"].fillna("").tolist() == ["DISCONTINUED", "ONGOING", ""]
    assert adsl["BRIDGE"].fillna("").tolist() == ["OTHER", "IMID", ""]
    assert adsl["BRIDGEFL"].fillna("").tolist() == ["Y", "Y", ""]
    assert adsl["INFFL"].tolist() == ["Y", "N", "Y"]
    assert adsl["TRT01P"].tolist() == ["CAR-T"] * 3, "the arm's own label, not the data's"
