"""A place in the answer to a query: where a page ended, and what holds the pages together while the log grows.

- The first page fixes the size of the log that is asked: what is captured meanwhile is in no later page, and no event
  is skipped or shown twice.
- A place names its order and the last key in it, so a page begins where the one before ended, whatever was deleted.
- As text it is base64url of a JSON array: for a client it is opaque, and one that was altered is refused.

    read_place(place.token()) == place

EPCIS 2.0 section 12.6 (pagination).
"""

from dataclasses import dataclass
from typing import Any, Literal

from schemas.errors import InputError, LedgerError
from schemas.syntax import base64url, json_text
from schemas.syntax.json_text import Json

By = Literal["log", "time", "field", "rest"]
_ORDERS: tuple[By, ...] = ("log", "time", "field", "rest")
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Place:
    """The end of a page: `size` of the log that is asked, the order it is answered in and the last key in it.

    `by`: the log's own order, event time, an extension field, or the rest that lacks that field. `at`: the event's time
    in microseconds; `key`: its fact; `index`: its index, -1 before the first. `left`: how many events may still come.
    """

    size: int
    by: By = "log"
    descending: bool = False
    index: int = -1
    at: int = 0
    key: bytes = b""
    left: int | None = None

    def token(self) -> str:
        """The place as text."""
        left = -1 if self.left is None else self.left
        order: list[Json] = [_ORDERS.index(self.by), int(self.descending)]
        return base64url.encode(json_text.write([self.size, *order, self.index, self.at, self.key.hex(), left]))


def read_place(token: str) -> Place:
    """The place a text says; `InputError("page-token")` for what is none of ours."""
    try:
        if len(token) > _LONGEST:
            raise ValueError
        return _read(json_text.read(base64url.decode(token)))
    except (LedgerError, ValueError, AttributeError):
        raise InputError("page-token") from None


def _read(tree: Any) -> Place:
    if not isinstance(tree, list) or len(tree) != 7 or not isinstance(tree[5], str):
        raise ValueError
    size, by, descending, index, at, left = (int(tree[place].text) for place in (0, 1, 2, 3, 4, 6))
    if not (0 <= size < 2**53 and -1 <= index < size and 0 <= by < 4 and abs(at) < 2**63 and -1 <= left < 2**53):
        raise ValueError
    return Place(size, _ORDERS[by], bool(descending), index, at, bytes.fromhex(tree[5]), None if left < 0 else left)
