"""The rows of a sheet under a mapping: each field as what it means, and what is wrong, by cell.

- The headers are the first row in which two fields or more are called by name; without such, the first not empty.
- How days and numbers of a column are read is what the person said, else what the column itself shows.
- Empty rows are passed over. A cell that is wrong is said with row and column; the row's other cells are read all the
  same, so that everything is said at once.
- *Equal rows* have the same values in every mapped field but the line: they are said, and nothing is done about them.

    read_rows(table, mapping).faults  ->  (Fault(row=7, column=2, …),)

docs/adr/0065-sheets-of-the-office.md.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from schemas.errors import InputError
from schemas.sheets import values
from schemas.sheets.columns import FIELDS, Field, SheetMapping, guess
from schemas.sheets.values import Reading
from schemas.syntax.workbook import Cell, Table

_LOOKED_AT = 20
Told = str | date | time | values.Quantity


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a cell, or with a row (`column` None). Rows as the sheet counts them, from 1; columns from
    0. `field`: what the cell should be; `error`: what is wrong."""

    row: int
    column: int | None
    field: str
    error: InputError


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the sheet, and what it tells, by field."""

    number: int
    told: Mapping[str, Told]


@dataclass(frozen=True, slots=True)
class Rows:
    """What a sheet tells. `equal`: numbers of rows that say the same, group by group."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    equal: tuple[tuple[int, ...], ...]


def headers_of(table: Table) -> tuple[int, tuple[str, ...]]:
    """The place of the row with the headers (from 0), and the headers; a column without one is called by nothing."""
    candidates = [n for n, row in enumerate(table.rows[:_LOOKED_AT]) if any(cell.value is not None for cell in row)]
    named = [n for n in candidates if len(guess(_texts(table.rows[n])).columns) > 1]
    place = (named or candidates)[0]
    return place, _texts(table.rows[place])


def read_rows(table: Table, mapping: SheetMapping) -> Rows:
    """Every row under the headers; `InputError("sheet-mapping-lacks")` where the mapping leaves out what must be told,
    or names a column that is not there."""
    start, headers = headers_of(table)
    lacking = mapping.lacking()
    if lacking or any(column >= len(headers) for column in mapping.columns.values()):
        raise InputError("sheet-mapping-lacks", fields=", ".join(lacking) or "columns")
    reading = _readings(table, mapping, start)
    rows, faults = [], []
    for place, cells in enumerate(table.rows[start + 1 :], start=start + 2):
        if all(cell.value is None for cell in cells):
            continue
        told: dict[str, Told] = {}
        for found in FIELDS[mapping.kind]:
            try:
                value = _told(found, cells, mapping, reading)
            except InputError as error:
                faults.append(Fault(place, mapping.columns.get(found.name), found.name, error))
                continue
            if value is not None:
                told[found.name] = value
        rows.append(Row(place, told))
    if not rows:
        raise InputError("sheet-empty")
    return Rows(tuple(rows), tuple(faults), tuple(_equal(rows)))


def _told(found: Field, cells: tuple[Cell, ...], mapping: SheetMapping, reading: Mapping[str, Reading]) -> Told | None:
    column = mapping.columns.get(found.name)
    cell = cells[column] if column is not None else Cell(mapping.fixed.get(found.name))
    if cell.formula:
        raise InputError("cell-formula", value=str(cell.value))
    if cell.value is None:
        if found.required:
            raise InputError("cell-empty")
        return None
    match found.shape:
        case "day":
            return values.day(cell.value, reading[found.name])
        case "number":
            return values.number(cell.value, reading[found.name])
        case "time":
            return values.moment(cell.value)
        case "unit":
            return values.unit(cell.value)
        case "gtin":
            return values.gtin(cell.value)
        case "lot":
            return values.lot(cell.value)
        case "gln":
            return values.gln(cell.value)
        case _:
            return values.text(cell.value)


def _readings(table: Table, mapping: SheetMapping, start: int) -> Mapping[str, Reading]:
    """How each column is read: as the person said, else as the column shows."""
    shown: dict[str, Reading] = defaultdict(lambda: mapping.reading)
    for name, column in mapping.columns.items():
        cells = [row[column].value for row in table.rows[start + 1 :]]
        days = mapping.reading.days or values.days_of(cells)
        shown[name] = Reading(days, mapping.reading.decimal or values.decimal_of(cells))
    return shown


def _equal(rows: list[Row]) -> Iterator[tuple[int, ...]]:
    groups: dict[Any, list[int]] = defaultdict(list)
    for row in rows:
        groups[tuple(sorted((name, str(value)) for name, value in row.told.items() if name != "line"))].append(
            row.number
        )
    yield from (tuple(group) for group in groups.values() if len(group) > 1)


def _texts(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    return tuple(values.text(cell.value) if cell.value is not None else "" for cell in cells)
