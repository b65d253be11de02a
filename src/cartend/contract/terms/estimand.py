"""The grammar of endpoints: events, intercurrent events, strategies, origins, sets, censoring."""

from dataclasses import dataclass

from cartend.contract.vocabulary import term, vocabulary

EVENT_TYPE = vocabulary(
    "type of event",
    term(
        "PD",
        "progressive disease or relapse",
        groups="assessed names_first window after by_progression gap of_pfs",
    ),
    term(
        "RELAPSE",
        "relapse or progression",
        groups="assessed names_first window after by_progression gap",
    ),
    term(
        "DEATH",
        "death",
        groups="window cause_in cause_not_in min_missed_visits by_death gap unassessed of_pfs",
    ),
    term(
        "NEW_THERAPY", "new anticancer therapy", groups="happened names_third qualifies by_therapy"
    ),
    term(
        "NO_RESPONSE",
        "no response by the landmark",
        groups="names_second criterion window by_landmark",
    ),
    term(
        "SD_OR_PD_FROM",
        "stable disease or progression from the landmark on",
        groups="assessed names_second criterion window by_state",
    ),
    term(
        "REFRACTORY",
        "refractory disease",
        groups="assessed names_second criterion window by_first_assessment",
    ),
    term("RESPONSE", "response", groups="assessed names_second criterion window by_state"),
    term("MRD_POS", "an adequate MRD-positive sample", groups="names_second window by_sample"),
    term("HSCT", "haematopoietic stem cell transplantation", groups="happened by_date"),
    term("SECOND_MALIGNANCY", "second malignancy", groups="happened by_date"),
    term("CROSSOVER", "crossover to CAR-T", groups="happened by_date"),
    term("REINFUSION", "re-infusion of CAR-T", groups="happened by_date"),
    term(
        "NOT_INFUSED",
        "not being infused (on the day on which that was established)",
        groups="happened by_date",
    ),
    term("RECORD", "a record of a role of the study", groups="happened by_date"),
)
"""Rules that can make an event; ``happened``: with a date of its own, not an assessment.

``names_first`` to ``names_third``: whose name an event has when several fall on one day. Other
groups are the keys of a rule that mean something for it, ``by_...``: how the engine finds it.
``gap``: after missed visits it may be censored before them; ``unassessed``: is no assessment.
"""

CANDIDATE_KIND = vocabulary(
    "kind of candidate",
    *EVENT_TYPE.terms,
    term("CLINICAL_PD", "clinical progression", groups="gap unassessed"),
    term("NOT_EVALUABLE_AT_LANDMARK", "not evaluable at the landmark"),
    term("CENSORING", "end of the follow-up"),
    term("BROUGHT", "as brought"),
)
"""CANDIDATES.KIND; a role of the study's own is a kind too, under its id."""

INTERCURRENT_TYPE = vocabulary(
    "type of intercurrent event",
    *(EVENT_TYPE[name] for name in ("NEW_THERAPY", "HSCT", "CROSSOVER", "REINFUSION")),
    *(EVENT_TYPE[name] for name in ("SECOND_MALIGNANCY", "NOT_INFUSED", "RECORD")),
    term("MISSED_2", "missed visits"),
)

TRUNCATION = vocabulary(
    "what ends a follow-up",
    term("NEW_THERAPY", "after new anticancer therapy, which ends the follow-up"),
    term("HSCT", "after transplantation, which ends the follow-up"),
    term("CROSSOVER", "after crossover, which ends the follow-up"),
    term("REINFUSION", "after re-infusion, which ends the follow-up"),
    term("CLINICAL_PD", "after clinical progression, which ends the follow-up"),
    term("SECOND_MALIGNANCY", "after a second malignancy, which ends the follow-up"),
    term(
        "NOT_INFUSED",
        "after the subject was known not to be infused, which ends the follow-up",
    ),
)
"""Kinds of dated events that may end a follow-up, in the order that breaks a tie."""

STRATEGY = vocabulary(
    "strategy",
    term(
        "treatment_policy",
        "treatment policy",
        groups="of_reinfusion of_new_therapy of_grid never_cuts",
    ),
    term("composite", "composite", groups="ends is_event of_reinfusion of_grid never_cuts"),
    term("hypothetical", "hypothetical", groups="ends censors of_grid cuts"),
    term(
        "while_on_treatment",
        "while on treatment",
        groups="ends censors of_new_therapy of_grid cuts",
    ),
    term("competing", "competing", groups="ends is_event"),
)
"""ICH E9(R1); ``ends``: the follow-up ends at it, ``is_event``: it is an event of the endpoint,
``censors``: it ends the follow-up without being one.

``cuts``: it ends without an event, ``never_cuts``: it never does. ``of_new_therapy``,
``of_reinfusion``: what a rate may say of them; ``of_grid``: what a grid may say of new therapy.
"""

