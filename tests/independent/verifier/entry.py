"""Entries: a signed leaf and what is disclosed of it. From docs/spec/entry.md, sections 1 to 6."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from typing import Any

from tests.independent.verifier.crypto import Key
from tests.independent.verifier.identifiers import findable
from tests.independent.verifier.text import Refused, digest, need, read, unb64

PRIVATE = {"event", "correction", "master", "document", "drill"}
PUBLIC = {"key", "member", "approval", "policy", "tags", "erasure", "evidence", "snapshot"}
COMMON = {"v", "log", "iss", "seq", "kind"}
RESERVED = {"_sd", "_sd_alg", "..."}
LISTS = {
    "epcList", "childEPCs", "inputEPCList", "outputEPCList", "quantityList", "childQuantityList",
    "inputQuantityList", "outputQuantityList", "bizTransactionList", "sourceList", "destinationList",
    "sensorElementList",
}  # fmt: skip
WHOLE = LISTS | {
    "@context", "type", "id", "eventID", "eventTime", "recordTime", "eventTimeZoneOffset", "action", "bizStep",
    "disposition", "persistentDisposition", "readPoint", "bizLocation", "parentID", "transformationID",
    "certificationInfo",
}  # fmt: skip
UUID4 = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
HIDDEN = object()


class Members(dict[str, Any]):
    """The members that are shown of an object, and how many are not."""

    hidden = 0


@dataclass
class Entry:
    """An entry as far as it is shown."""

    leaf: bytes
    alg: str
    kid: str
    signed: bytes
    signature: bytes
    claims: dict[str, Any]
    trees: dict[str, Members] = field(default_factory=dict)
    hidden: int = 0

    @property
    def kind(self) -> str:
        return str(self.claims["kind"])

    @property
    def seq(self) -> int:
        return int(self.claims["seq"])

    @property
    def iss(self) -> str:
        return str(self.claims["iss"])

    @property
    def known(self) -> bool:
        return self.kind in PRIVATE | PUBLIC

    @property
    def tags(self) -> set[bytes]:
        texts = self.claims["body"]["tag"] if self.kind == "tags" else self.claims.get("tag", ())
        return {unb64(text) for text in texts} if self.known else set()

    @property
    def prev(self) -> bytes | None:
        return unb64(self.claims["prev"]) if "prev" in self.claims else None

    def verify(self, key: Key) -> None:
        need(key.kid == self.kid, "entry-other-key")
        need(key.alg == self.alg, "entry-other-algorithm")
        key.verify(self.signature, self.signed)


def parse_wire(wire: bytes) -> Entry:
    need(len(wire) <= 8 * 2**20, "entry-wire-too-large")
    leaf, *disclosures = wire.split(b"~")
    need(disclosures, "entry-not-terminated")
    need(not disclosures.pop(), "entry-trailing-bytes")
    return parse(leaf, disclosures)


def parse(leaf: bytes, disclosures: Sequence[bytes] = ()) -> Entry:
    """Steps 1 to 5 of section 8."""
    need(len(leaf) <= 4096, "entry-too-large")
    parts = leaf.split(b".")
    need(len(parts) == 3, "entry-segments")
    header, claims = (_json_object(part) for part in parts[:2])
    signature = unb64(parts[2].decode("ascii", "replace"))
    need(len(signature) == 64, "entry-signature-length")
    need(not header.keys() - {"alg", "kid", "typ"}, "entry-header-member")
    need(len(header) == 3, "entry-header-missing")
    need(header["typ"] == "filiera-entry+sd-jwt", "entry-type")
    need(header["alg"] in ("ES256", "Ed25519"), "entry-algorithm")
    unb64(header["kid"], 32, "entry-kid")
    _claims(claims)
    entry = Entry(
        sha256(b"\0" + leaf).digest(), header["alg"], header["kid"], leaf[: leaf.rindex(b".")], signature, claims
    )
    reader = Reader(disclosures)
    if entry.known and "_sd" in claims:
        entry.trees = reader.branches(claims)
    need(len(set(reader.seen)) == len(reader.seen), "disclosure-referenced-twice")
    need(not reader.given.keys() - set(reader.seen), "disclosure-unreferenced")
    entry.hidden = len(set(reader.seen) - reader.given.keys())
    _context(entry)
    return entry


def _json_object(part: bytes) -> dict[str, Any]:
    tree = read(unb64(part.decode("ascii", "replace")))
    need(isinstance(tree, dict), "entry-not-object")
    return dict(tree)


def _claims(claims: dict[str, Any]) -> None:
    for name, kind in (("v", int), ("log", str), ("iss", str), ("kind", str), ("seq", int)):
        need(name in claims, "entry-claim-missing")
        need(type(claims[name]) is kind, "entry-claim-type")
    log = claims["log"]
    need(claims["v"] == 1, "entry-version")
    need(0 < len(log.encode()) <= 128 and log.isprintable() and not set(" +") & set(log), "entry-origin")
    need(UUID4.fullmatch(claims["iss"]), "entry-issuer")
    need(re.fullmatch("[a-z][a-z0-9-]{0,31}", claims["kind"]), "entry-kind")
    need(claims["seq"] or "prev" not in claims, "entry-prev-unexpected")
    need(not claims["seq"] or "prev" in claims, "entry-prev-missing")
    if "prev" in claims:
        digest(claims["prev"])
    if claims["kind"] in PRIVATE:
        _exactly(claims, {"_sd_alg", "_sd", "tag", "more"})
        _digests(claims, 2)
        need(type(claims["tag"]) is list and type(claims["more"]) is int, "entry-claim-type")
        need(len(claims["tag"]) <= 48, "entry-tag-count")
        need(claims["more"] <= 255, "entry-more")
        _rising(claims["tag"], "entry-tags-unsorted", "entry-tag-repeated")
    elif claims["kind"] in PUBLIC:
        profile = claims["kind"] == "member" and bool({"_sd", "_sd_alg"} & claims.keys())
        _exactly(claims, {"body", "_sd_alg", "_sd"} if profile else {"body"})
        need(type(claims["body"]) is dict, "entry-claim-type")
        if profile:
            _digests(claims, 1)
        refuse_reserved(claims["body"])
        if claims["kind"] == "tags":
            need(claims["body"].keys() == {"tag"} and type(claims["body"]["tag"]) is list, "entry-tags-body")
            need(0 < len(claims["body"]["tag"]) <= 48, "entry-tag-count")
            _rising(claims["body"]["tag"], "entry-tags-unsorted", "entry-tag-repeated")


def _exactly(claims: dict[str, Any], names: set[str]) -> None:
    need(not claims.keys() - names - COMMON - {"prev"}, "entry-claim-unknown")
    need(not names - claims.keys(), "entry-claim-missing")


def _digests(claims: dict[str, Any], count: int) -> None:
    need(claims["_sd_alg"] == "sha-256", "entry-digest-algorithm")
    need(type(claims["_sd"]) is list, "entry-claim-type")
    need(len(claims["_sd"]) == count, "entry-digest-count")
    _rising(claims["_sd"], "entry-digests-unsorted", "entry-digest-repeated")


def _rising(texts: Any, unsorted: str, repeated: str) -> list[str]:
    for text in texts:
        digest(text)
    for before, after in pairwise(texts):
        need(before != after, repeated)
        need(before < after, unsorted)
    return list(texts)


def refuse_reserved(value: Any) -> None:
    if isinstance(value, dict):
        need(not RESERVED & value.keys(), "entry-reserved-name")
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        refuse_reserved(item)


def _context(entry: Entry) -> None:
    content = entry.trees.get("content")
    if content and content.hidden:
        needed = {"type", "@context"} if entry.kind in ("event", "correction") else {"type"}
        need(needed <= content.keys(), "disclosure-without-context")


class Reader:
    """Sections 4 and 5: from the digests of the payload down."""

    def __init__(self, disclosures: Sequence[bytes]) -> None:
        self.given = {sha256(raw).digest(): raw for raw in disclosures}
        need(len(self.given) == len(disclosures), "disclosure-repeated")
        self.seen: list[bytes] = []

    def open(self, text: Any, size: int, integers: bool) -> list[Any] | None:
        """[salt, (name,) value] of the disclosure with this digest, None where it is hidden."""
        reference = digest(text)
        need(reference not in self.seen, "disclosure-referenced-twice")
        self.seen.append(reference)
        if reference not in self.given:
            return None
        found = read(unb64(self.given[reference].decode("ascii", "replace")), integers=integers)
        need(type(found) is list and len(found) == size, "disclosure-shape")
        need(isinstance(found[0], str), "disclosure-salt")
        try:
            unb64(found[0], 16, "disclosure-salt")
        except Refused:
            raise Refused("disclosure-salt") from None
        need(size == 2 or (type(found[1]) is str and found[1] not in RESERVED), "disclosure-name")
        return list(found)

    def branches(self, claims: dict[str, Any]) -> dict[str, Members]:
        allowed = {"content", "record"} if claims["kind"] in PRIVATE else {"profile"}
        trees: dict[str, Members] = {}
        for text in claims["_sd"]:
            found = self.open(text, 3, True)
            if found is not None:
                need(found[1] in allowed, "disclosure-branch")
                need(found[1] not in trees, "disclosure-name-repeated")
                trees[found[1]] = self.branch(found[1], found[2])
        return trees

    def branch(self, branch: str, value: Any) -> Members:
        integers = branch != "content"
        members = self.members(value, integers)
        for name, item in members.items():
            members[name] = self.value(branch, name, item, integers)
            if branch == "record":
                need(name in RECORD, "record-member")
                need(RECORD[name](members[name]), "record-value")
        if branch == "record" and not members.hidden:
            need({"iat", "par", "lots"} <= members.keys(), "record-incomplete")
        return members

    def value(self, branch: str, name: str, value: Any, integers: bool) -> Any:
        lists = LISTS if branch == "content" else {"par", "lots"} if branch == "record" else ()
        if name in lists and isinstance(value, list) and value:
            return [self.element(item, integers) for item in value]
        if branch == "content" and name not in WHOLE and isinstance(value, dict) and value:
            value = self.members(value, integers)
        refuse_reserved(value)
        return value

    def element(self, item: Any, integers: bool) -> Any:
        need(isinstance(item, dict) and item.keys() == {"..."}, "disclosure-not-split")
        found = self.open(item["..."], 2, integers)
        if found is None:
            return HIDDEN
        refuse_reserved(found[1])
        return found[1]

    def members(self, value: Any, integers: bool) -> Members:
        need(isinstance(value, dict) and value.keys() <= {"_sd"}, "disclosure-not-split")
        members = Members()
        if not value:
            return members
        need(type(value["_sd"]) is list and value["_sd"], "entry-digest")
        for text in _rising(value["_sd"], "entry-digests-unsorted", "entry-digest-repeated"):
            found = self.open(text, 3, integers)
            if found is None:
                members.hidden += 1
                continue
            need(found[1] not in members, "disclosure-name-repeated")
            members[found[1]] = found[2]
        return members


def _leaf(value: Any) -> bool:
    return len(digest(value)) == 32


def _lot(lot: Any) -> bool:
    if not isinstance(lot, dict) or lot.keys() != {"id", "key", "n"}:
        return False
    texts = isinstance(lot["id"], str) and findable(lot["id"]) and isinstance(lot["key"], str)
    return texts and len(unb64(lot["key"])) == 16 and type(lot["n"]) is int and lot["n"] < 2**32


def _all(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(item is HIDDEN or check(item) for item in value)


RECORD: dict[str, Callable[[Any], bool]] = {
    "iat": lambda value: type(value) is int,
    "par": _all(_leaf),
    "lots": _all(_lot),
    "reattests": _leaf,
    "relay": lambda value: isinstance(value, str) and value.isascii() and value.count(".") == 2 and len(value) <= 4096,
    "source": lambda value: (
        isinstance(value, dict)
        and value.keys() == {"mediaType", "sha256"}
        and isinstance(value["mediaType"], str)
        and 0 < len(value["mediaType"]) <= 255
        and _leaf(value["sha256"])
    ),
}
