"""Findings as they are answered: about entries and about lots together, as far as somebody may see them.

- A finding is shown to who may see an entry that causes it. What the others say is *not shown*: neither they nor the
  values that come from them, whose places are None in the context; that there are more is said (`hidden`).
- Of the ledger as it is, what was found is read from tables. As of a past size of the log, and about one lot, it is
  judged when it is asked for, by the same rules.
- `Asked.records` says who records here: the members of the ledger.

    found, next = page(connection, asked, after=None, limit=100)

ARCHITECTURE.md rule 8; docs/adr/0039-where-findings-are-kept.md.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.audience import Audience
from ledger.lots.findings.found import Found
from ledger.lots.findings.rules import judge, stand
from ledger.readside.cases import Read, cases, reach
from ledger.store import findings, lot_findings, objects, visibility
from ledger.store.connection import Connection
from ledger.store.edges import StoreEdges
from schemas.errors import InputError

_BATCH = 400
_OBJECTS = 200
_MOST_BATCHES = 25
"""Looked through for one page: a page may be short, and its successor is named."""
_OWN_NAMES = frozenset(("lot", "unit"))


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding: `index` is the entry to look at and `member` who signed it; `subject` the lot or unit, None where it
    is about the entry alone; `causes` those that may be seen, `hidden` how many may not."""

    code: str
    index: int
    member: str
    subject: str | None
    causes: tuple[int, ...]
    hidden: int
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: for whom, at which moment (microseconds since 1970), after how many days, and about what.

    `size`: as of that many entries, None for all; `only`: what points to one of these entries; `within`: to one from
    the first to the last.
    """

    seen_by: Audience
    at: int
    days: int
    records: Callable[[str], bool]
    size: int | None = None
    code: str | None = None
    member: str | None = None
    only: tuple[int, ...] | None = None
    within: tuple[int, int] | None = None

    def wants(self, found: Found, member: str) -> bool:
        """Is this finding about an entry of a member asked for?"""
        wanted = self.code in (None, found.code) and self.member in (None, member)
        near = self.within is None or self.within[0] <= found.index <= self.within[1]
        return wanted and near and (self.only is None or found.index in self.only)


Place = tuple[Any, ...]
_Row = tuple[Place, Shown]
_LAST = 1 << 62


def page(connection: Connection, asked: Asked, *, after: Place | None, limit: int) -> tuple[list[Shown], Place | None]:
    """A page of the findings of a whole ledger, and the place after which the next begins, None at the end."""
    rows = _kept if asked.size is None else _judged_then
    found: list[_Row] = []
    place: Place | None = after
    for _ in range(_MOST_BATCHES):
        batch, place = rows(connection, asked, place, limit)
        found += _seen(connection, batch, asked.seen_by)
        if len(found) >= limit:
            beyond = len(found) > limit or place is not None
            return [shown for _, shown in found[:limit]], found[limit - 1][0] if beyond else None
        if place is None:
            break
    return [shown for _, shown in found], place


def about(connection: Connection, asked: Asked, uri: str) -> list[Shown]:
    """Every finding about a lot, unit or item, about the units it was in, and about the entries that name it.

    `InputError("unknown-lot")` where the ledger holds nothing about it that may be seen.
    """
    known = objects.entries_of(connection, uri)
    early = known and (asked.size is None or known[0][0] < asked.size)
    if not early or not visibility.knows_lot(connection, asked.seen_by, uri):
        raise InputError("unknown-lot", lot=uri)
    read = Read(StoreEdges(connection, asked.size))
    subjects = reach(read, [uri], outwards=True)
    subjects |= {run for step in read.about[uri] for run in step.moves.touched.difference(step.moves.objects)}
    entries: list[_Row] = []
    after: findings.Place = (-1, -1)
    while batch := findings.standing(connection, after=after, limit=_BATCH, about=uri, **_wanted(asked)):
        entries += [_of_entry(place, found) for place, found in batch]
        after = batch[-1][0]
    rows = [*entries, *_judged(connection, asked, subjects, read)]
    return [shown for _, shown in _seen(connection, sorted(rows, key=lambda row: row[0][:1]), asked.seen_by)]


def _wanted(asked: Asked) -> dict[str, Any]:
    same = {"code": asked.code, "member": asked.member, "only": asked.only, "within": asked.within}
    return {**same, "size": asked.size}


def _kept(connection: Connection, asked: Asked, after: Place | None, limit: int) -> tuple[list[_Row], Place | None]:
    """What the tables hold, merged by index: (index, 0, position) about entries, (index, 1, object, position) else."""
    index, kind, *rest = (int(part) for part in after or (-1, 0, -1))
    entry_after = (index, rest[0]) if kind == 0 else (index, _LAST)
    lot_after = (index, rest[0], rest[1]) if kind == 1 else (index, -1, -1)
    recording = [party for party in lot_findings.parties(connection) if asked.records(party)]
    rows: list[_Row] = [
        _of_entry(place, found)
        for place, found in findings.standing(
            connection,
            after=entry_after,
            limit=limit,
            code=asked.code,
            member=asked.member,
            only=asked.only,
            within=asked.within,
        )
    ]
    rows += [
        ((place[0], 1, *place[1:]), _of_lot(found, member))
        for place, found, member in lot_findings.page(
            connection, after=lot_after, limit=limit, at=asked.at, days=asked.days, recording=recording,
            code=asked.code, member=asked.member, only=asked.only, within=asked.within,
        )
    ]  # fmt: skip
    rows.sort(key=lambda row: row[0])
    return rows[:limit], rows[limit - 1][0] if len(rows) >= limit else None


def _judged_then(
    connection: Connection, asked: Asked, after: Place | None, limit: int
) -> tuple[list[_Row], Place | None]:
    """As of a past size: about entries first, by index; then about lots, by URI: (uri, number)."""
    if after is None or not isinstance(after[0], str):
        index, _, position = (int(part) for part in after or (-1, 0, -1))
        found = findings.standing(connection, after=(index, position), limit=limit, **_wanted(asked))
        about_entries = [_of_entry(place, each) for place, each in found]
        return about_entries, about_entries[-1][0] if len(about_entries) >= limit else ("", -1)
    uri, seen = str(after[0]), int(after[1])
    later = objects.every(connection, after=uri, limit=_OBJECTS)
    rows: list[_Row] = []
    for _, shown in sorted(_judged(connection, asked, [uri, *later] if uri else later), key=_by_object):
        number = rows[-1][0][1] + 1 if rows and rows[-1][0][0] == shown.subject else 0
        rows.append(((str(shown.subject), number), shown))
    rows = [row for row in rows if row[0][0] != uri or int(row[0][1]) > seen]
    return rows, (later[-1], _LAST) if len(later) == _OBJECTS else None


def _by_object(row: _Row) -> tuple[str, int]:
    return str(row[1].subject), row[1].index


def _judged(connection: Connection, asked: Asked, uris: Collection[str], read: Read | None = None) -> Iterator[_Row]:
    for case in cases(connection, uris, size=asked.size, read=read):
        for found in stand(judge(case), at=asked.at, days=asked.days, records=asked.records):
            member = case.around.member(found.index)
            if asked.wants(found, member):
                yield (found.index, 1), _of_lot(found, member)


def _of_entry(place: findings.Place, found: findings.Finding) -> _Row:
    shown = Shown(found.code, found.index, found.member, None, (found.index,), 0, found.context)
    return (place[0], 0, place[1]), shown


def _of_lot(found: Found, member: str) -> Shown:
    return Shown(found.code, found.index, member, found.subject, found.causes, 0, found.context)


def _seen(connection: Connection, rows: Iterable[_Row], audience: Audience) -> list[_Row]:
    """As far as somebody may see them."""
    listed = list(rows)
    if audience.whole:
        return listed
    visible = visibility.among(connection, audience, {index for _, shown in listed for index in shown.causes})
    found = [(place, _partly(shown, visible, audience)) for place, shown in listed]
    return [(place, shown) for place, shown in found if shown is not None]


def _partly(shown: Shown, visible: Collection[int], audience: Audience) -> Shown | None:
    own = {shown.index} if audience.member is not None and shown.member == audience.member else set[int]()
    causes = tuple(index for index in shown.causes if index in visible or index in own)
    if not causes:
        return None
    hidden = len(shown.causes) - len(causes)
    if not hidden:
        return shown
    context = {name: value if name in _OWN_NAMES else None for name, value in shown.context.items()}
    return Shown(shown.code, shown.index, shown.member, shown.subject, causes, hidden, context)
