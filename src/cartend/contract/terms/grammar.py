"""The words of endpoint files beside types and origins, each with the phrase a sentence prints."""

from cartend.contract.vocabulary import term, vocabulary

RESPONSE_SET = vocabulary(
    "set of responses",
    term("response", "objective response"),
    term("complete", "complete response"),
    term("remission", "remission"),
    term("control", "disease control"),
    term("stable", "stable disease"),
    term("progression", "progression"),
    term("not_evaluable"),
)
"""Names that response criteria give to several categories at once."""

HANDLING = vocabulary(
    "what a strategy does",
    term("treatment_policy", "is ignored (treatment policy)"),
    term("composite", "is an event (composite)"),
    term(
        "hypothetical",
        "ends the follow-up at the last adequate assessment before it (hypothetical)",
    ),
    term(
        "while_on_treatment",
        "ends the follow-up at the last adequate assessment before it (while on treatment)",
    ),
    term("competing", "is a competing event"),
)
"""The strategies of ``estimand.STRATEGY``, as the sentence of an intercurrent event goes on."""

EVENT_DATE = vocabulary(
    "date of an event",
    term("event_date", groups="assessed happened no_response when_it_happens"),
    term("assessment", groups="assessed no_response grid when_it_happens"),
    term("first_failing_assessment", groups="no_response grid"),
    term("origin", groups="no_response grid calendar"),
    term("window_end_nominal", groups="no_response grid calendar"),
    term(
        "midpoint",
        "dated midway between it and the adequate assessment before",
        groups="assessed moved",
    ),
    term(
        "next_visit_nominal",
        "dated, where it lies outside every visit window, at the nominal day of the next "
        "scheduled visit",
        groups="assessed moved",
    ),
)
"""Which day an event has; the groups say it of an event that is assessed, happens, is missed.

``moved``: another day than that of the assessment; ``calendar``: whatever was assessed.
"""

CENSORED_AT = vocabulary(
    "end of the follow-up",
    term("last_adequate_assessment", "the last adequate assessment"),
    term("last_known_alive", "the last date known alive"),
    term("death", "death of a cause that does not count"),
    term("last_mrd_sample", "the last adequate MRD sample"),
)
"""Where the follow-up of a subject without event ends."""

PARTIAL_DATES = vocabulary(
    "day of a partial date",
    term("imputed"),
    term("earliest", "Partial dates are taken at their earliest possible day."),
    term("latest", "Partial dates are taken at their latest possible day."),
)

MISSING_BASELINE = vocabulary(
    "subject without baseline assessment",
    term("keep"),
    term(
        "censor_at_origin",
        "A subject without a baseline disease assessment is censored at its origin.",
    ),
    term("exclude", "A subject without a baseline disease assessment is not analysed."),
)

MISSING_RESPONSE = vocabulary(
    "missing assessment",
    term("non_responder", "is no response"),
    term("exclude", "leaves the denominator"),
)
"""What a missing assessment is to a rate."""

_BRIDGED = "A subject in complete response after bridging and before lymphodepletion"
CR_AT_REBASELINE = vocabulary(
    "complete response before lymphodepletion",
    term("as_others"),
    term(
        "kept_if_complete",
        f"{_BRIDGED} is a responder only if in complete response at the landmark.",
    ),
    term("exclude", f"{_BRIDGED} is not evaluable and leaves the denominator."),
    term("non_responder", f"{_BRIDGED} counts as no response."),
)

RATE_VARIABLE = vocabulary(
    "variable of a rate",
    term(
        "best_response",
        "Best overall response up to the first progression",
        groups="confirmation min_sd_days",
    ),
    term(
        "responder",
        "At least one {response} before progression",
        groups="responds within durability confirmation min_sd_days maturity",
    ),
    term(
        "landmark_response",
        "{response} at the landmark {landmark} after the origin, in the window from {before} days "
        "before to {after} days after, with no progression, relapse, death, new therapy or "
        "re-infusion before it",
        groups="responds window variant maturity says_why",
    ),
    term(
        "durable_response",
        "At least one {response} that lasts {lasting} or longer without progression, death or new "
        "therapy, seen by an assessment or by a later event",
        groups="responds lasting confirmation",
    ),
    term(
        "mrd_negative",
        "At least one adequate MRD-negative sample before progression",
        groups="with_response samples says_why",
    ),
    term(
        "mrd_sustained",
        "Two adequate MRD-negative samples {lasting} or more apart, no positive sample between "
        "them",
        groups="lasting samples",
    ),
)
"""What a rate counts; the groups are the keys of a rate that mean something for it, and
``responds``: it is a response, ``samples``: it is read from MRD samples, ``says_why``: pages list
why the others are none."""
