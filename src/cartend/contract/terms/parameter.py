"""Parameters of brought datasets (PARAMCD) that other packages call otherwise."""

from cartend.contract.vocabulary import term, vocabulary

PARAMETER = vocabulary(
    "parameter under another name",
    term("OVR", "Visit response", "OVRLRESP", "OVRLRSP", "OVRESP", "OVRL", groups="visit_response"),
    term("DOR", "Duration of response", "RSD", "CRSD"),
)
"""A name of ``visit_response`` may end in a word for the evaluator: OVRIRC."""
