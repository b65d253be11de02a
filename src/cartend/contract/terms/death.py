"""Death: its cause in the taxonomy of specification 4.3, and vital status."""

from cartend.contract.vocabulary import term, vocabulary

CAUSE = vocabulary(
    "cause of death",
    term(
        "DISEASE UNDER STUDY",
        "Disease under study",
        "PROGRESSIVE DISEASE",
        "DISEASE PROGRESSION",
        "DISEASE RELAPSE",
        "MALIGNANT NEOPLASM PROGRESSION",
        "NEOPLASM PROGRESSION",
        "DISEASE",
    ),
    term("INFECTION", "Infection", "SEPSIS", "SEPTIC SHOCK", "PNEUMONIA", "COVID-19"),
    term("CRS", "CRS", "CYTOKINE RELEASE SYNDROME", groups="acronym"),
    term(
        "ICANS",
        "ICANS/neurotoxicity",
        "NEUROTOXICITY",
        "ICANS/NEUROTOXICITY",
        "IMMUNE EFFECTOR CELL-ASSOCIATED NEUROTOXICITY SYNDROME",
        groups="acronym",
    ),
    term(
        "HLH/MAS",
        "HLH/MAS",
        "HLH",
        "MAS",
        "IEC-HS",
        "HAEMOPHAGOCYTIC LYMPHOHISTIOCYTOSIS",
        groups="acronym",
    ),
    term("TLS", "TLS", "TUMOUR LYSIS SYNDROME", "TUMOR LYSIS SYNDROME", groups="acronym"),
    term("HAEMORRHAGE", "Haemorrhage", "HEMORRHAGE", "CEREBRAL HAEMORRHAGE", "BLEEDING"),
    term("CYTOPENIA", "Cytopenia-related other", "CYTOPENIA-RELATED OTHER", "CYTOPENIA-RELATED"),
    term(
        "CARDIOVASCULAR/RESPIRATORY",
        "Cardiovascular/respiratory",
        "CARDIOVASCULAR",
        "RESPIRATORY",
        "CARDIAC ARREST",
        "RESPIRATORY FAILURE",
    ),
    term(
        "ORGAN FAILURE",
        "Organ failure",
        "MULTIPLE ORGAN DYSFUNCTION SYNDROME",
        "MULTI-ORGAN FAILURE",
    ),
    term(
        "SECOND MALIGNANCY",
        "Second malignancy",
        "SECOND PRIMARY MALIGNANCY",
        "SECONDARY MALIGNANCY",
        "SPM",
    ),
    term(
        "GVHD/HSCT-RELATED",
        "GVHD/HSCT-related",
        "GVHD",
        "HSCT-RELATED",
        "GRAFT VERSUS HOST DISEASE",
        groups="acronym",
    ),
    term(
        "LD/BRIDGING TOXICITY",
        "LD/bridging toxicity",
        "LYMPHODEPLETION TOXICITY",
        "BRIDGING TOXICITY",
        groups="acronym",
    ),
    term("OTHER", "Other"),
    term("UNKNOWN", "Unknown"),
)
"""Classes of the cause of death (specification 4.3, D18), with the texts that mean them."""

DEATH_DATE = {
    "ADSL": "DTHDT",
    "DM": "DTHDTC",
    "DS": "DSSTDTC",
    "AE": "AEENDTC",
    "DD": "DDDTC",
    "SS": "SSDTC",
}
"""The variable that dates a death, or the day by which it was known, by its source (D48)."""

VITAL_STATUS = vocabulary(
    "vital status",
    term("ALIVE", "Alive"),
    term("DEAD", "Dead", "DECEASED", "DIED", "DEATH", "EXPIRED"),
    term("UNKNOWN", "Unknown", "UNK"),
)
