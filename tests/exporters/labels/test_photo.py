"""Photos: whatever a telephone makes of a code is read, within bounds, and what is no photo says so."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image

from exporters.labels.decode import read
from exporters.labels.photo import MOST_BYTES, grey
from exporters.labels.pictures import png
from exporters.labels.sizes import Grid
from exporters.labels.symbols import qr
from tests.simulator.refusal import refused

LINK = "https://id.gs1.org/01/09521001002011/10/T-196"
SYMBOL = png(qr(LINK), Grid(300), dots=8)


def photo(kind: str = "JPEG", *, mode: str = "RGB", turn: float = 7, side: int = 1200, noise: int = 40) -> bytes:
    """The code as somebody photographs it: askew, on a grey table, with the sensor's noise."""
    code = Image.open(io.BytesIO(SYMBOL)).convert("L").resize((side // 2, side // 2))
    table = Image.new("L", (side, side), 170)
    table.paste(code, (side // 4, side // 4))
    table = table.rotate(turn, fillcolor=170)
    rough = Image.frombytes("L", table.size, random.Random(4).randbytes(side * side))
    table = Image.blend(table, rough, noise / 255)
    out = io.BytesIO()
    table.convert(mode).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode", "turn", "side"),
    [("JPEG", "RGB", 7, 1200), ("JPEG", "CMYK", 90, 900), ("JPEG", "RGB", 180, 4300), ("PNG", "P", 33, 800),
     ("WEBP", "RGB", 0, 700), ("PNG", "L", 0, 300)],
)  # fmt: skip
def test_the_code_in_a_photo_is_read(kind: str, mode: str, turn: float, side: int) -> None:
    pixels, width, height = grey(photo(kind, mode=mode, turn=turn, side=side))
    assert len(pixels) == width * height
    assert max(width, height) <= 2048
    assert [found.content for found in read(pixels, width, height)] == [LINK]


def test_what_is_transparent_is_white() -> None:
    code = Image.open(io.BytesIO(SYMBOL)).convert("L")
    clear = Image.new("RGBA", code.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=code.point(lambda grey: 255 - grey))
    out = io.BytesIO()
    clear.save(out, "PNG")
    assert [found.content for found in read(*grey(out.getvalue()))] == [LINK]


def test_a_tall_picture_is_put_on_white_strip_by_strip(monkeypatch: pytest.MonkeyPatch) -> None:
    clear = Image.new("RGBA", (2, 600))
    clear.putdata([(0, 0, 0, dot // 2 % 256) for dot in range(2 * 600)])
    out = io.BytesIO()
    clear.save(out, "PNG")
    heights, convert = list[int](), Image.Image.convert
    monkeypatch.setattr(Image.Image, "convert", lambda own, mode: (heights.append(own.height), convert(own, mode))[1])
    assert grey(out.getvalue()) == (bytes(255 - row % 256 for row in range(600) for _ in range(2)), 2, 600)
    assert max(heights) < 600


def bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it is this large."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    made = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo-kind"),
        (b"not a photo", "photo-kind"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "photo-kind"),
        (b"GIF89a" + bytes(40), "photo-kind"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "photo-kind"),
        (bomb(8000), "photo-too-large"),
        (bomb(12000), "photo-too-large"),
        (bomb(60000), "photo-too-large"),
        (bomb(900), "photo-broken"),
        (b"\xff" * (MOST_BYTES + 1), "photo-too-large"),
    ],
    ids=range(10),
)
def test_what_is_no_photo_or_too_large_is_refused(data: bytes, code: str) -> None:
    with refused(code):
        grey(data)


def test_a_photo_that_is_cut_short_is_refused_and_never_a_crash() -> None:
    whole = photo(side=500)
    for end in range(700, len(whole) - 10, len(whole) // 6):
        with refused("photo-broken"):
            grey(whole[:end])
