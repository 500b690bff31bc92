"""What the signing half in JavaScript issues: the same digests as Python for the same content and salts, byte for byte,
and nothing that Python's strict reader would refuse.
"""

import json
from hashlib import sha256
from typing import Any

import pytest

from ledger.entry.disclose import disclose
from ledger.entry.issue import Lot, Record, issue_private
from ledger.entry.jwt import leaf_hash
from ledger.entry.parse import parse_wire, verify_entry
from ledger.entry.tags import object_key
from ledger.keys.signature import P256_ORDER, PublicKey
from ledger.keys.signer import MemorySigner
from schemas.syntax.base64url import decode, encode
from schemas.syntax.json_text import Number, write
from tests.browser.asked import NODE, asked_in_node
from tests.official import ROOT, not_run

SIGNER = MemorySigner.from_seed("ES256", b"phone")
LOG, ISS = "phones-0123456789abcdef.filiera.invalid/log", "urn:uuid:6f1c3a52-9d4e-4b7a-8c21-5e0f9a7b3d10"
LOT = "https://id.gs1.org/01/09521234543213/10/P-0107"
SALTS = [sha256(b"salt %d" % n).digest()[:16] for n in range(1, 400)]
EVENT: dict[str, Any] = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    "type": "ObjectEvent",
    "eventTime": "2026-07-01T05:12:00.000+02:00",
    "action": "ADD",
    "quantityList": [{"epcClass": LOT, "quantity": Number("1250.50"), "uom": "KGM"}, {"epcClass": "urn:è:\u2028"}],
    "ilmd": {"filiera:variety": 'Big "Top"', "filiera:brix": Number("12.0")},
    "bizTransactionList": [],
    "example:note": {"text": "più\nrighe", "deep": {"a": [True, None]}},
    "example:empty": {},
}


@pytest.fixture(scope="module", autouse=True)
def node() -> None:
    if NODE is None:
        not_run("no Node (Debian's package nodejs)")


def lots(count: int) -> list[Lot]:
    uris = [f"{LOT}{number}" for number in range(count)]
    return [Lot(uri, object_key(bytes(32), uri), number) for number, uri in enumerate(uris)]


def issued(event: dict[str, Any] | list[str], record: Record, seq: int = 0, **more: Any) -> dict[str, Any]:
    """What Node issues of it."""
    content = event if isinstance(event, list) else write(event).decode()
    said = {"iat": record.iat, "par": [encode(leaf) for leaf in record.par], "relay": record.relay}
    asked = {
        "asked": "issue",
        "content": content,
        "record": {name: value for name, value in said.items() if value is not None}
        | {"lots": [{"id": lot.id, "key": encode(lot.key), "n": lot.n} for lot in record.lots]},
        "salts": [encode(salt) for salt in SALTS],
        "log": LOG, "iss": ISS, "seq": seq, "prev": encode(bytes(32)) if seq else None, "kind": "event",
    }  # fmt: skip
    answer: dict[str, Any] = asked_in_node(asked | more)
    assert "said" in answer, answer
    said_: dict[str, Any] = answer["said"]
    return said_


def by_python(event: Any, record: Record, seq: int = 0) -> list[bytes]:
    salts = iter(SALTS)
    prev = bytes(32) if seq else None
    return issue_private(
        SIGNER, log=LOG, iss=ISS, seq=seq, prev=prev, kind="event", content=event, record=record,
        salt=lambda size: next(salts),
    )  # fmt: skip


@pytest.mark.parametrize(("count", "seq"), [(0, 0), (2, 0), (48, 7), (49, 1), (100, 0)])
def test_the_same_content_and_salts_give_the_same_entry(count: int, seq: int) -> None:
    record = Record(iat=1_782_000_000, par=(bytes(32),) if count else (), lots=tuple(lots(count)))
    answer = issued(EVENT, record, seq)
    ours = by_python(EVENT, record, seq)
    theirs = [wire.encode("ascii") for wire in answer["wires"]]
    assert len(theirs) == len(ours)
    assert theirs[-1].split(b"~")[1:] == ours[-1].split(b"~")[1:]
    key = PublicKey.from_jwk(answer["jwk"])
    for wire, same in zip(theirs, ours, strict=True):
        entry, expected = parse_wire(wire), parse_wire(same)
        verify_entry(entry, key)
        hidden = {"prev"} if seq or len(ours) > 1 else set()
        assert {k: v for k, v in entry.jwt.payload.items() if k not in hidden} == {
            k: v for k, v in expected.jwt.payload.items() if k not in hidden
        }
    assert answer["seq"] == seq + len(ours)
    assert answer["prev"] == encode(leaf_hash(theirs[-1].partition(b"~")[0]))


