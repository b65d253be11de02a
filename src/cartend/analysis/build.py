"""The estimate job: ADTTE and ADRSP of one scenario to the ARD and its curves."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from cartend.analysis import competing, descriptive, flow, plan, rates, tte
from cartend.analysis.agreement import agreement_rows
from cartend.analysis.ard import Ard, Place
from cartend.analysis.counts import (
    NOT_COUNTED,
    WINDOW_OPEN,
    Subjects,
    beside_row,
    count_rows,
    detail_labels,
    event_labels,
    not_analysed_rows,
    reason_labels,
    state_labels,
    strata_of,
    subjects_of,
    treated_of,
)
from cartend.analysis.curves import Curves
from cartend.analysis.frames import Block, blocks, read_adrsp, read_adsl, read_adtte
from cartend.analysis.levels import Places, level_places
from cartend.analysis.plan import Comparison, Group
from cartend.analysis.questions.material import Material, reader
from cartend.analysis.questions.registry import answer_questions
from cartend.analysis.safety.pages import Sources, write_safety
from cartend.analysis.safety.subjects import Cohort
from cartend.analysis.subgroups import subgroup_rows
from cartend.config.criteria import Criteria
from cartend.config.definition import Definition, TimeToEvent
from cartend.config.rate import Rate
from cartend.config.rules import Rules
from cartend.config.study import Study
from cartend.endpoint.needs import why_not_derivable


class Results:
    """Where the results of one run go, and for which groups they are wanted."""

    def __init__(
        self,
        study: Study,
        scenario: str,
        groups: list[Group],
        adsl: pd.DataFrame,
        levels: Places | None = None,
    ) -> None:
        self.study = study
        self.adsl = adsl
        self.groups = groups
        self.ard = Ard(study.id, scenario, levels)
        self.curves = Curves(study.id, scenario, levels)


def build_results(
    study: Study,
    criteria: Criteria,
    definitions: dict[str, Definition],
    scenario: str,
    adsl_path: Path,
    adtte_path: Path,
    adrsp_path: Path,
    ard_path: Path,
    curves_path: Path,
    adam_dir: Path | None = None,
    stratifiers: tuple[str, ...] | None = None,
    rules: Rules | None = None,
) -> None:
    """Write ``ard.csv`` and ``curves.parquet`` of one scenario.

    ``stratifiers`` are the columns by which estimates are broken down, the plan's where not given.

    1. The groups are found once, over all subjects, so every endpoint has the same columns.
    2. Each endpoint, population and evaluator present in ADTTE or ADRSP is a block; its kind
       decides which analyses it gets (:mod:`cartend.analysis.plan`).
    3. Estimates use the rows with ANL01FL = Y; the others are counted (D31).
    4. The questions about the whole trial are answered in scenario ``primary`` alone, from the
       other tables of ``adam_dir`` besides; so is safety, where the ``rules`` of the study are
       given.
    """
    adsl = read_adsl(adsl_path, study)
    adtte = read_adtte(adtte_path, study, adsl)
    adrsp = read_adrsp(adrsp_path, study, adsl)
    groups = plan.groups(study, (adsl, adtte, adrsp), stratifiers)
    levels = level_places(study, (adsl, adtte, adrsp))
    results = Results(study, scenario, groups, adsl, levels)
    for block in _wanted(blocks(adtte), definitions):
        _time_to_event(results, block, definitions[block.paramcd])
    for block in _wanted(blocks(adrsp), definitions):
        _rate(results, block, definitions[block.paramcd], criteria)
    held = {block.paramcd for block in (*blocks(adtte), *blocks(adrsp))}
    for name, definition in definitions.items():
        if name not in held:
            _not_derivable(results, definition)
    agreement_rows(results.ard, study, definitions, adtte, adrsp)
    if scenario == "primary":
        describe_subjects(results, adtte, adrsp, rules)
        subgroup_rows(study, definitions, adtte, adrsp, results.ard, results.curves)
    if scenario == "primary" and adam_dir is not None:
        tables = reader(Path(adam_dir))
        classes = rules.bridging.labels if rules else {}
        material = Material(study, criteria, definitions, adsl, adtte, adrsp, tables, classes)
        answer_questions(material, results.ard, results.curves)
        if rules is not None:
            cohort = Cohort(study, rules.safety, adsl, tables("adae"))
            sources = Sources(cohort, adtte, tables("adevt"), definitions)
            write_safety(sources, results.ard, results.curves)
    results.ard.write(Path(ard_path))
    results.curves.write(Path(curves_path))


def describe_subjects(
    results: Results, adtte: pd.DataFrame, adrsp: pd.DataFrame, rules: Rules | None = None
) -> None:
    """Write who took part: flow, sets, study status, time to infusion."""
    kinds = rules.bridging.kinds if rules is not None else None
    ard, study, groups, adsl = results.ard, results.study, results.groups, results.adsl
    flow.flow_rows(ard, study, adsl)
    flow.set_rows(ard, study, groups, adsl, (adtte, adrsp), kinds)
    flow.status_rows(ard, groups, adsl)
    flow.interval_rows(ard, study, groups, adsl)


EMPTY = {
    "rate": ("proportion", {"n": 0, "N": 0}),
    "competing": ("cif", {}),
    "tte": ("km", {"N": 0, "events": 0, "censored": 0}),
}
"""The analysis under which an endpoint without subjects stands, and its counts."""


def _not_derivable(results: Results, definition: Definition) -> None:
    """Write an endpoint without any subject: its name, no subjects, and why there is no number."""
    analysis, counts = EMPTY[definition.kind]
    why = why_not_derivable(definition, has_mrd=False) or "no subject is in its population"
    cell = results.ard.cell(Place(definition.id, definition.population[0], "", "", "", ""))
    note = f"not estimable: not derivable, {why}"
    cell.add(analysis, "", {**counts, "estimate": None}, note=note)


def _wanted(found: Iterable[Block], definitions: dict[str, Definition]) -> list[Block]:
    return [block for block in found if block.paramcd in definitions]


def _place(block: Block, group: Group) -> Place:
    return Place(block.paramcd, block.population, block.evaluator, group.arm, group.by, group.level)


def _time_to_event(results: Results, block: Block, definition: TimeToEvent) -> None:
    """Write every group's estimates of one block of ADTTE, and the comparisons of its arms."""
    subjects = subjects_of(block, None)
    outcomes = event_labels(block)
    potential = descriptive.potential_days(block, results.adsl)
    estimate = _competing if definition.kind == "competing" else _single_event
    by_arm = [block.rows(Group(arm)) & block.analysed for arm in plan.arms(results.study)]
    tau = tte.last_time(results.study.times, [subjects.time[mask] for mask in by_arm])
    for group in results.groups:
        rows = block.rows(group)
        chosen = rows & block.analysed
        cell = results.ard.cell(_place(block, group))
        not_analysed_rows(cell, block, rows)
        count_rows(cell, outcomes, chosen)
        members = subjects.where(chosen)
        estimate(results, block, group, members, definition, tau)
        if potential is not None:
            descriptive.completeness_row(cell, members.time, members.event, potential[chosen])
    if definition.kind == "competing":
        _state_counts(results, block, definition)
    for against in plan.contrasts(results.study, definition, block.population):
        members = block.analysed & block.between(against)
        _compare(results, block, subjects_of(block, against).where(members), definition, against)


