"""Despatches: the shipping events that carry one delivery note, as one consignment with its lines.

- A *delivery note* is a `desadv` transaction, `urn:epcglobal:cbv:bt:{GLN}:{number}`; one of another form is its own
  number, and its issuer is who signed.
- Lines are lots with what was sent of each. Quantities come from the lots that the event names; from what its units
  hold where it names no lots. Never both: a kilogram is counted once.
- The seller is the owning party at the source, the buyer that at the destination. Where nobody says, they are whose the
  places are; without a source, who signed.
- The reason of transport is what the event says (`filiera:transportReason`), else a sale where the owner changes and a
  transfer where it does not; without a word on owners it is not known.
- A note that was recorded before, and declared wrong since, is `corrected`: who has it already must know.

    [note.number for note in despatches(facts)]

DPR 472/1996 article 1; FORMATS 2.4 and section 4 (CTE 6).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from re import compile as pattern
from typing import Literal
from urllib.parse import unquote

from exporters.facts.history import Event, Facts
from exporters.facts.lots import said_of
from exporters.facts.parties import Where, Who, party, place, signer
from ledger.lots.balance import kilograms
from ledger.lots.contents import Contents, Units
from ledger.lots.products import Content
from ledger.lots.step import Amount
from ledger.lots.stock import is_unit
from ledger.lots.timeline import order
from schemas.epcis.own_terms import decimal, own_value
from schemas.gs1.canonical import canonical_uri
from schemas.gs1.digital_link import parse

Reason = Literal["sale", "transfer"]
_NOTE = pattern(r"urn:epcglobal:cbv:bt:([0-9]{13}):(.+)")


@dataclass(frozen=True, slots=True)
class Document:
    """A business document. `issuer`: the GLN in its name; empty where it names none."""

    uri: str
    issuer: str
    number: str


@dataclass(frozen=True, slots=True)
class Line:
    """One lot or item that goes. `code`: its lot or serial number; `weight`: net, in kilograms, None where nobody says.
    Days are as written, empty where nobody said."""

    uri: str
    gtin: str
    code: str
    product: Content
    amount: Amount | None
    made: str = ""
    best_before: str = ""
    use_by: str = ""
    origin: str = ""
    weight: Decimal | None = None

    @property
    def name(self) -> str:
        """The product, as master data calls it."""
        return self.text("name")

    def text(self, member: str) -> str:
        """A text of the product's master data; empty where it has none."""
        found = self.product.get(member)
        return found if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A logistic unit that goes, and what of the lines is in it."""

    uri: str
    sscc: str
    holds: Mapping[str, Amount | None]


@dataclass(frozen=True, slots=True)
class Despatch:
    """One delivery note. `at`: microseconds; `offset`: `+02:00`. `reason`: in the words of who recorded it, or one of
    ours. `gross`: kilograms. `corrected`: the entries that told of it before, and count no more."""

    note: Document
    events: tuple[Event, ...]
    at: int | None
    offset: str
    seller: Who
    buyer: Who
    consignee: Who
    origin: Where
    destination: Where
    carrier: Who | None
    orders: tuple[Document, ...]
    lines: tuple[Line, ...]
    units: tuple[Unit, ...]
    packages: int | None
    gross: Decimal | None
    reason: str
    carriage: str
    corrected: tuple[int, ...] = ()

    @property
    def number(self) -> str:
        """The number of the delivery note."""
        return self.note.number


def despatches(given: Sequence[Facts]) -> list[Despatch]:
    """Every delivery note of some bundles, in the order of time; an event that several hold is one."""
    sent: dict[str, dict[bytes, tuple[Facts, Event]]] = {}
    for facts in given:
        for event in facts.standing:
            for note in _documents(event, "desadv") if event.step.dealing == "ships" else ():
                sent.setdefault(note.uri, {}).setdefault(event.leaf, (facts, event))
    found = [_despatch(given, list(events.values()), uri) for uri, events in sent.items()]
    return sorted(found, key=lambda note: (note.at or 0, note.note.uri))


def document(uri: str) -> Document:
    """A document by its URI."""
    named = _NOTE.fullmatch(uri)
    if named is None:
        return Document(uri, "", unquote(uri.rpartition("/")[2].rpartition(":")[2]))
    return Document(uri, named[1], unquote(named[2]))


def _documents(event: Event, kind: str) -> Iterator[Document]:
    yield from (document(uri) for type, uri in event.step.transactions if type == kind)


def _despatch(given: Sequence[Facts], sent: list[tuple[Facts, Event]], uri: str) -> Despatch:
    facts, first = sent[0]
    to, of = dict(reversed(first.step.destinations)), dict(reversed(first.step.sources))
    origin = _where(facts, first, of.get("location") or first.step.read_point or first.step.biz_location)
    seller = party(facts, first, of["owning_party"]) if "owning_party" in of else origin.owner
    buyer_uri = to.get("owning_party") or to.get("possessing_party")
    destination = _where(facts, first, to.get("location") or buyer_uri)
    buyer = party(facts, first, buyer_uri) if buyer_uri else destination.owner
    consignee = party(facts, first, to["possessing_party"]) if "possessing_party" in to else destination.owner
    carrier = own_value(first.content, "carrier")
    return Despatch(
        document(uri),
        tuple(event for _, event in sent),
        first.at,
        str(first.content.get("eventTimeZoneOffset") or ""),
        seller if seller.name else signer(facts, first),
        buyer,
        consignee if consignee.name else buyer,
        origin,
        destination,
        party(facts, first, canonical_uri(carrier)) if isinstance(carrier, str) else None,
        tuple(dict.fromkeys(order for _, event in sent for order in _documents(event, "po"))),
        tuple(_lines(given, sent)),
        tuple(_units(given, sent)),
        _packages(sent),
        _gross(sent),
        _own(first, "transportReason") or _derived(of, to),
        _own(first, "carriage"),
        tuple(sorted(set(_corrected(given, uri)))),
    )


def _corrected(given: Sequence[Facts], uri: str) -> Iterator[int]:
    """The entries that told of a note and were declared wrong."""
    for facts in given:
        counted = {event.leaf for event in facts.standing}
        for event in facts.events:
            told = event.step.dealing == "ships" and "errorDeclaration" not in event.content
            if told and event.leaf not in counted and any(note.uri == uri for note in _documents(event, "desadv")):
                yield event.index


def _where(facts: Facts, event: Event, uri: str | None) -> Where:
    return place(facts, event, uri) if uri else Where("")


def _own(event: Event, name: str) -> str:
    value = own_value(event.content, name)
    return value.strip() if isinstance(value, str) else ""


def _derived(of: Mapping[str, str], to: Mapping[str, str]) -> str:
    before, after = of.get("owning_party"), to.get("owning_party")
    if before is None or after is None:
        return ""
    reason: Reason = "transfer" if before == after else "sale"
    return reason


def _packages(sent: list[tuple[Facts, Event]]) -> int | None:
    """How many, of all events; not known where one does not say."""
    counts = [decimal(own_value(event.content, "packages")) for _, event in sent]
    known = [count for count in counts if count is not None]
    return int(sum(known)) if len(known) == len(counts) else None


def _gross(sent: list[tuple[Facts, Event]]) -> Decimal | None:
    weights = [decimal(own_value(event.content, "grossWeightKg")) for _, event in sent]
    known = [weight for weight in weights if weight is not None]
    return sum(known, Decimal(0)) if len(known) == len(weights) else None


def _lines(given: Sequence[Facts], sent: list[tuple[Facts, Event]]) -> Iterator[Line]:
    """A line for each lot and unit of measure, in the order in which events name them."""
    amounts: dict[tuple[str, str | None], Amount | None] = {}
    holders: dict[str, tuple[Facts, Event]] = {}
    for facts, event in sent:
        for uri, amount in goods(given, event):
            key = uri, amount.uom if amount else None
            amounts[key] = _added(amounts[key], amount) if key in amounts else amount
            holders.setdefault(uri, (facts, event))
    for (uri, _), amount in amounts.items():
        yield _line(given, *holders[uri], uri, amount)


def goods(given: Sequence[Facts], event: Event) -> Iterator[tuple[str, Amount | None]]:
    """What goes, each with how much: the lots that are named, else what is in the units."""
    moved = [flow for flow in event.step.flows if flow.role in ("moved", "used")]
    named = [flow for flow in moved if not is_unit(flow.uri)]
    for flow in named:
        yield flow.uri, flow.amount if flow.amount or "/21/" not in flow.uri else Amount(Decimal(1))
    if not named:
        for flow in moved:
            yield from _inside(given, flow.uri, event).items()


def _inside(given: Sequence[Facts], unit: str, event: Event) -> Contents:
    """The lots in a unit when it went, by the first bundle that knows."""
    for facts in given:
        held = Units(facts.about).inside(unit, order(event.step))
        if goods := {uri: amount for uri, amount in held.items() if not is_unit(uri)}:
            return goods
    return {}


def _added(first: Amount | None, second: Amount | None) -> Amount | None:
    if first is None or second is None:
        return None
    return Amount(first.quantity + second.quantity, first.uom)


def _line(given: Sequence[Facts], facts: Facts, event: Event, uri: str, amount: Amount | None) -> Line:
    said = next((found for each in given if (found := said_of(each, uri))), {})
    keys = dict(parse(uri).path) if uri.startswith("https://id.gs1.org/") else {}
    known = (each.masters.product(uri, event.at, event.member) for each in (facts, *given))
    return Line(
        uri,
        keys.get("01", ""),
        keys.get("10") or keys.get("21") or uri.rpartition("/")[2],
        next(filter(None, known), {}),
        amount,
        _text(said.get("productionDate")),
        _text(said.get("bestBeforeDate")),
        _text(said.get("itemExpirationDate")),
        _text(said.get("countryOfOrigin")),
        None if amount is None else kilograms(amount, uri, event.at, facts.masters.products(event.member)),
    )


def _units(given: Sequence[Facts], sent: list[tuple[Facts, Event]]) -> Iterator[Unit]:
    for _, event in sent:
        for flow in event.step.flows:
            if is_unit(flow.uri):
                yield Unit(flow.uri, parse(flow.uri).path[0][1], _inside(given, flow.uri, event))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
