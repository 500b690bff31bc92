"""Keys: added, used, revoked, declared compromised, rotated; and the thieves who try."""

from typing import Any

import pytest

from ledger.entry.parse import parse_wire
from ledger.keys.signer import MemorySigner
from tests.simulator.consortium import Consortium
from tests.simulator.refusal import refused

EVENT = {"type": "ObjectEvent", "action": "OBSERVE"}


@pytest.fixture
def consortium() -> Consortium:
    return Consortium(members=3)


def unchanged(consortium: Consortium, before: bytes) -> bool:
    return consortium.registry.dump() == before


def test_a_device_signs_events_from_the_entry_after_its_add(consortium: Consortium) -> None:
    device = consortium.members[0].device
    index = consortium.event(0, EVENT, lots=())
    key = consortium.registry.standing(device.public.kid, index)
    assert (key.role, key.add, key.by, key.end, key.suspect) == ("device", 1, 1, None, None)
    assert consortium.registry.lane(device.public.kid) == (0, consortium.entries[index].jwt.leaf)


@pytest.mark.parametrize("alg", ["ES256", "Ed25519"])
def test_both_algorithms_serve_every_role(alg: Any) -> None:
    consortium = Consortium(members=2, alg=alg)
    consortium.event(1, EVENT, lots=())
    consortium.rotate(1)
    consortium.snapshot()
    assert {key.public.alg for key in tuple(consortium.registry.keys())} == {alg}


def test_a_key_used_before_its_add_is_refused(consortium: Consortium) -> None:
    device = consortium.fresh()
    early = consortium.issue(0, EVENT, by=device)[0]
    with refused("key-not-admitted"):
        consortium.append(early)
    consortium.key_add(0, key=device)
    add = consortium.size - 1
    for index in (add - 1, add):
        with refused("key-not-yet-valid"):
            consortium.registry.standing(device.public.kid, index)
    consortium.append(early)


def test_a_key_used_after_its_revoke_is_refused(consortium: Consortium) -> None:
    device = consortium.members[0].device
    last = consortium.event(0, EVENT, lots=())
    end = consortium.revoke(0, device)
    before = consortium.registry.dump()
    with refused("key-ended", end=end):
        consortium.event(0, EVENT, lots=())
    assert unchanged(consortium, before)
    consortium.registry.standing(device.public.kid, last)
    consortium.registry.standing(device.public.kid, end - 1)
    for index in (end, end + 1):
        with refused("key-ended"):
            consortium.registry.standing(device.public.kid, index)


def test_an_ended_key_is_never_admitted_again(consortium: Consortium) -> None:
    device = consortium.members[0].device
    consortium.revoke(0, device)
    for member in (0, 1):
        with refused("kid-taken"):
            consortium.key_add(member, key=device)
    with refused("key-ended"):
        consortium.revoke(0, device)


def test_a_member_speaks_only_for_itself(consortium: Consortium) -> None:
    with refused("key-of-another-member"):
        consortium.append(consortium.wire(1, "approval", {"of": "A" * 43}, by=consortium.members[0].admin))
    with refused("key-of-another-member"):
        consortium.revoke(0, consortium.members[1].device)
    with refused("key-of-another-member"):
        consortium.compromise(0, consortium.members[1].device, 4)


def test_the_last_admin_key_cannot_be_revoked(consortium: Consortium) -> None:
    first = consortium.members[0].admin
    with refused("last-admin-key"):
        consortium.revoke(0, first)
    second = consortium.key_add(0, "admin")
    consortium.revoke(0, first)
    with refused("last-admin-key"):
        consortium.revoke(0, second, by=second)


