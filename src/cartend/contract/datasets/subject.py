"""The tables that the room `subject` makes: ADSL, dated events, therapies, criteria, ADAE."""

from cartend.contract.datasets.dataset import dataset
from cartend.contract.terms.assessment import GRADING_SCALE, SCALE_SOURCE
from cartend.contract.terms.death import CAUSE
from cartend.contract.terms.disposition import NOT_INFUSED, STUDY_STATUS
from cartend.contract.terms.estimand import VERDICT
from cartend.contract.terms.general import APPLICABLE, IMPUTATION, YES_NO
from cartend.contract.terms.therapy import BRIDGE, BRIDGED, PHASE, WASHOUT

ADSL = dataset(
    "ADSL",
    "Subjects",
    """
STUDYID   text    Study identifier
USUBJID   text!   Unique subject identifier
SITEID    text    Study site
AGE       number  Age in years
AGEGR     text    Age group
SEX       text    Sex
RACE      text    Race
COUNTRY   text    Country
ARMCD     text    Planned arm code
ARM       text    Planned arm as delivered
ACTARMCD  text    Actual arm code
TRT01P    text    Planned treatment
TRT01A    text    Actual treatment
RFICDT    date    Date of informed consent
ENRLDT    date    Date of enrolment
RANDDT    date    Date of randomisation
LEUKDT    date    Date of the first leukapheresis
LDDT      date    Date of the first lymphodepletion
TRTSDT    date    Date of the first CAR-T infusion
INFDT2    date    Date of re-infusion
XODT      date    Date of crossover to CAR-T
SOCSDT    date    Date of the first dose of the control treatment
DTHDT     date    Date of death
DTHDTF    text    Imputation of the date of death
DTHDTLO   date    Earliest possible date of death
DTHDTHI   date    Latest possible date of death
DTHDOM    text    Domain that dates the death
DTHCAUS   text    Cause of death
DTHCAUSR  text    Cause of death as reported
LSTALVDT  date    Last date known alive
LALVDOM   text    Domain of the last date known alive
LALVVAR   text    Variable of the last date known alive
LALVSEQ   number  Record of the last date known alive
LOSTDT    date    Date of loss to follow-up or withdrawal
VSWDDT    date    Date of withdrawal from vital-status follow-up
EOSDT     date    Date of the end of study
EOSSTT    text    End of study status
DCSREAS   text    Reason of discontinuation
CUTDT     date    Data cut-off
RANDFL    text    Randomised
LAFL      text    Leukapheresed set
INFFL     text    Infused set
SAFFL     text    Safety set
ENRLFL    text    Enrolled set
INFNCFL   text    First product not conforming
NOTINFRS  text    Reason for no infusion
BRIDGE    text    Bridging therapy
BRIDGEFL  text    Bridging therapy received
BRSAMEFL  text    Bridging against the target of the product
BRCLASS   text    Class of bridging
BRALKFL   text    Bridging with an alkylator
BRIMIDFL  text    Bridging with an IMiD
BRAGENTS  text    Agents of bridging
BRSTDT    date    First day of bridging
BRENDT    date    Last day of bridging
BRDUR     number  Duration of bridging in days
BRNREC    number  Records of bridging
BRNCYC    number  Cycles of bridging
WASHLA    text    Washout before leukapheresis
WASHLD    text    Washout before lymphodepletion
REBASEDT  date    Date of the baseline after bridging
REBMISFL  text    Baseline after bridging missing
REBRESP   text    Response at the baseline after bridging
REBEVAL   text    Evaluator of the baseline after bridging
REBCRFL   text    In complete response at the baseline after bridging
LEUKINF   number  Days from leukapheresis to infusion
PRIORLIN  number  Prior lines of therapy
BASEFL    text    Baseline assessment present
MRDTRKFL  text    Trackable clone at baseline
PRICARFL  text    Prior CAR-T
CARTUNFL  text    Unsuitable for marketed CAR-T
SOCREFFL  text    Refractory to the standard of care
SOCREFSC  text    Source of the refractoriness
AGEINFL   text    Of an age that the study analyses
""",
    key="USUBJID",
    words={
        **dict.fromkeys(("RANDFL", "LAFL", "INFFL", "SAFFL", "ENRLFL", "INFNCFL"), YES_NO),
        **dict.fromkeys(("BRSAMEFL", "BRALKFL", "BRIMIDFL"), APPLICABLE),
        **dict.fromkeys(("WASHLA", "WASHLD"), WASHOUT),
        "BRIDGE": BRIDGE,
        "BRIDGEFL": BRIDGED,
        "DTHCAUS": CAUSE,
        "DTHDTF": IMPUTATION,
        "EOSSTT": STUDY_STATUS,
        "NOTINFRS": NOT_INFUSED,
    },
    open_=True,
)
"""One row a subject; criteria (ELIG...), SC tests (SC_...) and strata stand to the right."""


