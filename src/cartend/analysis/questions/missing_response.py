"""What missing responses could change: worst case, and where the conclusion tips (R25).

Missing is no response in the analysis; here the missing of the arms are answered otherwise.
"""

import numpy as np

from cartend.analysis.plan import Comparison
from cartend.analysis.questions.entry import GAP, Entry
from cartend.analysis.questions.material import Material
from cartend.analysis.questions.page import NotDerivableError, Page
from cartend.analysis.rates import CLOPPER_PEARSON, DIFFERENCE
from cartend.config.roles import LEADING
from cartend.contract.datasets.results import ADRSP
from cartend.stats.differences import miettinen_nurminen
from cartend.stats.proportions import clopper_pearson
from cartend.stats.results import Estimate, not_estimable

TIPPING = "Miettinen-Nurminen score test at 0.05, missing of the control arm turned responders"
TARGET = "Clopper-Pearson lower limit against the target {:g}"
ENTRY = Entry(
    "missing_response",
    "R25",
    "What missing responses could change",
    "{set}; missing is no response in the analysis.",
    {
        "difference": f"{GAP} The shift is response of the missing controls minus that of the "
        "assessed ones.",
        "tipping": "Numbers of a tipping point: how many subjects change the conclusion, of those "
        "that could.",
    },
    (ADRSP,),
)


def answer(material: Material, page: Page) -> None:
    """Write each rate: how many are missing, both extreme cases, and the tipping point."""
    options = material.study.analyses.missing_response
    names = options.rates or default_rates(material)
    if not names:
        raise NotDerivableError("the study has no response rate")
    for name in names:
        page.run(name, one_rate, material, page, name, options.missing)


def default_rates(material: Material) -> tuple[str, ...]:
    """Return the rates that are primary or key secondary, else the first of the study."""
    kinds = [n for n, d in material.definitions.items() if d.kind == "rate"]
    kinds = [n for n in kinds if material.definitions[n].variable == "responder"]
    roles = material.study.roles
    chief = [n for n in kinds if n in roles and roles[n].role in LEADING]
    return tuple(chief or kinds[:1])


def one_rate(material: Material, page: Page, name: str, words: tuple[str, ...]) -> None:
    """Write one rate by arm as analysed and with its missing answered either way."""
    population = material.study.population
    rows = material.adrsp[material.adrsp["PARAMCD"] == name]
    rows = rows[(rows["POP"] == population) & (rows["ANL01FL"] == "Y")] if len(rows) else rows
    judges = (material.study.primary_evaluator, "")
    rows = rows[rows["EVAL"].isin(judges)] if len(rows) else rows
    if not len(rows):
        raise NotDerivableError(f"{name} has no subjects in population {population}")
    counts = {}
    for arm in material.arms:
        mine = rows[rows["ARMCD"] == arm] if arm else rows
        yes = int((mine["AVALC"] == "Y").sum())
        missing = int(((mine["AVALC"] != "Y") & mine["REASON"].isin(words)).sum())
        counts[arm] = (yes, missing, len(mine))
        _arm_lines(page, arm, *counts[arm])
    if material.randomised:
        page.each(material.comparisons, _compared, page, counts)
    elif name in material.study.targets:
        _against_target(page, counts[""], material.study.targets[name].p0)


def _arm_lines(page: Page, arm: str, yes: int, missing: int, total: int) -> None:
    page.line("Missing, of all subjects")
    page.tally(missing, total, arm=arm)
    for text, events, of in (
        ("Response as analysed: missing is none (%)", yes, total),
        ("Response of those assessed (%)", yes, total - missing),
        ("Response if every missing were one (%)", yes + missing, total),
    ):
        page.line(text)
        found = clopper_pearson(events, of)
        limits = {"events": events, "N": of}
        page.estimate("proportion", CLOPPER_PEARSON, found, arm=arm, counts=limits)


def _compared(page: Page, counts: dict, against: Comparison) -> None:
    """Write the difference as analysed, in the worst and best case, and where it tips."""
    (x1, m1, n1), (x0, m0, n0) = (counts[arm] for arm in against.arms)

    def difference(more: int, less: int) -> Estimate:
        return miettinen_nurminen(x1 + more, n1, x0 + less, n0)

    for text, more, less in (
        ("Difference as analysed (percentage points)", 0, 0),
        ("Worst case: every missing control a responder", 0, m0),
        ("Best case: every missing experimental a responder", m1, 0),
    ):
        page.line(text)
        page.estimate("difference", DIFFERENCE, difference(more, less), arm=against.label)
    page.line("Missing controls as responders until significance is lost, of all missing")
    tested = np.array([difference(0, less).p_value for less in range(m0 + 1)])
    lost = np.flatnonzero(~(tested < 0.05))
    note = not_estimable(f"not lost by all {m0} missing controls")
    values = {"n": int(lost[0]), "N": m0} if lost.size else {"n": None}
    page.add("tipping", TIPPING, values, arm=against.label, note=note)
    page.line("The same as a shift: response of the missing controls above those assessed (points)")
    seen = x0 / (n0 - m0) if n0 > m0 else np.nan
    shift = float(lost[0] / m0 - seen) if lost.size and m0 else None
    page.add("difference", "delta-adjusted", {"estimate": shift}, arm=against.label, note=note)


def _against_target(page: Page, counts: tuple[int, int, int], p0: float) -> None:
    """Write how many responders may be lost before the lower limit falls to the target."""
    yes, _, total = counts
    page.line("Responders that may be missing until the lower limit is at the target, of all")
    lower = np.array([clopper_pearson(x, total).lower for x in range(yes, -1, -1)])
    lost = np.flatnonzero(lower <= p0)
    values = {"n": int(lost[0]) if lost.size else None, "N": yes}
    note = not_estimable("the limit stays above the target")
    page.add("tipping", TARGET.format(p0), values, note=note)
