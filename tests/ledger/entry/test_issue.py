"""Issuing: what is issued is read back as it was said, and everything refused is refused before a signature."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.entry.claims import read_claims
from ledger.entry.issue import MAX_OBJECTS, Lot, Record, issue_private, issue_public
from ledger.entry.jwt import leaf_hash
from ledger.entry.parse import fully_disclosed, parse_leaf, parse_wire, read_record, verify_entry, with_disclosures
from ledger.entry.tags import object_key, tag
from ledger.keys.signer import MemorySigner
from schemas.errors import EvidenceError, InputError
from schemas.syntax.base64url import encode
from schemas.syntax.json_text import Number, read
from tests.vectors import make_entry_vectors

SIGNER = MemorySigner.from_seed("ES256", b"issue")
ISS = "urn:uuid:6f1c3a52-9d4e-4b7a-8c21-5e0f9a7b3d10"
LOG = "l" * 128  # the longest origin: what fits with it fits with all
EVENT = read(
    '{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],"type":"ObjectEvent",'
    '"action":"OBSERVE","quantityList":[{"epcClass":"urn:a:1","quantity":1.50},{"epcClass":"urn:a:2"}],'
    '"ilmd":{"a":[1.0,{"b":null}]},"x:y":{"deep":{"er":true}},"readPoint":{"id":"urn:p"},"sourceList":[],"x:z":{}}'
)


class Salts:
    """Salts that a test can repeat."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, size: int) -> bytes:
        self.count += 1
        return hashlib.sha256(b"%d" % self.count).digest()[:size]


class CountingSigner:
    """A signer that says how often it signed."""

    public = SIGNER.public

    def __init__(self) -> None:
        self.signed = 0

    def sign(self, message: bytes) -> bytes:
        self.signed += 1
        return SIGNER.sign(message)


def lots(count: int) -> tuple[Lot, ...]:
    return tuple(Lot(f"urn:a:{i}", hashlib.sha256(b"k%d" % i).digest()[:16], i) for i in range(count))


def issue(content: Any = EVENT, record: Record | None = None, signer: Any = SIGNER, **changes: Any) -> list[bytes]:
    claims: dict[str, Any] = {"log": LOG, "iss": ISS, "seq": 0, "prev": None, "kind": "event", **changes}
    return issue_private(signer, content=content, record=record or Record(iat=1), salt=Salts(), **claims)


def test_what_is_issued_is_read_back_whole() -> None:
    record = Record(5, (b"p" * 32,), ("text/csv", b"s" * 32), "a.b.c", b"r" * 32, lots(2))
    entry = parse_wire(issue(record=record)[0])
    verify_entry(entry, SIGNER.public)
    fully_disclosed(entry)
    assert entry.content == EVENT
    assert read_record(entry) == record
    assert entry.content is not None
    assert entry.content["quantityList"][0]["quantity"] == Number("1.50")
    assert list(entry.content) == list(EVENT)
    assert set(entry.claims.tags) == {tag(lot.key, lot.n) for lot in record.lots}


def test_every_level_has_its_own_disclosures() -> None:
    entry = parse_wire(issue()[0])
    names = sorted(item.name or "-" for item in entry.disclosures)
    # content, its 9 members, 2 quantities, 1 member of ilmd and 1 of the extension; record with iat, par, lots
    assert len(names) == 18
    assert {"content", "record", "quantityList", "ilmd", "a", "x:y", "deep", "readPoint", "iat"} <= set(names)


def test_the_vector_event_is_issued_byte_for_byte_as_the_other_implementation_reads_it() -> None:
    published = parse_wire(make_entry_vectors.Forge().event().encode())
    lot = Lot(make_entry_vectors.LOT, make_entry_vectors.KEY, 0)
    again = issue(published.content, Record(iat=1781149200, lots=(lot,)), log=make_entry_vectors.LOG)
    ours = parse_wire(again[0])
    assert (ours.content, ours.record) == (published.content, published.record)
    assert ours.claims.tags == published.claims.tags
    assert sorted(item.name or "" for item in ours.disclosures) == sorted(
        item.name or "" for item in published.disclosures
    )


