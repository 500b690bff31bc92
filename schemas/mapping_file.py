"""A plan as a file (TOML) that people clone and edit: read whole, refused with the file, the column and the key.

    name = "portal-lots"
    sheet = "Lots"
    rows = "line"                # what a row is of
    header_row = 3
    first_row = 4
    above = [["Lot data of the supplier"]]
    [[columns]]
    header = "Best before"
    path = "lot.bestBefore"
    format = "dd/mm/yyyy"
    mandatory = true

- What may be said is told where something else is: rows, paths, transforms. A path that is none names those near it.

    read_plan(text, file="mine.toml", rows=("line", "lot"), paths={"lot.gtin": "text"})

TOML 1.0; FORMATS 2.9.
"""

import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from schemas.errors import InputError
from schemas.mapping import TRANSFORMS, Column, Kind, Plan, day_pattern

MOST_COLUMNS, MOST_ROWS, MOST_BYTES = 200, 1000, 200_000
MOST_SHEET_NAME, MOST_WIDTH = 31, 255
_NOT_IN_NAMES = frozenset("[]:*?/\\")
_PLAN = {
    "name": str, "sheet": str, "rows": str, "header_row": int, "first_row": int, "above": list, "below": list,
    "columns": list,
}  # fmt: skip
_COLUMN = {
    "header": str, "path": str, "transform": str, "text": str, "mandatory": bool, "codes": dict, "format": str,
    "width": int,
}  # fmt: skip
_FIXED = ("header", "text", "width")
_SAID: Mapping[type, str] = {str: "text", int: "number", bool: "true, false", list: "list", dict: "table"}
_SHOWN = 80


def read_plan(text: str, *, file: str, rows: Iterable[str], paths: Mapping[str, Kind]) -> Plan:
    """The plan. `rows` and `paths`: what there is to choose from, each path with the kind of its values.

    `InputError`: `mapping-toml`, `mapping-key`, `mapping-setting`, `mapping-lacks`, `mapping-path` and
    `mapping-header-twice`.
    """
    return _Reading(file, tuple(rows), paths).plan(text)


