"""Unsigned documents: judged whole, signed by the gateway, repeats answered, corrections linked."""

import hashlib
from collections.abc import Sequence
from typing import Any

import pytest

from ledger.capture.document import Document, read_document
from ledger.entry.parse import read_record
from ledger.entry.tags import object_key, tag
from ledger.node import Node
from ledger.store import events, findings, jobs
from ledger.store.connection import Connection
from ledger.writer.answers import Captured, Receipt
from ledger.writer.gateway import MOST_CORRECTIVES, DocumentRefused
from schemas.epcis.xml_write import write_document
from schemas.errors import InputError, UnavailableError
from schemas.syntax import json_text
from tests.simulator.phones import Phone, observed, unit

ID = "urn:uuid:5b1f6b1c-2f5f-4b2a-9d0e-0a0f3c1d2e3f"


def document(*sent: dict[str, Any], name: str = "arrivals.jsonld") -> Document:
    return read_document(json_text.write(list(sent)), name=name)


def test_events_are_signed_by_the_gateway_and_build_on_what_was_said_before(node: Node) -> None:
    first, second = node.capture(document(observed(unit("1")), observed(unit("1"), unit("2"), minute=1)))
    entry = node.entry(second.index)
    record = read_record(entry)
    assert record.par == (first.leaf,)
    assert [(lot.id, lot.n) for lot in record.lots] == [(unit("1"), 1), (unit("2"), 0)]
    iss = node.own_member()
    key = object_key(node.keyring.object_secret(iss), unit("1"))
    assert tag(key, 1) in entry.claims.tags
    assert node.registry.key_state(entry.jwt.kid).role == "gateway"  # type: ignore[union-attr]
    assert record.source is None


def test_of_an_xml_document_the_record_says_its_type_and_digest(node: Node) -> None:
    tree = {
        "type": "EPCISDocument",
        "creationDate": "2026-05-04T09:00:00Z",
        "epcisBody": {"eventList": [observed(unit("1"))]},
    }
    data = write_document(tree).data
    (captured,) = node.capture(read_document(data, media_type="application/xml; charset=utf-8"))
    (again,) = node.capture(read_document(data, media_type="text/xml"))
    assert read_record(node.entry(captured.index)).source == ("application/xml", hashlib.sha256(data).digest())
    assert (again.index, again.duplicate) == (captured.index, True)


def test_a_phone_and_the_gateway_count_one_object_together(node: Node, phone: Phone) -> None:
    (answer,) = node.submit([phone.event(observed(unit("1")))])
    assert isinstance(answer, Receipt)
    (captured,) = node.capture(document(observed(unit("1"), minute=1)))
    record = read_record(node.entry(captured.index))
    assert record.par == (answer.leaf,)
    assert record.lots[0].n == 1


def test_a_document_captured_again_is_answered_with_the_earlier_entries(node: Node) -> None:
    sent = document(observed(unit("1")), observed(unit("2"), eventID=ID))
    first = node.capture(sent)
    size = node.registry.size
    again = node.capture(sent)
    assert [(item.index, item.duplicate) for item in again] == [(item.index, True) for item in first]
    assert node.registry.size == size
    assert all(not item.duplicate for item in node.capture(sent, allow_repeat=True))
    assert node.registry.size >= size + 2


def test_record_time_makes_no_new_statement_and_number_text_does(node: Node) -> None:
    def weighed(text: str, **more: Any) -> dict[str, Any]:
        quantity = {"epcClass": "https://id.gs1.org/01/09520001000010/10/A", "quantity": json_text.Number(text)}
        return {**observed(), "quantityList": [quantity], **more}

    (first,) = node.capture(document(weighed("1.50")))
    (again,) = node.capture(document(weighed("1.50", recordTime="2026-07-02T08:00:00Z")))
    (other,) = node.capture(document(weighed("1.5")))
    assert (again.index, again.duplicate, other.duplicate) == (first.index, True, False)


def test_repeats_within_one_document_are_all_logged(node: Node) -> None:
    captured = node.capture(document(observed(unit("1")), observed(unit("1"))))
    assert [item.duplicate for item in captured] == [False, False]
    assert len({item.index for item in captured}) == 2


