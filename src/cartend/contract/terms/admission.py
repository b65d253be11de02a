"""Why a row of the input is not used, and what stops a run before a number is made."""

from cartend.contract.vocabulary import term, vocabulary

UNUSED = vocabulary(
    "reason why a row is not used",
    term("BLANK", "The row is blank"),
    term("FILE NOT READ", "The file is no dataset of the contract"),
    term("EQUAL ROW", "An equal row stands before it"),
    term("NO SUBJECT", "It names no subject"),
    term("SUBJECT UNKNOWN", "Its subject is not in the list of subjects"),
    term("NOT HAPPENED", "It says that it did not happen"),
    term("NOT KNOWN TO HAVE HAPPENED", "Whether it happened was not established"),
    term("NOT DONE", "It was not done"),
    term("NOT GIVEN", "Its dose is 0"),
    term("NO ROLE", "No role claims it"),
    term("SET ASIDE", "The study or its criteria set it aside"),
    term("NO DATE", "It has no date that can be read"),
    term("NO VALUE", "It has no value that can be read"),
    term("AFTER CUT-OFF", "It is dated after the data cut-off"),
    term("NO PARENT", "The record that it belongs to is not there"),
    term("PARENT NOT USED", "The record that it belongs to is not used"),
    term("SECOND VALUE", "Another value of the same stands before it"),
    term("NO ARM", "Its subject has no arm", groups="subject"),
    term("IN NO SET", "Its subject is in no analysis set", groups="subject"),
    term("NOT SOUGHT", "Nothing of this study reads it"),
)
"""Codes, and what a page prints; the first that holds of a row is given.

``subject``: known once the subjects are, not from the row.
"""

STOP = vocabulary(
    "stop",
    term("S-FILE", "Every file of the contract can be read", groups="final"),
    term("F-TS-001", "The data cut-off is one complete day", groups="final fatal"),
    term("F-DM-001", "A subject stands once in the list of subjects", groups="final"),
    term("F-ID-004", "Two subjects' ids differ by more than their spelling", groups="final"),
    term("F-ROLE-004", "Roles that exclude each other hold of different records", groups="final"),
    term("F-RS-003", "A response result is a word of the criteria", groups="final"),
    term("F-RS-004", "A response record names the criteria of the study", groups="final"),
    term("F-RS-005", "A response record's evaluator is known", groups="final"),
    term("F-ADAM-006", "CNSR is 0 or a positive integer", groups="final"),
    term("F-DM-004", "Every arm of the data is an arm of the study file"),
    term("S-ARM", "Every arm of the study file has a subject", groups="final"),
    term("S-ARMLESS", "Whoever is randomised or infused has an arm", groups="final"),
    term("S-ARMS", "What is said of a subject's arm means one arm", groups="final"),
    term("S-SET", "Somebody is in the deciding set of each endpoint", groups="final"),
    term("S-EX", "An infusion is a record of it"),
    term("S-STRATUM", "Each stratum, subgroup and mapped column is in the data"),
    term("F-DM-007", "Each subject of a stratified analysis has a level of each stratum"),
    term("S-EVAL", "The primary evaluator has records of response", groups="final"),
    term("S-TIME", "Each listed endpoint follows from what was brought", groups="final"),
    term("S-DOSE", "Each record of a dose has a role"),
    term("F-EX-007", "No dose is negative", groups="final"),
    term("S-CODE", "No test code is nearly one that has no record"),
    term("S-STATUS", "A survival status says alive, dead or unknown", groups="final"),
    term("S-UNIT", "Each unit that a result reads is known", groups="final"),
)
"""Identifiers of stops (decision D39), and what must hold.

``final``: no study file can accept it; ``fatal``: without it no subject can be derived.
"""

UNIT_STOP, DOSE_STOP, CODE_STOP, STATUS_STOP = "S-UNIT", "F-EX-007", "S-CODE", "S-STATUS"
"""Stops of values as read: a unit, a negative dose, a test code that is nearly one of ours."""

RESPONSE_STOPS = {"F-RS-003": "result", "F-RS-004": "RSCAT", "F-RS-005": "RSEVAL"}
"""What of a response record is not known, by the stop."""

GATE_FINDING = vocabulary(
    "finding of the gate",
    term("F-XO-001", "A control subject is infused after randomisation, and where that may be"),
    term("F-ACC-001", "What the study file accepts is a stop of this run"),
    term("F-POP-001", "A population flag of the delivery is that of the analysis set"),
)
"""Identifiers of findings that need subjects, and what must hold."""

BEFORE_ANY_SET = ("dm", "ds", "adsl")
"""Domains that say why a subject is in no set; their rows are used for it all the same."""
