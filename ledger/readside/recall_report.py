"""A recall as it is answered: what it touches, who the customers are and how to reach them, and how long it took.

- Read in one transaction, as of one size of the log, for one audience: steps it may not see are *hidden*, counted, and
  said to be so. Names and contacts are those that master data holds now, for it is now that somebody is called.
- `tree` is the report as JSON; `digest` is the SHA-256 of its RFC 8785 form, which a drill signs. Amounts are text.

    report(node, "https://id.gs1.org/01/…/10/P-0107", weigh, audience=full(), asked=now)

FORMATS 5.1, 6.15; ARCHITECTURE.md 3.2 (kind `drill`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, Protocol

from ledger.audience import Audience
from ledger.lots.figures import Figures
from ledger.lots.master import as_of
from ledger.lots.recall import Amounts, Customer, Gap, Recall, recall
from ledger.lots.recalled import Standing, standing
from ledger.lots.step import Step
from ledger.lots.whereabouts import Weigh, in_time
from ledger.readside.master import Opened as OpenedMaster
from ledger.readside.master import Stated, stated
from ledger.store import entries, master
from ledger.store.connection import Connection
from ledger.store.edges import StoreEdges
from ledger.store.visibility import seen_events
from schemas.gs1.check_digit import is_digits
from schemas.syntax import json_text

FORMAT = "filiera-recall/1"
_CALLED = ("recall", "quality", "traceability", "sales", "other")
_GTIN = "https://id.gs1.org/01/"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Opened(OpenedMaster, Protocol):
    """An opened ledger: `ledger.node.Node` is one."""

    @property
    def origin(self) -> str:
        """The log's origin."""
        ...

    def settled(self) -> None:
        """Return when the read side holds every entry that was committed."""
        ...


