"""From a folder that nobody has opened to a run file and a study file: ``cartend init``."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from cartend.admission.proposal import adam, trial
from cartend.admission.proposal.qualifiers import proposed_words
from cartend.admission.proposal.roles import Proposed, propose_roles
from cartend.admission.proposal.visits import visits_of
from cartend.admission.proposal.words import Tables, tally
from cartend.admission.proposal.write import lines_of, one_line, questions_first
from cartend.config.criteria import Criteria
from cartend.config.finder import SHIPPED, load_criteria
from cartend.config.questions import QUESTION
from cartend.config.records import Role, shipped_records
from cartend.config.template import OfDesign, Template, load_templates
from cartend.config.templates import Templates
from cartend.contract.datasets.sdtm import START_DATE
from cartend.contract.text import normal
from cartend.intake.dates import parse_dtc
from cartend.intake.errors import DataError
from cartend.intake.reader import find_files, read_study
from cartend.intake.roles import selected

RUN = "run.yaml"


@dataclass
class Draft:
    """The lines of a study file as they come together, and the keys that are questions."""

    lines: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def say(self, key: str, value: Any, told: str = "", flat: bool = True) -> None:
        """Add a key with what was seen of it."""
        self.lines += lines_of(key, one_line(value) if flat else value, told)

    def ask(self, key: str, told: str) -> None:
        """Add a key that only the statistician can answer."""
        self.questions.append(key)
        self.say(key, QUESTION, told)

    def answer(self, key: str, found: trial.Answer, question: str) -> None:
        """Add a key with its answer, or as a question where the data have none."""
        if found.value is None:
            self.ask(key, f"{question} {found.told}")
        else:
            self.say(key, found.value, found.told)


def init(folder: Path, out: Path) -> tuple[Path, Path, list[str]]:
    """Write run file and study file for a delivery; return their paths and the open questions.

    1. Read every file. ADSL without DM is ADaM, else it is SDTM.
    2. Disease and template; design; arms; criteria; evaluators; visits; strata; endpoints.
    3. A role or parameter that is not as shipped, with its counts and an example row.
    4. What the data do not tell is a question.

    Raises
    ------
    DataError
        Where the folder cannot be read, is no trial, or a file to be written stands there.
    """
    folder, out = Path(folder), Path(out)
    tables = read_study(folder)
    subjects = tables.get("adsl" if adam.is_adam(tables) else "dm")
    if subjects is None or "USUBJID" not in subjects:
        names = ", ".join(path.name for path in find_files(folder).values())
        raise DataError(f"{folder}: neither DM nor ADSL with USUBJID is among the files: {names}")
    name = study_id(subjects, folder)
    study_path, run_path = out / "studies" / f"{name}.yaml", out / RUN
    for path in (study_path, run_path):
        if path.exists():
            raise DataError(f"{path}: the file is there; move it away, or name another --out")
    draft = draft_of(tables, subjects, name, folder.resolve(), out.resolve())
    head = [
        f"# Proposed by `cartend init` from {len(tables)} files of {len(subjects)} subjects.",
        "# Each line says above it what was seen; read it before the first run.",
        *questions_first(draft.questions),
    ]
    study_path.parent.mkdir(parents=True, exist_ok=True)
    study_path.write_text("\n".join([*head, *draft.lines]) + "\n", encoding="utf-8")
    run_path.write_text(f"studies: [{name}]\nscenarios: []\n", encoding="utf-8")
    return run_path, study_path, draft.questions


def study_id(subjects: pd.DataFrame, folder: Path) -> str:
    """Return an id from STUDYID, else from the folder: small letters, digits and hyphens."""
    said = subjects["STUDYID"].dropna() if "STUDYID" in subjects else pd.Series(dtype=object)
    text = str(said.iloc[0]) if len(said) else folder.resolve().name
    plain = re.sub(r"[^a-z0-9]+", "-", normal(text)).strip("-")
    return plain if re.match(r"[a-z]", plain) else f"study-{plain}".rstrip("-")


def draft_of(tables: Tables, subjects: pd.DataFrame, name: str, folder: Path, out: Path) -> Draft:
    """Return the study file of a delivery."""
    draft, brought = Draft(), adam.is_adam(tables)
    roles = {} if brought else {one.role: one for one in propose_roles(tables)}
    titles = trial.titles_of(tables)
    template, said = trial.template_of(titles, load_templates())
    draft.say("id", name)
    draft.say("title", trial.title_of(tables) or name)
    draft.say("data", str(folder.relative_to(out)) if folder.is_relative_to(out) else str(folder))
    if brought:
        draft.say("entry", "adam")
    randomised = _is_randomised(subjects, roles, brought)
    arms = trial.arms_of(subjects, _arm_columns(brought), single=not randomised)
    design = "randomised" if randomised else "single-arm"
    _say_disease(draft, tables, template, said)
    draft.say(
        "design", design, f"{len(arms)} arms; randomisation " + _randomised_by(roles, subjects)
    )
    _say_arms(draft, arms, len(subjects))
    if template is not None and template.target_antigen:
        draft.say("target_antigen", template.target_antigen, "usual in this disease: correct it")
    _say_cutoff(draft, tables, subjects, brought)
    of = template.of(design) if template is not None else None
    _say_visits(draft, tables, roles, subjects, randomised, of)
    strata, verified, told = trial.strata_of(subjects) if randomised else ([], False, "")
    if strata:
        draft.say("strata", strata, f"candidates: {told}")
        if verified:
            draft.say("strata_are", "verified", "no factor as randomised has levels")
    _say_endpoints(draft, tables, of, design, brought)
    if brought:
        _say_adam(draft, tables, subjects)
    else:
        _say_roles(draft, list(roles.values()))
        _say_words(draft, tables)
    return draft


def _arm_columns(brought: bool) -> tuple[str, ...]:
    return ("ARMCD", "TRT01P", "ARM") if brought else ("ARMCD", "ARM")


def _is_randomised(subjects: pd.DataFrame, roles: dict[str, Proposed], brought: bool) -> bool:
    if brought:
        return "RANDDT" in subjects and bool(subjects["RANDDT"].notna().any())
    return roles["randomisation"].rows > 0


def _randomised_by(roles: dict[str, Proposed], subjects: pd.DataFrame) -> str:
    if not roles:
        return "by RANDDT" if "RANDDT" in subjects else "has no RANDDT"
    return f"in {roles['randomisation'].rows} records"


def _say_disease(draft: Draft, tables: Tables, template: Template | None, said: str) -> None:
    known = {
        path.stem: load_criteria(path) for path in sorted((SHIPPED / "criteria").glob("*.yaml"))
    }
    if template is None:
        draft.ask("disease", f"which disease? e.g. {', '.join(_diseases())}")
    else:
        draft.say("disease", template.disease, f"{template.label}: '{said}'")
    cats, results = _responses(tables)
    found, told = trial.criteria_of(cats, results, known)
    if found is None and template is not None and template.criteria in known:
        found, told = _by_template(template, known, results, told)
    if found is None:
        draft.ask("criteria", f"which criteria? shipped: {', '.join(known)}; {told}")
    else:
        draft.say("criteria", found, told)


def _by_template(
    template: Template, known: dict[str, Criteria], results: pd.Series, told: str
) -> tuple[str | None, str]:
    """Return the criteria of the template where they know every result."""
    words = {normal(text) for text in known[template.criteria].alias_map}
    fits = {normal(text) for text in results.dropna().unique()} <= words
    return (template.criteria, f"usual in {template.disease}; {told}") if fits else (None, told)


def _diseases() -> list[str]:
    return [one.disease for one in load_templates().values()]


def _responses(tables: Tables) -> tuple[pd.Series, pd.Series]:
    """Return what names the criteria, and the results of visit responses."""
    none = pd.Series(dtype=object)
    if "rs" in tables:
        rs = tables["rs"]
        if "RSTESTCD" in rs:
            rs = rs[rs["RSTESTCD"].map(normal).eq("ovrlresp")]
        result = rs.get("RSSTRESC", rs.get("RSORRES", none))
        return rs.get("RSCAT", none), result
    if "adrs" in tables:
        adrs = tables["adrs"]
        rows = adrs[adrs["PARAMCD"].map(lambda code: normal(code).startswith("ovr"))]
        return rows.get("PARCAT2", none), rows.get("AVALC", none)
    return none, none


def _say_arms(draft: Draft, arms: list[trial.ArmSeen], subjects: int) -> None:
    written = {}
    for arm in arms:
        entry: dict[str, Any] = {"label": arm.label, "role": arm.role or QUESTION}
        if arm.names:
            entry["names"] = list(arm.names)
        written[arm.code] = one_line(entry)
        if arm.role is None:
            draft.questions.append(f"arms.{arm.code}.role")
    told = ", ".join(f"{arm.code} ({arm.subjects})" for arm in arms)
    without = subjects - sum(arm.subjects for arm in arms)
    told += f"; {without} subjects without an arm" if without else ""
    if not arms:
        draft.ask("arms", "which arms? no column of the subjects names one")
    else:
        draft.say("arms", written, f"{told}; role: experimental, control or other", flat=False)


def _say_cutoff(draft: Draft, tables: Tables, subjects: pd.DataFrame, brought: bool) -> None:
    if brought:
        column = adam.columns_of(subjects).get("CUTDT", "CUTDT")
        days = subjects[column].dropna().unique() if column in subjects else []
        found = trial.Answer(str(days[0])[:10] if len(days) == 1 else None, f"ADSL {column}")
    else:
        found = trial.cutoff_of(tables)
    draft.answer("cutoff", found, "on which day were the data cut? as '2026-06-30';")


def _say_visits(
    draft: Draft,
    tables: Tables,
    roles: dict[str, Proposed],
    subjects: pd.DataFrame,
    randomised: bool,
    of: OfDesign | None,
) -> None:
    anchor = "randomisation" if randomised else "infusion"
    found = _schedule(tables, roles, subjects, anchor)
    told = "from VISIT and the days since the anchor; check the windows"
    if not found and of is None and "adrs" not in tables and "rs" not in tables:
        of = load_templates()["lbcl"].of("randomised" if randomised else "single-arm")
    if not found and of is not None:
        found = [one.model_dump() for one in of.schedule]
        told = "usual in this disease, for the data name no visits"
    if not found:
        draft.ask("visits", "which visits? the data name none")
        return
    visits = {"anchor": anchor, "schedule": [one_line(one) for one in found]}
    draft.say("visits", visits, told, flat=False)


def _schedule(
    tables: Tables, roles: dict[str, Proposed], subjects: pd.DataFrame, anchor: str
) -> list[dict]:
    if "rs" in tables and {"VISIT", "RSDTC"} <= set(tables["rs"]):
        rs = tables["rs"]
        seen = pd.DataFrame({"USUBJID": rs["USUBJID"], "VISIT": rs["VISIT"]})
        return visits_of(
            seen.assign(DAY=parse_dtc(rs["RSDTC"])["LO"]), _days(tables, roles[anchor])
        )
    adrs = tables.get("adrs")
    if adrs is not None and {"AVISIT", "ADT"} <= set(adrs):
        columns = {"INFDT": "INFDT", **adam.columns_of(subjects)}
        date = "RANDDT" if anchor == "randomisation" else columns["INFDT"]
        if date in subjects:
            start = subjects.drop_duplicates("USUBJID").set_index("USUBJID")[date]
            seen = pd.DataFrame({"USUBJID": adrs["USUBJID"], "VISIT": adrs["AVISIT"]})
            return visits_of(seen.assign(DAY=parse_dtc(adrs["ADT"])["LO"]), parse_dtc(start)["LO"])
    return []


def _days(tables: Tables, proposed: Proposed) -> pd.Series:
    """Return the first date of the records of a proposed role by USUBJID."""
    shipped = shipped_records()[proposed.role]
    role = Role.model_validate(proposed.records) if proposed.records else shipped
    parts = []
    for one in role.records if role is not None else ():
        table, date = tables.get(one.domain.lower()), START_DATE.get(one.domain.lower(), "")
        if table is not None and date in table:
            rows = table[selected(table, one)]
            parts.append(parse_dtc(rows[date]).assign(USUBJID=rows["USUBJID"]))
    if not parts:
        return pd.Series(dtype="datetime64[ms]")
    return pd.concat(parts).groupby("USUBJID")["LO"].min()


def _say_endpoints(
    draft: Draft, tables: Tables, of: OfDesign | None, design: str, brought: bool
) -> None:
    if brought:
        found, told = adam.evaluator_answer(
            tables.get("adrs"), adam.responses_of(tables.get("adrs"))
        )
    else:
        rs = tables.get("rs", pd.DataFrame({"RSEVAL": []}))
        values = rs.get("RSEVAL", pd.Series(None, index=rs.index, dtype=object))
        found, told = trial.evaluators_of(values)
    draft.say("evaluators", found or ["INV"])
    draft.answer("primary_evaluator", told, "whose assessment decides?")
    listed = list(of.endpoints) if of is not None else ["OS", "PFS_FDA", "ORR", "CR_M3", "DOR"]
    if brought:
        listed = _derivable(listed, tables)
    draft.say("endpoints", listed, "usual in this disease and design; files of config/endpoints")
    draft.ask("roles", f"which endpoint is primary? as {{{listed[0]}: {{role: primary}}}}")
    draft.say("times", [90, 183, 365, 730], "days at which curves are reported")


def _derivable(listed: list[str], tables: Tables) -> list[str]:
    """Return the endpoints that a brought ADaM can serve: of responses, or brought as times."""
    times, open_ = adam.times_of(tables.get("adtte"), Templates((SHIPPED,)).known)
    named = [one["endpoint"] for one in times.values()]
    stems = [code.upper() for code in open_]
    if "adrs" in tables:
        return listed
    return list(
        dict.fromkeys([*named, *(n for n in listed if any(n.split("_")[0] in s for s in stems))])
    )


def _say_adam(draft: Draft, tables: Tables, subjects: pd.DataFrame) -> None:
    said: dict[str, Any] = {}
    columns = adam.columns_of(subjects)
    if columns:
        said["columns"] = one_line({"adsl": columns})
    responses = adam.responses_of(tables.get("adrs"))
    if responses:
        said["adrs"] = one_line(responses)
    times, open_ = adam.times_of(tables.get("adtte"), Templates((SHIPPED,)).known)
    if times or open_:
        entries = {code: one_line(entry) for code, entry in times.items()}
        for code in open_:
            entries[code] = one_line({"endpoint": QUESTION})
            draft.questions.append(f"adam.adtte.{code}.endpoint")
        said["adtte"] = entries
    told = [f"dates of ADSL: {', '.join(c for c in subjects if c.endswith('DT'))}"]
    if open_:
        told.append("which endpoint is each? list it under endpoints too")
    for name in ("adrs", "adtte"):
        if name in tables and "PARAMCD" in tables[name]:
            told.append(f"{name.upper()} PARAMCD: {tally(tables[name]['PARAMCD'])}")
    if said:
        draft.say("adam", said, "\n".join(told), flat=False)


def _say_roles(draft: Draft, roles: list[Proposed]) -> None:
    kept = [f"{one.role} ({one.rows})" for one in roles if one.how == "as shipped"]
    missing = [one.role for one in roles if one.how == "not found"]
    told = f"As shipped, with their records: {', '.join(kept) or 'none'}."
    told += f"\nNot found: {', '.join(missing) or 'none'}."
    draft.lines += [f"# {line}" for line in told.split("\n")]
    proposed = [one for one in roles if one.records]
    if not proposed:
        return
    draft.lines.append("records:")
    for one in proposed:
        entry = one.records[0] if len(one.records) == 1 else one.records
        written = lines_of(one.role, one_line(entry), f"{one.rows} records; e.g. {one.example}")
        draft.lines += [f"  {line}" for line in written]


def _say_words(draft: Draft, tables: Tables) -> None:
    words = proposed_words(tables)
    if words:
        draft.say("words", {key: one_line(entry) for key, entry in words.items()},
                  "words of coded columns: ours: [theirs]", flat=False)  # fmt: skip
