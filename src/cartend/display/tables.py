"""Every table of one study and scenario, in the formats that the configuration lists."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from cartend.config.criteria import Criteria
from cartend.config.definition import Definition
from cartend.config.grid import Cells
from cartend.config.rate import Rate
from cartend.config.rules import Rules
from cartend.config.study import Study
from cartend.display.agreement import agreement_table
from cartend.display.ard import Ard
from cartend.display.bridging import bridging_table
from cartend.display.definitions import definitions_table
from cartend.display.disposition import disposition_table
from cartend.display.eligibility import eligibility_table
from cartend.display.listings import listings
from cartend.display.mrd import mrd_table
from cartend.display.nrm import nrm_table
from cartend.display.questions import Made, question_tables
from cartend.display.response import response_table
from cartend.display.safety import safety_tables
from cartend.display.safety_listings import safety_listings
from cartend.display.shell import Shell
from cartend.display.subgroups import subgroup_table
from cartend.display.tte import tte_table
from cartend.display.words import Heading, cutoff_of, ordered, preference
from cartend.display.writers import write_shell


def tabulate(
    study: Study,
    criteria: Criteria,
    definitions: dict[str, Definition],
    scenario: str,
    ard_path: Path,
    adtte_path: Path,
    adrsp_path: Path,
    adsl_path: Path,
    admrd_path: Path,
    out_dir: Path,
    formats: Iterable[str],
    grid: Cells | None = None,
    rules: Rules | None = None,
) -> None:
    """Write the tables of a scenario into ``out_dir`` with ``index.json``, their list.

    The results of a ``grid`` stand in one table over all its definitions, which the comparison
    writes; here only what they mean is printed.
    Numbers come from the results alone; ADSL is counted for study status, ADMRD names the assays.
    ``rules`` are given where the therapies before the product and eligibility are listed, from
    the other tables of ADSL's folder.

    Raises
    ------
    TableError
        Where the rows of a table do not add up to its N.
    """
    out_dir = Path(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    heading = Heading(study, scenario, cutoff_of(study, adsl_path))
    ard, listed = Ard.read(ard_path), []
    made = (
        [definitions_table(heading, definitions)]
        if grid
        else shells(heading, criteria, definitions, ard, adsl_path, admrd_path, rules)
    )
    for shell in made:
        write_shell(shell, out_dir, formats)
        listed.append({"stem": shell.id, "title": shell.title, "subtitle": list(shell.subtitle)})
        listed[-1] |= dict(shell.about)
    index = json.dumps(listed, indent=1, ensure_ascii=False)
    (out_dir / "index.json").write_text(index + "\n", encoding="utf-8")


def shells(
    heading: Heading,
    criteria: Criteria,
    definitions: dict[str, Definition],
    ard: Ard,
    adsl_path: Path,
    admrd_path: Path,
    rules: Rules | None = None,
) -> Iterator[Shell]:
    """Yield the tables in the order of a report: flow, response, MRD, time to event, NRM."""
    made = [definitions_table(heading, definitions)]
    if heading.scenario == "primary":
        made.insert(0, disposition_table(heading, ard))
    made += _rate_tables(heading, criteria, definitions, ard, admrd_path)
    made += _event_tables(heading, definitions, ard)
    made.append(agreement_table(heading, definitions, ard))
    adam = Path(adsl_path).parent
    made += question_tables(heading, ard, _with_records(heading, adam, rules))
    made.append(subgroup_table(heading, ard))
    made += safety_tables(heading, ard)
    if rules is not None:
        made += listings(heading, adam, rules)
        made += safety_listings(heading, rules.safety, adam)
    yield from (shell for shell in made if shell is not None)


def _with_records(heading: Heading, adam: Path, rules: Rules | None) -> dict[str, Made]:
    """Return the tables of questions that read more than the results: labels of criteria."""
    if rules is None:
        return {}
    adelig = pd.read_parquet(adam / "adelig.parquet")
    return {
        "eligibility": lambda entry, results: eligibility_table(
            heading, entry, results, adelig, rules.eligibility
        ),
        "bridging": lambda entry, results: bridging_table(heading, entry, results, rules.bridging),
    }


def _rate_tables(
    heading: Heading,
    criteria: Criteria,
    definitions: dict[str, Definition],
    ard: Ard,
    admrd_path: Path,
) -> list[Shell | None]:
    names = [name for name in definitions if isinstance(definitions[name], Rate)]
    mrd = {n: definitions[n] for n in names if definitions[n].variable == "mrd_negative"}
    rates = {n: definitions[n] for n in names if n not in mrd}
    made: list[Shell | None] = []
    for population, evaluator in _pairs(heading.study, rates, ard):
        made.append(response_table(heading, criteria, rates, population, evaluator, ard))
    for evaluator in dict.fromkeys(pair[1] for pair in _pairs(heading.study, mrd, ard)):
        made.append(mrd_table(heading, mrd, evaluator, ard, admrd_path))
    return made


def _pairs(study: Study, rates: dict[str, Definition], ard: Ard) -> list[tuple[str, str]]:
    """Return populations and evaluators of some rates, the primary ones first."""
    found: dict[tuple[str, str], tuple] = {}
    for paramcd, population, evaluator in ard.keys:
        if paramcd in rates and " vs " not in evaluator:
            place = preference(study, rates[paramcd], population, evaluator)
            pair = (population, evaluator)
            found[pair] = min(place, found.get(pair, place))
    return sorted(found, key=lambda pair: found[pair])


def _event_tables(
    heading: Heading, definitions: dict[str, Definition], ard: Ard
) -> list[Shell | None]:
    made: list[Shell | None] = []
    for name in ordered(heading.study, definitions):
        definition = definitions[name]
        if definition.kind == "rate":
            continue
        make = nrm_table if definition.kind == "competing" else tte_table
        keys = [key for key in ard.keys if key[0] == name and " vs " not in key[2]]
        keys.sort(key=lambda key: preference(heading.study, definition, *key[1:]))
        made += [make(heading, definition, key, ard.of(*key)) for key in keys]
    return made
