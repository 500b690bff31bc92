"""Twins of signatures and of texts: high s, small-order points, duplicate names, respelled base64url."""

from collections.abc import Mapping

import pytest

from ledger.entry.jwt import assemble, signing_input
from ledger.keys.signature import P256_ORDER
from ledger.log.policy import KnownLog
from schemas.syntax import base64url
from tests.attacks.forge import Tree, entry, judged, put_together, refused, taken_apart
from tests.simulator.chain import Chain


def resigned(tree: Tree, index: int, signature: bytes) -> Tree:
    shown = entry(tree, index)
    shown["entry"] = ".".join([*shown["entry"].split(".")[:2], base64url.encode(signature)])
    return tree


def test_a_high_s_twin(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    signature = chain.log.entries[chain.peaches].jwt.signature
    high = P256_ORDER - int.from_bytes(signature[32:], "big")
    twin = signature[:32] + high.to_bytes(32, "big")
    account = judged(put_together(resigned(taken_apart(bundle), chain.peaches, twin)), known)
    refused(account, "authentic", "signature-high-s")


# Points of small order (RFC 8032 section 5.1.7 leaves them to the verifier): the identity, and one of order 4.
@pytest.mark.parametrize("point", [b"\x01" + bytes(31), bytes(32)], ids=["identity", "order 4"])
def test_a_small_order_point_in_a_signature(point: bytes) -> None:
    chain = Chain(alg="Ed25519")
    data = chain.bundle()
    assert judged(data, chain.known()).exit_code == 0
    forged = resigned(taken_apart(data), chain.peaches, point + bytes(32))
    refused(judged(put_together(forged), chain.known()), "authentic", "signature-small-order")


def test_duplicate_names_in_a_payload(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    original = chain.log.entries[chain.peaches].jwt
    header, payload, _ = original.raw.decode().split(".")
    doubled = base64url.decode(payload).replace(b'"v":1', b'"v":1,"v":1')
    signed = f"{header}.{base64url.encode(doubled)}".encode()
    key = chain.log.members[0].device
    tree = taken_apart(bundle)
    entry(tree, chain.peaches)["entry"] = assemble(signed, key.sign(signed)).decode()
    refused(judged(put_together(tree), known), "authentic", "json-duplicate-name")


def test_duplicate_names_in_the_bundle(bundle: bytes, known: Mapping[str, KnownLog]) -> None:
    doubled = bundle.replace(b'{"completeness":', b'{"direction":"back","completeness":', 1)
    refused(judged(doubled, known), "authentic", "json-duplicate-name")


def test_a_respelled_signature(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    tree = taken_apart(bundle)
    shown = entry(tree, chain.peaches)
    last = shown["entry"][-1]
    # 64 bytes leave four unused bits in the last character; another character says the same bytes.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    shown["entry"] = shown["entry"][:-1] + alphabet[alphabet.index(last) + 1]
    refused(judged(put_together(tree), known), "authentic", "base64url")


def test_another_algorithm_in_the_header(bundle: bytes, chain: Chain, known: Mapping[str, KnownLog]) -> None:
    jwt = chain.log.entries[chain.peaches].jwt
    signed = signing_input("Ed25519", jwt.kid, jwt.payload)
    tree = taken_apart(bundle)
    entry(tree, chain.peaches)["entry"] = assemble(signed, jwt.signature).decode()
    refused(judged(put_together(tree), known), "authentic", "entry-other-algorithm")
