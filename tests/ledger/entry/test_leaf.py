"""The quick half of the leaf's reader takes what is written as usual, and nothing that the strict reader would refuse.

That both say the same of whatever is sent is held in test_hostile_entries as well, of every leaf forged there.
"""

import pytest

from ledger.entry.claims import read_claims
from ledger.entry.issue import Lot, Record, issue_private, issue_public
from ledger.entry.jwt import leaf_hash, parse_jwt
from ledger.entry.leaf import plain_leaf, read_leaf
from ledger.keys.signer import MemorySigner
from schemas.errors import InputError
from schemas.syntax.base64url import encode
from tests.vectors.make_entry_vectors import ED25519, ES256, ISS, LOG

DIGESTS = sorted(encode(bytes([number]) * 32) for number in range(1, 60))
HEAD = f'{{"v":1,"log":"{LOG}","iss":"{ISS}"'
TAIL = f'"kind":"event","_sd_alg":"sha-256","_sd":["{DIGESTS[0]}","{DIGESTS[1]}"],"tag":["{DIGESTS[2]}"],"more":0}}'
PAYLOAD = f'{HEAD},"seq":7,"prev":"{DIGESTS[3]}",{TAIL}'


def read_or_refuse_leaf(raw: bytes) -> bool:
    """Is it plain? Then it is read as it is by the strict reader; and what that one refuses is refused by both."""
    quick = plain_leaf(raw, leaf_hash(raw))
    try:
        jwt = parse_jwt(raw)
        claims = read_claims(jwt.payload)
    except InputError as error:
        assert quick is None
        with pytest.raises(InputError, match=error.code):
            read_leaf(raw, leaf_hash(raw))
        return False
    found = read_leaf(raw, leaf_hash(raw))
    assert quick in (None, found)
    assert (found.raw, found.alg, found.kid, found.leaf) == (raw, jwt.alg, jwt.kid, jwt.leaf)
    assert (found.claims, found.signature, found.signing_input) == (claims, jwt.signature, jwt.signing_input)
    assert [text.decode() for text in found.references] == (jwt.payload["_sd"] if claims.sd or claims.profile else [])
    return quick is not None


def leaf(payload: str | bytes, signature: str = encode(bytes(64)), header: str | None = None) -> bytes:
    """A leaf that says so; nobody looks at its signature here."""
    head = header or encode(f'{{"alg":"ES256","kid":"{DIGESTS[0]}","typ":"filiera-entry+sd-jwt"}}'.encode())
    said = payload.encode("utf-8", "surrogatepass") if isinstance(payload, str) else payload
    return f"{head}.{encode(said)}.{signature}".encode("ascii")


@pytest.mark.parametrize("signer", [ES256, ED25519])
@pytest.mark.parametrize("count", [0, 1, 20, 48])
@pytest.mark.parametrize(("seq", "prev"), [(0, None), (1, bytes(32)), (2**53 - 1, b"p" * 32)])
def test_what_is_issued_is_plain(signer: MemorySigner, count: int, seq: int, prev: bytes | None) -> None:
    lots = tuple(Lot(f"urn:x:{number}", bytes(16), number) for number in range(count))
    (wire,) = issue_private(
        signer, log=LOG, iss=ISS, seq=seq, prev=prev, kind="event", content={"type": "x"}, record=Record(1, lots=lots),
        salt=bytes,
    )  # fmt: skip
    assert read_or_refuse_leaf(wire.partition(b"~")[0])


def test_entries_of_public_kinds_are_left_to_the_strict_reader() -> None:
    wire = issue_public(
        ES256, log=LOG, iss=ISS, seq=0, prev=None, kind="member", body={"name": "x"}, profile={"a": "b"}, salt=bytes
    )
    assert not read_or_refuse_leaf(wire.partition(b"~")[0])


