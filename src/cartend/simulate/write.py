"""Writing a trial as CSV files that have the same bytes wherever they are written."""

from pathlib import Path

import pandas as pd
import yaml


def write_domains(domains: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write one CSV a domain; blank is missing, the line ends with a line feed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in domains.items():
        text = frame.to_csv(index=False, lineterminator="\n")
        (folder / f"{name}.csv").write_bytes(text.encode("utf-8"))


def write_yaml(content: dict, path: Path, heading: str) -> None:
    """Write a YAML file with a heading comment, keys in the order given."""
    body = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    path.write_bytes(f"# {heading}\n{body}".encode())
