"""A clean trial of three subjects, written by hand, and short ways to read it."""

import contextlib
import io
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import yaml

from cartend.config.criteria import Criteria
from cartend.config.study import Study
from cartend.intake.delivery import Delivery
from cartend.intake.errors import DataError
from cartend.intake.ingest import ingest, read_domains
from cartend.intake.stops import StopError, read_stops

CRITERIA = Path(__file__).parents[2] / "config" / "criteria"
STUDY = {
    "id": "tiny",
    "title": "Three subjects",
    "disease": "LBCL",
    "criteria": "lugano-2014",
    "design": "randomised",
    "arms": {
        "CART": {"label": "CAR-T", "role": "experimental"},
        "SOC": {"label": "Standard of care", "role": "control"},
    },
    "cutoff": "2025-12-31",
    "visits": {"anchor": "randomisation", "schedule": [{"label": "W12", "day": 84}]},
    "strata": ["REFRACT", "AGEGR"],
    "endpoints": ["OS"],
}
CLEAN = {
    "dm": """
        STUDYID,USUBJID,SITEID,AGE,SEX,RACE,COUNTRY,ARMCD,ARM,RFICDTC,DTHDTC,DTHFL,AGEU
        T,S1,01,61,M,ASIAN,CHN,CART,CAR-T,2025-01-02,2025-09-20,Y,YEARS
        T,S2,01,47,F,ASIAN,CHN,SOC,Standard of care,2025-01-05,,,YEARS
        T,S3,02,70,F,WHITE,USA,CART,CAR-T,2025-02-01,,,YEARS""",
    "ds": """
        USUBJID,DSSEQ,DSDECOD,DSCAT,DSSTDTC
        S1,1,INFORMED CONSENT OBTAINED,PROTOCOL MILESTONE,2025-01-02
        S1,2,RANDOMIZED,PROTOCOL MILESTONE,2025-01-10
        S1,3,DEATH,DISPOSITION EVENT,2025-09-20
        S2,1,RANDOMIZED,PROTOCOL MILESTONE,2025-01-12
        S2,2,LOST TO FOLLOW-UP,DISPOSITION EVENT,2025-08-01
        S3,1,RANDOMIZED,PROTOCOL MILESTONE,2025-02-10""",
    "ex": """
        USUBJID,EXSEQ,EXTRT,EXCAT,EXDOSE,EXDOSU,EXSTDTC,EXENDTC
        S1,1,FLUDARABINE,LYMPHODEPLETION,30,mg/m2,2025-02-10,2025-02-12
        S1,2,PRODUCT X,CAR-T INFUSION,2,10^6 CELLS/kg,2025-02-15T10:30,2025-02-15T11:00
        S2,1,R-ICE,STANDARD OF CARE,,,2025-01-20,2025-03-01
        S3,1,PRODUCT X,CAR-T INFUSION,2,10^6 CELLS/kg,2025-03-15,2025-03-15""",
    "pr": """
        USUBJID,PRSEQ,PRTRT,PRCAT,PRSTDTC,PRENDTC
        S1,1,LEUKAPHERESIS,LEUKAPHERESIS,2025-01-15,2025-01-15
        S3,1,LEUKAPHERESIS,LEUKAPHERESIS,2025-02-14,2025-02-14
        S3,2,ALLOGENEIC HSCT,HSCT,2025-10-01,""",
    "supppr": """
        USUBJID,IDVAR,IDVARVAL,QNAM,QVAL
        S3,PRSEQ,2,PLANNED,N""",
    "cm": """
        USUBJID,CMSEQ,CMTRT,CMCLAS,CMCAT,CMSTDTC,CMENDTC
        S1,1,R-CHOP,ANTHRACYCLINE,PRIOR ANTI-CANCER THERAPY,2023,2024-02
        S1,2,BENDAMUSTINE,ALKYLATOR,BRIDGING THERAPY,2025-01-20,2025-01-22
        S2,1,TAFASITAMAB,ANTI-CD19,SUBSEQUENT ANTI-CANCER THERAPY,2025-04-20,2025-06-01""",
    "suppcm": """
        USUBJID,IDVAR,IDVARVAL,QNAM,QVAL
        S1,CMSEQ,1,LINE,1
        S1,CMSEQ,1,PDDTC,2024-11
        S2,CMSEQ,1,NATREAS,EFFICACY""",
    "rs": """
        USUBJID,RSSEQ,RSTESTCD,RSCAT,RSSTRESC,RSEVAL,RSDTC,VISIT,VISITNUM
        S1,1,OVRLRESP,LUGANO 2014,CMR,INDEPENDENT ASSESSOR,2025-04-04,W12,3
        S1,2,OVRLRESP,LUGANO 2014,PMR,INVESTIGATOR,2025-04-04,W12,3
        S2,1,OVRLRESP,LUGANO CLASSIFICATION,PD,INDEPENDENT ASSESSOR,2025-04-06,W12,3
        S2,2,OVRLRESP,LUGANO CLASSIFICATION,PD,INVESTIGATOR,2025-04-06,W12,3
        S3,1,TRGRESP,LUGANO 2014,some text,INVESTIGATOR,2025-05-05,W12,3
        S3,2,OVRLRESP,LUGANO 2014,CR,INVESTIGATOR,2025-05-05,W12,3""",
    "lb": """
        USUBJID,LBSEQ,LBTESTCD,LBMETHOD,LBSPEC,LBSTRESC,LBSTRESN,LBLLOD,LBDTC,LBSTRESU
        S1,1,MRD,NGS,BONE MARROW,NEGATIVE,0,0.00001,2025-04-04,FRACTION
        S1,2,MRD,NGS,BONE MARROW,POSITIVE,0.002,0.00001,2025-07-04,FRACTION""",
    "ae": """
        USUBJID,AESEQ,AEDECOD,AESTDTC,AEENDTC,AETOXGR,AEOUT,AESDTH
        S1,1,Sepsis,2025-09-10,2025-09-20,5,FATAL,Y""",
    "dd": """
        USUBJID,DDSEQ,DDTESTCD,DDSTRESC,DDDTC
        S1,1,PRCDTH,INFECTION,2025-09-20""",
    "ss": """
        USUBJID,SSSEQ,SSTESTCD,SSSTRESC,SSDTC
        S2,1,SURVSTAT,ALIVE,2025-07-30
        S3,1,SURVSTAT,ALIVE,2025-12-01""",
    "sc": """
        USUBJID,SCSEQ,SCTESTCD,SCSTRESC
        S1,1,REFRACT,Y
        S2,1,REFRACT,N
        S3,1,REFRACT,N""",
}
ADAM = {
    "adsl": """
        USUBJID,ARMCD,RANDDT,INFDT,DTHDT,LSTALVDT,EOSDT
        S1,CART,2025-01-10,2025-02-15,2025-09-20,2025-09-20,2025-09-20
        S2,SOC,2025-01-12,,,2025-08-01,2025-08-01""",
    "adrs": """
        USUBJID,PARAMCD,EVAL,ADT,AVALC,ASEQ
        S1,OVR,IRC,2025-04-04,CMR,1
        S1,OVR,INV,2025-04-04,PR,2
        S1,BOR,IRC,2025-04-04,CR,3
        S2,OVR,IRC,2025-04-06,PD,1""",
    "adtte": """
        USUBJID,PARAMCD,STARTDT,ADT,AVAL,AVALU,CNSR,EVNTDESC,CNSDTDSC
        S1,OS,2025-01-10,2025-09-20,254,DAYS,0,Death,
        S1,PFS,2025-01-10,2025-09-20,254,DAYS,0,Death,
        S2,OS,2025-01-12,2025-08-01,202,DAYS,1,Alive,Last known alive
        S2,PFS,2025-01-12,2025-04-06,85,DAYS,0,PD,""",
}