@dataclass(frozen=True, slots=True)
class Report:
    """One answer. `size`: of the log; `things`: master data by (type, canonical URI); `open`: recalls that stand, by
    object and member; `hidden`: steps that the audience may not see; `members`: names by GLN."""

    origin: str
    size: int
    recall: Recall
    things: Mapping[tuple[str, str], Stated]
    open: Mapping[str, Mapping[str, Standing]]
    hidden: int
    asked: datetime
    answered: datetime
    members: Mapping[str, str] = field(default_factory=dict)

    def name(self, uri: str | None, *types: str) -> str | None:
        """What master data calls a thing, or the log a member."""
        found = next((self.things[type, uri] for type in types if uri is not None and (type, uri) in self.things), None)
        said = found.content.get("name") if found else None
        return said if isinstance(said, str) else self.members.get(uri or "")

    def contacts(self, customer: Customer) -> list[dict[str, Any]]:
        """How to reach a customer: its own contacts, else those of a place; who answers recalls first."""
        uris = [uri for uri in (customer.uri, *customer.places) if uri is not None]
        held = [
            self.things[type, uri].content for uri in uris for type in ("party", "site") if (type, uri) in self.things
        ]
        found = [item for content in held for item in content.get("contacts", ()) if isinstance(item, dict)]
        rank = {role: place for place, role in enumerate(_CALLED)}
        return sorted(found, key=lambda item: rank.get(str(item.get("role")), len(_CALLED)))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is not known, with what the reader may not see and whom nobody can call."""
        more = [Gap("recall-hidden", self.recall.subject, {"count": str(self.hidden)})] if self.hidden else []
        for customer in self.recall.customers:
            if customer.uri is not None and not self.contacts(customer):
                more.append(Gap("recall-contact-missing", customer.uri, {"party": customer.uri}, customer.causes))
        return (*self.recall.gaps, *more)


class SeenSteps:
    """`ledger.lots.genealogy.Steps` as far as an audience may see them; `hidden` are the others it came upon."""

    def __init__(self, connection: Connection, audience: Audience, size: int | None = None) -> None:
        self._connection = connection
        self._edges = StoreEdges(connection, size)
        self._audience = audience
        self._known: dict[int, bool] = {}

    @property
    def hidden(self) -> int:
        """How many steps were not shown."""
        return sum(not seen for seen in self._known.values())

    def steps_of(self, uris: Collection[str]) -> dict[str, list[Step]]:
        """The steps about each object that may be seen."""
        found = self._edges.steps_of(uris)
        seen = self._seen({step.index for steps in found.values() for step in steps})
        shown = {uri: [step for step in steps if seen[step.index]] for uri, steps in found.items()}
        return {uri: steps for uri, steps in shown.items() if steps}

    def steps(self, indexes: Collection[int]) -> dict[int, Step]:
        """The steps of entries that may be seen."""
        seen = self._seen(indexes)
        return self._edges.steps([index for index in indexes if seen[index]])

    def _seen(self, indexes: Collection[int]) -> Mapping[int, bool]:
        new = [index for index in indexes if index not in self._known]
        if self._audience.whole:
            self._known.update(dict.fromkeys(new, True))
        elif new:
            shown = seen_events(self._connection, new, self._audience)
            self._known.update((index, index in shown) for index in new)
        return self._known


def report(
    opened: Opened,
    subject: str,
    weigh: Weigh,
    *,
    audience: Audience,
    asked: datetime,
    now: Callable[[], datetime],
    members: Mapping[str, str] | None = None,
) -> Report:
    """What a recall of a lot or unit (canonical URI) touches; `asked`: when the question came, `now()`: the time.
    `members`: what members are called, by the URIs of their GLNs.

    A subject of which nothing may be seen gives a report whose `recall.known` is False.
    """
    opened.settled()
    with opened.store.read() as connection:
        steps = SeenSteps(connection, audience)
        found = recall(steps, subject, weigh)
        versions = _versions(connection, found, audience)
        size = entries.size(connection)
    moment = asked
    held = {}
    for thing, some in versions.items():
        chosen = as_of(some, moment, preferring=[audience.member] if audience.member else [])
        if chosen is not None:
            held[thing] = chosen
    told = dict(zip(held, stated(opened, list(held.values())), strict=True))
    return Report(opened.origin, size, found, told, _open(found), steps.hidden, asked, now(), members or {})


def _versions(connection: Connection, found: Recall, audience: Audience) -> dict[tuple[str, str], list[Any]]:
    """All versions of what the report names: customers and places, and the products of lots."""
    uris = {uri for customer in found.customers for uri in (customer.uri, *customer.places) if uri is not None}
    uris |= {item.place for item in found.stock if item.place is not None}
    uris |= {place for _, place in found.whereabouts.values() if place is not None}
    named = [(uri, kind) for uri in sorted(uris) for kind in ("party", "site")]
    products = {product for lot in found.lots if (product := product_of(lot)) is not None}
    named += [(product, "product") for product in sorted(products)]
    versions: dict[tuple[str, str], list[Any]] = {}
    for version in master.of_things(connection, named, seen_by=audience):
        versions.setdefault((version.type, version.id), []).append(version)
    return versions


def _open(found: Recall) -> dict[str, dict[str, Standing]]:
    """The recalls that stand, of each affected object that has any."""
    about: dict[str, list[Step]] = {}
    for step in found.steps:
        if step.persistent:
            for uri in step.moves.touched:
                about.setdefault(uri, []).append(step)
    affected = {*found.lots, *found.units}
    told = {uri: standing(steps, uri) for uri, steps in sorted(about.items()) if uri in affected}
    return {uri: by for uri, by in told.items() if by}


def tree(found: Report) -> dict[str, Any]:
    """The report as JSON."""
    recalled = found.recall
    took = found.answered - found.asked
    return {
        "format": FORMAT,
        "log": found.origin,
        "size": found.size,
        "subject": recalled.subject,
        "asked": _time(found.asked),
        "answered": _time(found.answered),
        "milliseconds": took // timedelta(milliseconds=1),
        "percent": None if recalled.percent is None else str(recalled.percent),
        "totals": {measure: _figures(figures) for measure, figures in recalled.totals.items()},
        "lots": [_lot(found, uri) for uri in recalled.lots],
        "units": [_unit(found, uri) for uri in recalled.units],
        "customers": [_customer(found, item) for item in recalled.customers],
        "stock": [
            {
                "lot": item.lot, "measure": item.measure, "amount": format(item.amount, "f"), "member": item.member,
                "place": item.place, "name": found.name(item.place, "site", "party"),
            }
            for item in recalled.stock
        ],
        "gaps": [
            {"code": gap.code, "about": gap.uri, "context": dict(gap.context), "entries": list(gap.causes)}
            for gap in found.gaps
        ],
    }  # fmt: skip


def steps_tree(found: Report) -> list[dict[str, Any]]:
    """The events that a report was made from, in the order of their times: beside it, for the log signs them itself."""
    return [_step(step) for step in in_time(found.recall.steps)]


def digest(told: Mapping[str, Any]) -> bytes:
    """The SHA-256 of a report's RFC 8785 form: what a drill signs."""
    return sha256(json_text.canonical(dict(told))).digest()


