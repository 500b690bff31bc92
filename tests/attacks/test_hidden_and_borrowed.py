"""What is hidden, relayed or erased so that a bundle says less, or something else, than the log."""

from collections.abc import Mapping
from typing import Any

from ledger.audience import full
from ledger.entry.issue import Lot
from ledger.log.policy import KnownLog
from ledger.prove import prove
from schemas.syntax import base64url
from tests.attacks.forge import Tree, codes, entry, judged, put_together, refused, taken_apart, without
from tests.simulator.chain import GTIN, PACKED, PEACHES, PLUMS, Chain, begun, observed

OTHER_KEY = b"\xff" * 16


def hiding(tree: Tree, index: int, text: bytes) -> Tree:
    """The disclosures of an entry that hold a text taken out."""
    shown = entry(tree, index)
    kept = [item for item in shown["disclosures"] if text not in base64url.decode(item)]
    assert kept != shown["disclosures"]
    shown["disclosures"] = kept
    return tree


def test_a_second_key_of_the_subject_is_told(known: Mapping[str, KnownLog]) -> None:
    chain = Chain()
    chain.log.event(2, observed(PACKED, "storing", 20), lots=[Lot(PACKED, OTHER_KEY, 0)])
    refused(judged(chain.bundle(), chain.known()), "complete", "two-keys-for-one-object")


def test_a_second_key_of_the_subject_hidden() -> None:
    """Under the hidden key there may be more entries, which the tag tree was not asked for."""
    chain = Chain()
    index = chain.log.event(2, observed(PACKED, "storing", 20), lots=[Lot(PACKED, OTHER_KEY, 0)])
    tree = hiding(taken_apart(chain.bundle()), index, base64url.encode(OTHER_KEY).encode())
    account = judged(put_together(tree), chain.known())
    assert account.verdicts["complete"] == "not_shown"
    assert codes(account, "complete") == {"subject-key-not-shown"}


def test_a_second_key_of_the_subject_behind_tags_left_out() -> None:
    """More lots than one entry has tags for: without its `tags` entry the second key would not be proved."""
    chain = Chain()
    others = [Lot(f"{GTIN}O-{number:03d}", number.to_bytes(16, "big"), 0) for number in range(1, 120)]
    content = observed(PACKED, "storing", 20)
    index = chain.log.event(2, content, lots=[Lot(PACKED, OTHER_KEY, 0), *others])
    tree = taken_apart(chain.bundle())
    more = [item["index"] for item in tree["entries"] if index - 3 < item["index"] < index]
    assert more
    account = judged(put_together(without(tree, chain, *more)), chain.known())
    assert account.verdicts["complete"] != "yes"
    assert codes(account, "complete") & {"subject-key-not-shown", "two-keys-for-one-object"}


def erased(chain: Chain, by: int, index: int) -> int:
    leaf = base64url.encode(chain.log.leaf_hashes[index])
    body = {"erased": [{"entry": leaf, "digests": [base64url.encode(bytes(32))]}], "ground": "art. 17 GDPR"}
    return chain.log.say(by, "erasure", body)


def test_an_erasure_that_another_member_declared() -> None:
    chain = Chain()
    erased(chain, 2, chain.packing)
    account = judged(chain.bundle(), chain.known())
    refused(account, "authentic", "erasure-of-another-member")
    assert "declared-erased" not in codes(account, "authentic")


def test_an_erasure_of_the_members_own_is_told_and_valid() -> None:
    chain = Chain()
    erased(chain, 1, chain.packing)
    account = judged(chain.bundle(), chain.known())
    assert account.exit_code == 0
    assert "declared-erased" in codes(account, "authentic")


def relaying(chain: Chain, content: dict[str, Any], original: bytes, **how: Any) -> int:
    return chain.log.event(1, content, relay=original.decode("ascii"), **how)


def test_a_relay_of_an_entry_that_says_something_else() -> None:
    chain = Chain()
    relaying(chain, observed(PACKED, "storing", 20), chain.log.leaves[chain.packing])
    refused(judged(chain.bundle(), chain.known()), "authentic", "relay-differs")


def test_a_relay_that_its_key_never_signed() -> None:
    chain = Chain()
    original = chain.log.leaves[chain.packing]
    signature = chain.log.leaves[chain.loading].rpartition(b".")[2]
    relaying(chain, observed(PACKED, "storing", 20), original.rpartition(b".")[0] + b"." + signature)
    refused(judged(chain.bundle(), chain.known()), "authentic", "signature-wrong")


def test_a_correction_whose_error_declaration_is_hidden_gives_no_birth() -> None:
    """A lot would seem to begin where somebody only said that its beginning was recorded wrongly."""
    chain = Chain()
    log = chain.log
    lot = f"{GTIN}C-1"
    seen = log.event(0, observed(lot, "storing", 20))
    declared = {"declarationTime": "2026-07-02T08:00:00Z", "reason": "urn:epcglobal:cbv:er:incorrect_data"}
    index = log.event(0, begun(lot, 21, errorDeclaration=declared), kind="correction", par=[seen])
    assert judged(chain.bundle(lot), chain.known()).verdicts["unbroken"] == "not_shown"
    tree = hiding(taken_apart(chain.bundle(lot)), index, b'"errorDeclaration"')
    account = judged(put_together(tree), chain.known())
    assert account.verdicts["unbroken"] != "yes"
    assert "origin-not-recorded" in codes(account, "unbroken")


def test_the_untouched_bundle_is_valid(bundle: bytes, known: Mapping[str, KnownLog]) -> None:
    account = judged(bundle, known)
    assert account.exit_code == 0
    assert account.verdicts["complete"] == "yes"
    assert account.subject not in (None, PEACHES)


def test_an_input_that_is_hidden_leaves_the_history_not_shown(
    bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]
) -> None:
    """Hidden is never absent: one more tag than objects shown, so something that went in is not told."""

    tree = hiding(taken_apart(bundle), chain.packing, PLUMS.encode())
    account = judged(put_together(tree), known)
    assert account.verdicts["unbroken"] == "not_shown"
    assert "objects-hidden" in codes(account, "unbroken")


def test_parents_that_are_hidden_leave_the_history_not_shown(
    bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]
) -> None:
    tree = hiding(taken_apart(bundle), chain.packing, base64url.encode(chain.log.leaf_hashes[chain.plums]).encode())
    account = judged(put_together(tree), known)
    assert account.verdicts["unbroken"] == "not_shown"
    assert "parents-hidden" in codes(account, "unbroken")


def test_an_entry_that_does_not_come_from_the_subject_in_a_forward_history(chain: Chain) -> None:
    honest = prove(chain.source, PEACHES, "forward", full())
    assert judged(honest, chain.known()).exit_code == 0
    padded = prove(chain.source, PEACHES, "forward", full(), naming=lambda _: [chain.stranger])
    refused(judged(padded, chain.known()), "unbroken", "not-from-the-subject")
