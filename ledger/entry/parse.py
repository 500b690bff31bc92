"""Read an entry: the leaf, and the tree that its disclosures show, every rule of the profile checked.

- The wire is `jwt~d1~d2~…~`: nothing after the last tilde (no key binding), at most 8 MiB.
- Every disclosure given is referenced exactly once, from the place where its kind of value may stand (`shape`);
  every digest occurs once; `_sd` arrays are sorted as text and are not empty; no names repeat or are reserved.
- Numbers keep their text below `content`; everywhere else they are integers.
- What is not disclosed stays visible as hidden (`shown`); its digests are `Entry.hidden`.
- `type`, and for events `@context`, are shown whenever any member of a content is: without them it has no meaning.
- An entry of unknown kind is read as a leaf only, so no disclosure of it can be referenced.
- Reading says nothing about the signer: `verify_entry` does, and raises.

    entry = parse_wire(wire)
    verify_entry(entry, key)
    entry.content["bizStep"], len(entry.hidden)

RFC 9901 section 7.1, ARCHITECTURE.md 3.2.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from ledger.entry.claims import Claims, digest, read_claims, refuse_reserved
from ledger.entry.disclosure import Disclosure, Said, bodies, digest_texts, opened, read_body
from ledger.entry.jwt import Jwt, parse_jwt
from ledger.entry.leaf import Leaf
from ledger.entry.plain import read_plain
from ledger.entry.record import (
    REQUIRED,
    REQUIRED_ORDER,
    Lot,
    Record,
    check_element,
    check_member,
    record_lots,
    record_value,
)
from ledger.entry.shape import RECORD_LISTS, Branch, split
from ledger.entry.shown import HIDDEN, Members
from ledger.keys.signature import PublicKey
from schemas.errors import EvidenceError, InputError
from schemas.syntax.json_text import SCANS, Json, read, read_integers

MAX_WIRE = 8 * 2**20
_EVENTS = frozenset(("event", "correction"))
_NONE: frozenset[bytes] = frozenset()
_BRANCHES = ("content", "record")
_PUBLIC_BRANCHES = ("profile",)


class Entry(NamedTuple):
    """An entry as far as it is shown: trees are None where their own disclosure is hidden or the kind has none."""

    jwt: Jwt
    claims: Claims
    disclosures: tuple[Disclosure, ...] = ()
    content: Members | None = None
    record: Members | None = None
    profile: Members | None = None
    hidden: frozenset[bytes] = frozenset()

    @property
    def wire(self) -> bytes:
        """The entry with what it shows, as it travels: `jwt~d1~…~`."""
        return b"~".join((self.jwt.raw, *(item.text.encode("ascii") for item in self.disclosures), b""))


def parse_wire(wire: bytes) -> Entry:
    """An entry from its wire; `InputError` with the code of the first rule it breaks."""
    return _entry(*_split(wire))


class Received(NamedTuple):
    """An entry as it was sent: without its disclosures, which stay on the wire (`wire_disclosures`), with their digests
    in its order, 32 bytes each, and the lots of its record.

    For who admits thousands: each disclosure would be two or three objects more, and memory is what reading waits for.
    For the same reason the JWT of a private entry comes without its `payload`, of which `claims` says everything.
    """

    entry: Entry
    digests: bytes
    lots: tuple[Lot, ...]


def read_wire(wire: bytes) -> Received:
    """The same as `parse_wire`, and sooner where the entry is plain; see `Received` for what is left out."""
    leaf, texts = _split(wire)
    jwt = parse_jwt(leaf)
    claims = read_claims(jwt.payload)
    if claims.private:
        digests = [sha256(raw).digest() for raw in texts]
        trees = read_plain(jwt.payload["_sd"], texts, digests)
        if trees is not None:
            content, record, lots = trees
            return Received(Entry(_without_payload(jwt), claims, (), content, record), b"".join(digests), lots)
    entry, reader = _read(leaf, texts)
    if claims.private:
        entry = entry._replace(jwt=_without_payload(jwt))
    return Received(entry, b"".join(reader.digests), record_lots(entry.record) if entry.record is not None else ())


def _without_payload(jwt: Jwt) -> Jwt:
    return Jwt(jwt.raw, jwt.alg, jwt.kid, {}, jwt.signature, jwt.signing_input, jwt.identity, jwt.leaf)


def wire_disclosures(wire: bytes) -> list[bytes]:
    """The disclosures of a wire that was read, as ASCII in its order."""
    return wire.split(b"~")[1:-1]


def parse_leaf(raw: bytes) -> Entry:
    """An entry from its leaf alone: nothing is disclosed."""
    return _entry(raw, [])


def with_disclosures(leaf: bytes, disclosures: Sequence[str]) -> Entry:
    """An entry from its leaf and the disclosures that are at hand, in any order."""
    return _entry(leaf, [text.encode("ascii", "replace") for text in disclosures])


def verify_entry(entry: Entry, key: PublicKey) -> None:
    """Check the signature with the key the log has for `kid`; raises as `verify_jwt` does."""
    verify_jwt(entry.jwt, key)


def verify_jwt(jwt: Jwt | Leaf, key: PublicKey) -> None:
    """Check the signature of an entry of which only the JWT is read.

    `EvidenceError`: `entry-other-key`, `entry-other-algorithm`, or what `PublicKey.verify` raises.
    """
    if key.kid != jwt.kid:
        raise EvidenceError("entry-other-key", expected=key.kid, found=jwt.kid)
    if key.alg != jwt.alg:
        raise EvidenceError("entry-other-algorithm", expected=key.alg, found=jwt.alg)
    key.verify(jwt.signature, jwt.signing_input)


def fully_disclosed(entry: Entry) -> None:
    """`InputError("entry-not-disclosed")` unless every digest of the entry has its disclosure."""
    if entry.hidden:
        raise InputError("entry-not-disclosed", count=len(entry.hidden))


def read_record(entry: Entry) -> Record:
    """The record as far as it is shown; what is hidden is None or left out of its tuple."""
    return record_value(entry.record) if entry.record is not None else Record(iat=None)


def _split(wire: bytes) -> tuple[bytes, list[bytes]]:
    """Leaf and disclosures of a wire."""
    if len(wire) > MAX_WIRE:
        raise InputError("entry-wire-too-large", size=len(wire), limit=MAX_WIRE)
    leaf, *texts = wire.split(b"~")
    if not texts:
        raise InputError("entry-not-terminated")
    if texts.pop():
        raise InputError("entry-trailing-bytes")
    return leaf, texts


def _entry(leaf: bytes, texts: Sequence[bytes]) -> Entry:
    entry, reader = _read(leaf, texts)
    return entry._replace(disclosures=reader.disclosures()) if texts else entry


def _read(leaf: bytes, texts: Sequence[bytes]) -> "tuple[Entry, _Reader]":
    """An entry without its disclosures, and who read them."""
    jwt = parse_jwt(leaf)
    claims = read_claims(jwt.payload)
    reader = _Reader(texts)
    top = reader.top(jwt.payload["_sd"], claims.private) if claims.sd or claims.profile else {}
    hidden = frozenset(reader.hidden) if reader.hidden else _NONE
    if len(hidden) != len(reader.hidden):
        raise InputError("disclosure-referenced-twice")
    if None in reader.shown:
        raise InputError("disclosure-unreferenced", count=reader.shown.count(None))
    content = top.get("content")
    _meaningful(claims.kind, content)
    return Entry(jwt, claims, (), content, top.get("record"), top.get("profile"), hidden), reader


def _meaningful(kind: str, content: Members | None) -> None:
    if content and content.hidden:
        for name in ("type", "@context") if kind in _EVENTS else ("type",):
            if name not in content:
                raise InputError("disclosure-without-context", member=name)


class _Reader:
    """One pass from the signed digests down; `places` by digest text, the rest in the order of the wire.

    `shown`: name and value of each disclosure that was read, None before.
    """

    __slots__ = ("bodies", "digests", "hidden", "places", "shown", "texts")

    def __init__(self, texts: Sequence[bytes]) -> None:
        self.texts = texts
        self.digests = [sha256(raw).digest() for raw in texts]
        self.places = dict(zip(digest_texts(self.digests), range(len(texts)), strict=True))
        if len(self.places) != len(texts):
            raise InputError("disclosure-repeated")
        self.bodies: Sequence[bytes | None] = (bodies(texts) if texts else ()) or [None] * len(texts)
        self.shown: list[Said | None] = [None] * len(texts)
        self.hidden: list[bytes] = []

    def disclosures(self) -> tuple[Disclosure, ...]:
        """Every disclosure, once all were read."""
        said = zip(self.texts, self.digests, self.shown, strict=True)
        # What `Disclosure(…)` does, without its call.
        make = tuple.__new__
        return tuple([make(Disclosure, (raw.decode("ascii"), digest, *shown)) for raw, digest, shown in said if shown])

    def top(self, references: list[str], private: bool) -> dict[str, Members]:
        """The branches by name: `content` and `record`, or `profile`."""
        trees: dict[str, Members] = {}
        for reference in references:
            found = self.open(reference, True, read_integers)
            if found is None:
                continue
            branch: Any = found[0]
            if branch not in (_BRANCHES if private else _PUBLIC_BRANCHES):
                raise InputError("disclosure-branch", member=str(branch)[:80])
            if branch in trees:
                raise InputError("disclosure-name-repeated", member=branch)
            trees[branch] = self.record(found[1]) if branch == "record" else self.branch(branch, found[1])
        return trees

    def branch(self, branch: Branch, value: Any) -> Members:
        """The members of a content or a profile, each of the form that `shape` gives it."""
        numbers = read if branch == "content" else read_integers
        members = self.members(value, branch, numbers)
        for name, item in members.items():
            kind = type(item)
            if kind is list or kind is dict:
                members[name] = self.value(branch, name, item, numbers)
        return members

    def record(self, value: Any) -> Members:
        """The members of a record: each one that a record may have, all that it must have."""
        members = self.members(value, "record", read_integers)
        for name, item in members.items():
            if type(item) is list and name in RECORD_LISTS:
                # Its elements are checked one by one.
                members[name] = [self.element(name, one, read_integers) for one in item]
            else:
                refuse_reserved(item)
                check_member(name, item)
        if not members.hidden and not members.keys() >= REQUIRED:
            raise InputError("record-incomplete", member=next(name for name in REQUIRED_ORDER if name not in members))
        return members

    def value(self, branch: Branch, name: str, value: Any, numbers: Callable[..., Json]) -> Any:
        """The value of a member: elements and inner members opened where it is split, data without reserved names."""
        kind = split(branch, name, value)
        if kind == "elements":
            return [self.element(name, item, numbers) for item in value]
        if kind == "members":
            members = self.members(value, name, numbers)
            for item in members.values():
                refuse_reserved(item)
            return members
        refuse_reserved(value)
        return value

    def element(self, name: str, item: Any, numbers: Callable[..., Json]) -> Any:
        """One element of a split list, or `HIDDEN`."""
        if type(item) is not dict or len(item) != 1 or "..." not in item:
            raise InputError("disclosure-not-split", member=name)
        reference = item["..."]
        if type(reference) is not str:
            raise InputError("entry-digest", member="_sd")
        found = self.open(reference, False, numbers)
        if found is None:
            return HIDDEN
        value = found[1]
        refuse_reserved(value)
        if name in RECORD_LISTS:
            check_element(name, value)
        return value

    def members(self, value: Any, place: str, numbers: Callable[..., Json]) -> Members:
        """The shown members of `{"_sd":[…]}`, in the order of the wire, values as they stand in their disclosures.

        There an issuer may keep the order of members; in `_sd` they are sorted by their digests.
        """
        if type(value) is not dict or (value and (len(value) != 1 or "_sd" not in value)):
            raise InputError("disclosure-not-split", member=place)
        references = _sorted(value["_sd"], place) if value else ()
        order = []
        for reference in references:
            at = self.places.get(reference)
            if at is None:
                self.hidden.append(digest(reference, "_sd"))
            else:
                order.append(at)
        order.sort()
        members = Members(hidden=len(references) - len(order))
        for at in order:
            name: Any
            name, said = self.take(at, True, numbers)
            if name in members:
                raise InputError("disclosure-name-repeated", member=name)
            members[name] = said
        return members

    def open(self, reference: str, named: bool, numbers: Callable[..., Json]) -> Said | None:
        """The disclosure with this digest, read once; None and noted as hidden when it was not given."""
        place = self.places.get(reference)
        if place is None:
            self.hidden.append(digest(reference, "_sd"))
            return None
        return self.take(place, named, numbers)

    def take(self, place: int, named: bool, numbers: Callable[..., Json]) -> Said:
        """Name and value of the disclosure at this place of the wire, read once."""
        # Before it is read again: a list that names one large disclosure a hundred thousand times would stall us.
        if self.shown[place] is not None:
            raise InputError("disclosure-referenced-twice")
        said = read_body(self.bodies[place], named, SCANS[numbers]) or opened(self.texts[place], named, numbers)
        self.shown[place] = said
        return said


def _sorted(references: Any, place: str) -> list[str]:
    """An `_sd` array: at least one digest, sorted as text, none twice."""
    if type(references) is not list or not references:
        raise InputError("entry-digest", member=place)
    last = ""
    for reference in references:
        if type(reference) is not str:
            raise InputError("entry-digest", member=place)
        if reference <= last:
            raise InputError("entry-digest-repeated" if reference == last else "entry-digests-unsorted")
        last = reference
    return references
