"""Master data as it is answered: versions with what they say, read back from entries and disclosures.

- Which version holds is `ledger.lots.master`'s to say; here its content is fetched, for many versions in one read.
- Where something was erased, what is left is shown.

    stated(node, [version])[0].content["name"]  ->  "Magazzino di Termeno"

ARCHITECTURE.md 3.2; docs/adr/0035-master-data-as-of-a-time.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ledger.entry.parse import with_disclosures
from ledger.entry.shown import plain
from ledger.keys.keyring import Keyring
from ledger.lots.master import Version
from ledger.store import disclosures, entries
from ledger.store.engine import Store


class Opened(Protocol):
    """An opened ledger: `ledger.node.Node` is one."""

    @property
    def store(self) -> Store:
        """Its store."""
        ...

    @property
    def keyring(self) -> Keyring:
        """The keys that open disclosures."""
        ...


@dataclass(frozen=True, slots=True)
class Stated:
    """A version, the leaf hash of its entry, and what is left of its content."""

    version: Version
    leaf: bytes
    content: dict[str, Any]


def stated(opened: Opened, versions: Sequence[Version]) -> list[Stated]:
    """These versions with what they say, in this order; `InputError("passphrase-missing")` without the keys."""
    keys = {version.index: opened.keyring.wrapping_key(version.member) for version in versions}
    with opened.store.read() as connection:
        jwts = entries.get_many(connection, list(keys))
        texts = disclosures.get_many(opened.store, connection, keys)
    found = {index: with_disclosures(jwt, texts.get(index, [])) for index, jwt in jwts.items()}
    return [
        Stated(version, found[version.index].jwt.leaf, plain(found[version.index].content or {}))
        for version in versions
    ]
