"""Shipments that do not close: received and never sent, sent and never received, sent without what is in it.

- A receipt without a shipment is odd where the lot was made in this ledger by somebody else, or where who sent it
  records here; goods from outside come without one, and so does what comes back from there. A shipment without a
  receipt is odd where who takes it records here, once so many days have passed. Who records here is decided when
  somebody asks (`stand`).
- A unit may be received as what is in it, and the other way round.
- The contents of a unit are elsewhere where an item or unit in it was packed into another one, used, shipped or
  received by itself since it was packed; and where the unit is shipped from a place that has nothing in common with
  where it was last seen. Places are compared by GLN, whatever stands behind it.

    receipt-without-shipment, shipment-not-received, unit-elsewhere
"""

from bisect import bisect_left
from collections.abc import Iterator

from ledger.lots.contents import does, leaves
from ledger.lots.findings.consignment import consignments, documents, legs, returned
from ledger.lots.findings.found import Case, Found, causes, order
from ledger.lots.step import Related, Step

_WHO = ("possessing_party", "owning_party", "processing_party", "location")
_PLACE = "https://id.gs1.org/414/"
_GLN = len(_PLACE) + 13


def not_received(case: Case) -> Iterator[Found]:
    """What was shipped was never received."""
    for one in consignments(case):
        for leg in one.shipped if not one.received else ():
            step, party = leg.step, _who(leg.step.destinations)
            if leg.unit is None and party is not None and step.at is not None and not _arrived(case, step):
                context = {"lot": case.subject, "party": party}
                yield Found(
                    "shipment-not-received", case.subject, step.index, causes(step), context, since=step.at, party=party
                )


def not_shipped(case: Case) -> Iterator[Found]:
    """What was received was never shipped."""
    makers = {step.member for step in case.births()}
    gone = [leg.step for leg in legs(case)[0]]
    for one in consignments(case):
        for leg in one.received if not one.shipped else ():
            step, sender = leg.step, _who(leg.step.sources)
            # Who had sent it away gets it back from somebody who need not record here.
            known = set() if returned(step, gone) else makers
            if leg.unit is not None or step.member in makers or _left(case, step) or not (known or sender):
                continue
            context = {"lot": case.subject, "party": sender or sorted(known)[0]}
            yield Found(
                "receipt-without-shipment", case.subject, step.index, causes(step), context,
                party=None if known else sender,
            )  # fmt: skip


def elsewhere(case: Case) -> Iterator[Found]:
    """A unit was shipped while what is in it, or itself, was elsewhere."""
    for leg in legs(case)[0]:
        if leg.unit is None and leg.amount is None:
            away = _strayed(case, leg.step) or _moved(case, leg.step)
            if away is not None:
                context = {"unit": case.subject, "content": away[0]}
                yield Found("unit-elsewhere", case.subject, leg.step.index, causes(leg.step, away[1]), context)


def _strayed(case: Case, shipping: Step) -> tuple[str, Step] | None:
    """A thing that was packed in it and went its own way before the unit was shipped, and the step that says so."""
    for uri, amount in sorted(case.around.units.packed(case.subject, order(shipping)).items()):
        packed = [step for step in case.steps(uri) if _packs(step, case.subject, uri)]
        if amount is not None or not packed:
            continue
        last = max(order(step) for step in packed if order(step) < order(shipping))
        for step in case.steps(uri):
            if last < order(step) < order(shipping) and _away(step, uri, case.subject):
                return uri, step
    return None


def _packs(step: Step, unit: str, uri: str) -> bool:
    return does(step, unit) == "puts" and uri in step.moves.children


def _away(step: Step, uri: str, unit: str) -> bool:
    """Does the step take the thing somewhere, without the unit that it is in?"""
    if unit in step.moves.objects:
        return False
    return leaves(step, uri, unit) or step.moves.receipt or step.dealing == "ships"


def _moved(case: Case, shipping: Step) -> tuple[str, Step] | None:
    """The step before, where it puts the unit at a place that the shipment does not leave from."""
    here = _places(shipping)
    last = _seen_before(case, shipping) if here else None
    if last is None or last.dealing == "ships" or here & _places(last):
        return None
    if last.moves.receipt and _same_way(last, shipping):
        # It arrived before it left: that is said of the times.
        return None
    return case.subject, last


def _seen_before(case: Case, shipping: Step) -> Step | None:
    """The last step before that says where it was. A crate has thousands: they are not all looked at for each."""
    steps = case.steps()
    before = range(bisect_left(steps, order(shipping), key=order) - 1, -1, -1)
    return next((steps[at] for at in before if _places(steps[at])), None)


def _places(step: Step) -> frozenset[str]:
    """The GLNs of where it happened and where things are afterwards."""
    named = (step.read_point, step.biz_location)
    return frozenset(uri[:_GLN] for uri in named if uri is not None and uri.startswith(_PLACE))


def _who(related: Related) -> str | None:
    """Who has the goods, as far as it is said; else whose they are, else where."""
    said = dict(reversed(related))
    return next((said[kind] for kind in _WHO if kind in said), None)


def _arrived(case: Case, shipping: Step) -> bool:
    """Was what is in the unit received by itself?"""
    return any(
        step.moves.receipt and _same_way(step, shipping)
        for uri in case.around.units.inside(case.subject, order(shipping))
        for step in case.steps(uri)
    )


def _left(case: Case, receipt: Step) -> bool:
    """Was what is in the unit shipped by itself?"""
    return any(
        step.dealing == "ships" and _same_way(step, receipt)
        for uri in case.around.units.inside(case.subject, order(receipt))
        for step in case.steps(uri)
    )


def _same_way(one: Step, other: Step) -> bool:
    return bool(documents(one) & documents(other))
