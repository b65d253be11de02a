"""From checked SDTM records to ADSL and ADEVT."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cartend.config.bridging import Bridging
from cartend.config.criteria import Criteria
from cartend.config.rules import Rules
from cartend.config.study import Study
from cartend.contract.check import write
from cartend.contract.datasets.subject import ADAE, ADBRDG, ADELIG, ADEVT, ADSL, DEMOGRAPHICS
from cartend.contract.terms.general import NOT_APPLICABLE
from cartend.subject import (
    bridging,
    death,
    eligibility,
    events,
    followup,
    malignancy,
    milestones,
    prior,
    rebaseline,
    sets,
    strata,
    washout,
)
from cartend.subject.adam import subjects_from_adam
from cartend.subject.adverse import derive_adverse_events
from cartend.subject.ages import keep_ages
from cartend.subject.domains import (
    DATE,
    coalesce,
    first_by_subject,
    none_for_missing,
    read_domains,
)
from cartend.subject.records import first_of_role


class Derived(NamedTuple):
    """ADSL, indexed by USUBJID, the dated events, and the therapies before the product."""

    adsl: pd.DataFrame
    adevt: pd.DataFrame
    adbrdg: pd.DataFrame


def build_subjects(
    study: Study,
    criteria: Criteria,
    rules: Rules,
    sdtm_dir: Path,
    adsl_path: Path,
    adevt_path: Path,
    adbrdg_path: Path,
    adelig_path: Path,
    adae_path: Path,
) -> None:
    """Write the data of subjects.

    ADSL has a row a subject, ADEVT a dated clinical event, ADBRDG a therapy before the product,
    ADELIG a subject and criterion of eligibility, ADAE an adverse event.
    """
    domains = read_domains(sdtm_dir)
    if study.entry == "adam":
        brought = pd.read_parquet(Path(sdtm_dir) / "adsl.parquet")
        adsl, adevt = subjects_from_adam(study, brought)
        adbrdg, adelig = washout.no_records(), eligibility.no_judgements()
    else:
        adsl, adevt, adbrdg = derive_subjects(study, criteria, rules.bridging, domains)
        adelig = eligibility.derive_adelig(rules.eligibility, domains, adsl)
        adsl = adsl.join(eligibility.subject_flags(rules.eligibility, adelig, adsl.index))
    adsl = keep_ages(study, adsl)
    write(finish_adsl(adsl, study.strata, numeric_twins(study)), ADSL, adsl_path)
    write(adevt, ADEVT, adevt_path)
    write(adbrdg, ADBRDG, adbrdg_path)
    write(adelig, ADELIG, adelig_path)
    cases = malignancy.malignancy_cases(rules.safety.malignancies, domains["ae"])
    adae = derive_adverse_events(rules.safety, domains["ae"], adsl, cases)
    write(adae, ADAE, adae_path)


def derive_subjects(
    study: Study, criteria: Criteria, rules: Bridging, domains: dict[str, pd.DataFrame]
) -> Derived:
    """Return ADSL, ADEVT and ADBRDG.

    1. Milestones and infusions. 2. Death, last known alive, loss. 3. Therapies and transplants.
    4. Bridging between its milestones. 5. Sets and the reason for no infusion. 6. Baseline facts.
    7. Washout and the baseline after bridging.
    """
    dm = domains["dm"].drop_duplicates("USUBJID").sort_values("USUBJID")
    domains = domains | {"dm": dm}
    cutoff = followup.cutoff_date(study, domains)
    given = milestones.infusions(domains)
    randomised = first_of_role(domains, "randomisation")
    given = milestones.label_infusions(
        given, milestones.control_arm(dm, study), randomised, study.crossover
    )
    control = milestones.without_product(dm, study, domains)
    adsl = dm.set_index("USUBJID")[[*DEMOGRAPHICS, "ACTARM"]].join(
        milestones.derive_milestones(study, domains, given, cutoff)
    )
    adsl = adsl.join(follow(domains, adsl.index, cutoff))
    therapies = events.therapies_and_transplants(domains, given, cutoff)
    new = therapies[therapies["KIND"].eq("NEW_THERAPY")]
    first_new = first_by_subject(new, "ADT")
    labelled = bridging.bridging_records(domains)
    bridged = bridging.within_interval(labelled, bridging.bridging_interval(adsl, first_new))
    bridged = bridging.with_class(bridged, rules.taxonomy)
    adsl = adsl.join(
        bridging.derive_bridging(bridged, control, study.target_antigen, rules.bridge_order)
    )
    adsl = adsl.join(sets.derive_sets(study, adsl, domains, given))
    why = sets.not_infused_reasons(domains["ds"], adsl["DTHDT"], first_new, cutoff)
    later = set(given.loc[given["ADT"] > cutoff, "USUBJID"])
    adsl["NOTINFRS"] = sets.derive_reason(adsl, why, control, later)
    adsl = adsl.join(
        prior.prior_flags(study.standard_of_care, domains, given, randomised, adsl.index)
    )
    adsl = baseline(study, domains, adsl)
    adbrdg = before_product(study, rules, domains, adsl[~control], labelled, bridged)
    again = rebaseline.derive_rebaseline(
        study, criteria, rules.rebaseline, adsl[~control], adbrdg, domains
    )
    adsl = adsl.join(again).join(washout.subject_washout(adbrdg, adsl.index[~control]))
    settled = sets.not_infused_events(adsl, why)
    adevt = all_events(domains, therapies, bridged, control, cutoff, settled)
    return Derived(not_applicable(adsl, control), adevt, adbrdg)


def before_product(
    study: Study,
    rules: Bridging,
    domains: dict[str, pd.DataFrame],
    adsl: pd.DataFrame,
    labelled: pd.DataFrame,
    bridged: pd.DataFrame,
) -> pd.DataFrame:
    """Return ADBRDG of the subjects meant to be infused, of prior therapy and of bridging."""
    prior = washout.prior_records(domains, adsl["LEUKDT"])
    bridging_rows = washout.labelled_records(labelled, bridged, adsl["LEUKDT"])
    records = pd.concat([part for part in (prior, bridging_rows) if len(part)] or [prior])
    return washout.derive_adbrdg(
        adsl, rules, study.target_antigen, records.reset_index(drop=True), domains
    )


def not_applicable(adsl: pd.DataFrame, control: pd.Series) -> pd.DataFrame:
    """Return ADSL with LEUKINF, days from leukapheresis to infusion, and control arms marked."""
    flags = ["WASHLA", "WASHLD", "REBMISFL"]
    marked = {name: adsl[name].where(~control, NOT_APPLICABLE) for name in flags}
    waited = (adsl["TRTSDT"] - adsl["LEUKDT"]).dt.days.astype(float)
    return adsl.assign(**marked, LEUKINF=waited.where(~control))


def follow(
    domains: dict[str, pd.DataFrame], subjects: pd.Index, cutoff: pd.Timestamp
) -> pd.DataFrame:
    """Return, per USUBJID, death with its cause, last known alive with its source, and losses."""
    evidence = followup.alive_evidence(domains)
    records = death.death_records(domains)
    records = records[records.index.isin(subjects)]
    limit = pd.Series(cutoff, index=subjects).astype(DATE)
    before = records["HI"].reindex(subjects)
    alive = followup.last_alive(evidence, limit.where(~(before < limit), before))["LSTALVDT"]
    dead = death.impute_death(records, alive, cutoff)
    died = dead["DTHDT"].reindex(subjects)
    alive = followup.last_alive(evidence, limit.where(~(died < limit), died))
    causes = death.cause_of_death(domains, dead.index)
    out = dead.join(causes).reindex(subjects).join(alive)
    return out.join(followup.derive_followup(domains["ds"], subjects, cutoff))


def baseline(study: Study, domains: dict[str, pd.DataFrame], adsl: pd.DataFrame) -> pd.DataFrame:
    """Return ADSL with treatment labels, age group, prior lines, SC tests and strata."""
    labels = {code: arm.label for code, arm in study.arms.items()}
    single = next(iter(study.arms.values())).label if len(study.arms) == 1 else None
    planned = adsl["ARMCD"].map(labels).astype(object)
    actual = adsl["ACTARMCD"].map(labels).astype(object)
    adsl["TRT01P"] = coalesce(coalesce(planned, adsl["ARM"]), single)
    adsl["TRT01A"] = coalesce(actual, adsl["ACTARM"])
    adsl["AGEGR"] = strata.age_group(adsl["AGE"], study.age_groups)
    adsl["PRIORLIN"] = strata.prior_lines(domains["cm"], adsl.index)
    adsl["BASEFL"] = strata.baseline_assessed(domains, adsl)
    adsl["MRDTRKFL"] = strata.trackable_clone(domains["lb"], adsl.index)
    adsl = adsl.join(strata.subject_characteristics(domains["sc"], adsl.index))
    return strata.add_strata(adsl, study.strata, domains["dm"])


def all_events(
    domains: dict[str, pd.DataFrame],
    therapies: pd.DataFrame,
    bridged: pd.DataFrame,
    control: pd.Series,
    cutoff: pd.Timestamp,
    settled: pd.DataFrame,
) -> pd.DataFrame:
    """Return ADEVT: therapies, transplants and infusions with every other dated event.

    ``settled`` holds the days from which on it was settled that a subject is not infused.
    """
    seen = events.assessment_days(domains["rs"])
    deaths = death.death_records(domains)
    others = [
        events.procedures(domains),
        events.second_malignancies(domains["ae"], domains["dd"], deaths),
        events.clinical_progressions(domains["ds"]),
        events.own_events(domains),
    ]
    dated = [events.date_start(rows, seen.iloc[:0], cutoff) for rows in others]
    applicable = bridged[bridged["USUBJID"].map(control).eq(False)]
    out = events.stack_events(therapies, applicable, settled, *dated)
    return out[out["USUBJID"].isin(control.index)].reset_index(drop=True)


def numeric_twins(study: Study) -> tuple[str, ...]:
    """Return the columns that may hold the number of each level of a factor: RISKN of RISK."""
    return tuple(f"{name}N" for name in ("AGEGR", *study.strata, *study.subgroups))


def finish_adsl(
    adsl: pd.DataFrame, strata_names: tuple[str, ...], twins: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Return ADSL in the order and kinds of its contract; criteria, SC tests and strata last.

    ``twins`` are kept where they hold numbers.
    """
    out = adsl.rename_axis("USUBJID").reset_index()
    extra = [name for name in out if name.startswith(("ELIG", "SC_"))]
    known = {*ADSL.names, *extra}
    strata_columns = [name for name in strata_names if name not in known]
    kept = [name for name in dict.fromkeys(twins) if name in out and name not in known]
    numbers = {name: pd.to_numeric(out[name], errors="coerce") for name in kept}
    kept = [name for name in kept if numbers[name].notna().any() and name not in strata_columns]
    out = out[[*ADSL.names, *extra, *strata_columns, *kept]].assign(
        **{name: numbers[name] for name in kept}
    )
    kinds = dict.fromkeys(ADSL.of_kind("date"), DATE)
    kinds |= dict.fromkeys((*ADSL.of_kind("number"), *kept), float)
    out = none_for_missing(out.astype(kinds), [name for name in out if name not in kinds])
    return out.sort_values("USUBJID").reset_index(drop=True)
