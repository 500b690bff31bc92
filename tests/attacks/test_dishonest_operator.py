"""A log that admits what it must not, or states what is not so: the bundle tells, whoever signed the snapshot."""

from collections.abc import Mapping
from dataclasses import replace

from ledger.bundle import parse
from ledger.entry.parse import parse_wire
from ledger.entry.tags import tag
from ledger.log.policy import KnownLog
from ledger.registry.bodies import Genesis, Snapshot
from ledger.registry.state import Lane
from ledger.verify.account import Account
from ledger.verify.bundle import verify_opened
from ledger.verify.opened import Opened, open_bundle
from tests.attacks.forge import codes, judged, put_together, refused, taken_apart, without
from tests.simulator.chain import PACKED, Chain, observed


def slipped_in(chain: Chain, *, lane: Lane | None = None, admin: bool = False, member: int = 1) -> None:
    """An event that no registry has judged; `lane`: what the operator will say of its key's lane."""
    log = chain.log
    key = log.members[1].admin if admin else log.members[1].device
    for wire in log.issue(member, observed(PACKED, "storing", 20), lots=[PACKED], by=key):
        made = parse_wire(wire)
        stated = lane or Lane(made.claims.seq, made.jwt.leaf, log.size)
        log.registry.state.lanes[made.jwt.kid] = stated
        log.registry.state.size = log.size + 1
        log._kept(wire)


def test_an_event_signed_by_an_admin_key() -> None:
    chain = Chain()
    slipped_in(chain, admin=True)
    refused(judged(chain.bundle(), chain.known()), "keys_valid", "role-may-not-sign")


def test_a_lane_that_goes_on_after_what_the_snapshot_says_of_it() -> None:
    chain = Chain()
    slipped_in(chain, lane=Lane(0, chain.log.leaf_hashes[chain.received], chain.received))
    refused(judged(chain.bundle(), chain.known()), "keys_valid", "lane-beyond-standing")


def test_a_lane_whose_head_is_another_entry() -> None:
    chain = Chain()
    seq = chain.log.entries[chain.sent].claims.seq + 1
    slipped_in(chain, lane=Lane(seq, bytes(32), chain.log.size))
    refused(judged(chain.bundle(), chain.known()), "keys_valid", "lane-head-differs")


def test_a_tag_that_the_tree_gives_to_another_entry() -> None:
    chain = Chain()
    chain.log.tags[tag(chain.log.objects[PACKED], 1)].append(chain.sent)
    refused(judged(chain.bundle(), chain.known()), "complete", "tag-not-in-entry")


def test_fewer_entries_than_the_tag_tree_holds(bundle: bytes, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    last = tree["completeness"]["present"].pop()
    refused(judged(put_together(tree), known), "complete", "tag-path-elsewhere")
    key_tag = {"indexes": last["indexes"], "path": last["path"], "tag": tree["completeness"]["absent"]["tag"]}
    tree["completeness"]["absent"] = key_tag
    refused(judged(put_together(tree), known), "complete", "tag-root-mismatch")


def test_entries_counted_from_one(bundle: bytes, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    del tree["completeness"]["present"][0]
    refused(judged(put_together(tree), known), "complete", "tags-not-counted-from-zero")


def test_an_index_less_under_a_tag(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    tree["completeness"]["present"][0]["indexes"] = [chain.loading]
    refused(judged(put_together(tree), known), "complete", "tag-root-mismatch")


def test_no_subject_and_no_completeness_are_never_complete(bundle: bytes, known: Mapping[str, KnownLog]) -> None:
    for member, code in (("subject", "no-subject"), ("completeness", "completeness-not-given")):
        tree = taken_apart(bundle)
        del tree[member]
        account = judged(put_together(tree), known)
        assert account.verdicts["complete"] == "not_shown"
        assert codes(account, "complete") == {code}


def altered(bundle: bytes, known: Mapping[str, KnownLog], role: str, other: str) -> Account:
    """The account as it would be if the keys of one role had been introduced for another."""
    opened = open_bundle(parse(bundle))
    keys = {place: replace(found, role=other) if found.role == role else found for place, found in opened.keys.items()}
    return verify_opened(replace(opened, keys=keys), known=known)


def test_a_row_that_gives_a_key_another_role(bundle: bytes, known: Mapping[str, KnownLog]) -> None:
    refused(altered(bundle, known, "device", "gateway"), "keys_valid", "standing-of-another-key")


def test_a_snapshot_that_is_not_the_operators(bundle: bytes, known: Mapping[str, KnownLog]) -> None:
    refused(altered(bundle, known, "operator", "admin"), "keys_valid", "snapshot-not-by-operator")


def test_a_snapshot_that_speaks_of_another_size(bundle: bytes, known: Mapping[str, KnownLog]) -> None:
    opened: Opened = open_bundle(parse(bundle))
    last = opened.entries[-1]
    assert isinstance(last.body, Snapshot)
    shown = replace(last, body=replace(last.body, size=last.body.size - 1))
    forged = replace(
        opened, entries=(*opened.entries[:-1], shown), places={**opened.places, (shown.log, shown.index): shown}
    )
    refused(verify_opened(forged, known=known), "keys_valid", "snapshot-of-another-size")


def test_a_bundle_without_its_genesis(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    refused(judged(put_together(without(taken_apart(bundle), chain, 0)), known), "included", "genesis-not-shown")


def test_a_genesis_of_another_log(bundle: bytes, known: Mapping[str, KnownLog]) -> None:
    opened = open_bundle(parse(bundle))
    first = opened.entries[0]
    assert isinstance(first.body, Genesis)
    shown = replace(first, body=replace(first.body, log_key=bytes(32)))
    forged = replace(opened, entries=(shown, *opened.entries[1:]), places={**opened.places, (0, 0): shown})
    refused(verify_opened(forged, known=known), "included", "genesis-of-another-log")


def test_a_log_under_another_name_than_its_checkpoint(bundle: bytes) -> None:
    tree = taken_apart(bundle)
    tree["logs"][0]["origin"] = "another.example/log"
    refused(judged(put_together(tree), {}), "included", "checkpoint-origin")


def test_an_entry_in_the_name_of_another_member() -> None:
    chain = Chain()
    slipped_in(chain, member=2)
    refused(judged(chain.bundle(), chain.known()), "authentic", "entry-of-another-member")


def test_an_entry_that_names_another_one_before_it() -> None:
    chain = Chain()
    kid = chain.log.members[1].device.public.kid
    chain.log._heads[kid] = (chain.log.entries[chain.sent].claims.seq, bytes(32))
    slipped_in(chain)
    refused(judged(chain.bundle(), chain.known()), "unbroken", "lane-broken")


def test_a_lane_that_forks_inside_the_log() -> None:
    chain = Chain()
    kid = chain.log.members[1].device.public.kid
    chain.log._heads[kid] = (chain.log.entries[chain.loading].claims.seq, chain.log.leaf_hashes[chain.loading])
    slipped_in(chain)
    refused(judged(chain.bundle(), chain.known()), "unbroken", "lane-forks")
