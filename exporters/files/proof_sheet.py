"""The sheet that says what a spreadsheet proves and how anybody checks it, and the hidden one that carries the proof.

- The proof travels twice: as a part of the package, and as text in the cells of a hidden sheet, since programs that
  save a spreadsheet again keep cells and drop parts they do not know.
- Both sheets are of the file and not of the format: every spreadsheet has them, last.

    proof(workbook, claim).name  ->  "Proof";  copied(text for (text,) in copy(file).rows)

docs/spec/paper.md section 2.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from os import SEEK_END
from typing import IO

from exporters.claim import VERSION, Claim
from exporters.files.workbook import Column, Row, Sheet, Workbook
from exporters.spill import Lazy
from schemas.errors import InputError
from schemas.wording import sentence

COPY = "filiera-paper"
"""The name of the hidden sheet, in every language."""
CHUNK = 30_000
"""Characters in a cell; Excel holds 32,767."""
_IN_A_CELL = CHUNK // 4 * 3
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def proof(workbook: Workbook, claim: Claim) -> Sheet:
    """What this file proves, how to check it, and which bundles of which logs it was made from."""

    def said(code: str, **context: object) -> str:
        return sentence(code, context, workbook.language)

    def rows() -> Iterator[Row]:
        yield said("proof-says"), said("proof-says-what")
        yield said("proof-check"), said("proof-check-how")
        yield said("proof-copy"), said("proof-copy-where", sheet=COPY)
        yield said("proof-format"), claim.format
        yield said("proof-profile"), claim.profile
        if claim.template:
            yield said("proof-template"), sha256(claim.template.encode("utf-8")).hexdigest()
        yield said("proof-language"), claim.language
        yield said("proof-date"), (_EPOCH + timedelta(microseconds=workbook.made)).date()
        for number, (bundle, log) in enumerate(zip(claim.bundles, workbook.logs, strict=True), start=1):
            yield said("proof-log", number=number), log.origin
            yield said("proof-size", number=number), Decimal(log.size)
            yield said("proof-digest", number=number), sha256(bundle).hexdigest()

    columns = Column(said("proof-column-what"), 34), Column(said("proof-column-value"), 90)
    return Sheet(said("proof-sheet"), columns, tuple(rows()))


def copy(file: IO[bytes]) -> Sheet:
    """The hidden sheet with the bytes of a file: the version of the claim, then base64 in chunks, one a row, which are
    read from it when they are asked for."""
    return Sheet(COPY, (Column(VERSION, 20),), _Chunks(file))


class _Chunks(Lazy[Row]):
    """A file in rows of one cell."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._size = file, file.seek(0, SEEK_END)

    def __len__(self) -> int:
        return (self._size + _IN_A_CELL - 1) // _IN_A_CELL

    def item(self, number: int) -> Row:
        self._file.seek(number * _IN_A_CELL)
        return (base64.b64encode(self._file.read(_IN_A_CELL)).decode("ascii"),)


def copied(texts: Iterable[str]) -> bytes:
    """The bytes that the cells of the hidden sheet hold; `InputError("sheet-copy-damaged")`."""
    version, *chunks = list(texts) or [""]
    if version != VERSION:
        raise InputError("paper-version", found=version[:40], expected=VERSION)
    try:
        return base64.b64decode("".join(chunks), validate=True)
    except binascii.Error as error:
        raise InputError("sheet-copy-damaged", sheet=COPY) from error