def test_an_event_id_with_other_content_is_a_finding_or_refused_where_the_door_is_strict(node: Node) -> None:
    node.capture(document(observed(unit("1"), eventID=ID)))
    size = node.registry.size
    with pytest.raises(InputError, match="event-id-reused"):
        node.capture(document(observed(unit("2"), eventID=ID)), strict=True)
    assert node.registry.size == size
    (captured,) = node.capture(document(observed(unit("2"), eventID=ID)))
    node.settled()
    with node.store.read() as connection:
        assert [found.code for found in findings.of(connection, captured.index)] == ["event-id-reused"]


ODD: dict[str, Any] = {"eventTimeZoneOffset": "+01:00", "eventTime": "2026-07-01T10:00:00+02:00"}


def test_an_odd_event_is_captured_stands_as_an_event_and_has_its_warning_as_a_finding(node: Node) -> None:
    (captured,) = node.capture(document(observed(unit("1"), **ODD)))
    assert told(node, captured.index) == [("offset-contradicts", "/eventTimeZoneOffset")]
    with node.store.read() as connection:
        assert events.get(connection, captured.index) is not None


def test_a_signed_entry_that_is_odd_has_the_same_finding(node: Node, phone: Phone) -> None:
    (answer,) = node.submit([phone.event(observed(unit("1"), **ODD))])
    assert isinstance(answer, Receipt)
    assert told(node, answer.index) == [("offset-contradicts", "/eventTimeZoneOffset")]
    with node.store.read() as connection:
        assert events.get(connection, answer.index) is not None


def told(node: Node, index: int) -> list[tuple[str, str]]:
    node.settled()
    with node.store.read() as connection:
        return [(found.code, found.context["member"]) for found in findings.of(connection, index)]


def test_whoever_is_strict_captures_nothing_odd(node: Node) -> None:
    sent = document(observed(unit("1")), observed(unit("2"), **ODD))
    size = node.registry.size
    with pytest.raises(DocumentRefused) as refused:
        node.capture(sent, strict=True)
    assert [(error.code, error.context["event"]) for error in refused.value.errors] == [("offset-contradicts", 1)]
    assert node.registry.size == size
    assert [item.event for item in node.capture(sent, strict=True, proceed=True)] == [0]


def test_a_correction_points_to_its_original_and_both_stay_visible(node: Node) -> None:
    (original,) = node.capture(document(observed(unit("1"), eventID=ID)))
    declared = {"declarationTime": "2026-07-02T08:00:00Z", "reason": "incorrect_data"}
    (corrected,) = node.capture(document(observed(unit("1"), eventID=ID, errorDeclaration=declared)))
    entry = node.entry(corrected.index)
    assert entry.claims.kind == "correction"
    assert read_record(entry).par[0] == original.leaf
    node.settled()
    with node.store.read() as connection:
        assert [row.index for row in events.by_event_id(connection, ID)] == [original.index, corrected.index]


def test_the_events_that_are_right_instead_are_linked_as_parents(node: Node) -> None:
    right = ID.replace("5b1f", "6c2a")
    (original,) = node.capture(document(observed(unit("1"), eventID=ID)))
    declared = {"declarationTime": "2026-07-02T08:00:00Z", "correctiveEventIDs": [right, "urn:uuid:nobody", ID]}
    corrective = observed(unit("2"), minute=1, eventID=right)
    fixed, corrected = node.capture(document(corrective, observed(unit("1"), eventID=ID, errorDeclaration=declared)))
    assert read_record(node.entry(corrected.index)).par == (original.leaf, fixed.leaf)


def test_of_a_flood_of_them_the_first_are_linked(node: Node) -> None:
    ids = [f"urn:uuid:5b1f6b1c-2f5f-4b2a-9d0e-{n:012d}" for n in range(MOST_CORRECTIVES + 2)]
    right = node.capture(document(*(observed(unit(str(n)), eventID=name) for n, name in enumerate(ids))))
    declared = {"declarationTime": "2026-07-02T08:00:00Z", "correctiveEventIDs": ids}
    (corrected,) = node.capture(document(observed(unit("999"), eventID=ID, errorDeclaration=declared)))
    assert read_record(node.entry(corrected.index)).par == tuple(item.leaf for item in right[:MOST_CORRECTIVES])


