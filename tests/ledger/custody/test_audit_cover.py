"""The digests alone tell whether disclosures are complete: what is complete hides nothing, anything else is not."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.custody.audit_cover import complete
from ledger.custody.audit_runs import Runs
from ledger.entry.disclosure import encode_disclosure, make
from ledger.entry.issue import Lot, Record, issue_private
from ledger.entry.jwt import leaf_hash
from ledger.entry.leaf import read_leaf
from ledger.entry.parse import with_disclosures
from ledger.keys.signer import MemorySigner
from schemas.syntax.base64url import encode

SIGNER = MemorySigner.generate()
MEMBER = "urn:uuid:6d6f7374-0000-4000-8000-000000000001"
SALT = bytes(16)


def _event(seq: int = 0, prev: bytes | None = None) -> list[bytes]:
    """An event's leaf and its disclosures."""
    numbers = iter(range(1000))
    (wire,) = issue_private(
        SIGNER,
        log="prova.example/log",
        iss=MEMBER,
        seq=seq,
        prev=prev,
        kind="event",
        content={
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "ObjectEvent",
            "epcList": ["https://id.gs1.org/01/09520001000027/21/1", "https://id.gs1.org/01/09520001000027/21/2"],
            "example:note": {"said": '"_sd"', "more": 'a "..." b'},
        },
        record=Record(1_790_000_000, lots=(Lot("https://id.gs1.org/01/09520001000027/21/1", SALT, seq),)),
        salt=lambda size: next(numbers).to_bytes(size, "big"),
    )
    leaf, *texts, _ = wire.split(b"~")
    return [leaf, *texts]


LEAF, *TEXTS = _event()
SIGNED = read_leaf(LEAF, leaf_hash(LEAF)).references


def test_all_disclosures_in_any_order_are_complete() -> None:
    assert complete(SIGNED, TEXTS)
    assert complete(SIGNED, TEXTS[::-1])
    assert not with_disclosures(LEAF, [text.decode() for text in TEXTS]).hidden


@given(st.lists(st.sampled_from(TEXTS), unique=True))
def test_nothing_but_all_of_them_is_complete(texts: list[bytes]) -> None:
    assert complete(SIGNED, texts) == (len(texts) == len(TEXTS))


@pytest.mark.parametrize("at", range(len(TEXTS)))
def test_one_twice_one_altered_or_one_more_is_not_complete(at: int) -> None:
    other = make(SALT, "other", "value").text.encode()
    altered = TEXTS[at][:-3] + (b"AAA" if TEXTS[at][-3:] != b"AAA" else b"BBB")
    assert not complete(SIGNED, [*TEXTS, TEXTS[at]])
    assert not complete(SIGNED, [*TEXTS, other])
    assert not complete(SIGNED, [*TEXTS[:at], altered, *TEXTS[at + 1 :]])
    assert not complete(SIGNED, [*TEXTS[:at], other, *TEXTS[at + 1 :]])


HIDDEN = encode(bytes(range(32)))


@pytest.mark.parametrize(
    "value",
    [
        f'{{"\\u005fsd":["{HIDDEN}"]}}',
        f'{{"_sd": ["{HIDDEN}"]}}',
        f'{{"_sd":["{HIDDEN}" ]}}',
        f'{{"_sd":["{HIDDEN}"],"_sd":["{HIDDEN}"]}}',
        f'[{{"..." :"{HIDDEN}"}}]',
        f'[{{"\\u002e..":"{HIDDEN}"}}]',
        f'{{"_sd":["{HIDDEN}"],"x":1}}',
    ],
)
def test_a_missing_digest_is_not_overlooked_however_it_is_written(value: str) -> None:
    """All that was signed is there; what the one disclosure refers to is not."""
    text = encode_disclosure(SALT, "content", value).encode()
    assert not complete([encode(sha256(text).digest()).encode()], [text])


def test_a_name_within_a_string_is_no_digest() -> None:
    disclosure = make(SALT, "content", f'it says {{"_sd":["{HIDDEN}"]}} and {{"...":"{HIDDEN}"}}')
    assert complete([encode(disclosure.digest).encode()], [disclosure.text.encode()])


@pytest.mark.parametrize("text", [b"", b"=", b"A", b"....", b"\xff\xfe", b"AAAA=AAA"])
def test_what_is_no_disclosure_covers_nothing(text: bytes) -> None:
    assert not complete(SIGNED, [*TEXTS, text])


def test_entries_that_follow_each_other_are_one_run_and_others_begin_their_own() -> None:
    leaves = [LEAF]
    for seq in (1, 2):
        leaves.append(_event(seq, leaf_hash(leaves[-1]))[0])
    leaves.append(_event(4, leaf_hash(leaves[-1]))[0])
    runs = Runs()
    for index, leaf in enumerate(leaves, 10):
        runs.add(index, read_leaf(leaf, leaf_hash(leaf)), checked=index != 11)
    first, second = runs.closed()
    assert (first.first, first.last, first.seq, first.last_seq, first.prev) == (10, 12, 0, 2, None)
    assert (first.leaf, first.unchecked) == (leaf_hash(leaves[2]), [(11, leaves[1])])
    assert [int.from_bytes(record[32:], "big") for record in first.records] == [11, 12]
    assert (second.first, second.seq, second.prev) == (13, 4, leaf_hash(leaves[2]))
    assert runs.closed() == []
