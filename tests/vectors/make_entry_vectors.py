"""Write `tests/vectors/entry/*.json`: entries with fixed keys and salts, valid and refused, one reason each.

It builds entries with its own few lines, from `docs/spec/entry.md` and not from `ledger.entry.issue`, so that a mistake
in the one does not hide in the other. Every refused entry is a valid one with exactly one thing changed.

    python tests/vectors/make_entry_vectors.py
"""

import json
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ledger.keys.signature import P256_ORDER
from ledger.keys.signer import MemorySigner
from schemas.syntax.base64url import decode, encode

FOLDER = Path(__file__).parent / "entry"
LOG = "vectors-0123456789abcdef.filiera.invalid/log"
ISS = "urn:uuid:6f1c3a52-9d4e-4b7a-8c21-5e0f9a7b3d10"
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"example": "https://example.org/ns/"}]
LOT = "https://id.gs1.org/01/09521234543213/10/P-0107"
KEY = bytes(range(16))
PREV = encode(sha256(b"the entry before").digest())
ES256 = MemorySigner.from_seed("ES256", b"vectors")
ED25519 = MemorySigner.from_seed("Ed25519", b"vectors")


class Raw(str):
    """JSON text to be put in as it is."""


def to_json(value: Any) -> str:
    """Compact JSON; `Raw` as it stands."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{to_json(name)}:{to_json(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(to_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def tag(n: int, key: bytes = KEY) -> str:
    """The tag of the n-th entry about the lot."""
    return encode(sha256(b"filiera/object\n" + key + n.to_bytes(4, "big")).digest())


class Forge:
    """An entry in the making: each disclosure given is kept, in order, and salted by its number."""

    def __init__(self, signer: MemorySigner = ES256) -> None:
        self.signer = signer
        self.texts: list[str] = []
        self.count = 0

    def salt(self) -> str:
        self.count += 1
        return encode(sha256(b"salt %d" % self.count).digest()[:16])

    def give(self, array: Any) -> str:
        """Keep a disclosure, give back its digest."""
        self.texts.append(encode(to_json(array).encode("utf-8", "surrogatepass")))
        return encode(sha256(self.texts[-1].encode("ascii")).digest())

    def named(self, name: str, value: Any) -> str:
        return self.give([self.salt(), name, value])

    def elements(self, name: str, items: list[Any]) -> str:
        return self.named(name, [{"...": self.give([self.salt(), item])} for item in items])

    def members(self, name: str, digests: list[str]) -> str:
        return self.named(name, {"_sd": sorted(digests)})

    def plain(self) -> list[str]:
        """The members of the event that are one disclosure each."""
        event = {
            "@context": CONTEXT,
            "type": "ObjectEvent",
            "eventTime": "2026-06-11T05:40:00.000+02:00",
            "eventTimeZoneOffset": "+02:00",
            "action": "ADD",
            "bizStep": "commissioning",
            "readPoint": {"id": "https://id.gs1.org/414/9521234500008"},
        }
        return [self.named(name, value) for name, value in event.items()]

    def lots(self) -> str:
        quantity = {"epcClass": LOT, "quantity": Raw("412.50"), "uom": "KGM"}
        return self.elements("quantityList", [quantity])

    def split(self) -> list[str]:
        """The members that are divided further."""
        ilmd = [self.named("lotNumber", "P-0107"), self.named("example:brix", Raw("12.0"))]
        return [self.lots(), self.members("ilmd", ilmd), self.members("example:scale", [self.named("id", "B-7")])]

    def content(self, more: Callable[["Forge"], list[str]] = lambda forge: []) -> str:
        return self.members("content", self.plain() + self.split() + more(self))

    def record(self, more: Callable[["Forge"], list[str]] = lambda forge: [], *, lots: list[Any] | None = None) -> str:
        found = [{"id": LOT, "key": encode(KEY), "n": 0}] if lots is None else lots
        digests = [self.named("iat", 1781149200), self.named("par", []), self.elements("lots", found)]
        return self.members("record", digests + more(self))

    def claims(self, digests: list[str], **changes: Any) -> dict[str, Any]:
        claims: dict[str, Any] = {"v": 1, "log": LOG, "iss": ISS, "seq": 0, "kind": "event", "_sd_alg": "sha-256"}
        claims |= {"_sd": sorted(digests), "tag": [tag(0)], "more": 0}
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def public(self, body: Any, kind: str, **changes: Any) -> dict[str, Any]:
        claims = {"v": 1, "log": LOG, "iss": ISS, "seq": 0, "kind": kind, "body": body}
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def sign(self, payload: Any, header: Any = None, *, alter: Callable[[bytes], bytes] = bytes) -> str:
        """The leaf; `header` replaces members of the header, or all of it when it is `Raw`."""
        full: Any = {"alg": self.signer.public.alg, "kid": self.signer.public.kid, "typ": "filiera-entry+sd-jwt"}
        if header is not None:
            full = header if isinstance(header, Raw) else full | header
            full = full if isinstance(full, Raw) else {name: value for name, value in full.items() if value is not None}
        signed = encode(to_json(full).encode()) + "." + encode(to_json(payload).encode("utf-8", "surrogatepass"))
        return signed + "." + encode(alter(self.signer.sign(signed.encode("ascii"))))

    def wire(self, leaf: str) -> str:
        return "~".join((leaf, *self.texts, ""))

    def event(self, header: Any = None, **changes: Any) -> str:
        """The standard event with other claims."""
        return self.wire(self.sign(self.claims([self.content(), self.record()], **changes), header))

    def with_content(self, digest: str) -> str:
        """The standard event with this content."""
        return self.wire(self.sign(self.claims([digest, self.record()])))

    def with_member(self, *more: Callable[["Forge"], str]) -> str:
        """The standard event with further members of its content."""
        return self.with_content(self.content(lambda forge: [make(forge) for make in more]))

    def with_record(self, *more: Callable[["Forge"], str], lots: list[Any] | None = None) -> str:
        """The standard event with further members of its record."""
        content = self.content()
        record = self.record(lambda forge: [make(forge) for make in more], lots=lots)
        return self.wire(self.sign(self.claims([content, record])))


def high_s(signature: bytes) -> bytes:
    """The other ES256 signature of the same message."""
    return signature[:32] + (P256_ORDER - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")


def big_s(signature: bytes) -> bytes:
    """The other spelling of an Ed25519 signature: S plus the order of the group."""
    order = 2**252 + 27742317777372353535851937790883648493
    return signature[:32] + (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")


def respelled(text: str) -> str:
    """The same bytes with a stray bit in the last character."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    if len(text) % 4 == 0:
        raise ValueError("no spare bits")
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1]


