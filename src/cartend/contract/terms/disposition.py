"""Disposition: the milestones of a subject, and why it left the study or was not infused."""

from cartend.contract.vocabulary import term, vocabulary

DISPOSITION = vocabulary(
    "disposition",
    term("INFORMED CONSENT OBTAINED", "Informed consent", groups="milestone"),
    term("ENROLLED", "Enrolled", groups="milestone"),
    term("RANDOMIZED", "Randomised", "RANDOMISED", groups="milestone"),
    term("COMPLETED", "Completed", groups="end_of_study"),
    term(
        "DEATH",
        "Death",
        "DIED",
        "DEAD",
        "DECEASED",
        groups="end_of_study no_sign_of_life",
    ),
    term(
        "LOST TO FOLLOW-UP",
        "Lost to follow-up",
        "LOST TO FOLLOWUP",
        groups="end_of_study loss no_sign_of_life",
    ),
    term("WITHDRAWAL BY SUBJECT", "Withdrawal by subject", groups="end_of_study loss withdrawal"),
    term("WITHDRAWAL OF CONSENT", "Withdrawal of consent", groups="end_of_study loss withdrawal"),
    term("MANUFACTURING FAILURE", "Manufacturing failure", "PRODUCT MANUFACTURING FAILURE"),
    term("PROGRESSIVE DISEASE", "Progressive disease", groups="clinical_progression"),
    term("DISEASE RELAPSE", "Disease relapse", groups="clinical_progression"),
    term("LACK OF EFFICACY", "Lack of efficacy"),
    term("ADVERSE EVENT", "Adverse event"),
    term("PHYSICIAN DECISION", "Physician decision", groups="end_of_study"),
    term("PROTOCOL VIOLATION", "Protocol violation"),
    term("PROTOCOL DEVIATION", "Protocol deviation"),
    term("SCREEN FAILURE", "Screen failure", "SCREENING FAILURE", "ELIGIBILITY CRITERIA NOT MET"),
    term("NEVER DOSED", "Never dosed"),
    term("STUDY TERMINATED BY SPONSOR", "Study terminated by sponsor", groups="end_of_study"),
    term("OTHER", "Other"),
)

NOT_INFUSED = vocabulary(
    "reason for no infusion",
    term(
        "MANUFACTURING FAILURE",
        "Manufacturing failure",
        "PRODUCT MANUFACTURING FAILURE",
        groups="stated",
    ),
    term("DEATH", "Death", groups="stated"),
    term(
        "PROGRESSIVE DISEASE",
        "Progressive disease",
        "DISEASE RELAPSE",
        "LACK OF EFFICACY",
        groups="stated",
    ),
    term("ADVERSE EVENT", "Adverse event", groups="stated"),
    term(
        "WITHDRAWAL BY SUBJECT", "Withdrawal by subject", "WITHDRAWAL OF CONSENT", groups="stated"
    ),
    term("PHYSICIAN DECISION", "Physician decision", groups="stated"),
    term("LOST TO FOLLOW-UP", "Lost to follow-up", groups="stated"),
    term(
        "SCREEN FAILURE",
        "Screen failure",
        "SCREENING FAILURE",
        "ELIGIBILITY CRITERIA NOT MET",
        groups="stated",
    ),
    term("PROTOCOL DEVIATION", "Protocol deviation", "PROTOCOL VIOLATION", groups="stated"),
    term("OTHER", "Other", "NEVER DOSED", groups="stated"),
    term("NEW THERAPY", "New therapy"),
    term("INFUSION PENDING", "Infusion pending", groups="open"),
    term("LEUKAPHERESIS PENDING", "Leukapheresis pending", groups="open"),
    term("REASON NOT STATED", "Reason not stated"),
)
"""Why a subject of an experimental arm has no infusion, in the order that breaks a tie.

The synonyms are the dispositions (DS.DSDECOD) that state the reason; the others are derived.
"""

STUDY_STATUS = vocabulary(
    "end of study status",
    term("COMPLETED", "Completed", groups="ended"),
    term("ONGOING", "Ongoing"),
    term("DISCONTINUED", "Discontinued", groups="ended"),
)

UNASSIGNED = vocabulary(
    "no arm",
    term("SCRNFAIL", "Screen failure", "SCREEN FAILURE"),
    term("NOTASSGN", "Not assigned", "NOT ASSIGNED"),
    term("NOTTRT", "Not treated", "NOT TREATED"),
)
"""What ARMCD and ARM hold of a subject without arm."""

FLOW_STEP = vocabulary(
    "step of the flow",
    term("SCREENED", "Screened"),
    term("ENROLLED", "Enrolled"),
    term("LEUKAPHERESED", "Leukapheresed"),
    term("BRIDGED", "Bridging therapy received", groups="beside"),
    term("NOT BRIDGED", "No bridging therapy", groups="beside"),
    term("LYMPHODEPLETED", "Lymphodepletion started"),
    term("INFUSED", "Infused"),
    term("CONTROL TREATED", "Control treatment started"),
    term("CROSSOVER", "Crossed over to CAR-T", groups="beside"),
)
"""``beside``: it divides those of the step before, and is no step of its own."""
