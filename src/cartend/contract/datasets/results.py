"""The tables that `endpoint` and `analysis` make: outcomes, candidates, numbers, curves."""

from cartend.contract.datasets.dataset import dataset
from cartend.contract.terms.general import IMPUTATION, YES_NO

ADTTE = dataset(
    "ADTTE",
    "Times to event",
    """
STUDYID   text!    Study identifier
USUBJID   text!    Unique subject identifier
PARAMCD   text!    Endpoint
PARAM     text!    Endpoint in words
EVAL      text!    Evaluator
POP       text!    Analysis set
ARMCD     text     Planned arm code
TRT01P    text     Planned treatment
BRIDGE    text     Bridging therapy
BRIDGEFL  text     Bridging therapy received
AGEGR     text     Age group
STARTDT   date     Origin
ADT       date     Date of the event or of censoring
AVAL      integer! Time in days
CNSR      integer! Censoring reason, 0 for an event
EVNTDESC  text!    Event or censoring reason
CNSDTDSC  text     Meaning of the censoring date
STATE     integer! State: 0 censored, 1 event of interest, 2 and more competing
STATEDESC text!    State in words
SRCDOM    text!    Source domain
SRCVAR    text!    Source variable
SRCSEQ    integer! Source record
STARTDTF  text     Imputation of the origin
ADTF      text     Imputation of the date
RULEID    text!    Rule
ESTABDT   date     Date on which the event was established
ANL01FL   text!    In the primary estimate
ANL01RS   text     Why not in the primary estimate
BASEFL    text     Baseline assessment present
PDATDIFL  text     Differs from the result with imputed dates
TAGS      text     Tags of a non-relapse death
""",
    key="USUBJID PARAMCD EVAL POP",
    words={"ANL01FL": YES_NO, "ADTF": IMPUTATION},
    open_=True,
)
"""One row a subject, endpoint, evaluator and set; the strata stand after AGEGR."""

TIME_DECIDED = ["AVAL", "CNSR", "STATE", "EVNTDESC", "RULEID", "ANL01FL"]
"""What an analysis of a time reads of each row, besides its keys."""

ADRSP = dataset(
    "ADRSP",
    "Responses",
    """
STUDYID   text!    Study identifier
USUBJID   text!    Unique subject identifier
PARAMCD   text!    Endpoint
PARAM     text!    Endpoint in words
EVAL      text!    Evaluator
POP       text!    Analysis set
ARMCD     text     Planned arm code
TRT01P    text     Planned treatment
BRIDGE    text     Bridging therapy
BRIDGEFL  text     Bridging therapy received
AGEGR     text     Age group
AVALC     text!    Category, or Y and N
ADT       date     Date of the record that decides
RULEID    text!    Rule
REASON    text     Why
SRCDOM    text     Source domain
SRCVAR    text     Source variable
SRCSEQ    integer! Source record
ANL01FL   text!    In the primary estimate
ANL01RS   text     Why not in the primary estimate
BASEFL    text     Baseline assessment present
PDATDIFL  text     Differs from the result with imputed dates
""",
    key="USUBJID PARAMCD EVAL POP",
    words={"ANL01FL": YES_NO},
    open_=True,
)

RATE_DECIDED = ["AVALC", "RULEID", "REASON", "ANL01FL"]
"""The same of an analysis of a rate."""

CANDIDATES = dataset(
    "CANDIDATES",
    "Candidate dates",
    """
STUDYID   text!    Study identifier
USUBJID   text!    Unique subject identifier
PARAMCD   text!    Endpoint
EVAL      text!    Evaluator
POP       text!    Analysis set
KIND      text!    Kind of rule
EVNTDESC  text!    Event or censoring reason
ADT       date     Date
ADTF      text     Imputation of the date
STATE     integer! State
SRCDOM    text!    Source domain
SRCVAR    text!    Source variable
SRCSEQ    integer! Source record
RULEID    text!    Rule
ESTABDT   date     Date on which it was established
OUTCOME   text!    Chosen, or why it lost
""",
    words={"ADTF": IMPUTATION},
)

TRACED = ("CNSR", "EVNTDESC", "SRCDOM", "SRCVAR", "RULEID")
"""What of a time to event is never missing: outcome, record and rule."""

CARRIED = ("ARMCD", "TRT01P", "BRIDGE", "BRIDGEFL", "AGEGR")
"""What ADTTE and ADRSP carry from ADSL; the strata follow."""

ANALYSIS_KEY = ("PARAMCD", "POP", "EVAL")
"""What tells one analysis from another: endpoint, set, evaluator."""

ARD = dataset(
    "ARD",
    "Results",
    """
study      text!   Study
scenario   text!   Scenario
paramcd    text    Endpoint
population text    Analysis set
evaluator  text    Evaluator
arm        text    Arm, or the two arms compared
by         text    Stratifier
level      text    Level of the stratifier
analysis   text!   Analysis
method     text    Method
event      text    Event or state
prob       number  Quantile
time       number  Day
statistic  text!   Statistic
value      number  Value
note       text    Why there is no value
""",
    key="study scenario paramcd population evaluator arm by level analysis method event prob time"
    " statistic",
    open_=True,
)

CURVES = dataset(
    "CURVES",
    "Step functions of the figures",
    """
study      text!    Study
scenario   text!    Scenario
paramcd    text!    Endpoint
population text     Analysis set
evaluator  text     Evaluator
arm        text     Arm
by         text     Stratifier
level      text     Level of the stratifier
curve      text!    Kind of curve
event      text     State
time       number!  Day
n_risk     integer! At risk
n_event    integer! Events
n_censor   integer! Censored
estimate   number   Estimate
lower      number   Lower limit
upper      number   Upper limit
""",
)
