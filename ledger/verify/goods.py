"""The master data that a bundle opens: versions of things with what they say, and what its products weigh.

- *Position*: where an entry stands in the bundle; across logs it orders versions, an index does not.
- A version whose `type`, `id` or validity is hidden, or is none, says nothing.
- What a bundle does not bring was perhaps said all the same: a product is known as far as the bundle says.

    goods(opened).net_content("https://id.gs1.org/01/…/10/P-1", at)

docs/spec/bundle.md, section 6 (Products).
"""

from collections.abc import Iterator
from typing import Any

from ledger.entry.shown import plain
from ledger.lots.master import Version
from ledger.lots.products import Content, KnownProducts
from ledger.verify.opened import Opened
from schemas.gs1.canonical import canonical_uri
from schemas.master.validity import is_moment


class Goods(KnownProducts):
    """The products of a bundle. What they are of is not asked: the table of yields is the reader's own."""

    def commodity(self, uri: str, at: int | None) -> str | None:
        """Never asked."""
        return None


def goods(opened: Opened) -> Goods:
    """The products that a bundle describes."""
    return Goods(stated(opened))


def stated(opened: Opened) -> Iterator[tuple[Version, Content]]:
    """Every version that a bundle opens, `Version.index` being its position, with what is shown of it."""
    for position, shown in enumerate(opened.entries):
        entry = shown.entry
        if entry is None or entry.claims.kind != "master" or entry.content is None:
            continue
        content = plain(entry.content)
        type, id, begins, ends = (content.get(name) for name in ("type", "id", "validFrom", "validTo"))
        if not (isinstance(type, str) and isinstance(id, str) and _moment(begins) and (ends is None or _moment(ends))):
            continue
        withdrawn = content.get("withdrawn") is True
        yield Version(position, entry.claims.iss, type, canonical_uri(id), str(begins), ends, withdrawn), content


def _moment(value: Any) -> bool:
    return isinstance(value, str) and is_moment(value)
