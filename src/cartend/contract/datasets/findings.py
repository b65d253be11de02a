"""The findings list of a study, and the tables of admission."""

from cartend.contract.datasets.dataset import dataset
from cartend.contract.terms.general import SEVERITY
from cartend.contract.terms.results import PASSED

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

CHECKED = dataset(
    "CHECKED",
    "Checks of the results",
    """
check_id   text!    Identifier of the check
severity   text!    How grave a violation is
scenario   text!    Scenario
paramcd    text     Endpoint
evaluator  text     Evaluator
population text     Analysis set
passed     text!    Outcome
n          integer! Violations
message    text!    What must hold, or what was seen
""",
    words={"severity": SEVERITY, "passed": PASSED},
)
"""What checks.csv holds: a row a check that holds, else a row an endpoint, evaluator and set."""
