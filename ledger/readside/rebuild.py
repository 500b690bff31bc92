"""Drops every derived table and makes it again from entries and disclosures (ARCHITECTURE.md 4)."""

from collections.abc import Callable

from ledger.store.engine import Store


def rebuild(
    store: Store, wrapping_key: Callable[[str], bytes], progress: Callable[[int, int], None] | None = None
) -> int:
    """Recreate all derived tables in one transaction; how many entries were read. `wrapping_key(iss)` opens disclosures."""
    raise NotImplementedError
