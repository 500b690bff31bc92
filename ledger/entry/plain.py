"""The disclosures of an entry as nearly all are written, read in a few steps: the quick half of the strict reader.

- *Plain* is a private entry of which everything is disclosed, every disclosure in the form that `ledger.entry.issue`
  writes, and nothing wrong with it. Of any other entry this module says None, whatever the reason; `ledger.entry.parse`
  then reads it from afresh, and is the judge of what is refused and how.
- Whatever is read here is read the same there, no rule left out: a test holds the two against each other.
- All disclosures are scanned as one JSON text (`scan_each`); objects are tuples of pairs until they are needed.

    trees = read_plain(payload["_sd"], texts, digests)
    trees.content["bizStep"], trees.lots

RFC 9901 section 7.1, ARCHITECTURE.md 3.2, docs/adr/0042-a-quick-half-of-the-reader.md.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from ledger.entry.claims import RESERVED
from ledger.entry.disclosure import bodies, digest_texts
from ledger.entry.record import REQUIRED, Lot, check_member, lot_of
from ledger.entry.shape import RECORD_LISTS, SPLIT_LISTS, WHOLE
from ledger.entry.shown import Members
from schemas.errors import InputError
from schemas.syntax.json_text import Number, integer, scan_each


class Trees(NamedTuple):
    """The content and the record of a plain entry, and the lots of the record as values."""

    content: Members
    record: Members
    lots: tuple[Lot, ...]


class _NotPlainError(Exception):
    """Something is not as it usually is."""


# What reading on stumbles over where something is not plain: a reference that is not text, or names a disclosure that
# is not there (any more), a pair or a row of another length.
_STUMBLES = (_NotPlainError, InputError, KeyError, TypeError, ValueError)
_Row = list[Any]


def read_plain(references: Sequence[str], texts: Sequence[bytes], digests: Sequence[bytes]) -> Trees | None:
    """The trees below the two signed digests `references`; `texts` are the disclosures with these `digests`."""
    found = bodies(texts) if texts else None
    rows = None if found is None else scan_each(found)
    if rows is None:
        return None
    places = dict(zip(digest_texts(digests), range(len(rows)), strict=True))
    if len(places) != len(rows):
        return None
    reader = _Plain(rows, places)
    try:
        one, other = [rows[places.pop(reference)] for reference in references]
        if one[1] == "record":
            one, other = other, one
        (_, first, content), (_, second, record) = one, other
        if first != "content" or second != "record":
            return None
        trees = Trees(reader.content(content), *reader.record(record))
    except _STUMBLES:
        return None
    # Every disclosure was taken once, since none can be taken twice.
    return None if places else trees


class _Plain:
    """Goes down from the signed digests. `places`: where in `rows` a digest's disclosure stands, until it is taken."""

    __slots__ = ("places", "rows")

    def __init__(self, rows: list[_Row], places: dict[str, int]) -> None:
        self.rows = rows
        self.places = places

    def members(self, value: Any) -> list[_Row]:
        """The rows of `{"_sd":[…]}` in the order of the wire."""
        ((name, references),) = value
        # Rising, and none twice, since none is taken twice.
        if name != "_sd" or type(value) is not tuple or not references or sorted(references) != references:
            raise _NotPlainError
        take, rows = self.places.pop, self.rows
        order = [take(reference) for reference in references]
        order.sort()
        return [rows[at] for at in order]

    def element(self, item: Any) -> Any:
        """The value of one element of a split list, which stands as `{"...":digest}`."""
        ((dots, reference),) = item
        if dots != "..." or type(item) is not tuple:
            raise _NotPlainError
        _, value = self.rows[self.places.pop(reference)]
        return value

    def content(self, value: Any) -> Members:
        """The members of a content, each of the form that `shape` gives it."""
        content = Members()
        if value == ():
            return content
        rows = self.members(value)
        for _, name, item in rows:
            kind = type(item)
            content[name] = self.split(name, item) if kind is list or kind is tuple else item
        _check(content, len(rows))
        return content

    def split(self, name: str, item: Any) -> Any:
        """A list or an object of a content: elements and inner members put in their places."""
        if type(item) is list:
            return [_data(self.element(one)) for one in item] if name in SPLIT_LISTS else _data(item)
        if not item or name in WHOLE:
            return _data(item)
        inner = Members()
        rows = self.members(item)
        for _, within, value in rows:
            inner[within] = _data(value)
        _check(inner, len(rows))
        return inner

    def record(self, value: Any) -> tuple[Members, tuple[Lot, ...]]:
        """The members of a record, all that it must have, and its lots."""
        record = Members()
        lots: tuple[Lot, ...] = ()
        rows = self.members(value)
        found: Any
        for _, name, item in rows:
            if type(item) is list and name in RECORD_LISTS:
                found = [_data(self.element(one), True) for one in item]
                if name == "lots":
                    lots = tuple([lot_of(one) for one in found])
                elif found:
                    check_member(name, found)
            else:
                found = integer(item.text) if type(item) is Number else _data(item, True)
                check_member(name, found)
            record[name] = found
        _check(record, len(rows))
        if not record.keys() >= REQUIRED:
            raise _NotPlainError
        return record, lots


def _check(members: Members, count: int) -> None:
    """Every name is a text (or cannot be joined), none repeats or is reserved."""
    "".join(members)
    if len(members) != count or not RESERVED.isdisjoint(members):
        raise _NotPlainError


def _data(value: Any, integers: bool = False) -> Any:
    """A value that is not split: its objects as `dict`, no name twice, none reserved; numbers as `int` if asked."""
    kind = type(value)
    if kind is str:
        return value
    if kind is tuple:
        found = {name: item if type(item) is str else _data(item, integers) for name, item in value}
        if len(found) != len(value) or not RESERVED.isdisjoint(found):
            raise _NotPlainError
        return found
    if kind is list:
        return [_data(item, integers) for item in value]
    return integer(value.text) if integers and kind is Number else value
