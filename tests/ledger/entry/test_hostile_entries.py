"""Whatever is sent, a reader says what is wrong with it; it never fails in another way, and it never stalls."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.entry.parse import Entry, parse_leaf, parse_wire, read_record, read_wire, with_disclosures
from ledger.entry.shown import HIDDEN, Members
from schemas.errors import InputError
from schemas.syntax.json_text import read
from tests.ledger.entry.test_leaf import read_or_refuse_leaf
from tests.vectors.make_entry_vectors import PREV, Forge, to_json

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 300)
    | st.text(max_size=5)
    | st.sampled_from([PREV, "_sd", "...", "sha-256"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["_sd", "...", "id", "key", "n", "a", "_sd_alg"]) | st.text(max_size=3), inner
        )
    ),
    max_leaves=6,
)
CLAIMS = ["v", "log", "iss", "seq", "prev", "kind", "_sd_alg", "_sd", "tag", "more", "body", "x"]


def read_or_refuse(wire: str) -> Entry | None:
    """The entry, None where it is refused: by the reader for admission as well, and with the same words."""
    read_or_refuse_leaf(wire.partition("~")[0].encode("ascii"))
    try:
        entry = parse_wire(wire.encode("ascii"))
    except InputError as error:
        with pytest.raises(InputError, match=error.code):
            read_wire(wire.encode("ascii"))
        return None
    record = read_record(entry)
    received = read_wire(wire.encode("ascii"))
    assert received.lots == record.lots
    assert received.entry._replace(jwt=entry.jwt, disclosures=entry.disclosures) == entry
    assert received.digests == b"".join([disclosure.digest for disclosure in entry.disclosures])
    return entry


@given(st.sampled_from(CLAIMS), anything)
def test_any_value_of_any_claim_is_read_or_refused(name: str, value: Any) -> None:
    forge = Forge()
    claims = forge.claims([forge.content(), forge.record()]) | {name: value}
    read_or_refuse(forge.wire(forge.sign(claims)))


@given(st.sampled_from(["kind", "key", "member", "policy", "tags", "snapshot"]), anything)
def test_any_body_of_any_public_kind_is_read_or_refused(kind: str, body: Any) -> None:
    forge = Forge()
    read_or_refuse(forge.wire(forge.sign(forge.public(body, kind))))


@given(anything)
def test_any_header_is_refused_unless_it_is_ours(value: Any) -> None:
    forge = Forge()
    for name in ("alg", "kid", "typ", "x"):
        assert read_or_refuse(forge.event(header={name: value})) is None or value in (None, PREV)


@given(st.sampled_from(["iat", "par", "lots", "source", "relay", "reattests"]), anything, st.booleans())
def test_any_member_of_a_record_is_read_or_refused(name: str, value: Any, divided: bool) -> None:
    forge = Forge()
    content = forge.content()
    member = forge.elements(name, [value]) if divided else forge.named(name, value)
    read_or_refuse(forge.wire(forge.sign(forge.claims([content, forge.members("record", [member])]))))


@given(st.sampled_from(["epcList", "ilmd", "readPoint", "type", "x:y", "content"]), anything)
def test_any_member_of_a_content_is_read_or_refused(name: str, value: Any) -> None:
    entry = read_or_refuse(Forge().with_member(lambda forge: forge.named(name, value)))
    if entry is not None and entry.content is not None and name in entry.content:
        shown = entry.content[name]
        # Digests in the value are hidden members and elements; anything else stands as it was given.
        assert (
            isinstance(shown, Members)
            or HIDDEN in (shown if isinstance(shown, list) else ())
            or (shown == read(to_json(value)))
        )


@given(anything)
def test_any_disclosure_is_read_or_refused(value: Any) -> None:
    read_or_refuse(Forge().with_member(lambda forge: forge.give(value)))
    read_or_refuse(Forge().with_content(Forge().give(value)))


@given(st.integers(0, 2000), st.integers(0, 255))
def test_a_leaf_with_any_byte_altered_is_read_the_same_by_both(at: int, byte: int) -> None:
    raw = bytearray(Forge().event().partition("~")[0].encode("ascii"))
    raw[at % len(raw)] = byte
    read_or_refuse_leaf(bytes(raw))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    for parse in (parse_wire, parse_leaf):
        with pytest.raises(InputError):
            parse(data)


@given(st.lists(st.text(max_size=10), min_size=1, max_size=3))
def test_any_text_among_the_disclosures_is_refused(texts: list[str]) -> None:
    leaf = Forge().event().split("~")[0].encode("ascii")
    with pytest.raises(InputError):
        with_disclosures(leaf, texts)


def test_a_list_that_names_one_large_disclosure_again_and_again_is_refused_at_once() -> None:
    forge = Forge()
    large = forge.give([forge.salt(), ["x" * 1000] * 1000])
    wire = forge.with_member(lambda f: f.named("epcList", [{"...": large}] * 50_000))
    with pytest.raises(InputError, match="disclosure-referenced-twice"):
        parse_wire(wire.encode("ascii"))
