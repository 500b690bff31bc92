"""PNG from rows of pixels: the one place that knows its chunks.

    png(2, 1, [b"\\x00\\x01"], depth=8, colours=[(255, 255, 255), (29, 92, 58)])

- With `colours` a pixel is a place in that palette; without, a shade of grey. A row comes packed, `depth` bits a pixel.
- The same rows give the same bytes.

PNG (W3C, third edition).
"""

import struct
import zlib
from collections.abc import Iterable, Sequence

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _PALETTE = 0, 3
Colour = tuple[int, int, int]


def png(
    width: int,
    height: int,
    rows: Iterable[bytes],
    *,
    depth: int,
    colours: Sequence[Colour] = (),
    metre: int | None = None,
) -> bytes:
    """The picture. `depth`: bits a pixel; `metre`: pixels on a metre, where its true size matters."""
    kind = _PALETTE if colours else _GREY
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))]
    if metre is not None:
        chunks.append((b"pHYs", struct.pack(">IIB", metre, metre, 1)))
    if colours:
        chunks.append((b"PLTE", b"".join(map(bytes, colours))))
    # No row is predicted from another: filter 0.
    chunks.append((b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9)))
    return _SIGNATURE + b"".join(_chunk(name, data) for name, data in (*chunks, (b"IEND", b"")))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
