"""A photograph without what its camera wrote beside it: where it was taken, with what, by whom, and small previews.

- Kept is what a browser needs to draw it, colours included; everything else is left out, known or not.
- What follows the end of a picture is left out too: phones put further pictures there, with their own places.
- The pixels are not touched. A photograph that only its metadata turns upright is shown as it lies.

    bare(data, "image/jpeg")

Exif 2.32 and ISO/IEC 10918-1 (JPEG), PNG (W3C, third edition), RFC 9649 (WebP).
"""

from collections.abc import Callable, Iterator, Mapping

from schemas.errors import InputError

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP0, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE2, 0xEE, 0xEF, 0xFE
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT"))
_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"ANIM", b"ANMF"))
_WEBP_SAYS = 0x0C
"""The bits of VP8X that announce EXIF and XMP."""


def bare(data: bytes, media_type: str) -> bytes:
    """The picture alone; `InputError`: `picture-damaged`, `picture-kind` for another media type."""
    reader = _READERS.get(media_type)
    if reader is None:
        raise InputError("picture-kind", value=media_type[:80], allowed=", ".join(_READERS))
    try:
        return b"".join(reader(data))
    except (IndexError, ValueError):
        raise InputError("picture-damaged") from None


def _jpeg(data: bytes) -> Iterator[bytes]:
    if data[:2] != bytes((0xFF, _SOI)):
        raise ValueError
    yield data[:2]
    at = 2
    while True:
        marker, stop = _segment(data, at)
        if marker == _EOI:
            yield data[at:stop]
            return
        if marker == _SOS:
            stop = _after_scan(data, stop)
        if _drawn(marker, data[at + 4 : at + 16]):
            yield data[at:stop]
        at = stop


def _segment(data: bytes, at: int) -> tuple[int, int]:
    """The marker at a place, and where its segment ends."""
    if data[at] != 0xFF:
        raise ValueError
    marker = data[at + 1]
    if marker == _EOI:
        return marker, at + 2
    length = int.from_bytes(data[at + 2 : at + 4])
    if length < 2 or at + 2 + length > len(data):
        raise ValueError
    return marker, at + 2 + length


def _after_scan(data: bytes, at: int) -> int:
    """Where the coded pixels end: at the next marker that is no escape and no restart."""
    while True:
        at = data.index(b"\xff", at)
        following = data[at + 1]
        if following and not 0xD0 <= following <= 0xD7:
            return at
        at += 2


def _drawn(marker: int, begins: bytes) -> bool:
    if _APP0 <= marker <= _APP15:
        return marker in (_APP0, _APP14) or (marker == _APP2 and begins == b"ICC_PROFILE\x00")
    return marker != _COMMENT


def _png(data: bytes) -> Iterator[bytes]:
    if data[:8] != _PNG:
        raise ValueError
    yield _PNG
    at, name = 8, b""
    while name != b"IEND":
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        stop = at + 12 + length
        if stop > len(data) or len(name) != 4:
            raise ValueError
        if name in _PNG_KEPT:
            yield data[at:stop]
        at = stop


def _webp(data: bytes) -> Iterator[bytes]:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise ValueError
    kept = b"".join(_webp_chunks(data, min(len(data), 8 + int.from_bytes(data[4:8], "little"))))
    yield b"RIFF" + (4 + len(kept)).to_bytes(4, "little") + b"WEBP" + kept


def _webp_chunks(data: bytes, end: int) -> Iterator[bytes]:
    at = 12
    while at + 8 <= end:
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        stop = at + 8 + length + length % 2
        if at + 8 + length > end:
            raise ValueError
        chunk = data[at:stop]
        if name == b"VP8X" and length:
            chunk = chunk[:8] + bytes((chunk[8] & ~_WEBP_SAYS,)) + chunk[9:]
        if name in _WEBP_KEPT:
            yield chunk
        at = stop


# KNOWN LIMIT: what turns a photograph upright is metadata too, and goes; docs/limits.md.
_READERS: Mapping[str, Callable[[bytes], Iterator[bytes]]] = {
    "image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp,
}  # fmt: skip
