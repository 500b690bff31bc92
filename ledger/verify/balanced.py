"""`balanced`: no more left a lot, or came out of a process, than went into it, by the rules that balance a ledger.

- *Process*: a transformation, or all that share a `transformationID`. What it made is held against what it used by
  `ledger.lots.yielded`. The table of yields is the reader's own, so that no band is but the one of nature: nothing
  comes from nothing.
- *Lot*: each that is followed whole in the bundle's direction. What a member used, shipped and lost of it is no more
  than what that member made or received. Who never recorded how it came to have it took it from what was shipped and
  not received, or from what others still had. Of a lot that began here no more was received than was shipped. Units
  that are named alone carry what was packed in them, as far in as that goes.
- Counted are events that stand: not declared wrong, and not said before in the same words.
- `no` only where all that came in must be here: the entries that the bundle proves for the lot count from 0 without a
  gap, each is opened, and no event hides an object. What is hidden or in no common unit leaves the verdict not shown.
- An inventory proves nothing: whoever counts more than there was says so, and is not believed.

- Pieces weigh what the bundle's master data says one holds at the event's time; without it they are pieces.

KNOWN LIMIT: of a process it is asked only that no more came out than went in, whatever its yield (docs/limits.md).

ARCHITECTURE.md 3.7; FORMATS section 6, no. 2; docs/spec/bundle.md, section 6.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ledger.lots.balance import Account, Posted, balance, dimension_of
from ledger.lots.books import Books
from ledger.lots.genealogy import MemoryEdges
from ledger.lots.step import Step
from ledger.lots.stock import Line, is_unit
from ledger.lots.trace import history
from ledger.lots.yielded import Yielded, yielded
from ledger.verify.account import Opinion
from ledger.verify.counted import counted, hides
from ledger.verify.goods import Goods, goods
from ledger.verify.opened import Opened
from ledger.verify.subject import Sighting
from ledger.verify.told import movements
from schemas.units import EXACT

_NOTHING = Decimal(0)
MOST_WORK = 2_000_000
"""Packings looked at and lines made of them, before a file made to last for ever is given up."""


@dataclass(frozen=True, slots=True)
class _Told:
    """The steps that stand, by position; those among them that hide something; what is followed back and on; and what
    the bundle says of products."""

    steps: Mapping[int, Step]
    hiding: frozenset[int]
    back: frozenset[int]
    followed: frozenset[str]
    goods: Goods


def balanced(opened: Opened, seen: Mapping[str, list[Sighting]]) -> Opinion:
    """The verdict; `seen` from `ledger.verify.subject.sightings`."""
    opinion = Opinion("balanced")
    told = _told(opened, opinion)
    # Lots first: of them nothing is certain where an event, a correction or a unit hides something.
    lots = _Lots(opened, told, seen, opinion).judge()
    processes = _processes(opened, told, opinion)
    if not processes and not lots:
        opinion.miss("nothing-to-balance")
    return opinion


def _told(opened: Opened, opinion: Opinion) -> _Told:
    moves = movements(opened)
    edges = MemoryEdges(moves.items())
    steps = counted(opened, moves, opinion)
    hiding = frozenset(position for position in steps if hides(opened, position, moves[position]))
    for position in sorted(hiding):
        opinion.miss("quantities-hidden", opened.entries[position].index)
    subject, direction = opened.bundle.subject, opened.bundle.direction
    back, followed = frozenset[int](), set[str]()
    if subject is not None and direction in ("back", "both"):
        found = history(edges, subject, back=True)
        back, followed = found.entries, set(found.followed)
    if subject is not None and direction in ("forward", "both"):
        followed |= history(edges, subject, back=False).followed
    return _Told(steps, hiding, back, frozenset(followed), goods(opened))


def _processes(opened: Opened, told: _Told, opinion: Opinion) -> int:
    """Judge every process; how many there were."""
    runs: dict[object, list[int]] = defaultdict(list)
    for position, item in told.steps.items():
        if item.type == "TransformationEvent":
            runs[next(iter(item.moves.touched.difference(item.moves.objects)), position)].append(position)
    for run, positions in runs.items():
        first = opened.entries[positions[0]].index
        if not told.hiding.isdisjoint(positions):
            continue
        if isinstance(run, str) and not told.back.issuperset(positions):
            opinion.miss("run-not-whole", first)
        else:
            _process(yielded([told.steps[position] for position in positions], told.goods, among=()), first, opinion)
    return len(runs)


def _process(found: Yielded, index: int, opinion: Opinion) -> None:
    if found.verdict is None:
        opinion.miss("process-not-weighed", index)
    elif found.verdict == "over":
        opinion.deny("more-out-than-in", index, used=_said(found.used), made=_said(found.made))


def _said(value: Decimal | None) -> str:
    return "-" if value is None else f"{value.normalize():f}"


class _Lots:
    """The lots of a bundle, being judged."""

    def __init__(self, opened: Opened, told: _Told, seen: Mapping[str, Sequence[Sighting]], opinion: Opinion) -> None:
        self._opened, self._told, self._seen, self._opinion = opened, told, seen, opinion
        self._books = Books(told.steps.values(), limit=MOST_WORK)

    def judge(self) -> int:
        """Judge every account; how many there were."""
        posted: dict[str, dict[str, list[Posted]]] = defaultdict(lambda: defaultdict(list))
        for position, item in self._told.steps.items():
            for line in self._lines(position, item):
                if line.uri in self._told.followed:
                    posted[line.uri][item.member].append(_posted(line, item, position))
            if self._books.work > MOST_WORK:
                self._opinion.miss("balance-too-large")
                return 0
        sure = not self._opinion.lacking
        for uri in sorted(posted):
            self._lot(uri, posted[uri], sure and self._whole(uri))
        return len(posted)

    def _lines(self, position: int, item: Step) -> Iterator[Line]:
        for line in self._books.lines(item):
            if line.kind == "counted":
                continue
            if is_unit(line.uri) and line.amount is None:
                index = self._opened.entries[position].index
                self._opinion.miss("unit-contents-not-shown", index, unit=line.uri)
            else:
                yield line

    def _whole(self, uri: str) -> bool:
        """Whether every entry about a lot is here and opened, as far as the numbers that are proved go."""
        proved = self._seen.get(uri, ())
        numbers = {sighting.n for sighting in proved}
        read = all(item.shown.entry is not None and item.shown.entry.content is not None for item in proved)
        return bool(proved) and read and len({item.key for item in proved}) == 1 and numbers == set(range(len(numbers)))

    def _lot(self, uri: str, posted: Mapping[str, Sequence[Posted]], whole: bool) -> None:
        accounts = {member: self._account(uri, posted[member]) for member in sorted(posted)}
        stocks = [_Stock.of(member, account) for member, account in accounts.items()]
        known = [stock for stock in stocks if stock is not None]
        if len(known) < len(stocks) or len({account.dimension for account in accounts.values()}) > 1:
            self._opinion.miss("lot-not-weighed", object=uri)
            return
        for stock in known:
            if stock.came and stock.went > stock.came and self._certain(whole, uri):
                said = {"came": _said(stock.came), "went": _said(stock.went), "member": stock.member}
                self._opinion.deny("more-left-than-came", object=uri, **said)
        self._strangers(uri, known, whole)
        self._on_the_way(uri, known, whole)

    def _account(self, uri: str, posted: Sequence[Posted]) -> Account:
        (account,) = balance(posted, start=None, stop=None, key=lambda _: uri, products=self._told.goods)
        return account

    def _certain(self, whole: bool, uri: str) -> bool:
        """Whether more than there was is a contradiction: only where everything that came in must be here."""
        if not whole:
            self._opinion.miss("stock-not-shown", object=uri)
        return whole

    def _strangers(self, uri: str, stocks: Sequence["_Stock"], whole: bool) -> None:
        """Who recorded what it took, and never how it came to have it: it is taken from what was shipped and received
        by nobody, and from what the others still have."""
        taken = _total(stock.went for stock in stocks if not stock.came)
        holders = [stock for stock in stocks if stock.came]
        sent, arrived = _total(stock.shipped for stock in holders), _total(stock.received for stock in holders)
        left = _total(max(EXACT.subtract(stock.came, stock.went), _NOTHING) for stock in holders)
        there = EXACT.add(max(EXACT.subtract(sent, arrived), _NOTHING), left)
        if taken > there and self._certain(whole and bool(holders), uri):
            self._opinion.deny("more-taken-than-left", object=uri, left=_said(there), taken=_said(taken))

    def _on_the_way(self, uri: str, stocks: Sequence["_Stock"], whole: bool) -> None:
        """Of a lot that began here: what all members received, held against what all of them shipped."""
        shipped, received = _total(stock.shipped for stock in stocks), _total(stock.received for stock in stocks)
        begun = any(stock.made for stock in stocks)
        if begun and received > shipped and self._certain(whole and bool(shipped), uri):
            said = {"shipped": _said(shipped), "received": _said(received)}
            self._opinion.deny("more-received-than-shipped", object=uri, **said)


@dataclass(frozen=True, slots=True)
class _Stock:
    """What a member had of a lot and what became of it, all of it known, in the base of one dimension."""

    member: str
    made: Decimal
    received: Decimal
    shipped: Decimal
    came: Decimal
    went: Decimal

    @classmethod
    def of(cls, member: str, account: Account) -> "_Stock | None":
        """The stock of an account, None where a figure of it is not known."""
        figures = account.figures
        told = (figures["made"], figures["received"], figures["shipped"], account.came, account.went)
        known = [value for value in told if value is not None]
        return cls(member, *known) if len(known) == len(told) else None


def _total(values: Iterable[Decimal]) -> Decimal:
    total = _NOTHING
    for value in values:
        total = EXACT.add(total, value)
    return total


def _posted(line: Line, item: Step, position: int) -> Posted:
    dimension, quantity = ("", None) if line.amount is None else dimension_of(line.amount)
    return Posted(line.uri, line.kind, dimension, quantity, item.at or 0, position)
