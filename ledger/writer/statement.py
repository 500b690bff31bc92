"""Entries of ours that are no events: a `document` that was attached, a `drill` that was held; one at a time.

- Signed with the member's gateway key, inside the turn, as events are. Lots and units that it is about are tagged, so
  that whoever proves a lot's history complete proves it of its documents and drills too; `record.par` names the newest
  entry about each, and the entry that a document is attached to.
- `file`: the id under which its file was kept; the transaction that logs the entry ties both together.

    log_statement(turn, prepared_statement, gateway)

ARCHITECTURE.md 3.2.
"""

from dataclasses import dataclass
from typing import Any

from ledger.store import files
from ledger.store.connection import Connection
from ledger.writer.answers import Captured
from ledger.writer.gateway import Gateway, Prepared, sign
from ledger.writer.turn import Turn


@dataclass(frozen=True, slots=True)
class Spoken:
    """What shall be said: the kind of entry, its content (with an `id`), the canonical URIs of the lots and units it is
    about, the leaf hash of the entry it builds on, and the id of its file."""

    kind: str
    content: dict[str, Any]
    objects: tuple[str, ...] = ()
    parent: bytes | None = None
    file: str | None = None


def log_statement(turn: Turn, said: Spoken, gateway: Gateway) -> list[Captured]:
    """Sign and append it; the one answer, as `log_master` gives it."""
    id = str(said.content["id"])
    item = Prepared(0, said.content, id, said.objects)
    parents = () if said.parent is None else (said.parent,)
    index = sign(turn, item, gateway, kind=said.kind, parents=parents)
    if said.file is not None:
        file = said.file

        def tied(connection: Connection) -> None:
            files.tie(connection, file, index)

        turn.beside(tied)
    return [Captured(0, id, index, turn.leaf_at(index), False)]
