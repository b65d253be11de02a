"""Assessments of disease: evaluators, the tests of each domain, MRD."""

from cartend.contract.vocabulary import term, vocabulary

EVALUATOR = vocabulary(
    "evaluator",
    term(
        "IRC",
        "independent review",
        "INDEPENDENT ASSESSOR",
        "ADJUDICATOR",
        "BICR",
        "INDEPENDENT REVIEW COMMITTEE",
        "INDEPENDENT CENTRAL REVIEW",
    ),
    term("INV", "investigator", "INVESTIGATOR"),
)

RESPONSE_TEST = vocabulary(
    "test of response",
    term("OVRLRESP", "Overall response"),
    term("BESTRESP", "Best response"),
    term("METBRESP", "Metabolic response"),
    term("ANATRESP", "Anatomic response"),
    term("MRDIND", "MRD by imaging or molecular test"),
    term("SYMPTDTR", "Symptomatic deterioration"),
    term("NEWLPROG", "New lesion progression"),
    term("BRIDRESP", "Response to bridging"),
)
"""RSTESTCD; only OVRLRESP carries a category of the criteria."""

COMPONENT = vocabulary(
    "component of a response",
    term("BLASTBM", "Marrow blasts", groups="ball ball_visit number highest"),
    term("BLASTPB", "Blood blasts", groups="ball ball_visit number highest"),
    term("NEUT", "Neutrophils", groups="ball number"),
    term("PLAT", "Platelets", groups="ball number"),
    term("NEUTSUP", "Growth factor support", groups="ball text"),
    term("PLATSUP", "Platelet transfusion", groups="ball text"),
    term("BMCELL", "Marrow cellularity", groups="ball text status"),
    term("EMDRESP", "Extramedullary disease", groups="ball ball_visit text status"),
    term("CNSSTAT", "CNS status", groups="ball ball_visit text status"),
    term("MPROTS", "Serum M-protein", groups="imwg imwg_visit number"),
    term("MPROTU", "Urine M-protein", groups="imwg imwg_visit number"),
    term("FLCK", "Free kappa light chain", groups="imwg imwg_visit number"),
    term("FLCL", "Free lambda light chain", groups="imwg imwg_visit number"),
    term("IFIXS", "Serum immunofixation", groups="imwg text"),
    term("IFIXU", "Urine immunofixation", groups="imwg text"),
    term("PLSMCELL", "Marrow plasma cells", groups="imwg imwg_visit number highest"),
    term("CLONALPC", "Clonal plasma cells", groups="imwg text"),
    term("PLSMCEPB", "Blood plasma cells", groups="imwg number"),
)
"""Tests that are a component of a response, by the criteria that read them."""

MRD_METHOD = vocabulary(
    "method of MRD",
    term("FLOW CYTOMETRY", "Flow cytometry", "MULTIPARAMETER FLOW CYTOMETRY", "MFC", "FLOW"),
    term("NGS", "NGS", "NEXT GENERATION SEQUENCING", "NEXT-GENERATION SEQUENCING"),
    term("RT-QPCR", "RT-qPCR", "RQ-PCR", "QPCR"),
    term("DDPCR", "ddPCR", "DIGITAL DROPLET PCR", "DROPLET DIGITAL PCR"),
)

SPECIMEN = vocabulary(
    "specimen",
    term("BONE MARROW", "Bone marrow", "MARROW", "BONE MARROW ASPIRATE"),
    term("BLOOD", "Blood", "PERIPHERAL BLOOD", "WHOLE BLOOD"),
    term("PLASMA", "Plasma (ctDNA)"),
)

MRD_RESULT = vocabulary(
    "result of an MRD test",
    term("NEGATIVE", "Negative", "NEG"),
    term("POSITIVE", "Positive", "POS"),
    term("INDETERMINATE", "Indeterminate", groups="unsettled"),
    term("FAILED", "Failed", groups="unsettled"),
    term("NOT EVALUABLE", "Not evaluable", groups="unsettled"),
)

MRD_CALL = vocabulary(
    "MRD call",
    term("POS", "MRD positive"),
    term("NEG", "MRD negative"),
    term("INDETERMINATE", "Indeterminate"),
)
"""What a sample is called at the threshold; of several of one day the first here counts."""

GRADING_SCALE = vocabulary("grading scale", "ASTCT", "LEE", "PENN", "CTCAE")
SCALE_SOURCE = vocabulary(
    "source of the grading scale",
    term("STATED", "stated"),
    term("ASSUMED", "assumed"),
)

PD_BASIS = vocabulary(
    "basis of a progression",
    "SERUM",
    "URINE",
    term("IMAGING", groups="needs_no_confirmation"),
    term("MARROW", groups="needs_no_confirmation"),
    term("CLINICAL", groups="needs_no_confirmation"),
)

DISEASE_TESTS = ("MRD", "BLAST", "MPROT", "SPEP", "UPEP", "FLC", "PLASMA")
"""What the code of a laboratory test begins with that assesses the disease."""

BURDEN_TESTS = ("TUMBURD", "BURDEN", "STAGE", "ISS", "RISS")
"""Subject characteristics (SCTESTCD) that tell the burden or the stage of the disease."""
