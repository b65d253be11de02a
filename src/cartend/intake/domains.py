"""The input contract as data: which columns of which domain are used (specification, data, 1)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Domain:
    """One SDTM domain: its columns, those it cannot do without, and those that are numbers."""

    name: str
    needed: tuple[str, ...]
    used: tuple[str, ...] = ()
    numeric: tuple[str, ...] = ()
    supplemental: tuple[str, ...] = ()

    @property
    def seq(self) -> str | None:
        """The record number's column, None in DM, which has one row a subject."""
        return None if self.name == "dm" else f"{self.name.upper()}SEQ"

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the contract, in writing order."""
        head = () if self.seq is None else (self.seq,)
        keys = ("USUBJID",) if "USUBJID" in self.needed else ()
        listed = ("STUDYID", *keys, *head, *self.needed, *self.used)
        return tuple(dict.fromkeys((*listed, *self.numeric, *self.supplemental)))

    @property
    def sort_key(self) -> list[str]:
        """Columns by which the domain is written."""
        if self.name == "dm":
            return ["USUBJID"]
        return [self.columns[1], self.seq] if self.name != "ts" else ["TSPARMCD", "TSSEQ"]


def _table(*domains: Domain) -> dict[str, Domain]:
    return {domain.name: domain for domain in domains}


DOMAINS = _table(
    Domain(
        "dm",
        ("USUBJID",),
        (
            "SITEID",
            "SEX",
            "RACE",
            "COUNTRY",
            "ARMCD",
            "ARM",
            "ACTARMCD",
            "ACTARM",
            "RFICDTC",
            "RFXSTDTC",
            "DTHDTC",
            "DTHFL",
        ),
        ("AGE",),
    ),
    Domain("ds", ("USUBJID", "DSDECOD", "DSSTDTC"), ("DSTERM", "DSCAT", "DSSCAT")),
    Domain(
        "ex",
        ("USUBJID", "EXCAT", "EXSTDTC"),
        ("EXTRT", "EXDOSU", "EXENDTC"),
        ("EXDOSE",),
        ("CONFORM", "NATREAS"),
    ),
    Domain(
        "pr",
        ("USUBJID", "PRCAT", "PRSTDTC"),
        ("PRTRT", "PRENDTC"),
        (),
        ("PLANNED", "NATREAS"),
    ),
    Domain(
        "cm",
        ("USUBJID", "CMCAT", "CMSTDTC"),
        ("CMTRT", "CMDECOD", "CMCLAS", "CMENDTC"),
        ("LINE",),
        ("BESTRESP", "PDDTC", "INTOLER", "FULLDOSE", "INTENS", "NATREAS", "TARGET"),
    ),
    Domain(
        "rs",
        ("USUBJID", "RSTESTCD", "RSDTC"),
        (
            "RSCAT",
            "RSMETHOD",
            "RSORRES",
            "RSSTRESC",
            "RSSTAT",
            "RSEVAL",
            "RSEVALID",
            "RSACPTFL",
            "VISIT",
        ),
        ("VISITNUM",),
        ("PDBASIS", "PDIFL", "PDOFL", "DTHPDFL"),
    ),
    Domain(
        "lb",
        ("USUBJID", "LBTESTCD", "LBDTC"),
        (
            "LBMETHOD",
            "LBSPEC",
            "LBORRES",
            "LBORRESU",
            "LBSTRESC",
            "LBSTRESU",
            "LBSTAT",
            "LBREASND",
            "LBBLFL",
            "VISIT",
        ),
        ("LBSTRESN", "LBLLOD", "MRDCELLS", "VISITNUM"),
        ("HEMODIL", "TRACKABL", "SUPPORT"),
    ),
    Domain(
        "tu",
        ("USUBJID",),
        ("TULNKID", "TULOC", "TUTESTCD", "TUORRES", "TUDTC", "TUEVAL", "VISIT"),
    ),
    Domain(
        "tr",
        ("USUBJID", "TRTESTCD"),
        (
            "TRLNKID",
            "TRORRES",
            "TRORRESU",
            "TRSTRESC",
            "TRSTRESU",
            "TRSTAT",
            "TRBLFL",
            "TRDTC",
            "TREVAL",
            "VISIT",
        ),
        ("TRSTRESN",),
    ),
    Domain(
        "ae",
        ("USUBJID", "AEDECOD", "AESTDTC"),
        ("AETERM", "AEBODSYS", "AEENDTC", "AESER", "AEOUT", "AESDTH"),
        ("AETOXGR",),
    ),
    Domain("dd", ("USUBJID", "DDTESTCD", "DDSTRESC"), ("DDORRES", "DDDTC")),
    Domain("ss", ("USUBJID", "SSTESTCD", "SSSTRESC", "SSDTC")),
    Domain("ts", ("TSPARMCD", "TSVAL")),
    Domain("sc", ("USUBJID", "SCTESTCD", "SCSTRESC"), (), ("SCSTRESN",)),
)