def test_a_payload_of_any_length_is_plain() -> None:
    for length in range(1, 9):
        assert read_or_refuse_leaf(leaf(PAYLOAD.replace(LOG, "l" * length)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (",", ", "),
        ('"v":1', '"v":2'),
        ('"v":1', '"v":1.0'),
        (LOG, "a+b"),
        (LOG, "a b"),
        (LOG, "a\x01b"),
        (LOG, "a\x7fb"),
        (LOG, "\ud800"),
        (LOG, "\\u0061"),
        (LOG, "l" * 129),
        (LOG, ""),
        (ISS, ISS.upper()),
        (ISS, "urn:uuid:1"),
        ('"seq":7', '"seq":07'),
        ('"seq":7', '"seq":-7'),
        ('"seq":7', '"seq":"7"'),
        ('"seq":7', '"seq":9007199254740993'),
        ('"seq":7', '"seq":0'),
        (f'"prev":"{DIGESTS[3]}",', ""),
        (DIGESTS[3], DIGESTS[3][:-1]),
        (DIGESTS[3], DIGESTS[3][:-1] + "_"),
        (DIGESTS[3], DIGESTS[3][:-1] + "="),
        (DIGESTS[3], "+" + DIGESTS[3][1:]),
        (DIGESTS[3], "~" + DIGESTS[3][1:]),
        ('"event"', '"snapshot"'),
        ('"event"', '"later"'),
        ("sha-256", "sha-512"),
        (f'"{DIGESTS[0]}","{DIGESTS[1]}"', f'"{DIGESTS[1]}","{DIGESTS[0]}"'),
        (f'"{DIGESTS[0]}","{DIGESTS[1]}"', f'"{DIGESTS[0]}","{DIGESTS[0]}"'),
        (f'"{DIGESTS[0]}","{DIGESTS[1]}"', f'"{DIGESTS[0]}"'),
        (f'"{DIGESTS[2]}"', f'"{DIGESTS[2]}","{DIGESTS[2]}"'),
        (f'"{DIGESTS[2]}"', f'"{DIGESTS[3]}","{DIGESTS[2]}"'),
        (f'"{DIGESTS[2]}"', '"' + '","'.join(DIGESTS[:49]) + '"'),
        (f'["{DIGESTS[2]}"]', '[""]'),
        (f'["{DIGESTS[2]}"]', f'"{DIGESTS[2]}"'),
        ('"more":0', '"more":256'),
        ('"more":0', '"more":1.0'),
        ('"more":0', '"more":0,"more":0'),
        ('"more":0', '"more":0,"body":{}'),
        ('"more":0}', '"more":0}}'),
        ('"more":0}', '"more":0} '),
    ],
)
def test_what_is_written_otherwise_is_not_plain(old: str, new: str) -> None:
    assert read_or_refuse_leaf(leaf(PAYLOAD))
    assert old in PAYLOAD
    assert not read_or_refuse_leaf(leaf(PAYLOAD.replace(old, new)))


def test_an_order_of_members_that_is_not_ours_is_read_by_the_strict_reader() -> None:
    raw = leaf(f'{HEAD},"prev":"{DIGESTS[3]}","seq":7,{TAIL}')
    assert not read_or_refuse_leaf(raw)
    assert read_leaf(raw, leaf_hash(raw)).claims == read_leaf(leaf(PAYLOAD), b"").claims


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_second_spelling_of_a_segment_is_not_plain(length: int) -> None:
    """One whose last character has bits that mean nothing, or whose form is that of another alphabet."""
    head, body, tail = leaf(PAYLOAD.replace(LOG, "l" * length)).decode().split(".")
    for twin in (
        f"{head}.{body[:-1]}{chr(ord(body[-1]) + 1)}.{tail}",
        f"{head}.{body}A.{tail}",
        f"{head}.{body}=.{tail}",
        f"{head}.{body}.{tail[:-1]}B",
        f"{head}.{body}.{tail}A",
        f"{head}.{body}.{tail[:-1]}",
        f"{head}.{body}.+{tail[1:]}",
        f"{head}A.{body}.{tail}",
        f"{head}.{body}",
        f"{head}.{body}.{tail}.",
    ):
        assert not read_or_refuse_leaf(twin.encode("ascii"))


def test_a_payload_that_is_not_text_is_not_plain() -> None:
    assert not read_or_refuse_leaf(leaf(PAYLOAD.encode().replace(LOG.encode(), b"\xff")))


def test_a_leaf_over_the_limit_is_not_plain() -> None:
    tags = '","'.join(sorted(encode(bytes([number, 1]) * 16) for number in range(48)))
    long = PAYLOAD.replace(DIGESTS[2], tags).replace('"sha-256"', '"sha-256"' + " " * 900)
    assert not read_or_refuse_leaf(leaf(long))
    assert not read_or_refuse_leaf(leaf(PAYLOAD.replace(LOG, "l" * 3000)))
