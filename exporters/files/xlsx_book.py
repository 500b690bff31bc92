"""The workbook of a spreadsheet: its sheets in order, the names it defines, its shared texts and its number formats.

- Two sheets of one name, two sheets that are one part, and elements of others among the sheets are refused: readers
  would differ in what they show.
- A sheet without a part is no sheet of cells (a chart, a macro sheet); it stands in the list all the same.

    [sheet.name for sheet in open_book(open_package(data)).sheets]

ECMA-376 part 1, sections 18.2 (workbook), 18.4 (shared strings) and 18.8 (styles).
"""

import re
from dataclasses import dataclass

from exporters.files.xlsx_package import OFFICE, Package, Relation
from exporters.files.xml_events import FOREIGN
from schemas.errors import InputError

YES, NO = ("1", "true"), ("0", "false")
_OF_TEXT = (("t",), ("r",), ("r", "t"))
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = range(0xD800, 0xE000)
_BUILT_IN = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 49: "@"}


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """A sheet of the workbook: its name, its part ("" where it is no sheet of cells), whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook: its sheets in order, the names it defines, and the date its days are counted from."""

    package: Package
    sheets: tuple[FoundSheet, ...]
    names: tuple[str, ...]
    from_1904: bool
    texts: tuple[str, ...]
    formats: tuple[str, ...]


def open_book(package: Package) -> Book:
    """The workbook of a package; `InputError("sheet-workbook")` where its sheets cannot be told apart."""
    related = {relation.id: relation for relation in package.related(package.workbook)}
    sheets, names, from_1904 = list[FoundSheet](), list[str](), False
    for event in package.events(package.workbook):
        if event.path[:2] == ("workbook", "sheets") and FOREIGN in event.path:
            raise InputError("sheet-order", place=package.workbook)
        if event.begins and event.path == ("workbook", "workbookPr"):
            from_1904 = event.attributes.get("date1904") in YES
        elif event.begins and event.path == ("workbook", "sheets", "sheet"):
            sheets.append(_sheet(event.attributes, related))
        elif event.begins and event.path == ("workbook", "definedNames", "definedName"):
            names.append(event.attributes.get("name", ""))
    parts = [sheet.part for sheet in sheets if sheet.part]
    if len(set(parts)) != len(parts) or len({sheet.name.casefold() for sheet in sheets}) != len(sheets):
        raise InputError("sheet-order", place=package.workbook)
    return Book(package, tuple(sheets), tuple(names), from_1904, _texts(package), _formats(package))


def _sheet(said: dict[str, str], related: dict[str, Relation]) -> FoundSheet:
    ids = [said[name] for name in (f"{space.rstrip('/')} id" for space in OFFICE) if name in said]
    relation = related.get(ids[0]) if len(ids) == 1 else None
    whole = relation is not None and relation.type == "worksheet" and not relation.external
    hidden = said.get("state", "visible") != "visible"
    return FoundSheet(said.get("name", ""), relation.target if relation and whole else "", hidden)


def _only(package: Package, type: str) -> str | None:
    """The one part of a type that hangs on the workbook."""
    found = [each.target for each in package.related(package.workbook) if each.type == type and not each.external]
    if len(found) > 1:
        raise InputError("archive-part-twice", part=found[1][:80])
    return found[0] if found and package.has(found[0]) else None


def _texts(package: Package) -> tuple[str, ...]:
    part, found = _only(package, "sharedStrings"), list[str]()
    held: dict[tuple[str, ...], list[str]] = {path: [] for path in _OF_TEXT}
    for event in package.events(part) if part else ():
        if event.path[2:] in held and not event.begins:
            held[event.path[2:]].append(event.text)
        elif event.path == ("sst", "si") and not event.begins:
            text = one_text(held[("t",)], len(held[("r",)]), held[("r", "t")])
            if text is None:
                raise InputError("sheet-order", place=part)
            found.append(unescaped(text))
            held = {path: [] for path in _OF_TEXT}
    return tuple(found)


def one_text(plain: list[str], runs: int, texts: list[str]) -> str | None:
    """A text of SpreadsheetML: one, or one in each of its runs (`texts`); None where it is said twice."""
    said_once = len(plain) <= 1 and len(texts) <= runs and not (plain and texts)
    return "".join((*plain, *texts)) if said_once else None


def _formats(package: Package) -> tuple[str, ...]:
    """The format code of each cell style, by its number; `fill` of one that repeats what a cell says until it is full.

    Where a style leaves it to the named one that it is of, some programs take that one's: both codes stand there then.
    """
    part, codes = _only(package, "styles"), dict(_BUILT_IN)
    found: dict[str, list[str]] = {"cellStyleXfs": [], "cellXfs": []}
    for event in package.events(part) if part else ():
        said, kind = event.attributes, event.path[1] if len(event.path) > 1 else ""
        if event.begins and event.path == ("styleSheet", "numFmts", "numFmt"):
            codes[whole(said.get("numFmtId"))] = said.get("formatCode", "")
        elif event.begins and kind in found and event.path[2:] == ("xf",):
            number = whole(said.get("numFmtId", "0"))
            named = found["cellStyleXfs"] if kind == "cellXfs" else []
            found[kind].append(_with_named(codes.get(number, f"[{number}]"), said, named))
        elif event.begins and event.path[2:] == ("xf", "alignment") and said.get("horizontal") == "fill":
            found.get(kind, [""])[-1] = "fill"
    return tuple(found["cellXfs"])


def _with_named(code: str, said: dict[str, str], named: list[str]) -> str:
    number = whole(said.get("xfId", "0"))
    left = any(said.get(name) in NO for name in ("applyNumberFormat", "applyAlignment"))
    other = named[number] if left and number < len(named) else code
    return code if other in (code, "General") else f"{code} / {other}"


def whole(text: str | None) -> int:
    """A number of an attribute; `InputError("sheet-number")` where it is none."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InputError("sheet-number", value=str(text)[:40])
    return int(text)


def unescaped(text: str) -> str:
    """A text of SpreadsheetML with the characters that XML cannot hold (`_x000D_`) put back."""
    return _ESCAPED.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return found[0] if number in _SURROGATES else chr(number)
