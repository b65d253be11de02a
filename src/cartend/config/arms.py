"""The arms of a trial, by which texts the data name them, and which of them are compared (D40)."""

from typing import Literal

from cartend.config.base import Model
from cartend.contract.text import hint, normal


class Arm(Model):
    """One arm of the trial, keyed by ARMCD.

    A subject's arm is found by the key in ARMCD, by ``names``, what TRT01P or ARM may say of it,
    else by its label. An arm of role ``other`` is a column of its own and in no comparison (D40).
    """

    label: str
    role: Literal["experimental", "control", "other"] = "experimental"
    names: tuple[str, ...] = ()


class Comparison(Model):
    """Two arms that are compared; the estimate is experimental minus, or over, control (D40)."""

    experimental: str
    control: str


def check_arms(arms: dict[str, Arm], design: str) -> None:
    """Stop where a study has no arm, lacks one that its design asks for, or a text means two."""
    if not arms:
        raise ValueError("key arms: a study has at least one arm")
    roles = {arm.role for arm in arms.values()}
    if design == "randomised" and not {"experimental", "control"} <= roles:
        raise ValueError("a randomised design has one experimental and one control arm at least")
    owner: dict[str, str] = {}
    for code, arm in arms.items():
        for text in filter(normal, (code, *arm.names, arm.label)):
            other = owner.setdefault(normal(text), code)
            if other != code:
                raise ValueError(
                    f"key arms: {text!r} in the data could mean {other} and {code}; key, names and "
                    "label of an arm are its own, whatever their case and hyphens"
                )


def compared(
    named: tuple[Comparison, ...], arms: dict[str, Arm], design: str
) -> tuple[Comparison, ...]:
    """Return the comparisons of a study: those named, else the experimental with the control arm.

    Raises
    ------
    ValueError
        One sentence: a comparison that cannot be, or several that could be and none is named.
    """
    if design != "randomised":
        if named:
            raise ValueError("key comparisons: arms are compared in a randomised design alone")
        return ()
    for place, pair in enumerate(named):
        _check(place, pair, arms)
        if _both(pair) in map(_both, named[:place]):
            raise ValueError(
                f"key comparisons: {pair.experimental} with {pair.control} stands twice"
            )
    if named:
        return named
    of_role = {
        role: [code for code, arm in arms.items() if arm.role == role]
        for role in ("experimental", "control")
    }
    first = {role: codes[0] for role, codes in of_role.items()}
    for role, codes in of_role.items():
        if len(codes) > 1:
            example = ", ".join(f"{side}: {code}" for side, code in first.items())
            raise ValueError(
                f"key comparisons is missing: {', '.join(codes)} are {role} arms; name the pairs "
                f"that are compared, as comparisons: [{{{example}}}]"
            )
    return (Comparison(**first),)


def _check(place: int, pair: Comparison, arms: dict[str, Arm]) -> None:
    for side in ("experimental", "control"):
        code = getattr(pair, side)
        at = f"key comparisons.{place}.{side}: {code}"
        if code not in arms:
            raise ValueError(f"{at} is no arm; arms: {', '.join(arms)}{hint(code, arms)}")
        if arms[code].role == "other":
            raise ValueError(f"{at} has role other, an arm that is compared with none")
    if pair.experimental == pair.control:
        raise ValueError(f"key comparisons.{place}: {pair.control} is compared with itself")
    if arms[pair.experimental].role == "control":
        raise ValueError(
            f"key comparisons.{place}.experimental: {pair.experimental} has role control; a "
            "control arm stands under control"
        )


def _both(pair: Comparison) -> set[str]:
    return {pair.experimental, pair.control}
