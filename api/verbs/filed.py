"""The files that entries of bundles sign by their digest, as far as this ledger can bring them.

- A document's file is read from beside the log; one that was never brought here, or that the caller may not see, is not
  brought. One that is damaged is an error: it would be missed silently.
- A drill's report was not kept: it is made again from the log as it was then, and is the one where its digest is.

    filed(node, [bundle], audience=full())

docs/adr/0057-files-that-entries-sign-by-digest.md.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from api.verbs.recall import reported
from exporters.facts.filed import Filed
from exporters.facts.history import read
from ledger.audience import Audience
from ledger.custody import documents
from ledger.node import Node
from ledger.readside.recall_tree import tree
from schemas.errors import EvidenceError, InputError
from schemas.syntax import json_text

_SIZES = 16
"""How many entries may have been logged between a drill's answer and its own."""


def filed(node: Node, bundles: Sequence[bytes], *, audience: Audience) -> tuple[bytes, ...]:
    """Every file that can be brought; `EvidenceError("document-damaged")`."""
    signed = {each.index: each for bundle in bundles for each in read(bundle).files}
    found = (_document(node, each, audience) if each.sort == "document" else _report(node, each, audience)
             for each in signed.values())  # fmt: skip
    return tuple(data for data in found if data is not None)


def _document(node: Node, each: Filed, audience: Audience) -> bytes | None:
    try:
        return documents.read(node, each.index, audience=audience).data
    except InputError:
        return None
    except EvidenceError as error:
        if error.code != "document-missing":
            raise
        return None


def _report(node: Node, each: Filed, audience: Audience) -> bytes | None:
    """The report whose digest the drill signs; None where the log no longer gives it.

    KNOWN LIMIT: members may be called otherwise today, and rules of tanks that were named by hand are known to nobody.
    """
    if not audience.whole:
        return None
    return next((data for data in _told(node, each, audience) if sha256(data).digest() == each.sha256), None)


def _told(node: Node, each: Filed, audience: Audience) -> Iterator[bytes]:
    try:
        asked, answered = (datetime.fromisoformat(str(each.content[name])) for name in ("asked", "answered"))
    except (KeyError, ValueError):
        return
    for size in range(each.index, max(0, each.index - _SIZES), -1):
        found = reported(
            node, str(each.content.get("subject")), audience=audience, asked=asked, answered=answered, size=size
        )
        told = tree(found)
        # The clock was read more finely than the entry says: the milliseconds between may be one less.
        for less in (0, 1):
            yield json_text.canonical({**told, "milliseconds": told["milliseconds"] - less})
