"""Units: each known one with its factor to the one that we use."""

from cartend.contract.vocabulary import term, vocabulary

LENGTH = {"MM": 1.0, "CM": 10.0}
PERCENT = {"%": 1.0}
CELLS = {"10^9/L": 1.0, "X10^9/L": 1.0, "10E9/L": 1.0, "GIGA/L": 1.0, "/NL": 1.0, "10^3/UL": 1.0}
LIGHT_CHAIN = {"MG/L": 1.0, "MG/DL": 10.0, "G/L": 1000.0}

UNITS: dict[str, dict[str, float]] = {
    "BLASTBM": PERCENT,
    "BLASTPB": PERCENT,
    "NEUT": CELLS,
    "PLAT": CELLS,
    "MPROTS": {"G/DL": 1.0, "G/L": 0.1, "MG/DL": 0.001},
    "MPROTU": {"MG/24H": 1.0, "MG/24 H": 1.0, "MG/DAY": 1.0, "MG/D": 1.0, "G/24H": 1000.0,
               "G/DAY": 1000.0},
    "FLCK": LIGHT_CHAIN,
    "FLCL": LIGHT_CHAIN,
    "PLSMCELL": PERCENT,
    "PLSMCEPB": {"/UL": 1.0, "10^6/L": 1.0, "10^9/L": 1000.0, "/MM3": 1.0},
    "TUMCELBM": PERCENT,
    "LDIAM": LENGTH,
    "PERP": LENGTH,
    "LPERP": LENGTH,
    "SPLEEN": LENGTH,
}  # fmt: skip
"""Test code -> unit in capitals -> factor: g/dL, mg/24h, mg/L (10 mg/dL = 100 mg/L), mm, %."""

MONTHS_A_YEAR = 12
DAYS_A_WEEK = 7
HOURS_A_DAY = 24
YEAR = 365.25

YEARS_OF_AGE = {
    "YEARS": 1.0,
    "MONTHS": 1 / MONTHS_A_YEAR,
    "WEEKS": DAYS_A_WEEK / YEAR,
    "DAYS": 1 / YEAR,
    "HOURS": 1 / (HOURS_A_DAY * YEAR),
}
"""Unit of an age (``general.TIME_UNIT``) -> factor to years."""

SHARE = vocabulary(
    "unit of a share of cells",
    term("1", "fraction", "FRACTION", "RATIO", "PROPORTION", "FRACTION OF 1", "DECIMAL"),
    term("0.01", "%", "%", "PERCENT", "PERCENTAGE", "PER CENT", "PCT", "PROZENT", "POURCENT",
         "POR CIENTO", "PER CENTO", "百分比", "％", "% OF CELLS", "% CELLS",
         "% OF NUCLEATED CELLS", "% OF WBC", "% OF LEUKOCYTES"),
    term("0.001", "‰", "‰", "PERMILLE", "PER MILLE", "PROMILLE"),
    term("1e-6", "ppm", "PPM", "PARTS PER MILLION", "PER MILLION", "CELLS PER MILLION"),
)  # fmt: skip
"""What MRD is a share in: the code is the factor to a fraction; powers of ten are read besides."""
