"""What was shipped and what was received of an object, and which receipt answers which shipment.

- A *leg* is a shipping or a receipt with the amount of the object in it: as stated there, else as packed in a unit that
  is named. Where an event names a unit and what is in it, each kilogram is counted once: what is stated counts.
- A *consignment* is shipments and receipts that belong together: those that name the same document; then a receipt
  and the last shipment before it to the same party; then a receipt and a shipment to that party which stands after it,
  within `ASTRAY`: its clock was wrong, or its date.
- A party that receives and then accepts received once.

    consignments(case)[0].received  ->  (Leg(step, Amount(Decimal("880"), "KGM"), None),)

CBV 2.0 sections 7.1 (shipping, receiving, accepting) and 7.3 (business transaction types).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.lots.findings.contents import around, inside
from ledger.lots.findings.found import Case, order
from ledger.lots.step import Amount, Step

SHIPPING = "shipping"
ASTRAY = 7 * 86_400 * 1_000_000
"""Microseconds: a receipt that stands further before a shipment is of something else."""
# Orders and invoices are shared by many shipments; what accompanies the goods is not.
_SHARED = frozenset(("po", "poc", "prodorder", "inv", "pedigree", "cert", "testprd", "testres", "upevt"))


@dataclass(frozen=True, slots=True)
class Leg:
    """One shipping or receipt of an object: `unit` is what it went in, None where the event names it itself."""

    step: Step
    amount: Amount | None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Consignment:
    """Shipments and the receipts that answer them; one of both may be missing."""

    shipped: tuple[Leg, ...]
    received: tuple[Leg, ...]


def legs(case: Case) -> tuple[list[Leg], list[Leg]]:
    """Shipments and receipts of the subject, in order of time; the caller's to read only."""
    found: tuple[list[Leg], list[Leg]] | None = case.known.get(legs)
    if found is None:
        found = case.known[legs] = _legs(case, case.subject)
    return found


def _legs(case: Case, wanted: str) -> tuple[list[Leg], list[Leg]]:
    steps = {step.index: step for step in case.steps(wanted) if _leaves(step) or step.moves.receipt}
    for unit in _units(case, wanted):
        steps.update((step.index, step) for step in case.steps(unit) if _leaves(step) or step.moves.receipt)
    found = [leg for step in sorted(steps.values(), key=order) if (leg := _leg(case, wanted, step)) is not None]
    return [leg for leg in found if _leaves(leg.step)], _received_once([leg for leg in found if leg.step.moves.receipt])


def consignments(case: Case) -> list[Consignment]:
    """Every shipment and every receipt of the subject, each in one consignment; the caller's to read only."""
    found: list[Consignment] | None = case.known.get(consignments)
    if found is None:
        found = case.known[consignments] = _consignments(*legs(case))
    return found


def _consignments(shipped: list[Leg], received: list[Leg]) -> list[Consignment]:
    found, shipped, received = _by_document(shipped, received)
    for receipt in list(received):
        sent = _sent(receipt.step, shipped)
        if sent is not None:
            shipped.remove(sent)
            received.remove(receipt)
            found.append(Consignment((sent,), (receipt,)))
    found += [Consignment((leg,), ()) for leg in shipped] + [Consignment((), (leg,)) for leg in received]
    return sorted(found, key=lambda one: min(order(leg.step) for leg in (*one.shipped, *one.received)))


def documents(step: Step) -> frozenset[str]:
    """The papers that accompany the goods."""
    return frozenset(uri for kind, uri in step.transactions if kind not in _SHARED)


def _leaves(step: Step) -> bool:
    return step.biz_step == SHIPPING and step.moves.action != "DELETE"


def _units(case: Case, uri: str) -> set[str]:
    """Every unit that the object was ever in."""
    found: set[str] = set()
    waiting = [uri]
    for inner in waiting:
        for step in case.steps(inner):
            unit = step.moves.parent
            if unit is not None and inner in step.moves.children and unit not in found and unit != uri:
                found.add(unit)
                waiting.append(unit)
    return found


def _leg(case: Case, uri: str, step: Step) -> Leg | None:
    if uri in step.moves.touched:
        stated = [flow.amount for flow in step.flows if flow.uri == uri]
        return Leg(step, stated[0] if len(stated) == 1 else _added(stated))
    for unit in sorted(around(case, uri, step)):
        # Of nested units that are named together the outermost would count what the inner one counts.
        if unit in step.moves.objects:
            return Leg(step, _packed(case, uri, step), unit)
    return None


def _packed(case: Case, uri: str, step: Step) -> Amount | None:
    """How much of a lot is in the units that a step names: each unit once, inside another or not."""
    named = sorted(set(step.moves.objects))
    nested = {inner for unit in named for inner in inside(case, unit, step)}
    parts = [inside(case, unit, step) for unit in named if unit not in nested]
    return _added([held[uri] for held in parts if uri in held])


def _added(amounts: Sequence[Amount | None]) -> Amount | None:
    known = [amount for amount in amounts if amount is not None]
    if not known or len(known) < len(amounts) or len({amount.uom for amount in known}) > 1:
        return None
    return Amount(sum((amount.quantity for amount in known[1:]), known[0].quantity), known[0].uom)


def _received_once(received: list[Leg]) -> list[Leg]:
    """Without the acceptances of what the same member had received."""
    takers = {leg.step.member for leg in received if leg.step.biz_step != "accepting"}
    return [leg for leg in received if leg.step.biz_step != "accepting" or leg.step.member not in takers]


def _by_document(shipped: list[Leg], received: list[Leg]) -> tuple[list[Consignment], list[Leg], list[Leg]]:
    found: list[Consignment] = []
    left_shipped, left_received = list(shipped), list(received)
    while True:
        pair = next(
            ((s, r) for s in left_shipped for r in left_received if documents(s.step) & documents(r.step)), None
        )
        if pair is None:
            return found, left_shipped, left_received
        papers = set(documents(pair[0].step) | documents(pair[1].step))
        grown = 0
        while len(papers) > grown:
            grown = len(papers)
            for leg in (*left_shipped, *left_received):
                if documents(leg.step) & papers:
                    papers |= documents(leg.step)
        sent = [leg for leg in left_shipped if documents(leg.step) & papers]
        taken = [leg for leg in left_received if documents(leg.step) & papers]
        left_shipped = [leg for leg in left_shipped if leg not in sent]
        left_received = [leg for leg in left_received if leg not in taken]
        found.append(Consignment(tuple(sent), tuple(taken)))


def _sent(receipt: Step, shipped: Sequence[Leg]) -> Leg | None:
    """The shipment that a receipt without its paper answers."""
    before = [leg for leg in shipped if order(leg.step) <= order(receipt) and _may_answer(receipt, leg.step)]
    if before:
        return before[-1]
    for leg in shipped:
        near = leg.step.at is not None and receipt.at is not None and leg.step.at - receipt.at <= ASTRAY
        if near and _named(leg.step) & _named(receipt):
            return leg
    return None


def _may_answer(receipt: Step, sent: Step) -> bool:
    """Not where both say to whom it goes, in the same sense, and say it differently."""
    one, other = dict(sent.destinations), dict(receipt.destinations)
    return all(one[kind] == other[kind] for kind in one.keys() & other.keys())


def _named(step: Step) -> frozenset[str]:
    return frozenset(uri for _, uri in step.destinations)
