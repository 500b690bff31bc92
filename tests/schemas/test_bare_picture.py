"""A photograph is given out without what its camera wrote, and what is no photograph is refused."""

import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.bare_picture import bare
from schemas.errors import InputError

PRIVATE = b"GPS 44.2195 11.7601"


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(data) + 2).to_bytes(2) + data


def jpeg(*beside: bytes, after: bytes = b"") -> bytes:
    drawn = segment(0xDB, b"\x00") + segment(0xDA, b"\x01\x00") + b"\x11\xff\x00\x22\xff\xd0\x33"
    return b"\xff\xd8" + b"".join(beside) + drawn + b"\xff\xd9" + after


def chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)


def png(*beside: bytes, after: bytes = b"") -> bytes:
    head = chunk(b"IHDR", bytes(13))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(beside) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"") + after


def riff(name: bytes, data: bytes) -> bytes:
    return name + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2)


def webp(*chunks: bytes, after: bytes = b"") -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + len(body).to_bytes(4, "little") + body + after


@pytest.mark.parametrize(
    ("data", "media", "left"),
    [
        (jpeg(segment(0xE1, b"Exif\x00\x00" + PRIVATE), segment(0xFE, PRIVATE)), "image/jpeg", jpeg()),
        (jpeg(segment(0xED, PRIVATE), after=jpeg(segment(0xE1, PRIVATE))), "image/jpeg", jpeg()),
        (jpeg(segment(0xE2, b"MPF\x00" + PRIVATE)), "image/jpeg", jpeg()),
        (png(chunk(b"eXIf", PRIVATE), chunk(b"tEXt", PRIVATE), after=PRIVATE), "image/png", png()),
        (
            webp(riff(b"VP8X", bytes((0x0C, *bytes(9)))), riff(b"VP8 ", b"x"), riff(b"EXIF", PRIVATE), after=PRIVATE),
            "image/webp",
            webp(riff(b"VP8X", bytes(10)), riff(b"VP8 ", b"x")),
        ),
    ],
    ids=["exif and comment", "iptc and what follows", "further pictures", "png", "webp"],
)
def test_what_the_camera_wrote_is_gone_and_the_picture_is_the_same(data: bytes, media: str, left: bytes) -> None:
    assert PRIVATE in data
    assert bare(data, media) == left


def test_colours_stay() -> None:
    kept = jpeg(segment(0xE0, b"JFIF\x00"), segment(0xE2, b"ICC_PROFILE\x00\x01\x01"), segment(0xEE, b"Adobe"))
    assert bare(kept, "image/jpeg") == kept


@pytest.mark.parametrize("media", ["image/jpeg", "image/png", "image/webp"])
@pytest.mark.parametrize("data", [b"", b"\xff\xd8", jpeg()[:-2], png()[:-6], b"GIF89a", b"\xff\xd8\xff\xe1\x00\x00"])
def test_what_ends_too_soon_or_is_another_thing_is_refused(data: bytes, media: str) -> None:
    with pytest.raises(InputError) as refused:
        bare(data, media)
    assert refused.value.code == "picture-damaged"


def test_another_kind_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        bare(b"<svg/>", "image/svg+xml")
    assert refused.value.code == "picture-kind"


@given(st.binary(max_size=200), st.sampled_from(["image/jpeg", "image/png", "image/webp"]))
def test_no_bytes_do_worse_than_be_refused(data: bytes, media: str) -> None:
    for whole in (data, b"\xff\xd8" + data, b"\x89PNG\r\n\x1a\n" + data, b"RIFF\xff\x00\x00\x00WEBP" + data):
        with suppress(InputError):
            assert len(bare(whole, media)) <= len(whole) + 1
