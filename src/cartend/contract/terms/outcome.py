"""Outcome of an adverse event, in the words of CDISC's list."""

from cartend.contract.vocabulary import term, vocabulary

OUTCOME = vocabulary(
    "outcome of an adverse event",
    term("FATAL", "Fatal", "DEATH"),
    term("NOT RECOVERED/NOT RESOLVED", "Not recovered", "NOT RECOVERED", "NOT RESOLVED"),
    term("RECOVERED/RESOLVED", "Recovered", "RECOVERED", "RESOLVED"),
    term("RECOVERED/RESOLVED WITH SEQUELAE", "Recovered with sequelae"),
    term("RECOVERING/RESOLVING", "Recovering", "RECOVERING", "RESOLVING"),
    term("UNKNOWN", "Unknown", "UNK"),
)