ORIGIN = vocabulary(
    "origin",
    term("study", "the origin of the study", groups="from_randomisation"),
    term("randomisation", "randomisation", groups="anchor from_randomisation"),
    term("enrolment", "enrolment", groups="anchor"),
    term("leukapheresis", "leukapheresis", groups="anchor"),
    term("infusion", "CAR-T infusion", groups="anchor"),
    term("first_response", "the first documented response", groups="assessment"),
    term("first_remission", "the first documented remission", groups="assessment"),
    term("first_mrd_neg", "the first MRD-negative sample", groups="assessment"),
)
"""Where time begins; ``anchor``: a visit schedule may start there, ``assessment``: it is one.

``from_randomisation``: what they are in a randomised design.
"""

POPULATION = vocabulary(
    "analysis set",
    term("study", "The set of the study"),
    term("RAND", "All randomised subjects", groups="flag"),
    term("LA", "All leukapheresed subjects", groups="flag rate_from_infusion"),
    term("INF", "All infused subjects", groups="flag rate_from_infusion"),
    term("SAF", "Safety set", groups="flag rate_from_infusion"),
    term("EFFEVAL", "Efficacy-evaluable subjects", groups="by_response"),
    term("RESPONDERS", "Responders", groups="by_response after_baseline"),
    term("CR_SET", "Subjects in complete response", groups="by_response after_baseline"),
    term("MRD_EVAL", "MRD-evaluable subjects", groups="by_response"),
    term("MRDNEG_SET", "MRD-negative subjects", groups="by_response after_baseline"),
)
"""``flag``: a flag of ADSL, ``by_response``: resolved with the endpoints (decision D16).

``rate_from_infusion``: its rates count from infusion, in a randomised trial too (decision D14).
"""

MRD_DENOMINATORS = ("INF", "LA", "RAND", "MRD_EVAL", "CR_SET", "RESPONDERS")
"""The sets over which MRD is counted, in the order of its table."""

POPULATION_FLAG = {"RAND": "RANDFL", "LA": "LAFL", "INF": "INFFL", "SAF": "SAFFL"}
"""The flag of ADSL that holds a set."""

POPULATION_ORIGIN = {"RAND": "randomisation", "LA": "leukapheresis"}
"""What ``origin: study`` means in a set (decisions D12, D15); infusion in every other."""

POPULATIONS_OF_DESIGN = {"randomised": ("RAND",), "single-arm": ("INF", "LA")}
"""What ``population: study`` means by design, the deciding set first (decisions D12, D15)."""

SET_RULE = {"RESPONDERS": "ORR", "CR_SET": "REMISSION", "MRDNEG_SET": "MRDNEG"}
"""Which rate endpoint says who belongs to a set that depends on response (decision D16)."""
ORIGIN_SET = {
    "first_response": "RESPONDERS",
    "first_remission": "CR_SET",
    "first_mrd_neg": "MRDNEG_SET",
}
"""Whose origin is an assessment: those in the set that it makes."""

EVENT = vocabulary(
    "event",
    term("PD", "Disease progression", groups="progression"),
    term("RELAPSE", "Relapse", groups="progression"),
    term("DEATH", "Death"),
    term("NEW_THERAPY", "New anticancer therapy"),
    term("NO_RESPONSE", "No response by the landmark"),
    term("SD_OR_PD_FROM", "Stable disease or progression at or after the landmark"),
    term("SD_BEST", "Stable disease as best response"),
    term("SD_LATE", "Stable disease at or after the landmark"),
    term("REFRACTORY", "No response at the first assessment"),
    term("RESPONSE", "Response"),
    term("HSCT", "Stem-cell transplantation"),
    term("MRD_POS", "MRD positive"),
    term("SECOND_MALIGNANCY", "Second malignancy"),
    term("CROSSOVER", "Crossover"),
    term("REINFUSION", "Re-infusion"),
    term("NOT_INFUSED", "Not infused"),
    term("CLINICAL_PD", "Clinical progression"),
    term("MISSED_2", "Missed visits"),
)
"""EVNTDESC of an event, and what a page prints for it (decision D21).

An event of a role of the study's own is called by the role, in capitals.
"""

FAMILY = vocabulary(
    "family of endpoints",
    term("EFS", "Event-free survival", groups="definitions surrogate"),
    term("PFS", "Progression-free survival", groups="definitions surrogate"),
    term("OS", "Overall survival"),
    term("DOR", "Duration of response"),
    term("NRM", "Non-relapse mortality"),
    term("RESPONSE", "Response"),
    term("MRD", "Minimal residual disease"),
    term("DFS", "Disease-free survival"),
    term("RFS", "Relapse-free survival"),
    term("TTP", "Time to progression"),
    term("TTNT", "Time to next treatment"),
    term("TTR", "Time to response"),
    term("TTCR", "Time to complete response"),
    term("DOCR", "Duration of complete response"),
)
"""Endpoints of one family are compared with each other; a study may name families of its own.

``definitions``: whose many definitions stand side by side, ``surrogate``: may stand for survival.
"""


