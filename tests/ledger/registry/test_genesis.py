"""Entry 0: what a log must say of itself, and each thing it is refused for."""

from collections.abc import Callable
from typing import Any

import pytest

from ledger.entry.parse import parse_wire
from ledger.keys.signer import MemorySigner
from ledger.registry.replay import Registry
from tests.simulator.consortium import Consortium
from tests.simulator.refusal import refused


@pytest.fixture
def consortium() -> Consortium:
    return Consortium(members=3, devices=False)


def begin(consortium: Consortium, body: dict[str, Any], **how: Any) -> Registry:
    wire = consortium.wire(0, "policy", body, lane=(0, None), **how)
    return Registry.genesis(parse_wire(wire))


def test_genesis_introduces_founders_operator_and_terms(consortium: Consortium) -> None:
    registry = begin(consortium, consortium.genesis_body())
    first = consortium.members[0]
    assert registry.origin == consortium.origin
    assert registry.log_key == consortium.log_signer.public.raw
    assert [member.iss for member in registry.members()] == [person.iss for person in consortium.members]
    assert [key.role for key in tuple(registry.keys())] == ["admin", "admin", "admin", "operator"]
    assert registry.operator == first.iss
    assert registry.size == 1
    assert registry.lane(first.admin.public.kid) == (0, consortium.entries[0].jwt.leaf)
    assert registry.genesis_leaf == consortium.entries[0].jwt.leaf
    assert registry.predecessor is None
    assert registry.standing(first.admin.public.kid, 0, introduces=True).next == first.next.public.kid
    with refused("key-not-yet-valid"):
        registry.standing(consortium.members[1].admin.public.kid, 0)


def test_a_successor_names_the_log_it_goes_on_from() -> None:
    old = Consortium(members=1, seed=1)
    root = old.genesis_body()["logKey"]
    named = {"origin": old.origin, "size": old.size, "root": root}
    new = Consortium(members=1, seed=2, predecessor=named)
    assert new.registry.predecessor is not None
    assert (new.registry.predecessor.origin, new.registry.predecessor.size) == (old.origin, 2)


def test_five_founders_with_p256_keys_fit_into_one_entry() -> None:
    assert len(Consortium(members=5, devices=False).leaves[0]) <= 4096


def test_witness_lines_form_a_policy_with_the_logs_key() -> None:
    assert Consortium(members=1, witnesses=("quorum none",)).registry.policy().witnesses == ("quorum none",)
    for lines in (("quorum w1",), ("witness w1 nonsense", "quorum w1"), ("group g 2 a b",)):
        with refused("policy"):
            Consortium(members=1, witnesses=lines)


Change = Callable[[Consortium, dict[str, Any]], Any]
FORGED: dict[str, tuple[str, Change]] = {
    "another origin than claimed": ("other-log", lambda c, b: b.update(origin="other.example/log")),
    "a founder twice": ("genesis-repeats", lambda c, b: b["members"].append(b["members"][0])),
    "a member under two keys": (
        "genesis-repeats",
        lambda c, b: b["members"].__setitem__(1, {**b["members"][1], "iss": b["members"][2]["iss"]}),
    ),
    "a key of two members": (
        "genesis-repeats",
        lambda c, b: b["members"].__setitem__(1, {**b["members"][2], "iss": b["members"][1]["iss"]}),
    ),
    "one next key for two": (
        "genesis-repeats",
        lambda c, b: b["members"].__setitem__(1, {**b["members"][1], "next": b["members"][2]["next"]}),
    ),
    "an operator who is no founder": ("operator-not-member", lambda c, b: b["operator"].update(iss=c.person().iss)),
    "the operator's key is an admin key": (
        "genesis-repeats",
        lambda c, b: b["operator"].update(jwk=b["members"][0]["jwk"]),
    ),
    "a founder without its private key": (
        "pop-wrong",
        lambda c, b: b["members"][1].update(pop=b["members"][2]["pop"]),
    ),
    "a founder's next key replaced": (
        "pop-wrong",
        lambda c, b: b["members"][1].update(next=c.fresh().public.kid),
    ),
    "an operator without its private key": (
        "pop-wrong",
        lambda c, b: b["operator"].update(pop=b["members"][2]["pop"]),
    ),
    "its own predecessor": (
        "genesis-repeats",
        lambda c, b: b.update(predecessor={"origin": c.origin, "size": 1, "root": b["logKey"]}),
    ),
    "a log key that is no point": ("key-not-on-curve", lambda c, b: b.update(logKey="Ag" + "A" * 41)),
    "another first founder": ("genesis-signer", lambda c, b: b["members"].reverse()),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_genesis_is_refused(consortium: Consortium, name: str) -> None:
    code, change = FORGED[name]
    body = consortium.genesis_body()
    begin(consortium, body)
    change(consortium, body)
    with refused(code):
        begin(consortium, body)


def test_genesis_signed_by_somebody_else_is_refused(consortium: Consortium) -> None:
    body = consortium.genesis_body()
    with refused("genesis-signer"):
        begin(consortium, body, by=MemorySigner.from_seed("ES256", b"thief"))
    genesis = begin(consortium, body)
    raw = consortium.leaves[0]
    twin = parse_wire(raw[:-86] + Consortium(members=3, seed=2, devices=False).leaves[0][-86:] + b"~")
    assert genesis.size == 1
    with refused("signature-wrong"):
        Registry.genesis(twin)


def test_genesis_is_a_policy_at_seq_0(consortium: Consortium) -> None:
    body = consortium.genesis_body()
    with refused("genesis-kind"):
        Registry.genesis(parse_wire(consortium.wire(0, "member", consortium.founding(consortium.members[0]))))
    with refused("genesis-kind"):
        Registry.genesis(parse_wire(consortium.wire(0, "policy", body, lane=(1, bytes(32)))))
    with refused("body-member-missing"):
        begin(consortium, {"votes": 0, "witnesses": [], "gateway": "accept"})
