"""What is asked of the writer from another process, and answered, arrives as it was sent."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.capture.document import read_document
from ledger.writer.answers import Captured
from ledger.writer.gateway import Prepared, prepare, source_of
from ledger.writer.membership import Said
from ledger.writer.request import (
    Capture,
    Hold,
    Say,
    Snapshot,
    State,
    Submit,
    covered,
    pack,
    pack_answer,
    unpack,
    unpack_answer,
)
from ledger.writer.statement import Spoken
from schemas.errors import EvidenceError, InputError, LedgerError, UnavailableError
from schemas.syntax.json_text import Number, write
from tests.simulator.phones import observed, unit
from tests.simulator.refusal import refused

TREES = st.recursive(
    st.none() | st.booleans() | st.text() | st.sampled_from([Number("1.50"), Number("-0"), Number("1e999")]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=20,
)


@given(st.lists(st.binary(max_size=300), max_size=4))
def test_wires_arrive_byte_for_byte(wires: list[bytes]) -> None:
    sent = Submit(tuple(wires))
    assert unpack(*pack(sent)) == sent


@given(st.dictionaries(st.text(), TREES, max_size=4), st.text(max_size=9), st.booleans())
def test_events_arrive_with_their_order_and_the_text_of_their_numbers(
    content: dict[str, Any], name: str, strict: bool
) -> None:
    sent = Capture(
        name, "kid", (Prepared(3, content, name, (name, "b")),), ("application/xml", b"\xff" * 32), True, strict
    )
    again = unpack(*pack(sent))
    assert again == sent
    assert isinstance(again, Capture)
    assert list(again.prepared[0].content) == list(content)


@given(st.dictionaries(st.text(), TREES, max_size=4), st.none() | st.binary(max_size=32), st.none() | st.text())
def test_documents_and_drills_arrive_whole(content: dict[str, Any], parent: bytes | None, file: str | None) -> None:
    sent = State("iss", "kid", Spoken("document", content, ("a", "b"), parent, file))
    assert unpack(*pack(sent)) == sent


def test_a_document_of_the_greatest_depth_arrives() -> None:
    deep: Any = "x"
    for _ in range(28):
        deep = {"example:deeper": deep}
    event = {**observed(unit("1")), "example:deep": deep}
    event["@context"] = [*event["@context"], {"example": "https://example.org/"}]
    document = read_document(write([event]))
    sent = Capture("urn:uuid:1", "kid", tuple(prepare(document, proceed=False)), source_of(document))
    assert unpack(*pack(sent)) == sent


@pytest.mark.parametrize(
    "sent", [Snapshot(), Hold(b"\xff note\n"), Say("revoke", {"kid": "k", "since": 7, "to": None})]
)
def test_everything_else_arrives(sent: Any) -> None:
    assert unpack(*pack(sent)) == sent


def test_a_kind_of_another_version_is_refused_by_name() -> None:
    with refused("hand-in-kind", kind="erase"):
        unpack("erase", b"")


@pytest.mark.parametrize(
    ("answer", "size"),
    [
        ([3, 9, 4], 10),
        ([], 0),
        ([Captured(0, "id", 7, b"\xff" * 32, True, ("event-id-reused",)), Captured(2, "è", 5, b"", False)], 8),
        (Said(4, b"leaf", "kid"), 5),
        (Said(0, b"leaf", None), 1),
        (6, 7),
        (None, 0),
    ],
)
def test_answers_arrive_and_say_what_must_be_published(answer: Any, size: int) -> None:
    assert unpack_answer(pack_answer(answer)) == answer
    assert covered(answer) == size


@pytest.mark.parametrize("family", [EvidenceError, InputError, UnavailableError])
def test_errors_arrive_with_their_family_code_and_context(family: type[LedgerError]) -> None:
    class Special(family):  # type: ignore[valid-type, misc]
        """What carries more than its family does."""

    error = Special("lane-fork", kid="k", seq=3, known=None, text="\ud800 è")
    alone, (first, listed) = unpack_answer(pack_answer(error)), unpack_answer(pack_answer([7, error]))  # type: ignore[misc]
    for found in (alone, listed):
        assert type(found) is family
        assert (found.code, found.context) == (error.code, error.context)
    assert first == 7
    assert (covered(error), covered([7, error])) == (0, 8)
