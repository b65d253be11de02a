"""Adverse events: which preferred terms name a malignancy, and what it is due to."""

from cartend.contract.vocabulary import term, vocabulary

MALIGNANCY_TYPE = vocabulary(
    "type of second malignancy",
    term("T-CELL", "T-cell malignancy", "T CELL"),
    term("SKIN", "Skin"),
    term("OTHER", "Other"),
)
"""SPMTYPE where the case report form does not state one of its own."""

T_CELL = ("T-CELL", "T CELL")
"""Parts of a term that names a T-cell malignancy."""

CAUSALITY = vocabulary(
    "causality of a second malignancy",
    term("ATTRIBUTABLE", "Attributable", groups="not_excluded"),
    term("POSSIBLE", "Possible", groups="not_excluded"),
    term("INDETERMINATE", "Indeterminate", groups="not_excluded"),
    term("UNLIKELY", "Unlikely"),
)
"""Specification 4.6; ``not_excluded``: the product as a cause is not excluded (R45)."""

MALIGNANT = (
    *("MALIGNAN", "CARCINOMA", "LEUKAEMIA", "LEUKEMIA", "LYMPHOMA", "SARCOMA", "MELANOMA"),
    *("CANCER", "MYELODYSPLA", "ADENOCARC", "BLASTOMA", "GLIOMA", "MYELOMA", "MESOTHELIOMA"),
)
"""Parts of a term that names a malignancy."""

NOT_SECOND = (
    *("PROGRESSION", "RECURREN", "RELAPSE", "FLARE", "LYSIS", "BENIGN", "PAIN", "PERICARDIAL"),
    *("PLEURAL", "ASCITES"),
)
"""Parts of a term that is a sign of the disease under study, or no malignancy at all."""
