"""Document numbers: one series for each issuer and year, from 1 on, without a gap, never twice.

- A number is *taken* first, durably, and then recorded: the shipping event carries it as its `desadv` transaction.
  Whoever asks again for the same reference (an order, a draft) gets the same number.
- Every number stays in the register: it is *recorded* (which entries carry it), *given up* with a reason, or still
  *open*. So a series has no gap that nobody can explain.
- A number that entries carry already is passed over, and is in the register too, as recorded: somebody numbered by
  hand, or the store was restored from an older copy.
- A *section* sets the numbers of one warehouse or one kind of goods apart from others of the year.

    take(store, Series("9521001000017", 2026), now=…, reference="order 7").text  ->  "2026-1"

DPR 472/1996 article 1; docs/adr/0052-numbers-are-taken-before-they-are-recorded.md.
"""

import re
from dataclasses import dataclass
from typing import Any

from ledger.audience import full
from ledger.store import numbers
from ledger.store.connection import Connection
from ledger.store.engine import Store
from ledger.store.event_query import find
from ledger.store.numbers import Kept
from schemas.epcis.query import parse_query
from schemas.errors import InputError
from schemas.gs1.check_digit import is_digits, verify_check_digit

KIND = "despatch"
MOST_TEXT = 200
_SECTION = re.compile(r"[A-Z0-9]{0,8}")
_FIRST_YEAR, _LAST_YEAR = 1990, 2200
_MOST_ENTRIES = 100


@dataclass(frozen=True, slots=True)
class Series:
    """The delivery notes of one issuer (GLN) and year. `InputError`: `number-year`, `number-section`, and those of a
    GLN that is none."""

    issuer: str
    year: int
    section: str = ""

    def __post_init__(self) -> None:
        if not is_digits(self.issuer) or len(self.issuer) != 13:
            raise InputError("number-issuer-form", value=self.issuer[:40])
        verify_check_digit(self.issuer)
        if not _FIRST_YEAR <= self.year <= _LAST_YEAR:
            raise InputError("number-year", value=self.year)
        if not _SECTION.fullmatch(self.section):
            raise InputError("number-section", value=self.section[:40])

    @property
    def name(self) -> str:
        """As the store keeps it."""
        return f"{KIND}/{self.issuer}/{self.year}/{self.section}"

    def text(self, n: int) -> str:
        """A number as it is printed."""
        return f"{self.section}-{self.year}-{n}" if self.section else f"{self.year}-{n}"

    def uri(self, n: int) -> str:
        """A number as an event carries it (CBV 2.0 section 8.5)."""
        return f"urn:epcglobal:cbv:bt:{self.issuer}:{self.text(n)}"


@dataclass(frozen=True, slots=True)
class Number:
    """One number. `taken`: seconds since 1970. `entries`: those that carry it. `given_up`: why, where it was."""

    series: Series
    n: int
    taken: int
    reference: str | None = None
    given_up: str | None = None
    entries: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """As it is printed."""
        return self.series.text(self.n)

    @property
    def uri(self) -> str:
        """As an event carries it."""
        return self.series.uri(self.n)

    @property
    def open(self) -> bool:
        """Taken, and neither recorded nor given up."""
        return not self.entries and self.given_up is None

    def as_json(self) -> dict[str, Any]:
        """The number for programs."""
        return {
            "number": self.text,
            "uri": self.uri,
            "taken": self.taken,
            "state": "recorded" if self.entries else "open" if self.open else "given-up",
            "reference": self.reference,
            "entries": list(self.entries),
            "reason": self.given_up,
        }


def take(store: Store, series: Series, *, now: int, reference: str | None = None) -> Number:
    """The next number, or the one that was taken for this reference; durable on return.

    `InputError("number-text")` for a reference that is empty or too long.
    """
    if reference is not None:
        _check_text(reference)
    with store.begin() as connection:
        last = numbers.lock(connection, series.name)
        found = reference and numbers.taken_for(connection, series.name, reference)
        if found:
            return _number(connection, series, found)
        while recorded(connection, series.uri(last + 1)):
            last += 1
            numbers.keep(connection, series.name, last, now, None)
        numbers.keep(connection, series.name, last + 1, now, reference)
    return Number(series, last + 1, now, reference)


def give_up(store: Store, series: Series, n: int, reason: str) -> None:
    """Say that nothing will carry a number, and why. `InputError`: `number-not-taken`, `number-recorded`,
    `number-given-up`, `number-text`."""
    _check_text(reason)
    with store.begin() as connection:
        numbers.lock(connection, series.name)
        kept = numbers.get(connection, series.name, n)
        if kept is None:
            raise InputError("number-not-taken", number=series.text(n))
        found = _number(connection, series, kept)
        if found.entries:
            raise InputError("number-recorded", number=found.text, index=found.entries[0])
        if found.given_up is not None:
            raise InputError("number-given-up", number=found.text, reason=found.given_up)
        numbers.give_up(connection, series.name, n, reason)


def register(store: Store, series: Series) -> list[Number]:
    """Every number of a series from the first, with what became of it."""
    with store.read() as connection:
        return [_number(connection, series, kept) for kept in numbers.listing(connection, series.name)]


def series_of(store: Store, issuer: str | None = None) -> list[Series]:
    """Every series of which a number was taken, or those of one issuer."""
    with store.read() as connection:
        parts = [name.split("/") for name in numbers.names(connection) if name.startswith(f"{KIND}/")]
    found = [Series(gln, int(year), section) for _, gln, year, section in parts]
    return [each for each in found if issuer in (None, each.issuer)]


def recorded(connection: Connection, uri: str) -> tuple[int, ...]:
    """The entries that carry a delivery note, as far as the read side has come."""
    query = parse_query({"EQ_bizTransaction_desadv": [uri]})
    return find(connection, query, seen_by=full(), limit=_MOST_ENTRIES).indexes


def _number(connection: Connection, series: Series, kept: Kept) -> Number:
    return Number(series, *kept, recorded(connection, series.uri(kept.n)))


def _check_text(text: str) -> None:
    if not text.strip() or len(text) > MOST_TEXT:
        raise InputError("number-text", limit=MOST_TEXT)
