"""Making a log: its keys, entry 0, the first member's profile and gateway key (ARCHITECTURE.md 3.3, 3.9).

- Keys are on disk before anything names them: log, operator, admin, next-admin and gateway, of the first member.
- Genesis, the founder's profile and the gateway key are one group: a log has all three or does not exist.
- The default origin holds the log key's digest, so that two logs never share one.

    founding = Founding(name="Cooperativa Sole", gln=None, prefixes=(), origin=None)
    found(founding, "filiera-data", keyring, secrets=None, random=token_bytes, now=time(), writer="host:1")
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from time import sleep
from typing import Any

from ledger.entry.jwt import leaf_hash
from ledger.entry.parse import parse_wire
from ledger.keys.keyring import Keyring
from ledger.log.tiles import TileNodes
from ledger.registry.bodies import Predecessor
from ledger.registry.replay import Registry
from ledger.store import entries
from ledger.store.engine import Store, shown
from ledger.store.lookups import Lookups
from ledger.writer.fence import take_over
from ledger.writer.follower import Backlog
from ledger.writer.keys import add_body, check_gln, new_key, new_member, profile
from ledger.writer.lane import Lane
from ledger.writer.offers import make_offer
from ledger.writer.tree import Tree
from ledger.writer.turn import Log, Turn
from schemas.errors import InputError
from schemas.syntax import base64url

Random = Callable[[int], bytes]
MAX_SLUG = 40
_ORIGIN = re.compile(r"[!-*,-~]{1,128}")


@dataclass(frozen=True, slots=True)
class Founding:
    """What a log is founded with: the first member's name, GLN and GS1 company prefixes, and the origin if chosen.

    A log that goes on from another one has its `predecessor`, and its founder keeps the `iss` it had there: a member's
    id is for life, the same on every log (ARCHITECTURE.md 3.2).
    """

    name: str
    gln: str | None
    prefixes: tuple[str, ...]
    origin: str | None
    iss: str | None = None
    predecessor: Predecessor | None = None

    def check(self) -> None:
        """`InputError`: `member-name`, `gln-wrong`, `company-prefix-wrong`, `origin-wrong`."""
        if not self.name.strip() or len(self.name) > 200 or not self.name.isprintable():
            raise InputError("member-name", limit=200)
        check_gln(self.gln)
        for prefix in self.prefixes:
            if not (prefix.isascii() and prefix.isdigit() and 4 <= len(prefix) <= 12):
                raise InputError("company-prefix-wrong", value=prefix[:40])
        if self.origin is not None and not _ORIGIN.fullmatch(self.origin):
            raise InputError("origin-wrong", value=self.origin[:128])

    def profile(self) -> dict[str, Any]:
        """The founder's profile: one disclosure per member."""
        return profile(self.name, self.gln, self.prefixes)


def default_origin(name: str, log_key: bytes) -> str:
    """`{slug}-{16 hex of SHA-256(logKey)}.filiera.invalid/log`, slug `[a-z0-9-]` of at most 40 characters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:MAX_SLUG].strip("-") or "log"
    return f"{slug}-{hashlib.sha256(log_key).hexdigest()[:16]}.filiera.invalid/log"


def found(
    founding: Founding, location: str, keyring: Keyring, *, secrets: str | None, random: Random, now: float, writer: str
) -> None:
    """Make the store and commit the first three entries; publishing them is what any start does. `now`: seconds since
    1970.

    A store that was made but holds no entry (a crash in between) is founded again. `InputError("store-exists")`.
    """
    founding.check()
    try:
        store = Store.create(location, secrets=secrets)
    except InputError as error:
        if error.code != "store-exists":
            raise
        store = Store.open(location, secrets=secrets)
    try:
        fence = take_over(store, name=writer, sleep=sleep)
        try:
            # Before the first key is made: a keyring whose newest log key is not the log's would sign nothing more.
            with store.read() as connection:
                if entries.size(connection):
                    raise InputError("store-exists", store=shown(location))
            _commit(store, fence.epoch, _wires(founding, keyring, random), keyring, random, now)
        finally:
            fence.release()
    finally:
        store.close()


def _commit(store: Store, epoch: int, wires: list[bytes], keyring: Keyring, random: Random, now: float) -> None:
    genesis, *others = [parse_wire(wire) for wire in wires]
    with store.read() as connection:
        registry, lookups = Registry.genesis(genesis), Lookups.open(connection)
        tree = Tree(0, TileNodes(store.tiles.read, 0))
        log = Log(registry, tree, lookups, None, b"", None, 0.0, keyring.wrapping_key, Backlog.of(0, 0))
        turn = Turn(log, connection)
        turn.found(genesis)
        for entry in others:
            turn.may_sign(entry)
            turn.append(entry)
        turn.commit(store, epoch, random, now, lambda _: None)


def _wires(founding: Founding, keyring: Keyring, random: Random) -> list[bytes]:
    """The wires of entries 0, 1 and 2; every key they need is in the keyring when this returns."""
    iss = founding.iss or new_member(random)
    log = new_key(keyring, "log", "", alg="Ed25519")
    admin, later = new_key(keyring, "admin", iss), new_key(keyring, "next-admin", iss)
    operator, gateway = new_key(keyring, "operator", iss), new_key(keyring, "gateway", iss)
    keyring.object_secret(iss)
    origin = founding.origin or default_origin(founding.name, log.public.raw)
    founder = make_offer(admin, origin=origin, iss=iss, role="admin", next_kid=later.public.kid)
    lane = Lane(admin, iss)
    body = {
        "origin": origin,
        "logKey": base64url.encode(log.public.raw),
        "members": [founder.body()],
        "operator": make_offer(operator, origin=origin, iss=iss, role="operator").body(),
        "votes": 0,
        "witnesses": [],
        "gateway": "accept",
        "predecessor": _predecessor(founding.predecessor),
    }
    genesis = lane.public(origin, None, "policy", body)
    named = lane.public(origin, (0, _leaf(genesis)), "member", founder.body(), profile=founding.profile(), salt=random)
    added = lane.public(origin, (1, _leaf(named)), "key", add_body(gateway, origin, iss, "gateway"))
    return [genesis, named, added]


def _predecessor(log: Predecessor | None) -> dict[str, Any] | None:
    return None if log is None else {"origin": log.origin, "size": log.size, "root": base64url.encode(log.root)}


def _leaf(wire: bytes) -> bytes:
    return leaf_hash(wire.partition(b"~")[0])
