import pandas as pd
import pytest

from cartend.config.bridging import Taxon
from cartend.subject.bridging import (
    bridging_interval,
    bridging_records,
    derive_bridging,
    with_class,
    within_interval,
)

ORDER = ("ALKYLATOR", "IMID", "OTHER")
MILESTONES = ["LEUKDT", "LDDT", "TRTSDT", "LOSTDT", "DTHDT", "CUTDT"]


def subjects(make, **rows):
    frame = pd.DataFrame({name: make.days(*row) for name, row in rows.items()}).T
    frame.columns = MILESTONES
    return frame.astype("datetime64[ms]")


def drug(subject, day, cls, **more):
    return {"USUBJID": subject, "CMCAT": "BRIDGING THERAPY", "CMSTDTC": day, "CMCLAS": cls} | more


def test_the_interval_ends_at_lymphodepletion_infusion_new_therapy_or_the_end_of_follow_up(make):
    adsl = subjects(
        make,
        A=("2025-01-01", "2025-02-01", "2025-02-06", None, None, "2025-06-30"),
        B=("2025-01-01", None, "2025-02-06", None, None, "2025-06-30"),
        C=("2025-01-01", None, None, None, "2025-04-01", "2025-06-30"),
        D=("2025-01-01", None, None, None, "2025-04-01", "2025-06-30"),
        E=(None, None, None, None, None, "2025-06-30"),
    )
    therapy = pd.Series(make.days("2025-03-01").to_numpy(), index=["C"])
    got = bridging_interval(adsl, therapy)
    stop = make.days("2025-02-01", "2025-02-06", "2025-03-01", "2025-04-02", "2025-07-01")
    assert got["stop"].tolist() == stop.tolist()
    assert got["start"].isna().tolist() == [False] * 4 + [True]


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        ("2024-12-31", False),  # holding therapy
        ("2025-01-01", True),  # the day of leukapheresis
        ("2025-01-31", True),
        ("2025-02-01", False),  # the day of lymphodepletion
        ("2024-12", False),
        ("2025-01", True),
        ("2025", True),  # some of its days lie inside
        (None, True),  # its category places it
    ],
)
def test_only_what_may_have_started_between_the_milestones_is_bridging(make, day, inside):
    adsl = subjects(make, A=("2025-01-01", "2025-02-01", None, None, None, "2025-06-30"))
    interval = bridging_interval(adsl, pd.Series(dtype="datetime64[ms]"))
    domains = make.domains(cm=[drug("A", day, "IMID")])
    got = within_interval(bridging_records(domains), interval)
    assert len(got) == inside
    if inside:
        assert got["ADT"].between("2025-01-01", "2025-01-31").all()


@pytest.mark.parametrize(
    ("cls", "intensive", "want"),
    [
        ("CORTICOSTEROID", None, ("B1", "OTHER")),
        ("ALKYLATOR", "N", ("B2", "ALKYLATOR")),
        ("ALKYLATOR", "Y", ("B3", "ALKYLATOR")),
        ("ALKYLATOR", None, ("B2", "ALKYLATOR")),
        ("VINCA", None, ("B2", "OTHER")),
        ("PLATINUM", None, ("B3", "OTHER")),
        ("PLATINUM", "N", ("B2", "OTHER")),
        ("IMID", "Y", ("B4", "IMID")),
        ("ANTI-CD20", None, ("B5", "OTHER")),
        ("ADC", None, ("B5", "OTHER")),
        ("BISPECIFIC", None, ("B6", "OTHER")),
        ("RADIOTHERAPY", None, ("B8", "OTHER")),
        ("OTHER", None, ("B5", "OTHER")),
        ("OTHER", "Y", ("B3", "OTHER")),
        (None, None, ("B5", "OTHER")),
    ],
)
def test_the_fine_and_the_coarse_class_of_a_record(make, cls, intensive, want):
    record = {"WHAT": ["ANY"], "CLASS": [cls], "INTENS": [intensive], "ROUTE": [None]}
    taxonomy = make.rules(make.study()).bridging.taxonomy
    got = with_class(pd.DataFrame(record, dtype=object), taxonomy)
    assert list(zip(got["CODE"], got["BRIDGE"], strict=True)) == [want]


