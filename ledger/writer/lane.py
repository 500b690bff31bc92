"""Our own lanes: the gateway and operator keys, whose entries are signed inside the commit.

A lane is serial: each entry names the seq and the leaf hash of the one before it. A key that the writer holds can
therefore only sign while nobody else may add to the lane, that is inside the ordering lock, where the heads are known.

    lane = Lane(signer, iss)
    wires = lane.private(origin, heads.lane(lane.kid), "event", content, record, random)

ARCHITECTURE.md 3.2, 3.4.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.entry.issue import Record, issue_private, issue_public
from ledger.keys.signer import Signer

Head = tuple[int, bytes] | None
"""The last seq of a lane and the leaf hash of its entry; None for a lane without entries."""


def following(head: Head) -> tuple[int, bytes | None]:
    """The seq and prev that the next entry of a lane with this head must carry."""
    return (0, None) if head is None else (head[0] + 1, head[1])


@dataclass(frozen=True, slots=True)
class Lane:
    """One key of ours and the member it signs for."""

    signer: Signer
    iss: str

    @property
    def kid(self) -> str:
        """The RFC 7638 thumbprint of the lane's key."""
        return self.signer.public.kid

    def private(
        self,
        log: str,
        head: Head,
        kind: str,
        content: dict[str, Any],
        record: Record,
        salt: Callable[[int], bytes],
    ) -> list[bytes]:
        """The wires of the next private entry, `tags` entries first where its tags overflow."""
        seq, prev = following(head)
        return issue_private(
            self.signer, log=log, iss=self.iss, seq=seq, prev=prev, kind=kind, content=content, record=record, salt=salt
        )

    def public(
        self,
        log: str,
        head: Head,
        kind: str,
        body: dict[str, Any],
        *,
        profile: dict[str, Any] | None = None,
        salt: Callable[[int], bytes] | None = None,
    ) -> bytes:
        """The wire of the next public entry."""
        seq, prev = following(head)
        return issue_public(
            self.signer,
            log=log,
            iss=self.iss,
            seq=seq,
            prev=prev,
            kind=kind,
            body=body,
            profile=profile,
            salt=salt,
        )
