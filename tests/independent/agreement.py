"""Our verifier, the one written from the specification and the one of the browser, asked the same: they must answer the
same.

account = agreed(data, known)          # ours, and the others said just that
"""

from collections.abc import Mapping, Sequence

from ledger.log.note import VerifierKey
from ledger.log.policy import KnownLog
from ledger.verify.account import Account
from ledger.verify.recognise import verify_file
from tests.browser.asked import asked_in_node, case, differences
from tests.independent.verifier.crypto import from_raw
from tests.independent.verifier.evidence import verify_file as verify_independently
from tests.independent.verifier.note import Head, Policy, Vkey

# Changes no verdict; marked (i) in docs/spec/bundle.md.
SAID = {
    "signed-by-gateway", "relayed-entry", "relay-not-checked", "declared-erased", "older-than-known",
    "newer-than-known", "entry-reattested", "cosigned", "log-forked", "lane-forked", "inclusion-refused",
}  # fmt: skip


def agreed(data: bytes, known: Mapping[str, KnownLog], require: Sequence[str] = ()) -> Account:
    """Our account of a file; `AssertionError` where the independent verifier finds anything else."""
    ours = verify_file(data, known=known, require=require)
    theirs = verify_independently(data, {origin: _policy(log) for origin, log in known.items()}, require)
    reasons = {(reason.verdict, reason.code, reason.index) for reason in ours.reasons}
    assert {*theirs.wrong, *theirs.lacking} == {reason for reason in reasons if reason[1] not in SAID}
    assert {name: theirs.verdicts[name] for name in ours.verdicts} == ours.verdicts
    assert theirs.exit_code == ours.exit_code
    answer = asked_in_node(case(data, known, require))
    assert answer is None or differences(answer, ours) == []
    return ours


def _policy(log: KnownLog) -> Policy:
    last = Head(log.last.origin, log.last.size, log.last.root) if log.last else None
    witnesses = {name: _vkey(witness.vkey) for name, witness in log.policy.witnesses.items()}
    groups = {name: (group.threshold, list(group.members)) for name, group in log.policy.groups.items()}
    return Policy(_vkey(log.vkey), log.genesis, witnesses, groups, log.policy.quorum or "none", last)


def _vkey(vkey: VerifierKey) -> Vkey:
    return Vkey(vkey.name, vkey.type, from_raw(vkey.key.raw))
