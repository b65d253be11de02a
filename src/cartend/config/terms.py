"""The words of the grammar of endpoints: types of event, strategies, origins, sets, reasons."""

from typing import Literal

EventType = Literal[
    "PD",
    "RELAPSE",
    "DEATH",
    "NEW_THERAPY",
    "NO_RESPONSE",
    "SD_OR_PD_FROM",
    "REFRACTORY",
    "RESPONSE",
    "MRD_POS",
    "HSCT",
    "SECOND_MALIGNANCY",
    "CROSSOVER",
    "REINFUSION",
    "NOT_INFUSED",
    "RECORD",
]
IceType = Literal[
    "NEW_THERAPY",
    "HSCT",
    "CROSSOVER",
    "REINFUSION",
    "SECOND_MALIGNANCY",
    "NOT_INFUSED",
    "RECORD",
    "MISSED_2",
]
Strategy = Literal[
    "treatment_policy", "composite", "hypothetical", "while_on_treatment", "competing"
]
Origin = Literal[
    "study",
    "randomisation",
    "enrolment",
    "leukapheresis",
    "infusion",
    "first_response",
    "first_remission",
    "first_mrd_neg",
]
Population = Literal[
    "study",
    "RAND",
    "LA",
    "INF",
    "SAF",
    "EFFEVAL",
    "RESPONDERS",
    "CR_SET",
    "MRD_EVAL",
    "MRDNEG_SET",
]
Reason = Literal["EFFICACY", "TOXICITY", "CONSOLIDATION", "PLANNED", "OTHER", "UNKNOWN"]
"""Why a new therapy was started (SUPPCM NATREAS); UNKNOWN where the data give no reason."""

Cause = Literal[
    "DISEASE UNDER STUDY",
    "INFECTION",
    "CRS",
    "ICANS/NEUROTOXICITY",
    "HLH/MAS",
    "TLS",
    "HAEMORRHAGE",
    "CYTOPENIA-RELATED OTHER",
    "CARDIOVASCULAR/RESPIRATORY",
    "ORGAN FAILURE",
    "SECOND MALIGNANCY",
    "GVHD/HSCT-RELATED",
    "LD/BRIDGING TOXICITY",
    "OTHER",
    "UNKNOWN",
]
"""Classes of the cause of death (specification 4.3, D18)."""