def _times(results: Results, definition: TimeToEvent) -> tuple[int, ...]:
    """Return the reporting times of the study and of the definition, in order."""
    return tuple(sorted({*results.study.times, *definition.times}))


def _single_event(
    results: Results,
    block: Block,
    group: Group,
    subjects: Subjects,
    definition: TimeToEvent,
    tau: float | None,
) -> None:
    place = _place(block, group)
    times = _times(results, definition)
    curve = tte.survival_rows(results.ard.cell(place), subjects, times, tau)
    if curve is not None:
        results.curves.add_survival(place, curve)


def _competing(
    results: Results,
    block: Block,
    group: Group,
    subjects: Subjects,
    definition: TimeToEvent,
    tau: float | None,
) -> None:
    place, states = _place(block, group), sorted(definition.states)
    cell = results.ard.cell(place)
    curve = competing.incidence_rows(cell, subjects, _times(results, definition), states)
    competing.crude_rows(cell, subjects, states)
    tte.follow_up_rows(cell, subjects)
    if curve is not None:
        results.curves.add_incidence(place, curve, states)


def _state_counts(results: Results, block: Block, definition: TimeToEvent) -> None:
    labels = state_labels(block, definition.states)
    adsl = results.adsl
    causes = adsl.set_index("USUBJID")["DTHCAUS"] if "DTHCAUS" in adsl else None
    details = detail_labels(block, causes)
    for group in results.groups:
        cell = results.ard.cell(_place(block, group))
        chosen = block.rows(group) & block.analysed
        count_rows(cell, labels, chosen)
        for name, mask in details:
            beside_row(cell, name, int((mask & chosen).sum()), int(chosen.sum()))


