"""What master data says of products: how much one piece holds, as of a time.

- A product is known by its own identifier and by the GTIN of every level it lists; a level that contains so many of
  another holds so many times its content.
- Where several members say something, the asker's own word counts before the others', then the newest.

    products = MasterProducts(node, seen_by=audience);  products.net_content("https://id.gs1.org/01/…/10/P-1", at)

FORMATS section 3 (product); docs/adr/0035-master-data-as-of-a-time.md.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from ledger.audience import Audience
from ledger.lots.master import Version, as_of
from ledger.lots.step import Amount
from ledger.lots.stock import product_of
from ledger.readside.master import Opened, stated
from ledger.store import master
from schemas.epcis.instant import instant
from schemas.gs1.canonical import canonical_uri
from schemas.syntax.json_text import Number
from schemas.units import EXACT

_PAGE = 500
_DEEPEST = 8


class MasterProducts:
    """`ledger.lots.balance.Products` from the master data that an audience may see; read when first asked."""

    def __init__(self, opened: Opened, *, seen_by: Audience, size: int | None = None) -> None:
        self._opened, self._seen_by, self._size = opened, seen_by, size
        self._versions: dict[str, list[Version]] | None = None
        self._content: dict[int, Mapping[str, Any]] = {}

    def net_content(self, uri: str, at: int | None) -> Amount | None:
        """How much one piece of a lot, item or product holds at a time; None where nobody says it."""
        content = self._of(uri, at)
        return None if content is None else _held(content, product_of(uri), _DEEPEST)

    def commodity(self, uri: str, at: int | None) -> str | None:
        """What a product is of, as it was said at a time; None where nobody says it."""
        content = self._of(uri, at) or {}
        found = content.get("commodity") or content.get("functionalName")
        return found if isinstance(found, str) else None

    def _of(self, uri: str, at: int | None) -> Mapping[str, Any] | None:
        known = self._known()
        preferring = [self._seen_by.member] if self._seen_by.member else []
        version = as_of(known.get(product_of(uri), ()), instant(at or 0), preferring=preferring)
        return None if version is None else self._content[version.index]

    def _known(self) -> dict[str, list[Version]]:
        """Every version of every product, by each identifier it gives."""
        if self._versions is None:
            self._versions = {}
            for item in stated(self._opened, self._every()):
                self._content[item.version.index] = item.content
                names = {item.version.id, *(_uri(level) for level in _levels(item.content))}
                for name in names:
                    self._versions.setdefault(name, []).append(item.version)
        return self._versions

    def _every(self) -> list[Version]:
        found: list[Version] = []
        after: tuple[str, str] | None = None
        with self._opened.store.read() as connection:
            while page := master.things(connection, type="product", seen_by=self._seen_by, after=after, limit=_PAGE):
                found += master.of_things(connection, page, seen_by=self._seen_by)
                after = page[-1]
        return [version for version in found if self._size is None or version.index < self._size]


def _levels(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = content.get("gtins")
    return [level for level in found if isinstance(level, dict)] if isinstance(found, list) else []


def _uri(level: Mapping[str, Any]) -> str:
    return canonical_uri(f"https://id.gs1.org/01/{str(level.get('gtin')).zfill(14)}")


def _held(content: Mapping[str, Any], uri: str, deep: int) -> Amount | None:
    """The content of one piece of the level that has this identifier."""
    level = next((level for level in _levels(content) if _uri(level) == uri), None)
    inner = level.get("contains") if level is not None else None
    if not isinstance(inner, dict):
        return _measure(content.get("netContent"))
    each = _held(content, _uri(inner), deep - 1) if deep else None
    count = _decimal(inner.get("count"))
    return None if each is None or count is None else Amount(EXACT.multiply(each.quantity, count), each.uom)


def _measure(value: Any) -> Amount | None:
    if not isinstance(value, dict) or not isinstance(value.get("unit"), str):
        return None
    quantity = _decimal(value.get("value"))
    return None if quantity is None else Amount(quantity, value["unit"])


def _decimal(value: Any) -> Decimal | None:
    try:
        return Decimal(value.text if isinstance(value, Number) else str(value))
    except InvalidOperation:
        return None
