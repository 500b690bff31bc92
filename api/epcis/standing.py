"""Subscriptions as they are made, kept and read again: the part that webhooks and sockets share.

- A subscription belongs to the member whose credentials made it, and to one of its named queries.
- It begins at the first entry of its `initialRecordTime`, else behind the newest entry of now.
- Address and signature token are kept sealed with a key of the key folder: no copy of the store shows them.

    item = standing.keep(Agreed(wanted), member=iss, query="shipped", owner="erp")
    standing.agreed(item).wanted.dest

GS1 EPCIS 2.0 section 8.2.5; docs/adr/0027-when-and-from-where-a-subscription-delivers.md, 0028.
"""

import json
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from api.epcis.headers import CbvFormat, EpcFormat, Terms
from ledger.node import Node
from ledger.store import checkpoints, named_queries, subscriptions
from ledger.store.connection import Connection
from ledger.store.subscriptions import Subscription
from schemas.epcis.instant import instant
from schemas.epcis.query import Query, query_from_json
from schemas.epcis.schedule import Schedule, parse_schedule
from schemas.epcis.subscription import Wanted
from schemas.errors import InputError
from schemas.syntax import json_text

BATCH = 100
"""Events per document, until a receiver asks for fewer."""
MOST_PER_MEMBER = 1000
MOST_ORDERED = 1000
"""Events of an execution that `eventCountLimit` may ask for: they are one document."""
_NEVER = 2**62


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed when somebody subscribed: what is wanted, and how identifiers and words are to be written."""

    wanted: Wanted
    epc_format: EpcFormat = "No_Preference"
    cbv_format: CbvFormat = "No_Preference"

    @property
    def headers(self) -> dict[str, str]:
        """What a delivery says of it."""
        said = Terms(epc_format=self.epc_format, cbv_format=self.cbv_format).headers()
        return {**said, "GS1-EPC-Format": self.epc_format, "GS1-CBV-XML-Format": self.cbv_format}

    def said(self) -> dict[str, Any]:
        """The members of the contract that repeat it."""
        schedule = self.wanted.schedule
        when = {"stream": True} if schedule is None else {"schedule": dict(schedule.said)}
        return {**when, "reportIfEmpty": self.wanted.report_if_empty, "epcFormat": self.epc_format}


class Standing:
    """The standing queries of one ledger."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def keep(self, agreed: Agreed, *, member: str, query: str, owner: str) -> Subscription:
        """Keep a webhook under an id of its own.

        `InputError`: `query-missing`, `subscription-limit`, `subscriptions-too-many`.
        """
        item = self._made(agreed, self._id(), member=member, query=query, owner=owner)
        with self._node.store.begin() as connection:
            _check_query(connection, item)
            _add(connection, item)
        return item

    def opened(self, agreed: Agreed, *, member: str, query: str, owner: str, server: str, lease: int) -> Subscription:
        """The subscription of a socket: for its lifetime, or, where it has a name, the one kept under that name, held
        by `server` from now on: a client that comes back need not wait until its old connection is known to be dead.

        `InputError`: `query-missing`, `subscriptions-too-many`; `subscription-exists` where the name is a webhook's,
        `subscription-differs` where it was agreed otherwise.
        """
        name = agreed.wanted.subscription_id
        item = replace(self._made(agreed, name or self._id(), member=member, query=query, owner=owner), push=False)
        with self._node.store.begin() as connection:
            _check_query(connection, item)
            if name is None:
                return item
            kept = subscriptions.get(connection, member, query, name)
            if kept is None:
                _add(connection, item)
            elif kept.push:
                raise InputError("subscription-exists", id=name)
            elif kept.options != item.options:
                raise InputError("subscription-differs", id=name)
            found = kept or item
            held = subscriptions.hold(connection, found, now=item.created, server=server, lease=lease, over=True)
        assert held is not None
        return held

    def check(self, item: Subscription) -> None:
        """`InputError("query-missing")` where the query is no more."""
        with self._node.store.read() as connection:
            _check_query(connection, item)

    def agreed(self, item: Subscription) -> Agreed:
        """What was agreed; `EvidenceError("seal-broken")` where this key folder did not seal it."""
        options = json.loads(item.options)
        secret = json.loads(self._node.seal("filiera/subscription").opened(item.sealed, _about(item)))
        schedule = options["schedule"]
        wanted = Wanted(
            secret["dest"],
            None if schedule is None else parse_schedule(schedule),
            options["reportIfEmpty"],
            token=secret["token"],
            subscription_id=None if item.push else item.id,
        )
        return Agreed(wanted, options["epcFormat"], options["cbvFormat"])

    def due_after(self, schedule: Schedule, now: int) -> int:
        """When a schedule is next due, in microseconds since 1970."""
        then = schedule.next_after(instant(now))
        return _NEVER if then is None else _microseconds(then)

    def _made(self, agreed: Agreed, id: str, *, member: str, query: str, owner: str) -> Subscription:
        wanted, now = agreed.wanted, self._now()
        schedule = wanted.schedule
        initial = None if wanted.initial_record_time is None else _microseconds(wanted.initial_record_time)
        options = {
            "schedule": None if schedule is None else dict(schedule.said),
            "reportIfEmpty": wanted.report_if_empty,
            "epcFormat": agreed.epc_format,
            "cbvFormat": agreed.cbv_format,
        }
        item = Subscription(
            id=id,
            member=member,
            query=query,
            owner=owner,
            push=True,
            scheduled=schedule is not None,
            options=json.dumps(options),
            sealed=b"",
            created=now,
            place=self._place(initial, now),
            min_time=now if initial is None else initial,
            due=now if schedule is None else self.due_after(schedule, now),
            batch=BATCH,
            initial=initial,
        )
        secret = json.dumps({"dest": wanted.dest, "token": wanted.token}).encode()
        return replace(item, sealed=self._node.seal("filiera/subscription").closed(secret, _about(item)))

    def _place(self, initial: int | None, now: int) -> int:
        """The index to begin at. `recordTime` is asked of each event again, so an earlier one does no harm."""
        if initial is not None and initial < now:
            return 0
        with self._node.store.read() as connection:
            return size(connection)

    def _id(self) -> str:
        return str(uuid.UUID(bytes=self._node.random(16), version=4))

    def _now(self) -> int:
        return int(self._node.clock() * 1_000_000)


def size(connection: Connection) -> int:
    """The size of the log as far as it is signed for."""
    head = checkpoints.head(connection)
    return 0 if head is None else head[0]


def query_of(connection: Connection, item: Subscription) -> Query:
    """The named query of a subscription; `InputError("query-missing")`."""
    kept = named_queries.get(connection, item.member, item.query)
    if kept is None:
        raise InputError("query-missing", name=item.query[:80])
    return query_from_json(json_text.read(kept.query))


def _check_query(connection: Connection, item: Subscription) -> None:
    limit = query_of(connection, item).event_count_limit
    if limit is not None and limit > MOST_ORDERED:
        raise InputError("subscription-limit", limit=MOST_ORDERED)


def _add(connection: Connection, item: Subscription) -> None:
    if subscriptions.count(connection, item.member) >= MOST_PER_MEMBER:
        raise InputError("subscriptions-too-many", limit=MOST_PER_MEMBER)
    subscriptions.add(connection, item)


def _about(item: Subscription) -> bytes:
    return json.dumps([item.member, item.query, item.id]).encode()


def _microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
