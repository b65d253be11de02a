"""Where the file of an id is: the folders of the user's configuration, then the shipped one."""

from dataclasses import dataclass
from pathlib import Path

from cartend.config.base import ConfigError
from cartend.config.criteria import Criteria
from cartend.config.files import read_yaml, validate
from cartend.config.questions import refuse_questions
from cartend.config.records import all_records
from cartend.config.study import Study
from cartend.contract.terms.grammar import RESPONSE_SET
from cartend.contract.text import hint

SHIPPED = Path(__file__).resolve().parents[3] / "config"


@dataclass(frozen=True)
class Finder:
    """The folders in which files are looked for, in order, and the working directory."""

    workdir: Path
    folders: tuple[Path, ...]

    def known(self, kind: str) -> list[str]:
        """Return the ids of all files of a kind."""
        return sorted({p.stem for f in self.folders for p in (f / kind).glob("*.yaml")})

    def response_words(self, criteria: str) -> list[str]:
        """Return the names of response sets and the categories of all criteria.

        A definition may name a category that one study's criteria have and another's do not.
        """
        names = {Path(criteria).stem: criteria} | {name: name for name in self.known("criteria")}
        words = dict.fromkeys(RESPONSE_SET.codes)
        for name in names.values():
            words |= dict.fromkeys(load_criteria(self.find("criteria", name)).rank)
        return list(words)

    def find(self, kind: str, name: str) -> Path:
        """Return the file of an id, or of a path relative to the working directory."""
        if "/" in name or name.endswith((".yaml", ".yml")):
            path = self.workdir / name
            if path.is_file():
                return path
            raise ConfigError(f"{kind}: the file {name} does not exist")
        for folder in self.folders:
            path = folder / kind / f"{name}.yaml"
            if path.is_file():
                return path
        known = self.known(kind)
        raise ConfigError(
            f"{kind}: {name} is not known; known: {', '.join(known)}{hint(name, known)}"
        )


def load_study(path: Path) -> Study:
    """Return the typed study of a file with every role, the shipped ones too (decision D38).

    So each job is told what its records mean, and a change of a shipped role is a change of it.

    Raises
    ------
    ConfigError
        One sentence with file, key, value and what is allowed.
    """
    content = read_yaml(path)
    refuse_questions(content, str(path))
    study: Study = validate(Study, content, str(path))
    return study.model_copy(update={"records": all_records(study.records)})


def load_criteria(path: Path) -> Criteria:
    """Return the typed response criteria of a file; ConfigError in one sentence."""
    return validate(Criteria, read_yaml(path), str(path))
