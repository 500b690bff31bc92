"""What a file is, by its content, and the account of it: a bundle, an evidence file, or nothing this room can check.

- The name of a file says nothing. A file that claims to be a bundle and is damaged is not valid; one that makes no
  such claim cannot be told, and is never valid here.

    account = verify_file(data, known=known)
"""

from collections.abc import Mapping, Sequence

from ledger.bundle import looks_like_bundle
from ledger.evidence_file import looks_like_evidence
from ledger.log.policy import KnownLog
from ledger.verify.account import Account, Opinion, account_of
from ledger.verify.bundle import verify_bundle
from ledger.verify.evidence import verify_evidence


def verify_file(data: bytes, *, known: Mapping[str, KnownLog], require: Sequence[str] = ()) -> Account:
    """The account of a file's bytes; nothing is raised."""
    if looks_like_bundle(data):
        return verify_bundle(data, known=known, require=require)
    if looks_like_evidence(data):
        return verify_evidence(data, known=known)
    opinion = Opinion("authentic")
    opinion.miss("not-a-bundle")
    return account_of([opinion], demanded=require)
