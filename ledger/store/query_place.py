"""A place in the answer to a query: where a page ended, and what holds the pages together while the log grows.

- The first page fixes the size of the log that is asked: what is captured meanwhile is in no later page, and no event
  is skipped or shown twice.
- A place names its order and the last key in it, so a page begins where the one before ended, whatever was deleted.
- As JSON it is a list of numbers and one text, which whoever gives it to clients seals or signs.

    read_place(place.to_json()) == place

EPCIS 2.0 section 12.6 (pagination).
"""

from dataclasses import dataclass
from typing import Any, Literal

from schemas.errors import InputError
from schemas.syntax.json_text import Number

By = Literal["log", "time", "field", "rest"]
_ORDERS: tuple[By, ...] = ("log", "time", "field", "rest")


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

    def to_json(self) -> list[int | str]:
        """The place as a JSON value."""
        left = -1 if self.left is None else self.left
        return [self.size, _ORDERS.index(self.by), int(self.descending), self.index, self.at, left, self.key.hex()]


def read_place(tree: Any) -> Place:
    """The place a JSON value says; `InputError("page-place")` for what is none."""
    try:
        size, by, descending, index, at, left = (_integer(item) for item in tree[:6])
        if len(tree) != 7 or not -1 <= index < size < 2**53 or not -1 <= left < 2**53 or abs(at) >= 2**63 or by < 0:
            raise ValueError
        return Place(size, _ORDERS[by], bool(descending), index, at, bytes.fromhex(tree[6]), None if left < 0 else left)
    except (ValueError, TypeError, IndexError, KeyError):
        raise InputError("page-place") from None


def _integer(item: Any) -> int:
    if isinstance(item, bool) or not isinstance(item, int | Number):
        raise TypeError
    return int(item.text) if isinstance(item, Number) else item
