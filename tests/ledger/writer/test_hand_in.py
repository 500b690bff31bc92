"""A process that does not write hands in: every verb, every refusal, sealed on its way, and never for ever."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.verbs.attach import attach, read_document
from ledger.audience import full
from ledger.log.checkpoint import open_checkpoint
from ledger.log.merkle import verify_inclusion
from ledger.node import Node
from ledger.store import inbox
from ledger.writer import hand_in
from ledger.writer import inbox as writers_side
from ledger.writer.answers import Receipt
from ledger.writer.gateway import DocumentRefused
from schemas.errors import InputError, LedgerError
from tests.ledger.writer.pairs import document, joined, pair
from tests.simulator.files import PDF
from tests.simulator.phones import Phone, observed, opened, unit
from tests.simulator.refusal import refused

Pair = tuple[Node, Node]


@pytest.fixture
def nodes(location: str, tmp_path: Path) -> Iterator[Pair]:
    with pair(location, tmp_path) as nodes:
        yield nodes


def test_signed_entries_are_answered_with_proofs_wherever_they_come_in(nodes: Pair) -> None:
    writer, standby = nodes
    phone = Phone.added(standby)
    here = phone.event(observed(unit("1")))
    there = phone.event(observed(unit("2")))
    (first,), (second,) = standby.submit([here]), writer.submit([there])
    assert isinstance(first, Receipt)
    assert isinstance(second, Receipt)
    assert second.index == first.index + 1
    for receipt, wire in ((first, here), (second, there)):
        head = open_checkpoint(receipt.checkpoint, writer.vkey)
        verify_inclusion(receipt.index, head.size, receipt.leaf, receipt.proof, head.root)
        assert writer.leaf(receipt.index) == wire.partition(b"~")[0]
    (again,) = standby.submit([here])
    assert isinstance(again, Receipt)
    assert again.index == first.index


def test_each_refusal_comes_back_in_its_place_with_what_explains_it(nodes: Pair) -> None:
    writer, standby = nodes
    phone = Phone.added(writer)
    ahead = phone.sign(observed(unit("1")), seq=5, prev=bytes(32))
    good = phone.event(observed(unit("1")))
    found = standby.submit([b"\xff nothing", ahead, good])
    assert found[0].code == writer.submit([b"\xff nothing"])[0].code  # type: ignore[union-attr]
    assert isinstance(found[1], InputError)
    assert (found[1].code, found[1].context["expected"]) == ("lane-behind", 0)
    assert isinstance(found[2], Receipt)
    fork = phone.sign(observed(unit("2")), seq=0)
    (refusal,) = standby.submit([fork])
    assert isinstance(refusal, LedgerError)
    assert refusal.code == "lane-fork"
    with refused("too-many-entries"):
        standby.submit([good] * 257)


def test_unsigned_events_are_judged_here_and_signed_there(nodes: Pair) -> None:
    writer, standby = nodes
    sent = document(observed(unit("1")), observed(unit("2")))
    captured = standby.capture(sent)
    assert [item.event for item in captured] == [0, 1]
    assert writer.entry(captured[0].index).content == dict(sent.events[0].event)
    again = writer.capture(sent)
    assert [(item.index, item.duplicate) for item in again] == [(item.index, True) for item in captured]
    assert [item.duplicate for item in standby.capture(sent)] == [True, True]
    assert not standby.capture(sent, allow_repeat=True)[0].duplicate
    with pytest.raises(DocumentRefused):
        standby.capture(document({"type": "ObjectEvent"}))
    assert standby.capture(document({"type": "ObjectEvent"}), proceed=True) == []


def test_a_refusal_of_the_writer_is_raised_here(nodes: Pair) -> None:
    _, standby = nodes
    named = {"eventID": "urn:uuid:5b1f6b1c-2f5f-4b2a-9d0e-0a0f3c1d2e3f"}
    standby.capture(document(observed(unit("1"), **named)))
    with refused("event-id-reused", event=0):
        standby.capture(document(observed(unit("2"), **named)), strict=True)
    with refused("gateway-key-missing", iss="urn:uuid:nobody"):
        standby.capture(document(observed(unit("3"))), member="urn:uuid:nobody")


def test_what_must_be_written_beside_events_is_for_the_writers_process(nodes: Pair) -> None:
    with refused("not-the-writer"):
        nodes[1].capture(document(observed(unit("1"))), beside=lambda captured, connection: None)
    with refused("not-the-writer"):
        _ = nodes[1].writer


def test_keys_and_members_are_said_from_anywhere_and_known_everywhere(nodes: Pair) -> None:
    writer, standby = nodes
    iss = standby.own_member("admin")
    said = standby.membership.new_key("device", iss, name="tablet")
    assert said.kid is not None
    assert standby.keyring.open(said.kid).public.kid == said.kid
    assert said.leaf == writer.source.entry(said.index).jwt.leaf
    assert writer.registry.key_state(said.kid).end is None  # type: ignore[union-attr]
    ended = standby.membership.compromise(said.kid, said.index)
    assert standby.registry.key_state(said.kid).end == ended.index  # type: ignore[union-attr]
    rotated = standby.membership.rotate(iss)
    assert writer.registry.key_state(str(rotated.kid)).role == "admin"  # type: ignore[union-attr]
    assert writer.membership.rotate(iss).index == rotated.index + 1
    # The next gateway key is made by one and used by the other.
    gateway = writer.membership.new_key("gateway", iss)
    (captured,) = standby.capture(document(observed(unit("1"))))
    assert standby.entry(captured.index).jwt.kid == gateway.kid
    standby.membership.revoke(str(gateway.kid))
    with refused("key-role"):
        standby.membership.new_key("emperor", iss)
    with refused("key-unknown"):
        standby.membership.revoke("nobody")


def test_a_member_is_offered_proposed_and_approved_from_anywhere(nodes: Pair) -> None:
    _, standby = nodes
    us = standby.own_member("admin")
    offer = standby.membership.offer()
    proposed = standby.membership.propose(us, offer, name="Frantoio Luna", prefixes=("8001234",))
    standby.membership.approve(us, proposed.leaf)
    assert {member.iss for member in standby.registry.members()} == {us, offer.iss}
    terms = standby.membership.propose_terms(us, votes=1, witnesses=(), gateway="accept")
    assert terms.index > proposed.index
    gone = standby.membership.propose_recovery(us, standby.membership.offer(offer.iss))
    assert gone.index > terms.index
    leaf = standby.source.entry(proposed.index).jwt.leaf
    declared = standby.membership.erasure(us, [{"entry": _text(leaf), "digests": [_text(bytes(32))]}], "GDPR 17")
    assert declared.index == gone.index + 1


def _text(value: bytes) -> str:
    from schemas.syntax import base64url

    return base64url.encode(value)


def test_snapshots_and_contradictions_go_to_the_writer(nodes: Pair) -> None:
    from ledger.log.checkpoint import Checkpoint, sign_checkpoint

    writer, standby = nodes
    standby.capture(document(observed(unit("1"))))
    index = standby.snapshot()
    assert writer.entry(index).claims.kind == "snapshot"
    assert standby.source.snapshot() == index
    standby.hold_against(standby.checkpoint())
    promised = sign_checkpoint(Checkpoint(writer.origin, 9000, b"x" * 32), writer.keyring.log_signer())
    with refused("log-rolled-back"):
        standby.hold_against(promised)
    # It writes nothing more, and says why to everybody.
    for node in nodes:
        with refused("log-rolled-back"):
            node.capture(document(observed(unit("2"))))


def test_many_callers_of_two_processes_make_one_order(nodes: Pair) -> None:
    phones = [Phone.added(nodes[n % 2]) for n in range(4)]
    size = nodes[0].registry.size

    def signed(n: int) -> list[int]:
        wires = [phones[n].event(observed(unit(f"{n}-{k}"))) for k in range(12)]
        found = [answer for wire in wires for answer in nodes[n % 2].submit([wire])]
        return [answer.index for answer in found if isinstance(answer, Receipt)]

    def unsigned(n: int) -> list[int]:
        sent = [document(observed(unit(f"u{n}-{k}"))) for k in range(12)]
        return [captured.index for one in sent for captured in nodes[n % 2].capture(one)]

    with ThreadPoolExecutor(8) as pool:
        lists = [*pool.map(signed, range(4)), *pool.map(unsigned, range(4))]
    assert all(found == sorted(found) and len(found) == 12 for found in lists)
    indexes = sorted(index for found in lists for index in found)
    kinds = {index: nodes[0].entry(index).claims.kind for index in range(size, nodes[0].registry.size)}
    assert indexes == [index for index, kind in kinds.items() if kind == "event"]


def test_the_store_holds_nothing_handed_in_in_the_clear(nodes: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are looked at before they are taken, while they are answered, and after."""
    seen: list[bytes] = []
    put, settle = inbox.put, inbox.settle

    def spied(connection, item):  # type: ignore[no-untyped-def]
        put(connection, item)
        seen.append(item.request)

    def spied_too(connection, id, answer, **how):  # type: ignore[no-untyped-def]
        settle(connection, id, answer, **how)
        seen.append(answer)

    monkeypatch.setattr(inbox, "put", spied)
    monkeypatch.setattr(inbox, "settle", spied_too)
    (captured,) = nodes[1].capture(document(observed(unit("SECRET"), **{"example:note": "Giulia Rossi"}, **_example())))
    assert len(seen) == 2
    for sealed in seen:
        for said in (b"SECRET", b"Giulia", b"observ", b"OBSERVE", captured.event_id.encode()):
            assert said not in sealed
    # Two requests that say the same look different.
    nodes[1].snapshot()
    nodes[1].snapshot()
    assert len(set(seen)) == len(seen)


