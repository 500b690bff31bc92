"""A label: what stands where, on the dots of a printer, before it is a page, a picture or a printer's program.

- Everything is in whole dots from the upper left corner. A text's `height` is that of its capitals.
- The type face has one width for all characters, so it is known here what fits: a text that does not is set smaller,
  down to what the law lets be read (1.2 mm for an `x`), and then cut, with an ellipsis that says so; data never are.
- `Sheet` is where a label is laid out, in millimetres; `label()` is the finished thing.

    sheet = Sheet("case", Grid(300), (148, 105), "it");  sheet.text("Pomodori", 4, 4, 140, 7);  sheet.label()

Reg. (EU) 1169/2011 article 13 (size of letters); GS1 General Specifications, section 6.6.4 (text on logistic labels).
"""

from dataclasses import dataclass
from textwrap import wrap
from typing import Literal, TypeAlias

from exporters.files.pdf import printable
from exporters.labels.pictures import extent
from exporters.labels.sizes import Grid
from exporters.labels.symbols import Symbol
from schemas.errors import InputError
from schemas.wording import Language, sentence

Align = Literal["left", "center", "right"]
# DejaVu Sans Mono, in parts of its size: how wide a character is, how high a capital.
ADVANCE, CAPITAL = 1233 / 2048, 1493 / 2048
LEAST = 1.6
"""Millimetres of a capital whose small letters are 1.2 mm high."""
LEAST_MARGIN, _OFFICE_MARGIN, _OFFICE = 2.5, 5.0, 140


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text in the width it may take; `white` on a box of ink."""

    left: int
    top: int
    width: int
    height: int
    text: str
    bold: bool = False
    align: Align = "left"
    white: bool = False

    @property
    def size(self) -> float:
        """The size of the type, in dots."""
        return self.height / CAPITAL

    @property
    def taken(self) -> float:
        """The width that its characters take, in dots."""
        return len(self.text) * ADVANCE * self.size


@dataclass(frozen=True, slots=True)
class Ink:
    """A symbol, from the corner of its quiet zone. `dots` a module; `height` of the bars of a linear one."""

    left: int
    top: int
    symbol: Symbol
    dots: int
    height: int = 0

    @property
    def extent(self) -> tuple[int, int]:
        """Its width and height with the quiet zones."""
        return extent(self.symbol, self.dots, self.height)


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle: a rule, or the ground of white text."""

    left: int
    top: int
    width: int
    height: int


Mark: TypeAlias = Text | Ink | Box


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a kind."""

    kind: str
    grid: Grid
    width: int
    height: int
    marks: tuple[Mark, ...]

    @property
    def symbols(self) -> tuple[Ink, ...]:
        """What scanners read, from the top down."""
        return tuple(sorted((mark for mark in self.marks if isinstance(mark, Ink)), key=lambda ink: ink.top))


class Sheet:
    """A label while it is laid out. Places and sizes are millimetres."""

    def __init__(self, kind: str, grid: Grid, size: tuple[float, float], language: Language) -> None:
        self.kind, self.grid, self.language = kind, grid, language
        self.width, self.height = size
        # What is as wide as office paper is printed by printers that do not reach the edge.
        self.margin = _OFFICE_MARGIN if self.width >= _OFFICE else LEAST_MARGIN
        self._marks: list[Mark] = []

    @property
    def room(self) -> float:
        """The width between the margins."""
        return self.width - 2 * self.margin

    def word(self, code: str, **values: object) -> str:
        """A word of labels in the language of this one."""
        return sentence(f"on-label-{code}", values, self.language)

    def text(
        self, text: str, left: float, top: float, width: float, height: float, *,
        bold: bool = False, align: Align = "left", white: bool = False, whole: bool = False,
    ) -> None:  # fmt: skip
        """A line of text, set smaller and then cut where it does not fit; `InputError("label-too-small")` for one that
        must be `whole`: a lot, a date, whatever bars say."""
        line = printable(" ".join(text.split()))
        if not line:
            return
        room = self.grid.dots(width)
        wanted, least = self.grid.dots(height), self.grid.at_least(min(height, LEAST))
        tall = max(least, min(wanted, int(room / (len(line) * ADVANCE) * CAPITAL)))
        most = max(1, int(room / (ADVANCE * tall / CAPITAL)))
        shown = line if len(line) <= most else line[: most - 1] + "…"
        if whole and shown != line:
            raise self.too_small(line)
        place = self.grid.dots(left), self.grid.dots(top)
        self._marks.append(Text(*place, room, tall, shown, bold, align, white))

    def wrapped(self, text: str, width: float) -> list[str]:
        """A text on as many lines as it takes at the least size, so that nothing of it is cut."""
        most = int(self.grid.dots(width) / (ADVANCE * self.grid.at_least(LEAST) / CAPITAL))
        return wrap(printable(text), max(1, most))

    def ink(self, symbol: Symbol, left: int, top: int, dots: int, height: int = 0) -> Ink:
        """A symbol, in dots."""
        mark = Ink(left, top, symbol, dots, height)
        self._marks.append(mark)
        return mark

    def box(self, left: float, top: float, width: float, height: float) -> None:
        """A filled rectangle."""
        self._marks.append(Box(*(self.grid.dots(side) for side in (left, top, width, height))))

    def rule(self, top: float) -> None:
        """A line across the label."""
        self.box(self.margin, top, self.room, 0.4)

    def too_small(self, what: str) -> InputError:
        """The refusal of a label that does not hold something."""
        size = {"width": f"{self.width:g}", "height": f"{self.height:g}"}
        return InputError("label-too-small", kind=self.kind, what=what, **size)

    def label(self) -> Label:
        """The finished label."""
        return Label(self.kind, self.grid, self.grid.dots(self.width), self.grid.dots(self.height), tuple(self._marks))
