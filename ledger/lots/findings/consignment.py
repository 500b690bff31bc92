"""What was shipped and what was received of an object, and which receipt answers which shipment.

- A *leg* is a shipping or a receipt with the amount of the object in it: as stated there, else as packed in a unit that
  is named. Where an event names a unit and what is in it, each kilogram is counted once: what is stated counts.
- A *consignment* is shipments and receipts that belong together: those that name the same document; then a receipt
  and the last shipment before it to the same party, of the same amount where there is one; then a receipt and a
  shipment to that party which stands after it, within `ASTRAY`: its clock was wrong, or its date.
- What comes back to who sent it away (`returned`) answers no shipment of its own.
- A party that receives and then accepts received once.

    consignments(case)[0].received  ->  (Leg(step, Amount(Decimal("880"), "KGM"), None),)

CBV 2.0 sections 7.1 (shipping, receiving, accepting) and 7.3 (business transaction types).
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ledger.lots.findings.found import Case, order
from ledger.lots.findings.measure import total
from ledger.lots.step import Amount, Step

ASTRAY = 7 * 86_400 * 1_000_000
"""Microseconds: a receipt that stands further before a shipment is of something else."""
MOST_ON_THE_WAY = 1000
"""Shipments that a receipt without a paper is held against, the last ones first."""
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


def _legs(case: Case, uri: str) -> tuple[list[Leg], list[Leg]]:
    units = _units(case, uri)
    steps = {step.index: step for step in case.steps(uri) if _travels(step)}
    for unit in units:
        steps.update((step.index, step) for step in _journeys(case, unit).get(uri, ()))
    found = [leg for step in sorted(steps.values(), key=order) if (leg := _leg(case, uri, units, step)) is not None]
    return [leg for leg in found if _leaves(leg.step)], _received_once([leg for leg in found if leg.step.moves.receipt])


def ended(case: Case) -> list[Leg]:
    """What of the subject was used up, or taken out of the world, in units that named it by theirs."""
    found = []
    for unit in sorted(_units(case, case.subject)):
        for step in case.steps(unit):
            if unit in step.moves.used and not step.only_unpacks and not step.moves.touches(case.subject):
                held = case.around.units.inside(unit, order(step))
                if case.subject in held:
                    found.append(Leg(step, held[case.subject], unit))
    return found


def consignments(case: Case) -> list[Consignment]:
    """Every shipment and every receipt of the subject, each in one consignment; the caller's to read only."""
    found: list[Consignment] | None = case.known.get(consignments)
    if found is None:
        found = case.known[consignments] = _consignments(*legs(case))
    return found


def _consignments(shipped: list[Leg], received: list[Leg]) -> list[Consignment]:
    found, shipped, received = _by_document(shipped, received)
    lone = []
    for receipt in received:
        at = _sent(receipt, shipped)
        if at is None:
            lone.append(receipt)
        else:
            found.append(Consignment((shipped.pop(at),), (receipt,)))
    found += [Consignment((leg,), ()) for leg in shipped] + [Consignment((), (leg,)) for leg in lone]
    return sorted(found, key=lambda one: min(order(leg.step) for leg in (*one.shipped, *one.received)))


def documents(step: Step) -> frozenset[str]:
    """The papers that accompany the goods."""
    return frozenset(uri for kind, uri in step.transactions if kind not in _SHARED)


def returned(receipt: Step, shipped: Iterable[Step]) -> bool:
    """Does a receipt take back what the same member had shipped: said to be so, or from who it went to?"""
    return any(_comes_back(receipt, sent) for sent in shipped)


def _comes_back(receipt: Step, sent: Step) -> bool:
    if receipt.member != sent.member or order(receipt) < order(sent):
        return False
    said = receipt.disposition == "returned" or any(kind == "rma" for kind, _ in receipt.transactions)
    # What a member sends from one place of its own to another goes from itself to itself.
    others = set(sent.destinations).difference(sent.sources, receipt.destinations)
    return said or not others.isdisjoint(receipt.sources)


def _travels(step: Step) -> bool:
    return _leaves(step) or step.moves.receipt


def _leaves(step: Step) -> bool:
    return step.dealing == "ships" and step.moves.action != "DELETE"


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


