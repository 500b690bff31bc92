"""Times that cannot be: used before it was, received before it was sent, and never made at all.

- A lot, item or unit is used, packed, shipped or seen at the earliest when it begins. Said once, for the first step.
- What was shipped arrives later; and who did not make a lot uses or ships it after it received it.
- What is used or shipped first was made, or received by whoever uses or ships it: else its beginning is missing.
- What happened at the same moment is in order; a step without a time is in none.

    lot-before-birth, time-backwards, lot-without-origin
"""

from collections.abc import Iterator

from ledger.lots.findings.consignment import consignments, legs
from ledger.lots.findings.found import Case, Found, causes, earlier, order
from ledger.lots.step import Step
from schemas.epcis.instant import written


def before_birth(case: Case) -> Iterator[Found]:
    """Something was done with it before it was made."""
    births = [step for step in case.births() if step.at is not None]
    if not births:
        return
    birth = births[0]
    early = next(earlier((step for step in case.steps() if step.moves.touches(case.subject)), _at(birth)), None)
    if early is not None and early is not birth:
        context = {"lot": case.subject, "time": written(_at(early)), "made": written(_at(birth))}
        yield Found("lot-before-birth", case.subject, early.index, causes(early, birth), context)


def backwards(case: Case) -> Iterator[Found]:
    """It arrived before it left, or was used before it arrived."""
    for one in consignments(case):
        sent = min((leg.step for leg in one.shipped if leg.step.at is not None), key=_at, default=None)
        taken = min((leg.step for leg in one.received if leg.step.at is not None), key=_at, default=None)
        if sent is not None and taken is not None and _at(taken) < _at(sent):
            yield _backwards(case, taken, sent, taken)
    yield from _used_before_received(case)


def _used_before_received(case: Case) -> Iterator[Found]:
    shipped, received = legs(case)
    if not received:
        return
    makers = {step.member for step in case.births()}
    gone = [leg.step for leg in shipped] + [step for step in case.steps() if case.subject in step.moves.used]
    for member in sorted({leg.step.member for leg in received} - makers):
        arrivals = [leg.step for leg in received if leg.step.member == member and leg.step.at is not None]
        first = min(arrivals, key=_at, default=None)
        if first is None:
            continue
        early = [step for step in earlier(gone, _at(first)) if step.member == member]
        if early:
            step = min(early, key=lambda each: (_at(each), each.index))
            yield _backwards(case, step, step, first)


def _backwards(case: Case, shown: Step, one: Step, other: Step) -> Found:
    """`one` says it was at a time that does not fit to `other`."""
    context = {"lot": case.subject, "time": written(_at(one)), "other": written(_at(other))}
    return Found("time-backwards", case.subject, shown.index, causes(one, other), context)


def without_origin(case: Case) -> Iterator[Found]:
    """It was used or shipped, and nobody recorded how it came to be."""
    if case.births() or not any(case.subject in step.moves.objects for step in case.steps()):
        return
    shipped, received = legs(case)
    takers = {leg.step.member for leg in received}
    used = [step for step in case.steps() if step.type == "TransformationEvent" and case.subject in step.moves.used]
    # What has no amount is a unit or an item: how it was packed is often recorded by nobody.
    gone = [leg.step for leg in shipped if leg.amount is not None]
    first = min((*used, *gone), key=order, default=None)
    if first is not None and first.member not in takers:
        yield Found("lot-without-origin", case.subject, first.index, causes(first), {"lot": case.subject})


def _at(step: Step) -> int:
    assert step.at is not None
    return step.at
