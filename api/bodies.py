"""Bodies from outside, within bounds: how much of them may be taken apart, and how much at once.

- Parsed JSON takes some hundred bytes a value, however short its text: the number of values is bounded before parsing.
- Two large bodies at a time are taken apart; the others wait for their turn with their bytes alone.
- Depth, number text, duplicate names and encoding are the strict readers' to refuse (`schemas.syntax`), and so are the
  bounds of XML.

    with in_turn(data): tree = read_json(data)
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from schemas.epcis.binding import JSON_MEDIA_TYPES
from schemas.epcis.document import Read, read_any
from schemas.errors import InputError
from schemas.syntax import json_text
from schemas.syntax.json_text import Json

MOST_VALUES = 400_000
LARGE = 256 * 1024
"""Bytes from which a body is large: taken apart it may hold a hundred megabytes for a moment."""
_ONE_OF_FEW = threading.BoundedSemaphore(2)


@contextmanager
def in_turn(data: bytes) -> Iterator[None]:
    """Wait for one's turn with a large body; a small one is never kept waiting."""
    if len(data) < LARGE:
        yield
        return
    with _ONE_OF_FEW:
        yield


def read_json(data: bytes, *, most: int = MOST_VALUES) -> Json:
    """One JSON value; `InputError` (`too-many-values`, and those of `json_text.read`)."""
    check_json(data, most=most)
    return json_text.read(data)


def read_epcis(data: bytes, media_type: str) -> Read:
    """A document or event, JSON or XML, within bounds; errors as those of `read_json` and `read_any`."""
    if media_type in JSON_MEDIA_TYPES:
        check_json(data)
    return read_any(data, media_type)


def check_json(data: bytes, *, most: int = MOST_VALUES) -> None:
    """`InputError("too-many-values")` where JSON text holds more values than are taken apart."""
    # Every value but the outermost follows a comma or an opening bracket. Commas inside texts only make the count
    # stricter, far beyond what documents hold.
    if data.count(b",") + data.count(b"[") + data.count(b"{") > most:
        raise InputError("too-many-values", limit=most)