def respell_segment(wire: str, place: int) -> str:
    """One segment of the JWT with a stray bit (padded where it has no spare ones)."""
    leaf, rest = wire.split("~", 1)
    segments = leaf.split(".")
    segments[place] = respelled(segments[place]) if len(segments[place]) % 4 else segments[place] + "="
    return ".".join(segments) + "~" + rest


def with_disclosure(wire: str, change: Callable[[list[str]], list[str]]) -> str:
    """The wire with its list of disclosures changed."""
    leaf, *texts = wire.split("~")[:-1]
    return "~".join((leaf, *change(texts), ""))


def deep(levels: int) -> Raw:
    return Raw("[" * levels + "]" * levels)


Case = tuple[str, str | None, Callable[[Forge], str]]

POLICY = {"votes": 0, "witnesses": [], "gateway": "accept"}
TAGS = sorted(tag(n) for n in range(60))


def valid() -> Iterator[Case]:
    """Entries that every reader accepts."""
    yield "event", None, lambda f: f.event()
    yield "event-later-in-its-lane", None, lambda f: f.event(seq=7, prev=PREV)
    yield "event-without-objects", None, lambda f: f.event(tag=[])
    yield "event-with-48-tags-and-more", None, lambda f: f.event(tag=TAGS[:48], more=1, seq=1, prev=PREV)
    yield "event-nothing-shown", None, lambda f: f.event().split("~")[0] + "~"
    yield "event-extension-not-object", None, lambda f: f.with_member(lambda g: g.named("example:note", "dry"))
    yield (
        "event-empty-lists-and-objects",
        None,
        lambda f: f.with_member(lambda g: g.named("bizTransactionList", []), lambda g: g.named("errorDeclaration", {})),
    )
    yield "event-list-of-wrong-type", None, lambda f: f.with_member(lambda g: g.named("epcList", "not a list"))
    yield "event-long-number", None, lambda f: f.with_member(lambda g: g.named("example:n", Raw("0." + "1" * 62)))
    yield "event-depth-32", None, lambda f: f.with_member(lambda g: g.named("example:deep", deep(31)))
    yield (
        "event-par-source",
        None,
        lambda f: f.with_record(
            lambda g: g.named("source", {"mediaType": "application/xml", "sha256": PREV}),
            lambda g: g.named("reattests", PREV),
        ),
    )
    yield "event-partly-shown", None, lambda f: with_disclosure(f.event(), lambda texts: texts[:4] + texts[14:15])
    yield "tags", None, lambda f: f.wire(f.sign(f.public({"tag": TAGS[:48]}, "tags")))
    yield "policy", None, lambda f: f.wire(f.sign(f.public(POLICY, "policy")))
    yield "member-with-profile", None, lambda f: f.wire(
        f.sign(
            f.public(
                {"iss": ISS}, "member", _sd_alg="sha-256",
                _sd=[f.members("profile", [f.named("name", "Cooperativa Demo"), f.named("gln", "9521234500008")])],
            )
        )
    )  # fmt: skip
    yield "policy-4095-bytes", None, lambda f: f.wire(padded_leaf(f, 4095))
    yield "unknown-kind", None, lambda f: f.wire(f.sign(f.public({"any": [1]}, "later-kind", other=True)))


