"""The controlled words of the input contract (specification, data, section 1)."""

from collections.abc import Iterable
from difflib import get_close_matches

from cartend.contract.terms.death import CAUSE

VOCABULARY: dict[str, dict[str, tuple[str, ...]]] = {
    "ds": {
        "DSDECOD": (
            "INFORMED CONSENT OBTAINED",
            "ENROLLED",
            "RANDOMIZED",
            "COMPLETED",
            "DEATH",
            "LOST TO FOLLOW-UP",
            "WITHDRAWAL BY SUBJECT",
            "WITHDRAWAL OF CONSENT",
            "MANUFACTURING FAILURE",
            "PROGRESSIVE DISEASE",
            "DISEASE RELAPSE",
            "LACK OF EFFICACY",
            "ADVERSE EVENT",
            "PHYSICIAN DECISION",
            "PROTOCOL VIOLATION",
            "PROTOCOL DEVIATION",
            "SCREEN FAILURE",
            "NEVER DOSED",
            "STUDY TERMINATED BY SPONSOR",
            "OTHER",
        )
    },
    "ex": {"EXCAT": ("CAR-T INFUSION", "LYMPHODEPLETION", "STANDARD OF CARE")},
    "pr": {
        "PRCAT": (
            "LEUKAPHERESIS",
            "HSCT",
            "BRIDGING RADIOTHERAPY",
            "SUBSEQUENT RADIOTHERAPY",
            "PRIOR RADIOTHERAPY",
            "PRIOR ANTI-CANCER THERAPY",
        )
    },
    "cm": {
        "CMCAT": (
            "PRIOR ANTI-CANCER THERAPY",
            "BRIDGING THERAPY",
            "SUBSEQUENT ANTI-CANCER THERAPY",
            "CONCOMITANT MEDICATION",
        ),
        "CMCLAS": (
            "CORTICOSTEROID",
            "ALKYLATOR",
            "PLATINUM",
            "ANTHRACYCLINE",
            "ANTIMETABOLITE",
            "VINCA",
            "IMID",
            "PROTEASOME INHIBITOR",
            "ANTI-CD38",
            "ANTI-CD20",
            "ANTI-CD19",
            "ANTI-CD22",
            "ANTI-BCMA",
            "ANTI-GD2",
            "BISPECIFIC",
            "ADC",
            "BTK INHIBITOR",
            "TKI",
            "CAR-T",
            "OTHER",
        ),
        "NATREAS": ("EFFICACY", "TOXICITY", "CONSOLIDATION", "PLANNED", "OTHER"),
    },
}
EVALUATORS = {
    "INVESTIGATOR": "INV",
    "INV": "INV",
    "INDEPENDENT ASSESSOR": "IRC",
    "ADJUDICATOR": "IRC",
    "IRC": "IRC",
    "BICR": "IRC",
    "INDEPENDENT REVIEW COMMITTEE": "IRC",
    "INDEPENDENT CENTRAL REVIEW": "IRC",
}
MRD_CALLS = ("NEGATIVE", "POSITIVE", "INDETERMINATE")
DEATH_CAUSES = tuple(CAUSE.texts())


def nearest(word: object, allowed: Iterable[str]) -> str:
    """Return ``; the nearest is X``, or nothing where no allowed word resembles this one."""
    words = {str(item).upper(): str(item) for item in allowed}
    found = get_close_matches(str(word).upper(), list(words), n=1, cutoff=0.5)
    return f"; the nearest is {words[found[0]]}" if found else ""


def listed(words: Iterable[object]) -> str:
    """Return the words as ``A, B or C``."""
    items = [str(word) for word in words]
    return " or ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)
