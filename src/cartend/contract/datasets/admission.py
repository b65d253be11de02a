"""What the gate of a run writes: every input row, subject, word, stop and finding accounted for."""

from cartend.contract.datasets.dataset import dataset
from cartend.contract.terms.admission import UNUSED
from cartend.contract.terms.general import SEVERITY, YES_NO

ROWS = dataset(
    "ROWS",
    "Rows of the input",
    """
domain  text!    File that holds the row
row     integer! Row of the file, the first after the header being 1
usubjid text     Subject
role    text     Roles that the row has
used    text!    Whether the row is used
reason  text     Why it is not
""",
    key="domain row",
    words={"used": YES_NO, "reason": UNUSED},
)
"""One line an input row, supplemental rows and rows of files that are not read included."""

FILES = dataset(
    "FILES",
    "Files of the input and their rows",
    """
domain text!    File
read   integer! Rows read
used   integer! Rows used
unused integer! Rows not used
""",
    key="domain",
)

SUBJECTS = dataset(
    "SUBJECTS",
    "Subjects of the input",
    """
usubjid text!    Subject
armcd   text     Arm of the study file
arm     text     Arm as delivered
sets    text     Analysis sets that hold the subject
reason  text     Why no set does, or which does not
rows    integer! Rows of the input that name the subject
used    integer! Rows of these that are used
""",
    key="usubjid",
    open_=True,
)
"""One line a subject of any file; a column Y or N for each analysis set stands to the right."""

_WORD = """
domain    text!    Domain
column    text!    Column
word      text     Word as delivered
count     integer! Rows that hold it
taken_for text     What the word was taken for
roles     text     Roles that rows with it have
known     text!    Whether it is understood
"""
WORDS = dataset(
    "WORDS",
    "Words by which records are told apart",
    _WORD,
    key="domain column word",
    words={"known": YES_NO},
)

TOUCHED_WORDS = dataset(
    "TOUCHED_WORDS",
    "Words by which records are told apart, and what they touch",
    _WORD + "touches text Endpoints that read records with it, or might",
    key="domain column word",
    words={"known": YES_NO},
)
"""WORDS, each with what it touches; what is not understood stands first."""

_STOP = """
id       text!    Identifier
what     text     What it names
count    integer! How many records or subjects
sentence text!    What is wrong
"""
STOPS = dataset(
    "STOPS",
    "Stops",
    _STOP + "way_out text! What to do",
    key="id what",
)
"""What must be settled before a number is made (decision D39)."""

ACCEPTED = dataset(
    "ACCEPTED",
    "Stops that the study file accepts",
    _STOP + "reason text! Why the study accepts it",
    key="id what",
)

TOUCHED = dataset(
    "TOUCHED",
    "Findings by what they touch",
    """
finding_id text!    Identifier of the check
severity   text!    How grave it is
domain     text     Domain
usubjid    text     Subject
touches    text     Endpoints, sets and tables that read the records
primary    text!    Whether the primary endpoint does
records    text     Records
count      integer! How many records
message    text!    What was seen, at the first of them
""",
    words={"severity": SEVERITY, "primary": YES_NO},
)
"""One line a kind of finding and subject, what touches the primary endpoint first."""
