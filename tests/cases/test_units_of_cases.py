"""Ages, times and shares of cells in other units are turned into ours (D39, D42, D52)."""

import pandas as pd
import pytest

from tests.cases.whole import HERE, Whole


def changed(folder, case, name, **columns):
    """Return a case with some columns of one of its files in other words; None drops one."""
    source = HERE / case
    for path in (source / "data").glob("*.csv"):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        if path.stem == name:
            for column, change in columns.items():
                if change is None:
                    table = table.drop(columns=column)
                else:
                    table[column] = change(table)
        (folder / "data").mkdir(exist_ok=True)
        table.to_csv(folder / "data" / path.name, index=False)
    (folder / "studies").mkdir()
    text = (source / "studies" / "x.yaml").read_text()
    (folder / "studies" / "x.yaml").write_text(text)
    return Whole(folder, "x", folder / "out")


def stops_of(whole):
    text = pd.read_csv(whole.read / "stops.csv", dtype=str, keep_default_na=False)
    return text.set_index("what")["id"].to_dict()


def test_months_and_days_give_the_same(tmp_path):
    times = {}
    for case in ("times-in-months", "times-in-days"):
        whole = Whole(HERE / case, "x", tmp_path / case)
        times[case] = whole.times("OS")["AVAL"].tolist()
        assert not stops_of(whole)
    assert times["times-in-months"] == times["times-in-days"]


@pytest.mark.parametrize(
    ("unit", "size"), [("Monate", 30.4375), ("yrs", 365.25), ("Weeks", 7.0), ("MOS", 30.4375)]
)
def test_a_unit_in_any_spelling_or_in_the_text_of_the_parameter(tmp_path, unit, size):
    whole = changed(
        tmp_path,
        "times-in-days",
        "adtte",
        AVAL=lambda t: (t["AVAL"].astype(float) / size).round(6).astype(str),
        AVALU=None,
        PARAM=lambda t: f"Overall Survival ({unit})",
    )
    same = Whole(HERE / "times-in-days", "x", tmp_path / "days")
    assert whole.domain("adtte")["AVAL"].tolist() == same.domain("adtte")["AVAL"].tolist()
    assert whole.findings["finding_id"].tolist().count("F-UNIT-002") == 2


def test_a_unit_that_nobody_knows_stops(tmp_path):
    whole = changed(tmp_path, "times-in-days", "adtte", AVALU=lambda t: "cycles")
    assert stops_of(whole) == {
        "ADTTE.AVALU cycles of OS": "S-UNIT",
        "ADTTE.AVALU cycles of PFS_EMA": "S-UNIT",
    }


def test_two_units_of_one_time_stop(tmp_path):
    whole = changed(tmp_path, "times-in-days", "adtte", PARAM=lambda t: "OS (months)")
    assert list(stops_of(whole).values()) == ["S-UNIT", "S-UNIT"]


def test_ages_in_months_are_those_of_children(tmp_path):
    whole = Whole(HERE / "age-in-months", "x", tmp_path)
    age = whole.adsl.set_index("USUBJID")["AGE"].round(2)
    assert (age["AG1"], age["AG2"], age["AG3"]) == (2.5, 0.67, 17.9)
    assert set(whole.adsl["AGEGR"]) == {"<18"}


@pytest.mark.parametrize(
    ("unit", "factor"), [("Wochen", 52.178571), ("d", 365.25), ("Mois", 12), ("years", 1)]
)
def test_ages_in_other_units(tmp_path, unit, factor):
    whole = changed(
        tmp_path,
        "age-in-months",
        "dm",
        AGE=lambda t: 10 * factor,
        AGEU=lambda t: unit,
    )
    assert whole.adsl["AGE"].round(3).unique().tolist() == [10.0]


def test_an_age_in_a_unit_that_nobody_knows_stops(tmp_path):
    whole = changed(tmp_path, "age-in-months", "dm", AGEU=lambda t: "MOONS")
    assert stops_of(whole) == {"DM.AGEU MOONS": "S-UNIT"}


def test_percent_is_a_hundredth(tmp_path):
    row = admrd(Whole(HERE / "mrd-in-percent", "x", tmp_path))
    assert ("NEG", pytest.approx(5e-5)) == (row.AVALC, row.AVAL)


def admrd(whole):
    (row,) = pd.read_parquet(whole.responses / "admrd.parquet").itertuples()
    return row


@pytest.mark.parametrize(
    ("value", "limit", "unit"),
    [
        ("5", "1", "10^-5"),
        ("0.5", "0.1", "per 10^4 cells"),
        ("50", "10", "cells/10^6"),
        ("5", "1", "/1e5"),
        ("0.00005", "0.00001", "fraction"),
        ("5", "1", "10⁻⁵"),
        ("0.005", "0.001", "Prozent"),
    ],
)
def test_shares_in_other_units(tmp_path, value, limit, unit):
    words = {"LBSTRESN": value, "LBSTRESC": value, "LBLLOD": limit, "LBSTRESU": unit}
    whole = changed(
        tmp_path, "mrd-in-percent", "lb", **{k: lambda t, v=v: v for k, v in words.items()}
    )
    row = admrd(whole)
    assert ("NEG", pytest.approx(5e-5)) == (row.AVALC, row.AVAL)
    assert "F-MRD-007" not in set(whole.findings["finding_id"])


def test_a_result_as_a_word_with_its_limit_in_percent(tmp_path):
    whole = changed(
        tmp_path,
        "mrd-in-percent",
        "lb",
        LBSTRESN=lambda t: "",
        LBSTRESC=lambda t: "Not detected",
    )
    assert (admrd(whole).AVALC, admrd(whole).DETBLFL) == ("NEG", "N")


def test_a_share_in_a_unit_that_nobody_knows_stops_and_a_low_limit_is_told(tmp_path):
    whole = changed(tmp_path, "mrd-in-percent", "lb", LBSTRESU=lambda t: "copies/ug")
    assert stops_of(whole) == {"LB.LBSTRESU copies/ug": "S-UNIT"}
    (tmp_path / "low").mkdir()
    low = changed(tmp_path / "low", "mrd-in-percent", "lb", LBLLOD=lambda t: "0.000001")
    assert "F-MRD-007" in set(low.findings["finding_id"])


def test_a_result_unlike_its_standardised_form_is_told(tmp_path):
    whole = changed(
        tmp_path, "mrd-in-percent", "lb", LBORRES=lambda t: "0.05", LBORRESU=lambda t: "%"
    )
    assert "F-MRD-008" in set(whole.findings["finding_id"])
