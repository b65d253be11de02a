"""Which roles of records the parts of an endpoint's definition read."""

ORIGIN_ROLES = ("randomisation", "enrolment", "leukapheresis", "infusion")
"""Roles whose date is an origin, and by which a subject is in a set."""

BY_TYPE = {
    "DEATH": ("death", "survival_status"),
    "NEW_THERAPY": ("new_therapy",),
    "HSCT": ("transplantation",),
    "SECOND_MALIGNANCY": ("adverse_event", "cause_of_death"),
    "CROSSOVER": ("infusion",),
    "REINFUSION": ("infusion",),
    "NOT_INFUSED": ("disposition", "screen_failure"),
    "MRD_POS": ("mrd_sample",),
    "MISSED_2": ("response",),
}
"""The roles of records in which an event of a type is sought; of others the responses."""

BY_CENSORING = {
    "last_adequate_assessment": ("response",),
    "last_known_alive": ("survival_status", "disposition", "adverse_event", "response"),
    "death": ("death", "survival_status", "cause_of_death"),
    "last_mrd_sample": ("mrd_sample",),
}
"""The roles of records that say how far a follow-up goes."""

ALWAYS = ("death", "disposition")
"""The roles that every endpoint reads: they end a follow-up."""

OF_ADRS = ("response", "mrd_sample")
"""What a brought ADRS holds."""

WHOLE = ("", "TS", "DM", "ADSL")
"""Domains that bear on every endpoint; a blank one is that of the study file."""

OF_SUBJECTS = ("DM", "ADSL")
"""The lists of subjects."""