def leaf_refused() -> Iterator[Case]:
    """One rule of the JWT broken each."""
    yield "not-terminated", "entry-not-terminated", lambda f: f.event().split("~")[0]
    yield "trailing-bytes", "entry-trailing-bytes", lambda f: f.event() + "eyJ0eXAiOiJrYitqd3QifQ.e30.AA"
    yield "two-segments", "entry-segments", lambda f: f.event().replace(".", "", 1)
    yield "leaf-4098-bytes", "entry-too-large", lambda f: f.wire(padded_leaf(f, 4097))
    yield "header-member", "entry-header-member", lambda f: f.event(header={"x5c": []})
    yield "header-crit", "entry-header-member", lambda f: f.event(header={"crit": ["b64"]})
    yield "header-without-kid", "entry-header-missing", lambda f: f.event(header={"kid": None})
    yield (
        "header-duplicate-name",
        "json-duplicate-name",
        lambda f: f.event(
            header=Raw(f'{{"alg":"ES256","alg":"ES256","kid":"{f.signer.public.kid}","typ":"filiera-entry+sd-jwt"}}')
        ),
    )
    yield "alg-none", "entry-algorithm", lambda f: f.event(header={"alg": "none"})
    yield "alg-eddsa", "entry-algorithm", lambda f: f.event(header={"alg": "EdDSA"})
    yield "alg-of-another-key", "entry-other-algorithm", lambda f: f.event(header={"alg": "Ed25519"})
    yield "typ", "entry-type", lambda f: f.event(header={"typ": "example+sd-jwt"})
    yield "kid-not-thumbprint", "entry-kid", lambda f: f.event(header={"kid": "a2V5"})
    yield "kid-of-another-key", "entry-other-key", lambda f: f.event(header={"kid": ED25519.public.kid})
    yield "header-respelled", "base64url", lambda f: respell_segment(f.event(), 0)
    yield "payload-respelled", "base64url", lambda f: respell_segment(f.event(), 1)
    yield "signature-respelled", "base64url", lambda f: respell_segment(f.event(), 2)
    yield (
        "signature-short",
        "entry-signature-length",
        lambda f: f.wire(f.sign(f.claims([f.content(), f.record()]), alter=lambda signature: signature[:63])),
    )
    yield (
        "signature-wrong",
        "signature-wrong",
        lambda f: f.wire(
            f.sign(f.claims([f.content(), f.record()]), alter=lambda s: s[:31] + bytes([s[31] ^ 1]) + s[32:])
        ),
    )
    yield (
        "signature-high-s",
        "signature-high-s",
        lambda f: f.wire(f.sign(f.claims([f.content(), f.record()]), alter=high_s)),
    )
    yield "payload-array", "entry-not-object", lambda f: f.wire(f.sign([]))
    yield (
        "payload-duplicate-name",
        "json-duplicate-name",
        lambda f: f.wire(
            f.sign(Raw(to_json(f.claims([f.content(), f.record()])).replace('"more":0', '"more":0,"more":0')))
        ),
    )
    yield (
        "payload-lone-surrogate",
        "json-lone-surrogate",
        lambda f: f.wire(f.sign(f.public({"note": Raw('"\\ud800"')}, "policy"))),
    )
    yield (
        "payload-trailing-bytes",
        "json-syntax",
        lambda f: f.wire(f.sign(Raw(to_json(f.public(POLICY, "policy")) + "{}"))),
    )
    yield "payload-depth-33", "json-too-deep", lambda f: f.wire(f.sign(f.public({"deep": deep(31)}, "policy")))


