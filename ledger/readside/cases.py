"""The cases of objects: their steps with their surroundings, and the master data that what they say is held against.

- The surroundings of an object are the units that it is or was in, out to the last; what is or was in it, in to the
  last; and the lots that it was made from. A rule looks no further (`ledger.lots.findings.found.Case`).
- `affected` is the other way round: the objects whose findings may change with the entries of a stretch. What left a
  unit before the first of them happened is none: a crate is packed a thousand times, and its old loads stay judged.
- Everything is read level by level, a query a level, whatever the number of objects.

    [judge(case) for case in cases(connection, uris)]

docs/adr/0039-where-findings-are-kept.md.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from ledger.audience import full
from ledger.lots.contents import Place
from ledger.lots.findings.found import Case, Surroundings
from ledger.lots.findings.masters import Masters, Scope
from ledger.lots.products import KnownProducts, read_goods
from ledger.lots.step import Step
from ledger.lots.stock import product_of
from ledger.lots.timeline import BEGINNING, END, order
from ledger.lots.yielded import GoodsOf, nothing_known
from ledger.store import master
from ledger.store.connection import Connection
from ledger.store.edges import StoreEdges

_TRADE_ITEM, _PLACE, _PARTY = "https://id.gs1.org/01/", "https://id.gs1.org/414/", "https://id.gs1.org/417/"
_GTIN_END, _GLN_END = len(_TRADE_ITEM) + 14, len(_PLACE) + 13
DEEPEST = 32
_NOTHING: frozenset[str] = frozenset()
_NEVER: Place = (END + 1, 0)
About = dict[str, Sequence[Step]]


def cases(
    connection: Connection,
    uris: Collection[str],
    *,
    size: int | None = None,
    read: "Read | None" = None,
) -> Iterator[Case]:
    """The case of each object, sorted by URI, as of a size of the log; unknown ones are left out. `read`: what was read
    before, of the same transaction and size."""
    about = surroundings(read or Read(StoreEdges(connection, size)), uris)
    masters = _masters(connection, _spoken_of(about, uris), size)
    around, goods = Surroundings(about), _goods(connection, masters)
    for uri in sorted(uris):
        if uri in about:
            yield Case(uri, around, masters, goods)


@dataclass(slots=True)
class Read:
    """What was read already: the steps about objects, by URI."""

    edges: StoreEdges
    about: About = field(default_factory=dict)

    def more(self, uris: Iterable[str]) -> None:
        """Read what was not read yet."""
        lacking = [uri for uri in uris if uri not in self.about]
        self.about.update(dict.fromkeys(lacking, ()))
        self.about.update(self.edges.steps_of(lacking))


def surroundings(read: Read, uris: Collection[str]) -> About:
    """The steps of these objects and of all that their rules look at."""
    # KNOWN LIMIT: of what is in a unit, the other units that it was ever in are not read; docs/limits.md.
    reach(read, uris, outwards=True)
    reach(read, uris, outwards=False)
    own = ((uri, step) for uri in uris for step in read.about[uri] if step.moves.used)
    read.more({used for uri, step in own if step.moves.birth(uri) for used in step.moves.used})
    return read.about


def reach(read: Read, uris: Iterable[str], *, outwards: bool) -> set[str]:
    """These objects, and the units they were ever in, out to the last; or what was ever in them, in to the last."""
    found = set(uris)
    frontier = set(found)
    for _ in range(DEEPEST):
        read.more(frontier)
        neighbours = _units if outwards else _contents
        frontier = {near for uri in frontier for step in read.about[uri] for near in neighbours(step, uri)} - found
        if not frontier:
            break
        found |= frontier
    return found


def _units(step: Step, uri: str) -> Iterable[str]:
    return (step.moves.parent,) if step.moves.parent is not None and uri in step.moves.children else ()


def _contents(step: Step, uri: str) -> Iterable[str]:
    return step.moves.children if step.moves.parent == uri else ()


def affected(read: Read, touched: Collection[str], steps: Sequence[Step]) -> set[str]:
    """The objects whose findings depend on these: themselves, what is in them, the units they are in, and what was
    made from them. `steps`: those of the entries in question, which touch them."""
    since: dict[str, Place] = dict.fromkeys(touched, (BEGINNING, -1))
    for step in sorted(steps, key=order, reverse=True):
        since.update(dict.fromkeys(step.moves.touched, order(step)))
    found = _held_since(read, since)
    # How much of a lot is in a unit is told by the unit itself; only what travels or is a thing of its own goes out.
    out = {uri for step in steps for uri in step.moves.objects if _goes_out(step, uri)}
    found |= reach(read, out, outwards=True)
    begun = {uri for step in steps for uri in step.moves.born}
    read.more(begun)
    found |= {made for uri in begun for step in read.about[uri] if uri in step.moves.used for made in step.moves.made}
    return found


def _held_since(read: Read, since: Mapping[str, Place]) -> set[str]:
    """These objects, and what each held at its moment or later, in to the last."""
    found: dict[str, Place] = {}
    frontier, around = dict(since), Surroundings(read.about)
    for _ in range(DEEPEST):
        found |= frontier
        read.more(frontier)
        within: dict[str, Place] = {}
        for uri, moment in frontier.items():
            later = (
                step.moves.children for step in read.about[uri] if step.moves.parent == uri and order(step) >= moment
            )
            for child in {*around.units.packed(uri, moment), *_NOTHING.union(*later)}:
                if moment < min(found.get(child, _NEVER), within.get(child, _NEVER)):
                    within[child] = moment
        frontier = within
        if not frontier:
            break
    return set(found)


def _goes_out(step: Step, uri: str) -> bool:
    if step.moves.receipt or step.dealing == "ships":
        return True
    return any(flow.amount is None for flow in step.flows if flow.uri == uri)


def _spoken_of(about: About, uris: Collection[str]) -> list[Step]:
    """The steps that master data is asked for: those about the objects, and those of what they were made from."""
    own = [step for uri in uris for step in about.get(uri, ())]
    used = {uri for step in own if step.moves.made for uri in step.moves.used}
    return own + [step for uri in sorted(used) for step in about.get(uri, ())]


def _masters(connection: Connection, steps: Sequence[Step], size: int | None) -> Masters:
    kinds = master.kinds(connection, before=size)
    if not kinds:
        return Masters()
    names = {name for step in steps for name in _names(step)}
    # What is found is everybody's to know; nothing of what master data says is told with it.
    named = master.naming(connection, names, before=size, seen_by=full())
    certificates = [version.index for listed in named.values() for version in listed if version.type == "certificate"]
    scopes = {index: Scope(*scope) for index, scope in master.scopes(connection, certificates).items()}
    return Masters(kinds, named, scopes)


def _goods(connection: Connection, masters: Masters) -> GoodsOf:
    """What is known of the products that are named, the word of who is asked for before that of others."""
    versions = {version.index: version for listed in masters.named.values() for version in listed}
    said = [(version, read_goods(text)) for version, text in master.goods(connection, versions.values())]
    if not said:
        return nothing_known
    return cache(lambda member: KnownProducts(said, preferring=[member]))


def _names(step: Step) -> Iterator[str]:
    """What an event says that master data may name."""
    yield from step.claims
    named = step.moves.born | step.moves.used if step.moves.made else step.moves.born
    yield from map(product_of, named)
    yield from (uri[:_GLN_END] for uri in (step.read_point, step.biz_location) if uri and uri.startswith(_PLACE))
    yield from (uri[:_GLN_END] for _, uri in (*step.sources, *step.destinations) if uri.startswith(_PARTY))
