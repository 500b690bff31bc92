"""Proofs and bundles from a log of 10^6 entries.

- An inclusion proof is a receipt: found in the tiles, with the newest checkpoint.
- The bundle is that of a lot with ten events spread over the whole log, for full disclosure; it is verified with the
  log known, as a stranger would.
"""

import random
from pathlib import Path

from benchmarks.large import CHAIN_LOT, ENTRIES, large
from benchmarks.measure import Number, at_most, median
from benchmarks.signed import lot_uri
from ledger.audience import full
from ledger.log.checkpoint import open_checkpoint
from ledger.log.merkle import verify_inclusion
from ledger.node import Node
from ledger.prove import prove
from ledger.trust import KnownLogs
from ledger.verify.bundle import verify_bundle

PROOFS = 500


def run() -> list[Number]:
    """Times and sizes of inclusion proofs, of a bundle of ten entries, and of its verification."""
    with large() as (node, where):
        return [*_receipts(node), *_bundle(node, where)]


def _receipts(node: Node) -> list[Number]:
    order = random.Random(952)
    indexes = [order.randrange(node.registry.size) for _ in range(PROOFS)]
    taken = median(lambda: [node.receipt(index) for index in indexes]) / PROOFS
    found = node.receipt(indexes[0])
    head = open_checkpoint(found.checkpoint, node.vkey)
    verify_inclusion(found.index, head.size, found.leaf, found.proof, head.root)
    return [
        Number(f"inclusion proof at {ENTRIES:,}", taken * 1e3, "ms"),
        Number(f"hashes in it at {ENTRIES:,}", len(found.proof), ""),
    ]


def _bundle(node: Node, where: Path) -> list[Number]:
    node.snapshot()
    subject = lot_uri(CHAIN_LOT)
    data = prove(node.source, subject, "back", full())
    known = KnownLogs(where / "policies").load()
    account = verify_bundle(data, known=known)
    if account.exit_code != 0:
        raise SystemExit(f"the bundle does not verify: {account.verdicts}")
    return [
        at_most(f"bundle of ten entries among {ENTRIES:,}", len(data) / 1e3, 60, "KB"),
        Number("making it", median(lambda: prove(node.source, subject, "back", full())) * 1e3, "ms"),
        Number("verifying it", median(lambda: verify_bundle(data, known=known)) * 1e3, "ms"),
    ]
