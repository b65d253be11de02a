"""The input in ADaM: what of ADSL, ADRS and ADTTE is used where they are brought (decision D25)."""

from cartend.contract.datasets.dataset import Dataset, dataset
from cartend.contract.terms.assessment import EVALUATOR
from cartend.contract.terms.general import TIME_UNIT

BROUGHT_AS = {"TRTSDT": "INFDT"}
"""What a date of ADSL is called in an ADSL that is brought, where that differs."""

BROUGHT: dict[str, Dataset] = {
    "adsl": dataset(
        "ADSL",
        "Subjects as brought",
        """
STUDYID  text   Study identifier
USUBJID  text+  Unique subject identifier
SITEID   text   Study site
SEX      text   Sex
RACE     text   Race
COUNTRY  text   Country
ARMCD    text   Planned arm code
ARM      text   Planned arm
ACTARMCD text   Actual arm code
TRT01P   text   Planned treatment
TRT01A   text   Actual treatment
DTHCAUS  text   Cause of death
DTHDTF   text   Imputation of the date of death
DTHFL    text   Death flag
EOSSTT   text   End of study status
DCSREAS  text   Reason of discontinuation
BRIDGE   text   Bridging therapy
BRIDGFL  text   Bridging therapy received
RFICDT   date   Informed consent
ENRLDT   date   Enrolment
RANDDT   date   Randomisation
LEUKDT   date   First leukapheresis
LDDT     date   First lymphodepletion
TRTSDT   date   First dose of any treatment
INFDT    date   First CAR-T infusion
DTHDT    date   Death
LSTALVDT date   Last known alive
EOSDT    date   End of study
NACTDT   date   New anticancer therapy
HSCTDT   date   Transplantation
CUTDT    date   Data cut-off
AGE      number Age
AGEU     text   Unit of the age
""",
        key="USUBJID",
        words={"AGEU": TIME_UNIT},
        brought=True,
    ),
    "adrs": dataset(
        "ADRS",
        "Visit responses as brought",
        """
STUDYID  text    Study identifier
USUBJID  text+   Unique subject identifier
PARAMCD  text+   Parameter code
PARAM    text    Parameter
EVAL     text    Evaluator
AVALC    text+   Category
AVISIT   text    Visit
ADT      date+   Date
AVISITN  number  Visit number
ASEQ     number  Sequence number
""",
        words={"EVAL": EVALUATOR},
        brought=True,
    ),
    "adtte": dataset(
        "ADTTE",
        "Times to event as brought",
        """
STUDYID  text    Study identifier
USUBJID  text+   Unique subject identifier
PARAMCD  text+   Parameter code
PARAM    text    Parameter
EVAL     text    Evaluator
AVALU    text    Unit of the time
EVNTDESC text    Event or censoring reason
CNSDTDSC text    Meaning of the censoring date
SRCDOM   text    Source domain
SRCVAR   text    Source variable
SRCSEQ   text    Source record
STARTDT  date    Origin
ADT      date    Date of the event or of censoring
AVAL     number+ Time
CNSR     number+ Censoring
ASEQ     number  Sequence number
""",
        words={"EVAL": EVALUATOR},
        brought=True,
    ),
}
"""Each dataset by its lower-case name."""

SUBJECT_DATES = ("RANDDT", "INFDT", "DTHDT", "LSTALVDT", "EOSDT")
"""Dates of ADSL with which the records of the other datasets are compared."""

VISIT_RESPONSE = "OVR"
"""PARAMCD of the visit responses of ADRS, as the intake writes it."""

READ_FROM = ("EVAL", "RSEVAL", "PARCAT2", "PARCAT1")
"""Columns of ADRS and ADTTE that may say who judged; the first with a known word counts."""

ARM_COLUMNS = ("ARMCD", "TRT01P", "ARM")
"""Columns of ADSL that say a subject's arm; the first that names one of the study counts."""

ORDER = {
    "adsl": ["USUBJID"],
    "adrs": ["USUBJID", "PARAMCD", "EVAL", "ADT", "ASEQ"],
    "adtte": ["USUBJID", "PARAMCD", "EVAL", "ASEQ"],
}
"""The columns by which each is written."""
