"""Words that many columns share: yes and no, completion, units, the source of a date."""

from cartend.contract.vocabulary import term, vocabulary

YES_NO = vocabulary("yes or no", term("Y", "Yes", "YES", "1"), term("N", "No", "NO", "0"))
"""Flags; what a flag column holds besides is not understood."""

APPLICABLE = vocabulary(
    "yes, no or not applicable",
    term("Y", "Yes"),
    term("N", "No"),
    term("NOT APPLICABLE", "Not applicable"),
)
NOT_APPLICABLE = "NOT APPLICABLE"

COMPLETION = vocabulary(
    "completion status",
    term("NOT DONE", "Not done", "NOTDONE", "ND"),
)

IMPUTATION = vocabulary(
    "imputation flag",
    term("", "Complete date"),
    term("D", "Day imputed", groups="partial"),
    term("M", "Month and day imputed", groups="partial"),
    term("Y", "Whole date imputed"),
)
"""What of a date was not given (decision D4); ``partial``: some of it was."""

SEVERITY = vocabulary(
    "severity",
    term("stop", "Stop"),
    term("error", "Error"),
    term("warning", "Warning"),
    term("note", "Note"),
)
"""How grave a finding is, the gravest first (decision D39)."""

PURPOSE = vocabulary(
    "purpose of a run",
    term("final", "Final analysis"),
    term("DMC", "For the data monitoring committee"),
    term("sponsor", "For the sponsor, before the final analysis"),
)
"""For whom a run is made (decision D51)."""

BEFORE_FINAL = "sponsor"
"""The purpose for which no comparison between arms is made or printed (decision D51)."""

SEX = vocabulary(
    "sex",
    term("F", "Female", "FEMALE", groups="of_registries"),
    term("M", "Male", "MALE", groups="of_registries"),
    term("U", "Unknown", "UNKNOWN"),
)

TIME_UNIT = vocabulary(
    "unit of time",
    term("HOURS", "hours", "HOUR", "HRS", "HR", "H", "STUNDEN", "HEURES", "HORAS"),
    term("DAYS", "days", "DAY", "D", "DY", "TAG", "TAGE", "JOUR", "JOURS", "DIA", "DIAS", "DÍAS",
         "GIORNI", "日", "天", "일"),
    term("WEEKS", "weeks", "WEEK", "WK", "WKS", "W", "WOCHE", "WOCHEN", "SEMAINE", "SEMAINES",
         "SEMANA", "SEMANAS", "SETTIMANE", "周", "週", "주"),
    term("MONTHS", "months", "MONTH", "MO", "MOS", "MON", "MTH", "MTHS", "MONAT", "MONATE", "MOIS",
         "MES", "MESES", "MESI", "月", "个月", "か月", "ヶ月", "개월"),
    term("YEARS", "years", "YEAR", "YR", "YRS", "Y", "JAHR", "JAHRE", "AN", "ANS", "ANNEE",
         "ANNÉES", "AÑO", "AÑOS", "ANNI", "岁", "歳", "年", "세"),
)  # fmt: skip

NO_VALUE = vocabulary(
    "no value",
    term("UNKNOWN", "Unknown", "UNK", "U"),
    term("NOT DONE", "Not done", "ND"),
    term("NOT AVAILABLE", "Not available"),
    term("NOT STATED", "Not stated"),
)
"""Texts that stand where a baseline fact was not established."""