def claims_refused() -> Iterator[Case]:
    """One rule of the claims broken each."""
    yield "claim-unknown", "entry-claim-unknown", lambda f: f.event(exp=1)
    yield "claim-missing", "entry-claim-missing", lambda f: f.event(more=None)
    yield "claim-body-of-private", "entry-claim-unknown", lambda f: f.event(body={})
    yield "claim-type", "entry-claim-type", lambda f: f.event(seq="0")
    yield "claim-true-is-no-integer", "entry-claim-type", lambda f: f.event(more=True)
    yield "version-2", "entry-version", lambda f: f.event(v=2)
    yield "origin-with-space", "entry-origin", lambda f: f.event(log="vectors log")
    yield "origin-129-bytes", "entry-origin", lambda f: f.event(log="a" * 129)
    yield "issuer-upper-case", "entry-issuer", lambda f: f.event(iss=ISS.upper())
    yield "issuer-uuid-v1", "entry-issuer", lambda f: f.event(iss=ISS.replace("-4b7a", "-1b7a"))
    yield "kind-form", "entry-kind", lambda f: f.event(kind="Event")
    yield "prev-at-0", "entry-prev-unexpected", lambda f: f.event(prev=PREV)
    yield "prev-missing", "entry-prev-missing", lambda f: f.event(seq=1)
    yield "prev-short", "entry-digest", lambda f: f.event(seq=1, prev="AA")
    yield "prev-respelled", "base64url", lambda f: f.event(seq=1, prev=respelled(PREV))
    yield "seq-negative", "json-not-integer", lambda f: f.event(seq=Raw("-1"), prev=PREV)
    yield "seq-minus-zero", "json-not-integer", lambda f: f.event(seq=Raw("-0"))
    yield "seq-fraction", "json-not-integer", lambda f: f.event(seq=Raw("1.0"), prev=PREV)
    yield "seq-exponent", "json-not-integer", lambda f: f.event(seq=Raw("1e0"), prev=PREV)
    yield "seq-leading-zero", "json-syntax", lambda f: f.event(seq=Raw("01"), prev=PREV)
    yield "seq-over-2-53", "json-not-integer", lambda f: f.event(seq=2**53 + 1, prev=PREV)
    yield "sd-alg", "entry-digest-algorithm", lambda f: f.event(_sd_alg="sha-512")
    yield (
        "sd-unsorted",
        "entry-digests-unsorted",
        lambda f: f.wire(f.sign(f.claims([], _sd=sorted([f.content(), f.record()], reverse=True)))),
    )
    yield "sd-repeated", "entry-digest-repeated", lambda f: f.wire(f.sign(f.claims([], _sd=[f.content()] * 2)))
    yield "sd-one", "entry-digest-count", lambda f: f.wire(f.sign(f.claims([f.content()])))
    yield (
        "sd-three-with-decoy",
        "entry-digest-count",
        lambda f: f.wire(f.sign(f.claims([f.content(), f.record(), PREV]))),
    )
    yield "tag-unsorted", "entry-tags-unsorted", lambda f: f.event(tag=[TAGS[1], TAGS[0]])
    yield "tag-repeated", "entry-tag-repeated", lambda f: f.event(tag=[TAGS[0], TAGS[0]])
    yield "tag-49", "entry-tag-count", lambda f: f.event(log="v", tag=TAGS[:49])
    yield "tag-short", "entry-digest", lambda f: f.event(tag=["AA"])
    yield "more-256", "entry-more", lambda f: f.event(more=256)
    yield "tags-empty", "entry-tag-count", lambda f: f.wire(f.sign(f.public({"tag": []}, "tags")))
    yield (
        "tags-unsorted",
        "entry-tags-unsorted",
        lambda f: f.wire(f.sign(f.public({"tag": [TAGS[1], TAGS[0]]}, "tags"))),
    )
    yield "tags-with-more", "entry-tags-body", lambda f: f.wire(f.sign(f.public({"tag": TAGS[:1], "of": 1}, "tags")))
    yield "body-not-object", "entry-claim-type", lambda f: f.wire(f.sign(f.public([], "policy")))
    yield "body-fraction", "json-not-integer", lambda f: f.wire(f.sign(f.public({"votes": Raw("1.5")}, "policy")))
    yield (
        "body-reserved-name",
        "entry-reserved-name",
        lambda f: f.wire(f.sign(f.public({"deep": [{"_sd": []}]}, "policy"))),
    )
    yield (
        "policy-with-digest",
        "entry-claim-unknown",
        lambda f: f.wire(f.sign(f.public(POLICY, "policy", _sd_alg="sha-256", _sd=[PREV]))),
    )
    yield (
        "member-two-digests",
        "entry-digest-count",
        lambda f: f.wire(f.sign(f.public({"iss": ISS}, "member", _sd_alg="sha-256", _sd=sorted([PREV, tag(0)])))),
    )
    yield (
        "member-without-sd-alg",
        "entry-claim-missing",
        lambda f: f.wire(f.sign(f.public({"iss": ISS}, "member", _sd=[PREV]))),
    )
    yield (
        "unknown-kind-common-claim",
        "entry-claim-missing",
        lambda f: f.wire(f.sign(f.public({"any": [1]}, "later-kind", log=None))),
    )


