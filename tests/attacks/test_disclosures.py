"""Disclosures swapped, borrowed, repeated or respelled, with `self` made right again."""

from collections.abc import Mapping

from ledger.log.policy import KnownLog
from schemas.syntax import base64url
from tests.attacks.forge import entry, judged, put_together, refused, taken_apart
from tests.simulator.chain import Chain


def test_swapped_disclosures(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    one, other = entry(tree, chain.peaches), entry(tree, chain.plums)
    one["disclosures"], other["disclosures"] = other["disclosures"], one["disclosures"]
    refused(judged(put_together(tree), known), "authentic", "disclosure-unreferenced")


def test_a_disclosure_of_another_entry(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    one, other = entry(tree, chain.peaches), entry(tree, chain.plums)
    one["disclosures"] = sorted([*one["disclosures"], other["disclosures"][0]])
    refused(judged(put_together(tree), known), "authentic", "disclosure-unreferenced")


def test_a_context_swapped_under_an_event(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    shown = entry(tree, chain.peaches)
    (place,) = [number for number, text in enumerate(shown["disclosures"]) if b'"@context"' in base64url.decode(text)]
    original = base64url.decode(shown["disclosures"][place])
    shown["disclosures"][place] = base64url.encode(original.replace(b"ref.gs1.org", b"ref.gsl.org"))
    shown["disclosures"].sort()
    refused(judged(put_together(tree), known), "authentic", "disclosure-unreferenced")


def test_a_context_left_away_under_an_event(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    shown = entry(tree, chain.peaches)
    shown["disclosures"] = [text for text in shown["disclosures"] if b'"@context"' not in base64url.decode(text)]
    refused(judged(put_together(tree), known), "authentic", "disclosure-without-context")


def test_a_disclosure_with_another_value(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    shown = entry(tree, chain.peaches)
    texts = [base64url.decode(text) for text in shown["disclosures"]]
    changed = [text.replace(b'"quantity":10', b'"quantity":90') for text in texts]
    assert changed != texts
    shown["disclosures"] = sorted(base64url.encode(text) for text in changed)
    refused(judged(put_together(tree), known), "authentic", "disclosure-unreferenced")


def test_a_disclosure_twice(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    shown = entry(tree, chain.peaches)
    shown["disclosures"] = [shown["disclosures"][0], *shown["disclosures"]]
    refused(judged(put_together(tree), known), "authentic", "bundle-order")