def _journeys(case: Case, unit: str) -> Mapping[str, Sequence[Step]]:
    """The shipments and receipts of a unit, by what was in it then."""
    known: dict[str, dict[str, list[Step]]] = case.around.known.setdefault(_journeys, {})
    if unit not in known:
        found = known[unit] = {}
        for step in case.steps(unit):
            if _travels(step):
                for uri in case.around.units.inside(unit, order(step)):
                    found.setdefault(uri, []).append(step)
    return known[unit]


def _leg(case: Case, uri: str, units: set[str], step: Step) -> Leg | None:
    if step.moves.touches(uri):
        return Leg(step, _added([flow.amount for flow in step.flows if flow.uri == uri]))
    named = sorted(units.intersection(step.moves.objects))
    held = {unit: case.around.units.inside(unit, order(step)) for unit in named}
    # Of units inside one another that are named together, the outermost counts what the inner one counts.
    outermost = [unit for unit in held if not any(unit in other for other in held.values())]
    parts = [held[unit][uri] for unit in outermost if uri in held[unit]]
    return Leg(step, _added(parts), outermost[0]) if parts else None


def _added(amounts: Sequence[Amount | None]) -> Amount | None:
    known = [amount for amount in amounts if amount is not None]
    if not known or len(known) < len(amounts) or len({amount.uom for amount in known}) > 1:
        return None
    return Amount(sum((amount.quantity for amount in known[1:]), known[0].quantity), known[0].uom)


def _received_once(received: list[Leg]) -> list[Leg]:
    """Without the acceptances of what the same member had received."""
    takers = {leg.step.member for leg in received if leg.step.dealing != "accepts"}
    return [leg for leg in received if leg.step.dealing != "accepts" or leg.step.member not in takers]


def _by_document(shipped: list[Leg], received: list[Leg]) -> tuple[list[Consignment], list[Leg], list[Leg]]:
    """Those that the same papers name, and those that are left on either side."""
    naming: dict[str, list[Leg]] = {}
    for leg in (*shipped, *received):
        for paper in documents(leg.step):
            naming.setdefault(paper, []).append(leg)
    found: list[Consignment] = []
    done: set[int] = set()
    for leg in shipped:
        if leg.step.index in done:
            continue
        together = _together(leg, naming)
        sent = tuple(each for each in shipped if each.step.index in together)
        taken = tuple(each for each in received if each.step.index in together and _answers(each, sent))
        if taken:
            found.append(Consignment(sent, taken))
            done |= {each.step.index for each in (*sent, *taken)}
    left = [[leg for leg in listed if leg.step.index not in done] for listed in (shipped, received)]
    return found, left[0], left[1]


def _answers(receipt: Leg, sent: Sequence[Leg]) -> bool:
    """Not where all that was sent came back to who had sent it."""
    return any(not _comes_back(receipt.step, leg.step) for leg in sent)


def _together(leg: Leg, naming: dict[str, list[Leg]]) -> set[int]:
    """The entries that papers connect with a leg, its own included."""
    found = {leg.step.index}
    waiting, read = [leg], set[str]()
    for each in waiting:
        papers = documents(each.step) - read
        read |= papers
        for paper in papers:
            for other in naming[paper]:
                if other.step.index not in found:
                    found.add(other.step.index)
                    waiting.append(other)
    return found


def _sent(receipt: Leg, shipped: Sequence[Leg]) -> int | None:
    """The place of the shipment that a receipt without its paper answers."""
    step = receipt.step
    until = bisect_right(shipped, order(step), key=lambda leg: order(leg.step))
    last = None
    for at in range(until - 1, max(until - 1 - MOST_ON_THE_WAY, -1), -1):
        if _may_answer(step, shipped[at].step):
            if total([receipt.amount]) == total([shipped[at].amount]):
                return at
            last = at if last is None else last
    if last is not None:
        return last
    for at, leg in enumerate(shipped):
        near = leg.step.at is not None and step.at is not None and leg.step.at - step.at <= ASTRAY
        if near and _named(leg.step) & _named(step) and not _comes_back(step, leg.step):
            return at
    return None


def _may_answer(receipt: Step, sent: Step) -> bool:
    """Not where both say to whom it goes, in the same sense, and say it differently; nor what comes back."""
    one, other = dict(sent.destinations), dict(receipt.destinations)
    same = all(one[kind] == other[kind] for kind in one.keys() & other.keys())
    return same and not _comes_back(receipt, sent)


def _named(step: Step) -> frozenset[str]:
    return frozenset(uri for _, uri in step.destinations)