@cache
def table(text: str) -> pd.DataFrame:
    """Read a table written in a test: text columns, blanks as ''."""
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    return pd.read_csv(io.StringIO(lines), dtype=str, keep_default_na=False)


class Room:
    """The clean trial, ways to change it, and ways to read it, in one folder of the test."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.tables = {name: table(text).copy() for name, text in CLEAN.items()}
        self.study_keys: dict = {}
        self.criteria_id = "lugano-2014"
        self.rows = self.words = pd.DataFrame()

    def bring_adam(self) -> None:
        """Bring ADaM instead of SDTM."""
        self.tables = {name: table(text).copy() for name, text in ADAM.items()}
        self.study_keys["entry"] = "adam"

    def set(self, name: str, row: int, **values: str) -> None:
        """Change cells of one record."""
        for column, value in values.items():
            if column not in self.tables[name]:
                self.tables[name][column] = ""
            self.tables[name].loc[row, column] = value

    def add(self, name: str, **values: str) -> None:
        """Add a record, blank where no value is given."""
        new = pd.DataFrame([values])
        self.tables[name] = pd.concat([self.tables[name], new], ignore_index=True).fillna("")

    def add_table(self, name: str, **values: str) -> None:
        """Bring a dataset of one record."""
        self.tables[name] = pd.DataFrame([values])

    def say(self, role: str, domain: str, **where: str | list[str]) -> None:
        """Let the study file say which records have a role."""
        records = self.study_keys.setdefault("records", {})
        records[role] = {"from": domain, "where": where}

    def drop(self, name: str, column: str | None = None) -> None:
        """Leave out a dataset, or one of its columns."""
        if column is None:
            del self.tables[name]
        else:
            self.tables[name] = self.tables[name].drop(columns=column)

    @property
    def study(self) -> Study:
        """The study of this folder."""
        return Study.model_validate({**STUDY, "data": str(self.folder), **self.study_keys})

    @property
    def criteria(self) -> Criteria:
        """The response criteria."""
        text = (CRITERIA / f"{self.criteria_id}.yaml").read_text(encoding="utf-8")
        return Criteria.model_validate(yaml.safe_load(text))

    def write(self) -> None:
        """Write the tables as CSV, and nothing else."""
        self.folder.mkdir(exist_ok=True)
        for path in self.folder.glob("*.csv"):
            path.unlink()
        for name, content in self.tables.items():
            content.to_csv(self.folder / f"{name}.csv", index=False)

    def ingest(self) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
        """Run the step on the written tables; return what it wrote and the findings."""
        self.write()
        return self.ingest_folder()

    def ingest_folder(self) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
        """Run the step on the folder as it is; raise what the gate would end the run for."""
        out = self.folder.parent / "out"
        ingest(self.study, self.criteria, out, self.findings_path)
        stops = read_stops(out / "stops.csv")
        if stops:
            raise StopError(stops)
        written = {path.stem: pd.read_parquet(path) for path in sorted(out.glob("*.parquet"))}
        self.rows, self.words = written.pop("rows"), written.pop("words")
        return written, self.findings()

    @property
    def findings_path(self) -> Path:
        """Where the findings are written."""
        return self.folder.parent / "findings.csv"

    def findings(self) -> pd.DataFrame:
        """Return the findings as written."""
        return pd.read_csv(self.findings_path, dtype=str, keep_default_na=False)

    def read(self) -> Delivery:
        """Read the written tables without writing Parquet."""
        self.write()
        return read_domains(self.study, self.criteria)

    def hits(self, finding_id: str) -> list[tuple[str, str, str]]:
        """Return domain, subject and record of the findings with this id, stopped or not."""
        with contextlib.suppress(DataError):
            self.ingest()
        found = self.findings()
        rows = found[found["finding_id"] == finding_id]
        return list(rows[["domain", "usubjid", "record"]].itertuples(index=False, name=None))


@pytest.fixture(scope="session")
def new_room() -> type[Room]:
    """The maker of clean trials, for a fixture that lives longer than a test."""
    return Room


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """A clean trial in a folder of its own."""
    return Room(tmp_path / "data")
