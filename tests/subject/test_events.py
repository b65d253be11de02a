import pandas as pd

from cartend.subject.events import (
    assessment_days,
    clinical_progressions,
    date_start,
    new_therapies,
    second_malignancies,
    stack_events,
    therapies_and_transplants,
)

CUT = pd.Timestamp("2025-06-30")


def shown(events):
    day = events["ADT"].dt.strftime("%Y-%m-%d")
    columns = ["USUBJID", "KIND", "REASON", "PLANNED", "CLASS", "SRCDOM", "SRCSEQ"]
    return events.assign(ADT=day)[["ADT", *columns]].to_numpy().tolist()


def subsequent(subject, day, cls="OTHER", reason=None):
    row = {"USUBJID": subject, "CMCAT": "SUBSEQUENT ANTI-CANCER THERAPY", "CMSTDTC": day}
    return row | {"CMCLAS": cls, "NATREAS": reason}


def none_infused():
    names = [
        "USUBJID",
        "ADT",
        "ADTF",
        "ADTLO",
        "ADTHI",
        "WHAT",
        "CONFORM",
        "NATREAS",
        "SRCDOM",
        "SRCVAR",
        "SRCSEQ",
        "KIND",
    ]
    return pd.DataFrame(columns=names)


def test_conditioning_belongs_to_its_transplant_and_is_no_new_therapy(make):
    domains = make.domains(
        cm=[
            subsequent("A", "2025-03-10", "ALKYLATOR", "PLANNED"),  # 21 days before
            subsequent("A", "2025-03-09", "ALKYLATOR", "CONSOLIDATION"),  # 22 days before
            subsequent("A", "2025-03-20", "ALKYLATOR", "EFFICACY"),  # for relapse
            subsequent("B", "2025-03-20", "ALKYLATOR", "PLANNED"),  # no transplant
        ],
        pr=[
            {"USUBJID": "A", "PRCAT": "HSCT", "PRSTDTC": "2025-03-31", "PLANNED": "Y"}
            | {"PRTRT": "ALLOGENEIC HSCT"},
            {"USUBJID": "B", "PRCAT": "SUBSEQUENT RADIOTHERAPY", "PRSTDTC": "2025-04-01"}
            | {"NATREAS": "EFFICACY"},
        ],
    )
    got = therapies_and_transplants(domains, none_infused(), CUT)
    assert shown(got) == [
        ["2025-03-09", "A", "NEW_THERAPY", "CONSOLIDATION", None, "ALKYLATOR", "CM", 2],
        ["2025-03-10", "A", "HSCT_CONDITIONING", "PLANNED", None, "ALKYLATOR", "CM", 1],
        ["2025-03-20", "A", "NEW_THERAPY", "EFFICACY", None, "ALKYLATOR", "CM", 3],
        ["2025-03-31", "A", "HSCT", None, "Y", "HSCT", "PR", 1],
        ["2025-03-20", "B", "NEW_THERAPY", "PLANNED", None, "ALKYLATOR", "CM", 4 - 3],
        ["2025-04-01", "B", "NEW_THERAPY", "EFFICACY", None, "RADIOTHERAPY", "PR", 1],
    ]


def test_a_crossover_infusion_is_a_new_therapy_too(make):
    row = {"USUBJID": "A", "ADT": pd.Timestamp("2025-02-01"), "ADTF": "", "WHAT": "CELLS"}
    row |= {"ADTLO": row["ADT"], "ADTHI": row["ADT"], "SRCDOM": "EX", "SRCVAR": "EXSTDTC"}
    given = pd.DataFrame(
        [row | {"CONFORM": "Y", "NATREAS": None, "SRCSEQ": 4, "KIND": "CROSSOVER"}]
    )
    got = therapies_and_transplants(make.domains(), given, CUT)
    assert shown(got) == [
        ["2025-02-01", "A", "CROSSOVER", "EFFICACY", None, "CAR-T", "EX", 4],
        ["2025-02-01", "A", "NEW_THERAPY", "EFFICACY", None, "CAR-T", "EX", 4],
    ]


def test_a_partial_start_is_the_earliest_day_not_before_the_last_assessment(make):
    domains = make.domains(
        cm=[
            subsequent("A", "2025-03"),  # assessed 12 March
            subsequent("B", "2025-03"),  # assessed 12 January
            subsequent("C", "2025"),  # assessed 31 March: middle of 1 April to 30 June
            subsequent("D", "2025-03"),  # never assessed
            subsequent("E", None),
        ],
        rs=[
            {"USUBJID": "A", "RSDTC": "2025-03-12"},
            {"USUBJID": "A", "RSDTC": "2025-05-12"},
            {"USUBJID": "B", "RSDTC": "2025-01-12"},
            {"USUBJID": "C", "RSDTC": "2025-03-31"},
        ],
    )
    rows = new_therapies(domains)
    got = stack_events(date_start(rows, assessment_days(domains["rs"]), CUT))
    shown_dates = got[["ADT", "ADTLO", "ADTHI"]].apply(lambda day: day.dt.strftime("%m-%d"))
    assert shown_dates.to_numpy().tolist() == [
        ["03-12", "03-12", "03-31"],
        ["03-01", "03-01", "03-31"],
        ["05-16", "04-01", "06-30"],
        ["03-01", "03-01", "03-31"],
    ]
    assert got["ADTF"].tolist() == ["D", "D", "M", "D"]
    assert got["USUBJID"].tolist() == list("ABCD"), "without any date there is no event"


def test_second_malignancies_come_from_adverse_events_and_from_deaths(make):
    domains = make.domains(
        ae=[
            {"USUBJID": "A", "AEDECOD": "Myelodysplastic syndrome", "AESTDTC": "2025-01-05"},
            {"USUBJID": "A", "AEDECOD": "Tumour lysis syndrome", "AESTDTC": "2025-01-05"},
            {"USUBJID": "B", "AEDECOD": "Lymphoma progression", "AESTDTC": "2025-01-05"},
            {"USUBJID": "B", "AEDECOD": "Pyrexia", "AESTDTC": "2025-01-05"},
        ],
        dd=[
            {"USUBJID": "A", "DDTESTCD": "PRCDTH", "DDSTRESC": "SECOND MALIGNANCY"}
            | {"DDDTC": "2025-03-05"},
            {"USUBJID": "C", "DDTESTCD": "PRCDTH", "DDSTRESC": "SECOND MALIGNANCY", "DDDTC": None},
        ],
    )
    died = pd.DataFrame({"LO": make.days("2025-04-01"), "HI": make.days("2025-04-01"), "FLAG": ""})
    rows = second_malignancies(domains["ae"], domains["dd"], died.set_axis(["C"]))
    got = stack_events(date_start(rows, assessment_days(domains["rs"]), CUT))
    assert [row[:3] for row in shown(got)] == [
        ["2025-01-05", "A", "SECOND_MALIGNANCY"],
        ["2025-04-01", "C", "SECOND_MALIGNANCY"],
    ]


def test_a_disposition_for_progression_is_a_clinical_progression(make):
    domains = make.domains(
        ds=[
            {"USUBJID": "A", "DSDECOD": "PROGRESSIVE DISEASE", "DSSTDTC": "2025-02-03"},
            {"USUBJID": "A", "DSDECOD": "PHYSICIAN DECISION", "DSSTDTC": "2025-02-04"},
        ]
    )
    rows = clinical_progressions(domains["ds"])
    got = stack_events(date_start(rows, assessment_days(domains["rs"]), CUT))
    assert shown(got) == [["2025-02-03", "A", "CLINICAL_PD", None, None, None, "DS", 1]]
