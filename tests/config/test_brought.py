"""What a study says of ADaM datasets that are brought."""

import pytest

ADTTE = {"PFSIRC": {"endpoint": "PFS_FDA", "evaluator": "IRC"}, "OS": {"endpoint": "OS"}}


def study(folder, **adam):
    return folder.study(entry="adam", **adam).load().studies["lbcl-second-line"]


def test_columns_stand_under_adam_or_by_themselves_and_are_one(folder):
    columns = {"adsl": {"LEUKDT": "APHDT"}}
    inner = {"adsl": {"INFDT": "CARTDT", "LEUKDT": "APHDT"}, "adrs": {"EVAL": "READER"}}
    found = study(folder, columns=columns, adam={"columns": inner, "adtte": ADTTE})
    assert found.adam_columns.adsl == {"LEUKDT": "APHDT", "INFDT": "CARTDT"}
    assert found.adam_columns.adrs == {"EVAL": "READER"}
    assert found.adam_columns.adtte == {}
    assert found.adam.adtte["PFSIRC"].evaluator == "IRC"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            {
                "columns": {"adsl": {"LEUKDT": "LKDT"}},
                "adam": {"columns": {"adsl": {"LEUKDT": "APHDT"}}},
            },
            "key adam.columns.adsl.LEUKDT: APHDT, but columns.adsl says LKDT; say it once",
        ),
        (
            {"adam": {"adtte": {"PFS": {"endpoint": "PFS_FD"}}}},
            "key adam.adtte.PFS.endpoint: PFS_FD is not in endpoints; nearest: PFS_FDA",
        ),
        ({"adam": {"adrs": {"OVRINV": "INVESTIGATOR"}}}, "key adam.adrs.OVRINV: 'INVESTIGATOR'"),
        (
            {"entry": "sdtm", "adam": {"adtte": ADTTE}},
            "key adam means nothing for entry: sdtm; it belongs to entry: adam",
        ),
    ],
)
def test_what_is_brought_is_said_once_and_of_listed_endpoints(folder, keys, said):
    assert said in folder.study(**{"entry": "adam", **keys}).error()
