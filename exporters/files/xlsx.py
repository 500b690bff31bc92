"""Spreadsheets (XLSX): a workbook of values, with the claim embedded in the package, copied in a hidden sheet, and told
on a visible one.

- Of a file that another program saved again the part is gone and the hidden sheet still there: it verifies as before.
  Where both are gone the file says that it was a paper once, and `claim` says why it proves nothing now.
- Who opens the file sees what is compared: `Shipping!B4`. What the copy says is held against the part.

    KIND.write(Workbook((Sheet(…),), made, "it", logs), claim, out)

ECMA-376; docs/spec/paper.md section 2; docs/adr/0050-spreadsheets.md.
"""

from collections.abc import Iterator
from typing import IO

from exporters.claim import Claim, head, read, texts
from exporters.compare import Difference
from exporters.files.archive import chunks, is_archive, open_archive, part_of
from exporters.files.proof_sheet import COPY, copied, copy, proof
from exporters.files.workbook import Workbook, sheet_place
from exporters.files.xlsx_book import Book, open_book
from exporters.files.xlsx_cells import Notes, rows
from exporters.files.xlsx_compare import differences
from exporters.files.xlsx_package import OWN_PART, Package, open_package
from exporters.files.xlsx_write import KEYWORD, Placed, write_xlsx
from exporters.files.xml_events import xml_events
from exporters.spill import Scratch, chunks_of
from schemas.errors import InputError, LedgerError
from schemas.syntax import json_text

_KEYWORDS = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"


class XlsxFile:
    """`exporters.files.kind.FileKind` of a spreadsheet."""

    def recognises(self, data: bytes) -> bool:
        """Whether it is a spreadsheet with our part, with our hidden sheet, or that says it had them."""
        if not is_archive(data):
            return False
        try:
            package = open_package(data)
            return package.has(OWN_PART) or _names_copy(package) or _has_keyword(package)
        except LedgerError:
            return _has_part(data)

    def write(self, content: Workbook, claim: Claim, out: IO[bytes]) -> None:
        """The file: what the format says, the Proof sheet, the hidden copy."""
        part = Scratch()
        for piece in json_text.pieces({**head(claim), "bundles": texts(claim)}):
            part.write(piece.encode("utf-8"))
        sheets = [Placed(sheet) for sheet in content.sheets]
        own = Placed(proof(content, claim), plain=True), Placed(copy(part), hidden=True, plain=True)
        write_xlsx([*sheets, *own], out, made=content.made, language=content.language, part=chunks_of(part))

    def claim(self, data: bytes) -> Claim:
        """That of the part, else of the hidden sheet; `InputError("sheet-proof-lost")` where neither is there."""
        package = open_package(data)
        if package.has(OWN_PART):
            return read(json_text.read(part_of(package.archive, OWN_PART)))
        found = _copied(open_book(package))
        if found is None:
            raise InputError("sheet-proof-lost", sheet=COPY)
        return found

    def compare(self, content: Workbook, claim: Claim, data: bytes) -> Iterator[Difference]:
        """By sheet and cell."""
        book = open_book(open_package(data))
        yield from differences(content, (*content.sheets, proof(content, claim)), book, COPY)
        if book.package.has(OWN_PART) and _copied(book) not in (claim, None):
            yield Difference(sheet_place(COPY), OWN_PART, COPY)


def _has_part(data: bytes) -> bool:
    """Whether what is no sound package holds our part; other archives may hold spreadsheets that do."""
    try:
        return OWN_PART in open_archive(data).NameToInfo
    except LedgerError:
        return OWN_PART.encode() in data


def _copied(book: Book) -> Claim | None:
    """The claim of the hidden sheet; None where there is no such sheet."""
    sheet = next((sheet for sheet in book.sheets if sheet.name == COPY), None)
    if sheet is None:
        return None
    return read(json_text.read(copied(row.cells[1].text for _, row in rows(book, sheet, Notes()) if 1 in row.cells)))


def _names_copy(package: Package) -> bool:
    return any(sheet.name == COPY for sheet in open_book(package).sheets)


def _has_keyword(package: Package) -> bool:
    """Whether the properties of the document hold our word, which programs keep when they save."""
    for relation in package.related(""):
        if relation.type == "core-properties" and package.has(relation.target):
            events = xml_events(relation.target, chunks(package.archive, relation.target), (_KEYWORDS,))
            return any(event.path[-1] == "keywords" and event.text == KEYWORD for event in events)
    return False


KIND = XlsxFile()
