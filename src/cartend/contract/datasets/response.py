"""The tables that the room `response` makes: ADRS, a visit response a row, and ADMRD, a sample."""

from cartend.contract.datasets.dataset import dataset
from cartend.contract.terms.assessment import EVALUATOR, MRD_CALL, VISIT_RESPONSE
from cartend.contract.terms.general import IMPUTATION, YES_NO

ADRS = dataset(
    "ADRS",
    "Visit responses",
    """
STUDYID   text     Study identifier
USUBJID   text!    Unique subject identifier
PARAMCD   text!    Parameter code
PARAM     text!    Parameter
EVAL      text     Evaluator
ADT       date     Date
ADTF      text     Imputation of the date
ADTLO     date     Earliest possible date
ADTHI     date     Latest possible date
AVALC     text     Category of the criteria
AVAL      number   Rank of the category
AVISIT    text     Visit of the schedule
AVISITN   number   Nominal day of the visit
ANL01FL   text     Counts
ANL01RS   text     Why it counts or not
ANL02FL   text     Adequate
VISIT     text     Visit as recorded
VISITNUM  number   Visit number as recorded
RSORRES   text     Result as recorded
RSSTRESC  text     Standardised result as recorded
RSMETHOD  text     Method
RSEVAL    text     Evaluator as recorded
RSEVALID  text     Reader
RSACPTFL  text     Accepted reader
PDBASIS   text     Basis of a progression
DTHPDFL   text     Progression told by a death
PAIRSEQ   number   Other record of a pair
VISRESP   text     Category of the visit before confirmation
CONFRS    text     Confirmation
CONFDT    date     Date of the confirmation
DECIDES   text     What decides the category
COMPLETE  text     All components present
SRCDOM    text     Source domain
SRCVAR    text     Source variable
SRCSEQ    integer! Source record
ASEQ      integer! Sequence number
""",
    key="USUBJID ASEQ",
    words={
        "PARAMCD": VISIT_RESPONSE,
        "EVAL": EVALUATOR,
        **dict.fromkeys(("ANL01FL", "ANL02FL"), YES_NO),
        "ADTF": IMPUTATION,
    },
    open_=True,
)

ADRS_ORDER = ("USUBJID", "PARAMCD", "EVAL", "ADT", "SRCSEQ")
"""By what the rows of ADRS are sorted and numbered."""

COMPONENTS = dataset(
    "COMPONENTS",
    "Components of the responses",
    """
USUBJID text!   Unique subject identifier
EVAL    text    Evaluator
TEST    text!   Test
LESION  text    Lesion
VALUE   number  Result as a number
TEXT    text    Result in words
DAY     date    Date
KEY     text    What the records of one assessment share
BASE    text    Baseline
DOM     text    Source domain
SEQ     number  Source record
""",
)
"""The records of LB, TU, TR and RS as one long table, inside the room; BASE is true or false."""

ADMRD = dataset(
    "ADMRD",
    "MRD samples",
    """
STUDYID   text     Study identifier
USUBJID   text!    Unique subject identifier
PARAMCD   text!    Parameter code
PARAM     text!    Parameter
ADT       date     Date
ADTF      text     Imputation of the date
ADTLO     date     Earliest possible date
ADTHI     date     Latest possible date
AVISIT    text     Visit of the schedule
AVISITN   number   Nominal day of the visit
VISIT     text     Visit as recorded
LBSPEC    text     Specimen
LBMETHOD  text     Method
LBLLOD    number   Limit of detection as a fraction
MRDCELLS  number   Cells analysed
HEMODIL   text     Haemodiluted
TRACKABL  text     Trackable clone
LBBLFL    text     Baseline
AVAL      number   Level as a fraction
AVALC     text     Call at the threshold
CALLRS    text     Why it is called so
THRESH    number   Threshold
DETBLFL   text     Detectable below the threshold
ANL01FL   text     Counts
ANL02FL   text     Counts by specimen
IMAGNEG   text     Imaging negative
SRCDOM    text     Source domain
SRCVAR    text     Source variable
SRCSEQ    integer! Source record
""",
    words={
        "ADTF": IMPUTATION,
        "AVALC": MRD_CALL,
        **dict.fromkeys(("ANL01FL", "ANL02FL", "IMAGNEG", "DETBLFL"), YES_NO),
    },
    open_=True,
)
"""One column CALL<threshold> a threshold of the study stands to the right."""
