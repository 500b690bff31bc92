"""What a standing query has to say: one `EPCISQueryDocument` over a stretch of the log, the same whenever it is made.

- It covers the entries from the subscription's place on, up to `stop` or as far as so many events lead.
- It shows what the subscription's member may see at the moment it is made.
- Its `id` follows from the subscription and the stretch: a receiver tells by it that a document was sent again.
- `eventCountLimit` keeps to the first so many events of an execution. Where `maxEventCount` is exceeded the report is
  the standard's QueryTooLargeException, which names the record times it stands for, and the place moves on behind.

    report = reports.report(item, agreed, stop=reports.size())

ARCHITECTURE.md rule 8; GS1 EPCIS 2.0 sections 8.2.5 and 8.2.7.1.
"""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from api.access import Access, Caller
from api.epcis.exceptions import epcis_problem
from api.epcis.standing import Agreed, size
from api.epcis.times import text_of
from ledger.audience import Audience
from ledger.node import Node
from ledger.store import named_queries
from ledger.store.subscriptions import Subscription
from schemas.epcis.query import Condition, Query, query_from_json
from schemas.epcis.query_name import Field
from schemas.epcis.query_value import Value
from schemas.errors import InputError
from schemas.syntax import json_text

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


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
        """The size of the log, once the read side holds all of it."""
        self._node.settled()
        with self._node.store.read() as connection:
            return size(connection)

    def report(self, item: Subscription, agreed: Agreed, *, stop: int) -> Report:
        """What a subscription has to say of the entries from its place up to `stop`, or of the first of them.

        `InputError("query-missing")`.
        """
        query = self._query(item)
        audience = self._access.audience(Caller(item.owner, "token", item.member or None, frozenset()))
        most = query.max_event_count
        found = self._found(query, audience, item.place, stop, item.batch if most is None else most)
        if most is not None and len(found) > most:
            return self._too_large(item, stop, len(found), most)
        shown, place = found[: item.batch], stop
        if len(found) > item.batch:
            place = shown[-1] + 1
        return self._document(item, shown, place)

    def _query(self, item: Subscription) -> Query:
        """The named query, kept to what was recorded from the initial record time on."""
        with self._node.store.read() as connection:
            kept = named_queries.get(connection, item.member, item.query)
        if kept is None:
            raise InputError("query-missing", name=item.query[:80])
        query = query_from_json(json_text.read(kept.query))
        if item.initial is None:
            return query
        since = Condition("GE_recordTime", "GE", Field("recordTime"), (Value("time", item.initial),))
        return replace(query, conditions=(*query.conditions, since))

    def _found(self, query: Query, audience: Audience, start: int, stop: int, most: int) -> list[int]:
        """The indexes of the events between two places that match and may be seen, `most` + 1 of them at most."""
        from ledger.entry.parse import read_record
        from schemas.epcis.query_match import Known, matches

        out = []
        for index in range(start, stop):
            entry = self._node.entry(index)
            if (
                entry.content
                and audience.opens(entry)
                and matches(query, entry.content, Known(int(read_record(entry).iat or 0) * 1_000_000, ""))
            ):
                out.append(index)
        return out[: most + 1]

    def _document(self, item: Subscription, indexes: list[int], place: int) -> Report:
        id = _id(item, place)
        events = [dict(self._node.entry(index).content or {}) for index in indexes]
        results = {"queryName": item.query, "subscriptionID": item.id, "resultsBody": {"eventList": events}}
        tree: dict[str, Any] = {
            "@context": CONTEXT,
            "id": id,
            "type": "EPCISQueryDocument",
            "schemaVersion": "2.0",
            "creationDate": text_of(int(self._node.clock() * 1_000_000)),
            "epcisBody": {"queryResults": results},
        }
        return Report(id, json_text.write(tree), len(events), place)

    def _too_large(self, item: Subscription, stop: int, found: int, most: int) -> Report:
        """The exception in the place of events. It counts as one: there is something to report."""
        error = InputError("query-too-large", found=found, limit=most)
        said = {**epcis_problem(error, "en"), "queryName": item.query, "subscriptionID": item.id}
        return Report(_id(item, stop), json_text.write(said), 1, stop, "application/problem+json")


def _id(item: Subscription, place: int) -> str:
    """The same for the same stretch of the same subscription, whenever it is asked."""
    return uuid.uuid5(uuid.UUID(int=0), f"{item.member} {item.query} {item.id} {item.place} {place}").urn
