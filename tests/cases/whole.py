"""A study file and its data, from the input folder to ADTTE, in one process."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from cartend.admission.build import admit_endpoints
from cartend.config.load import load_config
from cartend.endpoint.build import build_events
from cartend.intake.ingest import ingest
from cartend.intake.stops import Stop, StopError
from cartend.response.build import build_response
from cartend.subject.build import build_subjects

HERE = Path(__file__).parent
SUBJECT = ("adsl", "adevt", "adbrdg", "adelig", "adae")
EVENTS = ("adtte", "adrsp", "candidates")


@dataclass(frozen=True)
class Whole:
    """One study of one folder, run into another folder; each table is made when it is asked for."""

    case: Path
    study_id: str
    out: Path

    @cached_property
    def run(self):
        """The resolved run."""
        run = load_config({"studies": [self.study_id]}, self.case, [self.case])
        (study,) = run.studies
        folder = str(self.case / run.studies[study].data)
        run.studies[study] = run.studies[study].model_copy(update={"data": folder})
        return run

    @property
    def study(self):
        """The study."""
        return self.run.studies[self.study_id]

    @cached_property
    def read(self) -> Path:
        """The folder of the tables as read, beside findings.csv."""
        folder = self.out / "sdtm"
        ingest(self.study, self.run.criteria[self.study_id], folder, self.out / "findings.csv")
        return folder

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What was found."""
        return pd.read_csv(self.read.parent / "findings.csv", dtype=str, keep_default_na=False)

    def domain(self, name: str) -> pd.DataFrame:
        """Return a domain as read."""
        return pd.read_parquet(self.read / f"{name}.parquet")

    @cached_property
    def subjects(self) -> Path:
        """The folder of ADSL and what stands beside it."""
        folder = self.out / "adam"
        folder.mkdir(parents=True)
        paths = [folder / f"{name}.parquet" for name in SUBJECT]
        criteria, rules = (getattr(self.run, key)[self.study_id] for key in ("criteria", "rules"))
        build_subjects(self.study, criteria, rules, self.read, *paths)
        return folder

    @cached_property
    def adsl(self) -> pd.DataFrame:
        """One row a subject."""
        return pd.read_parquet(self.subjects / "adsl.parquet")

    @cached_property
    def adevt(self) -> pd.DataFrame:
        """Dated events."""
        return pd.read_parquet(self.subjects / "adevt.parquet")

    @cached_property
    def stops(self) -> list[Stop]:
        """What the gate stops the run for."""
        accepted = self.out / "admission" / "accepted.csv"
        try:
            definitions = self.run.scenarios[self.study_id]["primary"].definitions
            adsl, found = self.subjects / "adsl.parquet", self.out / "findings.csv"
            admit_endpoints(self.study, definitions, self.read, adsl, found, accepted)
        except StopError as error:
            return error.stops
        return []

    @cached_property
    def responses(self) -> Path:
        """The folder of ADRS and ADMRD."""
        paths = [self.subjects / f"{name}.parquet" for name in ("adsl", "adevt", "adrs", "admrd")]
        build_response(self.study, self.run.criteria[self.study_id], self.read, *paths)
        return self.subjects

    @cached_property
    def events(self) -> dict[str, pd.DataFrame]:
        """ADTTE, ADRSP and the candidates of scenario primary."""
        scenario = self.run.scenarios[self.study_id]["primary"]
        paths = {name: self.out / f"{name}.parquet" for name in EVENTS}
        build_events(
            self.study,
            self.run.criteria[self.study_id],
            scenario.definitions,
            self.responses,
            *paths.values(),
            scenario.support,
        )
        return {name: pd.read_parquet(path) for name, path in paths.items()}

    def times(self, endpoint: str, evaluator: str = "") -> pd.DataFrame:
        """Return the analysed rows of ADTTE of one endpoint, evaluator and the deciding set."""
        rows = self.events["adtte"]
        mine = rows["PARAMCD"].eq(endpoint) & rows["POP"].eq(self.study.population)
        return rows[mine & (rows["EVAL"].eq(evaluator) if evaluator else True)]

    def responders(self, endpoint: str, evaluator: str, value: str = "Y") -> int:
        """Return how many subjects of the deciding set have a value of a rate."""
        rows = self.events["adrsp"]
        mine = rows["PARAMCD"].eq(endpoint) & rows["POP"].eq(self.study.population)
        return int((mine & rows["EVAL"].eq(evaluator) & rows["AVALC"].eq(value)).sum())
