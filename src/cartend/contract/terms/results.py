"""Results: which analyses there are, their statistics with labels and units, and what is counted.

A row of ARD is known by ``analysis`` and ``statistic``; what both mean, and in what unit the value
stands, is here and nowhere else.
"""

from dataclasses import dataclass

from cartend.contract.vocabulary import term, vocabulary

UNIT = vocabulary(
    "unit",
    term("subjects", "Number of subjects"),
    term("share", "Share from 0 to 1"),
    term("time", "Days; a page prints months"),
    term("day", "Days; a page prints days"),
    term("years", "Years"),
    term("line", "Unit that the line of the page names"),
    term("ratio", "Ratio"),
    term("log ratio", "Natural logarithm of a ratio"),
    term("probability", "Probability of a test"),
    term("number", "Number without unit"),
    term("rate", "Events per person-time that the line of the page names"),
    term("yes or no", "1 for yes, 0 for no"),
)


@dataclass(frozen=True)
class Statistic:
    """One statistic: its name in ARD, its label, and its unit, blank for that of its analysis."""

    name: str
    label: str
    unit: str = ""


@dataclass(frozen=True)
class Analysis:
    """One analysis: its name in ARD, its label, its statistics, the unit of what it estimates."""

    name: str
    label: str
    statistics: tuple[str, ...]
    unit: str

    def unit_of(self, statistic: str) -> str:
        """Return the unit of one of its statistics."""
        return STATISTIC[statistic].unit or self.unit


STATISTIC = {
    one.name: one
    for one in (
        Statistic("n", "Number", "subjects"),
        Statistic("N", "Of how many", "subjects"),
        Statistic("events", "Events", "subjects"),
        Statistic("censored", "Censored", "subjects"),
        Statistic("n_risk", "At risk", "subjects"),
        Statistic("losses", "Losses", "subjects"),
        Statistic("estimate", "Estimate"),
        Statistic("lower", "Lower limit"),
        Statistic("upper", "Upper limit"),
        Statistic("se", "Standard error"),
        Statistic("median", "Median"),
        Statistic("min", "Least"),
        Statistic("max", "Largest"),
        Statistic("min_censored", "Least is censored", "yes or no"),
        Statistic("max_censored", "Largest is censored", "yes or no"),
        Statistic("coef", "Coefficient", "log ratio"),
        Statistic("statistic", "Test statistic", "number"),
        Statistic("df", "Degrees of freedom", "number"),
        Statistic("p_value", "p-value", "probability"),
        Statistic("p0", "Target", "share"),
        Statistic("met", "Met", "yes or no"),
        Statistic("kappa", "Kappa", "number"),
        Statistic("both", "Progression by both", "subjects"),
        Statistic("inv_only", "By the investigator alone", "subjects"),
        Statistic("irc_only", "By the review alone", "subjects"),
        Statistic("inv_later", "By both, investigator later", "subjects"),
        Statistic("inv_earlier", "By both, investigator earlier", "subjects"),
        Statistic("early_discrepancy", "Early discrepancy rate (%)", "share"),
        Statistic("late_discrepancy", "Late discrepancy rate (%)", "share"),
    )
}

LIMITS = ("estimate", "lower", "upper")
"""An estimate with its limits."""
RANGE = ("n", "median", "min", "max")
"""What is described of some values."""
PROGRESSION_SEEN = ("both", "inv_only", "irc_only", "inv_later", "inv_earlier")
"""Who saw progression, and when; each a number of subjects."""
DISCREPANCY_RATES = ("early_discrepancy", "late_discrepancy")

_COUNTED = ("n", "N")
_POINTS = ("n_risk", "estimate", "se", "lower", "upper")
_MODEL = ("coef", "se", *LIMITS, "p_value")
_TEST = ("statistic", "df", "p_value")
_RATIO = ("events", "N", *LIMITS, "p_value")