def test_a_correction_without_its_original_is_an_event_with_a_finding(node: Node) -> None:
    declared = {"declarationTime": "2026-07-02T08:00:00Z", "reason": "incorrect_data"}
    (captured,) = node.capture(document(observed(unit("1"), eventID=ID, errorDeclaration=declared)))
    assert node.entry(captured.index).claims.kind == "event"
    node.settled()
    with node.store.read() as connection:
        assert "correction-without-original" in [found.code for found in findings.of(connection, captured.index)]


def test_a_document_with_a_bad_event_captures_nothing_unless_told_to_proceed(node: Node) -> None:
    bad = observed(unit("2"))
    del bad["eventTimeZoneOffset"]
    mixed = document(observed(unit("1")), bad, observed(unit("3")))
    size = node.registry.size
    with pytest.raises(DocumentRefused) as refused:
        node.capture(mixed)
    assert node.registry.size == size
    assert {error.context["event"] for error in refused.value.errors} == {1}
    assert refused.value.errors[0].context["document"] == "arrivals.jsonld"
    assert [item.event for item in node.capture(mixed, proceed=True)] == [0, 2]


def test_a_pallet_of_more_than_48_units_takes_its_tags_along(node: Node) -> None:
    (captured,) = node.capture(document(observed(*(unit(str(n)) for n in range(100)))))
    assert node.entry(captured.index).claims.more == 2
    (again,) = node.capture(document(observed(unit("99"), minute=4)))
    assert read_record(node.entry(again.index)).lots[0].n == 1


def test_a_gateway_that_was_revoked_signs_nothing(node: Node) -> None:
    (kid,) = node.keyring.find(role="gateway")
    node.membership.revoke(kid)
    with pytest.raises(InputError, match="own-key-missing"):
        node.capture(document(observed(unit("1"))))
    iss = node.own_member("admin")
    with pytest.raises(InputError, match="gateway-key-missing"):
        node.capture(document(observed(unit("1"))), member=iss)
    with pytest.raises(InputError, match="gateway-key-ended"):
        node.capture(document(observed(unit("1"))), member=iss, key=kid)


def test_a_capture_bound_to_a_key_is_signed_with_that_key(node: Node) -> None:
    (first,) = node.keyring.find(role="gateway")
    iss = node.own_member()
    second = node.membership.new_key("gateway", iss).kid
    assert second is not None
    (by_first,) = node.capture(document(observed(unit("1"))), member=iss, key=first)
    (by_newest,) = node.capture(document(observed(unit("2"))), member=iss)
    assert node.entry(by_first.index).jwt.kid == first
    assert node.entry(by_newest.index).jwt.kid == second
    with pytest.raises(InputError, match="gateway-key-other"):
        node.capture(document(observed(unit("3"))), member=iss, key="nobody's")


def test_what_is_written_beside_the_events_is_there_when_they_are(node: Node) -> None:
    job = jobs.Job("j", "capture", "erp", node.own_member(), 0, 0)
    with node.store.begin() as connection:
        jobs.add(connection, job)

    def beside(captured: Sequence[Captured], connection: Connection) -> None:
        jobs.note(connection, "j", str([item.index for item in captured]).encode(), failed=False)

    (captured,) = node.capture(document(observed(unit("1"))), beside=beside)
    with node.store.read() as connection:
        kept = jobs.get(connection, "j")
    assert kept
    assert kept.outcome == str([captured.index]).encode()


def test_nothing_is_written_beside_events_that_are_not_logged(node: Node) -> None:
    called = []
    sent = document(observed(unit("1")))
    node.capture(sent)
    node.capture(sent, beside=lambda captured, connection: called.append(captured))
    with pytest.raises(InputError):
        node.capture(document({"type": "ObjectEvent"}), beside=lambda captured, connection: called.append(captured))
    assert called == []


def test_where_writing_beside_fails_nothing_is_logged(node: Node) -> None:
    def beside(captured: Sequence[Captured], connection: Connection) -> None:
        raise UnavailableError("disk-full", problem="No space left on device")

    size = node.registry.size
    with pytest.raises(UnavailableError):
        node.capture(document(observed(unit("1"))), beside=beside)
    assert node.registry.size == size
    assert len(node.capture(document(observed(unit("1"))))) == 1


def test_what_one_server_sealed_another_one_opens(node: Node) -> None:
    sealed = node.seal("test").closed(b"place 7")
    assert node.seal("test").opened(sealed) == b"place 7"
