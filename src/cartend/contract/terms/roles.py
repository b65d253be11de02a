"""The roles of records: what the pipeline looks for in the input (decision D38).

Which records have a role is data: config/records/default.yaml, and what a study file says in its
stead. What a role means to the pipeline stands here.
"""

from cartend.contract.vocabulary import term, vocabulary

ROLE = vocabulary(
    "role of a record",
    term("informed_consent", "Informed consent"),
    term("screen_failure", "Screen failure"),
    term("enrolment", "Enrolment", groups="entry"),
    term("randomisation", "Randomisation", groups="entry"),
    term("leukapheresis", "Leukapheresis", groups="after_washout of_product dated before_product"),
    term("bridging", "Bridging therapy", groups="one_therapy dated before_product"),
    term(
        "lymphodepletion", "Lymphodepletion", groups="one_dose after_washout dated before_product"
    ),
    term("infusion", "CAR-T infusion", groups="one_dose of_product dated"),
    term("standard_of_care", "Standard of care", groups="one_dose"),
    term("other_treatment", "Other treatment"),
    term("prior_therapy", "Prior anticancer therapy", groups="one_therapy"),
    term("new_therapy", "New anticancer therapy", groups="one_therapy dated"),
    term("transplantation", "Stem-cell transplantation", groups="dated"),
    term("response", "Response", groups="assessed"),
    term("component", "Component of a response", groups="assessed"),
    term("mrd_sample", "MRD sample", groups="assessed"),
    term("survival_status", "Survival status", groups="assessed"),
    term("death", "Death"),
    term("cause_of_death", "Cause of death"),
    term("disposition", "Disposition"),
    term("adverse_event", "Adverse event"),
    term("subject_fact", "Baseline fact of a subject"),
    term("population_flag", "Population flag"),
)
"""Role ids; roles of one group (``one_therapy``, ``one_dose``) cannot both hold of one record.

``entry``: how a subject enters the trial; ``of_product``: when the product was taken and given;
``dated``, ``assessed``: a treatment, an assessment without date counts nowhere.
"""

EXCLUSIVE = (ROLE.group("one_therapy"), ROLE.group("one_dose"))
"""Roles of which a record has one at most."""

DATED_BY_DEATH = ("death",)
"""Roles of a record that counts without a date of its own, whatever else it is."""

DATED_AS = {
    "leukapheresis": "LEUKAPHERESIS",
    "bridging": "BRIDGING",
    "lymphodepletion": "LYMPHODEPLETION",
    "infusion": "INFUSION",
}
"""Shipped roles whose records are dated events, with their kind (``estimand.DATED_EVENT``)."""

TYPE_OF_ROLE = {"new_therapy": "NEW_THERAPY", "transplantation": "HSCT", "death": "DEATH"}
"""Shipped roles that an endpoint names by a type of event of their own."""


def own_label(name: str, label: str = "") -> str:
    """Return what a page prints for a role of the study's own: its label, else its id as words."""
    return label or name.replace("_", " ").capitalize()


COLUMN = "ROLE"
"""The column of every SDTM table that holds a record's roles, parted by blanks."""

ASSESSMENTS = ("response", "component", "mrd_sample")
"""The roles of records that assess the disease: baseline on the day of the origin (D47)."""
