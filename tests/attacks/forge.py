"""What a forger can do with a bundle: take it apart, change it, and make everything right again that needs no key.

tree = taken_apart(data)
del tree["entries"][3]
forged = put_together(tree)          # `self` right, and with `walk` the nodes too
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ledger.bundle import self_digest
from ledger.log.merkle import LeafNodes, range_root, walk_ranges
from ledger.log.policy import KnownLog
from ledger.verify.account import Account
from ledger.verify.bundle import verify_bundle
from schemas.syntax import base64url, json_text
from tests.independent.agreement import agreed
from tests.simulator.chain import Chain

Tree = dict[str, Any]


def taken_apart(data: bytes) -> Tree:
    """The bundle as plain JSON."""
    tree: Tree = json.loads(data)
    return tree


def put_together(tree: Tree) -> bytes:
    """The bytes of a tree, canonical and with the right `self`."""
    tree["self"] = base64url.encode(self_digest(tree))
    return json_text.canonical(tree)


def rewalk(tree: Tree, hashes: Sequence[bytes]) -> Tree:
    """The nodes of the first log made anew for the entries that are left; `hashes`: all leaf hashes of the log."""
    size = tree["logs"][0]["size"]
    nodes = LeafNodes(list(hashes[:size]))
    ranges = walk_ranges(size, [item["index"] for item in tree["entries"]])
    tree["logs"][0]["nodes"] = [base64url.encode(range_root(nodes, start, end)) for start, end in ranges]
    return tree


def without(tree: Tree, chain: Chain, *indexes: int) -> Tree:
    """Entries left out, their hashes in the nodes instead: what anybody who holds the bundle can do."""
    tree["entries"] = [item for item in tree["entries"] if item["index"] not in indexes]
    return rewalk(tree, chain.log.leaf_hashes)


def entry(tree: Tree, index: int) -> Tree:
    """The entry at an index."""
    found: Tree = next(item for item in tree["entries"] if item["index"] == index)
    return found


def judged(data: bytes, known: Mapping[str, KnownLog]) -> Account:
    """The account of a bundle; the verifier written from the specification alone gives the same."""
    account = verify_bundle(data, known=known)
    assert agreed(data, known).verdicts == account.verdicts
    return account


def codes(account: Account, verdict: str) -> set[str]:
    """The codes of one verdict."""
    return {reason.code for reason in account.because(verdict)}


def refused(account: Account, verdict: str, code: str) -> None:
    """The account is not valid because of this verdict and code."""
    assert account.exit_code == 1
    assert account.verdicts[verdict] == "no"
    assert code in codes(account, verdict)
