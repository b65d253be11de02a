"""The input in SDTM: which columns of which domain are used (specification, data, section 1).

A domain may have other columns; they are kept. Columns that a sponsor delivers in SUPP-- stand
here beside those of the parent.
"""

from cartend.contract.datasets.dataset import Dataset, dataset
from cartend.contract.terms.assessment import MRD_METHOD, MRD_RESULT, PD_BASIS, SPECIMEN
from cartend.contract.terms.death import VITAL_STATUS
from cartend.contract.terms.disposition import DISPOSITION
from cartend.contract.terms.general import COMPLETION, TIME_UNIT, YES_NO
from cartend.contract.terms.outcome import OUTCOME
from cartend.contract.terms.therapy import NEW_THERAPY_REASON, THERAPY_CLASS, TRANSPLANT

SDTM: dict[str, Dataset] = {
    "dm": dataset(
        "DM",
        "Demographics",
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
ACTARM   text   Actual arm
RFICDTC  dtc    Informed consent
RFXSTDTC dtc    First study treatment
DTHDTC   dtc    Death
DTHFL    text   Death flag
AGE      number Age
AGEU     text   Unit of the age
""",
        key="USUBJID",
        words={"DTHFL": YES_NO, "AGEU": TIME_UNIT},
        brought=True,
    ),
    "ds": dataset(
        "DS",
        "Disposition",
        """
STUDYID text    Study identifier
USUBJID text+   Unique subject identifier
DSSEQ   integer Record number
DSDECOD text+   Disposition
DSSTDTC dtc+    Start
DSTERM  text    Disposition as reported
DSCAT   text    Category
DSSCAT  text    Subcategory
VITALWD text    Withdrawn from vital-status follow-up
""",
        words={"DSDECOD": DISPOSITION, "VITALWD": YES_NO},
        brought=True,
    ),
    "ex": dataset(
        "EX",
        "Exposure",
        """
STUDYID text    Study identifier
USUBJID text+   Unique subject identifier
EXSEQ   integer Record number
EXCAT   text    Category
EXSTDTC dtc+    Start
EXTRT   text    Treatment
EXDOSU  text    Unit of the dose
EXENDTC dtc     End
EXDOSE  number  Dose
CONFORM text    Product conforms to its specification
NATREAS text    Reason of a new therapy
""",
        words={"CONFORM": YES_NO, "NATREAS": NEW_THERAPY_REASON},
        brought=True,
    ),
    "pr": dataset(
        "PR",
        "Procedures",
        """
STUDYID text    Study identifier
USUBJID text+   Unique subject identifier
PRSEQ   integer Record number
PRCAT   text    Category
PRSTDTC dtc+    Start
PRTRT   text    Procedure
PRENDTC dtc     End
PLANNED text    Part of the planned strategy
NATREAS text    Reason of a new therapy
""",
        words={"PRTRT": TRANSPLANT, "PLANNED": YES_NO, "NATREAS": NEW_THERAPY_REASON},
        brought=True,
    ),
    "cm": dataset(
        "CM",
        "Concomitant and prior medications",
        """
STUDYID  text    Study identifier
USUBJID  text+   Unique subject identifier
CMSEQ    integer Record number
CMCAT    text    Category
CMSTDTC  dtc+    Start
CMTRT    text    Medication
CMDECOD  text    Standardised medication
CMCLAS   text    Class
CMENDTC  dtc     End
CMROUTE  text    Route
LINE     number  Line of therapy
BESTRESP text    Best response to the line
PDDTC    dtc     Progression on the line
CRDTC    dtc     Complete response to the line
INTOLER  text    Intolerant
FULLDOSE text    Full dose
INTENS   text    Intensive
NATREAS  text    Reason of a new therapy
TARGET   text    Antigen
PHASE    text    Part of the line
CYCLES   number  Cycles
HALFLIFE number  Half-life in days
""",
        words={"CMCLAS": THERAPY_CLASS, "NATREAS": NEW_THERAPY_REASON}
        | dict.fromkeys(("INTOLER", "FULLDOSE", "INTENS"), YES_NO),
        brought=True,
    ),
    "rs": dataset(
        "RS",
        "Disease response",
        """
STUDYID  text    Study identifier
USUBJID  text+   Unique subject identifier
RSSEQ    integer Record number
RSTESTCD text+   Test
RSDTC    dtc+    Date
RSCAT    text    Criteria
RSSCAT   text    Subcategory
RSMETHOD text    Method
RSORRES  text    Result as recorded
RSSTRESC text    Standardised result
RSSTAT   text    Completion
RSEVAL   text    Evaluator
RSEVALID text    Reader
RSACPTFL text    Accepted reader
VISIT    text    Visit
VISITNUM number  Visit number
PDBASIS  text    Basis of a progression
PDIFL    text    Progression by imaging
PDOFL    text    Progression by another finding
DTHPDFL  text    Progression told by a death
""",
        words={"RSSTAT": COMPLETION, "PDBASIS": PD_BASIS}
        | dict.fromkeys(("RSACPTFL", "PDIFL", "PDOFL", "DTHPDFL"), YES_NO),
        brought=True,
    ),
    "lb": dataset(
        "LB",
        "Laboratory tests",
        """
STUDYID  text    Study identifier
USUBJID  text+   Unique subject identifier
LBSEQ    integer Record number
LBTESTCD text+   Test
LBDTC    dtc+    Date
LBMETHOD text    Method
LBSPEC   text    Specimen
LBORRES  text    Result as recorded
LBORRESU text    Unit as recorded
LBSTRESC text    Standardised result
LBSTRESU text    Standardised unit
LBSTAT   text    Completion
LBREASND text    Reason not done
LBBLFL   text    Baseline
VISIT    text    Visit
LBSTRESN number  Numeric result
LBLLOD   number  Limit of detection
MRDCELLS number  Cells analysed
VISITNUM number  Visit number
HEMODIL  text    Haemodiluted
TRACKABL text    Trackable clone
SUPPORT  text    Under transfusion or growth factor
""",
        words={"LBMETHOD": MRD_METHOD, "LBSPEC": SPECIMEN, "LBSTAT": COMPLETION}
        | {"LBSTRESC": MRD_RESULT}
        | dict.fromkeys(("LBBLFL", "HEMODIL", "TRACKABL", "SUPPORT"), YES_NO),
        brought=True,
    ),
    "tu": dataset(
        "TU",
        "Tumour identification",
        """
STUDYID  text    Study identifier
USUBJID  text+   Unique subject identifier
TUSEQ    integer Record number
TULNKID  text    Lesion
TULOC    text    Site
TUTESTCD text    Test
TUORRES  text    Result
TUDTC    dtc     Date
TUEVAL   text    Evaluator
VISIT    text    Visit
""",
        brought=True,
    ),
    "tr": dataset(
        "TR",
        "Tumour results",
        """
STUDYID  text    Study identifier
USUBJID  text+   Unique subject identifier
TRSEQ    integer Record number
TRTESTCD text+   Test
TRLNKID  text    Lesion
TRORRES  text    Result as recorded
TRORRESU text    Unit as recorded
TRSTRESC text    Standardised result
TRSTRESU text    Standardised unit
TRSTAT   text    Completion
TRBLFL   text    Baseline
TRDTC    dtc     Date
TREVAL   text    Evaluator
VISIT    text    Visit
TRSTRESN number  Numeric result
""",
        words={"TRSTAT": COMPLETION, "TRBLFL": YES_NO},
        brought=True,
    ),
    "ae": dataset(
        "AE",
        "Adverse events",
        """
STUDYID  text    Study identifier
USUBJID  text+   Unique subject identifier
AESEQ    integer Record number
AEDECOD  text+   Preferred term
AESTDTC  dtc+    Start
AETERM   text    Term as reported
AEBODSYS text    System organ class
AEENDTC  dtc     End
AESER    text    Serious
AEOUT    text    Outcome
AESDTH   text    Fatal
AETOXGR  number  Grade
ASTCTGR  number  ASTCT grade
GRSCALE  text    Grading scale
SPMTYPE  text    Type of second malignancy
TISSUE   text    Tissue of the tumour examined
INTCLON  text    Clonality of the insertion
DRIVERNR text    Insertion near a driver gene
EXPCLON  text    Clone expanded
TCRPRE   text    Clone there before the infusion
MUTPRE   text    Driver mutation before the infusion
TGCOPIES number  Copies of the transgene a cell
""",
        words={"AEOUT": OUTCOME, "AESDTH": YES_NO},
        brought=True,
    ),
    "dd": dataset(
        "DD",
        "Death details",
        """
STUDYID  text    Study identifier
USUBJID  text+   Unique subject identifier
DDSEQ    integer Record number
DDTESTCD text+   Test
DDSTRESC text+   Standardised result
DDORRES  text    Result as recorded
DDDTC    dtc     Date
""",
        brought=True,
    ),
    "ss": dataset(
        "SS",
        "Subject status",
        """
STUDYID  text    Study identifier
USUBJID  text+   Unique subject identifier
SSSEQ    integer Record number
SSTESTCD text+   Test
SSSTRESC text+   Standardised result
SSDTC    dtc+    Date
""",
        words={"SSSTRESC": VITAL_STATUS},
        brought=True,
    ),
    "ts": dataset(
        "TS",
        "Trial summary",
        """
STUDYID  text    Study identifier
TSSEQ    integer Record number
TSPARMCD text+   Parameter
TSVAL    text+   Value
""",
        brought=True,
    ),
    "sc": dataset(
        "SC",
        "Subject characteristics",
        """
STUDYID  text    Study identifier
USUBJID  text+   Unique subject identifier
SCSEQ    integer Record number
SCTESTCD text+   Test
SCSTRESC text+   Standardised result
SCORRES  text    Result as recorded
SCSTRESN number  Numeric result
""",
        brought=True,
    ),
}
"""Each domain by its lower-case name."""

FIRST_TREATMENT = "RFXSTDTC"
"""The column of DM that dates the infusion where EX is absent (decision D5)."""

CODES = {
    "rs": "RSTESTCD",
    "lb": "LBTESTCD",
    "ss": "SSTESTCD",
    "dd": "DDTESTCD",
    "sc": "SCTESTCD",
    "ds": "DSDECOD",
}
"""The columns of codes by which records are looked for, by domain."""

OCCURRED, STATUS = "OCCUR", "STAT"
"""What stands behind the name of a domain in the columns that say whether a record happened."""

EVENTS_OF = ("cm", "pr", "ex", "ae")
"""Domains of what happens to a subject: one not done is not known to have happened (D46)."""

ASSESSED = ("rs", "lb", "tr", "tu")
"""Domains of assessments, of which one not done stands as not evaluable (D46)."""

COLLECTED = ("dd",)
"""Domains whose date is the day of collection alone, by which no cut-off cuts (D51)."""

VALUE = {
    "lb": ("LBSTRESC", "LBSTRESN", "LBORRES"),
    "tr": ("TRSTRESC", "TRSTRESN", "TRORRES"),
    "tu": ("TUORRES",),
    "dd": ("DDSTRESC", "DDORRES"),
    "ss": ("SSSTRESC",),
    "sc": ("SCSTRESC", "SCSTRESN", "SCORRES"),
}
"""The columns that may hold what a record says; one that is blank in all of them says nothing."""

SOURCE_ROW = "SOURCEROW"
"""The column of a table as read that holds the row of its file, the first after the header 1."""

EVALUATOR_COLUMNS = {"rs": "RSEVAL", "tr": "TREVAL", "tu": "TUEVAL"}
"""Where a domain says who judged, in the words of ``terms.assessment.EVALUATOR``."""

CAPITALS = {"dd": ("DDTESTCD", "DDSTRESC"), "ts": ("TSPARMCD",)} | {
    name: (f"{name.upper()}TESTCD",) for name in ("rs", "lb", "tr", "tu", "ss", "sc")
}
"""Columns of codes that have no vocabulary here; the intake writes them in capitals."""

IMPUTED = {"rs": ("RSDTC",), "cm": ("CMSTDTC",), "pr": ("PRSTDTC",)}
"""Dates that endpoints use and that are imputed where partial; death has its own rule."""

SUPP = dataset(
    "SUPP",
    "Supplemental qualifiers",
    """
STUDYID  text  Study identifier
RDOMAIN  text  Domain of the parent
USUBJID  text+ Unique subject identifier
IDVAR    text  Column that identifies the parent
IDVARVAL text  Its value
QNAM     text+ Name of the qualifier
QLABEL   text  Label of the qualifier
QVAL     text+ Value of the qualifier
""",
    brought=True,
)
"""The qualifiers of any domain; each becomes a column of its parent."""

CHECKED_APART = {"lb": ("LBMETHOD", "LBSPEC", "LBSTRESC"), "pr": ("PRTRT",)}
"""Columns with a vocabulary that also hold what nobody looks for, so that no word is odd there."""

START_DATE = {
    "ex": "EXSTDTC",
    "cm": "CMSTDTC",
    "pr": "PRSTDTC",
    "ae": "AESTDTC",
    "ds": "DSSTDTC",
    "rs": "RSDTC",
    "lb": "LBDTC",
    "tr": "TRDTC",
    "tu": "TUDTC",
    "ss": "SSDTC",
    "dd": "DDDTC",
}
"""The day on which a record of a domain happened or began, by the domain's lower-case name."""

END_DATE = {"ex": "EXENDTC", "cm": "CMENDTC", "pr": "PRENDTC", "ae": "AEENDTC"}
"""The day on which a record of a domain ended."""

TOPIC = {
    "ex": ("EXTRT",),
    "cm": ("CMDECOD", "CMTRT"),
    "pr": ("PRTRT",),
    "ae": ("AEDECOD", "AETERM"),
    "ds": ("DSDECOD", "DSTERM"),
    "rs": ("RSTESTCD",),
    "lb": ("LBTESTCD",),
    "tr": ("TRTESTCD",),
    "tu": ("TULOC", "TUTESTCD"),
    "ss": ("SSTESTCD",),
    "dd": ("DDTESTCD",),
}
"""The columns that say what a record is of; the first that is not blank counts."""
