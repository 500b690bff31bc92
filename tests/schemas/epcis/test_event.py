"""A document taken apart: every event with its own copy of the context it stands in, and nothing else touched."""

import copy
from typing import Any

import pytest

from schemas.epcis.event import envelope, pointer, split, with_context
from schemas.epcis.locate import locate

A, B = "https://a.example/context", {"example": "http://ns.example.com/"}


def document(kind: str, *events: Any) -> dict[str, Any]:
    body: Any = {"eventList": list(events)}
    if kind == "EPCISQueryDocument":
        body = {"queryResults": {"queryName": "q", "resultsBody": body}}
    return {"@context": [A, B], "type": kind, "epcisBody": body}


@pytest.mark.parametrize("kind", ["EPCISDocument", "EPCISQueryDocument"])
def test_the_events_of_a_document_are_found_in_order(kind: str) -> None:
    whole = document(kind, {"type": "ObjectEvent"}, {"type": "urn:x:y"})
    kept = copy.deepcopy(whole)
    sent = split(whole)
    assert (sent.kind, sent.context, len(sent.events)) == (kind, [A, B], 2)
    assert split(envelope(whole)).events == ()
    assert whole == kept


def test_a_bare_event_and_a_list_of_them_are_events_without_a_document() -> None:
    assert split({"type": "ObjectEvent"}).events == ({"type": "ObjectEvent"},)
    assert split([{"type": "ObjectEvent"}, 7]).events == ({"type": "ObjectEvent"}, 7)
    assert split([]).events == ()
    assert split(7).events == (7,)


@pytest.mark.parametrize("body", [None, 7, [], {}, {"eventList": {}}, {"queryResults": []}])
@pytest.mark.parametrize("kind", ["EPCISDocument", "EPCISQueryDocument"])
def test_a_document_without_events_has_none(kind: str, body: Any) -> None:
    whole = {"type": kind, "epcisBody": body}
    assert split(whole).events == ()
    assert envelope(whole) == whole


@pytest.mark.parametrize(
    ("given", "own", "expected"),
    [
        ([A, B], ..., [A, B]),
        (A, ..., A),
        (A, [B], [A, B]),
        ([A], B, [A, B]),
        ([A, B], [A, B], [A, B]),
        ([A], A, [A]),
        ([A], [A, B], [A, B]),
        (A, [B, B], [A, B, B]),
        (A, [A, A], [A, A, A]),
        (A, 7, [A, 7]),
        (A, [A] * 70, [A] * 71),
        (None, [B], [B]),
        (None, ..., ...),
    ],
)
def test_an_event_gets_its_documents_context_and_then_its_own(given: Any, own: Any, expected: Any) -> None:
    event: dict[str, Any] = {"type": "ObjectEvent", "x:y": "z"}
    if own is not ...:
        event = {"@context": own, **event}
    kept = copy.deepcopy(event)
    whole = with_context(given, event)
    assert whole.get("@context", ...) == expected
    assert {name: whole[name] for name in ("type", "x:y")} == {"type": "ObjectEvent", "x:y": "z"}
    assert event == kept


def test_a_pointer_escapes_what_it_must() -> None:
    assert pointer("a/b", 0, "c~d") == "/a~1b/0/c~0d"
    assert pointer() == ""


DEEP = '{"d":' + "[" * 40 + "]" * 40 + "}"
LONG = '{"q":' + "1" * 65 + "}"
DOCUMENT = '{"type":"EPCISDocument","epcisBody":{"eventList":[{"a":1},%s]}}'
QUERY = '{"type":"EPCISQueryDocument","epcisBody":{"queryResults":{"resultsBody":{"eventList":[%s]}}}}'


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (DOCUMENT % '{"ilmd":{"x":1,"x":2}}', "json-duplicate-name", {"event": 1, "at": "/ilmd"}),
        (DOCUMENT % '{"a":1,"a":2}', "json-duplicate-name", {"event": 1, "at": "/"}),
        (QUERY % '{"a":[{"b":1,"b":1}]}', "json-duplicate-name", {"event": 0, "at": "/a/0"}),
        ('{"type":"EPCISDocument","type":1}', "json-duplicate-name", {"at": "/"}),
        ('[{"a":1},{"b":{"c":1,"c":1}}]', "json-duplicate-name", {"event": 1, "at": "/b"}),
        (DOCUMENT % LONG, "json-number-too-long", {"event": 1, "at": "/q"}),
        (DOCUMENT % '{"t":"\\ud800"}', "json-lone-surrogate", {"event": 1, "at": "/t"}),
        (DOCUMENT % '{"\\ud800":1}', "json-lone-surrogate", {"event": 1, "at": "/"}),
        (DOCUMENT % DEEP, "json-too-deep", {"event": 1}),
        ("[" * 100000, "json-too-deep", {}),
        ("{", "json-syntax", {}),
        ("{", "json-duplicate-name", {}),
    ],
)
def test_a_fault_of_the_text_is_traced_to_its_event(text: str, code: str, place: dict[str, Any]) -> None:
    found = locate(text.encode(), code)
    assert place.items() <= found.items()
    assert ("event" in found) == ("event" in place)
