"""Ask for events: what a query of the standard finds, and the events as EPCIS returns them."""

from collections.abc import Sequence
from typing import Any

from ledger.audience import Audience
from ledger.node import Node
from ledger.readside.answer import Answer, answers, with_repository_members
from ledger.readside.places import placed
from ledger.store.event_query import Found, find
from ledger.store.query_place import Place
from schemas.epcis.query import Query


def find_events(node: Node, query: Query, *, audience: Audience, limit: int, after: Place | None = None) -> Found:
    """The indexes of the events a query finds, `limit` at most, and where the next ones begin.

    `InputError`: those of `ledger.store.event_query.find` and of `ledger.readside.places.placed`.
    """
    node.settled()
    query = placed(node, query, seen_by=audience, size=after.size if after else None)
    with node.store.read() as connection:
        return find(connection, query, seen_by=audience, after=after, limit=limit)


def read_events(node: Node, indexes: Sequence[int], *, audience: Audience) -> list[tuple[Answer, dict[str, Any]]]:
    """The events at these indexes, as far as `audience` may see them, each with what the repository adds."""
    return [(found, with_repository_members(found)) for found in answers(node, indexes, seen_by=audience)]
