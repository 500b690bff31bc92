"""The logs whose keys somebody chose to trust, and the last head seen of each (ARCHITECTURE.md 3.6).

- A known log is a file `*.policy` of one folder: tlog-policy text of one log, with its line `# filiera-genesis`.
- A log becomes known by its policy and the fingerprint of its key, which came another way; never by a bundle or an
  export, since what a file says of its own log proves nothing.
- One origin has one key and one genesis for ever. Only its witness lines may be replaced.
- The last head is kept as the signed note, so that a contradiction can be shown to others; a later head must be
  consistent with it, and an older one must be its past.

    known = KnownLogs(config / "policies")
    known.add(text, fingerprint="5f…")
    verify_bundle(data, known=known.load())

*head*: a checkpoint signed by its log.
"""

import hmac
import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from ledger.keys import durable
from ledger.log.checkpoint import Checkpoint, open_checkpoint, parse
from ledger.log.merkle import verify_consistency
from ledger.log.policy import KnownLog, known_log
from schemas.errors import EvidenceError, InputError, LedgerError

SUFFIX = ".policy"
HEADS = "heads"
MAX_BYTES = 1 << 20
# JSON, XML or HTML, ZIP (workbooks, packages) and PDF: what bundles and exports begin with.
_EXPORTS = (b"{", b"[", b"<", b"PK\x03\x04", b"%PDF")
_SLUG = re.compile(r"[^a-z0-9]+")


def read_policy(text: bytes) -> KnownLog:
    """The log of a policy text, to show before it is trusted, or for `--policy FILE`.

    `InputError`: `trust-source` for a bundle or export, `policy`, `policy-one-log`, `policy-genesis`.
    """
    if len(text) > MAX_BYTES or text.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_EXPORTS):
        raise InputError("trust-source")
    return known_log(text)


class KnownLogs:
    """The folder of known logs. Nothing is cached: what is on disk is what is trusted."""

    def __init__(self, folder: Path, heads: Path | None = None) -> None:
        """`folder` holds the policies; `heads` the last heads (default: a folder inside)."""
        self._folder = folder
        self._heads = heads or folder / HEADS

    def load(self) -> dict[str, KnownLog]:
        """Origin -> known log, in the order of the origins; an absent folder knows none.

        `InputError`: what `read_policy` raises, with the `document`; `known-log-conflict` where two files name one
        origin; `kept-head` where the last head kept is not one of that log.
        """
        logs: dict[str, KnownLog] = {}
        for file in sorted(self._folder.glob(f"*{SUFFIX}")):
            try:
                found = read_policy(file.read_bytes())
            except LedgerError as error:
                raise error.within(document=file.name) from None
            if found.origin in logs:
                raise InputError("known-log-conflict", origin=found.origin, document=file.name)
            logs[found.origin] = self._with_head(found)
        return dict(sorted(logs.items()))

    def list(self) -> tuple[KnownLog, ...]:
        """Every known log, by origin."""
        return tuple(self.load().values())

    def texts(self) -> tuple[bytes, ...]:
        """The policy of every known log, as it was given, by origin; `InputError` as `load`."""
        return tuple(self._file(origin).read_bytes() for origin in self.load())

    def add(self, text: bytes, *, fingerprint: str) -> KnownLog:
        """Trust the log of this policy, or replace the witness lines of one already trusted.

        `InputError`: what `read_policy` raises; `fingerprint-differs`; `known-log-conflict` for a second key or
        genesis of a known origin.
        """
        found = read_policy(text)
        if not hmac.compare_digest(fingerprint.strip().lower().encode(), found.vkey.fingerprint.encode()):
            raise InputError("fingerprint-differs", origin=found.origin, found=found.vkey.fingerprint)
        durable.make_folder(self._folder)
        with durable.only_one(self._folder):
            known = self.load().get(found.origin)
            if known is not None and (known.vkey, known.genesis) != (found.vkey, found.genesis):
                raise InputError("known-log-conflict", origin=found.origin)
            durable.replace(self._file(found.origin), text)
        return self._with_head(found)

    def remove(self, origin: str) -> None:
        """Trust this log no longer, and forget its last head; `InputError("log-not-known")`."""
        file = self._known_file(origin)
        # The head goes last: a crash between leaves a head without a policy, which trusts nothing.
        file.unlink()
        durable.sync_folder(self._folder)
        self._head_file(origin).unlink(missing_ok=True)

    def remember(self, head: bytes, proof: Sequence[bytes] = ()) -> KnownLog:
        """Keep a head (a checkpoint note) as the last one seen, if it continues the one kept.

        `proof` is the consistency proof between the two sizes, empty for the first or the same head. An older head
        must be the past of the one kept, which stays. `InputError("log-not-known")`; `EvidenceError`:
        `head-contradicts`, `consistency-root`, `proof-length`, and those of `open_checkpoint`.
        """
        claimed, _ = parse(head)
        known = self.load().get(claimed.origin)
        if known is None:
            raise InputError("log-not-known", origin=claimed.origin)
        checkpoint = open_checkpoint(head, known.vkey)
        durable.make_folder(self._heads)
        with durable.only_one(self._heads):
            # Read again under the lock: another process may have kept a later one meanwhile.
            if _continues(self._with_head(known).last, checkpoint, proof):
                durable.replace(self._head_file(known.origin), head)
        return self._with_head(known)

    def last_head(self, origin: str) -> bytes | None:
        """The last head kept, as the signed note: one half of the evidence where a log contradicts itself."""
        file = self._head_file(origin)
        return file.read_bytes() if file.exists() else None

    def _with_head(self, known: KnownLog) -> KnownLog:
        head = self.last_head(known.origin)
        if head is None:
            return known
        try:
            last = open_checkpoint(head, known.vkey)
        except LedgerError as error:
            raise InputError("kept-head", origin=known.origin, problem=error.code) from None
        return KnownLog(known.origin, known.vkey, known.genesis, known.policy, last)

    def _file(self, origin: str) -> Path:
        """Where this origin's policy stands, or where a new one goes."""
        for file in sorted(self._folder.glob(f"*{SUFFIX}")):
            if read_policy(file.read_bytes()).origin == origin:
                return file
        return self._folder / f"{_stem(origin)}{SUFFIX}"

    def _known_file(self, origin: str) -> Path:
        file = self._file(origin)
        if not file.exists():
            raise InputError("log-not-known", origin=origin)
        return file

    def _head_file(self, origin: str) -> Path:
        return self._heads / f"{_stem(origin)}.checkpoint"


def _stem(origin: str) -> str:
    # Readable, and told apart by the digest: two origins may have one slug.
    return f"{_SLUG.sub('-', origin.lower()).strip('-')[:60]}-{sha256(origin.encode('utf-8')).hexdigest()[:16]}"


def _continues(last: Checkpoint | None, found: Checkpoint, proof: Sequence[bytes]) -> bool:
    """Whether `found` is to be kept in place of `last`; raises where the two contradict each other."""
    if last is None or last.size == 0:
        return last is None or found.size > 0
    if found.size == last.size:
        if found.root != last.root:
            raise EvidenceError("head-contradicts", origin=found.origin, size=found.size)
        return False
    if found.size == 0:
        return False
    old, new = sorted((last, found), key=lambda head: head.size)
    verify_consistency(old.size, new.size, old.root, new.root, proof)
    return new is found
