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
        "BLINDED INDEPENDENT CENTRAL REVIEW",
        "INDEPENDENT REVIEW FACILITY",
        "INDEPENDENT REVIEWER",
        "ICR",
        "IRF",
    ),
    term("INV", "investigator", "INVESTIGATOR", "LOCAL INVESTIGATOR", "SITE INVESTIGATOR"),
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
    term("BLASTBM", "Marrow blasts", groups="ball ball_visit blasts highest"),
    term("BLASTPB", "Blood blasts", groups="ball ball_visit blasts highest"),
    term("NEUT", "Neutrophils", groups="ball counts"),
    term("PLAT", "Platelets", groups="ball counts"),
    term("NEUTSUP", "Neutrophils under growth factor", groups="ball"),
    term("PLATSUP", "Platelets under transfusion", groups="ball"),
    term("BMCELL", "Marrow cellularity", groups="ball status"),
    term("EMDRESP", "Extramedullary disease", groups="ball ball_visit status"),
    term("CNSSTAT", "CNS status", groups="ball ball_visit status"),
    term("MPROTS", "Serum M-protein", groups="imwg imwg_visit"),
    term("MPROTU", "Urine M-protein", groups="imwg imwg_visit"),
    term("FLCK", "Free kappa light chain", groups="imwg imwg_visit"),
    term("FLCL", "Free lambda light chain", groups="imwg imwg_visit"),
    term("IFIXS", "Serum immunofixation", groups="imwg"),
    term("IFIXU", "Urine immunofixation", groups="imwg"),
    term("PLSMCELL", "Marrow plasma cells", groups="imwg imwg_visit highest"),
    term("CLONALPC", "Clonal plasma cells", groups="imwg"),
    term("PLSMCEPB", "Blood plasma cells", groups="imwg"),
    term(
        "LDIAM",
        "Longest diameter",
        groups="imwg imwg_visit lugano lugano_visit inrc inrc_visit lesion_number size",
    ),
    term(
        "PERP",
        "Perpendicular diameter",
        "LPERP",
        groups="imwg lugano lugano_visit inrc inrc_visit lesion_number size",
    ),
    term("DEAUV", "Deauville score", groups="lugano lugano_visit lesion_number"),
    term("SEEN", "New lesion", groups="imwg_visit lugano_visit inrc_visit lesion_number"),
    term(
        "TUMSTATE",
        "State of a lesion",
        groups="lugano lugano_visit inrc inrc_visit lesion_text",
    ),
    term("MIBG", "Uptake of MIBG or FDG", groups="inrc inrc_visit lesion_text"),
    term("FDGCHG", "Change of FDG uptake", groups="lugano lugano_visit"),
    term("FDGNEW", "New FDG-avid focus", groups="lugano lugano_visit"),
    term("FDGBM", "FDG uptake of the marrow", groups="lugano lugano_visit"),
    term("SPLEEN", "Length of the spleen", groups="lugano lugano_visit"),
    term("BMBIOP", "Marrow biopsy", groups="lugano"),
    term("BMSTAIN", "Marrow biopsy, immunohistochemistry", groups="lugano"),
    term("CURIE", "Curie score", groups="inrc inrc_visit bone_scale mibg_scale"),
    term("SIOPEN", "SIOPEN score", groups="inrc inrc_visit bone_scale mibg_scale"),
    term("FDGBONE", "FDG-avid bone lesions", groups="inrc inrc_visit bone_scale"),
    term("TUMCELBM", "Tumour cells in the marrow", groups="inrc inrc_visit highest"),
)
"""Tests that are a component of a response.

``ball``, ``imwg``, ``lugano``, ``inrc``: read by these criteria; ``<criteria>_visit``: makes an
assessment by itself. ``highest``: of several results of one visit the highest counts, of any other
test the last. ``lesion_number``, ``lesion_text``: a result of one lesion; ``bone_scale``: the
scales of which the baseline chooses one, ``mibg_scale``: those of MIBG. SEEN, NEUTSUP, PLATSUP and
BMSTAIN are no test codes of the input: a new lesion's identification, counts under support, and a
biopsy that was stained.
"""

COMPONENT_RESULT = vocabulary(
    "result of a component in words",
    term("NEGATIVE", "Negative", "NEG", groups="settled"),
    term("POSITIVE", "Positive", "POS", groups="settled"),
    term("INDETERMINATE", "Indeterminate"),
    term("ABSENT", "Absent"),
    term("PRESENT", "Present", groups="disease"),
    term("NEW", "New", groups="disease"),
    term("UNEQUIVOCAL", "Unequivocal progression"),
    term("AVID", "Avid"),
    term("NOT AVID", "Not avid"),
    term("DECREASED", "Decreased"),
    term("UNCHANGED", "Unchanged", groups="residual"),
    term("REDUCED", "Reduced", groups="residual"),
    term("INCREASED", "Increased"),
    term("NONE", "None"),
    term("ADEQUATE", "Adequate"),
    term("HYPOCELLULAR", "Hypocellular"),
    term("APLASTIC", "Aplastic"),
    term("CNS1", "CNS1"),
    term("CNS2", "CNS2"),
    term("CNS3", "CNS3"),
    term("Y", "Yes", "YES"),
    term("N", "No", "NO"),
)
"""What a component says where it is no number; ``settled``: a result that says which,
``disease``: disease is there, ``residual``: uptake of the marrow that remains."""

LESION_KIND = vocabulary(
    "kind of lesion",
    term("TARGET", "Target"),
    term("NON-TARGET", "Non-target"),
    term("NEW", "New"),
    term("PRIMARY", "Primary tumour"),
)
"""TUORRES: what a lesion was identified as."""

VISIT_RESPONSE = vocabulary(
    "parameter of ADRS",
    term("OVR", "Overall Response", groups="feeds"),
    term("OVRALG", "Overall Response by Algorithm", groups="feeds"),
    term(
        "OVRALGB1",
        "Overall Response by Algorithm, against the Baseline before Bridging",
    ),
)
"""PARAMCD of ADRS; ``feeds``: a source of which the study chooses one for its endpoints."""

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
    term("NEGATIVE", "Negative", "NEG", "NOT DETECTED", "UNDETECTED", "UNDETECTABLE",
         "NOT DETECTABLE", "NONE DETECTED", "MRD NEGATIVE", "MRD NEG", groups="called"),
    term("POSITIVE", "Positive", "POS", "DETECTED", "DETECTABLE", "MRD POSITIVE", "MRD POS",
         groups="called"),
    term("INDETERMINATE", "Indeterminate", "EQUIVOCAL", "INCONCLUSIVE",
         groups="unsettled called"),
    term("FAILED", "Failed", groups="unsettled"),
    term("NOT EVALUABLE", "Not evaluable", "NE", groups="unsettled"),
)  # fmt: skip

CLEAR_IMAGING = vocabulary(
    "imaging without disease",
    term("CMR", "Complete metabolic response"),
    term("CR", "Complete response"),
    term("NEGATIVE", "Negative"),
)
"""Results of imaging near an MRD sample that leave no disease to be seen."""

MRD_CALL = vocabulary(
    "MRD call",
    term("POS", "MRD positive", "POSITIVE", groups="adequate"),
    term("NEG", "MRD negative", "NEGATIVE", groups="adequate"),
    term("INDETERMINATE", "Indeterminate"),
)
"""What a sample is called at the threshold; of several of one day the first here counts.

``adequate``: the sample could say which.
"""

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
