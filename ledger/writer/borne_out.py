"""What public entries say of other entries, held against the log before they are admitted.

- A `snapshot` names the root of the tag tree: whoever got hold of the operator's key could otherwise log one over a
  tree without a lot's tags, and "nothing else for this lot" would be proved of what was left out.
- An `erasure` names entries that are there, of the member that says it: nobody declares another's data erased.

    hold_to_log(turn, body)      # raises EvidenceError

ARCHITECTURE.md 3.3, 3.8.
"""

from typing import Protocol

from ledger.registry.bodies import Body, Erasure, Snapshot
from schemas.errors import EvidenceError
from schemas.syntax import base64url

HELD = frozenset(("snapshot", "erasure"))
"""The kinds that speak of what the registry does not know."""


class Known(Protocol):
    """What the log knows just before the next entry."""

    def member_of(self, leaf: bytes) -> str | None:
        """The member whose entry has this leaf hash, None where none has."""
        ...

    def tag_root(self) -> bytes | None:
        """The root of the tag tree, None where entries wait whose tags are not in it."""
        ...


def hold_to_log(known: Known, body: Body, iss: str) -> None:
    """`EvidenceError`: `snapshot-tags`, `erasure-unknown`, `erasure-of-another-member`."""
    if isinstance(body, Snapshot) and body.tags != known.tag_root():
        raise EvidenceError("snapshot-tags", index=body.size)
    if isinstance(body, Erasure):
        for erased in body.erased:
            member = known.member_of(erased.entry)
            if member is None:
                raise EvidenceError("erasure-unknown", leaf=base64url.encode(erased.entry))
            if member != iss:
                raise EvidenceError("erasure-of-another-member", leaf=base64url.encode(erased.entry), member=member)