def disclosures_refused() -> Iterator[Case]:
    """One rule of the disclosures broken each."""
    stranger = encode(b'["AAAAAAAAAAAAAAAAAAAAAA","bizStep","shipping"]')
    yield "unreferenced", "disclosure-unreferenced", lambda f: with_disclosure(f.event(), lambda t: [*t, stranger])
    yield "repeated", "disclosure-repeated", lambda f: with_disclosure(f.event(), lambda t: [*t, t[0]])
    yield (
        "without-its-parent",
        "disclosure-unreferenced",
        lambda f: with_disclosure(f.event(), lambda t: [text for text in t if b'"quantityList"' not in decode(text)]),
    )
    yield (
        "of-public-kind",
        "disclosure-unreferenced",
        lambda f: f.wire(f.sign(f.public(POLICY, "policy"))) + stranger + "~",
    )
    yield (
        "of-unknown-kind",
        "disclosure-unreferenced",
        lambda f: f.wire(f.sign(f.public({}, "later-kind", _sd=[f.named("content", {})]))),
    )
    yield "disclosure-respelled", "base64url", respelled_disclosure
    yield "disclosure-padded", "base64url", lambda f: f.with_content(padded(f))
    yield (
        "disclosure-duplicate-name",
        "json-duplicate-name",
        lambda f: f.with_member(lambda g: g.named("readPoint2", Raw('{"id":"a","id":"b"}'))),
    )
    yield (
        "disclosure-lone-surrogate",
        "json-lone-surrogate",
        lambda f: f.with_member(lambda g: g.named("example:note", Raw('"\\udc00"'))),
    )
    yield "disclosure-depth-33", "json-too-deep", lambda f: f.with_member(lambda g: g.named("example:deep", deep(32)))
    yield (
        "disclosure-number-65",
        "json-number-too-long",
        lambda f: f.with_member(lambda g: g.named("example:n", Raw("0." + "1" * 63))),
    )
    yield "disclosure-nan", "json-not-a-number", lambda f: f.with_member(lambda g: g.named("example:n", Raw("NaN")))
    yield "disclosure-two-values", "disclosure-shape", lambda f: f.with_member(lambda g: g.give([g.salt(), "x"]))
    yield (
        "element-three-values",
        "disclosure-shape",
        lambda f: f.with_member(lambda g: g.named("epcList", [{"...": g.named("x", "urn:x")}])),
    )
    yield "disclosure-object", "disclosure-shape", lambda f: f.with_member(lambda g: g.give({}))
    yield "salt-short", "disclosure-salt", lambda f: f.with_member(lambda g: g.give(["AAAA", "example:n", 1]))
    yield (
        "salt-respelled",
        "disclosure-salt",
        lambda f: f.with_member(lambda g: g.give(["A" * 21 + "B", "example:n", 1])),
    )
    yield "name-sd", "disclosure-name", lambda f: f.with_member(lambda g: g.named("_sd", []))
    yield "name-dots", "disclosure-name", lambda f: f.with_member(lambda g: g.named("...", "x"))
    yield "name-number", "disclosure-name", lambda f: f.with_member(lambda g: g.give([g.salt(), 1, "x"]))
    yield "name-repeated", "disclosure-name-repeated", lambda f: f.with_member(lambda g: g.named("action", "DELETE"))
    yield (
        "branch-unknown",
        "disclosure-branch",
        lambda f: f.with_content(f.members("contents", [f.named("type", "ObjectEvent")])),
    )
    yield "branch-twice", "disclosure-name-repeated", lambda f: f.wire(f.sign(f.claims([f.content(), f.content()])))
    yield (
        "value-reserved-name",
        "entry-reserved-name",
        lambda f: f.with_member(lambda g: g.named("certificationInfo", {"_sd_alg": "sha-256"})),
    )
    yield (
        "value-reserved-name-escaped",
        "entry-reserved-name",
        lambda f: f.with_member(lambda g: g.named("certificationInfo", Raw('[{"\\u005fsd":[]}]'))),
    )
    yield (
        "value-split-too-far",
        "entry-reserved-name",
        lambda f: f.with_member(
            lambda g: g.members("bizLocation", [g.named("id", "https://id.gs1.org/414/9521234500008")])
        ),
    )
    yield (
        "list-not-split",
        "disclosure-not-split",
        lambda f: f.with_member(lambda g: g.named("epcList", ["https://id.gs1.org/00/095212345678912349"])),
    )
    yield (
        "object-not-split",
        "disclosure-not-split",
        lambda f: f.with_member(lambda g: g.named("errorDeclaration", {"declarationTime": "2026-06-12T05:40:00Z"})),
    )
    yield (
        "content-not-split",
        "disclosure-not-split",
        lambda f: f.with_content(f.named("content", {"type": "ObjectEvent"})),
    )
    yield (
        "content-other-member",
        "disclosure-not-split",
        lambda f: f.with_content(f.named("content", {"_sd": [f.named("type", "ObjectEvent")], "x": 1})),
    )
    yield (
        "inner-sd-unsorted",
        "entry-digests-unsorted",
        lambda f: f.with_content(f.named("content", {"_sd": sorted(f.plain(), reverse=True)})),
    )
    yield "inner-sd-empty", "entry-digest", lambda f: f.with_member(lambda g: g.named("errorDeclaration", {"_sd": []}))
    yield "inner-digest-short", "entry-digest", lambda f: f.with_member(lambda g: g.named("epcList", [{"...": "AA"}]))
    yield (
        "digest-at-two-places",
        "disclosure-referenced-twice",
        lambda f: f.with_member(
            lambda g: two_places(g, g.give([g.salt(), "https://id.gs1.org/00/095212345678912349"]))
        ),
    )
    yield (
        "hidden-digest-at-two-places",
        "disclosure-referenced-twice",
        lambda f: f.with_member(lambda g: two_places(g, PREV)),
    )
    yield "type-hidden", "disclosure-without-context", lambda f: without(f.event(), b'"ObjectEvent"')
    yield "context-hidden", "disclosure-without-context", lambda f: without(f.event(), b'"@context"')


