"""What a question answered, asked for by section and line."""

import pandas as pd


class Answer:
    """The rows of one question, asked for by section and line."""

    def __init__(self, rows: list[tuple], curves: pd.DataFrame) -> None:
        self.rows, self.curves = rows, curves

    def get(self, line: str, statistic: str = "estimate", arm: str = "", section: str = ""):
        """Return the one value of a line that ends so, of a section that ends so."""
        found = [
            row[14]
            for row in self.rows
            if row[7].endswith(line) and row[13] == statistic and row[5] == arm
            if row[6].endswith(section)
        ]
        assert len(found) == 1, (line, statistic, arm, found)
        return found[0]

    def notes(self, section: str = "") -> set[str]:
        """Return the reasons of a section."""
        return {row[15] for row in self.rows if row[6].endswith(section) and row[15]}
