"""Signed entries: admitted on form, each for itself, answered with proofs that hold."""

import threading
from pathlib import Path

import pytest

from ledger import evidence_file
from ledger.entry.issue import Lot, Record, issue_private
from ledger.entry.jwt import leaf_hash
from ledger.keys.signature import P256_ORDER
from ledger.keys.signer import MemorySigner
from ledger.log.checkpoint import open_checkpoint
from ledger.log.merkle import verify_inclusion
from ledger.node import Node
from ledger.store import evidence, findings, objects
from ledger.writer.answers import Receipt
from schemas.errors import InputError, LedgerError
from schemas.syntax import base64url
from tests.simulator.phones import Phone, made, observed, unit


def receipts(answers: list[Receipt | LedgerError]) -> list[Receipt]:
    found = [answer for answer in answers if isinstance(answer, Receipt)]
    assert len(found) == len(answers), answers
    return found


def refusal(node: Node, wire: bytes) -> LedgerError:
    (answer,) = node.submit([wire])
    assert isinstance(answer, LedgerError), answer
    return answer


def test_every_answer_proves_its_entry_under_a_checkpoint_the_log_signed(node: Node, phone: Phone) -> None:
    wires = [phone.event(observed(unit(str(n)), minute=n)) for n in range(20)]
    found = receipts(node.submit(wires))
    assert [item.index for item in found] == list(range(found[0].index, found[0].index + 20))
    for item, wire in zip(found, wires, strict=True):
        assert item.leaf == leaf_hash(wire.partition(b"~")[0])
        head = open_checkpoint(item.checkpoint, node.vkey)
        verify_inclusion(item.index, head.size, item.leaf, item.proof, head.root)


def test_every_leaf_of_a_log_over_several_tiles_proves_itself(location: str, tmp_path: Path) -> None:
    with made(location, tmp_path) as node:
        phone = Phone.added(node)
        for _ in range(3):
            receipts(node.submit([phone.event(observed()) for _ in range(97)]))
        head = open_checkpoint(node.checkpoint(), node.vkey)
        assert head.size == 5 + 3 * 97
        for index in range(head.size):
            item = node.receipt(index)
            verify_inclusion(index, head.size, item.leaf, item.proof, head.root)


def test_the_same_entry_again_is_answered_with_what_was_logged(node: Node, phone: Phone) -> None:
    wire = phone.event(observed(unit("1")))
    (first,) = receipts(node.submit([wire]))
    size = node.registry.size
    (again,) = receipts(node.submit([wire]))
    assert (again.index, again.leaf) == (first.index, first.leaf)
    assert node.registry.size == size


def test_the_same_statement_with_another_signature_is_no_fork(node: Node, phone: Phone) -> None:
    wire = phone.event(observed(unit("1")))
    (first,) = receipts(node.submit([wire]))
    jwt, tail = wire.split(b"~", 1)
    signed, _ = jwt.rsplit(b".", 1)
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256

    r, s = decode_dss_signature(phone.signer.private.sign(signed, ECDSA(SHA256())))  # type: ignore[call-arg, arg-type]
    other = r.to_bytes(32, "big") + min(s, P256_ORDER - s).to_bytes(32, "big")
    twin = signed + b"." + base64url.encode(other).encode() + b"~" + tail
    assert twin != wire
    (answer,) = receipts(node.submit([twin]))
    assert (answer.index, answer.leaf) == (first.index, first.leaf)


def test_a_poisoned_record_among_twenty_blocks_none_of_the_others(node: Node, phone: Phone) -> None:
    wires = [phone.event(observed(unit(str(n)), minute=n)) for n in range(20)]
    second = Phone.added(node)
    poison = [b"\xff\xfe", b"", b"a.b.c~", second.sign(observed(unit("x")), log="other.example/log"), wires[3][:-40]]
    mixed = wires[:10] + poison + wires[10:]
    answers = node.submit(mixed)
    assert [type(answer) is Receipt for answer in answers] == [True] * 10 + [False] * 5 + [True] * 10


def test_bad_content_is_logged_and_stands_as_a_finding(node: Node, phone: Phone) -> None:
    bad = observed(unit("1"), bizStep="no-such-step")
    del bad["eventTimeZoneOffset"]
    good = observed(unit("2"))
    first, second = receipts(node.submit([phone.event(bad), phone.event(good)]))
    node.settled()
    with node.store.read() as connection:
        assert findings.of(connection, first.index)
        assert findings.of(connection, second.index) == []


def test_a_lane_that_is_behind_names_what_is_expected_and_goes_on_with_the_same_bytes(node: Node, phone: Phone) -> None:
    first, second, third = (phone.event(observed(unit(str(n)))) for n in range(3))
    error = refusal(node, third)
    assert (error.code, error.context["expected"]) == ("lane-behind", 0)
    assert len(receipts(node.submit([first, second, third]))) == 3


def test_an_n_that_runs_ahead_is_retried_when_the_one_before_has_come(node: Node, phone: Phone) -> None:
    other = Phone.added(node)
    other.secret = phone.secret
    before = phone.event(observed(unit("1")))
    other.counts[unit("1")] = 1
    ahead = other.event(observed(unit("1"), minute=2))
    assert refusal(node, ahead).code == "tag-ahead"
    assert len(receipts(node.submit([before, ahead]))) == 2
    node.settled()
    with node.store.read() as connection:
        assert objects.next_n(connection, unit("1")) == 2


def test_two_phones_may_use_one_n(node: Node, phone: Phone) -> None:
    other = Phone.added(node)
    found = receipts(node.submit([phone.event(observed(unit("1"))), other.event(observed(unit("1"), minute=3))]))
    assert len({item.index for item in found}) == 2


