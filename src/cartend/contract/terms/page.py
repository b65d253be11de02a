"""Kinds of pages: what index.json says of a table, and by what a figure divides its subjects."""

from cartend.contract.vocabulary import term, vocabulary

TABLE_KIND = vocabulary(
    "kind of table",
    term("disposition", "Disposition"),
    term("definitions", "Definitions"),
    term("response", "Response", groups="rates"),
    term("mrd", "MRD negativity", groups="rates"),
    term("agreement", "Agreement of evaluators"),
    term("question", "Answer to a question"),
    term("safety", "Safety", groups="of_safety"),
    term("safety listing", "Listing for safety", groups="of_safety"),
    term("listing", "Listing"),
    term("difference", "What a scenario changes", groups="of_a_scenario"),
    term("difference-list", "Whom a scenario moves", groups="of_a_scenario"),
)
"""The table of one endpoint has the kind of its definition instead.

``rates``: the tables of response rates, ``of_safety``: what the part on safety shows.
"""

FIGURE_KIND = vocabulary(
    "kind of figure",
    term("arm", "by arm"),
    term("overall", "all subjects"),
    term("bridging", "by bridging therapy"),
    term("subjects", "course of each subject"),
    term("flow", "flow of subjects"),
    term("subgroups", "by subgroup"),
    term("washout", "washout"),
    term("question", "answer to a question"),
)
