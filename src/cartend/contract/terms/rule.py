"""The words by which a rule of the engine says how, and why, it decided."""

from cartend.contract.vocabulary import term, vocabulary

RULE_SUFFIX = vocabulary(
    "way by which a rule decided",
    term("CARRIED", "carried to the nominal day of the visit with which the rule's window opens"),
    term("CLINICAL", "clinical progression without an assessment"),
    term("PROGRESSION", "established by progression before such a response"),
    term("THERAPY", "established by new therapy before such a response"),
    term("DEATH", "established by death before such a response"),
)
"""What stands after the second point of a RULEID."""

REBASELINE_REASON = vocabulary(
    "why a complete response before lymphodepletion is none of the rate",
    term("kept_if_complete", "complete response before lymphodepletion, not so at the landmark"),
    term("exclude", "complete response before lymphodepletion, not evaluable"),
    term("non_responder", "complete response before lymphodepletion, counted as no response"),
)
"""REASON of a rate, by how it treats such a subject (``grammar.CR_AT_REBASELINE``)."""