ANALYSIS = {
    one.name: one
    for one in (
        Analysis("count", "Count", _COUNTED, "subjects"),
        Analysis("tally", "Count of a line", _COUNTED, "subjects"),
        Analysis("cross", "Count by two answers", _COUNTED, "subjects"),
        Analysis("proportion", "Proportion", ("n", "N", *LIMITS), "share"),
        Analysis("share", "Share", ("estimate",), "share"),
        Analysis("target", "Test against a target", ("p0", "p_value", "met"), "share"),
        Analysis("difference", "Difference", (*LIMITS, "p_value"), "share"),
        Analysis("odds_ratio", "Odds ratio", LIMITS, "ratio"),
        Analysis("completeness", "Completeness of follow-up", ("estimate",), "share"),
        Analysis("time_to_response", "Time to response", RANGE, "time"),
        Analysis(
            "agreement",
            "Agreement",
            (*_COUNTED, "kappa", *LIMITS, *PROGRESSION_SEEN, *DISCREPANCY_RATES),
            "number",
        ),
        Analysis("kappa", "Kappa", LIMITS, "number"),
        Analysis(
            "km",
            "Kaplan-Meier",
            ("N", "events", "censored", "min", "max", "min_censored", "max_censored"),
            "time",
        ),
        Analysis("km_at", "Kaplan-Meier at a time", _POINTS, "share"),
        Analysis("km_exact", "Exact bound of survival", LIMITS, "share"),
        Analysis("km_quantile", "Quantile", LIMITS, "time"),
        Analysis("median", "Median", LIMITS, "time"),
        Analysis("rmst", "Restricted mean", ("estimate", "se", "lower", "upper"), "time"),
        Analysis("rmst_difference", "Difference of restricted means", (*LIMITS, "p_value"), "time"),
        Analysis("follow_up", "Follow-up", ("median", "lower", "upper", "min", "max"), "time"),
        Analysis("interval", "Days between two dates", RANGE, "day"),
        Analysis("days", "Length of time", ("N", *LIMITS), "time"),
        Analysis("day", "Day", ("N", *LIMITS), "day"),
        Analysis("range", "Range", RANGE, "line"),
        Analysis("described", "Median and range", ("n", *LIMITS), "line"),
        Analysis("turnbull", "Turnbull", LIMITS, "share"),
        Analysis("occupation", "State occupation", ("estimate",), "share"),
        Analysis("cif", "Cumulative incidence", _POINTS, "share"),
        Analysis("cif_exact", "Exact bound of an incidence", LIMITS, "share"),
        Analysis("logrank", "Log-rank test", _TEST, "number"),
        Analysis("stratified_logrank", "Stratified log-rank test", _TEST, "number"),
        Analysis("weighted_logrank", "Weighted log-rank test", _TEST, "number"),
        Analysis("gray", "Gray's test", _TEST, "number"),
        Analysis("test", "Test", ("p_value",), "probability"),
        Analysis("mantel_byar", "Mantel-Byar test", ("statistic", "p_value"), "number"),
        Analysis("cox", "Cox model", _MODEL, "ratio"),
        Analysis("stratified_cox", "Stratified Cox model", _MODEL, "ratio"),
        Analysis("cause_specific_cox", "Cause-specific Cox model", _MODEL, "ratio"),
        Analysis("fine_gray", "Fine-Gray model", _MODEL, "ratio"),
        Analysis("landmark_cox", "Cox model from a landmark", _RATIO, "ratio"),
        Analysis("time_dependent_cox", "Cox model of a changing status", _RATIO, "ratio"),
        Analysis("ipcw", "Cox model weighted for censoring", _RATIO, "ratio"),
        Analysis("rpsft", "Structural failure time model", (*LIMITS, "p_value"), "ratio"),
        Analysis("two_stage", "Two-stage adjustment", LIMITS, "ratio"),
        Analysis("win_ratio", "Win ratio", ("n", "losses", "N", *LIMITS, "p_value"), "ratio"),
        Analysis("sir", "Standardised incidence ratio", LIMITS, "ratio"),
        Analysis("threshold", "Surrogate threshold effect", ("estimate",), "ratio"),
        Analysis("reported", "As reported", LIMITS, "ratio"),
        Analysis("p_value", "p-value", ("estimate",), "probability"),
        Analysis("p", "Alpha at this look", ("estimate",), "probability"),
        Analysis("tipping", "Tipping point", _COUNTED, "subjects"),
        Analysis("kendall", "Kendall's tau", ("events", "N", *LIMITS), "number"),
        Analysis("clayton", "Clayton's association", ("events", "N", *LIMITS), "number"),
        Analysis("c_index", "Concordance", ("events", "N", *LIMITS), "number"),
        Analysis("balance", "Standardised difference", ("estimate",), "number"),
        Analysis("r_squared", "R squared", LIMITS, "number"),
        Analysis("number", "Number", ("n", "N", *LIMITS), "number"),
        Analysis("person_years", "Person-years", ("estimate",), "years"),
        Analysis("rate", "Rate", LIMITS, "rate"),
        Analysis("warning", "Warning", ("met",), "yes or no"),
        Analysis("claim", "Claim", ("met",), "yes or no"),
        Analysis("note", "Why there is no number", ("estimate",), "number"),
    )
}
"""Every analysis by its name in ARD; a failed one writes all of its statistics with its note.

``km`` in ARD holds the summary of a curve and its points, ``km_at`` (``analysis_of``).
"""


