"""Files that somebody in the office is looking at: kept sealed for a day, each for whoever handed it in.

draft = keep(visit, "raccolte.xlsx", data);  opened(visit, draft).data

docs/adr/0065-sheets-of-the-office.md.
"""

from dataclasses import dataclass

from api.pages.shell.visit import Visit
from api.settings import DAY
from ledger.store import sheets as store
from ledger.store.sheets import Draft
from schemas.errors import InputError

_PURPOSE, _BYTES = "sheets", 16


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was handed in."""

    id: str
    name: str
    data: bytes


def keep(visit: Visit, name: str, data: bytes) -> str:
    """Keep a file; by what it is asked for again."""
    node = visit.node
    id = node.random(_BYTES).hex()
    now = int(node.clock())
    sealed = node.seal(_PURPOSE).closed(data, id.encode())
    draft = Draft(id, visit.caller.member or "", visit.caller.name, name, now, sealed)
    with node.store.begin() as connection:
        store.put_draft(connection, draft, forget_before=now - DAY)
    return id


def opened(visit: Visit) -> File:
    """The file that the address names; `InputError("draft-unknown")` where it is not here, or somebody else's."""
    id: str = visit.request.path_params["id"]
    with visit.node.store.read() as connection:
        found = store.draft(connection, id, after=int(visit.node.clock()) - DAY)
    if found is None or (found.member, found.owner) != (visit.caller.member, visit.caller.name):
        raise InputError("draft-unknown")
    return File(id, found.name, visit.node.seal(_PURPOSE).opened(found.sealed, id.encode()))


def let_go(visit: Visit, file: File) -> None:
    """Keep it no longer."""
    with visit.node.store.begin() as connection:
        store.remove_draft(connection, file.id)