ROLES = {
    "admin": {"key", "member", "approval", "erasure", "policy"},
    "device": {"event", "correction", "master", "document", "drill", "tags"},
    "gateway": {"event", "correction", "master", "document", "drill", "tags"},
    "operator": {"snapshot", "evidence", "policy"},
    "export": set(),
}
DIGEST = "A" * 43
BODIES: dict[str, dict[str, Any]] = {
    "key": {"op": "revoke", "kid": DIGEST},
    "approval": {"of": DIGEST},
    "erasure": {"erased": [{"entry": DIGEST, "digests": [DIGEST]}], "ground": "Art. 17(1)(a) GDPR"},
    "evidence": {"type": "lane-fork", "sha256": DIGEST},
    "snapshot": {"size": 0, "keys": 0, "root": DIGEST, "tags": DIGEST},
    "tags": {"tag": [DIGEST]},
    "policy": {"votes": 0, "witnesses": [], "gateway": "accept"},
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_signs_its_own_kinds_and_no_others(consortium: Consortium, role: str) -> None:
    by = consortium.operator if role == "operator" else None
    by = by or (consortium.members[0].admin if role == "admin" else consortium.key_add(0, role))
    allowed = set()
    for kind in sorted({kind for kinds in ROLES.values() for kind in kinds}):
        body = consortium.founding(consortium.person()) if kind == "member" else BODIES.get(kind)
        if role == "operator" and kind == "policy":
            body = {**consortium.terms, "successor": {"origin": "next.example/log", "logKey": next_log_key()}}
        private = body is None
        wire = (
            consortium.issue(0, {"type": "X"}, kind=kind, by=by)[0]
            if private
            else consortium.wire(0, kind, body or {}, by=by)
        )
        try:
            consortium.registry.check(consortium.size, parse_wire(wire))
        except Exception as error:
            if getattr(error, "code", "") == "role-may-not-sign":
                continue
        allowed.add(kind)
    assert allowed == ROLES[role]


def next_log_key() -> str:
    return MemorySigner.from_seed("Ed25519", b"next log").public.jwk["x"]


def test_only_the_operators_member_adds_operator_keys(consortium: Consortium) -> None:
    with refused("operator-elsewhere"):
        consortium.key_add(1, "operator")
    second = consortium.key_add(0, "operator")
    consortium.revoke(0, consortium.operator)
    with refused("key-ended"):
        consortium.snapshot()
    consortium.snapshot(by=second)


def test_the_members_may_refuse_gateway_keys() -> None:
    consortium = Consortium(members=1, gateway="refuse")
    gateway = consortium.key_add(0, "gateway")
    with refused("gateway-refused"):
        consortium.event(0, EVENT, lots=(), by=gateway)
    consortium.event(0, EVENT, lots=())


@pytest.mark.parametrize("member", ["kid", "role", "jwk", "pop", "next"])
def test_an_added_key_proves_its_possession_for_its_place(consortium: Consortium, member: str) -> None:
    """The pop of another key, role, member or next kid does not fit."""
    person, key, following = consortium.members[0], consortium.fresh(), consortium.fresh()
    body = {"op": "add", "kid": key.public.kid, "role": "admin", "jwk": key.public.jwk, "next": following.public.kid}
    body["pop"] = consortium.pop(key, person.iss, "admin", following)
    consortium.registry.check(consortium.size, parse_wire(consortium.wire(0, "key", body)))
    other = consortium.fresh()
    forged: dict[str, tuple[str, dict[str, Any]]] = {
        "kid": ("body-value", {"kid": other.public.kid}),
        "role": ("pop-wrong", {"pop": consortium.pop(key, person.iss, "device", following)}),
        "jwk": ("pop-wrong", {"jwk": other.public.jwk, "kid": other.public.kid}),
        "pop": ("pop-wrong", {"pop": consortium.pop(key, consortium.members[1].iss, "admin", following)}),
        "next": ("pop-wrong", {"next": other.public.kid}),
    }
    code, change = forged[member]
    with refused(code):
        consortium.append(consortium.wire(0, "key", {**body, **change}))


def test_a_pop_for_another_log_is_refused(consortium: Consortium) -> None:
    elsewhere = Consortium(members=3, seed=2)
    key = consortium.fresh()
    body = {"op": "add", "kid": key.public.kid, "role": "device", "jwk": key.public.jwk}
    body["pop"] = elsewhere.pop(key, consortium.members[0].iss, "device", None)
    with refused("pop-wrong"):
        consortium.append(consortium.wire(0, "key", body))


# rotation


def test_the_committed_key_takes_over(consortium: Consortium) -> None:
    person = consortium.members[1]
    old, new = person.admin.public.kid, person.next.public.kid
    index = consortium.rotate(1)
    registry = consortium.registry
    assert (registry.standing(old, index - 1).end, registry.standing(old, index - 1).suspect) == (index, None)
    assert registry.standing(new, index, introduces=True).add == index
    with refused("key-ended"):
        registry.standing(old, index)
    with refused("key-not-yet-valid"):
        registry.standing(new, index)
    consortium.event(0, EVENT, lots=())
    again = consortium.rotate(1)
    assert registry.standing(new, index + 1).end == again


def test_a_rotation_makes_what_follows_the_named_head_suspect(consortium: Consortium) -> None:
    person = consortium.members[1]
    old, good = person.admin.public.kid, 2
    theft = consortium.key_add(1, "gateway")
    consortium.key_add(1, "export")
    index = consortium.rotate(1, last=good)
    key = consortium.registry.standing(old, good)
    assert (key.suspect, key.end) == (index - 2, index)
    assert [key.suspects(at) for at in (good, index - 2, index - 1)] == [False, True, True]
    assert consortium.registry.key_state(theft.public.kid) is not None


def test_a_rotation_may_vouch_for_nothing_of_the_old_lane_but_never_doubts_genesis(consortium: Consortium) -> None:
    old = [person.admin.public.kid for person in consortium.members]
    first = [next(i for i, e in enumerate(consortium.entries) if e.jwt.kid == kid and i) for kid in old]
    for member in range(3):
        consortium.rotate(member, last=None)
    assert [key.suspect for key in map(consortium.registry.key_state, old) if key] == first
    assert 0 not in first


def test_a_key_without_entries_rotates(consortium: Consortium) -> None:
    newcomer = consortium.admit()
    kid = consortium.members[newcomer].admin.public.kid
    consortium.rotate(newcomer)
    key = consortium.registry.key_state(kid)
    assert key is not None
    assert (key.end, key.suspect) == (consortium.size - 1, None)


def test_a_rotation_keeps_an_earlier_suspicion(consortium: Consortium) -> None:
    old = consortium.members[1].admin
    second = consortium.key_add(1, "admin")
    consortium.compromise(1, second, consortium.size)
    added = consortium.registry.key_state(second.public.kid)
    assert added is not None
    assert added.suspect == consortium.size - 1
    consortium.rotate(1)
    assert consortium.registry.standing(old.public.kid, 1).suspect is None


def test_thief_adds_a_key_with_a_stolen_phone(consortium: Consortium) -> None:
    with refused("role-may-not-sign"):
        consortium.key_add(0, "device", by=consortium.members[0].device)


def test_thief_rotates_without_the_commitment(consortium: Consortium) -> None:
    """He holds the admin key itself, but not the next one that it committed to."""
    before = consortium.registry.dump()
    wire, _ = consortium.rotation(0, to=consortium.signer("thief"))
    with refused("rotate-not-committed"):
        consortium.append(wire)
    assert unchanged(consortium, before)


def test_thief_signs_a_rotation_with_the_stolen_key_itself(consortium: Consortium) -> None:
    wire, _ = consortium.rotation(0)
    body = parse_wire(wire).claims.body
    assert body is not None
    with refused("rotate-signer"):
        consortium.append(consortium.wire(0, "key", body))
    consortium.append(wire)


def test_thief_declares_the_owners_key_compromised_with_a_stolen_phone(consortium: Consortium) -> None:
    with refused("role-may-not-sign"):
        consortium.compromise(0, consortium.members[0].admin, 5, by=consortium.members[0].device)


def test_a_key_does_not_declare_itself_compromised(consortium: Consortium) -> None:
    consortium.key_add(0, "admin")
    with refused("compromise-by-itself"):
        consortium.compromise(0, consortium.members[0].admin, 3)


def test_a_rotation_names_an_entry_the_log_holds(consortium: Consortium) -> None:
    wire, _ = consortium.rotation(1)
    body = dict(parse_wire(wire).claims.body or {})
    person = consortium.members[1]
    for wrong in ({"head": "A" * 43}, {"seq": 7}, {"seq": body["seq"] + 1}):
        with refused("rotate-head"):
            consortium.append(consortium.wire(1, "key", {**body, **wrong}, by=person.next))
    consortium.append(wire)


def test_a_rotation_belongs_to_the_member_and_to_an_admin_key_that_lives(consortium: Consortium) -> None:
    person, device = consortium.members[1], consortium.members[1].device
    wire, _ = consortium.rotation(1)
    body = dict(parse_wire(wire).claims.body or {})
    with refused("key-of-another-member"):
        consortium.append(consortium.wire(0, "key", body, by=person.next))
    with refused("rotate-not-admin"):
        consortium.append(consortium.wire(1, "key", {**body, "kid": device.public.kid}, by=person.next))
    with refused("pop-wrong"):
        consortium.append(consortium.wire(1, "key", {**body, "next": consortium.fresh().public.kid}, by=person.next))
    with refused("kid-taken"):
        consortium.append(consortium.wire(1, "key", {**body, "next": device.public.kid}, by=person.next))
    second = consortium.key_add(1, "admin")
    consortium.revoke(1, person.admin, by=second)
    with refused("key-ended"):
        consortium.append(wire)


def test_a_rotation_with_a_wrong_signature_is_refused(consortium: Consortium) -> None:
    wire, _ = consortium.rotation(1)
    entry = parse_wire(wire)
    other = parse_wire(consortium.rotation(2)[0])
    forged = entry._replace(jwt=entry.jwt._replace(signature=other.jwt.signature))
    with refused("signature-wrong"):
        consortium.registry.check(consortium.size, forged)


def test_a_committed_next_key_must_be_new(consortium: Consortium) -> None:
    person, key = consortium.members[0], consortium.fresh()
    body = {"op": "add", "kid": key.public.kid, "role": "admin", "jwk": key.public.jwk}
    for following, code in ((key, "body-value"), (person.device, "kid-taken")):
        proof = consortium.pop(key, person.iss, "admin", following)
        with refused(code):
            consortium.say(0, "key", {**body, "pop": proof, "next": following.public.kid})


# compromise


def test_compromise_makes_later_entries_suspect_and_ends_the_key(consortium: Consortium) -> None:
    device = consortium.members[0].device
    first, second = (consortium.event(0, EVENT, lots=()) for _ in range(2))
    index = consortium.compromise(0, device, second)
    key = consortium.registry.standing(device.public.kid, second)
    assert (key.end, key.suspects(first), key.suspects(second)) == (index, False, True)
    with refused("key-ended"):
        consortium.event(0, EVENT, lots=())


def test_compromise_reaches_back_after_a_revoke_and_is_never_narrowed(consortium: Consortium) -> None:
    device = consortium.members[0].device
    entry = consortium.event(0, EVENT, lots=())
    end = consortium.revoke(0, device)
    consortium.compromise(0, device, end)
    consortium.compromise(0, device, entry)
    key = consortium.registry.key_state(device.public.kid)
    assert key is not None
    assert (key.end, key.suspect) == (end, entry)
    for since in (entry, entry + 1):
        with refused("compromise-not-earlier"):
            consortium.compromise(0, device, since)


def test_compromise_reaches_no_further_than_the_admission_and_no_later_than_itself(consortium: Consortium) -> None:
    device, add = consortium.members[0].device, 1
    with refused("compromise-from", first=add):
        consortium.compromise(0, device, add - 1)
    with refused("compromise-from"):
        consortium.compromise(0, device, consortium.size + 1)
    consortium.compromise(0, device, add)


def test_genesis_is_never_suspect(consortium: Consortium) -> None:
    second = consortium.key_add(0, "admin")
    with refused("compromise-from", first=1):
        consortium.compromise(0, consortium.members[0].admin, 0, by=second)


def test_an_entry_is_signed_with_the_algorithm_of_its_key(consortium: Consortium) -> None:
    entry = parse_wire(consortium.issue(0, EVENT)[0])
    forged = entry._replace(jwt=entry.jwt._replace(alg="Ed25519"))
    consortium.registry.check(consortium.size, entry)
    with refused("entry-other-algorithm"):
        consortium.registry.check(consortium.size, forged)
