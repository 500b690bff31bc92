"""What does not add up: findings about entries and lots, of the whole ledger or of one lot, with what to do.

- Nothing is refused for a finding: it stands beside what was recorded until a correction mends it.
- `as_of` is an instant or a day: what was known then, and stood then. `days`: after so many without a receipt a
  shipment is one that was never received. Who takes and sends is asked for entries only where it is a member.
- Shown is what the audience may see: a member what its own entries cause, and what is about its shipments.

    found, after = list_findings(node, audience=full(), code="received-differs")

ARCHITECTURE.md 5; docs/adr/0039-where-findings-are-kept.md.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from api.verbs.export_bundle import object_uri
from ledger.audience import Audience
from ledger.licences import recording
from ledger.lots.findings.rules import DAYS, RULES
from ledger.node import Node
from ledger.readside import findings, judging
from ledger.readside.findings import Asked, Place, Shown
from ledger.store import logged, read_side
from schemas.epcis.instant import since as microseconds
from schemas.errors import InputError
from schemas.master.validity import asked
from schemas.syntax import base64url
from schemas.wording import Language, catalogue, sentence

MOST = 1000
MOST_DAYS = 3660
NOT_SHOWN = "finding-value-hidden"
_MICROSECONDS = 1_000_000
_AT_ONCE = 500
_BITES = 10
_LAST = (1 << 62) - 1


def list_findings(
    node: Node,
    *,
    audience: Audience,
    lot: str | None = None,
    member: str | None = None,
    code: str | None = None,
    as_of: str | None = None,
    days: int = DAYS,
    after: str | None = None,
    limit: int = 100,
    only: Sequence[int] | None = None,
    since: str | None = None,
    entries: str | None = None,
) -> tuple[list[Shown], str | None]:
    """A page of findings, and what to ask for as `after` for the next, None at the end.

    `lot`: about a lot, unit or item, in any form; all are given then. `member`: about what a member recorded. `only`:
    what points to one of these entries; `entries`: to one from FIRST to LAST, as `FIRST-LAST`; `since`: to one logged
    at that instant or later, or on that day or later. `InputError`: `moment-form`, `finding-code`, `finding-days`,
    `finding-entries`, `parameter-value`, `unknown-lot`, and those of `object_uri`.
    """
    if code is not None and code not in catalogue("en"):
        raise InputError("finding-code", value=code[:80], allowed=", ".join(RULES))
    if not 0 <= days <= MOST_DAYS:
        raise InputError("finding-days", value=days, most=MOST_DAYS)
    uri, place, within = None if lot is None else object_uri(lot), _place(after), _within(entries)
    begin = None if since is None else microseconds(asked(since, beginning=True))
    at = int(node.clock() * _MICROSECONDS) if as_of is None else microseconds(asked(as_of))
    node.settled()
    with node.store.read() as connection:
        size = None if as_of is None else logged.size_at(connection, at)
    if size is None and uri is None:
        node.judged()
    records = recording(node.registry.members(), node.entry)
    with node.store.read() as connection:
        picked = None if only is None else tuple(only)
        if begin is not None:
            within = _from(logged.index_at(connection, begin), within)
        wanted = Asked(audience, at, days, records, size, code, member, picked, within)
        if uri is not None:
            return findings.about(connection, wanted, uri), None
        found, beyond = findings.page(connection, wanted, after=place, limit=max(1, min(limit, MOST)))
    return found, None if beyond is None else base64url.encode(json.dumps(beyond).encode())


def found_in(node: Node, indexes: Sequence[int], *, audience: Audience) -> list[Shown]:
    """Every finding that points to one of these entries: for who has just logged them."""
    found: list[Shown] = []
    for start in range(0, len(indexes), _AT_ONCE):
        after: str | None = None
        while True:
            some = indexes[start : start + _AT_ONCE]
            page, after = list_findings(node, audience=audience, only=some, after=after, limit=MOST)
            found += page
            if after is None:
                break
    return found


def count_between(node: Node, entries: str, *, member: str, audience: Audience) -> int | None:
    """How many findings point to entries of a member from FIRST to LAST; None while these were not all judged yet.

    Little is judged for it: who asks again soon finds more of it done.
    """
    node.settled()
    with node.store.read() as connection:
        until = read_side.size(connection)
    if all(judging.advance(node.store, until) for _ in range(_BITES)):
        return None
    count, after = 0, None
    while True:
        page, after = list_findings(node, audience=audience, entries=entries, member=member, after=after, limit=MOST)
        count += len(page)
        if after is None:
            return count


def said(found: Shown, language: Language) -> dict[str, Any]:
    """A finding as it is printed and answered: what it is, what it comes from, and what to do."""
    return {
        "code": found.code, "index": found.index, "member": found.member, "subject": found.subject,
        "causes": list(found.causes), "hidden": found.hidden,
        "context": {name: value for name, value in found.context.items() if value is not None},
        "text": sentence(found.code, _filled(found.context, language), language),
    }  # fmt: skip


def _filled(context: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """With a word for what may not be shown."""
    hidden = sentence(NOT_SHOWN, {}, language)
    return {name: hidden if value is None else value for name, value in context.items()}


def _within(entries: str | None) -> tuple[int, int] | None:
    if entries is None:
        return None
    found = _RANGE.fullmatch(entries)
    if found is None or int(found[1]) > int(found[2]):
        raise InputError("finding-entries", value=entries[:60])
    return int(found[1]), int(found[2])


def _from(begin: int | None, within: tuple[int, int] | None) -> tuple[int, int]:
    """Entries from an index on (None: none) that lie within others."""
    first, last = within or (0, _LAST)
    return (_LAST, 0) if begin is None else (max(begin, first), last)


_RANGE = re.compile(r"([0-9]{1,15})-([0-9]{1,15})", re.ASCII)


def _place(after: str | None) -> Place | None:
    if after is None:
        return None
    try:
        found = json.loads(base64url.decode(after))
    except (InputError, ValueError):
        found = None
    whole = isinstance(found, list) and len(found) in (2, 3, 4) and all(isinstance(part, int) for part in found[1:])
    if not whole or not isinstance(found[0], int | str) or (isinstance(found[0], str) and len(found) != 2):
        raise InputError("parameter-value", name="after", allowed="next")
    return tuple(found)
