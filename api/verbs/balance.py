"""Mass balance: what a lot, a product, a site or a member had, got and gave over a period, and what is left.

- `by` says what an account is of: each lot, each product, each site, or each member.
- A member asks for its own stock, whoever runs the ledger for any or all. A unit that was shipped or received without
  amounts counts with its contents, as packed by who may be seen.
- `as_of`: what the ledger knew at that time, corrections since not included. `begins` and `until` are days (UTC, the
  last one whole) or instants.

    balance(node, audience=full(), by="product", begins="2026-05-01", until="2026-10-31").accounts

KNOWN LIMIT: days are those of UTC, and a member's own question looks only into units that it packed itself
(docs/limits.md).

ARCHITECTURE.md 5; docs/adr/0038-balances.md.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from api.verbs.export_bundle import object_uri
from ledger.audience import Audience
from ledger.lots.balance import Account, By, Posted, dimension_of, totals
from ledger.lots.balance import balance as balanced
from ledger.lots.step import Step
from ledger.lots.stock import lines, product_of
from ledger.lots.timeline import kind_of
from ledger.lots.yielded import Yielded, yielded
from ledger.node import Node
from ledger.readside.products import MasterProducts
from ledger.readside.runs import runs
from ledger.readside.unpacked import Unpacking
from ledger.store import logged, objects
from ledger.store.connection import Connection
from ledger.store.edges import StoreEdges
from ledger.store.stock import Asked, Booked, added_up, counted_units
from schemas.epcis.instant import since
from schemas.errors import InputError
from schemas.gs1.canonical import canonical_uri
from schemas.gs1.recognise import recognise
from schemas.master.validity import asked, day
from schemas.yields import Band

BY: tuple[By, ...] = ("lot", "product", "site", "member")


@dataclass(frozen=True, slots=True)
class Balances:
    """The accounts, by key; `totals` of each dimension; the processes in which a lot that was asked for took part; and
    the units whose contents are not shown, which stand in `accounts` by themselves."""

    accounts: tuple[Account, ...]
    totals: tuple[Account, ...]
    processes: tuple[Yielded, ...] = ()
    units: tuple[str, ...] = ()


def balance(
    node: Node,
    *,
    audience: Audience,
    by: By = "product",
    lot: str | None = None,
    product: str | None = None,
    site: str | None = None,
    member: str | None = None,
    begins: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
    yields: Sequence[Band] | None = None,
) -> Balances:
    """Balance what the audience may see; `yields`: bands instead of those that come with the program.

    `InputError`: `lot-expected`, `unknown-lot`, `balance-member`, `moment-form`, `balance-period`.
    """
    member = whose(audience, member)
    product = None if product is None else product_uri(product)
    start, stop = _bound(begins), _bound(until, end=True)
    if start is not None and stop is not None and start >= stop:
        raise InputError("balance-period", begins=begins, until=until)
    node.settled()
    with node.store.read() as connection:
        size = None if as_of is None else logged.size_at(connection, since(asked(as_of)))
        asking = _Asking(node, connection, audience, member, size)
        if lot is not None:
            booked, processes = asking.of_lot(object_uri(lot), site, yields)
        else:
            booked, processes = asking.of_everything(start, stop, site, product, by), ()
        booked, unseen = asking.unpacked(booked)
        if lot is not None:
            booked, unseen = [item for item in booked if item.posted.uri == object_uri(lot)], set()
    if product is not None:
        booked = [item for item in booked if product_of(item.posted.uri) == product]
    accounts = _accounts(booked, by, start, stop, asking.products)
    return Balances(tuple(accounts), tuple(totals(accounts).values()), processes, tuple(sorted(unseen)))


def product_uri(text: str) -> str:
    """The canonical URI of a product named by a bare GTIN, an element string, a URI, or one of its lots."""
    said = text.strip()
    if said.isdigit():
        said = f"(01){said.zfill(14)}"
    return product_of(recognise(said).digital_link if said.startswith("(") else canonical_uri(said))


def whose(audience: Audience, member: str | None) -> str | None:
    """The member whose stock may be asked about; None: everybody's. `InputError("balance-member")`."""
    if audience.whole:
        return member
    if audience.member is None or member not in (None, audience.member):
        raise InputError("balance-member")
    return audience.member


