"""Signed entries over HTTP: each answered for itself, with proofs that hold, and floods of them bounded."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.access import PUBLIC
from api.http import entries as room
from api.http.gate import Gates
from ledger.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.log.merkle import verify_inclusion
from ledger.writer.admission import MAX_REQUEST
from schemas.errors import UnavailableError
from schemas.syntax import base64url
from tests.api.conftest import Consortium
from tests.simulator.phones import Phone, observed, unit

Token = Callable[..., dict[str, str]]
PATH = "/api/v1/entries"


@pytest.fixture
def phone(consortium: Consortium) -> Phone:
    return Phone.added(consortium.node, consortium.sole)


def sent(client: httpx.Client, *wires: bytes, **how: Any) -> httpx.Response:
    return client.post(PATH, json=[wire.decode() for wire in wires], **how)


def answers(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def problems(answer: httpx.Response) -> list[tuple[int, str]]:
    return [(item["problem"]["status"], item["problem"]["code"]) for item in answers(answer)]


def test_each_entry_is_answered_with_a_proof_that_holds(
    consortium: Consortium, client: httpx.Client, phone: Phone
) -> None:
    wires = [phone.event(observed(unit(str(n)))) for n in range(3)]
    found = answers(sent(client, *wires))
    assert len(found) == 3
    for item, wire in zip(found, wires, strict=True):
        assert consortium.node.leaf(item["index"]) == wire.partition(b"~")[0]
        head = open_checkpoint(item["checkpoint"].encode(), consortium.node.vkey)
        proof = [base64url.decode(node, member="proof") for node in item["proof"]]
        leaf = base64url.decode(item["leaf"], member="leaf")
        verify_inclusion(item["index"], head.size, leaf, proof, head.root)


def test_the_same_entry_again_is_answered_with_what_was_logged(client: httpx.Client, phone: Phone) -> None:
    wire = phone.event(observed(unit("1")))
    first, again = answers(sent(client, wire)), answers(sent(client, wire))
    assert (first[0]["index"], first[0]["leaf"]) == (again[0]["index"], again[0]["leaf"])


def test_a_lane_that_is_ahead_is_told_what_is_expected(client: httpx.Client, phone: Phone) -> None:
    first, second = (phone.event(observed(unit(str(n)))) for n in range(2))
    (behind,) = answers(sent(client, second))
    assert (behind["problem"]["status"], behind["problem"]["code"]) == (409, "lane-behind")
    assert (behind["problem"]["seq"], behind["problem"]["expected"]) == (1, 0)
    assert [item["index"] for item in answers(sent(client, first, second))] == sorted(
        item["index"] for item in answers(sent(client, first, second))
    )


def test_a_count_that_is_ahead_is_a_conflict_that_passes(client: httpx.Client, phone: Phone) -> None:
    phone.counts[unit("1")] = 1
    ahead = phone.event(observed(unit("1")))
    assert problems(sent(client, ahead)) == [(409, "tag-ahead")]


def test_one_bad_entry_blocks_no_other(client: httpx.Client, phone: Phone) -> None:
    good = phone.event(observed(unit("1")))
    jwt, tilde, rest = phone.event(observed(unit("2"))).partition(b"~")
    head, dot, signature = jwt.rpartition(b".")
    forged = head + dot + signature[:-10] + (b"A" * 10) + tilde + rest
    first, malformed, wrong = answers(sent(client, good, b"nonsense", forged))
    assert "index" in first
    assert malformed["problem"]["status"] == 400
    assert wrong["problem"]["status"] == 400


def test_a_key_that_has_ended_has_no_standing(consortium: Consortium, client: httpx.Client, phone: Phone) -> None:
    consortium.node.membership.revoke(phone.signer.public.kid)
    assert problems(sent(client, phone.event(observed(unit("1"))))) == [(403, "key-ended")]


def test_two_entries_at_one_place_are_a_fork_and_a_conflict(client: httpx.Client, phone: Phone) -> None:
    answers(sent(client, phone.sign(observed(unit("1")))))
    assert problems(sent(client, phone.sign(observed(unit("2"))))) == [(409, "lane-fork")]


def test_no_entries_are_no_error(client: httpx.Client) -> None:
    assert answers(sent(client)) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "media-type-missing"),
        (b"[", "json-syntax"),
        (b"{}", "wires"),
        (b'"x"', "wires"),
        (b"[1]", "wires"),
        (b'{"entries": [], "also": 1}', "entries-member"),
        (b'{"entries": [], "checkpoint": 1}', "wires"),
        (b'["\\ud800"]', "json-lone-surrogate"),
        (b"[" * 100 + b"]" * 100, "json-too-deep"),
    ],
)
def test_a_body_of_another_form_is_refused(client: httpx.Client, body: bytes, code: str) -> None:
    headers = {"Content-Type": "application/json"} if body else {}
    answer = client.post(PATH, content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415 if not body else 400, code)


def test_a_form_that_is_not_read_here_is_refused(client: httpx.Client) -> None:
    answer = client.post(PATH, content=b"[]", headers={"Content-Type": "text/xml"})
    assert (answer.status_code, answer.json()["code"]) == (415, "media-type-other")


def test_without_a_token_fewer_entries_are_taken_than_with_one(
    consortium: Consortium, client: httpx.Client, token: Token
) -> None:
    few, many = [b"x~"] * (room.STRANGERS_MOST + 1), [b"x~"] * (MAX_REQUEST + 1)
    refused = sent(client, *few)
    assert (refused.status_code, refused.json()["code"]) == (400, "too-many-entries")
    with_token = token(consortium.luna, "submit")
    assert len(answers(sent(client, *few, headers=with_token))) == len(few)
    refused = sent(client, *many, headers=with_token)
    assert (refused.status_code, refused.json()["code"]) == (400, "too-many-entries")


def test_a_token_without_the_scope_is_worth_less_than_none(
    consortium: Consortium, client: httpx.Client, token: Token
) -> None:
    refused = sent(client, headers=token(consortium.luna, "query"))
    assert (refused.status_code, refused.json()["code"]) == (403, "access-scope")


def test_strangers_wait_for_each_other_and_for_nobody_else(consortium: Consortium) -> None:
    gates = Gates(strangers=1, known=1)
    known = PUBLIC.__class__("erp", "token", consortium.luna, frozenset(["submit"]))
    with gates.turn(PUBLIC):
        with pytest.raises(UnavailableError), gates.turn(PUBLIC):
            pass
        with gates.turn(known):
            pass
    with gates.turn(PUBLIC):
        pass


def test_a_client_holds_the_log_against_its_last_checkpoint(
    consortium: Consortium, client: httpx.Client, phone: Phone
) -> None:
    note = consortium.node.checkpoint().decode()
    body = {"entries": [phone.event(observed(unit("1"))).decode()], "checkpoint": note}
    assert len(answers(client.post(PATH, json=body))) == 1
    held = client.post("/api/v1/checkpoint", content=note, headers={"Content-Type": "text/plain"})
    assert held.status_code == 200
    assert held.content == consortium.node.checkpoint()


def test_a_checkpoint_nobody_signed_is_its_senders_error(consortium: Consortium, client: httpx.Client) -> None:
    note = consortium.node.checkpoint().decode().rpartition("\n\n")[0] + "\n\n— x AAAAAAAAAA==\n"
    for answer in (
        client.post("/api/v1/checkpoint", content=note.encode(), headers={"Content-Type": "text/plain"}),
        client.post(PATH, json={"entries": [], "checkpoint": note}),
    ):
        assert answer.status_code == 400, answer.text
    assert consortium.node.snapshot() > 0


def test_a_checkpoint_that_contradicts_the_log_stops_it(consortium: Consortium, client: httpx.Client) -> None:
    forged = sign_checkpoint(Checkpoint(consortium.node.origin, 2, b"\x01" * 32), consortium.node.keyring.log_signer())
    answer = client.post("/api/v1/checkpoint", content=forged, headers={"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (409, "log-forked")
    later = client.post("/api/v1/checkpoint", content=b"x", headers={"Content-Type": "text/plain"})
    assert later.status_code >= 400
    # The writer has stopped for good; the fixture closes what is left.


def test_an_answer_never_repeats_what_was_sent(client: httpx.Client) -> None:
    secret = "segretissimo"
    for body in ([secret], {"entries": [], secret: 1}):
        answer = client.post(PATH, content=json.dumps(body), headers={"Content-Type": "application/json"})
        if isinstance(body, list):
            assert secret not in answer.text
