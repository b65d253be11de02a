"""Stops of strata and subgroups: a column that no table has, a subject without a level (D39)."""

from collections.abc import Iterator

from cartend.admission.arms import subjects_named
from cartend.admission.trial import Admitted
from cartend.contract.text import counted, hint
from cartend.intake.stops import Stop


def columns_without_value(trial: Admitted) -> Iterator[Stop]:
    """Yield a stop for each stratum, subgroup and factor of a question that no subject has."""
    said: dict[str, str] = {}
    for key, names in _asked(trial).items():
        for name in names:
            said.setdefault(name, key)
    known = sorted(name for name in trial.adsl if trial.adsl[name].notna().any())
    for name, key in said.items():
        if name not in known:
            yield Stop(
                "S-STRATUM",
                name,
                1,
                f"{trial.study.id}: key {key} names {name}, of which no subject has a value in "
                f"any table{hint(name, known)}",
                f"{_ways(trial, name)}, or leave it out of {key}",
            )


def _ways(trial: Admitted, name: str) -> str:
    if trial.study.entry == "adam":
        return f"correct the name, or map it as adam: {{columns: {{adsl: {{{name}: ...}}}}}}"
    return "correct the name, or bring it as a test of SC or a column of DM"


def _asked(trial: Admitted) -> dict[str, tuple[str, ...]]:
    """Return the columns of subjects that a study file names, by the key that names them."""
    analyses = trial.study.analyses
    asked = {"strata": trial.study.strata, "subgroups": trial.study.subgroups}
    for question in sorted(analyses.model_fields_set - {"run"}):
        options = getattr(analyses, question)
        if "covariates" in options.model_fields_set:
            asked[f"analyses.{question}.covariates"] = tuple(options.covariates)
    corrected = analyses.stratification.corrected
    return {**asked, "analyses.stratification.corrected": tuple(corrected.values())}


def subjects_without_level(trial: Admitted) -> Iterator[Stop]:
    """Yield a stop for each stratum of which a compared subject has no level.

    None where the study says what such a subject is (``strata_missing: level``); a stratum of
    which nobody has a level is a stop of its own.
    """
    study = trial.study
    if study.design != "randomised" or study.strata_missing != "stop":
        return
    compared = {arm for pair in study.pairs for arm in (pair.experimental, pair.control)}
    members = trial.members(study.population)
    members = members[members["ARMCD"].isin(compared)]
    for name in study.strata:
        rows = members[members[name].isna()]
        if len(rows) and trial.adsl[name].notna().any():
            yield Stop(
                "F-DM-007",
                name,
                len(rows),
                f"{study.id}: {counted(len(rows), 'subject')} of the set {study.population} "
                f"{'has' if len(rows) == 1 else 'have'} no level of stratum {name}: "
                f"{subjects_named(rows['USUBJID'])}",
                "bring the level, or say strata_missing: level in the study file, by which they "
                "are a level of their own",
            )