def _lot(found: Report, uri: str) -> dict[str, Any]:
    figures = found.recall.figures.get(uri, {})
    return {
        "lot": uri,
        "product": found.name(product_of(uri), "product"),
        "figures": {measure: _figures(item) for measure, item in figures.items()},
        "recalled": _standing(found, uri),
    }


def _unit(found: Report, uri: str) -> dict[str, Any]:
    state, where = found.recall.whereabouts.get(uri, (None, None))
    return {"unit": uri, "state": state, "where": where, "recalled": _standing(found, uri)}


def _standing(found: Report, uri: str) -> list[dict[str, Any]]:
    return [
        {"member": member, "entry": item.index, "number": item.number}
        for member, item in sorted(found.open.get(uri, {}).items())
    ]


def _customer(found: Report, item: Customer) -> dict[str, Any]:
    return {
        "party": item.uri,
        "name": found.name(item.uri, "party", "site"),
        "contacts": found.contacts(item),
        "places": [{"place": uri, "name": found.name(uri, "site", "party")} for uri in item.places],
        "lots": list(item.lots),
        "units": list(item.units),
        "shipped": _amounts(item.shipped),
        "received": _amounts(item.received),
        "last": None if item.last is None else _time(_EPOCH + timedelta(microseconds=item.last)),
        "entries": list(item.causes),
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "entry": step.index,
        "member": step.member,
        "time": None if step.at is None else _time(_EPOCH + timedelta(microseconds=step.at)),
        "type": step.type,
        "bizStep": step.biz_step,
        "disposition": step.disposition,
        "readPoint": step.read_point,
        "bizLocation": step.biz_location,
        "sources": [list(pair) for pair in step.sources],
        "destinations": [list(pair) for pair in step.destinations],
        "stands": step.stands,
        "flows": [
            {
                "object": flow.uri, "role": flow.role, "unit": flow.amount.uom if flow.amount else None,
                "quantity": format(flow.amount.quantity, "f") if flow.amount else None,
            }
            for flow in step.flows
        ],
    }  # fmt: skip


def _figures(item: Figures) -> dict[str, str]:
    names = ("born", "used", "shipped", "in_stock", "destroyed", "unaccounted")
    said = {name: _plain(getattr(item, name)) for name in names}
    said["inStock"] = said.pop("in_stock")
    return said


def _amounts(amounts: Amounts) -> list[dict[str, str]]:
    return [
        {"lot": lot, "measure": measure, "amount": _plain(amount)} for (lot, measure), amount in sorted(amounts.items())
    ]


def _plain(value: Decimal) -> str:
    return format(value, "f")


def _time(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat("T", "milliseconds") + "Z"


def summed(amounts: Amounts) -> dict[str, Decimal]:
    """The amounts of all lots together, by measure."""
    found: dict[str, Decimal] = {}
    for (_, measure), amount in amounts.items():
        found[measure] = found.get(measure, Decimal(0)) + amount
    return found


def affected_of(steps: Iterable[Step], member: str, uris: Sequence[str]) -> list[str]:
    """Of these objects, those about which the member recorded something."""
    own = {uri for step in steps if step.member == member for uri in step.moves.touched}
    return [uri for uri in uris if uri in own]


def product_of(lot: str) -> str | None:
    """The product that a lot is of: its GTIN as a Digital Link, None where its name holds none."""
    gtin = lot.removeprefix(_GTIN)[:14]
    return _GTIN + gtin if lot.startswith(_GTIN) and is_digits(gtin) and len(gtin) == 14 else None
