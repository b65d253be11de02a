"""Words of role-bearing columns that are understood and in which nothing is sought.

A record that holds one of them has no role and needs none; a sponsor's other word for the same
is mapped to one of these by ``words:`` of the study file.
"""

from cartend.contract.vocabulary import Vocabulary, term, vocabulary

MEDICATION = vocabulary(
    "category of medication in which nothing is sought",
    term(
        "CONCOMITANT MEDICATION",
        "Concomitant medication",
        "CONCOMITANT MEDICATIONS",
        "CONCOMITANT THERAPY",
        "GENERAL CONCOMITANT MEDICATION",
        "GENERAL CONCOMITANT MEDICATIONS",
        "GENERAL MEDICATION",
        "GENERAL MEDICATIONS",
        "PRIOR AND CONCOMITANT MEDICATION",
        "PRIOR AND CONCOMITANT MEDICATIONS",
    ),
    term("PREMEDICATION", "Premedication"),
    term("SUPPORTIVE CARE", "Supportive care", "SUPPORTIVE THERAPY"),
)

PROCEDURE = vocabulary(
    "category of procedure in which nothing is sought",
    term("CONCOMITANT PROCEDURE", "Concomitant procedure", "CONCOMITANT PROCEDURES"),
    term("DIAGNOSTIC PROCEDURE", "Diagnostic procedure", "DIAGNOSTIC PROCEDURES"),
)

DEATH_DETAIL = vocabulary(
    "detail of a death in which nothing is sought",
    term("SECDTH", "Secondary cause of death"),
    term("LOCDTH", "Place of death"),
    term("AUTOPIND", "Autopsy"),
)

NOTHING_SOUGHT: dict[str, dict[str, Vocabulary]] = {
    "cm": {"CMCAT": MEDICATION},
    "pr": {"PRCAT": PROCEDURE},
    "dd": {"DDTESTCD": DEATH_DETAIL},
}
"""By domain and column."""
