"""Whatever members and thieves try, in any order: what must always hold of members, keys and rows."""

from collections.abc import Callable
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.entry.parse import parse_leaf
from ledger.keys.signer import MemorySigner
from ledger.registry.replay import Registry
from ledger.registry.snapshot import keys_root, row_path, verify_row
from schemas.errors import LedgerError
from tests.simulator.consortium import Consortium

EVENT = {"type": "ObjectEvent", "action": "OBSERVE"}


def admins(c: Consortium, member: int) -> list[MemorySigner]:
    """Every admin key that was ever the member's, the ended ones included."""
    return [key for name, key in c.members[member].keys.items() if "admin" in name or name == "recovered"]


def add_admin(c: Consortium, member: int, other: int) -> None:
    c.members[member].keys[f"admin {c.size}"] = c.key_add(member, "admin")


def revoke_any(c: Consortium, member: int, other: int) -> None:
    keys = [*admins(c, other), c.members[other].admin, c.members[other].device]
    c.revoke(member, keys[c.size % len(keys)])


def compromise_any(c: Consortium, member: int, other: int) -> None:
    keys = [*admins(c, member), c.members[member].admin, c.members[member].device]
    c.compromise(member, keys[other % len(keys)], c.size // 2)


def rotate(c: Consortium, member: int, other: int) -> None:
    old = c.members[member].admin
    c.rotate(member, last=None if other else -1)
    c.members[member].keys[f"admin {c.size}"] = old


def recover(c: Consortium, member: int, other: int) -> None:
    c.propose_recover(member, other)


def approve_newest(c: Consortium, member: int, other: int) -> None:
    c.approve(member, c.registry.proposals()[-1].leaf)


DEEDS: list[Callable[[Consortium, int, int], object]] = [
    lambda c, m, o: c.event(m, EVENT, lots=()),
    lambda c, m, o: c.key_add(m, "gateway"),
    lambda c, m, o: c.propose_member(m),
    lambda c, m, o: c.propose_terms(m, votes=o),
    lambda c, m, o: c.append(c.rotation(m, to=c.signer("thief"))[0]),
    lambda c, m, o: c.snapshot(),
    add_admin, revoke_any, compromise_any, rotate, recover, approve_newest, approve_newest,
]  # fmt: skip


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, len(DEEDS) - 1), st.integers(0, 2), st.integers(0, 2)), max_size=25))
def test_whatever_is_tried(deeds: list[tuple[int, int, int]]) -> None:
    c = Consortium(members=3, alg="Ed25519")
    for deed, member, other in deeds:
        before = {key.kid: key for key in tuple(c.registry.keys())}
        dump, size = c.registry.dump(), c.size
        with suppress(LedgerError, IndexError):
            DEEDS[deed](c, member, other)
        if c.size == size:
            assert c.registry.dump() == dump
        holds(c, before)
    again = Registry.genesis(parse_leaf(c.leaves[0]))
    for index, raw in enumerate(c.leaves[1:], 1):
        again.apply(index, parse_leaf(raw), verify=True)
    assert again.dump() == c.registry.dump()


def holds(c: Consortium, before: dict[str, object]) -> None:
    """Each member can act, nothing that ended lives again, no suspicion is lifted, every row proves."""
    now = {key.kid: key for key in tuple(c.registry.keys())}
    assert before.keys() <= now.keys()
    for member in c.registry.members():
        assert any(key.role == "admin" and key.end is None for key in c.registry.keys_of(member.iss))
    for kid, key in before.items():
        later = now[kid]
        end, suspect = getattr(key, "end", None), getattr(key, "suspect", None)
        assert end is None or later.end == end
        assert suspect is None or (later.suspect is not None and later.suspect <= suspect)
        assert (later.iss, later.role, later.add) == tuple(getattr(key, name) for name in ("iss", "role", "add"))
        assert later.suspect != 0
    rows = c.registry.rows()
    number = c.size % len(rows)
    verify_row(rows[number], number, row_path(rows, number), keys_root(rows), len(now))