def test_a_study_says_once_what_an_agent_is_and_both_classes_follow(make):
    """Bendamustine recorded as OTHER, and IMiDs put before alkylators."""
    rules = make.rules(make.study()).bridging
    said = {"agents": ("BENDAMUSTINE",), "sentence": "Bendamustine.", "source": "SAP", "order": 1}
    taxonomy = {**rules.taxonomy, "MINE": Taxon(bridge="ALKYLATOR", code="B3", **said)}
    adsl = subjects(make, A=("2025-01-01", "2025-02-01", None, None, None, "2025-06-30"))
    domains = make.domains(
        cm=[
            drug("A", "2025-01-05", "OTHER", CMDECOD="Bendamustine"),
            drug("A", "2025-01-06", "IMID"),
        ]
    )
    interval = bridging_interval(adsl, pd.Series(dtype="datetime64[ms]"))
    records = with_class(within_interval(bridging_records(domains), interval), taxonomy)
    control = pd.Series(False, index=adsl.index)
    columns = ["BRIDGE", "BRCLASS", "BRALKFL", "BRIMIDFL"]
    for order in (ORDER, ("IMID", "ALKYLATOR", "OTHER")):
        got = derive_bridging(records, control, "", order)
        assert got.loc["A", columns].tolist() == [order[0], "B9", "Y", "Y"]


def test_bridging_columns_of_every_kind_of_subject(make):
    span = ("2025-01-01", "2025-02-01", "2025-02-06", None, None, "2025-06-30")
    adsl = subjects(make, **dict.fromkeys("ABCDEFGH", span))
    day = "2025-01-10"
    domains = make.domains(
        cm=[
            drug("A", day, "CORTICOSTEROID"),
            drug("B", day, "CORTICOSTEROID"),
            drug("B", day, "IMID", TARGET="CD20", CMENDTC="2025-01-20"),
            drug("C", day, "ALKYLATOR", INTENS="Y"),
            drug("C", "2025-01-05", "IMID"),
            drug("D", day, "BISPECIFIC", TARGET="CD19;CD3"),
            drug("E", day, "ANTI-CD19"),  # no TARGET: its class names the antigen
            drug("F", "2024-12-10", "ALKYLATOR"),  # holding therapy
            drug("H", day, "ALKYLATOR"),  # control arm
        ],
        pr=[{"USUBJID": "G", "PRCAT": "BRIDGING RADIOTHERAPY", "PRSTDTC": day}],
    )
    records = bridging_records(domains)
    records = within_interval(records, bridging_interval(adsl, pd.Series(dtype="datetime64[ms]")))
    records = with_class(records, make.rules(make.study()).bridging.taxonomy)
    control = pd.Series(adsl.index == "H", index=adsl.index)
    got = derive_bridging(records, control, "CD19", ORDER)
    text = got[["BRIDGE", "BRIDGEFL", "BRSAMEFL", "BRCLASS", "BRALKFL", "BRIMIDFL", "BRNREC"]]
    none = "NOT APPLICABLE"
    assert text.T.to_dict("list") == {
        "A": ["OTHER", "Y", "N", "B1", "N", "N", 1],
        "B": ["IMID", "Y", "N", "B4", "N", "Y", 2],
        "C": ["ALKYLATOR", "Y", "N", "B9", "Y", "Y", 2],
        "D": ["OTHER", "Y", "Y", "B6", "N", "N", 1],
        "E": ["OTHER", "Y", "Y", "B5", "N", "N", 1],
        "F": ["NONE", "N", "N", "B0", "N", "N", 0],
        "G": ["OTHER", "Y", "N", "B8", "N", "N", 1],
        "H": [none, none, none, none, none, none, 0],
    }
    start = got["BRSTDT"].dt.strftime("%m-%d").dropna().to_dict()
    assert start == dict.fromkeys("ABDEG", "01-10") | {"C": "01-05"}
    assert got["BRENDT"].dropna().to_dict() == {"B": pd.Timestamp("2025-01-20")}
