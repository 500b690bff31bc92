"""The tlog-proof of one entry (c2sp.org/tlog-proof): the entry itself, its place, and the way to a checkpoint."""

from ledger.log.tlog_proof import TlogProof
from ledger.node import Node


def proof(node: Node, index: int) -> bytes:
    """The proof as text, `extra` the JWT; `InputError("entry-missing")`."""
    jwt = node.leaf(index)
    receipt = node.receipt(index)
    return TlogProof(index, receipt.proof, receipt.checkpoint, jwt).write()
