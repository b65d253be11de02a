"""A configuration folder of one's own in a temporary place, the shipped one behind it."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from cartend.config.base import ConfigError
from cartend.config.finder import SHIPPED
from cartend.config.load import load_config
from cartend.config.resolved import Resolved


class Folder:
    """A folder with a configuration: change a file, load it, or get the sentence that is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for name in ("studies", "scenarios", "endpoints", "data/synthetic/lbcl-second-line"):
            (path / name).mkdir(parents=True)
        self.study_text = (SHIPPED / "studies" / "lbcl-second-line.yaml").read_text()
        self.scenarios: list[str] = []

    def write(self, name: str, content: object) -> "Folder":
        text = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
        (self.path / f"{name}.yaml").write_text(text)
        return self

    def study(self, **changes: object) -> "Folder":
        """Use the shipped lymphoma study with other values."""
        self.study_text = yaml.safe_dump({**yaml.safe_load(self.study_text), **changes})
        return self

    def replaced(self, old: str, new: str) -> "Folder":
        """Use the shipped lymphoma study with other text."""
        assert old in self.study_text
        self.study_text = self.study_text.replace(old, new)
        return self

    def scenario(self, endpoints: object, name: str = "other", **keys: object) -> "Folder":
        content = {"name": name, "describe": "a test", "endpoints": endpoints, **keys}
        self.scenarios.append(name)
        return self.write(f"scenarios/{name}", content)

    def load(self) -> Resolved:
        self.write("studies/lbcl", self.study_text)
        self.write("config", {"studies": ["lbcl"], "scenarios": self.scenarios})
        return load_config(self.path / "config.yaml", self.path)

    def definitions(self, scenario: str = "other") -> dict:
        return self.load().scenarios["lbcl-second-line"][scenario].definitions

    def error(self) -> str:
        """Load, and return the one sentence of what is wrong, without the folder's path."""
        with pytest.raises(ConfigError) as caught:
            self.load()
        sentence = str(caught.value).replace(f"{self.path}/", "")
        assert "\n" not in sentence
        return sentence


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def sentence_of() -> Callable[..., str]:
    """Return a function that calls and gives the sentence of the ConfigError."""

    def call(function: Callable, *arguments: object) -> str:
        with pytest.raises(ConfigError) as caught:
            function(*arguments)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    return call
