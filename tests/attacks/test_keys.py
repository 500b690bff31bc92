"""Keys used before they were added or after they ended, and standing that hides it."""

from collections.abc import Mapping
from typing import Any

from ledger.entry.parse import parse_wire
from ledger.log.policy import KnownLog
from ledger.registry.state import Lane
from tests.attacks.forge import Tree, codes, judged, put_together, refused, rewalk, taken_apart
from tests.simulator.chain import PACKED, Chain, observed


def row_of(tree: Tree, kid: str) -> Any:
    return next(item for item in tree["standing"] if item["row"].startswith(kid))


def test_a_revoke_left_out(bundle: bytes) -> None:
    """The row of a revoked key, with the end taken out of it again."""
    chain = Chain()
    key = chain.log.members[1].device
    chain.log.revoke(1, key)
    tree = taken_apart(chain.bundle())
    row = row_of(tree, key.public.kid)
    parts = row["row"].split(" ")
    assert parts[4] != "-"
    row["row"] = " ".join([*parts[:4], "-", *parts[5:]])
    refused(judged(put_together(tree), chain.known()), "keys_valid", "row-root-mismatch")


def test_a_compromise_left_out() -> None:
    chain = Chain()
    key = chain.log.members[1].device
    chain.log.compromise(1, key, chain.received)
    honest = chain.bundle()
    refused(judged(honest, chain.known()), "keys_valid", "entry-suspect")
    tree = taken_apart(honest)
    row = row_of(tree, key.public.kid)
    parts = row["row"].split(" ")
    row["row"] = " ".join([*parts[:4], "-", "-", *parts[6:]])
    refused(judged(put_together(tree), chain.known()), "keys_valid", "row-root-mismatch")


def test_a_compromise_reattested_is_told_and_valid() -> None:
    chain = Chain()
    log = chain.log
    key = log.members[1].device
    log.compromise(1, key, chain.sent)
    new = log.key_add(1, "device")
    content = log.entries[chain.sent].content
    assert content is not None
    log.event(1, dict(content), par=[chain.loading], by=new, reattests=log.leaf_hashes[chain.sent])
    account = judged(chain.bundle(), chain.known())
    assert account.exit_code == 0
    assert "entry-reattested" in codes(account, "keys_valid")


def test_a_row_left_out(bundle: bytes, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    tree["standing"] = tree["standing"][1:]
    account = judged(put_together(tree), known)
    assert account.exit_code == 2
    assert codes(account, "keys_valid") == {"standing-missing"}


def test_the_row_of_another_key(bundle: bytes, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    one, other = tree["standing"][:2]
    one["row"], other["row"] = other["row"], one["row"]
    refused(judged(put_together(tree), known), "keys_valid", "row-root-mismatch")


def test_a_stale_snapshot_that_hides_a_later_revoke() -> None:
    """Standing from a snapshot before the revoke, under a checkpoint after an entry that came after it."""
    chain = Chain()
    old = taken_apart(chain.bundle())
    key = chain.log.members[1].device
    chain.log.revoke(1, key)
    new = taken_apart(chain.bundle())
    (stale,) = {item["at"] for item in old["standing"]}
    by_kid = {item["row"].split(" ")[0]: item for item in old["standing"]}
    new["standing"] = sorted(by_kid.values(), key=lambda item: item["n"])
    new["entries"] = [item for item in new["entries"] if item["index"] != stale]
    snapshot = next(item for item in old["entries"] if item["index"] == stale)
    new["entries"] = sorted([*new["entries"], snapshot], key=lambda item: item["index"])
    account = judged(put_together(rewalk(new, chain.log.leaf_hashes)), chain.known())
    assert account.verdicts["included"] == "yes"
    assert account.verdicts["keys_valid"] == "not_shown"
    assert account.exit_code == 2
    assert "snapshot-not-at-checkpoint" in codes(account, "keys_valid")


def test_a_key_used_after_its_revoke() -> None:
    """A log that admits what it must not: the registry is bypassed, the bundle tells all the same."""
    chain = Chain()
    log = chain.log
    key = log.members[1].device
    log.revoke(1, key)
    wires = log.issue(1, observed(PACKED, "storing", 20), lots=[PACKED], by=key)
    admitted_against_the_rules(chain, wires)
    refused(judged(chain.bundle(), chain.known()), "keys_valid", "key-ended")


def test_a_key_used_before_it_was_added() -> None:
    chain = Chain()
    log = chain.log
    early = log.fresh()
    wires = log.issue(1, observed(PACKED, "storing", 20), lots=[PACKED], by=early)
    admitted_against_the_rules(chain, wires, kid=early.public.kid)
    body = {"op": "add", "kid": early.public.kid, "role": "device", "jwk": early.public.jwk}
    body["pop"] = log.pop(early, log.members[1].iss, "device", None)
    log.say(1, "key", body)
    refused(judged(chain.bundle(), chain.known()), "keys_valid", "key-not-yet-valid")


def admitted_against_the_rules(chain: Chain, wires: list[bytes], kid: str = "") -> None:
    """Take entries into the log as a dishonest operator would: only their lane is noted."""
    for wire in wires:
        entry = parse_wire(wire)
        lane = Lane(entry.claims.seq, entry.jwt.leaf, chain.log.size)
        chain.log.registry.state.lanes[entry.jwt.kid] = lane
        chain.log.registry.state.size = chain.log.size + 1
        chain.log._kept(wire)
