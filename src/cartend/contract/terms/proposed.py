"""What the words of a delivery suggest: its roles, its arms, its disease.

Nothing here decides a number: a proposal is written into a study file, with its counts, for a
statistician to read before the first run. ``*`` stands for any text; texts are compared in their
normal form.
"""

ROLE_WORDS: dict[str, tuple[str, ...]] = {
    "informed_consent": ("informed consent*", "consent*"),
    "screen_failure": ("screen* fail*", "not eligible", "ineligible", "eligibility*not met"),
    "enrolment": ("enrol*", "entered into trial", "entered trial", "registered", "trial entry"),
    "randomisation": ("randomi*",),
    "leukapheresis": ("*apheresis*", "*cell collection*", "collection of cells"),
    "bridging": ("*bridging*",),
    "lymphodepletion": ("*lymphodeplet*", "*conditioning*", "*lymphoid depletion*"),
    "infusion": (
        "car t*",
        "*car t cell*",
        "*anti cd* car*",
        "investigational product",
        "investigational treatment",
        "study product",
        "study treatment",
        "study drug",
        "*leucel*",
        "*cabtagene*",
        "product infusion",
    ),
    "standard_of_care": ("standard of care*", "soc", "soc *", "control*", "comparator*"),
    "prior_therapy": ("prior*", "previous*", "pre study*"),
    "new_therapy": ("subsequent*", "new anti*", "further anti*", "post study*", "post treatment*"),
    "transplantation": ("*hsct*", "*transplant*", "allo sct", "auto sct", "asct"),
    "response": ("ovrlresp", "ovresp", "overall response", "response"),
    "mrd_sample": ("mrd", "mrd *", "minimal residual disease", "measurable residual disease"),
    "survival_status": ("survstat", "survival status"),
    "cause_of_death": ("prcdth", "primary cause of death", "cause of death"),
}
"""The words that suggest a role, the surest first."""

WHERE_SOUGHT: dict[str, tuple[str, ...]] = {
    "DS": ("DSDECOD", "DSTERM"),
    "PR": ("PRCAT", "PRSCAT", "PRDECOD", "PRTRT"),
    "CM": ("CMSCAT", "CMCAT"),
    "EX": ("EXCAT", "EXSCAT", "EXTRT"),
    "RS": ("RSTESTCD", "RSTEST"),
    "LB": ("LBTESTCD", "LBTEST"),
    "SS": ("SSTESTCD", "SSTEST"),
    "DD": ("DDTESTCD", "DDTEST"),
}
"""The columns in which words suggest a role, by domain, the one that tells most first."""

ARM_WORDS: dict[str, tuple[str, ...]] = {
    "control": (
        "*standard of care*",
        "soc*",
        "*control*",
        "*placebo*",
        "*chemotherapy*",
        "*best supportive*",
        "*investigator*choice*",
        "*transplant*",
    ),
    "experimental": ("*car t*", "cart*", "*leucel*", "*cel", "*cabtagene*", "*gene modified*"),
}
"""The words that suggest the role of an arm; the control is looked for first."""

INFUSION_COLUMNS = ("INFDT", "CARTDT", "CARTSDT", "CARTINDT", "INFSDT", "TRT01SDT")
LEUKAPHERESIS_COLUMNS = ("LEUKDT", "APHDT", "APHSDT", "LKPHDT", "LEUKSDT")
CUTOFF_COLUMNS = ("CUTDT", "CUTOFFDT", "DCUTDT", "DCODT", "DATACUTDT")
"""What an ADSL may call a date of ours, the surest first."""

STRATUM_COLUMNS = ("STRAT*R", "STRAT*V", "STRATA*", "STRAT*")
"""What an ADSL or DM may call the factors of the randomisation: as randomised, then as verified."""

NAMING = ("INDIC", "TDIGRP", "TITLE")
"""The parameters of the trial summary that may name the disease, the surest first."""

CENSORED_BY_RULE = ("*missed*", "*missing assess*", "*new anti*", "*new*therapy*", "*subsequent*")
"""Reasons of censoring that only a PFS with censoring at new therapy and missed visits has."""

ENDS = (("IRC", "IRC"), ("ICR", "IRC"), ("BICR", "IRC"), ("INV", "INV"))
"""How a parameter's code may end, and the evaluator that this names."""

REVIEW_WORDS = ("*independent*", "*irc*", "*bicr*", "*central*")
"""What an evaluator's text holds where it is no investigator."""
