"""Snapshots: rows, their root and paths; and what a forged row or body is refused for."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.registry import snapshot
from ledger.registry.bodies import ROLES
from ledger.registry.snapshot import KeyRow, keys_root, read_row, row_path, verify_row
from schemas.errors import InputError, LedgerError
from schemas.syntax.base64url import encode
from tests.simulator.consortium import Consortium
from tests.simulator.refusal import refused

EVENT = {"type": "ObjectEvent", "action": "OBSERVE"}


def grown() -> Consortium:
    c = Consortium(members=3)
    c.event(0, EVENT, lots=("https://id.gs1.org/01/09521234000012/10/L1",))
    c.compromise(0, c.members[0].device, 4)
    c.rotate(1)
    return c


C = grown()
ROWS = C.registry.rows()
ROOT = keys_root(ROWS)


def test_rows_describe_every_key_ever_admitted_sorted_by_kid() -> None:
    assert [row.kid for row in ROWS] == sorted(key.kid for key in tuple(C.registry.keys()))
    device = next(row for row in ROWS if row.kid == C.members[0].device.public.kid)
    head = encode(C.entries[4].jwt.leaf)
    assert device.text() == f"{device.kid} {C.members[0].iss} device 1 5 4 0 {head}"
    unused = next(row for row in ROWS if row.kid == C.members[1].device.public.kid)
    assert unused.text() == f"{unused.kid} {C.members[1].iss} device 2 - - - -"
    assert snapshot.rows(C.registry) == ROWS


def test_every_row_proves() -> None:
    for number, row in enumerate(ROWS):
        verify_row(row, number, row_path(ROWS, number), ROOT, len(ROWS))
        verify_row(row.text(), number, row_path(ROWS, number), ROOT, len(ROWS))


rows = st.builds(
    KeyRow,
    kid=st.binary(min_size=32, max_size=32).map(encode),
    iss=st.uuids(version=4).map(lambda uuid: f"urn:uuid:{uuid}"),
    role=st.sampled_from(ROLES),
    add=st.integers(0, 2**53),
    end=st.none() | st.integers(0, 2**53),
    suspect=st.none() | st.integers(0, 2**53),
    seq=st.none(),
    head=st.none(),
).flatmap(lambda row: st.just(row) | st.integers(0, 2**40).map(lambda seq: replace(row, seq=seq, head=bytes(32))))


@given(rows)
def test_a_row_is_read_as_it_was_written(row: KeyRow) -> None:
    assert read_row(row.text()) == row


@given(rows, st.integers(0, 200), st.sampled_from(" -0a\n"))
def test_a_row_has_one_spelling(row: KeyRow, place: int, character: str) -> None:
    text = row.text()
    changed = text[:place] + character + text[place:]
    with suppress(InputError):
        assert read_row(changed).text() == changed


TEXT = next(row for row in ROWS if row.end is not None and row.suspect is not None).text()


@pytest.mark.parametrize("text", [
    "", TEXT + " ", TEXT + "\n", " " + TEXT, TEXT.replace(" ", "  ", 1), TEXT.replace("device", "king"),
    TEXT.replace("device 1 5", "device 01 5"), TEXT.replace("device 1 5", "device - 5"), TEXT + " 1",
    TEXT.rsplit(" ", 1)[0] + " -", TEXT.replace("urn:uuid:", "urn:uuid-"), "x" + TEXT, TEXT.replace(" 1 5", " 1 +5"),
])  # fmt: skip
def test_what_is_no_row_is_refused(text: str) -> None:
    read_row(TEXT)
    with refused("row"):
        read_row(text)


def test_a_forged_row_is_refused() -> None:
    number = next(n for n, row in enumerate(ROWS) if row.end is not None)
    path, row = row_path(ROWS, number), ROWS[number]
    forged: list[tuple[Any, int, list[bytes], bytes, int]] = [
        (replace(row, end=None), number, path, ROOT, len(ROWS)),
        (row, number ^ 1, path, ROOT, len(ROWS)),
        (row, number, path[:-1], ROOT, len(ROWS)),
        (row, number, [*path, path[0]], ROOT, len(ROWS)),
        (row, number, path[::-1], ROOT, len(ROWS)),
        (row, number, path, bytes(32), len(ROWS)),
        (row, number, path, ROOT, 2 * len(ROWS)),
        (row, len(ROWS), path, ROOT, len(ROWS)),
        ("\ud800", number, path, ROOT, len(ROWS)),
    ]
    verify_row(row, number, path, ROOT, len(ROWS))
    for claim in forged:
        with refused("row-root-mismatch"):
            verify_row(*claim)


def test_a_row_tells_standing_as_the_registry_does() -> None:
    for row in ROWS:
        key = C.registry.key_state(row.kid)
        assert key is not None
        for index in range(C.size):
            assert row.suspects(index) == key.suspects(index)
            for introduces in (False, True):
                assert outcome(row, index, introduces) == outcome(key, index, introduces)


def outcome(standing: Any, index: int, introduces: bool) -> str:
    try:
        standing.check_standing(index, introduces=introduces)
    except LedgerError as error:
        return error.code
    return "valid"


def test_a_snapshot_says_what_the_log_holds_before_it() -> None:
    c = grown()
    index = c.snapshot()
    body = c.entries[index].claims.body
    expected = {"size": index, "keys": len(ROWS), "root": encode(ROOT), "tags": encode(c.tag_tree(index).root())}
    assert body == expected == snapshot.make_body(index, ROWS, c.tag_tree(index).root())
    assert c.snapshots[index] == ROWS
    assert snapshot.snapshot_body(c.registry, bytes(32))["size"] == c.size


@pytest.mark.parametrize(("change", "code"), [
    ({"size": 6}, "snapshot-size"),
    ({"size": 8}, "snapshot-size"),
    ({"keys": 6}, "snapshot-keys"),
    ({"root": "A" * 43}, "snapshot-keys"),
])  # fmt: skip
def test_a_snapshot_that_says_otherwise_is_refused(change: dict[str, Any], code: str) -> None:
    c = grown()
    body = snapshot.snapshot_body(c.registry, c.tag_tree().root())
    with refused(code):
        c.say(0, "snapshot", {**body, **change}, by=c.operator)
    c.say(0, "snapshot", body, by=c.operator)


def test_a_snapshot_that_hides_a_revoke_is_refused() -> None:
    c = grown()
    stale = keys_root(c.registry.rows())
    c.revoke(2, c.members[2].device)
    body = snapshot.snapshot_body(c.registry, c.tag_tree().root())
    with refused("snapshot-keys"):
        c.say(0, "snapshot", {**body, "root": encode(stale)}, by=c.operator)


def test_the_caller_who_knows_the_tags_compares_their_root() -> None:
    from ledger.registry.bodies import Snapshot

    body = Snapshot(C.size, len(ROWS), ROOT, bytes(32))
    snapshot.check_body(body, C.size, ROWS)
    snapshot.check_body(body, C.size, ROWS, bytes(32))
    with refused("snapshot-tags"):
        snapshot.check_body(body, C.size, ROWS, b"\1" * 32)