def test_tags_that_are_not_those_of_the_record_are_refused(
    node: Node, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ledger.entry import issue

    real = issue._tags
    monkeypatch.setattr(issue, "_tags", lambda lots: real(lots)[1:])
    wire = phone.sign(observed(unit("1"), unit("2")))
    monkeypatch.undo()
    assert refusal(node, wire).code == "tags-differ"
    assert receipts(node.submit([phone.sign(observed(unit("1"), unit("2")))]))


def test_tags_beyond_48_count_where_the_entry_stands(node: Node, phone: Phone) -> None:
    uris = [unit(str(n)) for n in range(120)]
    from ledger.entry.tags import object_key, tag

    lots = tuple(Lot(uri, object_key(phone.secret, uri), 0) for uri in uris)
    wires = issue_private(
        phone.signer, log=phone.log, iss=phone.iss, seq=0, prev=None, kind="event",
        content=observed(*uris), record=Record(iat=1, lots=lots), salt=bytes,
    )  # fmt: skip
    assert len(wires) == 3
    assert refusal(node, wires[-1]).code == "lane-behind"
    found = receipts(node.submit(wires))
    carried = node.source._with_lookups(lambda lookups, c: {lookups.find_tag(c, tag(lot.key, 0)) for lot in lots})
    assert carried == {(found[-1].index,)}


def test_an_undisclosed_digest_is_refused(node: Node, phone: Phone) -> None:
    wire = phone.sign(observed(unit("1")))
    head, *texts, last = wire.split(b"~")
    assert refusal(node, b"~".join([head, *texts[:-1], last])).code == "entry-not-disclosed"


def test_a_key_is_refused_before_it_is_added_and_after_it_is_revoked(node: Node, phone: Phone) -> None:
    stranger = MemorySigner.generate()
    early = Phone(phone.log, phone.iss, stranger, phone.secret)
    assert refusal(node, early.sign(observed(unit("1")))).code == "key-not-admitted"
    receipts(node.submit([phone.event(observed(unit("1")))]))
    node.membership.revoke(phone.signer.public.kid)
    assert refusal(node, phone.event(observed(unit("1"), minute=1))).code == "key-ended"


def test_a_replay_on_another_log_is_refused(node: Node, phone: Phone, tmp_path: Path) -> None:
    wire = phone.event(observed(unit("1")))
    with made(str(tmp_path / "other"), tmp_path / "elsewhere") as other:
        error = refusal(other, wire)
    assert error.code == "other-log"
    assert receipts(node.submit([wire]))


def test_a_replay_on_another_lane_is_refused(node: Node, phone: Phone) -> None:
    wire = phone.event(observed(unit("1")))
    other = Phone.added(node)
    jwt, tail = wire.split(b"~", 1)
    header, payload, signature = jwt.split(b".")
    mine = base64url.decode(header).replace(phone.signer.public.kid.encode(), other.signer.public.kid.encode())
    forged = b".".join([base64url.encode(mine).encode(), payload, signature]) + b"~" + tail
    assert refusal(node, forged).code == "signature-wrong"


def test_a_fork_is_refused_kept_as_evidence_and_logged(node: Node, phone: Phone) -> None:
    one, other = phone.sign(observed(unit("1"))), phone.sign(observed(unit("2")))
    receipts(node.submit([one]))
    size = node.registry.size
    assert refusal(node, other).code == "lane-fork"
    with node.store.read() as connection:
        ((digest, kind),) = evidence.listing(connection)
        document = evidence.get(connection, digest)
    assert kind == "lane-fork"
    assert document is not None
    kept = evidence_file.parse(document)
    assert {text.encode() for text in kept.artefacts} == {one.partition(b"~")[0], other.partition(b"~")[0]}
    said = node.entry(size)
    assert said.claims.kind == "evidence"
    assert said.claims.body == {"type": "lane-fork", "sha256": base64url.encode(digest)}
    assert refusal(node, other).code == "lane-fork"
    assert node.registry.size == size + 1


def test_a_high_s_twin_is_no_fork(node: Node, phone: Phone) -> None:
    wire = phone.event(observed(unit("1")))
    receipts(node.submit([wire]))
    jwt, tail = wire.split(b"~", 1)
    signed, signature = jwt.rsplit(b".", 1)
    raw = base64url.decode(signature)
    high = raw[:32] + (P256_ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    error = refusal(node, signed + b"." + base64url.encode(high).encode() + b"~" + tail)
    assert error.code == "signature-high-s"
    with node.store.read() as connection:
        assert evidence.listing(connection) == []


def test_a_respelled_twin_is_no_fork(node: Node, phone: Phone) -> None:
    wire = phone.event(observed(unit("1")))
    receipts(node.submit([wire]))
    jwt, tail = wire.split(b"~", 1)
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    respelled = jwt[:-1] + bytes([alphabet[alphabet.index(jwt[-1:]) ^ 1]])
    assert refusal(node, respelled + b"~" + tail).code == "base64url"
    with node.store.read() as connection:
        assert evidence.listing(connection) == []


def test_more_than_256_entries_are_refused_whole(node: Node, phone: Phone) -> None:
    size = node.registry.size
    with pytest.raises(InputError, match="too-many-entries"):
        node.submit([b"x"] * 257)
    assert node.registry.size == size


def test_many_threads_get_one_gapless_order(node: Node) -> None:
    phones = [Phone.added(node) for _ in range(4)]
    start = node.registry.size
    found: list[int] = []

    def work(phone: Phone) -> None:
        for n in range(5):
            found.extend(item.index for item in receipts(node.submit([phone.event(observed(minute=n))] * 1)))

    threads = [threading.Thread(target=work, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(start, start + 20))
