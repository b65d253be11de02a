"""How every figure looks: fonts, sizes, colours, and what makes two runs the same bytes.

Colours are those of Okabe and Ito (2008), which readers with any common colour vision tell apart;
a group differs by its line style as well, so a figure also reads in black and white.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

INK = "#1a1a1a"
GREY = "#595959"
LIGHT = "#d9d9d9"
DPI = 120
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#56B4E9", "#E69F00")
STROKES = (
    "-",
    (0, (5, 2)),
    (0, (6, 2, 1, 2)),
    (0, (1, 1.4)),
    (0, (8, 2, 2, 2, 2, 2)),
    (0, (3, 1, 1, 1, 1, 1)),
    "-",
)
RC = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.linewidth": 0.8,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "text.parse_math": False,  # a $ in an id or a word is a $
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "path.simplify": False,
    "text.hinting": "none",
    "svg.hashsalt": "cartend",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}
SIZES = {"title": 11, "subtitle": 9, "label": 9, "table": 8.5, "note": 7}


@dataclass(frozen=True)
class Pen:
    """Colour and line style of one group."""

    colour: str
    stroke: object


def pen(place: int) -> Pen:
    """Return the pen of the nth group; beyond the palette colours repeat with other strokes."""
    colour = PALETTE[place % len(PALETTE)]
    stroke = STROKES[(place + place // len(PALETTE)) % len(STROKES)]
    return Pen(colour, stroke)


REFERENCES = ((0, (1, 1.4)), (0, (4, 2)), "-")


def reference(place: int) -> Pen:
    """Return the pen of the nth reference: grey, told apart by its strokes."""
    return Pen(GREY, REFERENCES[place % len(REFERENCES)])


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of so many inches, on the Agg canvas."""
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def styled() -> object:
    """Return the context in which a figure is made and saved."""
    return matplotlib.rc_context(RC)


def save(figure: Figure, stem: Path, formats: list[str]) -> list[Path]:
    """Write the figure in each format, the same bytes on every run, and return the paths."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    stamps = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}
    stamps["pdf"] = {"CreationDate": None, "Creator": None, "Producer": None}
    written = []
    for kind in formats:
        path = stem.with_name(f"{stem.name}.{kind}")
        more = {"pil_kwargs": {"compress_level": 3}} if kind == "png" else {}
        figure.savefig(path, format=kind, dpi=DPI, metadata=stamps.get(kind), **more)
        if kind == "svg":
            _slim(path)
        written.append(path)
    return written


def _slim(path: Path) -> None:
    """Round coordinates to a hundredth of a point and name fonts to fall back on.

    Only what stands inside tags is rounded; numbers in the text are results.
    Text stays text, so a figure can be searched and read aloud; Verdana has nearly the widths of
    DejaVu Sans, where a reader's machine lacks that.
    """
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"<[^>]*>", lambda tag: re.sub(r"-?\d+\.\d{3,}", _hundredth, tag[0]), text)
    text = re.sub(r"'DejaVu Sans'(?!, V)", "'DejaVu Sans', Verdana, sans-serif", text)
    path.write_text(text, encoding="utf-8")


def _hundredth(number: re.Match) -> str:
    return f"{float(number[0]):.2f}"
