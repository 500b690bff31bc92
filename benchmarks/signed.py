"""Entries as a phone signs them, made before anything is timed.

- An entry is an observation of a lot: an ObjectEvent with one quantity of one lot, its object key and its count.
  With the signer's record these are 13 disclosures, the fewest that an event naming a lot can have.
- `Phone.entries` gives whole requests of 256. Eight entries are about one lot, a request apart; every fourth entry
  goes on with a lot first logged anywhere before, so that looking up old tags is part of what is measured.
- `leaf` signs an entry whose disclosures are thrown away at once: to fill a log quickly.

    phone = Phone.added(node); node.submit(phone.request())
"""

import os
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledger.entry.issue import Lot, Record, issue_private
from ledger.entry.jwt import assemble, leaf_hash, signing_input
from ledger.entry.tags import object_key, tag
from ledger.keys.signer import MemorySigner
from ledger.node import Node
from schemas.syntax.base64url import encode
from schemas.syntax.json_text import Number

REQUEST = 256
PER_LOT = 8
Signed = tuple[bytes, str, int, bytes]
"""A leaf, the lot it is about, its n, and its tag."""
PASSPHRASE = b"for measuring only"
_CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]


def lot_uri(number: int) -> str:
    """A lot under the demonstration prefix 952."""
    return f"https://id.gs1.org/01/09520001000027/10/P-{number:07d}"


def made(location: str, folder: Path) -> Node:
    """A new log at `location`; its keys, guard and known logs in `folder`."""
    return Node.init(
        location,
        name="Cooperativa di prova",
        passphrase=PASSPHRASE,
        keys=folder / "keys",
        guard=str(folder / "guard"),
        policies=folder / "policies",
    )


def opened(location: str, folder: Path, workers: int = 0) -> Node:
    """The log again, for writing."""
    return Node.open(
        location, passphrase=PASSPHRASE, keys=folder / "keys", guard=str(folder / "guard"), workers=workers
    )


@dataclass(slots=True)
class Phone:
    """A device key of the first member, its lane, and how often each lot was named."""

    log: str
    iss: str
    signer: MemorySigner
    secret: bytes
    seq: int = 0
    prev: bytes | None = None
    number: int = 0
    lots: list[int] = field(default_factory=list)
    order: random.Random = field(default_factory=lambda: random.Random(952))

    @classmethod
    def added(cls, node: Node, number: int = 0) -> "Phone":
        """A phone whose key the member's admin has just added; phones of different numbers name different lots."""
        iss = node.own_member("admin")
        said = node.membership.new_key("device", iss)
        assert said.kid is not None
        return cls(node.origin, iss, node.keyring.open(said.kid), node.keyring.object_secret(iss), number=number)

    def request(self, count: int = REQUEST) -> list[bytes]:
        """The next entries of the lane, signed; what they say was never said before."""
        return [self._entry() for _ in range(count)]

    def leaf(self) -> Signed:
        """The next entry of the lane as a leaf alone: its two digests are random."""
        number, n = self._next_lot()
        uri = lot_uri(number)
        value = tag(object_key(self.secret, uri), n)
        claims = {"v": 1, "log": self.log, "iss": self.iss, "seq": self.seq}
        if self.prev is not None:
            claims["prev"] = encode(self.prev)
        digests = sorted(encode(os.urandom(32)) for _ in range(2))
        claims |= {"kind": "event", "_sd_alg": "sha-256", "_sd": digests, "tag": [encode(value)], "more": 0}
        signed = signing_input(self.signer.public.alg, self.signer.public.kid, claims)
        raw = assemble(signed, self.signer.sign(signed))
        self.seq, self.prev = self.seq + 1, leaf_hash(raw)
        return raw, uri, n, value

    def event_about(self, lot: int, n: int) -> bytes:
        """The next entry of the lane, the n-th event about one lot; the first commissions it."""
        content = observation(lot, self.seq) | {"action": "OBSERVE" if n else "ADD"}
        return self._signed(content, Lot(lot_uri(lot), object_key(self.secret, lot_uri(lot)), n))

    def _entry(self) -> bytes:
        number, n = self._next_lot()
        uri = lot_uri(number)
        return self._signed(observation(number, self.seq), Lot(uri, object_key(self.secret, uri), n))

    def _next_lot(self) -> tuple[int, int]:
        """The number and the n of the next entry's lot."""
        place = self._lot()
        while len(self.lots) <= place:
            self.lots.append(0)
        self.lots[place] += 1
        return self.number * 1_000_000 + place, self.lots[place] - 1

    def _signed(self, content: dict[str, Any], lot: Lot) -> bytes:
        (wire,) = issue_private(
            self.signer,
            log=self.log,
            iss=self.iss,
            seq=self.seq,
            prev=self.prev,
            kind="event",
            content=content,
            record=Record(1_790_000_000 + self.seq, lots=(lot,)),
            salt=os.urandom,
        )
        self.seq, self.prev = self.seq + 1, leaf_hash(wire.partition(b"~")[0])
        return wire

    def _lot(self) -> int:
        """The lot of the next entry: a recent one, or every fourth time any that was named before."""
        if self.seq % 4 == 3:
            return self.order.randrange(len(self.lots))
        return self.seq // (REQUEST * PER_LOT) * REQUEST + self.seq % REQUEST


def observation(lot: int, seq: int) -> dict[str, Any]:
    """Some kilograms of a lot, seen at a time of its own."""
    seconds = seq % 60, seq // 60 % 60, seq // 3600 % 24, seq // 86400 % 28 + 1
    return {
        "@context": _CONTEXT,
        "type": "ObjectEvent",
        "eventTime": "2026-07-{3:02d}T{2:02d}:{1:02d}:{0:02d}.000+02:00".format(*seconds),
        "eventTimeZoneOffset": "+02:00",
        "action": "OBSERVE",
        "quantityList": [{"epcClass": lot_uri(lot), "quantity": Number(f"{100 + seq % 900}.5"), "uom": "KGM"}],
    }