def _bound(text: str | None, *, end: bool = False) -> int | None:
    """Where a period begins or ends: a day begins with its first moment, and ends when the next one begins."""
    if text is None:
        return None
    found = day(text)
    if found is None:
        return since(asked(text))
    if end and found == date.max:
        return None
    return since(datetime(found.year, found.month, found.day, tzinfo=UTC) + timedelta(days=end))


def _accounts(
    booked: Iterable[Booked], by: By, start: int | None, stop: int | None, products: MasterProducts
) -> list[Account]:
    groups: dict[str, list[Posted]] = {}
    key: Callable[[str], str] = product_of if by == "product" else str
    for item in booked:
        group = (item.site or "-") if by == "site" else item.member if by == "member" else ""
        groups.setdefault(group, []).append(item.posted)
    found = []
    for group, posted in sorted(groups.items()):
        named = key if by in ("lot", "product") else lambda _, group=group: group
        found += balanced(posted, start=start, stop=stop, key=named, products=products)
    return found


class _Asking:
    """One question, in one read transaction."""

    def __init__(
        self, node: Node, connection: Connection, audience: Audience, member: str | None, size: int | None
    ) -> None:
        self._connection, self._audience, self._member, self._size = connection, audience, member, size
        self._edges = StoreEdges(connection, size)
        self.products = MasterProducts(node, seen_by=audience, size=size)
        self._packing = Unpacking(self._edges, lambda step: audience.whole or self._shown(step))

    def of_everything(
        self, start: int | None, stop: int | None, site: str | None, product: str | None, by: By
    ) -> list[Booked]:
        """Every line of the member's stock, or of everybody's."""
        asked = Asked(self._member, site, product, start, stop, self._size)
        # What left in units without amounts may be of any product.
        found = self._added_up(asked, by)
        return found if product is None else [*found, *self._units(asked, by)]

    def _units(self, asked: Asked, by: By) -> list[Booked]:
        every = self._added_up(replace(asked, product=None), by)
        return [item for item in every if kind_of(item.posted.uri) == "unit"]

    def _added_up(self, asked: Asked, by: By) -> list[Booked]:
        counted, _ = self._packing.unpacked(counted_units(self._connection, asked))
        ordered = {item.posted.uri for item in counted}
        return added_up(self._connection, asked, by=by, steady=self.products.steady, ordered=ordered)

    def of_lot(
        self, uri: str, site: str | None, yields: Sequence[Band] | None
    ) -> tuple[list[Booked], tuple[Yielded, ...]]:
        """The lines of one lot, and the processes it went into or came from."""
        steps = [step for step in self._edges.steps_of([uri]).get(uri, ()) if step.stands]
        seen = [step for step in steps if self._shown(step)]
        if not seen and not (self._audience.whole and objects.lots(self._connection, [uri])):
            raise InputError("unknown-lot", lot=uri)
        carriers = self._packing.carriers(uri)
        within = {
            step.index: step for steps in self._edges.steps_of(carriers).values() for step in steps if step.stands
        }
        told = {step.index: step for step in seen} | {at: step for at, step in within.items() if self._shown(step)}
        booked = [
            item
            for step in told.values()
            for item in _booked(step)
            if item.posted.uri in carriers | {uri} and site in (None, item.site)
        ]
        processes = runs(self._edges, [step for step in seen if step.type == "TransformationEvent"], self._shown)
        return booked, tuple(yielded(run, self.products, among=yields) for run in processes)

    def _shown(self, step: Step) -> bool:
        return self._member is None or step.member == self._member

    def unpacked(self, booked: list[Booked]) -> tuple[list[Booked], set[str]]:
        """Units named without amounts replaced by what was in them then, and what was received not accepted again; and
        the units of which the contents are not shown."""
        found, unseen = self._packing.unpacked(booked)
        if any(item.posted.kind == "accepted" for item in found):
            received = self._packing.received(self._connection, Asked(self._member, size=self._size))
            found = [
                item
                for item in found
                if item.posted.kind != "accepted" or (item.member, item.posted.uri) not in received
            ]
        return found, unseen


def _booked(step: Step) -> Iterable[Booked]:
    for line in lines(step):
        dimension, quantity = ("", None) if line.amount is None else dimension_of(line.amount)
        posted = Posted(line.uri, line.kind, dimension, quantity, step.at or 0, step.index, member=step.member)
        yield Booked(step.member, line.site, posted)
