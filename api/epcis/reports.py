"""What a standing query has to say: one `EPCISQueryDocument` over a stretch of the log, the same whenever it is made.

- It covers the entries from the subscription's place on, up to `stop` or as far as so many events lead, in the order of
  the log, which is that of record time.
- It shows what the subscription's member may see at the moment it is made.
- Its `id` follows from the subscription and the stretch: a receiver tells by it that a document was sent again.
- With `eventCountLimit` an execution is one document with the first so many events of the order asked for. Where
  `maxEventCount` is exceeded the report is the standard's QueryTooLargeException, and the place moves on behind it.

    stop = reports.size();  report = reports.report(item, agreed, stop=stop)

ARCHITECTURE.md rule 8; GS1 EPCIS 2.0 sections 8.2.5 and 8.2.7.1.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.access import Access, Caller
from api.epcis.exceptions import epcis_problem
from api.epcis.find import EPC
from api.epcis.results import query_document
from api.epcis.standing import Agreed, query_of, size
from ledger.audience import Audience
from ledger.node import Node
from ledger.readside.answer import answers, with_repository_members
from ledger.readside.places import placed
from ledger.store import logged
from ledger.store.event_query import find
from ledger.store.query_place import By, Place
from ledger.store.subscriptions import Subscription
from schemas.epcis import spelling
from schemas.epcis.query import Condition, Query
from schemas.epcis.query_name import Field
from schemas.epcis.query_value import Value
from schemas.errors import InputError
from schemas.syntax import json_text

_ORDERS: dict[str, By] = {"eventTime": "time", "recordTime": "log"}


@dataclass(frozen=True, slots=True)
class Report:
    """One document: its id and bytes, how many events it holds, and the place behind what it covers."""

    id: str
    body: bytes
    count: int
    place: int
    media_type: str = "application/json"


class Reports:
    """What the standing queries of one ledger have to say."""

    def __init__(self, node: Node, access: Access) -> None:
        self._node = node
        self._access = access

    def size(self) -> int:
        """The size of the log, once the read side holds all of that."""
        with self._node.store.read() as connection:
            found = size(connection)
        # Asked in this order: what is logged meanwhile lies beyond, and is looked at the next time.
        self._node.settled()
        return found

    def report(self, item: Subscription, agreed: Agreed, *, stop: int) -> Report:
        """What a subscription has to say of the entries from its place up to `stop`, or of the first of them.

        `InputError("query-missing")`.
        """
        audience = self._access.audience(Caller(item.owner, "token", item.member or None, frozenset()))
        query = placed(self._node, self._query(item), seen_by=audience, size=stop)
        if query.event_count_limit is not None:
            return self._document(item, agreed, audience, self._first(query, audience, item.place, stop), stop)
        most = query.max_event_count
        found = self._between(query, audience, item.place, stop, 1 + max(item.batch, most or 0))
        if most is not None and len(found) > most:
            return self._too_large(item, stop, most)
        shown = found[: item.batch]
        place = shown[-1] + 1 if len(found) > len(shown) else stop
        return self._document(item, agreed, audience, shown, place)

    def _query(self, item: Subscription) -> Query:
        """The named query, kept to what was recorded from the initial record time on."""
        with self._node.store.read() as connection:
            query = query_of(connection, item)
        return query if item.initial is None else _since(query, item.initial)

    def _between(self, query: Query, audience: Audience, start: int, stop: int, most: int) -> Sequence[int]:
        """The events that match between two places, in the order of the log, `most` of them at most."""
        plain = replace(query, order=None, event_count_limit=None, max_event_count=None)
        with self._node.store.read() as connection:
            return find(connection, plain, seen_by=audience, after=Place(stop, index=start - 1), limit=most).indexes

    def _first(self, query: Query, audience: Audience, start: int, stop: int) -> Sequence[int]:
        """The first events between two places in the order that `eventCountLimit` demands."""
        assert query.order is not None
        assert query.event_count_limit is not None
        place = Place(stop, _ORDERS.get(query.order.field.name, "field"), query.order.descending)
        with self._node.store.read() as connection:
            # An execution covers whole groups, and record times rise from group to group.
            begun = logged.times(connection, [start]).get(start)
            since = query if begun is None else _since(query, begun)
            found = find(connection, since, seen_by=audience, after=place, limit=query.event_count_limit)
        return found.indexes if start < stop else ()

    def _document(
        self, item: Subscription, agreed: Agreed, audience: Audience, indexes: Sequence[int], place: int
    ) -> Report:
        prefixes, epc = self._node.company_prefixes(), EPC[agreed.epc_format]
        events = [
            spelling.spell_event(with_repository_members(each), epc=epc, cbv="no_preference", prefixes=prefixes)
            for each in answers(self._node, indexes, seen_by=audience)
        ]
        now = int(self._node.clock() * 1_000_000)
        tree = query_document(events, now=now, name=item.query, subscription=item.id)
        id = _id(item, place)
        return Report(id, json_text.write({"@context": tree["@context"], "id": id, **tree}), len(events), place)

    def _too_large(self, item: Subscription, stop: int, most: int) -> Report:
        """The exception in the place of events. It counts as one: there is something to report."""
        said = epcis_problem(InputError("query-too-large", limit=most), "en")
        body = json.dumps({"id": _id(item, stop), **said, "queryName": item.query, "subscriptionID": item.id})
        return Report(_id(item, stop), body.encode(), 1, stop, "application/problem+json")


def _since(query: Query, at: int) -> Query:
    since = Condition("GE_recordTime", "GE", Field("recordTime"), (Value("time", at),))
    return replace(query, conditions=(*query.conditions, since))


def _id(item: Subscription, place: int) -> str:
    """The same for the same stretch of the same subscription, whenever it is asked."""
    return uuid.uuid5(uuid.UUID(int=0), f"{item.member} {item.query} {item.id} {item.place} {place}").urn
