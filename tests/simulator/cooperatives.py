"""Cooperatives that share one server: members with names, GLNs and gateway keys, and what passes between them.

with made(str(tmp_path / "store"), tmp_path) as node:
    sole, luna = joined(node, "Cooperativa Sole"), joined(node, "Cooperativa Luna", gln="9521002000016")
    node.capture(document(shipped("P-1", sender=…, receiver=…)), member=sole)
"""

import json
from typing import Any

from ledger.capture.document import Document, read_document
from ledger.node import Node

CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]
SOLE, LUNA, STRANGER = "9521001000017", "9521002000016", "9521003000015"


def joined(
    node: Node, name: str, *, gln: str | None = None, prefixes: tuple[str, ...] = (), iss: str | None = None
) -> str:
    """A new member, voted in by those before it, with a gateway key at this server; its iss."""
    by = node.registry.members()[0].iss
    offer = node.membership.offer(iss)
    said = node.membership.propose(by, offer, name=name, gln=gln, prefixes=prefixes)
    for voter in [member.iss for member in node.registry.members()]:
        if node.registry.member(offer.iss) is None:
            node.membership.approve(voter, said.leaf)
    node.membership.new_key("gateway", offer.iss)
    return offer.iss


def lot(code: str) -> str:
    """The URI of a lot."""
    return f"https://id.gs1.org/01/09521001002011/10/{code}"


def party(gln: str) -> str:
    """The URI of a party."""
    return f"https://id.gs1.org/417/{gln}"


def harvested(code: str, *, kilos: int = 100, **more: Any) -> dict[str, Any]:
    """The event that makes a lot, at a place that nobody else need know."""
    return {
        "type": "ObjectEvent",
        "action": "ADD",
        "bizStep": "commissioning",
        "eventTime": "2026-07-01T08:00:00Z",
        "eventTimeZoneOffset": "+02:00",
        "readPoint": {"id": "https://id.gs1.org/414/9521001000017"},
        "quantityList": [{"epcClass": lot(code), "quantity": kilos, "uom": "KGM"}],
        **more,
    }


def shipped(code: str, *, to: str, kind: str = "owning_party", **more: Any) -> dict[str, Any]:
    """The event that sends a lot to a party or place (a URI)."""
    return {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "bizStep": "shipping",
        "eventTime": "2026-07-02T08:00:00Z",
        "eventTimeZoneOffset": "+02:00",
        "quantityList": [{"epcClass": lot(code), "quantity": 40, "uom": "KGM"}],
        "destinationList": [{"type": kind, "destination": to}],
        **more,
    }


def written(*events: dict[str, Any]) -> bytes:
    """An EPCIS document of these events, as bytes."""
    tree = {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-07-03T09:00:00Z",
        "epcisBody": {"eventList": list(events)},
    }
    return json.dumps(tree).encode()


def document(*events: dict[str, Any]) -> Document:
    """The same, read."""
    return read_document(written(*events))
