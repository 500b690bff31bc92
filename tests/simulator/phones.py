"""A log on a real store with members' phones: keys that sign for themselves, ahead of any answer, as phones do.

phone = Phone.added(node); wire = phone.event(lot("P-1")); node.submit([wire])
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledger.entry.issue import Lot, Record, issue_private
from ledger.entry.jwt import leaf_hash
from ledger.entry.tags import object_key
from ledger.keys.signer import MemorySigner
from ledger.lots.movement import objects
from ledger.node import Node

PASSPHRASE = b"correct horse battery staple"
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]


def unit(serial: str) -> str:
    """A unit of our own making, under the demonstration prefix."""
    return f"https://id.gs1.org/01/09520001000010/21/{serial}"


def observed(*uris: str, minute: int = 0, **more: Any) -> dict[str, Any]:
    """An event that saw some units."""
    return {
        "@context": CONTEXT,
        "type": "ObjectEvent",
        "eventTime": f"2026-07-01T08:{minute:02d}:00Z",
        "eventTimeZoneOffset": "+02:00",
        "action": "OBSERVE",
        "epcList": list(uris),
        **more,
    }


@dataclass(slots=True)
class Phone:
    """A device key with its lane and its count per object."""

    log: str
    iss: str
    signer: MemorySigner
    secret: bytes
    seq: int = 0
    prev: bytes | None = None
    counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def added(cls, node: Node, iss: str | None = None) -> "Phone":
        """A phone whose key the member's admin has just added."""
        iss = iss or node.own_member("admin")
        said = node.membership.new_key("device", iss)
        assert said.kid is not None
        return cls(node.origin, iss, node.keyring.open(said.kid), node.keyring.object_secret(iss))

    def sign(self, event: dict[str, Any], *, seq: int | None = None, prev: bytes | None = None, **how: Any) -> bytes:
        """The wire of an event at the phone's place or another, nothing remembered."""
        lots = how.pop("lots", None)
        if lots is None:
            lots = [Lot(uri, object_key(self.secret, uri), self.counts.get(uri, 0)) for uri in objects(event)]
        at = self.seq if seq is None else seq
        place = {
            "log": self.log,
            "iss": self.iss,
            "seq": at,
            "prev": (self.prev if seq is None else prev) if at else None,
        }
        record = Record(iat=1_750_000_000 + at, lots=tuple(lots))
        return issue_private(
            self.signer, **{**place, **how}, kind="event", content=event, record=record, salt=os.urandom
        )[-1]

    def event(self, event: dict[str, Any], **how: Any) -> bytes:
        """The wire of the next event; the lane and the counts move on."""
        wire = self.sign(event, **how)
        self.seq, self.prev = self.seq + 1, leaf_hash(wire.partition(b"~")[0])
        for uri in objects(event):
            self.counts[uri] = self.counts.get(uri, 0) + 1
        return wire


def made(location: str, folder: Path, **how: Any) -> Node:
    """A new log at a location, its keys and guard in `folder`."""
    return Node.init(
        location,
        name="Cooperativa Sole",
        passphrase=PASSPHRASE,
        keys=folder / "keys",
        guard=str(folder / "guard"),
        policies=folder / "policies",
        **how,
    )


def opened(location: str, folder: Path, **how: Any) -> Node:
    """The log again."""
    return Node.open(location, passphrase=PASSPHRASE, keys=folder / "keys", guard=str(folder / "guard"), **how)
