"""What must hold of every algorithm: row order is nothing, worse components are never better."""

import numpy as np
import pandas as pd
import pytest
import test_ball
import test_imwg
import test_inrc
import test_lugano
from component_cases import SHIPPED, domains, responses, together

from cartend.config.load import load_criteria

CASES = {
    "b-all": (test_ball.START, test_ball.CLEAN, {}),
    "lugano-2014": (
        {**test_lugano.START, "SPLEEN": 140},
        {"DEAUV": 2, **test_lugano.node(10, 5), "SPLEEN": 120},
        test_lugano.LESIONS,
    ),
    "imwg-2016": (test_imwg.START, test_imwg.CLEAR, test_imwg.LESIONS),
    "inrc-2017": (test_inrc.START, test_inrc.CLEAN, test_inrc.LESIONS),
}
LADDERS = {  # component -> values from best to worst
    "b-all": {
        "BLASTBM": [0, 4.9, 5, 10, 25, 40, 74, 76],
        "BLASTPB": [0, 1, 9, 11, 40],
        "NEUT": [2, 1, 0.9, 0.5, 0.1],
        "PLAT": [200, 100, 99, 50, 10],
        "BMCELL": ["ADEQUATE", "HYPOCELLULAR"],
        "EMDRESP": ["ABSENT", "NEW"],
        "CNSSTAT": ["CNS1", "CNS2", "CNS3"],
    },
    "lugano-2014": {
        "DEAUV": [1, 3],
        "FDGBM": ["NONE", "REDUCED", "UNCHANGED", "NEW"],
        "FDGNEW": ["N", "Y"],
    },
    "imwg-2016": {
        "MPROTS": [0, 0.3, 0.5, 1.9, 2.1, 2.9, 3.1, 4.9, 5.2],
        "MPROTU": [0, 99, 150, 240, 300, 600, 800],
        "PLSMCELL": [0, 4, 5, 30],
        "IFIXS": ["NEGATIVE", "POSITIVE"],
        "CLONALPC": ["NEGATIVE", "POSITIVE"],
    },
    "inrc-2017": {
        "CURIE": [0, 3, 5, 7, 11, 12, 20],
        "TUMCELBM": [0, 3, 5, 8, 30, 61, 90],
        ("P", "LDIAM"): [0, 9, 10, 34, 40, 60, 70],
        ("T1", "LDIAM"): [0, 9, 27, 30, 44, 50],
    },
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_worse_components_never_give_a_better_response(name):
    start, clean, lesions = CASES[name]
    steps = [
        (test, [clean | {test: value} for value in values])
        for test, values in LADDERS[name].items()
    ]
    courses = [{"BASELINE": start, "V1": visit} for _, visits in steps for visit in visits]
    got = iter(together(name, courses, lesions))
    rank = load_criteria(SHIPPED / f"{name}.yaml").rank
    for test, visits in steps:
        places = [rank[next(got)[0]] for _ in visits]
        assert places == sorted(places), test
        assert places[0] == 0, "the best of every component is the best response"


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_order_of_the_rows_changes_nothing(name):
    start, clean, lesions = CASES[name]
    tables = domains({"BASELINE": start, "V1": clean, "V2": start, "V3": clean}, lesions)
    rng = np.random.default_rng(11)
    mixed = {key: rows.iloc[rng.permutation(len(rows))] for key, rows in tables.items()}
    mixed = {key: rows.reset_index(drop=True) for key, rows in mixed.items()}
    pd.testing.assert_frame_equal(responses(name, mixed), responses(name, tables))


def test_the_source_of_the_endpoints_is_a_key_and_needs_components():
    start, clean, _ = CASES["b-all"]
    visits = {"BASELINE": start, "V1": clean | {"OVRLRESP": "CRi"}}
    for source, fed in {"reported": ("OVR", "CRi"), "algorithmic": ("OVRALG", "CR")}.items():
        got = responses("b-all", domains(visits), study={"response_source": source})
        rows = got[got["ANL01FL"].eq("Y")]
        assert rows[["PARAMCD", "AVALC"]].to_numpy().tolist() == [list(fed)]
    bare = domains({"V1": {"OVRLRESP": "CR"}})
    with pytest.raises(Exception, match="response_source is algorithmic, but the data hold no"):
        responses("b-all", bare, study={"response_source": "algorithmic"})
