"""Checks of infusions against leukapheresis, and of several records of one infusion."""

from collections.abc import Iterator

import pandas as pd

from cartend.intake.checks.base import Hit, Trial, check


@check("F-EX-010", "warning", "Who is infused was leukapheresed.")
def infused_not_leukapheresed(trial: Trial) -> Iterator[Hit]:
    """Find infused subjects without a record of leukapheresis: in the infused set, not in LA."""
    known = trial.has_role("leukapheresis")
    for name, rows, stem in trial.of_role("infusion"):
        first = rows.sort_values(f"{stem}_LO", kind="stable").drop_duplicates("USUBJID")
        told = f"infused on {{{stem}C}}, and no record has the role leukapheresis; infused, but not"
        yield name, first[~first["USUBJID"].isin(known)], f"{told} in the leukapheresed set"


@check("F-EX-011", "warning", "A subject has one record of an infusion on one day.")
def infused_twice_a_day(trial: Trial) -> Iterator[Hit]:
    """Find days with several records, which are one infusion."""
    for name, rows, stem in trial.of_role("infusion"):
        dated = rows[rows[f"{stem}_LO"].notna() & rows[f"{stem}_LO"].eq(rows[f"{stem}_HI"])]
        key = [dated["USUBJID"], dated[f"{stem}_LO"]]
        count = dated.groupby(key)["USUBJID"].transform("size")
        several = dated.assign(COUNT=pd.to_numeric(count))[count > 1]
        first = several.drop_duplicates(["USUBJID", f"{stem}_LO"])
        told = "{COUNT} records of an infusion on " + f"{{{stem}_LO}}; they are one infusion"
        yield name, first, told


CHECKS = (infused_not_leukapheresed, infused_twice_a_day)
