"""Roots of monotone functions."""

from __future__ import annotations

from collections.abc import Callable


def bisect(increasing: Callable[[float], float], low: float, high: float) -> float:
    """Return where ``increasing`` changes sign between ``low`` and ``high``, to the last bit.

    Only signs are used, so a function that is flat or infinite near an end does no harm.  About
    60 evaluations; importing a faster solver costs more than it saves in a job.
    """
    for _ in range(1100):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if increasing(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
