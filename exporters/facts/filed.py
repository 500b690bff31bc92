"""Files that entries of a bundle sign by their digest: what was attached to a lot, and the reports of drills.

- The files themselves are in no bundle. Who has one holds it against the digest here: equal, or not the one.
- A document whose name or digest is hidden, or was erased, is not among them.

    next(filed(opened)).sha256

ARCHITECTURE.md 3.2 (kinds `document`, `drill`); docs/adr/0057-files-that-entries-sign-by-digest.md.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, cast

from ledger.entry.shown import plain
from ledger.verify.opened import Opened
from schemas.errors import InputError
from schemas.syntax import base64url

Sort = Literal["document", "drill"]
_DIGESTS: Mapping[str, str] = {"document": "sha256", "drill": "report"}
_MOST_NAME = 80


@dataclass(frozen=True, slots=True)
class Filed:
    """One file: the entry that signs it and whose that is, what it is, its name, its digest, what the entry says."""

    index: int
    member: str
    sort: Sort
    name: str
    sha256: bytes
    content: Mapping[str, Any]

    @property
    def path(self) -> str:
        """Where it stands in a package."""
        if self.sort == "drill":
            return f"recall/report-{self.index}.json"
        return f"evidence/{self.index}-{re.sub(r'[^A-Za-z0-9._-]', '_', self.name)[-_MOST_NAME:]}"


def filed(opened: Opened) -> Iterator[Filed]:
    """Those of a bundle, in its order."""
    for shown, entry in opened.readable():
        if entry.claims.kind not in _DIGESTS or entry.content is None:
            continue
        content = plain(entry.content)
        digest, name = _digest(content.get(_DIGESTS[entry.claims.kind])), content.get("name", "")
        if digest is not None and isinstance(name, str) and (name or entry.claims.kind == "drill"):
            yield Filed(shown.index, entry.claims.iss, cast(Sort, entry.claims.kind), name, digest, content)


def matching(signed: Iterable[Filed], files: Iterable[bytes]) -> dict[int, bytes]:
    """The files of these that are given, by the index of the entry that signs each; what nobody signs is none."""
    given = {sha256(data).digest(): data for data in files}
    return {each.index: given[each.sha256] for each in signed if each.sha256 in given}


def _digest(value: Any) -> bytes | None:
    try:
        return base64url.decode(value) if isinstance(value, str) else None
    except InputError:
        return None
