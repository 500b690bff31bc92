"""Sheets as offices keep them: harvests, shipments, and what goes wrong in them.

sheet(HARVEST, ["31/08/2026", GTIN, "R-1", "kg 1.250,5", SOLE, "Rossi", "117"])  ->  the bytes of an .xlsx
"""

import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

GTIN = "9521001002011"
PLACE = "9521001000017"
HARVEST = ("Data", "GTIN", "Lotto", "Kg", "GLN campo", "Socio")


def sheet(headers: Sequence[str], *rows: Sequence[Any], above: str = "") -> bytes:
    """An .xlsx of these rows."""
    book = Workbook()
    page = book.active
    assert page is not None
    for row in ([above], headers, *rows) if above else (headers, *rows):
        page.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def csv(headers: Sequence[str], *rows: Sequence[str], separator: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """A CSV of these rows, as Excel writes it."""
    return "".join(separator.join(row) + "\r\n" for row in (headers, *rows)).encode(encoding)


def with_part(data: bytes, name: str, content: bytes, instead: Iterable[str] = ()) -> bytes:
    """The same package with one more part, without those it stands `instead` of."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            if part not in instead:
                after.writestr(part, before.read(part))
        after.writestr(name, content)
    return out.getvalue()
