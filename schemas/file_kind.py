"""What a file that somebody attaches is, judged by its bytes: its name and what a sender says of it count for nothing.

- Taken are documents and photos whose formats can do no harm to whoever looks at them later: PDF, JPEG, PNG, WebP, HEIC
  and TIFF. Pages, scripts and office files are not: they may run something.
- A file that ends too soon is refused: it came over a bad line, and nobody would notice until it is needed.

    file_kind(data)  ->  "application/pdf"

ISO 32000-2 section 7.5; ISO/IEC 10918-1 annex B; PNG (W3C) section 5; RFC 9649; ISO/IEC 23008-12; TIFF 6.0 section 2.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from schemas.errors import InputError

_PNG = b"\x89PNG\r\n\x1a\n"
# The last chunk of every PNG: no data, its name, and the checksum of that.
_PNG_END = b"\x00\x00\x00\x00IEND\xae\x42\x60\x82"
_HEIC = frozenset((b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"))
_PDF_TAIL = 1024
_START_OF_SCAN = 0xDA
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))


def file_kind(data: bytes) -> str:
    """The media type of a file; `InputError`: `file-empty`, `file-kind`, `file-cut-short`."""
    if not data:
        raise InputError("file-empty")
    for media_type, (begins, whole) in _KINDS.items():
        if begins(data):
            if not whole(data):
                raise InputError("file-cut-short", media_type=media_type, size=len(data))
            return media_type
    raise InputError("file-kind", allowed=", ".join(_KINDS))


def _pdf_ends(data: bytes) -> bool:
    return b"%%EOF" in data[-_PDF_TAIL:]


def _jpeg_ends(data: bytes) -> bool:
    """An end of image after the scan begins: the one of an embedded preview stands before it."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _ALONE:
            at += 2
        elif marker == _START_OF_SCAN:
            return data.find(b"\xff\xd9", at) >= 0
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False


def _webp_begins(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _webp_ends(data: bytes) -> bool:
    return len(data) >= 8 + int.from_bytes(data[4:8], "little")


def _heic_begins(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in _HEIC


def _heic_ends(data: bytes) -> bool:
    """Boxes fill the file to its last byte."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size == 0:
            return True
        if size < 8:
            return False
        at += size
    return at == len(data)


def _tiff_begins(data: bytes) -> bool:
    return data[:4] in (b"II*\x00", b"MM\x00*")


def _tiff_ends(data: bytes) -> bool:
    """The first directory, which most writers put last, lies inside."""
    order = "little" if data[:2] == b"II" else "big"
    at = int.from_bytes(data[4:8], order)  # type: ignore[arg-type]
    if not 8 <= at <= len(data) - 2:
        return False
    count = int.from_bytes(data[at : at + 2], order)  # type: ignore[arg-type]
    return at + 2 + 12 * count <= len(data)


_Judge = Callable[[bytes], bool]
_KINDS: Mapping[str, tuple[_Judge, _Judge]] = MappingProxyType(
    {
        "application/pdf": (lambda data: data[:5] == b"%PDF-", _pdf_ends),
        "image/jpeg": (lambda data: data[:3] == b"\xff\xd8\xff", _jpeg_ends),
        "image/png": (lambda data: data[:8] == _PNG, lambda data: data[-12:] == _PNG_END),
        "image/webp": (_webp_begins, _webp_ends),
        "image/heic": (_heic_begins, _heic_ends),
        "image/tiff": (_tiff_begins, _tiff_ends),
    }
)
MEDIA_TYPES: tuple[str, ...] = tuple(_KINDS)
SUFFIXES: Mapping[str, str] = MappingProxyType(
    {
        "application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp",
        "image/heic": ".heic", "image/tiff": ".tiff",
    }
)  # fmt: skip
