"""The typed form of ``parameters/<study>.yaml``: everything a synthetic trial is made of."""

from importlib import resources

import yaml

from cartend.config.base import Model
from cartend.simulate.clock import Hazard, Range
from cartend.simulate.disease import Disease, load_disease

STUDIES = ("ball-single-arm", "lbcl-second-line", "mm-late-line", "nb-gd2")


class Spread(Model):
    """A log-normal time: median in days and log standard deviation."""

    median: float
    sd: float


class Age(Model):
    """A mixture of two normal ages; ``child_share`` is the weight of the younger."""

    child_share: float = 0.0
    child: tuple[float, float] = (9.0, 4.0)
    adult: tuple[float, float] = (55.0, 14.0)
    low: float
    high: float


class Conversion(Model):
    """A later response category: to which, how often, and when after treatment."""

    to: str
    share: float
    after: Range


class Preparation(Model):
    """From day 0 to infusion: leukapheresis, manufacturing and what prevents the infusion."""

    leukapheresis: Spread
    never_leukapheresed: float
    manufacturing: Spread
    manufacturing_failure: float
    adverse_event: float
    withdrawn: float
    death: float
    progression: float
    progressed_still_infused: float
    non_conforming: float
    bridging: dict[str, float]
    bridging_by_burden: float


class Transplant(Model):
    """HSCT in remission: share of those eligible, when after treatment, and what it changes."""

    share: float
    after: Range
    name: str
    planned: str
    relapse_factor: float
    death: Hazard


class Subsequent(Model):
    """New anticancer therapy: after progression, without response, or for other reasons."""

    after_progression: float
    cellular: float
    without_response: float
    landmark: str
    delay: float
    other_rate: float
    other_reasons: dict[str, float]
    death_after: float
    death_after_cellular: float
    response_after: dict[str, float]


class ArmProcess(Model):
    """The multi-state process of one arm."""

    preparation: Preparation | None = None
    start: Range | None = None
    response: dict[str, float]
    response_after: Range
    conversion: dict[str, Conversion] = {}
    progression: dict[str, Hazard]
    burden_on_response: float
    death_without_progression: Hazard
    death_after_progression: float
    transplant: Transplant | None = None
    subsequent: Subsequent
    reinfusion: float = 0.0


class Observation(Model):
    """How imperfectly the process is seen."""

    jitter: float
    shift: float
    late: float
    missed: float
    not_evaluable: float
    central_not_evaluable: float
    disagreement: float
    progression_missed: float
    progression_false: float
    unscheduled_at_progression: float
    unscheduled_else: float
    scans_after_progression: float
    scans_after_therapy: float
    lost_rate: float
    withdrawal_share: float
    no_vital_status: float
    death_known_after_loss: float
    death_day_missing: float
    death_month_missing: float
    cause_unknown: float
    snapshot_days: int
    confirmation: float = 0.0


class Assay(Model):
    """How MRD is measured: the usual method with its three limits, and another method."""

    method: str = "FLOW CYTOMETRY"
    deep: float = 2e-5
    usual: float = 1e-4
    shallow: float = 5e-4
    other: str = "NGS"
    other_limit: float = 1e-6
    cells: float = 1.0


class MrdProcess(Model):
    """MRD: share of negative remissions, and what can be wrong with a sample."""

    visits: tuple[str, ...]
    negative: dict[str, float]
    lead_days: float
    missing: float
    not_done: float
    haemodiluted: float
    shallow: float
    other_assay: float
    untrackable: float
    assay: Assay = Assay()
    clear: float = 5e-5


class Parameters(Model):
    """One synthetic trial."""

    study: str
    prefix: str
    seed: int
    truth_seed: int
    n: int
    accrual: tuple[str, str]
    screening: Range
    age: Age
    baseline: dict[str, dict[str, float]]
    burden_sd: float
    effects: dict[str, float]
    frailty_sd: float
    remission: tuple[str, ...]
    arms: dict[str, ArmProcess]
    second_malignancy: float
    causes: dict[str, dict[str, float]]
    observation: Observation
    mrd: MrdProcess | None = None

    @property
    def disease(self) -> Disease:
        """The disease of the trial: its words and its agents."""
        return load_disease(self.prefix)

    @property
    def states(self) -> list[str]:
        """Response categories from best to worst; a relapse, where the disease has one, is last."""
        found = list(next(iter(self.arms.values())).response)
        return [*found, "RELAPSE"] if self.disease.relapse else found

    @property
    def progressed(self) -> int:
        """Code of PD; every greater code is progression too."""
        return self.states.index("PD")


def load_parameters(study: str) -> Parameters:
    """Return the parameters of one shipped synthetic trial."""
    path = resources.files("cartend.simulate").joinpath(f"parameters/{study}.yaml")
    return Parameters.model_validate(yaml.safe_load(path.read_text("utf-8")))