@pytest.mark.parametrize("count", [0, 1, 48, 49, 96, 97, 500])
def test_tags_beyond_48_go_into_entries_just_before(count: int) -> None:
    wires = issue(record=Record(iat=1, lots=lots(count)), seq=3, prev=b"p" * 32)
    entries = [parse_wire(wire) for wire in wires]
    *before, main = entries
    assert [entry.claims.kind for entry in before] == ["tags"] * len(before)
    assert main.claims.more == len(before) == max(0, -(-count // 48) - 1)
    assert [entry.claims.seq for entry in entries] == list(range(3, 3 + len(entries)))
    previous = b"p" * 32
    for entry in entries:
        verify_entry(entry, SIGNER.public)
        assert entry.claims.prev == previous
        previous = entry.jwt.leaf
    carried = [found for entry in entries for found in entry.claims.tags]
    assert len(carried) == len(set(carried)) == count
    assert set(carried) == {tag(lot.key, lot.n) for lot in lots(count)}
    assert all(len(entry.jwt.raw) <= 4096 for entry in entries)


def test_the_most_objects_are_12288_and_one_more_signs_nothing() -> None:
    signer = CountingSigner()
    wires = issue(record=Record(iat=1, lots=lots(MAX_OBJECTS)), signer=signer)
    assert (len(wires), MAX_OBJECTS, signer.signed) == (256, 12288, 256)
    assert parse_wire(wires[-1]).claims.more == 255
    with pytest.raises(InputError, match="too-many-objects"):
        issue(record=Record(iat=1, lots=lots(MAX_OBJECTS + 1)), signer=signer)
    assert signer.signed == 256


REFUSED: dict[str, Callable[[CountingSigner], object]] = {
    "lot-repeated": lambda s: issue(record=Record(iat=1, lots=lots(1) * 2), signer=s),
    "entry-reserved-name": lambda s: issue({"a": {"b": [{"...": 1}]}}, signer=s),
    "json-too-deep": lambda s: issue({"a": read("[" * 32 + "]" * 32)}, signer=s),
    "json-lone-surrogate": lambda s: issue({"a": "\ud800"}, signer=s),
    "entry-kind": lambda s: issue(kind="policy", signer=s),
    "entry-origin": lambda s: issue(log="a b", signer=s),
    "entry-issuer": lambda s: issue(iss="urn:uuid:1", signer=s),
    "entry-prev-missing": lambda s: issue(seq=1, signer=s),
    "entry-prev-unexpected": lambda s: issue(prev=b"p" * 32, signer=s),
    "record-value": lambda s: issue(record=Record(iat=None), signer=s),
    "entry-digest": lambda s: issue(record=Record(iat=1, par=(b"short",)), signer=s),
    "entry-too-large": lambda s: issue_public(
        s, log=LOG, iss=ISS, seq=0, prev=None, kind="erasure", body={"ground": "x" * 3000}
    ),
    "entry-claim-type": lambda s: issue(seq=True, signer=s),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_a_reader_would_refuse_is_refused_before_it_is_signed(code: str) -> None:
    signer = CountingSigner()
    with pytest.raises(InputError) as caught:
        REFUSED[code](signer)
    assert caught.value.code == code
    assert signer.signed == 0


def test_a_member_profile_is_hidden_unless_disclosed() -> None:
    profile = {"name": "Cooperativa", "gln": "9521234500008", "vatNumber": "IT00000000000"}
    wire = issue_public(
        SIGNER, log=LOG, iss=ISS, seq=0, prev=None, kind="member", body={"iss": ISS}, profile=profile, salt=Salts()
    )
    entry = parse_wire(wire)
    verify_entry(entry, SIGNER.public)
    assert entry.profile == profile
    assert entry.claims.body == {"iss": ISS}
    leaf = parse_leaf(entry.jwt.raw)
    assert leaf.profile is None
    assert leaf.hidden == {entry.claims.profile}
    with pytest.raises(InputError, match="entry-not-disclosed"):
        fully_disclosed(leaf)


def test_a_relayed_entry_keeps_the_content_disclosures_unchanged() -> None:
    first = parse_wire(issue()[0])
    content = [item.text for item in first.disclosures if item.text not in record_texts(first)]
    second = parse_wire(issue(content, Record(iat=2, relay=first.jwt.raw.decode()))[0])
    fully_disclosed(second)
    assert second.content == first.content
    assert read_record(second).relay == first.jwt.raw.decode()
    assert set(second.claims.sd) & set(first.claims.sd) == {first.disclosures[0].digest}


def record_texts(entry: Any) -> set[str]:
    from ledger.entry.disclose import paths

    return {item.text for path, item in paths(entry).items() if path[0] == "record"}


def test_identity_leaves_the_signature_out_and_the_leaf_hash_does_not() -> None:
    entry = parse_wire(issue()[0])
    head, _, _ = entry.jwt.raw.rpartition(b".")
    other = head + b"." + encode(bytes(64)).encode()
    assert parse_leaf(other).jwt.identity == entry.jwt.identity == hashlib.sha256(head).digest()
    assert parse_leaf(other).jwt.leaf != entry.jwt.leaf == leaf_hash(entry.jwt.raw)


def test_another_key_does_not_verify() -> None:
    entry = parse_wire(issue()[0])
    with pytest.raises(EvidenceError, match="entry-other-key"):
        verify_entry(entry, MemorySigner.from_seed("ES256", b"other").public)


def test_object_keys_and_tags_are_those_of_the_specification() -> None:
    secret = bytes(range(32))
    uri = "https://id.gs1.org/01/09521234543213/10/P-0107"
    assert object_key(secret, uri) == hmac.new(secret, uri.encode(), hashlib.sha256).digest()[:16]
    assert tag(bytes(16), 1) == hashlib.sha256(b"filiera/object\n" + bytes(16) + b"\0\0\0\x01").digest()
    for bad in (-1, 2**32):
        with pytest.raises(InputError, match="lot-number"):
            tag(bytes(16), bad)
    with pytest.raises(ValueError, match="32 bytes"):
        object_key(b"short", uri)


json_values = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | st.integers(0, 2**53)
    | st.decimals(places=3, min_value=-(10**9), max_value=10**9).map(lambda value: Number(str(value))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
NAMES = ["type", "epcList", "quantityList", "ilmd", "errorDeclaration", "readPoint", "sourceList", "example:x"]


@given(content=st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=6), json_values, max_size=6))
def test_any_content_comes_back_as_it_was(content: dict[str, Any]) -> None:
    entry = parse_wire(issue(content)[0])
    assert plain(entry.content) == plain(content)
    fully_disclosed(entry)
    again = with_disclosures(entry.jwt.raw, sorted(item.text for item in entry.disclosures))
    assert again.content == entry.content
    assert again.record == entry.record


def plain(value: Any) -> Any:
    """Numbers by their text: an `int` given comes back as `Number`."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Number):
        return ("number", value.text)
    return ("number", str(value)) if type(value) is int else value


@given(position=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_any_flipped_bit_of_a_wire_is_found(position: int, bit: int) -> None:
    wire = bytearray(WIRE)
    wire[position % len(wire)] ^= 1 << bit
    with pytest.raises((InputError, EvidenceError)):
        verify_entry(parse_wire(bytes(wire)), SIGNER.public)


WIRE = issue(record=Record(iat=1, lots=lots(1)))[0]


def test_an_oversized_wire_is_refused_before_it_is_read() -> None:
    with pytest.raises(InputError, match="entry-wire-too-large"):
        parse_wire(WIRE + b"A" * 2**23)


def test_claims_say_the_same_of_a_leaf_and_of_its_wire() -> None:
    entry = parse_wire(WIRE)
    assert read_claims(entry.jwt.payload) == parse_leaf(entry.jwt.raw).claims
    assert entry.wire == WIRE
