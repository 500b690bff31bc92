"""Verify: the account of a file, offline, against the logs that the user trusts.

- With a policy named, only its logs are known: whoever names one wants that answer and no other.
- The first head that a valid bundle shows of a known log is kept, so that a later one is held to it. A bundle is no
  consistency proof, so it never replaces a head that is kept already.

    account = verify(data, known=folder.load(), policies=[text], require=["complete"])

ARCHITECTURE.md 3.6, 3.7, section 7 (`verify`).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from exporters.verify_file import bundles_of, verify_file
from ledger.bundle import looks_like_bundle, parse
from ledger.log.policy import KnownLog, compose, known_log
from ledger.node import Node
from ledger.trust import KnownLogs, read_policy
from ledger.verify.account import Account


def verify(
    data: bytes, *, known: Mapping[str, KnownLog], policies: Sequence[bytes] = (), require: Sequence[str] = ()
) -> Account:
    """The account of a file's bytes. `InputError` for a policy that is none (`policy`, `policy-genesis`, …)."""
    named = {log.origin: log for log in map(read_policy, policies)}
    return verify_file(data, known=_with_heads(named, known) if policies else known, require=require)


def trusted_here(node: Node, folder: Path | None) -> dict[str, KnownLog]:
    """The logs that a server trusts: its own, and those in a folder of its operator."""
    own = known_log(compose(node.vkey, node.registry.genesis_leaf, node.registry.policy().witnesses))
    return {**(KnownLogs(folder).load() if folder is not None else {}), own.origin: own}


def keep_heads(data: bytes, folder: KnownLogs) -> None:
    """Keep the heads of a valid bundle or paper, of the known logs that none was seen of yet; other files have none."""
    bundles = bundles_of(data) or ((data,) if looks_like_bundle(data) else ())
    known = folder.load() if bundles else {}
    for part in (part for bundle in bundles[:1] for part in parse(bundle).logs):
        log = known.get(part.origin)
        if log is not None and log.last is None:
            folder.remember(part.checkpoint.encode("utf-8"))


def _with_heads(named: Mapping[str, KnownLog], known: Mapping[str, KnownLog]) -> dict[str, KnownLog]:
    """The named logs, each with the last head seen where it is the same log that was known before."""
    kept = {}
    for origin, log in named.items():
        before = known.get(origin)
        same = before is not None and (before.vkey, before.genesis) == (log.vkey, log.genesis)
        last = before.last if before is not None and same else None
        kept[origin] = KnownLog(origin, log.vkey, log.genesis, log.policy, last)
    return kept
