"""Therapies: their classes, why a new one began, and how bridging is classed (decision D19)."""

from cartend.contract.vocabulary import term, vocabulary

THERAPY_CLASS = vocabulary(
    "class of therapy",
    term("CORTICOSTEROID", "Corticosteroid", "STEROID"),
    term("ALKYLATOR", "Alkylator", "ALKYLATING AGENT"),
    term("PLATINUM", "Platinum"),
    term("ANTHRACYCLINE", "Anthracycline"),
    term("ANTIMETABOLITE", "Antimetabolite"),
    term("VINCA", "Vinca alkaloid", "VINCA ALKALOID"),
    term("IMID", "IMiD", "IMMUNOMODULATORY DRUG"),
    term("PROTEASOME INHIBITOR", "Proteasome inhibitor"),
    term("ANTI-CD38", "Anti-CD38"),
    term("ANTI-CD20", "Anti-CD20"),
    term("ANTI-CD19", "Anti-CD19"),
    term("ANTI-CD22", "Anti-CD22"),
    term("ANTI-BCMA", "Anti-BCMA"),
    term("ANTI-GD2", "Anti-GD2"),
    term("BISPECIFIC", "Bispecific antibody", "BISPECIFIC ANTIBODY"),
    term("ADC", "Antibody-drug conjugate", "ANTIBODY-DRUG CONJUGATE"),
    term("BTK INHIBITOR", "BTK inhibitor", "BTKI"),
    term("TKI", "Tyrosine kinase inhibitor", "TYROSINE KINASE INHIBITOR"),
    term("CAR-T", "CAR-T"),
    term("OTHER", "Other"),
    term("RADIOTHERAPY", "Radiotherapy", groups="procedure"),
    term("HSCT", "Stem-cell transplantation", groups="procedure"),
)
"""Classes of agents, and the two that procedures have.

Those with the group ``procedure`` are no value of CMCLAS; they are set from PR.
"""

NEW_THERAPY_REASON = vocabulary(
    "reason of a new therapy",
    term("EFFICACY", "Efficacy"),
    term("TOXICITY", "Toxicity"),
    term("CONSOLIDATION", "Consolidation", groups="belongs_to_transplantation"),
    term("PLANNED", "Planned", groups="belongs_to_transplantation"),
    term("OTHER", "Other"),
    term("UNKNOWN", "Unknown"),
)
"""Why a new therapy was started (SUPPCM NATREAS); UNKNOWN where the data give no reason."""

BRIDGE_CLASS = vocabulary(
    "class of bridging",
    "B0",
    term("B1", groups="given of_record aside"),
    *(term(f"B{number}", groups="given of_record") for number in (2, 3, 4, 5, 6, 8)),
    term("B9", groups="given"),
)
"""Fine classes of bridging: B0 none, B9 several. Which agents belong to the others, which a record
may have (``of_record``), and the labels stand in config/bridging (specification 7.1). Those
``aside`` count only where nothing else was given.
"""
NO_CLASS = "B0"
SEVERAL_CLASSES = "B9"

BRIDGE = vocabulary(
    "bridging",
    term("NONE", "No bridging", groups="applies"),
    term("ALKYLATOR", "Alkylator-based", groups="given applies"),
    term("IMID", "IMiD-based", groups="given applies"),
    term("OTHER", "Other bridging", groups="given applies"),
    term("NOT APPLICABLE", "Not applicable"),
)
"""Coarse classes of bridging, by which results are given (guideline lines 198-201).

``applies``: of a subject meant to be infused, ``given``: of one who was bridged.
"""

BRIDGED_WITH = vocabulary(
    "bridging by what it is based on",
    term("NONE", "none"),
    term("ALKYLATOR", "alkylator"),
    term("IMID", "IMiD"),
    term("OTHER", "other"),
)
"""The words of ``BRIDGE`` where the line or the heading already says bridging."""

BRIDGED = vocabulary(
    "bridging, yes or no",
    term("Y", "Bridging: yes"),
    term("N", "Bridging: no"),
    term("NOT APPLICABLE", "Not applicable"),
)

BRIDGING_KIND = vocabulary(
    "kind of bridging",
    term("SYSTEMIC", "Systemic therapy"),
    term("CORTICOSTEROID ONLY", "Corticosteroid only"),
    term("RADIOTHERAPY", "Radiotherapy only"),
    term("COMBINED", "More than one kind"),
)

WASHOUT = vocabulary(
    "washout",
    term("COMPLIANT", "Kept", groups="verdict"),
    term("VIOLATED", "Not kept", groups="verdict not_kept"),
    term("UNKNOWN", "Unknown", groups="verdict not_kept"),
    term("NOT APPLICABLE", "Not applicable"),
)


WASHOUT_FROM_WORST = ("VIOLATED", "UNKNOWN", "COMPLIANT")
"""Of several records of a subject the first of these counts."""
WASHOUT_SUFFIX = {"leukapheresis": "LA", "lymphodepletion": "LD"}
"""How the columns of a washout end (WASHLA, WOLA) or begin (LALIM), by its procedure."""

PHASE = vocabulary(
    "phase of a therapy before the product",
    term("PRIOR", "prior therapy"),
    term("HOLDING", "labelled bridging, begun before leukapheresis"),
    term("BRIDGING", "between leukapheresis and lymphodepletion"),
    term("OUTSIDE", "labelled bridging, begun neither before leukapheresis nor in the interval"),
)

LINE_PHASE = vocabulary(
    "part of a line of therapy",
    term("INDUCTION", "Induction"),
    term("CONSOLIDATION", "Consolidation", groups="not_treatment_of_disease"),
    term("CONDITIONING", "Conditioning", groups="not_treatment_of_disease"),
    term("MAINTENANCE", "Maintenance", groups="not_treatment_of_disease"),
)

NO_RESPONSE_TO_LINE = vocabulary(
    "no response to a line",
    term("SD", "Stable disease", "STABLE DISEASE"),
    term("PD", "Progressive disease", "PROGRESSIVE DISEASE"),
    term("NR", "No response", "NO RESPONSE"),
)
"""Best responses (SUPPCM BESTRESP) that say a line of therapy brought none."""

TRANSPLANT = vocabulary(
    "transplantation",
    term(
        "ALLOGENEIC HSCT",
        "Allogeneic transplantation",
        "ALLOGENEIC STEM CELL TRANSPLANT",
        "ALLOGENEIC STEM CELL TRANSPLANTATION",
        "ALLOGENEIC HAEMATOPOIETIC STEM CELL TRANSPLANTATION",
        "ALLOGENEIC HEMATOPOIETIC STEM CELL TRANSPLANTATION",
        "ALLOGENIC HAEMATOPOIETIC STEM CELL TRANSPLANTATION",
        "ALLO-HSCT",
        "ALLO-SCT",
    ),
    term(
        "AUTOLOGOUS HSCT",
        "Autologous transplantation",
        "AUTOLOGOUS STEM CELL TRANSPLANT",
        "AUTOLOGOUS STEM CELL TRANSPLANTATION",
        "AUTOLOGOUS HAEMATOPOIETIC STEM CELL TRANSPLANTATION",
        "AUTOLOGOUS HEMATOPOIETIC STEM CELL TRANSPLANTATION",
        "AUTO-HSCT",
        "ASCT",
    ),
)
"""Transplantations by the procedure's name (PRTRT)."""

RADIATION = ("RADIOTHER", "RADIATION", "IRRADIAT", "RADIOSURG")
"""Parts of the name or category of a procedure that is radiation."""