@dataclass(frozen=True)
class Censoring:
    """One reason of censoring: CNSR, EVNTDESC, what a page prints, and what the date is.

    ``kind`` is the kind of dated event that ends the follow-up with this reason.
    """

    code: int
    text: str
    label: str
    date: str
    kind: str = ""


CENSORING = (
    Censoring(
        1,
        "LAST ADEQUATE ASSESSMENT",
        "Last adequate assessment",
        "Date of the last adequate assessment",
    ),
    Censoring(
        2,
        "NO POST-BASELINE ASSESSMENT",
        "No post-baseline assessment (at origin)",
        "Origin: there is no adequate assessment after it",
    ),
    Censoring(
        3,
        "BEFORE NEW ANTICANCER THERAPY",
        "Before new anticancer therapy",
        "Date of the last adequate assessment on or before the start of new anticancer therapy",
        "NEW_THERAPY",
    ),
    Censoring(
        4,
        "BEFORE MISSED VISITS",
        "Before missed visits",
        "Date of the last adequate assessment before two or more missed visits",
    ),
    Censoring(
        5,
        "LAST KNOWN ALIVE",
        "Last known alive",
        "Last date known alive, not later than the data cut-off",
    ),
    Censoring(
        6,
        "BEFORE HSCT",
        "Stem-cell transplantation",
        "Date of the last adequate assessment on or before transplantation",
        "HSCT",
    ),
    Censoring(
        7,
        "BEFORE CROSSOVER",
        "Crossover",
        "Date of the last adequate assessment on or before crossover",
        "CROSSOVER",
    ),
    Censoring(
        8,
        "BEFORE RE-INFUSION",
        "Re-infusion",
        "Date of the last adequate assessment on or before re-infusion",
        "REINFUSION",
    ),
    Censoring(9, "OTHER", "Other", "Date of the censoring rule named by RULEID"),
    Censoring(
        10,
        "BEFORE SECOND MALIGNANCY",
        "Second malignancy",
        "Date of the last adequate assessment on or before a second malignancy",
        "SECOND_MALIGNANCY",
    ),
    Censoring(
        11,
        "NOT INFUSED",
        "Known not to be infused",
        "Date of the last adequate assessment on or before it was known that none is infused",
        "NOT_INFUSED",
    ),
)
"""Why a subject without event is censored (decision D21); 10 + STATE is a competing event."""

TAG = vocabulary(
    "tag of a non-relapse death",
    term("EARLY", "Early (up to day {early_cut})"),
    term("LATE", "Late (after day {early_cut})"),
    term("POST_HSCT", "After stem-cell transplantation"),
    term("SPM", "With a second malignancy"),
    term("UNASSESSED", "After two or more missed visits"),
)
"""A label with ``{early_cut}`` is filled with that key of the endpoint."""

DATED_EVENT = vocabulary(
    "kind of dated event",
    term("LEUKAPHERESIS", "Leukapheresis"),
    term("BRIDGING", "Bridging therapy", groups="classed"),
    term("LYMPHODEPLETION", "Lymphodepletion"),
    term("INFUSION", "CAR-T infusion", groups="in_lane"),
    term("REINFUSION", "CAR-T re-infusion", groups="may_end in_lane other_treatment"),
    term("CROSSOVER", "Crossover to CAR-T", groups="may_end in_lane"),
    term("NEW_THERAPY", "New anticancer therapy", groups="may_end classed in_lane other_treatment"),
    term("HSCT", "Stem-cell transplantation", groups="may_end in_lane other_treatment"),
    term("HSCT_CONDITIONING", "Conditioning for the transplantation"),
    term("CLINICAL_PD", "Clinical progression", groups="may_end in_lane"),
    term("SECOND_MALIGNANCY", "Second malignancy", groups="may_end"),
    term("NOT_INFUSED", "Not infused", groups="may_end"),
)
"""ADEVT.KIND; a role of the study's own is a kind too, under its id.

``may_end``: may end a follow-up, ``classed``: the class of the drug is said beside it.
``in_lane``: drawn in the course of a subject, ``other_treatment``: what is found after it is not
credited to the product.
"""

ENDPOINT_ROLE = vocabulary(
    "role of an endpoint",
    term("primary", "Primary", groups="leading by_bridging"),
    term("key secondary", "Key secondary", groups="leading by_bridging"),
    term("secondary", "Secondary", groups="by_bridging"),
    term("sensitivity", "Sensitivity"),
    term("exploratory", "Exploratory"),
)
"""What part an endpoint plays in a study, the most important first (decision D36).

``by_bridging``: whose figures by bridging are drawn where the run says nothing else.
"""

VERDICT = vocabulary(
    "verdict on a criterion",
    term("MET", "Met", groups="judged"),
    term("NOT MET", "Not met", groups="judged"),
    term("CANNOT BE JUDGED", "Cannot be judged"),
)
