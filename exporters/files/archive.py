"""ZIP archives: written so that they are equal tomorrow, and opened so that none of them can hurt or deceive.

- Written: one time for everything, one system, one order. What the bytes unpack to is the same everywhere; the packed
  bytes are as the machine's zlib makes them.
- Opened: a name that stands twice (in any case of letters), a part that the directory leaves out, an encrypted part, a
  part that unpacks to more than it says and an archive that unpacks to more than `MOST_BYTES` are refused. Two readers
  must not see two files in one.

    archive = open_archive(data);  archive.read("xl/workbook.xml")

APPNOTE 6.3; ECMA-376 part 2 (packages: part names are equal whatever the case of their letters).
"""

import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from schemas.errors import InputError

MOST_BYTES = 1 << 30
MOST_PARTS = 20_000
CHUNK = 1 << 16
_BEGINS = b"PK\x03\x04"
_HEAD = 30
"""Bytes of a part's own header; its last four are the lengths of the name and of what else stands before the data."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX, _READABLE, _ENCRYPTED = 3, 0o644 << 16, 0x1


def is_archive(data: bytes) -> bool:
    """Whether the bytes begin as an archive does."""
    return data.startswith(_BEGINS)


def entry(name: str) -> ZipInfo:
    """A part to be written: nothing in it says when or where."""
    info = ZipInfo(name, _EPOCH)
    info.create_system, info.external_attr, info.compress_type = _UNIX, _READABLE, ZIP_DEFLATED
    return info


def write_archive(parts: Iterable[tuple[str, Iterable[bytes]]], out: IO[bytes]) -> None:
    """An archive of these parts, each a piece at a time, in their order."""
    with ZipFile(out, "w") as archive:
        for name, pieces in parts:
            write_part(archive, name, pieces)
        check_size(sum(part.file_size for part in archive.infolist()))


def write_part(archive: ZipFile, name: str, pieces: Iterable[bytes]) -> None:
    """One part; `InputError` as `check_size`."""
    size = 0
    with archive.open(entry(name), "w") as part:
        for piece in pieces:
            size += len(piece)
            check_size(size)
            part.write(piece)


def check_size(size: int) -> None:
    """`InputError("paper-too-large")` of what could not be opened again.

    KNOWN LIMIT: what `open_archive` takes is the most that a paper in an archive can be.
    """
    if size > MOST_BYTES:
        raise InputError("paper-too-large", size=size, limit=MOST_BYTES)


def open_archive(data: bytes) -> ZipFile:
    """The archive of these bytes; `InputError`: `archive-damaged`, `archive-part-twice`, `archive-too-large`,
    `archive-part-sealed`."""
    try:
        archive = ZipFile(BytesIO(data))
    except (BadZipFile, ValueError, OSError, RuntimeError) as error:
        raise InputError("archive-damaged") from error
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise InputError("archive-too-large", parts=MOST_PARTS, bytes=MOST_BYTES)
    seen: set[str] = set()
    for part in parts:
        if part.filename.casefold() in seen:
            raise InputError("archive-part-twice", part=part.filename[:80])
        if part.flag_bits & _ENCRYPTED or part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise InputError("archive-part-sealed", part=part.filename[:80])
        seen.add(part.filename.casefold())
    _check_between(data, archive)
    return archive


def files_in(archive: ZipFile) -> list[str]:
    """The names of what is in it, folders left out; what is called one and holds something is none."""
    return [part.filename for part in archive.infolist() if part.file_size or not part.filename.endswith("/")]


def _check_between(data: bytes, archive: ZipFile) -> None:
    """`archive-part-twice` where a part stands between those that the directory lists: who unpacks from the first byte
    on, without a look at the directory, gets that one."""
    at = 0
    for part in sorted(archive.infolist(), key=lambda part: part.header_offset):
        _check_no_part(data, at, part.header_offset)
        head = data[part.header_offset : part.header_offset + _HEAD]
        named, more = (int.from_bytes(head[place : place + 2], "little") for place in (26, 28))
        at = part.header_offset + _HEAD + named + more + part.compress_size
    _check_no_part(data, at, archive.start_dir)


def _check_no_part(data: bytes, start: int, end: int) -> None:
    found = data.find(_BEGINS, start, end)
    if found >= 0:
        length = int.from_bytes(data[found + 26 : found + 28], "little")
        name = data[found + _HEAD : found + _HEAD + length].decode("utf-8", "replace")
        raise InputError("archive-part-twice", part=name[:80])


def chunks(archive: ZipFile, name: str) -> Iterator[bytes]:
    """One part as it unpacks; `InputError("archive-damaged")` where it is not what was packed, or is not there."""
    try:
        with archive.open(name) as part:
            while chunk := part.read(CHUNK):
                yield chunk
    except (BadZipFile, KeyError, EOFError, OSError, ValueError, zlib.error) as error:
        raise InputError("archive-damaged") from error


def part_of(archive: ZipFile, name: str) -> bytes:
    """One part whole; `InputError` as `chunks`."""
    return b"".join(chunks(archive, name))
