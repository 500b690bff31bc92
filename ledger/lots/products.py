"""What versions of master data say of products: how much one piece holds, and what it is of, as of a time; pure.

- A product is known by its own identifier and by the GTIN of every level it lists; a level that contains so many of
  another holds so many times its content.
- Which version holds is `ledger.lots.master`'s rule, asked of all versions of a thing: one that no longer lists a GTIN
  takes the place of those that did.
- What one piece holds is in the bounds of an amount, or it is not known.
- What is said changes only where a version begins or ends: between two such moments the answer is made once, and kept.

    KnownProducts(said).net_content("https://id.gs1.org/01/…/10/P-1", at)  ->  Amount(Decimal("5"), "KGM")

FORMATS section 3 (product); docs/adr/0035-master-data-as-of-a-time.md; docs/spec/bundle.md, section 6 (Products).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ledger.lots.master import Version, changes, holding, preferred
from ledger.lots.step import Amount
from ledger.lots.stock import product_of
from schemas.epcis.instant import instant, since
from schemas.epcis.own_terms import decimal, in_bounds
from schemas.gs1.canonical import canonical_uri
from schemas.syntax import json_text
from schemas.syntax.json_text import Number
from schemas.units import EXACT

Content = Mapping[str, Any]
DEEPEST = 8
COUNTED_BY = ("commodity", "functionalName", "netContent", "gtins")
"""The members of a product by which quantities are counted: no others are read here."""
_GTIN = "https://id.gs1.org/01/"
# The first and the last microsecond that a datetime can hold: a zone may put an event before or after them.
_FIRST, _LAST = since(datetime.min.replace(tzinfo=UTC)), since(datetime.max.replace(tzinfo=UTC))


class KnownProducts:
    """`ledger.lots.yielded.Goods` from versions with what they say; `preferring`: whose word counts before others'."""

    def __init__(self, said: Iterable[tuple[Version, Content]], *, preferring: Sequence[str] = ()) -> None:
        self._preferring = preferring
        self._versions: dict[str, list[Version]] = {}
        self._things: dict[str, dict[str, None]] = {}
        self._content: dict[int, Content] = {}
        self._changes: dict[str, list[int]] = {}
        self._known: dict[tuple[str, int], tuple[Content | None, Amount | None]] = {}
        for version, content in said:
            if version.type == "product":
                self._content[version.index] = content
                self._versions.setdefault(version.id, []).append(version)
                for name in _names(version, content):
                    self._things.setdefault(name, {})[version.id] = None

    def net_content(self, uri: str, at: int | None) -> Amount | None:
        """How much one piece of a lot, item or product holds at a time; None where nobody says it."""
        return self._said(product_of(uri), _within(at))[1]

    def commodity(self, uri: str, at: int | None) -> str | None:
        """What a product is of, as it was said at a time; None where nobody says it."""
        content = self.content(uri, at) or {}
        found = content.get("commodity") or content.get("functionalName")
        return found if isinstance(found, str) else None

    def content(self, uri: str, at: int | None) -> Content | None:
        """All that is said of the product of a lot or item at a time (microseconds since 1970)."""
        return self._said(product_of(uri), _within(at))[0]

    def steady(self, uri: str, first: int, last: int) -> bool:
        """Does nothing of what is said of a product begin or end from after one time to another?"""
        product = product_of(uri)
        return self._spell(product, _within(first)) == self._spell(product, _within(last))

    def _said(self, product: str, at: int) -> tuple[Content | None, Amount | None]:
        """What is said of a product at a time, and what one piece of it holds by that."""
        if product not in self._things:
            return None, None
        key = product, self._spell(product, at)
        if key not in self._known:
            content = self._content_at(product, instant(at))
            self._known[key] = content, None if content is None else _held(content, product, DEEPEST)
        return self._known[key]

    def _content_at(self, product: str, moment: datetime) -> Content | None:
        versions = [version for thing in self._things[product] for version in self._versions[thing]]
        found = [
            version for version in holding(versions, moment) if product in _names(version, self._content[version.index])
        ]
        version = preferred(found, self._preferring)
        return None if version is None else self._content[version.index]

    def _spell(self, product: str, at: int) -> int:
        """After how many changes of what is said of a product a time is."""
        if product not in self._changes:
            versions = [version for thing in self._things.get(product, ()) for version in self._versions[thing]]
            self._changes[product] = sorted({change for version in versions for change in changes(version)})
        return bisect_right(self._changes[product], at)


def _within(at: int | None) -> int:
    return min(max(at or 0, _FIRST), _LAST)


def read_goods(text: str) -> Content:
    """What quantities are counted by (`COUNTED_BY`), from the JSON in which it was kept."""
    found = json_text.read(text)
    return found if isinstance(found, dict) else {}


def level_uris(content: Content) -> Iterator[str]:
    """The GTIN of every level of a product, as a canonical URI."""
    return (_uri(level) for level in _levels(content))


def _names(version: Version, content: Content) -> set[str]:
    """What a version is found by: its own identifier, and the GTIN of every level it lists."""
    return {version.id, *level_uris(content)}


def _levels(content: Content) -> list[Content]:
    found = content.get("gtins")
    return [level for level in found if isinstance(level, dict)] if isinstance(found, list) else []


def _uri(level: Content) -> str:
    return canonical_uri(_GTIN + str(level.get("gtin")).zfill(14))


def _held(content: Content, uri: str, deep: int) -> Amount | None:
    """The content of one piece of the level that has this identifier."""
    level = next((level for level in _levels(content) if _uri(level) == uri), None)
    inner = level.get("contains") if level is not None else None
    if not isinstance(inner, dict):
        return _measure(content.get("netContent"))
    each = _held(content, _uri(inner), deep - 1) if deep else None
    count = _positive(inner.get("count"))
    if each is None or count is None:
        return None
    # Two numbers in the bounds of an amount multiply exactly; a chain of them might not.
    quantity = EXACT.multiply(each.quantity, count).normalize(EXACT)
    return Amount(quantity, each.uom) if in_bounds(quantity) else None


def _measure(value: Any) -> Amount | None:
    if not isinstance(value, dict) or not isinstance(value.get("unit"), str):
        return None
    quantity = _positive(value.get("value"))
    return None if quantity is None else Amount(quantity, value["unit"])


def _positive(value: Any) -> Decimal | None:
    """A number above zero, within the bounds of an amount."""
    found = decimal(value) if isinstance(value, Number) else None
    return found if found is not None and found > 0 else None
