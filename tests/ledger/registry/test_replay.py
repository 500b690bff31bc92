"""The registry as a whole: lanes, branches, its dump, and that the log alone decides."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.entry.parse import parse_leaf, parse_wire
from ledger.registry.layers import Layer
from ledger.registry.replay import CHANGES_STANDING, Registry
from schemas.errors import LedgerError
from tests.simulator.consortium import Consortium
from tests.simulator.refusal import refused

EVENT = {"type": "ObjectEvent", "action": "OBSERVE"}


@pytest.fixture
def consortium() -> Consortium:
    return Consortium(members=3)


def busy(seed: int = 1) -> Consortium:
    """A log with everything in it."""
    c = Consortium(members=3, seed=seed)
    c.event(0, EVENT, lots=("https://id.gs1.org/01/09521234000012/10/L1",))
    c.admit()
    c.key_add(1, "gateway")
    c.event(1, EVENT, lots=("https://id.gs1.org/01/09521234000012/10/L1",), by=c.members[1].keys["gateway"])
    c.snapshot()
    c.rotate(1)
    c.compromise(0, c.members[0].device, 3)
    c.approve(0, c.propose_recover(0, 2))
    c.propose_terms(votes=2)
    c.say(0, "erasure", {"erased": [{"entry": "A" * 43, "digests": ["A" * 43]}], "ground": "Art. 17 GDPR"})
    c.say(0, "evidence", {"type": "lane-fork", "sha256": "A" * 43}, by=c.operator)
    c.snapshot()
    return c


BUSY = busy()


def test_the_log_alone_decides() -> None:
    """From the leaves, without any disclosure, everybody comes to the same registry."""
    c = busy()
    registry = Registry.genesis(parse_leaf(c.leaves[0]))
    for index, raw in enumerate(c.leaves[1:], 1):
        registry.apply(index, parse_leaf(raw), verify=True)
    assert registry.dump() == c.registry.dump()


def test_a_start_needs_only_the_kinds_that_change_standing() -> None:
    c = busy()
    registry = Registry.genesis(parse_leaf(c.leaves[0]))
    for index, entry in enumerate(c.entries[1:], 1):
        if entry.claims.kind in CHANGES_STANDING:
            registry.apply(index, entry)
        else:
            registry.note_lane(entry.jwt.kid, index, entry.claims.seq, entry.jwt.leaf)
    assert registry.dump() == c.registry.dump()


@pytest.mark.parametrize("start", [0, 5, 14])
def test_a_start_from_public_entries_and_lane_heads_gives_the_same_registry(start: int) -> None:
    """From nothing, or from a dump of some size; the private entries in between are known by their lanes' heads."""
    c, registry = BUSY, Registry.genesis(BUSY.entries[0])
    for index in range(1, start):
        registry.apply(index, c.entries[index])
    registry = Registry.load(registry.dump())
    for index in range(max(start, 1), c.size):
        if not c.entries[index].claims.private:
            registry.resume(index, c.entries[index])
    heads = {e.jwt.kid: (e.claims.seq, e.jwt.leaf, index) for index, e in enumerate(c.entries)}
    registry.resume_lanes(heads, c.size)
    assert registry.dump() == c.registry.dump()
    assert registry.rows() == c.registry.rows()


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(1, 8), st.booleans(), st.booleans()), max_size=20))
def test_a_dump_and_any_grouping_give_the_same_registry(groups: list[tuple[int, bool, bool]]) -> None:
    """Groups of any length, some dropped and judged again, with restarts from the dump in between."""
    c, index = BUSY, 1
    registry = Registry.genesis(c.entries[0])
    for length, kept, restarted in [*groups, (c.size, True, False)]:
        group, until = registry.branch(), min(index + length, c.size)
        for at in range(index, until):
            group.apply(at, c.entries[at])
        if kept:
            group.merge()
            index = until
        if restarted:
            registry = Registry.load(registry.dump())
    assert registry.dump() == c.registry.dump()
    assert registry.rows() == c.registry.rows()


def test_a_branch_sees_below_and_changes_nothing_until_merged(consortium: Consortium) -> None:
    before = consortium.registry.dump()
    group = consortium.registry.branch()
    wire = consortium.wire(0, "key", {"op": "revoke", "kid": consortium.members[0].device.public.kid})
    group.apply(group.size, parse_wire(wire))
    assert group.key(consortium.members[1].device.public.kid) is not None
    assert consortium.registry.dump() == before
    inner = group.branch()
    late = consortium.issue(0, EVENT)[0]
    with refused("key-ended"):
        inner.apply(inner.size, parse_wire(late))
    inner.merge()
    group.merge()
    assert consortium.registry.dump() == group.dump() != before


def test_a_branch_is_merged_only_into_the_state_it_came_from(consortium: Consortium) -> None:
    group = consortium.registry.branch()
    consortium.event(0, EVENT, lots=())
    with pytest.raises(ValueError, match="merges once"):
        group.merge()
    with pytest.raises(ValueError, match="merges once"):
        consortium.registry.merge()
    with pytest.raises(ValueError, match="nothing below"):
        Layer[str, int]().merge()