def _compare(
    results: Results,
    block: Block,
    subjects: Subjects,
    definition: TimeToEvent,
    against: Comparison,
) -> None:
    cell = results.ard.cell(_place(block, Group(against.label)))
    if definition.kind == "competing":
        competing.comparison_rows(cell, subjects, against, sorted(definition.states))
    else:
        tte.comparison_rows(cell, subjects, against)
        tte.weighted_rows(cell, subjects, against, definition.test_weights)


def _rate(results: Results, block: Block, definition: Rate, criteria: Criteria) -> None:
    """Write every group's rate of one block of ADRSP, and the differences of its arms."""
    answers = block.column("AVALC")
    reasons = reason_labels(block)
    days = descriptive.days_to_response(block, definition, results.study, results.adsl)
    categories = rates.category_labels(answers, criteria)
    leaves = "exclude" in (definition.missing, definition.cr_at_rebaseline)
    absent = NOT_COUNTED if leaves else WINDOW_OPEN
    for group in results.groups:
        rows = block.rows(group)
        chosen = rows & block.analysed
        cell = results.ard.cell(_place(block, group))
        not_analysed_rows(cell, block, rows, absent)
        if definition.variable == "best_response":
            count_rows(cell, categories, chosen)
            rates.category_rows(cell, categories, chosen)
            continue
        count_rows(cell, reasons, chosen)
        n, total = int((answers[chosen] == "Y").sum()), int(chosen.sum())
        rates.proportion_rows(cell, rates.CLOPPER_PEARSON, n, total)
        _target(results, block, group, n, total)
        if days is not None:
            descriptive.response_time_rows(cell, days[chosen & (answers == "Y")])
    if definition.variable != "best_response":
        _compare_rates(results, block, definition, answers == "Y")


def _target(results: Results, block: Block, group: Group, n: int, total: int) -> None:
    study = results.study
    target = study.targets.get(block.paramcd)
    if target is None or group not in {Group(arm) for arm in plan.intended_arms(study)}:
        return
    role = study.roles.get(block.paramcd)
    cell = results.ard.cell(_place(block, group))
    rates.target_rows(cell, n, total, target.p0, role.alpha if role else None)


def _compare_rates(results: Results, block: Block, definition: Rate, answer: np.ndarray) -> None:
    """Write the difference of the arms of each comparison, and responses before infusion."""
    found = plan.contrasts(results.study, definition, block.population)
    for arm in dict.fromkeys(against.experimental for against in found):
        yes = answer & block.analysed & block.rows(Group(arm))
        cell = results.ard.cell(_place(block, Group(arm)))
        descriptive.before_infusion_row(cell, block, yes, results.adsl)
    for against in found:
        use = block.analysed & block.between(against)
        rates.comparison_rows(
            results.ard.cell(_place(block, Group(against.label))),
            answer[use],
            treated_of(block, against)[use],
            strata_of(block, against)[use],
            against,
        )