def analysis_of(name: str, statistic: str) -> Analysis:
    """Return what a row of ARD is of, by its analysis and statistic."""
    points = ANALYSIS["km_at"]
    return points if name == "km" and statistic in points.statistics else ANALYSIS[name]


ACCOUNT = vocabulary(
    "account of subjects",
    term("FLOW", "Flow of subjects"),
    term("SETS", "Analysis sets"),
    term("STATUS", "Study status"),
    term("INTERVALS", "Days between milestones"),
)
"""Under which PARAMCD of ARD it stands who took part."""

BESIDE = vocabulary(
    "count beside the categories",
    term("WINDOW_OPEN", "Window open at the cut-off"),
    term("NOT_COUNTED", "Not counted"),
    term("TIME_MISSING", "Without a time"),
    term("RESPONSE_BEFORE_INFUSION", "Response before infusion, or without it"),
    term("NO_BASELINE", "No baseline assessment"),
    term("PARTIAL_DATES_DIFFER", "Another result with imputed dates"),
)
"""Events of ``count`` that stand beside the categories and are no part of their sum."""

DIVISION = vocabulary(
    "division of the events",
    term("STATE", "State"),
    term("CAUSE", "Cause of death", groups="of_deaths"),
    term("TAG", "Tag of a non-relapse death", groups="of_deaths"),
)
"""With what an event of ``count`` begins that divides the subjects otherwise."""

INTERVAL = vocabulary(
    "days between milestones",
    term("ENROLMENT TO INFUSION", "Enrolment to infusion"),
    term("LEUKAPHERESIS TO LYMPHODEPLETION", "Leukapheresis to lymphodepletion"),
    term("LEUKAPHERESIS TO INFUSION", "Leukapheresis to infusion"),
)

COUNTED_SET = vocabulary(
    "analysis set in the disposition",
    term("RAND", "All randomised (RAND)"),
    term("LA", "Leukapheresed (LA)"),
    term("INF", "Infused as assigned (INF)"),
    term("INFCONF", "Conforming product", groups="conformity"),
    term("INFNC", "Product out of specification", groups="conformity"),
    term("EFFEVAL", "Efficacy evaluable (EFFEVAL)"),
    term("RESPONDERS", "Responders, for the duration of response (RESPONDERS)"),
    term("CR_SET", "In complete response (CR_SET)"),
    term("MRD_EVAL", "MRD evaluable (MRD_EVAL)"),
    term("MRDNEG_SET", "MRD negative (MRDNEG_SET)"),
    term("SAF", "Safety (SAF)"),
)
"""Sets in the order in which the disposition counts them; ``conformity`` divides the infused."""

OCCUPATION = vocabulary(
    "state of the illness-death model",
    term("free", "Alive without relapse"),
    term("relapsed", "Alive after relapse"),
    term("died_after", "Dead after relapse"),
    term("died_free", "Dead without relapse"),
)

FIRST_EVENT = vocabulary(
    "first event under competing risks",
    term("1", "Non-relapse death"),
    term("2", "Relapse or progression"),
)
"""States of non-relapse mortality."""

PASSED = vocabulary(
    "outcome of a check",
    term("Y", "Holds"),
    term("N", "Does not hold"),
    term("N/A", "Does not apply"),
)
