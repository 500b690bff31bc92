"""Who saw what, for the member to read (docs/adr/0064-roles-invitations-and-who-saw-what.md).

list_access(node, member=iss)  ->  [Seen(who="maria", verb="trace", about="(01)…(10)…", …)]
"""

from api.access_log import PAGE as PAGE
from api.access_log import Seen as Seen
from ledger.node import Node
from ledger.store import access_log as store


def list_access(node: Node, *, member: str | None = None, before: int | None = None) -> list[Seen]:
    """What a member's people and the operator did, or with None everybody, newest first; at most `PAGE` rows, all of
    them `before` a time (seconds since 1970)."""
    with node.store.read() as connection:
        return store.listed(connection, member, most=PAGE, before=before)
