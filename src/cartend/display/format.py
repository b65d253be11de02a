"""Numbers to text: the only place where a number is rounded.

Rounding is half away from zero on the decimal text of the number, once and from full precision
(specification, statistics: ``rounding``), so 0.125 prints as 12.5 % and 2.675 as 2.68. What
cannot be estimated prints as NE, never NA, and every NE carries the key of a footnote.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from cartend.display.ard import Value

NE = "NE"
NO_NUMBER = "not estimable"


def fixed(value: float | Decimal, places: int) -> str:
    """Return the number with so many decimals, half away from zero, never ``-0``."""
    number = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return str(abs(rounded) if rounded == 0 else rounded)


def whole(value: float) -> str:
    """Return a count."""
    return fixed(value, 0)


def percent(value: float, places: int = 1) -> str:
    """Return a probability as a percentage without its sign."""
    return fixed(Decimal(repr(float(value))) * 100, places)


def share(count: float, total: float) -> str:
    """Return ``n (x.x%)``; a total of nought has no percentage."""
    if not total:
        return whole(count)
    ratio = Decimal(repr(float(count))) * 100 / Decimal(repr(float(total)))
    return f"{whole(count)} ({fixed(ratio, 1)}%)"


def months(days: float, per_month: float, places: int = 1) -> str:
    """Return days as months of ``per_month`` days; a day or two has a second decimal, not 0.0."""
    value = Decimal(repr(float(days))) / Decimal(repr(float(per_month)))
    return fixed(value, places + 1 if 0 < value < Decimal("0.05") else places)


def ratio(value: float) -> str:
    """Return a hazard, odds or other ratio: three decimals below 10, two above, as printed."""
    return fixed(value, 3 if abs(value) < 10 else 2)


def p_value(value: float) -> str:
    """Return ``x.xxxx``, or ``<0.0001`` and ``>0.9999`` where four decimals cannot say more."""
    if value < 0.0001:
        return "<0.0001"
    return ">0.9999" if value > 0.9999 else fixed(value, 4)


class Notes:
    """The footnotes of one page: a letter for each reason why a number is missing."""

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}

    def key(self, reason: str) -> str:
        """Return the letter of a reason, the next free one where it is new."""
        reason = reason.strip() or NO_NUMBER
        return self._keys.setdefault(reason, _letter(len(self._keys)))

    def ne(self, reason: str) -> str:
        """Return ``NE [a]`` with the key of its footnote."""
        return f"{NE} [{self.key(reason)}]"

    def lines(self) -> list[str]:
        """Return the footnotes in the order of their letters."""
        return [f"[{key}] NE: {_because(reason)}." for reason, key in self._keys.items()]


def _letter(place: int) -> str:
    quotient, rest = divmod(place, 26)
    return ("" if quotient == 0 else _letter(quotient - 1)) + chr(ord("a") + rest)


def _because(reason: str) -> str:
    reason = reason.rstrip(".")
    if reason == "not reached":
        return "not estimable, because not reached (NR)"
    return reason if reason.startswith(NO_NUMBER) else f"not estimable, because {reason}"


def text(value: Value | None, form: Callable[[float], str], notes: Notes) -> str:
    """Return the formatted value, NE with its footnote key, or nothing where no row exists."""
    if value is None:
        return ""
    return notes.ne(value.note) if value.number is None else form(value.number)


def interval(
    lower: Value | None, upper: Value | None, form: Callable[[float], str], notes: Notes
) -> str:
    """Return ``(lower, upper)``, or nothing where the results hold neither limit."""
    if lower is None and upper is None:
        return ""
    return f"({text(lower, form, notes)}, {text(upper, form, notes)})"


def with_interval(
    estimate: Value | None,
    lower: Value | None,
    upper: Value | None,
    form: Callable[[float], str],
    notes: Notes,
) -> str:
    """Return ``estimate (lower, upper)``; a lone NE where nothing at all is estimable."""
    if estimate is None:
        return ""
    limits = [limit for limit in (lower, upper) if limit is not None]
    if estimate.number is None and all(limit.number is None for limit in limits):
        return notes.ne(estimate.note)
    return f"{text(estimate, form, notes)} {interval(lower, upper, form, notes)}".strip()
