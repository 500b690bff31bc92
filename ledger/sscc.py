"""Serial numbers of logistic units: one series for each company prefix and extension digit, never the same twice.

- A number is *taken* first, durably, by as many processes as ask; then the aggregation that fills the unit carries it.
  Whoever asks again for the same reference gets the same number.
- One that entries name already is passed over: somebody numbered by hand, or the store was restored from an older copy.
  GS1 lets an SSCC be used again after a year; here none is, until all of a series are taken.
- The extension digit sets programs apart that number under one prefix: each has its own.

    take(store, Series("9521001", 3), now=…)[0].sscc  ->  "395210010000000018"

GS1 General Specifications, sections 2.2.1 and 4.4; docs/adr/0052-numbers-are-taken-before-they-are-recorded.md.
"""

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
from schemas.gs1.check_digit import check_digit
from schemas.gs1.company_prefix import CompanyPrefixes

KIND = "sscc"
MOST_AT_ONCE = 1000
_MOST_TEXT = 200
_MOST_ENTRIES = 100
_DIGITS = 16  # of prefix and serial number together


@dataclass(frozen=True, slots=True)
class Series:
    """The units of one company prefix and extension digit. `InputError`: `company-prefix`, `sscc-extension`."""

    prefix: str
    extension: int = 0

    def __post_init__(self) -> None:
        CompanyPrefixes((self.prefix,))
        if not 0 <= self.extension <= 9:
            raise InputError("sscc-extension", value=self.extension)

    @property
    def name(self) -> str:
        """As the store keeps it."""
        return f"{KIND}/{self.prefix}/{self.extension}"

    @property
    def last(self) -> int:
        """The largest serial number."""
        return int(10 ** (_DIGITS - len(self.prefix))) - 1

    def sscc(self, n: int) -> str:
        """The SSCC of a serial number, with its check digit."""
        body = f"{self.extension}{self.prefix}{n:0{_DIGITS - len(self.prefix)}d}"
        return body + check_digit(body)


@dataclass(frozen=True, slots=True)
class Taken:
    """One SSCC. `taken`: seconds since 1970. `entries`: those that name the unit."""

    series: Series
    n: int
    taken: int
    reference: str | None = None
    entries: tuple[int, ...] = ()

    @property
    def sscc(self) -> str:
        """Eighteen digits."""
        return self.series.sscc(self.n)

    @property
    def uri(self) -> str:
        """As an event names the unit."""
        return uri_of(self.sscc)

    def as_json(self) -> dict[str, Any]:
        """The number for programs."""
        return {
            "sscc": self.sscc,
            "uri": self.uri,
            "taken": self.taken,
            "state": "recorded" if self.entries else "open",
            "reference": self.reference,
            "entries": list(self.entries),
        }


def uri_of(sscc: str) -> str:
    """The canonical URI of a unit."""
    return f"https://id.gs1.org/00/{sscc}"


def take(store: Store, series: Series, *, now: int, reference: str | None = None, count: int = 1) -> list[Taken]:
    """The next so many, or the one that was taken for this reference; durable on return.

    `InputError`: `sscc-count`, `sscc-reference`, `sscc-exhausted`.
    """
    if not 0 < count <= (MOST_AT_ONCE if reference is None else 1):
        raise InputError("sscc-count", count=count, limit=MOST_AT_ONCE)
    if reference is not None and not (reference.strip() and len(reference) <= _MOST_TEXT):
        raise InputError("sscc-reference", limit=_MOST_TEXT)
    with store.begin() as connection:
        last = numbers.lock(connection, series.name)
        if reference and (found := numbers.taken_for(connection, series.name, reference)):
            return [_taken(connection, series, found)]
        made = []
        for _ in range(count):
            last = _next(connection, series, last)
            numbers.keep(connection, series.name, last, now, reference)
            made.append(Taken(series, last, now, reference))
    return made


def register(store: Store, series: Series) -> list[Taken]:
    """Every SSCC of a series that was taken, from the first, with the entries that name it."""
    with store.read() as connection:
        return [_taken(connection, series, kept) for kept in numbers.listing(connection, series.name)]


def series_of(store: Store, prefix: str) -> list[Series]:
    """Every series of a company prefix of which a number was taken."""
    with store.read() as connection:
        named = [name.split("/") for name in numbers.names(connection) if name.startswith(f"{KIND}/{prefix}/")]
    return [Series(prefix, int(extension)) for _, _, extension in named]


def _next(connection: Connection, series: Series, last: int) -> int:
    """The next serial number that nothing names."""
    n = last + 1
    while n <= series.last and _named(connection, series.sscc(n)):
        n += 1
    if n > series.last:
        raise InputError("sscc-exhausted", prefix=series.prefix, extension=series.extension)
    return n


def _named(connection: Connection, sscc: str) -> tuple[int, ...]:
    """The entries that name a unit, as far as the read side has come."""
    queries = [parse_query({where: [uri_of(sscc)]}) for where in ("MATCH_anyEPC", "MATCH_parentID")]
    found = [find(connection, query, seen_by=full(), limit=_MOST_ENTRIES).indexes for query in queries]
    return tuple(sorted({index for indexes in found for index in indexes}))


def _taken(connection: Connection, series: Series, kept: Kept) -> Taken:
    return Taken(series, kept.n, kept.taken, kept.reference, _named(connection, series.sscc(kept.n)))
