"""Thresholds on values that may be missing, and changes against earlier values."""

import numpy as np
import pandas as pd

from cartend.config.criteria_rules import Limit

COMPARE = {
    "above": lambda values, bound: values > bound,
    "at_least": lambda values, bound: values >= bound,
    "below": lambda values, bound: values < bound,
    "at_most": lambda values, bound: values <= bound,
}
TOLERANCE = 1e-9  # 0.3 - 0.1 is 0.2 to a reader: decimal inputs, binary differences


def holds(values: pd.Series, limit: Limit) -> pd.Series:
    """Return whether each value is within the limit; NA (Kleene) where the value is missing."""
    bound = limit.value
    slack = TOLERANCE * max(1.0, abs(bound))
    shift = {"above": slack, "at_least": -slack, "below": -slack, "at_most": slack}[limit.way]
    met = COMPARE[limit.way](values.astype(float), bound + shift)
    return met.astype("boolean").mask(values.isna())


def surely(values: pd.Series, limit: Limit) -> pd.Series:
    """Return whether the value is there and within the limit."""
    return holds(values, limit).fillna(False).astype(bool)


def fall(value: pd.Series, baseline: pd.Series) -> pd.Series:
    """Return the fall from baseline in %, missing where the baseline is 0 or missing."""
    return 100 * (baseline - value) / baseline.where(baseline > 0)


def rise(value: pd.Series, lowest: pd.Series) -> pd.Series:
    """Return the rise in % of the lowest value, infinite from 0 or less, missing where one is."""
    grown = 100 * (value - lowest) / lowest.where(lowest > 0)
    from_nothing = lowest.le(0) & value.notna()
    return grown.mask(from_nothing, np.where(value > 0, np.inf, 0.0))


def lowest_before(values: pd.Series, keys: list[pd.Series], start: pd.Series) -> pd.Series:
    """Return the lowest earlier value of the group, the start value included; rows are in order."""
    low = values.fillna(np.inf).groupby(keys, sort=False).cummin()
    earlier = low.groupby(keys, sort=False).shift().fillna(np.inf)
    return np.minimum(earlier, start.fillna(np.inf)).replace(np.inf, np.nan)


def last_known(values: pd.Series, keys: list[pd.Series]) -> pd.Series:
    """Return the value of the row, else the last one before it in the group."""
    return values.groupby(keys, sort=False).ffill()


def ever_before(flag: pd.Series, keys: list[pd.Series]) -> pd.Series:
    """Return whether an earlier row of the group has the flag."""
    so_far = flag.astype(int).groupby(keys, sort=False).cummax()
    return so_far.groupby(keys, sort=False).shift().fillna(0).astype(bool)
