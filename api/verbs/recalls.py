"""Is a lot recalled, and which recalls stand: what banners, link sets and notices show, and people ask.

- Any lot, unit or item can be asked about; a unit is recalled with what is in it, an item with its lot.
- `as_of` is a day (its end) or an instant: what stood then, by what was logged until then.
- Told is whoever may know of the lot: that it is recalled, since when, by whom and why.

    recall_status(node, "(01)09521001002011(10)P-7", audience=full()).recalls[0].standing.reason

docs/adr/0046-a-recall-is-told-to-whoever-may-know-of-the-lot.md.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.verbs.export_bundle import object_uri
from api.verbs.member import list_members
from ledger.audience import Audience
from ledger.node import Node
from ledger.readside.recall_status import Listed, listed, status
from ledger.readside.traced import like
from ledger.store import entries, logged
from ledger.store.connection import Connection
from schemas.epcis.instant import since
from schemas.errors import InputError
from schemas.gs1.canonical import check
from schemas.master.validity import asked

MOST = 1000
PAGE = 100
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Recalls:
    """An answer. `subject`: the canonical URI that was asked about, None for all; `size`: how many entries the log had;
    `names`: what members are called, by their ids; `next`: what to ask for as `after`, None behind the last page."""

    subject: str | None
    size: int
    moment: datetime | None
    recalls: Sequence[Listed]
    names: Mapping[str, str]
    next: str | None = None


def recall_status(node: Node, lot: str, *, audience: Audience, as_of: str | None = None) -> Recalls:
    """The recalls that stand on a lot, unit or item; none where it is not recalled.

    `InputError`: `lot-not-here`, `lot-not-here-near`, `lot-expected`, `moment-form`, and those of `recognise`.
    """
    uri = object_uri(lot)
    moment = None if as_of is None else asked(as_of)
    node.settled()
    with node.store.read() as connection:
        size, at = _then(node, connection, moment)
        found = status(connection, uri, seen_by=audience, size=size, at=at)
        if found is None:
            check(lot.strip())
            near = like(connection, uri, seen_by=audience)
            code = "lot-not-here-near" if near else "lot-not-here"
            raise InputError(code, lot=uri, **({"near": ", ".join(near)} if near else {}))
    return Recalls(uri, size, moment, found, _names(node))


def list_recalls(
    node: Node, *, audience: Audience, as_of: str | None = None, after: str | None = None, limit: int = PAGE
) -> Recalls:
    """A page of the recalls that stand, an entry a row; `InputError`: `moment-form`, `parameter-value`."""
    moment, (fixed, start) = None if as_of is None else asked(as_of), _place(after)
    node.settled()
    with node.store.read() as connection:
        size, at = _then(node, connection, moment)
        size = min(size, fixed) if fixed is not None else size
        found, last = listed(
            connection, seen_by=audience, size=size, at=at, after=start, limit=max(1, min(limit, MOST))
        )  # fmt: skip
    return Recalls(None, size, moment, found, _names(node), None if last is None else f"{size}.{last}")


def _then(node: Node, connection: Connection, moment: datetime | None) -> tuple[int, int]:
    """How many entries the log had at a moment (None: has now), and that moment in microseconds."""
    size = None if moment is None else logged.size_at(connection, since(moment))
    at = int(node.clock() * _MICROSECONDS) if moment is None else since(moment)
    return entries.size(connection) if size is None else size, at


def _names(node: Node) -> dict[str, str]:
    return {member.member: member.name for member in list_members(node) if member.name is not None}


def _place(after: str | None) -> tuple[int | None, int]:
    if after is None:
        return None, -1
    found = _TOKEN.fullmatch(after)
    if found is None:
        raise InputError("parameter-value", name="after", allowed="next")
    return int(found[1]), int(found[2])


_TOKEN = re.compile(r"([0-9]{1,15})\.([0-9]{1,15})", re.ASCII)
