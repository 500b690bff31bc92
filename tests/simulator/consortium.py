"""A consortium in memory: a log with its members, keys and lanes, grown in a line per entry and the same every time.

    c = Consortium(members=3, seed=1)          # entry 0, and a device key for each member
    lot = c.event(0, {...EPCIS event...})      # index of the signed event; its lots and tags are found by themselves
    c.revoke(1, c.members[1].device); c.snapshot()

- Everything is appended through `ledger.registry.replay.Registry` with its signature checked: what the registry
  refuses raises here and leaves the consortium as it was.
- `wire`, `issue` and `rotation` make entries without appending them, for attacks.
- Keys, salts and times follow from `seed` alone. Members are named by number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from ledger.entry.issue import issue_private, issue_public
from ledger.entry.parse import Entry, parse_wire
from ledger.entry.record import Lot, Record
from ledger.entry.tags import object_key, tag
from ledger.keys.signature import Alg, pop_message
from ledger.keys.signer import MemorySigner
from ledger.log import merkle
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.note import VerifierKey
from ledger.lots.movement import objects
from ledger.registry import snapshot
from ledger.registry.replay import Registry
from ledger.registry.tag_tree import Item, SortedTree
from schemas.syntax.base64url import decode, encode

START = 1_750_000_000


@dataclass(slots=True)
class Person:
    """A member as it sees itself: its id, its secret for object keys, its keys in hand."""

    iss: str
    secret: bytes
    admin: MemorySigner
    next: MemorySigner
    keys: dict[str, MemorySigner] = field(default_factory=dict)

    @property
    def device(self) -> MemorySigner:
        """The key of its phone."""
        return self.keys["device"]


class Consortium:
    """See the module. `wires`, `leaves` (raw), `entries` and `registry` are the log so far."""

    def __init__(
        self, members: int = 3, seed: int = 1, *, votes: int = 0, witnesses: Sequence[str] = (),
        gateway: str = "accept", alg: Alg = "ES256", devices: bool = True, origin: str | None = None,
        predecessor: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.seed, self.alg, self._count = seed, alg, 0
        self.log_signer = MemorySigner.from_seed("Ed25519", f"{seed}/log".encode())
        fingerprint = sha256(self.log_signer.public.raw).hexdigest()[:16]
        self.origin = origin or f"consortium-{fingerprint}.filiera.invalid/log"
        self.members = [self.person() for _ in range(members)]
        self.operator = self.signer("operator")
        self.terms: dict[str, Any] = {"votes": votes, "witnesses": list(witnesses), "gateway": gateway}
        self.wires: list[bytes] = []
        self.leaves: list[bytes] = []
        self.entries: list[Entry] = []
        self.tags: dict[bytes, list[int]] = {}
        self.objects: dict[str, bytes] = {}
        self.numbers: dict[str, int] = {}
        self.entries_of: dict[str, list[int]] = {}
        self.snapshots: dict[int, tuple[snapshot.KeyRow, ...]] = {}
        self._heads: dict[str, tuple[int, bytes]] = {}
        self._overflow: list[bytes] = []
        body = self.genesis_body(predecessor)
        self.registry = Registry.genesis(parse_wire(wire := self.wire(0, "policy", body)))
        self._kept(wire)
        for number in range(members if devices else 0):
            self.key_add(number)

    # keys and texts that follow from the seed

    def signer(self, name: str, alg: Alg | None = None) -> MemorySigner:
        """The key of that name, always the same for a seed."""
        return MemorySigner.from_seed(alg or self.alg, f"{self.seed}/{name}".encode())

    def fresh(self, alg: Alg | None = None) -> MemorySigner:
        """The next key that nobody has."""
        self._count += 1
        return self.signer(f"key {self._count}", alg)

    def salt(self, length: int) -> bytes:
        """The next salt."""
        self._count += 1
        return sha256(f"{self.seed}/salt {self._count}".encode()).digest()[:length]

    def person(self) -> Person:
        """Somebody with keys, not yet a member."""
        self._count += 1
        iss = UUID(bytes=sha256(f"{self.seed}/iss {self._count}".encode()).digest()[:16], version=4)
        return Person(f"urn:uuid:{iss}", self.salt(32), self.fresh(), self.fresh())

    def pop(self, key: MemorySigner, iss: str, role: str, following: MemorySigner | None) -> str:
        """The proof of possession of a key for a place here."""
        kid, next_ = key.public.kid, following.public.kid if following else None
        return encode(key.sign(pop_message(self.origin, iss, kid, role, next_)))

    def founding(self, person: Person) -> dict[str, Any]:
        """{iss, jwk, pop, next} of somebody's admin key."""
        key, following = person.admin, person.next
        proof = self.pop(key, person.iss, "admin", following)
        return {"iss": person.iss, "jwk": key.public.jwk, "pop": proof, "next": following.public.kid}

    def genesis_body(self, predecessor: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The body of entry 0."""
        iss, key = self.members[0].iss, self.operator
        operator = {"iss": iss, "jwk": key.public.jwk, "pop": self.pop(key, iss, "operator", None)}
        founders = [self.founding(person) for person in self.members]
        log_key = encode(self.log_signer.public.raw)
        return {
            "origin": self.origin, "logKey": log_key, "members": founders, "operator": operator,
            "predecessor": predecessor, **self.terms,
        }  # fmt: skip

    # entries

    def place(self, key: MemorySigner) -> tuple[int, bytes | None]:
        """seq and prev of a key's next entry."""
        head = self._heads.get(key.public.kid)
        return (0, None) if head is None else (head[0] + 1, head[1])

    def wire(
        self, member: int, kind: str, body: Mapping[str, Any], *, by: MemorySigner | None = None,
        iss: str | None = None, log: str | None = None, lane: tuple[int, bytes | None] | None = None,
        profile: Mapping[str, Any] | None = None,
    ) -> bytes:  # fmt: skip
        """A public entry, signed by the member's admin key unless another is given; not appended."""
        key = by or self.members[member].admin
        seq, prev = lane or self.place(key)
        return issue_public(
            key, log=log or self.origin, iss=iss or self.members[member].iss, seq=seq, prev=prev, kind=kind, body=body,
            profile=profile, salt=self.salt,
        )  # fmt: skip

    def issue(
        self, member: int, content: Mapping[str, Any], *, kind: str = "event", by: MemorySigner | None = None,
        lots: Sequence[str | Lot] = (), par: Sequence[int] = (), **record: Any,
    ) -> list[bytes]:  # fmt: skip
        """A private entry, signed by the member's device unless another key is given; not appended. `par`: indexes."""
        key = by or self.members[member].device
        seq, prev = self.place(key)
        shown = tuple(item if isinstance(item, Lot) else self.lot(member, item) for item in lots)
        parents = tuple(self.entries[index].jwt.leaf for index in par)
        made = Record(iat=record.pop("iat", START + 60 * self.size), par=parents, lots=shown, **record)
        return issue_private(
            key, log=self.origin, iss=self.members[member].iss, seq=seq, prev=prev, kind=kind, content=content,
            record=made, salt=self.salt,
        )  # fmt: skip

    def lot(self, member: int, uri: str) -> Lot:
        """An object with its key (of the member that first logs it) and its next n."""
        key = self.objects.get(uri) or object_key(self.members[member].secret, uri)
        return Lot(uri, key, self.numbers.get(uri, 0))

    def append(self, wire: bytes) -> int:
        """Take an entry into the log, if the registry admits it; its index."""
        entry = parse_wire(wire)
        self.registry.apply(self.size, entry, verify=True)
        return self._kept(wire)

    def say(self, member: int, kind: str, body: Mapping[str, Any], **how: Any) -> int:
        """Sign and append a public entry; its index."""
        return self.append(self.wire(member, kind, body, **how))

    def event(
        self, member: int, content: Mapping[str, Any], lots: Sequence[str | Lot] | None = None, **how: Any
    ) -> int:
        """Sign and append an event (its objects are tagged unless `lots` says which are); its index."""
        if lots is None:
            lots = objects(content)
        *before, wire = self.issue(member, content, lots=lots, **how)
        for tags in before:
            self.append(tags)
        return self.append(wire)

    def _kept(self, wire: bytes) -> int:
        entry, index = parse_wire(wire), self.size
        self.wires.append(wire)
        self.leaves.append(entry.jwt.raw)
        self.entries.append(entry)
        self._heads[entry.jwt.kid] = (entry.claims.seq, entry.jwt.leaf)
        if entry.claims.kind == "tags":
            self._overflow.extend(entry.claims.tags)
            return index
        for value in (*entry.claims.tags, *self._overflow):
            self.tags.setdefault(value, []).append(index)
        self._overflow.clear()
        for item in entry.record["lots"] if entry.record else ():
            self._counted(item, index)
        return index

    def _counted(self, item: Mapping[str, Any], index: int) -> None:
        lot = Lot(item["id"], decode(item["key"]), item["n"])
        self.objects.setdefault(lot.id, lot.key)
        self.numbers[lot.id] = max(self.numbers.get(lot.id, 0), lot.n + 1)
        self.entries_of.setdefault(lot.id, []).append(index)

    # what members do

    def key_add(
        self, member: int, role: str = "device", *, key: MemorySigner | None = None, **how: Any
    ) -> MemorySigner:
        """Add a key to a member; it is kept as `members[member].keys[role]`."""
        person, added = self.members[member], key or self.fresh()
        following = self.fresh() if role == "admin" else None
        body = {"op": "add", "kid": added.public.kid, "role": role, "jwk": added.public.jwk}
        body["pop"] = self.pop(added, person.iss, role, following)
        self.say(member, "key", body | ({"next": following.public.kid} if following else {}), **how)
        person.keys[role] = added
        return added

    def revoke(self, member: int, key: MemorySigner, **how: Any) -> int:
        """End a key."""
        return self.say(member, "key", {"op": "revoke", "kid": key.public.kid}, **how)

    def compromise(self, member: int, key: MemorySigner, since: int, **how: Any) -> int:
        """Declare a key compromised from an index on."""
        return self.say(member, "key", {"op": "compromise", "kid": key.public.kid, "from": since}, **how)

    def rotation(
        self, member: int, *, to: MemorySigner | None = None, last: int | None = -1
    ) -> tuple[bytes, MemorySigner]:
        """A rotation to the committed key (or `to`); `last`: index of the last good entry, -1 newest, None none."""
        person, key, following = self.members[member], to or self.members[member].next, self.fresh()
        body: dict[str, Any] = {"op": "rotate", "kid": person.admin.public.kid, "jwk": key.public.jwk}
        body |= {"pop": self.pop(key, person.iss, "admin", following), "next": following.public.kid}
        if last is not None and (vouched := self._vouched(person.admin, last)) is not None:
            body |= {"seq": vouched[0], "head": encode(vouched[1])}
        return self.wire(member, "key", body, by=key), following

    def _vouched(self, key: MemorySigner, last: int) -> tuple[int, bytes] | None:
        if last == -1:
            return self._heads.get(key.public.kid)
        return self.entries[last].claims.seq, self.entries[last].jwt.leaf

    def rotate(self, member: int, *, last: int | None = -1) -> int:
        """The committed next key takes over; the index."""
        wire, following = self.rotation(member, last=last)
        index = self.append(wire)
        person = self.members[member]
        person.admin, person.next = person.next, following
        return index

    def propose_member(self, by: int = 0, person: Person | None = None, **how: Any) -> tuple[Person, bytes]:
        """Propose somebody; who, and the proposal's leaf hash."""
        proposed = person or self.person()
        index = self.say(by, "member", self.founding(proposed), **how)
        return proposed, self.entries[index].jwt.leaf

    def propose_terms(self, by: int = 0, **terms: Any) -> bytes:
        """Propose other terms; the proposal's leaf hash."""
        return self.entries[self.say(by, "policy", {**self.terms, **terms})].jwt.leaf

    def propose_recover(self, by: int, subject: int, key: MemorySigner | None = None) -> bytes:
        """Propose a new admin key for a member that lost its own; the proposal's leaf hash."""
        person, admin, following = self.members[subject], key or self.fresh(), self.fresh()
        body = {"op": "recover", "member": person.iss, "jwk": admin.public.jwk, "next": following.public.kid}
        index = self.say(by, "key", {**body, "pop": self.pop(admin, person.iss, "admin", following)})
        person.keys["recovered"], person.keys["recovered next"] = admin, following
        return self.entries[index].jwt.leaf

    def approve(self, member: int, proposal: bytes, **how: Any) -> int:
        """One member's vote; the index."""
        return self.say(member, "approval", {"of": encode(proposal)}, **how)

    def admit(self, votes: int | None = None) -> int:
        """A new member, proposed by member 0 and approved by the first ones; its number."""
        person, proposal = self.propose_member()
        for member in range(len(self.members) // 2 + 1 if votes is None else votes):
            self.approve(member, proposal)
        self.members.append(person)
        return len(self.members) - 1

    def snapshot(self, **how: Any) -> int:
        """The operator signs rows and tag tree; the index."""
        made = self.registry.rows()
        body = snapshot.make_body(self.size, made, self.tag_tree().root())
        index = self.say(0, "snapshot", body, **{"by": self.operator, **how})
        self.snapshots[index] = made
        return index

    def close(self, origin: str = "next.filiera.invalid/log", key: MemorySigner | None = None, **how: Any) -> int:
        """The operator names the successor; the last index."""
        log_key = (key or self.signer("successor", "Ed25519")).public.raw
        body = {**self.terms, "successor": {"origin": origin, "logKey": encode(log_key)}}
        return self.say(0, "policy", body, **{"by": self.operator, **how})

    # what a bundle is made from

    @property
    def size(self) -> int:
        """How many entries the log has."""
        return len(self.leaves)

    @property
    def vkey(self) -> VerifierKey:
        """The log's verifier key."""
        return VerifierKey.of_log(self.origin, self.log_signer.public.raw)

    @property
    def leaf_hashes(self) -> list[bytes]:
        """The RFC 6962 leaf hashes."""
        return [entry.jwt.leaf for entry in self.entries]

    def checkpoint(self, size: int | None = None) -> bytes:
        """The signed note of the log's first `size` entries (all)."""
        count = self.size if size is None else size
        return sign_checkpoint(Checkpoint(self.origin, count, merkle.root(self.leaf_hashes[:count])), self.log_signer)

    def tag_items(self, at: int | None = None) -> list[Item]:
        """The tags carried by the entries before index `at` (all), sorted."""
        limit = self.size if at is None else at
        held = ((value, tuple(index for index in found if index < limit)) for value, found in self.tags.items())
        return sorted(item for item in held if item[1])

    def tag_tree(self, at: int | None = None) -> SortedTree:
        """The tag tree as of index `at` (now)."""
        return SortedTree(self.tag_items(at))

    def tag_of(self, uri: str, n: int) -> bytes:
        """The n-th tag of an object."""
        return tag(self.objects[uri], n)
