"""One entry with its disclosures -> what the read side says of it; pure (ARCHITECTURE.md 2, rule 7).

The sequencer and `rebuild` both go through here; judged outside the transaction, written inside by `refresh`.

    derived = derive(7, entry)        # entry: ledger.entry.parse.Entry with disclosures
"""

from dataclasses import dataclass

from ledger.store.events import EventRow
from ledger.store.findings import Finding
from ledger.store.objects import ObjectUse


@dataclass(frozen=True, slots=True)
class Derived:
    """All rows of one entry. `event` is None where there is no event or it is kept out of the read side."""

    index: int
    event: EventRow | None
    uses: tuple[ObjectUse, ...]
    findings: tuple[Finding, ...]
    seen: tuple[bytes, ...]
