"""A role of a study's own from its records to the explanation: an event of the study's endpoint."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from factory import Subject, iso, randomised_study, steps, write_sdtm

from cartend.config.load import load_config
from cartend.explain.explain import explain_text
from cartend.export.manifest import write_manifest

CUTOFF = 400
OWN = {
    "transfusion": {
        "from": "CM",
        "where": {"CMCAT": ["BLOOD PRODUCT"]},
        "label": "Transfusion of blood",
    }
}
MEANT = {"type": "RECORD", "role": "transfusion"}
ENDPOINTS = {
    "PFS_OR_BLOOD": {
        "based_on": "PFS_EMA",
        "label": "Survival free of progression and of transfusion",
        "paramcd8": "PFSBLOOD",
        "sentence": "",
        "events": {"BLOOD": MEANT},
        "intercurrent_events": {"BLOOD": {**MEANT, "strategy": "composite"}},
    },
    "PFS_UNTIL_BLOOD": {
        "based_on": "PFS_EMA",
        "label": "Progression-free survival until transfusion",
        "paramcd8": "PFSUNTIL",
        "intercurrent_events": {"BLOOD": {**MEANT, "strategy": "hypothetical"}},
    },
    "OS_UNTIL_BLOOD": {
        "based_on": "OS",
        "label": "Survival until transfusion",
        "paramcd8": "OSUNTIL",
        "intercurrent_events": {"BLOOD": {**MEANT, "strategy": "hypothetical"}},
    },
    "PFS_WHATEVER": {
        "based_on": "PFS_EMA",
        "label": "Progression-free survival whatever is transfused",
        "paramcd8": "PFSWHAT",
        "intercurrent_events": {"BLOOD": {**MEANT, "strategy": "treatment_policy"}},
    },
}
SUBJECTS = [
    Subject("EVENT", [(42, "PR"), (63, "CR"), (84, "CR"), (126, "PD")], alive=150),
    Subject("LATER", [(42, "PR"), (63, "PD")], alive=150),
    Subject("BEFORE", [(42, "PR"), (63, "CR")], alive=150),
    Subject("NEVER", [(42, "PR"), (126, "PD")], alive=150),
]
BLOOD = {"EVENT": [70, 80], "LATER": [90], "BEFORE": [-3]}


def write_blood(path: Path) -> None:
    """Write CM: blood products, and a medication in which nothing is sought."""
    rows = [
        {
            "STUDYID": "T",
            "USUBJID": subject,
            "CMSEQ": number,
            "CMTRT": "Red cells",
            "CMDECOD": "ERYTHROCYTES",
            "CMCAT": "Blood product",
            "CMSTDTC": iso(day),
        }
        for subject, days in BLOOD.items()
        for number, day in enumerate(days, 1)
    ]
    other = {"USUBJID": "NEVER", "CMCAT": "CONCOMITANT MEDICATION", "CMSTDTC": iso(50)}
    pd.DataFrame([*rows, {**rows[0], **other}]).to_csv(path, index=False)


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> tuple[Path, dict[str, pd.DataFrame]]:
    """Return the results folder of the study and what its endpoints gave."""
    folder = tmp_path_factory.mktemp("roles") / "vectors"
    data, own = folder / "data", folder / "config" / "endpoints"
    own.mkdir(parents=True)
    write_sdtm(data, SUBJECTS, CUTOFF)
    rs = data / "rs.csv"
    rs.write_text(rs.read_text().replace(",@,", ",LUGANO 2014,"))
    write_blood(data / "cm.csv")
    for name, definition in ENDPOINTS.items():
        (own / f"{name}.yaml").write_text(yaml.safe_dump({"id": name, **definition}))
    study = randomised_study(str(data), CUTOFF, ["OS", *ENDPOINTS], records=OWN, evaluators=["IRC"])
    (folder / "study.yaml").write_text(yaml.safe_dump(study))
    resolved = load_config({"studies": ["study.yaml"]}, folder)
    frames = steps(folder, resolved, "primary")
    spec = resolved.spec("vectors")
    content = {
        "study": spec["study"],
        "criteria": spec["criteria"],
        "scenarios": resolved.scenarios_spec("vectors"),
        "order": list(resolved.scenarios["vectors"]),
        "record": {"inputs": {}, "code": {}, "packages": {}, "formats": {}},
    }
    write_manifest(content, folder, folder / "manifest.json")
    return folder.parent, frames


def row(world, endpoint: str, subject: str) -> pd.Series:
    adtte = world[1]["adtte"]
    return adtte[adtte["PARAMCD"].eq(endpoint) & adtte["USUBJID"].eq(subject)].iloc[0]


def test_a_record_of_the_role_is_the_event_that_comes_first(world):
    found = {
        one.id: (r["AVAL"], r["CNSR"], r["EVNTDESC"], r["SRCDOM"], r["SRCSEQ"])
        for one in SUBJECTS
        for r in [row(world, "PFS_OR_BLOOD", one.id)]
    }
    assert found == {
        "EVENT": (71, 0, "TRANSFUSION", "CM", 1),
        "LATER": (64, 0, "PD", "RS", 2),
        "BEFORE": (64, 1, "LAST ADEQUATE ASSESSMENT", "RS", 2),
        "NEVER": (127, 0, "PD", "RS", 2),
    }


def test_every_candidate_says_why_it_won_or_lost(world):
    table = world[1]["candidates"]
    table = table[table["PARAMCD"].eq("PFS_OR_BLOOD") & table["STATE"].eq(1)]
    said = table[["USUBJID", "KIND", "EVNTDESC", "RULEID", "SRCSEQ", "OUTCOME"]]
    assert said.to_numpy().tolist() == [
        ["EVENT", "transfusion", "TRANSFUSION", "PFS_OR_BLOOD.BLOOD", 1, "chosen"],
        [
            *("EVENT", "transfusion", "TRANSFUSION", "PFS_OR_BLOOD.BLOOD", 2),
            "after an earlier end of the follow-up",
        ],
        [
            *("EVENT", "PD", "PD", "PFS_OR_BLOOD.PD", 4),
            "after transfusion of blood, which ends the follow-up",
        ],
        ["LATER", "PD", "PD", "PFS_OR_BLOOD.PD", 2, "chosen"],
        [
            *("LATER", "transfusion", "TRANSFUSION", "PFS_OR_BLOOD.BLOOD", 1),
            "later than the first event",
        ],
        ["NEVER", "PD", "PD", "PFS_OR_BLOOD.PD", 2, "chosen"],
    ]


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (
            "PFS_UNTIL_BLOOD",
            (
                64,
                9,
                "OTHER",
                "Date of the last adequate assessment on or before transfusion of blood",
            ),
        ),
        (
            "OS_UNTIL_BLOOD",
            (71, 9, "OTHER", "Date of transfusion of blood, which ends the follow-up"),
        ),
        ("PFS_WHATEVER", (127, 0, "PD", None)),
    ],
)
def test_each_strategy_of_the_role(world, endpoint, expected):
    found = row(world, endpoint, "EVENT")
    told = None if pd.isna(found["CNSDTDSC"]) else found["CNSDTDSC"]
    assert (found["AVAL"], found["CNSR"], found["EVNTDESC"], told) == expected


def test_the_definition_says_in_its_sentence_what_the_role_is(world):
    text = explain_text(world[0], "vectors", "NEVER", "PFS_OR_BLOOD")
    assert (
        "Time from randomisation (RAND) to the first of: progressive disease or relapse; death "
        "from any cause; transfusion of blood. Intercurrent events:"
    ) in " ".join(text.split())


def test_the_explanation_shows_the_record_by_its_label_and_what_came_of_it(world):
    lines = explain_text(world[0], "vectors", "EVENT", "PFS_OR_BLOOD").splitlines()
    said = [" ".join(line.split()) for line in lines]
    assert f"70 {iso(70)} transfusion of blood: ERYTHROCYTES CM.1" in said
    assert f"IRC, RAND: event TRANSFUSION on {iso(70)}, day 70" in said
    assert "Rule PFS_OR_BLOOD.BLOOD: transfusion of blood" in said
    assert f"70 {iso(70)} BLOOD (TRANSFUSION) CM.1 chosen" in said
    assert f"80 {iso(80)} BLOOD (TRANSFUSION) CM.2 after an earlier end of the follow-up" in said
    assert any(f"126 {iso(126)} PD RS.4 after transfusion of blood" in line for line in said)


def test_the_explanation_of_one_who_had_it_before_the_origin_shows_it_and_no_candidate(world):
    text = explain_text(world[0], "vectors", "BEFORE", "PFS_OR_BLOOD")
    said = [" ".join(line.split()) for line in text.splitlines()]
    assert f"-3 {iso(-3)} transfusion of blood: ERYTHROCYTES CM.1" in said
    assert "BLOOD (TRANSFUSION)" not in text
