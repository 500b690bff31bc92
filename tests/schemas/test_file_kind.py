"""Files are what their bytes say, whatever their name, and whole."""

import struct
import zlib

import pytest

from schemas.file_kind import file_kind
from tests.simulator.files import JPEG, PDF, PNG
from tests.simulator.refusal import refused

WEBP = b"RIFF" + struct.pack("<I", 12) + b"WEBPVP8L\x00\x00\x00\x00"
HEIC = struct.pack(">I", 16) + b"ftypheic\x00\x00\x00\x00" + struct.pack(">I", 12) + b"mdat1234"
TIFF = b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", 1) + bytes(12) + bytes(4)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PDF, "application/pdf"), (JPEG, "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp"),
        (HEIC, "image/heic"), (TIFF, "image/tiff"),
    ],
)  # fmt: skip
def test_a_whole_file_is_recognised(data: bytes, media_type: str) -> None:
    assert file_kind(data) == media_type


@pytest.mark.parametrize("data", [PDF[:-7], JPEG[:-2], PNG[:-1], WEBP[:-1], HEIC[:-1], TIFF[:20]])
def test_a_file_that_came_over_a_bad_line_is_refused(data: bytes) -> None:
    with refused("file-cut-short"):
        file_kind(data)


@pytest.mark.parametrize(
    "data", [b"<html><script>", b"<svg xmlns=", b"PK\x03\x04word", b"MZ", b"hello", b"\xef\xbb\xbf%PDF-"]
)
def test_what_may_run_something_is_not_taken(data: bytes) -> None:
    with refused("file-kind"):
        file_kind(data)


def test_nothing_is_not_a_file() -> None:
    with refused("file-empty"):
        file_kind(b"")


def test_the_end_of_a_preview_is_not_the_end_of_the_photo() -> None:
    preview = b"\xff\xe1" + struct.pack(">H", 6) + b"\xff\xd8\xff\xd9"
    cut = JPEG[:2] + preview + JPEG[2:-2]
    with refused("file-cut-short"):
        file_kind(cut)
    assert file_kind(cut + b"\xff\xd9") == "image/jpeg"


def test_the_photo_of_the_simulator_is_one() -> None:
    assert zlib.decompress(PNG[PNG.index(b"IDAT") + 4 : -16]) == b"\x00\xff\x00\x00"