def record_refused() -> Iterator[Case]:
    """One rule of the record broken each."""
    yield "record-member", "record-member", lambda f: f.with_record(lambda g: g.named("note", "x"))
    yield "record-fraction", "json-not-integer", lambda f: f.with_record(lambda g: g.named("x", Raw("1.5")))
    yield (
        "record-incomplete",
        "record-incomplete",
        lambda f: f.wire(
            f.sign(f.claims([f.content(), f.members("record", [f.named("iat", 1781149200), f.named("par", [])])]))
        ),
    )
    yield (
        "record-source",
        "record-value",
        lambda f: f.with_record(lambda g: g.named("source", {"mediaType": "text/csv"})),
    )
    yield "record-relay", "record-value", lambda f: f.with_record(lambda g: g.named("relay", "no jwt"))
    yield "record-lot-key-short", "record-value", lambda f: f.with_record(lots=[{"id": LOT, "key": "AAAA", "n": 0}])
    lots = [{"id": "urn:x:\x01", "key": encode(KEY), "n": 0}]
    yield "record-lot-id-control", "record-value", lambda f: f.with_record(lots=lots)
    yield (
        "record-lot-n-over",
        "record-value",
        lambda f: f.with_record(lots=[{"id": LOT, "key": encode(KEY), "n": 2**32}]),
    )
    yield (
        "record-lots-not-split",
        "disclosure-not-split",
        lambda f: f.wire(f.sign(f.claims([f.content(), f.members("record", [f.named("lots", [{"id": LOT}])])]))),
    )
    yield (
        "record-par-digest",
        "entry-digest",
        lambda f: f.wire(f.sign(f.claims([f.content(), f.members("record", [f.elements("par", ["AA"])])]))),
    )


