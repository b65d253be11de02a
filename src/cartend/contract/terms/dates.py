"""Words that stand in dates: months by their names, and parts that are not known."""

from cartend.contract.vocabulary import term, vocabulary

MONTH = vocabulary(
    "month",
    term("01", "January", "JAN", "JANUARY", "JANUAR", "JANV", "JANVIER", "ENE", "ENERO"),
    term("02", "February", "FEB", "FEBRUARY", "FEBRUAR", "FEV", "FEVR", "FÉVR", "FÉVRIER"),
    term("03", "March", "MAR", "MARCH", "MÄR", "MÄRZ", "MRZ", "MARS", "MARZO"),
    term("04", "April", "APR", "APRIL", "AVR", "AVRIL", "ABR", "ABRIL"),
    term("05", "May", "MAY", "MAI", "MAYO", "MAIO", "MAG"),
    term("06", "June", "JUN", "JUNE", "JUNI", "JUIN", "JUNIO", "GIU"),
    term("07", "July", "JUL", "JULY", "JULI", "JUIL", "JUILLET", "JULIO", "LUG"),
    term("08", "August", "AUG", "AUGUST", "AOU", "AOUT", "AOÛT", "AGO", "AGOSTO"),
    term("09", "September", "SEP", "SEPT", "SEPTEMBER", "SEPTEMBRE", "SET"),
    term("10", "October", "OCT", "OCTOBER", "OKT", "OKTOBER", "OCTOBRE", "OUT", "OTT"),
    term("11", "November", "NOV", "NOVEMBER", "NOVEMBRE"),
    term("12", "December", "DEC", "DECEMBER", "DEZ", "DEZEMBER", "DÉC", "DÉCEMBRE", "DIC"),
)
"""Names of months that mean one month in every language that has them."""

UNKNOWN_PART = vocabulary(
    "unknown part of a date",
    term("UN", "Unknown", "UNK", "UNKN", "UNKNOWN", "UK", "NK", "NA", "ND"),
)
