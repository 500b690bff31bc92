"""What does not add up: findings about entries and lots, of the whole ledger or of one lot, with what to do.

- Nothing is refused for a finding: it stands beside what was recorded until a correction mends it.
- `as_of` is an instant or a day: what was known then, and stood then. `days`: after so many without a receipt a
  shipment is one that was never received. Who takes and sends is asked for entries only where it is a member.
- Shown is what the audience may see: a member what its own entries cause, and what is about its shipments.

    found, after = list_findings(node, audience=full(), code="received-differs")

ARCHITECTURE.md 5; docs/adr/0039-where-findings-are-kept.md.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from api.verbs.export_bundle import object_uri
from ledger.audience import Audience
from ledger.licences import recording
from ledger.lots.findings.rules import DAYS, RULES
from ledger.node import Node
from ledger.readside import findings
from ledger.readside.findings import Asked, Place, Shown
from ledger.store import logged
from schemas.epcis.instant import since
from schemas.errors import InputError
from schemas.master.validity import asked
from schemas.syntax import base64url
from schemas.wording import Language, catalogue, sentence

MOST = 1000
MOST_DAYS = 3660
NOT_SHOWN = "finding-value-hidden"
_MICROSECONDS = 1_000_000
_AT_ONCE = 500


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
) -> tuple[list[Shown], str | None]:
    """A page of findings, and what to ask for as `after` for the next, None at the end.

    `lot`: about a lot, unit or item, in any form; all are given then. `member`: about what a member recorded. `only`:
    what points to one of these entries. `InputError`: `moment-form`, `finding-code`, `finding-days`,
    `parameter-value`, `unknown-lot`, and those of `object_uri`.
    """
    if code is not None and code not in catalogue("en"):
        raise InputError("finding-code", value=code[:80], allowed=", ".join(RULES))
    if not 0 <= days <= MOST_DAYS:
        raise InputError("finding-days", value=days, most=MOST_DAYS)
    uri, place = None if lot is None else object_uri(lot), _place(after)
    at = int(node.clock() * _MICROSECONDS) if as_of is None else since(asked(as_of))
    node.settled()
    with node.store.read() as connection:
        size = None if as_of is None else logged.size_at(connection, at)
    if size is None and uri is None:
        node.judged()
    records = recording(node.registry.members(), node.entry)
    with node.store.read() as connection:
        picked = None if only is None else tuple(only)
        wanted = Asked(audience, at, days, records, size, code, member, picked)
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
