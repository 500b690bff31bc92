"""Entries dropped, reordered, truncated, exchanged, with `self` and the walk made right again."""

from collections.abc import Mapping

from ledger.log.policy import KnownLog
from tests.attacks.forge import codes, entry, judged, put_together, refused, rewalk, taken_apart, without
from tests.simulator.chain import PACKED, PLUMS, STRANGE, Chain, packed


def test_an_entry_dropped_without_new_nodes(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    tree["entries"] = [item for item in tree["entries"] if item["index"] != chain.loading]
    refused(judged(put_together(tree), known), "included", "proof-length")


def test_an_entry_dropped_with_new_nodes(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    account = judged(put_together(without(taken_apart(bundle), chain, chain.loading)), known)
    assert account.verdicts["included"] == "yes"
    refused(account, "complete", "tagged-entry-left-out")


def test_the_introduction_of_a_key_dropped(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    kid = chain.log.members[2].device.public.kid
    state = chain.log.registry.key_state(kid)
    assert state is not None
    account = judged(put_together(without(taken_apart(bundle), chain, state.by)), known)
    refused(account, "authentic", "key-not-introduced")


def test_entries_reordered(bundle: bytes, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    tree["entries"].reverse()
    refused(judged(put_together(tree), known), "authentic", "bundle-order")


def test_two_entries_that_exchange_their_indexes(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    one, other = entry(tree, chain.received), entry(tree, chain.packing)
    one["index"], other["index"] = other["index"], one["index"]
    tree["entries"].sort(key=lambda item: item["index"])
    account = judged(put_together(tree), known)
    refused(account, "included", "bundle-root")
    assert "lane-order" in codes(account, "unbroken")


def test_entries_truncated(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    tree["entries"] = tree["entries"][:-3]
    refused(judged(put_together(rewalk(tree, chain.log.leaf_hashes)), known), "keys_valid", "snapshot-missing")


def test_an_entry_cut_short(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    shown = entry(tree, chain.peaches)
    shown["entry"] = shown["entry"][:-4]
    account = judged(put_together(tree), known)
    refused(account, "authentic", "base64url")
    assert "bundle-root" in codes(account, "included")


def test_an_entry_that_its_own_key_never_signed(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    one, other = entry(tree, chain.peaches), entry(tree, chain.shipped)
    one["entry"] = ".".join([*one["entry"].split(".")[:2], other["entry"].split(".")[2]])
    refused(judged(put_together(tree), known), "authentic", "signature-wrong")


def test_the_upstream_left_out_behind_an_empty_par() -> None:
    forged = Chain()
    log = forged.log
    other = f"{PACKED}-B"
    mixed = log.event(1, packed([PLUMS], [other], 9), par=())
    data = taken_apart(forged.bundle(other))
    account = judged(put_together(without(data, forged, forged.plums, forged.packing)), forged.known())
    assert mixed in {item["index"] for item in data["entries"]}
    refused(account, "unbroken", "upstream-left-out")


def test_a_parent_left_out(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    account = judged(put_together(without(taken_apart(bundle), chain, chain.shipped)), known)
    refused(account, "unbroken", "parent-left-out")


def test_an_entry_left_out_although_its_tag_is_in_the_tree(
    bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]
) -> None:
    account = judged(put_together(without(taken_apart(bundle), chain, chain.packing)), known)
    refused(account, "complete", "tagged-entry-left-out")


def test_a_subject_that_is_not_proved(bundle: bytes, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    tree["subject"] = STRANGE
    account = judged(put_together(tree), known)
    refused(account, "unbroken", "subject-not-proved")
    assert "subject-not-proved" in codes(account, "complete")
