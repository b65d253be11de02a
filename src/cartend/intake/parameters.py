"""What the parameters (PARAMCD) of a brought ADRS and ADTTE are, and who judged (decision D38)."""

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from cartend.config.study import Study
from cartend.contract.datasets.adam import READ_FROM, VISIT_RESPONSE
from cartend.contract.terms.assessment import EVALUATOR
from cartend.contract.terms.parameter import PARAMETER
from cartend.contract.text import by_word, capitals, hint, normal
from cartend.intake import findings
from cartend.intake.errors import DataError
from cartend.intake.words import RAW

Meaning = tuple[str, str | None]
"""A parameter's name with us, and the evaluator that it names."""


def with_parameters(
    table: pd.DataFrame, name: str, study: Study, path: Path
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a dataset with PARAMCD in our words and EVAL, and findings of what was taken for what.

    PARAMCD, by the first that holds; PARAMCD_RAW is as delivered where it differs:

    1. What ``adam`` of the study file says.
    2. A visit response that names its evaluator (OVRIRC) is one by that evaluator.
    3. A name that other packages use is ours, where no other record of the dataset has ours.

    EVAL, by the first that holds:

    1. Whom the study file names. 2. A column that says who judged. 3. Whom the parameter names.
    4. In ADRS the study's primary evaluator, in ADTTE nobody: ''.
    """
    present = [code for code in dict.fromkeys(table["PARAMCD"]) if code]
    mapped = _mapped(study, name, present, path)
    read = _read(table, [c for c in present if c not in mapped]) if name == "adrs" else {}
    told = [findings.about_file("F-ADAM-102", name, _note(table, *one)) for one in read.items()]
    other = _under_other_names(present, mapped | read)
    evaluator, judged = _evaluator(table, name, mapped, read, study)
    return _renamed(table, mapped | read | other).assign(EVAL=evaluator), findings.collect(
        [*told, judged]
    )


def _renamed(table: pd.DataFrame, meanings: dict[str, Meaning]) -> pd.DataFrame:
    """Give PARAMCD our names; PARAMCD_RAW holds those delivered where they differ."""
    given = table["PARAMCD"]
    ours = by_word(given, lambda code: meanings.get(code, (code, None))[0])
    differs = given.notna() & ours.ne(given)
    raw = {"PARAMCD" + RAW: given.where(differs, None)} if differs.any() else {}
    return table.assign(PARAMCD=ours, **raw)


def _mapped(study: Study, name: str, present: list[str], path: Path) -> dict[str, Meaning]:
    """Return what the study file says of the parameters that are there.

    Raises
    ------
    DataError
        One sentence where the study file names a parameter that is not.
    """
    if name == "adtte":
        said: dict[str, Meaning] = {
            code: (one.endpoint, one.evaluator) for code, one in study.adam.adtte.items()
        }
    else:
        said = {code: (VISIT_RESPONSE, evaluator) for code, evaluator in study.adam.adrs.items()}
    spelled = {normal(code): code for code in present}
    for code in said:
        if normal(code) not in spelled:
            raise DataError(
                f"{path}: no record has PARAMCD {code}, which key adam.{name} of study {study.id} "
                f"names; there are {', '.join(present)}{hint(code, present)}"
            )
    return {spelled[normal(code)]: meaning for code, meaning in said.items()}


def _read(table: pd.DataFrame, present: list[str]) -> dict[str, Meaning]:
    """Return the visit responses that name their evaluator, in their code or in their text."""
    found: dict[str, Meaning] = {}
    for code in present:
        evaluator = _by_code(code)
        if evaluator is None and PARAMETER.code(code) == VISIT_RESPONSE:
            evaluator = _by_text(table.loc[table["PARAMCD"].eq(code), "PARAM"])
        if evaluator is not None:
            found[code] = (VISIT_RESPONSE, evaluator)
    return found


def _by_code(code: str) -> str | None:
    """Return the evaluator that the end of a visit response's code names."""
    for start in sorted(_visit_codes(), key=len, reverse=True):
        if capitals(code).startswith(start):
            return EVALUATOR.code(capitals(code).removeprefix(start))
    return None


def _visit_codes() -> list[str]:
    groups = PARAMETER.group("visit_response")
    return [text for code in groups for text in (code, *PARAMETER[code].synonyms)]


def _by_text(texts: pd.Series) -> str | None:
    """Return the evaluator after the last ``by`` of a parameter's text, if all its texts agree."""
    said = {_after_by(text) for text in texts.dropna().unique()}
    return said.pop() if len(said) == 1 else None


def _after_by(text: str) -> str | None:
    *_, last = re.split(r"\bby\b", normal(text))
    return EVALUATOR.code(re.sub(r"\(.*\)$", "", last)) if last != normal(text) else None


def _under_other_names(present: list[str], known: Mapping[str, Meaning]) -> dict[str, Meaning]:
    """Return the parameters that other packages call otherwise; ours where nothing else has it."""
    taken = {*present, *(ours for ours, _ in known.values())}
    found: dict[str, Meaning] = {}
    for code in present:
        ours = PARAMETER.code(code)
        if code not in known and ours is not None and ours not in taken:
            found[code] = (ours, None)
            taken.add(ours)
    return found


def _note(table: pd.DataFrame, code: str, meaning: Meaning) -> str:
    ours, evaluator = meaning
    records = int(table["PARAMCD"].eq(code).sum())
    return f"PARAMCD {code} is taken for {ours} by {evaluator} ({records} records)"


def _evaluator(
    table: pd.DataFrame,
    name: str,
    mapped: dict[str, Meaning],
    read: dict[str, Meaning],
    study: Study,
) -> tuple[pd.Series, pd.DataFrame]:
    """Return EVAL of each record, and findings of what is blank or said in two ways."""
    said, told = (
        by_word(table["PARAMCD"], lambda code, by=by: by.get(code, (code, None))[1])
        for by in (mapped, read)
    )
    here = _in_columns(table)
    apart = table.assign(HERE=here, THERE=told)[here.notna() & told.notna() & here.ne(told)]
    message = "the record says {HERE}, its parameter {THERE}; {HERE} is taken"
    found = [findings.reading("F-ADAM-103", name, apart, message)]
    code = said.where(said.notna(), here)
    code = code.where(code.notna(), told)
    blank = code.isna()
    instead = "" if name == "adtte" else study.primary_evaluator
    if blank.any() and instead:
        message = f"EVAL is blank on {int(blank.sum())} records; {instead} is taken"
        found.append(findings.about_file("F-ADAM-101", name, message))
    return code.where(~blank, instead), findings.collect(found)


def _in_columns(table: pd.DataFrame) -> pd.Series:
    """Return the evaluator by the first column that holds a word for one."""
    for column in READ_FROM:
        if column in table and (code := EVALUATOR.read(table[column])).notna().any():
            return code
    return pd.Series(None, index=table.index, dtype=object)
