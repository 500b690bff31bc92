"""A sheet of a spreadsheet as somebody sees it: cells by place, what is hidden, and what covers or changes them.

- Read in the order of the file and never held whole: a sheet of a hundred thousand rows takes what one row takes.
- Only what Excel takes for a cell is one: in SpreadsheetML's own namespace, in its place, in rising order, its value
  said once and where its type has it. Anything else among the rows is refused, since readers differ in what they make
  of it.
- A cell is a text, a number, a truth value, an error or a formula; a date is a number that a format shows as one.

    for number, row in rows(book, sheet, notes): row.cells[1].text

ECMA-376 part 1, section 18.3 (worksheets).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from exporters.files.workbook import letter
from exporters.files.xlsx_book import YES, Book, FoundSheet, one_text, unescaped, whole
from exporters.files.xml_events import FOREIGN, XmlEvent
from schemas.errors import InputError

Kind = Literal["text", "number", "formula", "other"]
_KINDS: dict[str, Kind] = {"s": "text", "inlineStr": "text", "n": "number", "d": "other"}
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_PART = re.compile(r"v|is(?:/t|/r(?:/t|/rPr(?:/.+)?)?|/rPh(?:/.+)?|/phoneticPr)?|extLst(?:/.+)?")
_SEEN = {"width": 1.0, "ht": 4.0, "defaultColWidth": 1.0, "defaultRowHeight": 4.0}
"""Characters and points below which nothing is seen of a column and of a row."""
# Codes of headers and footers, and the words that programs put there by themselves: `Page 2 of 9`.
_FOOTER = re.compile(r'&"[^"]*"|&K[0-9A-Fa-f]{6}|&[0-9]+|&.')
_PAGE = frozenset(("page", "pagina", "pag", "of", "di"))
_QUIET = frozenset(
    (
        "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetProtection", "autoFilter",
        "protectedRanges", "sortState", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks",
        "colBreaks", "ignoredErrors", "phoneticPr", "mergeCells", "customSheetViews",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One cell: what kind of value, how it is written, and the code of the format it is shown in."""

    kind: Kind
    text: str
    shown_as: str


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One row that holds something: its cells by column (counted from 1)."""

    cells: dict[int, Found]
    hidden: bool


@dataclass(slots=True)
class Notes:
    """What a sheet says beside its cells, filled while its rows are read: columns that are hidden, whether it hides
    rows, columns or zeros at large, ranges merged, and what shows something of its own."""

    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    hides: bool = False
    merged: list[str] = field(default_factory=list)
    besides: list[str] = field(default_factory=list)


def rows(book: Book, sheet: FoundSheet, notes: Notes) -> Iterator[tuple[int, FoundRow]]:
    """The rows of a sheet that hold a value, by number; `InputError("sheet-order")` where they do not rise."""
    reader = _SheetReader(book, sheet, notes)
    for event in book.package.events(sheet.part) if sheet.part else ():
        if event.path[:2] == ("worksheet", "sheetData"):
            yield from reader.among_rows(event)
        else:
            reader.beside(event)


class _SheetReader:
    """Where reading stands in one sheet."""

    def __init__(self, book: Book, sheet: FoundSheet, notes: Notes) -> None:
        self._book, self._sheet, self._notes = book, sheet, notes
        self._row, self._column, self._times = 0, 0, 0
        self._said: dict[str, str] = {}
        self._cell: dict[str, str] = {}
        self._parts: dict[str, list[str]] = {}
        self._formula: str | None = None
        self._cells: dict[int, Found] = {}

    def among_rows(self, event: XmlEvent) -> Iterator[tuple[int, FoundRow]]:
        inner = event.path[2:]
        if FOREIGN in inner:
            raise self._disorder()
        match inner, event.begins:
            case (), True:
                self._times += 1
                if self._times > 1:
                    raise self._disorder()
            case ("row",), True:
                self._begin_row(event.attributes)
            case ("row",), False:
                if self._cells:
                    yield self._row, FoundRow(self._cells, _hides(self._said, "ht"))
            case ("row", "c"), True:
                self._begin_cell(event.attributes)
            case ("row", "c", "f"), False:
                self._formula = event.text
            case ("row", "c", *part), False if part:
                self._part("/".join(part), event.text)
            case ("row", "c"), False:
                self._end_cell()

    def _begin_row(self, said: dict[str, str]) -> None:
        number = whole(said["r"]) if "r" in said else self._row + 1
        if number <= self._row:
            raise self._disorder()
        self._row, self._column, self._said, self._cells = number, 0, said, {}

    def _begin_cell(self, said: dict[str, str]) -> None:
        column = self._column + 1
        if "r" in said:
            found = _REFERENCE.fullmatch(said["r"])
            if found is None or int(found[2]) != self._row:
                raise self._disorder()
            column = column_of(found[1])
        if column <= self._column:
            raise self._disorder()
        self._column, self._cell, self._formula = column, said, None
        self._parts.clear()

    def _end_cell(self) -> None:
        type = self._cell.get("t", "n")
        text = self._value(inline=type == "inlineStr")
        if self._formula is not None:
            self._put("formula", f"={self._formula}")
        elif type == "s" and text:
            index = whole(text)
            if index >= len(self._book.texts):
                raise self._disorder()
            self._put("text", self._book.texts[index])
        elif text:
            kind: Kind = "text" if type == "str" else _KINDS.get(type, "other")
            self._put(kind, unescaped(text) if kind == "text" else text)

    def _part(self, name: str, text: str) -> None:
        if not _PART.fullmatch(name):
            raise self._disorder()
        self._parts.setdefault(name, []).append(text)

    def _value(self, *, inline: bool) -> str:
        """The value of a cell: of an inline text that, of any other the one value."""
        held = {name: self._parts.get(name, []) for name in ("v", "is", "is/t", "is/r", "is/r/t")}
        if held["v" if inline else "is"] or len(held["v"]) + len(held["is"]) > 1:
            raise self._disorder()
        found = one_text(held["is/t"], len(held["is/r"]), held["is/r/t"]) if inline else "".join(held["v"])
        if found is None:
            raise self._disorder()
        return found

    def _put(self, kind: Kind, text: str) -> None:
        if text:
            style = whole(self._cell.get("s", "0"))
            formats = self._book.formats
            self._cells[self._column] = Found(kind, text, formats[style] if style < len(formats) else "General")

    def beside(self, event: XmlEvent) -> None:
        inner, said, notes = event.path[1:], event.attributes, self._notes
        if not event.begins:
            if inner[:1] == ("headerFooter",) and _says(event.text):
                notes.besides.append(event.text)
        elif len(inner) == 1 and inner[0] not in _QUIET:
            notes.besides.append(inner[0] if inner[0] != FOREIGN else "mc:AlternateContent")
        elif inner == ("sheetViews", "sheetView"):
            notes.hides |= said.get("showZeros") in ("0", "false")
        elif inner[:2] == ("autoFilter", "filterColumn"):
            # Some programs hide rows by what it chooses, whatever the rows say.
            notes.hides |= len(inner) > 2
        elif inner == ("mergeCells", "mergeCell"):
            notes.merged.append(said.get("ref", ""))

        if event.begins and inner == ("cols", "col") and _hides(said, "width"):
            notes.hidden_columns.append((whole(said.get("min")), whole(said.get("max"))))
        elif event.begins and inner == ("sheetFormatPr",):
            notes.hides |= said.get("zeroHeight") in YES or _unseen(said, "defaultRowHeight", "defaultColWidth")

    def _disorder(self) -> InputError:
        return InputError("sheet-order", place=f"{self._sheet.name[:40]}!{letter(self._column or 1)}{self._row}")


def _says(footer: str) -> bool:
    """Whether a header or footer says more than the page, the sheet or the file."""
    return not _PAGE.issuperset(re.findall(r"\w+", _FOOTER.sub(" ", footer).lower()))


def _hides(said: dict[str, str], size: str) -> bool:
    return said.get("hidden") in YES or _unseen(said, size)


def _unseen(said: dict[str, str], *sizes: str) -> bool:
    """Whether any of these sizes leaves nothing to be seen."""
    try:
        return any(size in said and not float(said[size]) >= _SEEN[size] for size in sizes)
    except ValueError:
        return True


def column_of(name: str) -> int:
    """The number of a column, counted from 1."""
    number = 0
    for character in name:
        number = number * 26 + ord(character) - 64
    return number