def test_a_vector_is_issued_again_byte_for_byte() -> None:
    vector = json.loads((ROOT / "tests/vectors/entry/valid-event.json").read_bytes())
    wire: str = vector["entry"]
    leaf, *texts = wire.split("~")[:-1]
    entry = parse_wire(wire.encode("ascii"))
    # The vector's own maker takes its salts in another order: those of `ilmd` before that of the quantity.
    order = [*range(7), 9, 10, 7, 8, *range(11, len(texts))]
    salts = [json.loads(decode(texts[place]))[0] for place in order]
    names = [json.loads(decode(text))[1] for text in texts[:14] if len(json.loads(decode(text))) == 3]
    content = {name: entry.content[name] for name in names if name in entry.content}  # type: ignore[index, operator]
    place = {name: entry.jwt.payload[name] for name in ("log", "iss", "seq", "kind")}
    record = Record(iat=1781149200, lots=(Lot(LOT, bytes(range(16)), 0),))
    signer = {"alg": entry.jwt.alg, "kid": entry.jwt.kid, "signature": leaf.rpartition(".")[2]}
    answer = issued(content, record, signer=signer, salts=salts, **place)
    assert answer["left"] == 0
    issued_leaf, *issued_texts = answer["wires"][0].split("~")[:-1]
    assert issued_leaf == leaf
    assert sorted(issued_texts) == sorted(texts)


def test_a_relayed_entry_keeps_its_content_unchanged() -> None:
    original = by_python(EVENT, Record(iat=1_782_000_000, lots=tuple(lots(2))))[0]
    kept = asked_in_node({"asked": "content", "wire": original.decode()})["said"]
    assert sorted(kept) == sorted(disclose(parse_wire(original), lambda path: path[0] == "content"))
    relay = original.partition(b"~")[0].decode()
    answer = issued(kept, Record(iat=1_782_000_100, relay=relay, lots=tuple(lots(2))))
    entry = parse_wire(answer["wires"][0].encode())
    verify_entry(entry, PublicKey.from_jwk(answer["jwk"]))
    assert entry.content == parse_wire(original).content
    assert set(kept) <= set(answer["wires"][0].split("~"))


def test_object_keys_and_low_s() -> None:
    secret = bytes(range(32))
    assert asked_in_node({"asked": "key", "secret": encode(secret), "uri": LOT})["said"] == encode(
        object_key(secret, LOT)
    )
    for s, right in ((P256_ORDER // 2, P256_ORDER // 2), (P256_ORDER // 2 + 1, P256_ORDER // 2), (P256_ORDER - 1, 1)):
        signature = bytes(32) + s.to_bytes(32, "big")
        answer = asked_in_node({"asked": "lowS", "signature": encode(signature)})["said"]
        assert decode(answer) == bytes(32) + right.to_bytes(32, "big")


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({**EVENT, "_sd": []}, "entry-reserved-name"),
        ({**EVENT, "example:note": {"x": {"...": 1}}}, "entry-reserved-name"),
        ({**EVENT, "example:deep": json.loads("[" * 32 + "]" * 32)}, "json-too-deep"),
    ],
)
def test_what_a_log_would_refuse_is_not_issued(event: dict[str, Any], code: str) -> None:
    asked = {
        "asked": "issue", "content": json.dumps(event, default=str), "record": {"iat": 0, "lots": []}, "kind": "event",
        "salts": [encode(salt) for salt in SALTS], "log": LOG, "iss": ISS, "seq": 0, "prev": None,
    }  # fmt: skip
    assert asked_in_node(asked) == {"code": code}
