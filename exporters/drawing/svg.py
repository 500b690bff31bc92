"""The few shapes that drawings are made of, as SVG text; whatever is said in them is escaped.

- Numbers are written with one decimal: the same drawing is the same text everywhere.
- One family of letters for all; a text that is too long for its place is cut with an ellipsis.

    svg(200, 100, [box(0, 0, 80, 40, fill="#fff"), text(4, 14, "Lotto P-7")])

SVG 1.1.
"""

from collections.abc import Iterable
from html import escape
from typing import Literal

Anchor = Literal["start", "middle", "end"]
Role = Literal["img", "group"]
FONT = "Libertinus Sans, Libertinus Serif, Georgia, serif"
INK, QUIET, LINE = "#1f2a1f", "#5b665b", "#9aa79a"


def svg(
    width: float, height: float, parts: Iterable[str], *, title: str = "", about: str = "", role: Role = "img"
) -> str:
    """The whole drawing; a `group` where there is something in it to go to, else one picture. `about`: what is seen in
    it, in a sentence."""
    named = f"<title>{escape(title)}</title>" if title else ""
    named += f"<desc>{escape(about)}</desc>" if about else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" '
        f'height="{_n(height)}" role="{role}" font-family="{FONT}">{named}{"".join(parts)}</svg>'
    )


def box(x: float, y: float, width: float, height: float, *, fill: str, stroke: str = LINE, thick: float = 1) -> str:
    """A box with round corners."""
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx="5" fill="{fill}" '
        f'stroke="{stroke}" stroke-width="{_n(thick)}"/>'
    )


def text(
    x: float, y: float, said: str, *, size: float = 11, fill: str = INK, bold: bool = False, anchor: Anchor = "start",
    room: float = 0,
) -> str:  # fmt: skip
    """One line of text that begins, ends or has its middle at `x`; `room`: the width it has to stay in, 0 for any."""
    shown = shortened(said, room, size) if room else said
    weight = ' font-weight="bold"' if bold else ""
    held = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" fill="{fill}"{weight}{held}>{escape(shown)}</text>'


def curve(x1: float, y1: float, x2: float, y2: float, *, stroke: str = LINE, thick: float = 1.2) -> str:
    """A way from left to right."""
    middle = (x1 + x2) / 2
    path = f"M{_n(x1)} {_n(y1)} C{_n(middle)} {_n(y1)} {_n(middle)} {_n(y2)} {_n(x2)} {_n(y2)}"
    return f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{_n(thick)}"/>'


def rule(x: float, y: float, width: float, *, stroke: str = LINE) -> str:
    """A thin line across."""
    return f'<path d="M{_n(x)} {_n(y)} H{_n(x + width)}" stroke="{stroke}" stroke-width="1"/>'


def linked(address: str, parts: Iterable[str]) -> str:
    """Parts that lead to an address; what is written in them is read aloud."""
    return f'<a href="{escape(address)}">{"".join(parts)}</a>'


def area(points: Iterable[tuple[float, float]], *, fill: str, stroke: str = LINE) -> str:
    """A closed outline."""
    path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    return f'<polygon points="{path}" fill="{fill}" stroke="{stroke}" stroke-width="0.8" stroke-linejoin="round"/>'


def dot(x: float, y: float, radius: float, *, fill: str) -> str:
    """A round mark."""
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="#ffffff" stroke-width="1"/>'


def shortened(said: str, room: float, size: float) -> str:
    """A text that stays within a width, by what letters are wide on average."""
    most = max(2, int(room / (size * 0.47)))
    return said if len(said) <= most else said[: most - 1] + "…"


def _n(value: float) -> str:
    """A number as it is written."""
    return f"{value:.1f}".removesuffix(".0")
