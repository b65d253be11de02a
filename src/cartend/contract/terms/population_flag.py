"""Under which names a delivery brings the flags of analysis sets (SUPPDM, ADSL)."""

NAMES = {
    "RANDFL": ("RANDFL", "RAND", "RANDOMIZED", "RANDOMISED"),
    "ENRLFL": ("ENRLFL", "ENROLLED", "ENRLD"),
    "LAFL": ("LAFL", "LEUKFL", "LEUKAPHERESED"),
    "INFFL": ("INFFL", "TRTFL", "INFUSED", "MITT", "MITTFL"),
    "SAFFL": ("SAFFL", "SAFETY", "SAF"),
}
"""The flags of ADSL by the names under which a delivery brings them."""
OF_ALL = ("ITT", "ITTFL")
OF_EFFICACY = ("EFFICACY", "EFFFL", "FULLSET", "FAS", "FASFL")
"""What means the set of the study; ITT of a single arm is all who were leukapheresed."""
