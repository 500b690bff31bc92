"""Bars: one figure of several things, each with its name and its number; and one figure along the weeks of a period.

- A figure that is not known has no bar and says so: never a bar of nothing.
- Text takes the colour of what stands around: the drawing is read on light and on dark, and bars stand out from both.
- A picture for the eye: the table beside it says the same, and leads to what is behind. `title` and `about` are read to
  whoever does not see it.

    bars([Bar("Pesche", Decimal("800"), "800 kg")], title="Spedito, per prodotto", about="…")  ->  "<svg …"
    columns([Bar("30", Decimal("800"), "800 kg"), …], title=…, about=…)

SVG 1.1; WCAG 2.1 1.1.1, 1.4.11 (3:1 for what a picture shows).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from exporters.drawing.svg import box, rule, svg, text

COLOUR, AROUND, QUIET = "#3b8a5a", "currentColor", "#7d887d"
_WIDE, _LABEL, _LINE = 360.0, 13.0, 40.0
_COLUMN, _TALL, _FOOT, _HEAD = 26.0, 150.0, 34.0, 20.0
MOST = 12
"""Bars that one drawing shows; the table has all."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A thing, its figure (None: not shown) and how that is said. `under`: what else stands at its foot."""

    label: str
    value: Decimal | None
    said: str
    under: str = ""


def bars(listed: Sequence[Bar], *, title: str, about: str) -> str:
    """A bar below the other, as they are given; those that are too many are left to the table."""
    shown = listed[:MOST]
    return svg(_WIDE, max(1, len(shown)) * _LINE, _bars(shown, _most(listed)), title=title, about=about)


def _bars(shown: Sequence[Bar], most: Decimal) -> Iterator[str]:
    for place, each in enumerate(shown):
        y = place * _LINE
        # Letters of whatever family the reader has: wider than those of a paper.
        room = 0.8 * (_WIDE - 12 - 8.2 * len(each.said))
        yield text(0, y + 14, each.label, size=_LABEL, fill=AROUND, room=room)
        yield text(_WIDE, y + 14, each.said, size=_LABEL, fill=AROUND, bold=True, anchor="end")
        if each.value:
            yield box(0, y + 20, max(2.0, _WIDE * _part(each.value, most)), 12, fill=COLOUR, stroke="none")
        else:
            yield rule(0, y + 26, _WIDE, stroke=QUIET)


def columns(listed: Sequence[Bar], *, title: str, about: str) -> str:
    """A column beside the other; the highest says how much it is, and one that is not known has a question mark."""
    width, most = max(_WIDE, len(listed) * _COLUMN), _most(listed)
    return svg(width, _HEAD + _TALL + _FOOT, _columns(listed, most, width), title=title, about=about)


def _columns(listed: Sequence[Bar], most: Decimal, width: float) -> Iterator[str]:
    ground = _HEAD + _TALL
    highest = max(range(len(listed)), key=lambda place: listed[place].value or 0, default=0)
    for place, each in enumerate(listed):
        x = place * _COLUMN
        if each.value is None:
            yield text(x + _COLUMN / 2, ground - 4, "?", size=_LABEL, fill=AROUND, bold=True, anchor="middle")
        elif each.value:
            tall = max(2.0, _TALL * _part(each.value, most))
            yield box(x + 3, ground - tall, _COLUMN - 6, tall, fill=COLOUR, stroke="none")
            if place == highest:
                yield _above(each, x, ground - tall - 5, width)
        yield text(x + _COLUMN / 2, ground + 14, each.label, size=11, fill=AROUND, anchor="middle")
        if each.under:
            yield text(x + 3, ground + 29, each.under, size=11, fill=AROUND)
    yield rule(0, ground, width, stroke=QUIET)


def _above(bar: Bar, x: float, y: float, width: float) -> str:
    """What the highest column is, within the drawing."""
    half = 3.6 * len(bar.said)
    middle = min(max(x + _COLUMN / 2, half), width - half)
    return text(middle, y, bar.said, size=12, fill=AROUND, bold=True, anchor="middle")


def _most(listed: Sequence[Bar]) -> Decimal:
    return max((each.value for each in listed if each.value is not None), default=Decimal(0))


def _part(value: Decimal, most: Decimal) -> float:
    """How long, of the longest: a figure below zero has no length."""
    return float(max(value, Decimal(0)) / most) if most > 0 else 0.0
