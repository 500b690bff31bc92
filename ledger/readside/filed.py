"""Which documents were attached to what is in some events: a bundle brings them, and their files are held against it.

- Asked for: documents about every lot, unit and place of a history, about its entries, and about the master data that
  names what is in it (a certificate's own file).
- Only those that an audience sees whole: who may not see the file is not told of it.

    prove(node.source, lot, "both", audience, naming=with_documents(node, audience, named(node, audience)))

ARCHITECTURE.md 3.2 (kind `document`); docs/adr/0057-files-that-entries-sign-by-digest.md.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from ledger.audience import Audience
from ledger.entry.parse import Entry
from ledger.lots.step import step
from ledger.store import attached
from ledger.store.engine import Store
from schemas.gs1.canonical import canonical_uri

Asked = Callable[[Sequence[Entry]], Iterable[int]]


class Opened(Protocol):
    """An opened ledger: `ledger.node.Node` is one."""

    @property
    def store(self) -> Store:
        """Its store."""
        ...

    def entry(self, index: int) -> Entry:
        """An entry with what is held of it."""
        ...


def with_documents(opened: Opened, audience: Audience, naming: Asked) -> Asked:
    """What `naming` answers, and the documents about all of that."""

    def answer(history: Sequence[Entry]) -> set[int]:
        found = set(naming(history))
        subjects = {attached.entry_subject(entry.jwt.leaf) for entry in history}
        for each in (step(0, entry.claims.iss, entry.content) for entry in history if entry.content):
            subjects |= {
                *each.moves.objects,
                *each.claims,
                *(uri for uri in (each.read_point, each.biz_location) if uri),
            }
        subjects |= set(_named([opened.entry(index) for index in found]))
        with opened.store.read() as connection:
            documents = attached.about(connection, sorted(subjects))
        return found | {index for index in documents if audience.opens(opened.entry(index))}

    return answer


def _named(entries: Iterable[Entry]) -> Iterable[str]:
    for entry in entries:
        said = entry.content.get("id") if entry.content is not None else None
        if entry.claims.kind == "master" and isinstance(said, str):
            yield canonical_uri(said)
