"""Findings that need subjects: infusions in control arms, flags, acceptances that meet no stop."""

from collections.abc import Iterable

import pandas as pd

from cartend.admission.trial import Admitted
from cartend.contract.records import of_role
from cartend.contract.terms.admission import GATE_FINDING
from cartend.contract.text import hint
from cartend.intake import findings
from cartend.intake.stops import Stop
from cartend.subject.flags import differing_flags

IN_CONTROL, UNMET, FLAGGED = GATE_FINDING


def infusions_in_control(trial: Admitted) -> pd.DataFrame:
    """Return an error for each infusion of a control subject that cannot be a crossover (D40).

    One on the day of randomisation or before it; any where the study says ``crossover: none``.
    """
    ex = trial.domains.get("ex")
    if ex is None:
        return findings.no_findings()
    control = [code for code, arm in trial.study.arms.items() if arm.role == "control"]
    adsl = trial.adsl.set_index("USUBJID")
    given = of_role(ex, "infusion")
    given = given[given["USUBJID"].map(adsl["ARMCD"]).isin(control) & ~given["EXDOSE"].eq(0)]
    since = given["USUBJID"].map(adsl["RANDDT"])
    early = given["EXSTDT_LO"] <= since
    told = [
        findings.make(
            IN_CONTROL,
            "error",
            "ex",
            given[early],
            "infused on {EXSTDTC}, on or before randomisation to a control arm; no infusion of "
            "the study and no crossover",
        )
    ]
    if trial.study.crossover == "none":
        rest = "infused on {EXSTDTC} in a control arm, and the study says crossover: none"
        told.append(findings.make(IN_CONTROL, "error", "ex", given[~early], rest))
    return findings.collect(told)


def flags_that_differ(trial: Admitted) -> pd.DataFrame:
    """Return a warning for each subject and flag of SUPPDM that is not as the set is derived."""
    dm = trial.domains.get("dm")
    if dm is None:
        return findings.no_findings()
    rows = differing_flags(trial.study, dm, trial.adsl)
    told = "SUPPDM {QNAM} is {BROUGHT}, and {FLAG} is derived as {DERIVED}; the derived one counts"
    return findings.make(FLAGGED, "warning", "dm", rows, told, [""] * len(rows))


def unmet_acceptances(keys: list[str], stops: Iterable[Stop]) -> pd.DataFrame:
    """Return a warning for each key of ``accept`` that names no stop of this run."""
    known = [stop.key for stop in stops]
    return findings.collect(
        findings.make(
            UNMET,
            "warning",
            "",
            pd.DataFrame({"USUBJID": [""]}),
            [f"accept names {key}, and no stop of this run is called so{hint(key, known)}"],
            [""],
        )
        for key in keys
    )
