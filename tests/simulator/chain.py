"""A short chain on one log: two growers' fruit, received and packed, put on a pallet and shipped; and a stranger's lot.

chain = Chain()
chain.bundle()          # full disclosure, back from the packed lot
"""

from typing import Any

from ledger.audience import Audience, full
from ledger.bundle import Direction
from ledger.log.note import Note, parse
from ledger.log.policy import KnownLog, compose, known_log
from ledger.prove import prove
from schemas.gs1.canonical import canonical_uri
from tests.simulator.consortium import Consortium
from tests.simulator.source import ConsortiumSource

CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]
GTIN = "https://id.gs1.org/01/09520001000010/10/"
PEACHES, PLUMS, PACKED, STRANGE = (canonical_uri(GTIN + lot) for lot in ("G-1", "G-2", "P-7", "X-9"))
PALLET = canonical_uri("https://id.gs1.org/00/095200010000000010")


def event(kind: str, minute: int, **members: Any) -> dict[str, Any]:
    """An event at a minute of one morning."""
    when = f"2026-07-0{1 + minute // 60}T08:{minute % 60:02d}:00Z"
    return {"@context": CONTEXT, "type": kind, "eventTime": when, "eventTimeZoneOffset": "+02:00", **members}


def lots(*uris: str) -> list[dict[str, Any]]:
    """Quantity elements."""
    return [{"epcClass": uri, "quantity": 10, "uom": "KGM"} for uri in uris]


def begun(uri: str, minute: int = 0, **more: Any) -> dict[str, Any]:
    """A lot is commissioned."""
    step = {"action": "ADD", "bizStep": "commissioning", "readPoint": {"id": "https://id.gs1.org/414/9520001000003"}}
    return event("ObjectEvent", minute, **step, quantityList=lots(uri), **more)


def observed(uri: str, step: str, minute: int = 0) -> dict[str, Any]:
    """A lot or unit is shipped or received."""
    what = {"epcList": [uri]} if uri == PALLET else {"quantityList": lots(uri)}
    return event("ObjectEvent", minute, action="OBSERVE", bizStep=step, **what)


def packed(inputs: list[str], outputs: list[str], minute: int = 0) -> dict[str, Any]:
    """Lots become lots."""
    return event("TransformationEvent", minute, inputQuantityList=lots(*inputs), outputQuantityList=lots(*outputs))


def loaded(parent: str, children: list[str], minute: int = 0) -> dict[str, Any]:
    """Lots are put on a unit."""
    return event(
        "AggregationEvent", minute, action="ADD", bizStep="packing", parentID=parent, childQuantityList=lots(*children)
    )


class Chain:
    """The chain as it stands after its last shipment; attributes are log indexes."""

    def __init__(self, seed: int = 1, **how: Any) -> None:
        log = self.log = Consortium(members=3, seed=seed, **how)
        self.peaches = log.event(0, begun(PEACHES, 1, eventID="urn:uuid:9f1e9aa2-6bd4-4d4c-8f1c-6d1d3d7f8e01"))
        self.stranger = log.event(2, begun(STRANGE, 2))
        self.plums = log.event(2, begun(PLUMS, 3))
        self.shipped = log.event(0, observed(PEACHES, "shipping", 4), par=[self.peaches])
        self.received = log.event(1, observed(PEACHES, "receiving", 5), par=[self.shipped])
        self.packing = log.event(1, packed([PEACHES, PLUMS], [PACKED], 6), par=[self.received, self.plums])
        self.loading = log.event(1, loaded(PALLET, [PACKED], 7), par=[self.packing])
        self.sent = log.event(1, observed(PALLET, "shipping", 8), par=[self.loading])
        self.source = ConsortiumSource(log)

    def known(self, lines: tuple[str, ...] = ()) -> dict[str, KnownLog]:
        """What somebody who trusts this log knows."""
        known = known_log(compose(self.log.vkey, self.log.leaf_hashes[0], lines))
        return {known.origin: known}

    def bundle(
        self, subject: str | int = PACKED, direction: Direction = "back", audience: Audience | None = None
    ) -> bytes:
        """A bundle from this log."""
        return prove(self.source, subject, direction, audience or full())

    def note(self) -> Note:
        """The newest checkpoint."""
        return parse(self.log.checkpoint())
