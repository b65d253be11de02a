"""A drawn SVG as a part of a page: as an image that fetches nothing, or inline with its links."""

import base64
import re
from pathlib import Path

from markupsafe import Markup

KINDS = {"svg": "image/svg+xml", "png": "image/png"}
SWAPPED = str.maketrans("\"'", "'\"")
ESCAPED = str.maketrans({mark: f"%{ord(mark):02X}" for mark in '%#"&<>'})


def figure_source(folder: Path, stem: str) -> str:
    """Return a figure as a data URI: SVG where there is one, else PNG, else nothing.

    SVG is text: quoted where a URI asks for it, it takes three quarters of what Base64 takes.
    """
    path = folder / f"{stem}.svg"
    if path.exists():
        return f"data:{KINDS['svg']},{quoted(path.read_text(encoding='utf-8'))}"
    path = folder / f"{stem}.png"
    if path.exists():
        return f"data:{KINDS['png']};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"
    return ""


def quoted(text: str) -> Markup:
    """Return an SVG as it may stand in a data URI between double quotes of HTML.

    Within tags the two kinds of quotation marks change places, since the single ones are fewer.
    """
    text = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r"<[^>]*>", lambda tag: tag[0].translate(SWAPPED), text)
    return Markup(re.sub(r"\s+", " ", text).strip().translate(ESCAPED))


def inline_svg(path: Path, prefix: str, label: str) -> Markup:
    """Return an SVG as an element of the page, whose links lead to places of the page.

    1. What belongs to a file alone is left out: declaration, document type, metadata. 2. Every
    identifier gets a prefix, since a page may hold several figures. 3. The style sheet, which would
    hold for the whole page, becomes a style of the element. 4. A link to the report is one to the
    page itself.
    """
    text = path.read_text(encoding="utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.S)
    found = re.search(r"<style[^>]*>\s*\*\s*{([^}]*)}\s*</style>", text)
    style = found[1].strip() if found else ""
    text = re.sub(r"<style.*?</style>", "", text, flags=re.S)
    text = re.sub(r' id="([^"]+)"', rf' id="{prefix}\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}\1)", text)
    text = re.sub(r'href="#([^"]+)"', rf'href="#{prefix}\1"', text)
    text = re.sub(r'href="[^"#]*report\.html#', 'href="#', text)
    said = Markup('<svg role="group" aria-label="{}" style="{}"').format(label, style)
    return Markup(text.replace("<svg", said, 1))
