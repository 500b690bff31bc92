"""The certificates of a member that hold, or ended lately, by the day on which they end.

certificates(node, audience=audience, member=iss, soon=60)  ->  [Certificate("BIO-1", ends=date(2026, 12, 31), …)]

FORMATS section 3 (certificate).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.verbs.master import list_things
from ledger.audience import Audience
from ledger.lots.weeks import ROME
from ledger.node import Node
from schemas.master.validity import day as day_of

_MOST = 500


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate: its number and scheme, its entry, its last day (None: none is said), whether that is over."""

    id: str
    number: str
    scheme: str
    member: str
    index: int
    begins: str
    ends: date | None
    over: bool
    soon: bool


def certificates(node: Node, *, audience: Audience, member: str | None, soon: int) -> list[Certificate]:
    """Those that hold today, and those that ended within so many days (`soon`), the first to end first; `soon` in each
    says whether it ends, or ended, within them. `member` None: everybody's."""
    today = datetime.fromtimestamp(node.clock(), ROME).date()
    # Those that ended lately hold no longer, and are what somebody has to renew.
    seen: dict[tuple[str, str], Certificate] = {}
    for moment in (today - timedelta(days=soon), today):
        things, _ = list_things(
            node, audience=audience, type="certificate", as_of=moment.isoformat(), limit=_MOST
        )  # fmt: skip
        for thing in things:
            version, content = thing.version, thing.content
            if member not in (None, version.member):
                continue
            ends = _last_day(content.get("validTo"))
            id = str(content.get("id") or "")
            seen[version.member, id] = Certificate(
                id, str(content.get("number") or id), str(content.get("scheme") or ""), version.member, version.index,
                version.valid_from, ends, ends is not None and ends < today,
                ends is not None and ends <= today + timedelta(days=soon),
            )  # fmt: skip
    return sorted(seen.values(), key=lambda each: (each.ends or date.max, each.number, each.id))


def _last_day(said: object) -> date | None:
    """The day on which something ends that is said to hold until a day or an instant."""
    if not isinstance(said, str):
        return None
    found = day_of(said)
    if found is not None:
        return found
    try:
        return datetime.fromisoformat(said).astimezone(ROME).date()
    except ValueError:
        return None
