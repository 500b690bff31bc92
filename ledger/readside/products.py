"""What master data says of products: how much one piece holds, as of a time, read back from the store.

- What is said of whom, and which version holds, is `ledger.lots.products`'s; the asker's own word counts before the
  others', then the newest.

    products = MasterProducts(node, seen_by=audience);  products.net_content("https://id.gs1.org/01/…/10/P-1", at)

FORMATS section 3 (product); docs/adr/0035-master-data-as-of-a-time.md.
"""

from ledger.audience import Audience
from ledger.lots.master import Version
from ledger.lots.products import KnownProducts
from ledger.lots.step import Amount
from ledger.readside.master import Opened, stated
from ledger.store import master

_PAGE = 500


class MasterProducts:
    """`ledger.lots.yielded.Goods` from the master data that an audience may see; read when first asked."""

    def __init__(self, opened: Opened, *, seen_by: Audience, size: int | None = None) -> None:
        self._opened, self._seen_by, self._size = opened, seen_by, size
        self._found: KnownProducts | None = None

    def net_content(self, uri: str, at: int | None) -> Amount | None:
        """How much one piece of a lot, item or product holds at a time; None where nobody says it."""
        return self._known().net_content(uri, at)

    def steady(self, uri: str, first: int, last: int) -> bool:
        """Does nothing of what is said of a product begin or end from after one time to another?"""
        return self._known().steady(uri, first, last)

    def commodity(self, uri: str, at: int | None) -> str | None:
        """What a product is of, as it was said at a time; None where nobody says it."""
        return self._known().commodity(uri, at)

    def _known(self) -> KnownProducts:
        if self._found is None:
            said = [(item.version, item.content) for item in stated(self._opened, self._every())]
            own = [self._seen_by.member] if self._seen_by.member else []
            self._found = KnownProducts(said, preferring=own)
        return self._found

    def _every(self) -> list[Version]:
        found: list[Version] = []
        after: tuple[str, str] | None = None
        with self._opened.store.read() as connection:
            while page := master.things(connection, type="product", seen_by=self._seen_by, after=after, limit=_PAGE):
                found += master.of_things(connection, page, seen_by=self._seen_by)
                after = page[-1]
        return [version for version in found if self._size is None or version.index < self._size]