def test_a_refused_entry_leaves_the_registry_as_it_was() -> None:
    c = busy()
    before = c.registry.dump()
    for member in range(3):
        for kind, body in (("approval", {"of": "A" * 43}), ("key", {"op": "revoke", "kid": "A" * 43})):
            with pytest.raises(LedgerError):
                c.say(member, kind, body)
    assert c.registry.dump() == before


def test_a_signature_is_checked_with_the_key_the_log_has(consortium: Consortium) -> None:
    entry = parse_wire(consortium.issue(0, EVENT)[0])
    assert consortium.registry.signing_key(entry) == consortium.members[0].device.public
    rotation = parse_wire(consortium.rotation(0)[0])
    assert consortium.registry.signing_key(rotation) == consortium.members[0].next.public
    stranger = parse_wire(consortium.issue(0, EVENT, by=consortium.fresh())[0])
    with refused("key-not-admitted"):
        consortium.registry.signing_key(stranger)


# lanes


def test_a_lane_grows_one_by_one(consortium: Consortium) -> None:
    first = consortium.issue(0, EVENT)[0]
    kid = parse_wire(first).jwt.kid
    with refused("lane-behind", expected=0, seq=1):
        consortium.registry.check_lane(kid, 1, bytes(32))
    consortium.append(first)
    with refused("lane-fork"):
        consortium.append(first)
    with refused("lane-fork", kid=kid, seq=0):
        consortium.registry.check_lane(kid, 0, None)
    with refused("lane-prev"):
        consortium.registry.check_lane(kid, 1, bytes(32))
    with refused("lane-behind", expected=1):
        consortium.registry.check_lane(kid, 2, bytes(32))
    consortium.registry.check_lane(kid, 1, parse_wire(first).jwt.leaf)


def test_an_entry_replayed_on_another_lane_or_log_is_refused(consortium: Consortium) -> None:
    other = Consortium(members=3, seed=2)
    wire = other.wire(0, "key", {"op": "revoke", "kid": "A" * 43})
    with refused("lane-behind"):
        consortium.append(wire)
    with refused("other-log"):
        consortium.append(consortium.wire(0, "approval", {"of": "A" * 43}, log="other.example/log"))
    with refused("other-log"):
        consortium.append(other.issue(0, EVENT)[0])


def test_entries_are_taken_in_order_of_index(consortium: Consortium) -> None:
    entry = parse_wire(consortium.issue(0, EVENT)[0])
    for index in (0, consortium.size - 1, consortium.size + 1):
        with refused("index-out-of-order", expected=consortium.size):
            consortium.registry.check(index, entry)
        with refused("index-out-of-order"):
            consortium.registry.note_lane(entry.jwt.kid, index, 0, bytes(32))
    with refused("lane-gap"):
        consortium.registry.note_lane(entry.jwt.kid, consortium.size, 1, bytes(32))
    with refused("key-not-admitted"):
        consortium.registry.note_lane("A" * 43, consortium.size, 0, bytes(32))


def test_an_unknown_kind_is_refused(consortium: Consortium) -> None:
    from ledger.entry import jwt
    from schemas.syntax.base64url import encode

    key = consortium.members[0].device
    payload = {"v": 1, "log": consortium.origin, "iss": consortium.members[0].iss, "seq": 0, "kind": "praise"}
    signed = jwt.signing_input(key.public.alg, key.public.kid, payload)
    entry = parse_leaf(signed + b"." + encode(key.sign(signed)).encode())
    with refused("unknown-kind"):
        consortium.registry.check(consortium.size, entry)


# closing


def test_the_operator_closes_the_log_and_nothing_follows(consortium: Consortium) -> None:
    consortium.close("next.example/log")
    successor = consortium.registry.successor
    assert successor is not None
    assert successor.origin == "next.example/log"
    for attempt in (lambda: consortium.event(0, EVENT, lots=()), consortium.snapshot, consortium.close):
        with refused("log-closed"):
            attempt()
    assert Registry.load(consortium.registry.dump()).successor == successor


def test_the_operator_changes_no_terms_and_a_member_closes_no_log(consortium: Consortium) -> None:
    with refused("role-may-not-sign"):
        consortium.say(0, "policy", {**consortium.terms, "votes": 1}, by=consortium.operator)
    with refused("role-may-not-sign"):
        consortium.close(by=consortium.members[0].admin)
    consortium.terms["votes"] = 1
    with refused("closing-changes-policy"):
        consortium.close()
    consortium.terms["votes"] = 0
    with refused("successor-is-itself"):
        consortium.close(consortium.origin)
    with refused("successor-is-itself"):
        consortium.close(key=consortium.log_signer)


def test_a_dump_of_another_version_or_damaged_is_refused(consortium: Consortium) -> None:
    data = consortium.registry.dump()
    for damaged in (b"", b"{}", data[:-1], data.replace(b'"dump":1', b'"dump":2'), data.replace(b"urn:uuid", b"\xff")):
        with refused("registry-dump"):
            Registry.load(damaged)
    with refused("registry-dump"):
        Registry.load(data.replace(b'"kty":"EC"', b'"kty":"RSA"'))
