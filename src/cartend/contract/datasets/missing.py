"""What a delivery writes where there is no value."""

MISSING_VALUE = ("NA", "N/A", "#N/A", "<NA>", "NaN", "NaT", "NULL", "None", ".", "._") + tuple(
    f".{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)
"""Where a number or a date should stand: of R, Python, Excel and SAS."""

MISSING_CODE = ("NA", "<NA>", "NaN", "NULL", ".")
"""Where a code should stand."""

CODED = frozenset(
    {
        "ARMCD",
        "ACTARMCD",
        "RSTESTCD",
        "RSCAT",
        "RSSTRESC",
        "RSORRES",
        "RSEVAL",
        "LBTESTCD",
        "LBSTRESU",
        "LBORRESU",
        "TRTESTCD",
        "TREVAL",
        "TUEVAL",
        "SSTESTCD",
        "SCTESTCD",
        "DDTESTCD",
        "DDSTRESC",
        "AVALC",
        "AVALU",
    }
)
"""Columns of codes that have no vocabulary of their own here."""
