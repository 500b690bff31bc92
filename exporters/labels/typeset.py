"""A label as PDF, SVG or PNG: the same page, set from one template.

- A PNG has a dot for every dot of the printer; a PDF and an SVG have the same geometry in true size.
- All bars of a symbol are one shape, so that no seam opens between two of them.
- The same label gives the same bytes.

    page(label, "pdf", copies=2)

docs/adr/0053-labels-stand-on-dots.md.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exporters.files.pdf import PageFormat, set_page
from exporters.labels.label import Box, Ink, Label, Mark, Text
from exporters.labels.pictures import bars
from schemas.syntax.json_text import Number

_TEMPLATE = Path(__file__).with_name("label.typ")


def page(label: Label, format: PageFormat, *, copies: int = 1) -> bytes:
    """The file. Copies are pages of a PDF; a picture is of one."""
    said = {
        "title": label.kind,
        "dpi": label.grid.dpi,
        "width": label.width,
        "height": label.height,
        "copies": copies if format == "pdf" else 1,
        "marks": [_mark(mark) for mark in label.marks],
    }
    return set_page(_TEMPLATE, said, format, dpi=label.grid.dpi)


def _mark(mark: Mark) -> dict[str, Any]:
    if not isinstance(mark, Text):
        return {"bars": list(_bars(mark))}
    return {
        "left": mark.left,
        "top": mark.top,
        "width": mark.width,
        "height": mark.height,
        "size": Number(f"{mark.size:.4f}"),
        "text": mark.text,
        "bold": mark.bold,
        "align": mark.align,
        "white": mark.white,
    }


def _bars(mark: Ink | Box) -> Iterator[list[int]]:
    if isinstance(mark, Box):
        yield [mark.left, mark.top, mark.width, mark.height]
        return
    for bar in bars(mark.symbol, mark.dots, mark.height):
        yield [mark.left + bar.left, mark.top + bar.top, bar.width, bar.height]
