"""What a question says of itself: name, requirement, title, and the sentences under its page."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from cartend.contract.datasets.dataset import Dataset

BOTH = ("randomised", "single-arm")
RANDOMISED = ("randomised",)
SINGLE_ARM = ("single-arm",)
RATIO = "Hazard ratios are experimental over control."
GAP = "Differences are experimental minus control."


class Entry(NamedTuple):
    """One question as the pages name it; it stands in the file that answers the question.

    ``who`` says whom or what the page counts; ``{set}`` in it is the study's analysis set in words.
    ``reading`` holds the sentences of its analyses, by the names that these have in ARD (several,
    joined by blanks); a sentence stands under a page that has one of them. ``sources`` are the
    datasets that the answer reads, in words what is none. ``exploratory`` marks what no hypothesis
    was stated for beforehand (D33, D36).
    """

    name: str
    requirement: str
    title: str
    who: str
    reading: Mapping[str, str]
    sources: tuple[Dataset | str, ...]
    designs: tuple[str, ...] = BOTH
    exploratory: bool = True

    def footer(self, population: str, analyses: Collection[str]) -> tuple[str, ...]:
        """Return the sentences under a page whose results hold these analyses.

        ``population`` is the study's analysis set in words.
        """
        said = [
            sentence
            for named, sentence in self.reading.items()
            if not set(named.split()).isdisjoint(analyses)
        ]
        return (self.who.format(set=population), *said)

    @property
    def source(self) -> str:
        """Return the datasets that the answer reads, as a page names them."""
        return ", ".join(one if isinstance(one, str) else one.name for one in self.sources)
