"""Verify an evidence file: do its two artefacts prove that somebody signed two things that exclude each other?

- `log-fork`: both checkpoints are signed by the log's key, of one origin and size, with two roots.
- `lane-fork`: both entries are signed by the key whose thumbprint they name, of one log and `seq`, and are not one
  statement signed twice.
- `refused-inclusion`: both tlog-proofs hold under the log's key, at one index, for two leaves.
- `authentic` says whether both are signed and exclude each other. `included` says whether the log is known: for what a
  log's key signed, the key comes from the known logs, never from the file.

    verify_evidence(data, known=known).exit_code     # 0: the misconduct is proved

Two checkpoints of different sizes exclude each other only if one is no prefix of the other, which takes the log's
tiles to show: such a file is `not_shown`.
"""

from collections.abc import Mapping
from typing import Any

from ledger.entry.parse import Entry, parse_leaf, verify_entry
from ledger.evidence_file import EvidenceFile, parse
from ledger.keys.signature import PublicKey
from ledger.log import tlog_proof
from ledger.log.checkpoint import open_checkpoint
from ledger.log.merkle import leaf_hash
from ledger.log.note import VerifierKey
from ledger.log.policy import KnownLog
from ledger.verify.account import ALWAYS_DEMANDED, Account, LogSeen, Opinion
from ledger.verify.included import TRUST_COMMAND
from schemas.errors import EvidenceError, InputError


def verify_evidence(data: bytes, *, known: Mapping[str, KnownLog]) -> Account:
    """The account of an evidence file: valid when the misconduct is proved. Nothing is raised."""
    authentic, included = Opinion("authentic"), Opinion("included")
    logs: tuple[LogSeen, ...] = ()
    try:
        evidence = parse(data)
        logs = _judge(evidence, known, authentic, included)
    except InputError as error:
        if error.code == "evidence-format":
            authentic.miss(error.code, **error.context)
        else:
            authentic.refuse(error)
    except EvidenceError as error:
        authentic.refuse(error)
    verdicts = {opinion.verdict: opinion.answer for opinion in (authentic, included)}
    reasons = (*authentic.reasons, *included.reasons)
    return Account(verdicts, reasons, ALWAYS_DEMANDED - {"keys_valid"}, logs=logs)


def _judge(
    evidence: EvidenceFile, known: Mapping[str, KnownLog], authentic: Opinion, included: Opinion
) -> tuple[LogSeen, ...]:
    trusted = known.get(evidence.origin)
    vkey = _log_key(evidence, trusted)
    if trusted is None:
        fingerprint = vkey.fingerprint if vkey else ""
        included.miss("unknown-log", origin=evidence.origin, fingerprint=fingerprint, command=TRUST_COMMAND)
    one, other = (text.encode("utf-8") for text in evidence.artefacts)
    if vkey is None:
        _lane_fork(evidence, one, other, authentic)
        return ()
    if evidence.kind == "log-fork":
        size = _log_fork(vkey, one, other, authentic)
    else:
        size = _refused(vkey, one, other, authentic)
    return (LogSeen(evidence.origin, size, vkey.fingerprint, trusted is not None),)


def _log_key(evidence: EvidenceFile, trusted: KnownLog | None) -> VerifierKey | None:
    if evidence.vkey is None:
        return None
    stated = VerifierKey.parse(evidence.vkey)
    if trusted is not None and trusted.vkey != stated:
        expected, found = trusted.vkey.fingerprint, stated.fingerprint
        raise EvidenceError("other-log-key", origin=evidence.origin, expected=expected, found=found)
    if stated.name != evidence.origin:
        raise EvidenceError("checkpoint-origin", origin=stated.name)
    return stated


def _log_fork(vkey: VerifierKey, one: bytes, other: bytes, opinion: Opinion) -> int:
    first, second = open_checkpoint(one, vkey), open_checkpoint(other, vkey)
    if first.root == second.root and first.size == second.size:
        opinion.deny("no-contradiction")
    elif first.size != second.size:
        opinion.miss("fork-of-two-sizes", one=first.size, other=second.size)
    else:
        opinion.note("log-forked", origin=first.origin, size=first.size)
    return max(first.size, second.size)


def _lane_fork(evidence: EvidenceFile, one: bytes, other: bytes, opinion: Opinion) -> None:
    key = PublicKey.from_jwk(evidence.jwk or {})
    first, second = _signed(one, key), _signed(other, key)
    if first.claims.log != evidence.origin or _place(first) != _place(second):
        opinion.deny("no-contradiction")
    elif first.jwt.identity == second.jwt.identity:
        opinion.deny("one-statement-signed-twice")
    else:
        opinion.note("lane-forked", member=first.claims.iss, kid=key.kid, seq=first.claims.seq)


def _signed(raw: bytes, key: PublicKey) -> Entry:
    entry = parse_leaf(raw)
    verify_entry(entry, key)
    return entry


def _place(entry: Entry) -> tuple[Any, ...]:
    return entry.claims.log, entry.jwt.kid, entry.claims.seq


def _refused(vkey: VerifierKey, one: bytes, other: bytes, opinion: Opinion) -> int:
    proofs = [tlog_proof.parse(text) for text in (one, other)]
    leaves = [leaf_hash(proof.extra or b"") for proof in proofs]
    heads = [tlog_proof.verify(proof, leaf, vkey) for proof, leaf in zip(proofs, leaves, strict=True)]
    if proofs[0].index != proofs[1].index or leaves[0] == leaves[1]:
        opinion.deny("no-contradiction")
    else:
        opinion.note("inclusion-refused", index=proofs[0].index)
    return max(head.size for head in heads)
