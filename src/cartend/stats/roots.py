"""Roots of monotone functions, and the maximum of a function with one peak."""

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


def peak(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function with one peak between ``low`` and ``high`` is largest.

    Golden section (Kiefer, Proc Am Math Soc 1953) until the interval is 1e-9 wide.
    """
    ratio = (5**0.5 - 1) / 2
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > 1e-9:
        if at_left < at_right:
            low, left, at_left = left, right, at_right
            right = low + ratio * (high - low)
            at_right = function(right)
        else:
            high, right, at_right = right, left, at_left
            left = high - ratio * (high - low)
            at_left = function(left)
    return (low + high) / 2