def padded_leaf(forge: Forge, size: int) -> str:
    """The smallest leaf of at least `size` bytes that padding makes (base64url skips every fourth length)."""
    pad = 2500
    while len(leaf := forge.sign(forge.public({"pad": "x" * pad}, "policy"))) < size:
        pad += 1
    return leaf


def two_places(forge: Forge, digest: str) -> str:
    """Two elements of one list with the same digest."""
    return forge.named("epcList", [{"...": digest}, {"...": digest}])


def without(wire: str, what: bytes) -> str:
    """The wire without the disclosures that contain `what`."""
    return with_disclosure(wire, lambda texts: [text for text in texts if what not in decode(text)])


def respelled_disclosure(forge: Forge) -> str:
    """A disclosure whose text is not its own re-encoding, committed to as it stands."""
    return forge.with_member(lambda g: spoil(g, respelled))


def spoil(forge: Forge, change: Callable[[str], str]) -> str:
    """The digest of a disclosure changed in its text."""
    for filler in ("", "x", "xx"):
        text = encode(to_json([forge.salt(), "example:note", filler]).encode())
        if len(text) % 4:
            forge.texts.append(change(text))
            return encode(sha256(forge.texts[-1].encode("ascii")).digest())
    raise AssertionError("one of three lengths has spare bits")


def padded(forge: Forge) -> str:
    """A content with a disclosure in padded base64."""
    return forge.content(lambda g: [spoil(g, lambda text: text + "=" * (-len(text) % 4))])


def ed25519() -> Iterator[Case]:
    """The same with an Ed25519 key."""
    yield "ed25519-event", None, lambda f: f.event()
    yield (
        "ed25519-s-not-canonical",
        "signature-range",
        lambda f: f.wire(f.sign(f.claims([f.content(), f.record()]), alter=big_s)),
    )
    yield (
        "ed25519-r-small-order",
        "signature-small-order",
        lambda f: f.wire(f.sign(f.claims([f.content(), f.record()]), alter=lambda s: b"\x01" + bytes(31) + s[32:])),
    )


def vectors() -> dict[str, bytes]:
    """File name -> bytes of every vector."""
    files: dict[str, bytes] = {}
    groups = (valid, leaf_refused, claims_refused, disclosures_refused, record_refused, ed25519)
    for group in groups:
        for name, code, make in group():
            signer = ED25519 if group is ed25519 else ES256
            vector = {
                "name": name,
                "valid": code is None,
                "code": code,
                "jwk": dict(signer.public.jwk),
                "entry": make(Forge(signer)),
            }
            file = f"{'valid' if code is None else 'refused'}-{name}.json"
            if file in files:
                raise ValueError(f"two vectors are called {file}")
            files[file] = (json.dumps(vector, indent=1, ensure_ascii=True) + "\n").encode("ascii")
    return files


def main() -> None:
    """Write every vector and remove those that are no more."""
    FOLDER.mkdir(exist_ok=True)
    files = vectors()
    for old in FOLDER.glob("*.json"):
        if old.name not in files:
            old.unlink()
    for name, data in files.items():
        (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    main()