def _example() -> dict[str, object]:
    return {"@context": [*observed()["@context"], {"example": "https://example.org/"}]}


def test_answers_are_taken_away(nodes: Pair) -> None:
    nodes[1].capture(document(observed(unit("1"))))
    nodes[1].close()
    with nodes[0].store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM inbox").scalar() == 0


def test_a_request_that_is_too_large_is_refused_with_its_limit(nodes: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand_in, "MOST_BYTES", 900)
    size = nodes[0].registry.size
    with refused("hand-in-too-large", limit=900):
        nodes[1].capture(document(*[observed(unit(str(n))) for n in range(9)]))
    assert nodes[0].registry.size == size
    assert len(nodes[1].capture(document(observed(unit("1"))))) == 1


def test_what_another_key_sealed_is_answered_with_an_error_and_not_logged(nodes: Pair) -> None:
    _, standby = nodes
    foreign = inbox.Handed(bytes(16), "capture", b"x" * 60)
    with standby.store.begin() as connection:
        inbox.put(connection, foreign)
    assert _answer(standby, foreign.id).code == "seal-broken"
    # A row cannot be passed off as another kind of request.
    sealed = standby.keyring.seal(writers_side.request_purpose(b"1" * 16)).closed(b"", b"snapshot")
    with standby.store.begin() as connection:
        inbox.put(connection, inbox.Handed(b"1" * 16, "hold", sealed))
    assert _answer(standby, b"1" * 16).code == "seal-broken"


