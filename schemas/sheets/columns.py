"""Which column of an office's sheet is what: fields by kind of event, and a mapping that can be guessed and remembered.

- A *field* is what a kind of event needs to be told, with the words by which offices head its column.
- A *mapping* says of one sheet, known by its *signature* (the digest of its headers in their order), what kind of
  events its rows are, which column holds which field, what is meant where there is no column, and how its days and
  numbers are read. It is kept as JSON, and judged again whenever it is read.
- A guess takes a column once, by its header alone; the person sees it before anything is done.

    mapping = guess(headers);  write(mapping)

docs/adr/0065-sheets-of-the-office.md.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from schemas.errors import InputError
from schemas.sheets.values import Reading
from schemas.syntax.workbook import MOST_COLUMNS

Kind = Literal["harvest", "packing", "shipping", "receiving"]
Shape = Literal["day", "time", "gtin", "gln", "lot", "text", "number", "unit"]
MOST_FIXED = 200
_SETTINGS = {"days": ("", "dmy", "mdy"), "decimal": ("", ",", ".")}


@dataclass(frozen=True, slots=True)
class Field:
    """What can be told: its name, the shape of its value, whether it must be told, and what offices call it."""

    name: str
    shape: Shape
    called: tuple[str, ...]
    required: bool = False


_DAY = Field("day", "day", ("data", "giorno", "date", "day", "data raccolta", "data lavorazione", "data spedizione",
             "data arrivo", "data ddt", "harvest date", "ship date", "received date"), True)  # fmt: skip
_TIME = Field("time", "time", ("ora", "orario", "time"))
_PRODUCT = Field("product", "gtin", ("gtin", "prodotto", "codice prodotto", "ean", "articolo", "codice articolo",
                 "codice gtin", "product", "gtin prodotto"), True)  # fmt: skip
_LOT = Field("lot", "lot", ("lotto", "codice lotto", "n lotto", "numero lotto", "lot", "lot code", "batch"), True)
_QUANTITY = Field("quantity", "number", ("quantita", "kg", "peso", "peso kg", "quantita kg", "peso netto", "qta",
                  "netto", "quantity", "weight", "net weight"), True)  # fmt: skip
_UNIT = Field("unit", "unit", ("unita", "um", "u m", "unita di misura", "udm", "unit", "uom"))
_DOCUMENT = Field("document", "text", ("ddt", "n ddt", "numero ddt", "documento", "bolla", "n bolla",
                  "numero documento", "conferimento", "document", "delivery note"))  # fmt: skip
_LINE = Field("line", "text", ("riga", "n riga", "posizione", "line", "row"))
_PLACE = Field("place", "gln", ("gln", "luogo", "sito", "magazzino", "stabilimento", "campo", "gln campo", "gln luogo",
               "place", "site"), True)  # fmt: skip
_BEGIN, _END = (_DAY, _TIME), (_DOCUMENT, _LINE)
FIELDS: Mapping[Kind, tuple[Field, ...]] = {
    "harvest": (
        *_BEGIN, _PRODUCT, _LOT, _QUANTITY, _UNIT, _PLACE,
        Field("grower", "text", ("socio", "conferente", "produttore", "grower")),
        Field("variety", "text", ("varieta", "cultivar", "variety")),
        Field("field_name", "text", ("appezzamento", "nome campo", "particella", "field")),
        *_END,
    ),
    "packing": (
        *_BEGIN,
        Field("in_product", "gtin", ("gtin entrata", "prodotto in entrata", "gtin materia prima", "input gtin"), True),
        Field("in_lot", "lot", ("lotto entrata", "lotto in entrata", "lotto materia prima", "input lot"), True),
        Field("in_quantity", "number", ("kg entrata", "quantita in entrata", "kg impiegati", "input quantity"), True),
        _PRODUCT, _LOT, Field("quantity", "number", (*_QUANTITY.called, "kg usciti", "colli", "pezzi")), _UNIT,
        Field("waste", "number", ("scarto", "scarto kg", "calo", "waste")),
        Field("best_before", "day", ("tmc", "scadenza", "da consumarsi entro", "best before")),
        _PLACE, *_END,
    ),
    "shipping": (
        *_BEGIN, _PRODUCT, _LOT, _QUANTITY, _UNIT, _PLACE,
        Field("other", "gln", ("destinatario", "gln destinatario", "cliente", "gln cliente", "ship to"), True),
        Field("packages", "number", ("colli", "n colli", "numero colli", "packages")),
        *_END,
    ),
    "receiving": (
        *_BEGIN, _PRODUCT, _LOT, _QUANTITY, _UNIT, _PLACE,
        Field("other", "gln", ("mittente", "gln mittente", "fornitore", "gln fornitore", "ship from"), True),
        *_END,
    ),
}  # fmt: skip
KINDS: tuple[Kind, ...] = tuple(FIELDS)
_TELLING: Mapping[Kind, tuple[str, ...]] = {
    "packing": ("in_lot", "in_product"), "receiving": ("other",), "shipping": ("other",), "harvest": ("grower",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """What the columns of a sheet are: field -> column (from 0), and field -> text for what every row has in common."""

    kind: Kind
    columns: Mapping[str, int] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)

    def lacking(self) -> tuple[str, ...]:
        """What must be told and is neither in a column nor fixed."""
        told = {*self.columns, *self.fixed}
        return tuple(found.name for found in FIELDS[self.kind] if found.required and found.name not in told)


def signature(headers: Sequence[str]) -> bytes:
    """By what a sheet of these headers is known again."""
    return sha256("\x1f".join(plain(header) for header in headers).encode()).digest()


def plain(header: str) -> str:
    """A header without what people write in one way or another: case, accents, signs, blanks."""
    bare = unicodedata.normalize("NFKD", header.casefold())
    return " ".join(re.sub(r"[^a-z0-9]+", " ", "".join(c for c in bare if not unicodedata.combining(c))).split())


def guess(headers: Sequence[str], kind: Kind | None = None) -> SheetMapping:
    """The mapping that these headers look like most; of a kind, where that is known."""
    found = [_guessed(headers, each) for each in ((kind,) if kind else KINDS)]
    return max(found, key=lambda m: (sum(name in m.columns for name in _TELLING[m.kind]), len(m.columns)))


def write(mapping: SheetMapping) -> str:
    """The mapping as JSON."""
    said = {
        "kind": mapping.kind,
        "columns": dict(mapping.columns),
        "fixed": dict(mapping.fixed),
        "days": mapping.reading.days,
        "decimal": mapping.reading.decimal,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def read(text: str) -> SheetMapping:
    """The mapping that `write` wrote, or that somebody sends; `InputError("sheet-mapping")` with what is wrong."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError("sheet-mapping", part="JSON") from None
    if not isinstance(said, dict) or not {*said} <= {"kind", "columns", "fixed", "days", "decimal"}:
        raise InputError("sheet-mapping", part="kind, columns, fixed, days, decimal")
    kind = next((each for each in KINDS if each == said.get("kind")), None)
    if kind is None:
        raise InputError("sheet-mapping", part=f"kind: {', '.join(KINDS)}")
    known = {found.name for found in FIELDS[kind]}
    columns, fixed = said.get("columns", {}), said.get("fixed", {})
    if not isinstance(columns, dict) or not all(n in known and _is_column(c) for n, c in columns.items()):
        raise InputError("sheet-mapping", part=f"columns: {', '.join(sorted(known))}")
    if not isinstance(fixed, dict) or not all(n in known and _is_fixed(t) for n, t in fixed.items()):
        raise InputError("sheet-mapping", part="fixed")
    for name, allowed in _SETTINGS.items():
        if said.get(name, "") not in allowed:
            raise InputError("sheet-mapping", part=name)
    fixed = {name: text.strip() for name, text in fixed.items() if name not in columns}
    return SheetMapping(kind, columns, fixed, Reading(said.get("days", ""), said.get("decimal", "")))


def _guessed(headers: Sequence[str], kind: Kind) -> SheetMapping:
    bare = [plain(header) for header in headers]
    columns: dict[str, int] = {}
    for found in FIELDS[kind]:
        for called in (found.name.replace("_", " "), *found.called):
            place = next((n for n, name in enumerate(bare) if name == called and n not in columns.values()), None)
            if place is not None:
                columns[found.name] = place
                break
    return SheetMapping(kind, columns)


def _is_column(value: object) -> bool:
    return type(value) is int and 0 <= value < MOST_COLUMNS


def _is_fixed(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= MOST_FIXED and value.isprintable()
