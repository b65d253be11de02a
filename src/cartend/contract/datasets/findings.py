"""The findings list of a study, and the tables of admission."""

from cartend.contract.datasets.dataset import dataset
from cartend.contract.terms.general import SEVERITY

FINDINGS = dataset(
    "FINDINGS",
    "Findings",
    """
finding_id text! Identifier of the check
severity   text! How grave it is
domain     text  Domain
usubjid    text  Subject
record     text  Record
message    text! What was seen
""",
    words={"severity": SEVERITY},
)
