"""The Kaplan-Meier curve as a value: what is estimated from it takes it whole."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class KaplanMeier:
    """A product-limit curve; every array has one entry per distinct exit time.

    ``std_err`` is the standard error of S, ``std_err_log`` that of log S (R's ``std.err``).
    ``lower`` and ``upper`` are NaN where the transform does not exist.  ``entry`` holds the
    sorted entry times, or None where everybody is at risk from the start.
    """

    time: np.ndarray
    n_risk: np.ndarray
    n_event: np.ndarray
    n_censor: np.ndarray
    survival: np.ndarray
    std_err: np.ndarray
    std_err_log: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    conf_type: str
    level: float
    n: int
    entry: np.ndarray | None = None

    @property
    def method(self) -> str:
        """What was done."""
        return f"Kaplan-Meier, {self.conf_type} limits"

    @property
    def events(self) -> int:
        """Number of events on the curve."""
        return int(self.n_event.sum())
