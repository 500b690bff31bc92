"""Bodies are read strictly: each member missing, unknown or of another type is refused by its name."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.registry.bodies import Compromise, Evidence, Genesis, Policy, Recover, Rotate, Snapshot, Tags
from ledger.registry.read_body import read_body, read_genesis
from schemas.errors import InputError
from tests.simulator.consortium import Consortium
from tests.simulator.refusal import refused

C = Consortium(members=2)
DIGEST = "A" * 43
HIGHER = "B" + "A" * 42
KEY = C.fresh()
JWK, KID, POP = KEY.public.jwk, KEY.public.kid, "A" * 86
ISS = C.members[0].iss

BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "genesis": ("policy", C.genesis_body({"origin": "old.example/log", "size": 7, "root": DIGEST})),
    "policy": ("policy", {"votes": 2, "witnesses": ["quorum none"], "gateway": "refuse"}),
    "closing": (
        "policy",
        {
            "votes": 0,
            "witnesses": [],
            "gateway": "accept",
            "successor": {"origin": "next.example/log", "logKey": DIGEST},
        },
    ),
    "add": ("key", {"op": "add", "kid": KID, "role": "device", "jwk": JWK, "pop": POP}),
    "add admin": ("key", {"op": "add", "kid": KID, "role": "admin", "jwk": JWK, "pop": POP, "next": DIGEST}),
    "revoke": ("key", {"op": "revoke", "kid": KID}),
    "compromise": ("key", {"op": "compromise", "kid": KID, "from": 5}),
    "rotate": (
        "key",
        {"op": "rotate", "kid": DIGEST, "jwk": JWK, "pop": POP, "next": DIGEST, "seq": 3, "head": DIGEST},
    ),
    "rotate unvouched": ("key", {"op": "rotate", "kid": DIGEST, "jwk": JWK, "pop": POP, "next": DIGEST}),
    "recover": ("key", {"op": "recover", "member": ISS, "jwk": JWK, "pop": POP, "next": DIGEST}),
    "member": ("member", {"iss": ISS, "jwk": JWK, "pop": POP, "next": DIGEST}),
    "approval": ("approval", {"of": DIGEST}),
    "tags": ("tags", {"tag": [DIGEST, HIGHER]}),
    "erasure": (
        "erasure",
        {"erased": [{"entry": DIGEST, "digests": [DIGEST, HIGHER]}], "ground": "Art. 17(1)(b) GDPR"},
    ),
    "evidence": ("evidence", {"type": "lane-fork", "sha256": DIGEST}),
    "snapshot": ("snapshot", {"size": 9, "keys": 4, "root": DIGEST, "tags": DIGEST}),
}
OPTIONAL = {("rotate", "seq"), ("rotate", "head"), ("closing", "successor")}
MEMBERS = [(name, member) for name, (_, body) in BODIES.items() for member in body]


def test_every_body_is_read() -> None:
    read = {name: read_body(kind, body) for name, (kind, body) in BODIES.items()}
    assert isinstance(read["genesis"], Genesis)
    assert isinstance(read["policy"], Policy)
    assert read["compromise"] == Compromise(KID, 5)
    assert read["evidence"] == Evidence("lane-fork", bytes(32))
    assert read["snapshot"] == Snapshot(9, 4, bytes(32), bytes(32))
    assert read["tags"] == Tags((bytes(32), b"\x04" + bytes(31)))
    rotation, unvouched, recovery = read["rotate"], read["rotate unvouched"], read["recover"]
    assert isinstance(rotation, Rotate)
    assert isinstance(unvouched, Rotate)
    assert isinstance(recovery, Recover)
    assert (rotation.seq, rotation.head, unvouched.seq, unvouched.head) == (3, bytes(32), None, None)
    assert recovery.member == ISS


@pytest.mark.parametrize(("name", "member"), MEMBERS)
def test_a_missing_member_is_refused_by_its_name(name: str, member: str) -> None:
    kind, body = BODIES[name]
    rest = {key: value for key, value in body.items() if key != member}
    if (name, member) == ("closing", "successor"):
        read_body(kind, rest)
        return
    with refused("body-member-missing", member="op" if member == "op" else member):
        read_genesis(rest) if name == "genesis" else read_body(kind, rest)


@pytest.mark.parametrize("name", BODIES)
def test_an_unknown_member_is_refused_by_its_name(name: str) -> None:
    kind, body = BODIES[name]
    with refused("body-member-unknown", member="note"):
        read_body(kind, {**body, "note": "hello"})


def test_a_next_key_is_for_admin_keys_only() -> None:
    with refused("body-member-unknown", member="next"):
        read_body("key", {**BODIES["add"][1], "next": DIGEST})


WRONG: list[Any] = [None, True, -1, 2**53 + 1, "", "x", "ä", [], [1], {}, {"x": 1}, 1.5]


@pytest.mark.parametrize(("name", "member"), MEMBERS)
def test_a_value_of_another_type_is_refused_by_its_name(name: str, member: str) -> None:
    kind, body = BODIES[name]
    for wrong in WRONG:
        if (member, wrong) in (
            ("predecessor", None),
            ("witnesses", []),
            ("type", "x"),
            ("ground", "x"),
            ("ground", "ä"),
        ):
            continue
        if (name, member) == ("genesis", "origin") and wrong == "x":
            continue
        with pytest.raises(InputError) as caught:
            read_body(kind, {**body, member: wrong})
        # A wrong `op` or `role` asks for other members; a wrong object is refused by what it lacks itself.
        inner = caught.value.code in ("key-type", "body-member-missing", "body-member-unknown", "base64url")
        assert inner or caught.value.context["member"] == member, (name, member, wrong)


@given(st.sampled_from(MEMBERS), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["iss", "jwk", "entry", "x"]), inner),
))  # fmt: skip
def test_whatever_stands_in_a_body_it_is_read_or_refused(place: tuple[str, str], value: Any) -> None:
    kind, body = BODIES[place[0]]
    with suppress(InputError):
        read_body(kind, {**body, place[1]: value})


@pytest.mark.parametrize(("name", "change", "member"), [
    ("genesis", {"origin": "a b"}, "origin"),
    ("genesis", {"origin": "a+b"}, "origin"),
    ("genesis", {"origin": "a" * 129}, "origin"),
    ("genesis", {"members": []}, "members"),
    ("policy", {"gateway": "maybe"}, "gateway"),
    ("policy", {"witnesses": ["log x"]}, "witnesses"),
    ("policy", {"witnesses": ["quorum none\nquorum none"]}, "witnesses"),
    ("policy", {"witnesses": ["quorum none"] * 65}, "witnesses"),
    ("add", {"role": "king"}, "role"),
    ("add", {"kid": DIGEST}, "kid"),
    ("add", {"op": "steal"}, "op"),
    ("add admin", {"next": KID}, "next"),
    ("recover", {"next": KID}, "next"),
    ("rotate", {"next": KID}, "next"),
    ("recover", {"member": "urn:uuid:00000000-0000-1000-8000-000000000000"}, "member"),
    ("member", {"iss": ISS.upper()}, "iss"),
    ("tags", {"tag": [HIGHER, DIGEST]}, "tag"),
    ("tags", {"tag": [DIGEST, DIGEST]}, "tag"),
    ("tags", {"tag": []}, "tag"),
    ("tags", {"tag": [chr(65 + n) + "A" * 42 for n in range(26)] + [chr(97 + n) + "A" * 42 for n in range(23)]}, "tag"),
    ("erasure", {"ground": "x" * 501}, "ground"),
    ("erasure", {"ground": "a\nb"}, "ground"),
    ("erasure", {"erased": []}, "erased"),
    ("erasure", {"erased": [{"entry": DIGEST, "digests": []}]}, "digests"),
    ("evidence", {"type": "Lane fork"}, "type"),
    ("evidence", {"type": "a" * 41}, "type"),
    ("approval", {"of": DIGEST + "A"}, "of"),
])  # fmt: skip
def test_a_value_outside_its_bounds_is_refused(name: str, change: dict[str, Any], member: str) -> None:
    kind, body = BODIES[name]
    with refused("body-value", member=member):
        read_body(kind, {**body, **change})


def test_base64url_has_one_spelling_in_bodies_too() -> None:
    with refused("base64url", member="of"):
        read_body("approval", {"of": "A" * 42 + "B"})


@pytest.mark.parametrize("kind", ["event", "praise"])
def test_other_kinds_have_no_body(kind: str) -> None:
    with refused("body-kind", kind=kind):
        read_body(kind, {})
    with refused("body-kind"):
        read_body("key", None)
