"""Analysis sets that depend on response, evaluator or scenario (D16), resolved here."""

import numpy as np

from cartend.config.definition import SET_RULE, Definition
from cartend.config.rate import Rate
from cartend.contract.terms.assessment import MRD_CALL
from cartend.contract.terms.estimand import ORIGIN_SET, POPULATION_FLAG
from cartend.endpoint.context import Members, deaths_known, members_of, schedule_of
from cartend.endpoint.rates import evaluate
from cartend.endpoint.records import NEVER, Trial
from cartend.endpoint.views import RateResult


class Sets:
    """Who is in a set, by evaluator; the rate that defines a set is evaluated once."""

    def __init__(self, trial: Trial, rules: dict[str, Definition]) -> None:
        self.trial = trial
        self.rules = rules
        self._results: dict[tuple[str, str], RateResult] = {}

    def rate(self, population: str, evaluator: str) -> RateResult:
        """Return the result of the rate that says who is in a response-dependent set."""
        key = (population, evaluator)
        if key not in self._results:
            rule = self.rules[SET_RULE[population]]
            assert isinstance(rule, Rate)
            dated = self.trial.dated(rule.partial_dates)
            self._results[key] = evaluate(dated, rule, evaluator, self.trial.study.population)
        return self._results[key]

    def mask(self, population: str, evaluator: str) -> np.ndarray:
        """Return the members of any population as a mask over subjects."""
        if population in POPULATION_FLAG:
            return self.trial.flag(POPULATION_FLAG[population])
        base = self.trial.flag(POPULATION_FLAG[self.trial.study.population])
        if population in SET_RULE:
            return base & (self.rate(population, evaluator).value == "Y")
        if population == "MRD_EVAL":
            return base & mrd_evaluable(self.trial)
        return base & efficacy_evaluable(self.trial, evaluator)

    def members(self, population: str, origin: str, evaluator: str) -> Members:
        """Return who is in the analysis of a time-to-event endpoint, and from which day."""
        if origin in ORIGIN_SET:
            result = self.rate(ORIGIN_SET[origin], evaluator)
            mask = self.mask(population, evaluator) & (result.row >= 0)
            day = np.where(mask, result.records.day_of(result.row), NEVER)
            variable = "MRDDT" if origin == "first_mrd_neg" else "RSPDT"
            return Members(mask, day, variable, _flags(result, mask))
        if population in POPULATION_FLAG:
            return members_of(self.trial, population, origin)
        base = members_of(self.trial, self.trial.study.population, origin)
        mask = base.mask & self.mask(population, evaluator)
        return Members(
            mask, np.where(mask, base.origin, NEVER), base.origin_variable, base.origin_flag
        )


def _flags(result: RateResult, mask: np.ndarray) -> np.ndarray:
    flags = np.zeros(len(mask), dtype=np.int32)
    flags[mask] = result.records.flag[result.row[mask]]
    return flags


def mrd_evaluable(trial: Trial) -> np.ndarray:
    """Return who has a baseline clone and an adequate sample after the day of infusion (or origin).

    Where no subject's baseline clone is recorded, the sample alone decides.
    """
    origin = trial.day("RANDDT" if trial.study.design == "randomised" else "TRTSDT")
    samples = trial.mrd
    adequate = np.isin(samples.extra["AVALC"], trial.words.codes(MRD_CALL.group("adequate")))
    adequate &= (samples.day > origin[samples.subj]) & (
        samples.day <= trial.day("CUTDT")[samples.subj]
    )
    has_sample = samples.first(adequate, len(trial)) >= 0
    recorded = trial.text("MRDTRKFL") != 0
    return has_sample & trial.flag("MRDTRKFL") if recorded.any() else has_sample


def efficacy_evaluable(trial: Trial, evaluator: str) -> np.ndarray:
    """Return who has an adequate assessment after the origin, or died or progressed early."""
    column = "RANDDT" if trial.study.design == "randomised" else "TRTSDT"
    origin = trial.day(column)
    records = trial.assessments[evaluator]
    adequate = ~np.isin(records.extra["code"], [*trial.category("not_evaluable"), -1])
    adequate &= (records.day > origin[records.subj]) & (
        records.day <= trial.day("CUTDT")[records.subj]
    )
    assessed = records.first(adequate, len(trial)) >= 0
    first_close = schedule_of(trial).first_close()
    early_death = (deaths_known(trial) <= first_close) & (deaths_known(trial) != NEVER)
    return (assessed | early_death) & (origin != NEVER)