def _part_of_adsl(first: str, last: str) -> list[str]:
    """Return the columns of ADSL from one to another."""
    return ADSL.names[ADSL.names.index(first) : ADSL.names.index(last) + 1]


IDENTITY = ("USUBJID", "SUBJID")
"""Columns that name a subject."""

DEMOGRAPHICS = ["STUDYID", *_part_of_adsl("SITEID", "AGE"), *_part_of_adsl("SEX", "ACTARMCD")]
"""What ADSL takes from DM as it is."""


BRIDGING = _part_of_adsl("BRIDGE", "BRNCYC")
"""What ADSL says of a subject's bridging."""

REBASELINE = _part_of_adsl("REBASEDT", "REBCRFL")
"""What ADSL says of the baseline after bridging."""

PRIOR = _part_of_adsl("PRICARFL", "SOCREFSC")
"""What ADSL says of CAR-T before the study, and of refractoriness to its control."""

MILESTONE_DATE = {
    "informed_consent": "RFICDT",
    "enrolment": "ENRLDT",
    "randomisation": "RANDDT",
    "leukapheresis": "LEUKDT",
    "bridging": "BRSTDT",
    "lymphodepletion": "LDDT",
    "infusion": "TRTSDT",
    "standard_of_care": "SOCSDT",
}
"""The date of ADSL on which a subject first had a record of a role."""

SIGNS_OF_LIFE = ["LSTALVDT", "RFICDT", "ENRLDT", "RANDDT", "LEUKDT", "LDDT", "TRTSDT"]
"""The dates of an ADSL on which a subject was alive."""

FLAG_DATE = {
    "RANDFL": "RANDDT",
    "LAFL": "LEUKDT",
    "INFFL": "TRTSDT",
    "SAFFL": "TRTSDT",
    "ENRLFL": "ENRLDT",
}
"""The date that stands in for a flag that an ADSL as brought does not have."""

EVENT_DATE = {
    "NEW_THERAPY": "NACTDT",
    "HSCT": "HSCTDT",
    "CROSSOVER": "XODT",
    "REINFUSION": "INFDT2",
    "INFUSION": "TRTSDT",
    "LYMPHODEPLETION": "LDDT",
    "LEUKAPHERESIS": "LEUKDT",
}
"""The date of an ADSL as brought that is a dated event."""

SET_FLAGS = ("RANDFL", "LAFL", "INFFL", "SAFFL", "ENRLFL")
"""The flags of the analysis sets that ADSL holds."""

FOLLOWED_FOR_SAFETY = (
    *("SAFFL", "INFFL", "TRTSDT", "SOCSDT", "XODT"),
    *("LSTALVDT", "CUTDT", "DTHDT", "AGE"),
)
"""Without which of its columns ADSL does not say who is followed for safety, and how long."""

ADEVT = dataset(
    "ADEVT",
    "Dated clinical events",
    """
USUBJID  text!    Unique subject identifier
KIND     text!    Kind of event, or the role of the study's own
ADT      date!    Date
ADTF     text     Imputation of the date
ADTLO    date     Earliest possible date
ADTHI    date     Latest possible date
REASON   text     Reason
PLANNED  text     Part of the planned strategy
WHAT     text     What was given or happened
CLASS    text     Class
SRCDOM   text!    Source domain
SRCVAR   text!    Source variable
SRCSEQ   integer! Source record
""",
    words={"ADTF": IMPUTATION},
)
"""Its kinds are those of ``terms.estimand.DATED_EVENT`` and the roles of a study's own."""

ADEVT_ORDER = ["USUBJID", "ADT", "KIND", "SRCDOM", "SRCSEQ"]
"""The columns by which ADEVT is written."""

STEP_DATE = {
    "SCREENED": None,
    "ENROLLED": "ENRLDT",
    "LEUKAPHERESED": "LEUKDT",
    "LYMPHODEPLETED": "LDDT",
    "INFUSED": "TRTSDT",
}
"""The date of ADSL that proves a step of the flow; a later step proves those before it."""

CONTROL_STEP_DATE = {"SCREENED": None, "ENROLLED": "ENRLDT", "CONTROL TREATED": "SOCSDT"}
"""The same of an arm without the product."""