def test_a_request_of_another_version_is_refused_by_name(nodes: Pair) -> None:
    standby = nodes[1]
    for n, (kind, text) in enumerate({"erase": b"", "say": b"[]", "capture": b"[]"}.items()):
        id = bytes([n] * 16)
        sealed = standby.keyring.seal(writers_side.request_purpose(id)).closed(text, kind.encode())
        with standby.store.begin() as connection:
            inbox.put(connection, inbox.Handed(id, kind, sealed))
        assert _answer(standby, id).code == "hand-in-kind"


def _answer(node: Node, id: bytes) -> LedgerError:
    """The error that a request was answered with."""
    from ledger.writer.request import unpack_answer

    for _ in range(6000):
        with node.store.read() as connection:
            found = inbox.answers(connection, [id])
        if found:
            outcome = unpack_answer(node.keyring.seal(writers_side.answer_purpose(id)).opened(found[id]))
            assert isinstance(outcome, LedgerError)
            return outcome
        time.sleep(0.01)
    raise AssertionError("no answer")


@pytest.fixture
def deaf(location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    """A standby beside a writer that does not look into the inbox, and little patience."""
    monkeypatch.setattr(writers_side.Inbox, "drain", lambda _: False)
    monkeypatch.setattr(hand_in, "PATIENCE", 0.2)
    with pair(location, tmp_path) as (_, standby):
        monkeypatch.setattr(standby._place._hands, "_patience", 0.2)  # type: ignore[union-attr]
        yield standby


def test_a_request_that_nobody_begins_with_is_withdrawn(deaf: Node) -> None:
    with refused("hand-in-withdrawn", seconds=0.2):
        deaf.capture(document(observed(unit("1"))))
    with deaf.store.read() as connection:
        assert not inbox.waits(connection)


def test_a_request_that_was_begun_may_be_logged_and_that_is_said(deaf: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    put = inbox.put

    def put_and_taken(connection, item):  # type: ignore[no-untyped-def]
        put(connection, item)
        connection.exec_driver_sql("UPDATE inbox SET tries = 1")

    monkeypatch.setattr(inbox, "put", put_and_taken)
    with refused("hand-in-unknown"):
        deaf.capture(document(observed(unit("1"))))


def test_whoever_waits_when_the_process_closes_is_told(deaf: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deaf._place._hands, "_patience", 60.0)  # type: ignore[union-attr]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lambda: deaf.capture(document(observed(unit("1")))))
        while True:
            with deaf.store.read() as connection:
                if inbox.waits(connection):
                    break
        closing = threading.Thread(target=deaf._place.close)  # type: ignore[union-attr]
        closing.start()
        with refused("hand-in-withdrawn"):
            waiting.result()
        closing.join()


def test_a_reader_hands_nothing_in(location: str, tmp_path: Path) -> None:
    with pair(location, tmp_path), opened(location, tmp_path, write=False) as reader:
        for verb in (reader.snapshot, lambda: reader.submit([]), lambda: reader.membership):
            with refused("read-only"):
                verb()


def test_a_plain_writer_works_for_others_too(location: str, tmp_path: Path) -> None:
    with pair(location, tmp_path) as (writer, _):
        pass
    del writer
    with opened(location, tmp_path) as plain, joined(location, tmp_path) as standby:
        (captured,) = standby.capture(document(observed(unit("1"))))
        assert plain.entry(captured.index).content is not None


def test_a_standby_needs_the_passphrase_at_once(location: str, tmp_path: Path) -> None:
    with pair(location, tmp_path), refused("wrong-passphrase"):
        Node.open(location, keys=tmp_path / "keys", guard=str(tmp_path / "guard"), passphrase=b"no", write="when-free")


def test_a_document_is_attached_wherever_it_comes_in(nodes: Pair) -> None:
    writer, standby = nodes
    iss = writer.registry.members()[0].iss
    (captured,) = writer.capture(document(observed(unit("1"))), member=iss)
    found = attach(standby, PDF, name="a.pdf", to=unit("1"), audience=full(), member=iss)
    assert found.index > captured.index
    for node in nodes:
        assert read_document(node, found.index, audience=full()).data == PDF
