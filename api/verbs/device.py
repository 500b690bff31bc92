"""Phones that ask to be admitted: a code on the phone, an admin who compares its fingerprint, a key in the log.

- A phone makes its key, proves that it holds it for one member, and shows a code of eight characters, which is good for
  `MINUTES`; asked again by the same key, the code is a new one. At most `MOST` of a member wait at once.
- The code only finds the request. What the admin compares is the fingerprint, which the phone makes of its own key: who
  could change what the server says could not change that.
- Admitting is an entry like `key new` makes, signed by the member's admin: with the key that is here, or by an entry
  that the admin signed elsewhere (`bring`).

    asked = ask(node, member=iss, jwk=jwk, pop=pop, name="Telefono di Anna")
    admit(node, look(node, asked.code))

ARCHITECTURE.md 3.3; docs/adr/0062-how-a-phone-is-admitted.md.
"""

import json
from base64 import b32encode
from dataclasses import dataclass

from ledger.entry.parse import parse_wire
from ledger.keys.signature import PublicKey, verify_pop
from ledger.node import Node
from ledger.registry.bodies import Add
from ledger.registry.read_body import read_body
from ledger.store import devices
from ledger.store.devices import DeviceRequest
from ledger.writer.answers import Receipt
from ledger.writer.membership import Said
from schemas.errors import InputError
from schemas.syntax import base64url

MINUTES = 15
MOST = 20
MOST_NAME = 60
# Without what looks like something else on a dirty screen: I, L, O, U, 0 and 1.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as both sides see it: when its code expires (seconds since 1970)."""

    code: str
    kid: str
    fingerprint: str
    member: str
    name: str
    expires: int


def fingerprint(kid: str) -> str:
    """What a person compares of a key: 80 bits of its thumbprint, in four groups of four."""
    text = b32encode(base64url.decode(kid)[:10]).decode("ascii")
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


def ask(node: Node, *, member: str, jwk: dict[str, str], pop: str, name: str) -> Asked:
    """Keep the request of a key for a member, and give its code.

    `InputError`: `member-unknown`, `device-name`, `device-admitted`, `device-too-many`, those of `PublicKey.from_jwk`;
    `EvidenceError("pop-wrong")`.
    """
    if node.registry.member(member) is None:
        raise InputError("member-unknown", member=member[:100])
    called = name.strip()
    if not 0 < len(called) <= MOST_NAME or not called.isprintable():
        raise InputError("device-name", limit=MOST_NAME)
    key = PublicKey.from_jwk(jwk)
    if node.registry.key_state(key.kid) is not None:
        raise InputError("device-admitted", kid=key.kid)
    proof = base64url.decode(pop, member="pop")
    verify_pop(key, proof, origin=node.origin, iss=member, role="device", next_=None)
    now = int(node.clock())
    kept = DeviceRequest(
        key.kid, _code(node), member, called, json.dumps(dict(key.jwk)), proof, now, now + 60 * MINUTES
    )  # fmt: skip
    with node.store.begin() as connection:
        devices.sweep(connection, now)
        devices.remove(connection, key.kid)
        if devices.count(connection, member) >= MOST:
            raise InputError("device-too-many", limit=MOST, minutes=MINUTES)
        devices.put(connection, kept)
    return _asked(kept)


def waiting(node: Node, member: str | None = None) -> list[Asked]:
    """Every device that asks, or those of one member, oldest first."""
    with node.store.read() as connection:
        return [_asked(found) for found in devices.waiting(connection, int(node.clock()), member)]


def look(node: Node, code: str, member: str | None = None) -> DeviceRequest:
    """The request that shows a code; `InputError("device-code")` where none does, or another member's."""
    typed = "".join(code.upper().split()).replace("-", "")
    with node.store.read() as connection:
        found = devices.by_code(connection, typed, int(node.clock())) if len(typed) == CODE else None
    if found is None or member not in (None, found.member):
        raise InputError("device-code", minutes=MINUTES)
    return found


def admit(node: Node, request: DeviceRequest) -> Said:
    """Add the key to its member, signed by an admin key that is here. `InputError("admin-key-missing")`."""
    said = node.membership.admit(request.member, json.loads(request.jwk), base64url.encode(request.pop))
    _done(node, request)
    return said


def bring(node: Node, request: DeviceRequest, wire: bytes) -> Said:
    """Log the entry by which an admin, wherever its key is, adds the device that asks.

    `InputError("device-other")` where the entry says anything else; what the log refuses it for.
    """
    entry = parse_wire(wire)
    body = read_body("key", entry.claims.body) if entry.claims.kind == "key" else None
    right = isinstance(body, Add) and body.role == "device" and body.key.kid == request.kid
    if not right or entry.claims.iss != request.member:
        raise InputError("device-other", kid=request.kid)
    (answer,) = node.submit([wire])
    if not isinstance(answer, Receipt):
        raise answer
    _done(node, request)
    return Said(answer.index, answer.leaf, request.kid)


def _done(node: Node, request: DeviceRequest) -> None:
    with node.store.begin() as connection:
        devices.remove(connection, request.kid)


def _asked(kept: DeviceRequest) -> Asked:
    return Asked(kept.code, kept.kid, fingerprint(kept.kid), kept.member, kept.name, kept.expires)


def _code(node: Node) -> str:
    # 30 characters: a byte below 240 is as likely to be one as another.
    fair = (byte for _ in iter(int, 1) for byte in node.random(16) if byte < 240)
    return "".join(ALPHABET[next(fair) % len(ALPHABET)] for _ in range(CODE))