NOT_INFUSED_COLUMNS = ["USUBJID", "ADT", "REASON", "SRCDOM", "SRCVAR", "SRCSEQ"]
"""What of a record says why a subject is not infused, and from when on."""

INFUSIONS = [
    *("USUBJID", "ADT", "ADTF", "ADTLO", "ADTHI", "WHAT"),
    *("CONFORM", "NATREAS", "SRCDOM", "SRCVAR", "SRCSEQ"),
]
"""What the room keeps of each record of an infusion until it is an event."""

ADBRDG = dataset(
    "ADBRDG",
    "Therapies before the product",
    """
STUDYID   text     Study identifier
USUBJID   text!    Unique subject identifier
ARMCD     text     Planned arm code
ASEQ      integer! Sequence number
PHASE     text!    Phase
WHAT      text     Agent or procedure
CLASS     text     Class as recorded
INTENS    text     Intensive
TARGET    text     Antigen
SAMEFL    text     Against the target of the product
TAXID     text     Rule of the class
CODE      text     Class of bridging
CODEDESC  text     Class of bridging in words
ADT       date     First dose
ADTF      text     Imputation of the first dose
ADTLO     date     Earliest first dose
ADTHI     date     Latest first dose
ENDLO     date     Earliest last dose
ENDHI     date     Latest last dose
ENDF      text     Imputation of the last dose
WOLAID    text     Rule of the washout before leukapheresis
WOLADESC  text     Washout before leukapheresis in words
LADT      date     Date of leukapheresis
LALIM     number   Days asked for before leukapheresis
LALO      number   Fewest days before leukapheresis
LAHI      number   Most days before leukapheresis
WOLA      text     Washout before leukapheresis
WOLDID    text     Rule of the washout before lymphodepletion
WOLDDESC  text     Washout before lymphodepletion in words
LDDT      date     Date of lymphodepletion
LDLIM     number   Days asked for before lymphodepletion
LDLO      number   Fewest days before lymphodepletion
LDHI      number   Most days before lymphodepletion
WOLD      text     Washout before lymphodepletion
SRCDOM    text     Source domain
SRCVAR    text     Source variable
SRCSEQ    integer! Source record
""",
    key="USUBJID ASEQ",
    words={
        "PHASE": PHASE,
        "ADTF": IMPUTATION,
        "ENDF": IMPUTATION,
        "WOLA": WASHOUT,
        "WOLD": WASHOUT,
    },
)

ADELIG = dataset(
    "ADELIG",
    "Eligibility criteria by subject",
    """
STUDYID   text     Study identifier
USUBJID   text!    Unique subject identifier
ARMCD     text     Planned arm code
CRITORD   integer! Order of the criterion
CRITID    text!    Criterion
PARENT    text     Criterion that it is part of
DEPTH     integer! Depth in the tree of criteria
LABEL     text     Criterion in words
ROLE      text     Role of the criterion
AVALC     text!    Verdict
WHY       text     Record that decides
CRFTEST   text     Fact of the case report form
CRFRES    text     Result of the case report form
CRFAVALC  text     Verdict of the case report form
GUIDE     text     Lines of the guideline
SENTENCE  text     Rule
SOURCE    text     Source of the rule
""",
    key="USUBJID CRITID",
    words={"AVALC": VERDICT},
)

ADAE = dataset(
    "ADAE",
    "Adverse events",
    """
STUDYID   text     Study identifier
USUBJID   text!    Unique subject identifier
AESEQ     integer! Record of AE
AEDECOD   text     Preferred term
AEBODSYS  text     System organ class
ASTDT     date     Start
ASTDTF    text     Imputation of the start
AENDT     date     End
ADURN     number   Duration in days
AREFDT    date     Day 0
ASTDY     number   Days since day 0
APERIOD   text     Period
AESICL    text     Class of special interest
AETOXGR   number   Grade
AESCALE   text     Grading scale
AESCALEF  text     Source of the grading scale
AESER     text     Serious
AEOUT     text     Outcome
AESDTH    text     Fatal
LATEFL    text     Late
LATEDT    date     Date from which on it is late
SPMFL     text     Second malignancy
SPMTYPE   text     Type of second malignancy
TCELLFL   text     T-cell malignancy
SPMCAUS   text     Causality
SRCDOM    text     Source domain
SRCVAR    text     Source variable
SRCSEQ    integer! Source record
""",
    words={"ASTDTF": IMPUTATION, "AESCALE": GRADING_SCALE, "AESCALEF": SCALE_SOURCE},
)
