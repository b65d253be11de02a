"""Where the data of a study are: the folder that its key ``data`` names (decision D45)."""

import os
from pathlib import Path

from cartend.config.base import ConfigError
from cartend.contract.text import conjoined


def data_folder(data: str, study_file: Path, workdir: Path) -> str:
    """Return the data folder, absolute as given, else relative to the working directory.

    1. An absolute path is taken as it is.
    2. A relative one is looked for in the folder of the study file, then in each folder above it,
       to the first that has it; and in the working directory.
    3. Where these are two folders that both hold a file, nobody knows which is meant.

    Raises
    ------
    ConfigError
        One sentence with the key and the folders, where there is none or there are two.
    """
    if Path(data).is_absolute():
        found = [Path(data)] if Path(data).is_dir() else []
    else:
        start = study_file.resolve().parent
        above = [folder / data for folder in (start, *start.parents) if (folder / data).is_dir()]
        here = workdir / data
        found = [*above[:1], *([here] if here.is_dir() else [])]
    folders = list(dict.fromkeys(folder.resolve() for folder in found))
    filled = [folder for folder in folders if _holds_a_file(folder)] or folders
    if not filled:
        raise ConfigError(
            f"{study_file}: key data: the folder {data} does not exist, from the folder of the "
            "study file upwards or in the working directory"
        )
    if len(filled) > 1:
        raise ConfigError(
            f"{study_file}: key data: {data} may mean {conjoined(map(str, filled))}; write the one "
            "that is meant as an absolute path"
        )
    return data if Path(data).is_absolute() else os.path.relpath(filled[0], workdir.resolve())


def _holds_a_file(folder: Path) -> bool:
    return any(path.is_file() and not path.name.startswith(".") for path in folder.iterdir())
