"""Verify a file that left the house: recognise it by content, take its bundle out, let `ledger.verify` judge.

- Known today: the bundle itself and the evidence file. Every other file is `not_shown` and never valid.
- KNOWN LIMIT: papers (spreadsheet, XML, PDF) and their verdict `faithful` come with their formats (docs/limits.md).

    account = verify_file(data, known=known, require=("complete",))

ARCHITECTURE.md 2 (rule 5) and 3.7.
"""

from collections.abc import Mapping, Sequence

from ledger.log.policy import KnownLog
from ledger.verify import recognise
from ledger.verify.account import Account


def verify_file(data: bytes, *, known: Mapping[str, KnownLog], require: Sequence[str] = ()) -> Account:
    """The account of an exported file's bytes; nothing is raised, whatever they are."""
    return recognise.verify_file(data, known=known, require=require)