class _Reading:
    """One file while it is read. `column`: which one is being read; empty for the plan itself."""

    def __init__(self, file: str, rows: tuple[str, ...], paths: Mapping[str, Kind]) -> None:
        self.file, self.rows, self.paths, self.column = file, rows, paths, ""

    def plan(self, text: str) -> Plan:
        said = self._toml(text)
        self._known(said, _PLAN, ("name", "sheet", "rows", "columns"))
        if said["rows"] not in self.rows:
            raise self._wrong("rows", said["rows"], ", ".join(self.rows))
        self._sheet(said["sheet"])
        if not said["name"] or len(said["name"]) > _SHOWN or not said["name"].isprintable():
            raise self._wrong("name", said["name"], f"1-{_SHOWN}")
        header_row = self._row(said, "header_row", 1, 1)
        first_row = self._row(said, "first_row", header_row + 1, header_row + 1)
        return Plan(
            said["name"], said["sheet"], said["rows"], tuple(self._columns(said["columns"])), header_row, first_row,
            self._texts(said, "above", header_row - 1), self._texts(said, "below", first_row - header_row - 1),
        )  # fmt: skip

    def _toml(self, text: str) -> dict[str, Any]:
        try:
            if len(text) > MOST_BYTES:
                raise ValueError(MOST_BYTES)
            return tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError("mapping-toml", file=self.file, why=str(error)[:_SHOWN]) from error

    def _sheet(self, name: str) -> None:
        fits = 0 < len(name) <= MOST_SHEET_NAME and not _NOT_IN_NAMES & set(name) and name.isprintable()
        if not fits or name != name.strip("'"):
            raise self._wrong("sheet", name, f"1-{MOST_SHEET_NAME}, [ ] : * ? / \\")

    def _row(self, said: Mapping[str, Any], key: str, usual: int, least: int) -> int:
        value = said.get(key, usual)
        if not least <= value <= MOST_ROWS:
            raise self._wrong(key, value, f"{least}-{MOST_ROWS}")
        return int(value)

    def _texts(self, said: Mapping[str, Any], key: str, count: int) -> tuple[tuple[str, ...], ...]:
        """So many rows of texts, those that are not said blank."""
        rows = said.get(key, [])
        whole = all(isinstance(row, list) and all(isinstance(text, str) for text in row) for row in rows)
        if not whole or len(rows) > count:
            raise self._wrong(key, rows, f"[[…], …], 0-{count}")
        return (*(tuple(row) for row in rows), *((),) * (count - len(rows)))

    def _columns(self, listed: list[Any]) -> list[Column]:
        if not 0 < len(listed) <= MOST_COLUMNS or not all(isinstance(said, dict) for said in listed):
            raise self._wrong("columns", len(listed), f"[[columns]], 1-{MOST_COLUMNS}")
        seen: dict[str, Column] = {}
        for number, said in enumerate(listed, start=1):
            self.column = str(said.get("header") or number)
            column = self._one(said)
            if column.header in seen:
                raise InputError("mapping-header-twice", file=self.file, column=column.header)
            seen[column.header] = column
        return list(seen.values())

    def _one(self, said: dict[str, Any]) -> Column:
        self._known(said, _COLUMN, ("header",))
        if not said["header"].strip():
            raise self._wrong("header", said["header"], "text")
        if not 1 <= said.get("width", 1) <= MOST_WIDTH:
            raise self._wrong("width", said["width"], f"1-{MOST_WIDTH}")
        if said.get("text"):
            self._fixed(said)
            return Column(**said)
        kind = self._kind(said.get("path", ""))
        transform = said.get("transform", kind)
        fitting = [name for name, each in TRANSFORMS.items() if each.of == kind]
        if transform not in fitting:
            raise self._wrong("transform", transform, ", ".join(fitting))
        self._format(kind, said.get("format", ""))
        self._codes(kind, said)
        return Column(**{**said, "transform": transform})

    def _fixed(self, said: Mapping[str, Any]) -> None:
        """A column of a fixed text says nothing else."""
        for key in said:
            if key not in _FIXED:
                raise self._wrong(key, said[key], ", ".join(_FIXED))

    def _kind(self, path: str) -> Kind:
        if path not in self.paths:
            near = ", ".join(get_close_matches(path, self.paths, n=5, cutoff=0.5)) or "–"
            raise InputError("mapping-path", file=self.file, column=self.column, path=path[:_SHOWN], near=near)
        return self.paths[path]

    def _format(self, kind: Kind, format: str) -> None:
        allowed = {"text": "–", "number": "comma, point", "day": "dd/mm/yyyy, yyyy-mm-dd, ddmmyyyy"}[kind]
        known = {"text": False, "number": format in ("comma", "point"), "day": day_pattern(format) is not None}[kind]
        if format and not known:
            raise self._wrong("format", format, allowed)

    def _codes(self, kind: Kind, said: Mapping[str, Any]) -> None:
        """Texts, one for one: a cell has to give back what it was made of."""
        codes = said.get("codes", {})
        texts = all(isinstance(text, str) and text for text in codes.values())
        if codes and not (
            kind == "text" and "transform" not in said and texts and len({*codes.values()}) == len(codes)
        ):
            raise self._wrong("codes", codes, '{ fixed = "F", variable = "V" }')

    def _known(self, said: Mapping[str, Any], known: Mapping[str, type], needed: Iterable[str]) -> None:
        for key, value in said.items():
            if key not in known:
                raise InputError("mapping-key", **self._where(key), allowed=", ".join(known))
            if type(value) is not known[key]:
                raise self._wrong(key, value, _SAID[known[key]])
        for key in needed:
            if key not in said:
                raise InputError("mapping-lacks", **self._where(key))

    def _where(self, key: str) -> dict[str, str]:
        return {"file": self.file, "column": self.column or "–", "key": key[:_SHOWN]}

    def _wrong(self, key: str, value: Any, allowed: str) -> InputError:
        return InputError("mapping-setting", **self._where(key), value=str(value)[:_SHOWN], allowed=allowed)
