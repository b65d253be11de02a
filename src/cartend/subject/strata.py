"""Baseline facts: disease assessment, age group, prior lines, SC tests, strata, trackable clone."""

import pandas as pd

from cartend.contract.datasets.sdtm import START_DATE
from cartend.contract.records import has_role, of_role
from cartend.contract.terms.assessment import BURDEN_TESTS, DISEASE_TESTS
from cartend.contract.terms.general import YES_NO
from cartend.contract.text import by_word, in_capitals, is_one_of, normal
from cartend.subject.domains import coalesce, date_columns

ASSESSED = ("rs", "tu", "tr", "lb")
"""The domains of dated disease assessments."""


def baseline_assessed(domains: dict[str, pd.DataFrame], adsl: pd.DataFrame) -> pd.Series:
    """Return BASEFL: Y where the disease was assessed before the treatment began, N where not.

    1. An assessment is a response, tumour or lesion record, or a laboratory record of a disease
       test, dated by randomisation (else the first infusion, else at all).
    2. A subject characteristic that says the tumour burden or the stage is one too.
    3. Where no subject of the study has either, the data do not say: missing for everybody (D10).
    """
    start = adsl["RANDDT"].where(adsl["RANDFL"].eq("Y"), adsl["TRTSDT"])
    seen = pd.Series(False, index=adsl.index)
    for name in ASSESSED:
        rows = domains[name]
        if name == "lb":
            rows = rows[has_role(rows, "mrd_sample") | _disease_test(rows["LBTESTCD"])]
        day = date_columns(START_DATE[name])[0]
        first = rows.groupby("USUBJID")[day].min().reindex(adsl.index)
        seen |= first.notna() & ~(first > start)
    sc = of_role(domains["sc"], "subject_fact")
    burden = is_one_of(sc["SCTESTCD"], BURDEN_TESTS) & sc["SCSTRESC"].notna()
    seen |= adsl.index.isin(sc.loc[burden, "USUBJID"])
    flag = seen.map({True: "Y", False: "N"}).astype(object)
    return flag if seen.any() else flag.where(seen, None)


def _disease_test(codes: pd.Series) -> pd.Series:
    starts = tuple(normal(code) for code in DISEASE_TESTS)
    return by_word(codes, lambda code: normal(code).startswith(starts)).eq(True)


def age_group(age: pd.Series, cuts: tuple[int, ...]) -> pd.Series:
    """Return AGEGR by cut points in years: (18, 65) gives '<18', '18-64', '>=65'."""
    labels = [f"<{cuts[0]}"]
    labels += [f"{low}-{high - 1}" for low, high in zip(cuts, cuts[1:], strict=False)]
    labels += [f">={cuts[-1]}"]
    place = pd.Series(pd.Index(cuts).searchsorted(age.fillna(-1), side="right"), age.index)
    return place.map(dict(enumerate(labels))).astype(object).where(age.notna(), None)


def prior_lines(cm: pd.DataFrame, subjects: pd.Index) -> pd.Series:
    """Return PRIORLIN: the highest LINE of prior therapy; 0 without a record, missing without CM.

    Records without LINE leave it missing: lines cannot be counted from drugs.
    """
    prior = of_role(cm, "prior_therapy")
    lines = prior.groupby("USUBJID")["LINE"].max().reindex(subjects)
    if len(cm) == 0:
        return lines.astype(float)
    return lines.where(subjects.isin(prior["USUBJID"]), 0.0).astype(float)


def subject_characteristics(sc: pd.DataFrame, subjects: pd.Index) -> pd.DataFrame:
    """Return one column SC_<SCTESTCD> per test: SCSTRESC, else SCORRES, of the first record."""
    rows = of_role(sc, "subject_fact").dropna(subset=["SCTESTCD"])
    rows = rows.sort_values(["USUBJID", "SCSEQ"], kind="stable")
    rows = rows.assign(value=coalesce(rows["SCSTRESC"], rows["SCORRES"])).dropna(subset=["value"])
    rows = rows.assign(test="SC_" + in_capitals(rows["SCTESTCD"]))
    rows = rows.drop_duplicates(["USUBJID", "test"])
    wide = rows.pivot(index="USUBJID", columns="test", values="value")
    wide = wide.reindex(subjects).astype(object)
    wide.columns.name = None
    return wide.where(wide.notna(), None)


def add_strata(adsl: pd.DataFrame, strata: tuple[str, ...], dm: pd.DataFrame) -> pd.DataFrame:
    """Return ADSL with every stratum under its own name: from SC, else ADSL, else DM.

    A stratum found nowhere is a column of missing values; the checks name it.
    """
    out = adsl.copy()
    for name in strata:
        if f"SC_{name}" in out:
            out[name] = out[f"SC_{name}"]
        elif name not in out:
            source = dm.set_index("USUBJID").get(name)
            out[name] = None if source is None else source.reindex(out.index)
        if f"{name}N" in dm:
            out[f"{name}N"] = dm.set_index("USUBJID")[f"{name}N"].reindex(out.index)
    return out


def trackable_clone(lb: pd.DataFrame, subjects: pd.Index) -> pd.Series:
    """Return MRDTRKFL: Y or N by TRACKABL of the baseline MRD sample, else of any; else None."""
    rows = of_role(lb, "mrd_sample")
    rows = rows[rows["TRACKABL"].isin(list(YES_NO))]
    rows = rows.assign(late=rows["LBBLFL"].ne("Y"), no=rows["TRACKABL"].ne("Y"))
    rows = rows.sort_values(["USUBJID", "late", "no"]).drop_duplicates("USUBJID")
    flag = rows.set_index("USUBJID")["TRACKABL"].reindex(subjects).astype(object)
    return flag.where(flag.notna(), None)
