"""Quantities that do not add up: more left than there was, other than what was sent arrived, more came out than can.

- Of a lot each holder has an account: what it made or received came in, what it used, destroyed or shipped went out;
  packing moves nothing, and a unit that is used up takes what is in it along. Who recorded that it took something out,
  but never how it came to have it, took it from what was shipped and never received, else from who made it.
- An account with an unknown amount, or with kilograms and cases, is not shown, and so is no finding.
- More went out than came in at the step, in order of time, that took what was no longer there. Sums are whole sums, so
  the order of what was recorded the same day changes nothing.
- What was received is held against what was shipped, exactly: a tolerance is for who reads it to have.
- How much a transformation may yield is `ledger.lots.yielded`'s to say, as for a balance: by the band of its products
  as they were then, the word of who recorded it before that of others; where an input is not shown it is not judged.

    lot-overdrawn, received-differs, yield-above-band

FORMATS section 6, no. 2.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from ledger.lots.balance import dimension_of
from ledger.lots.findings.consignment import consignments, ended, legs
from ledger.lots.findings.found import Case, Found, causes, order
from ledger.lots.findings.measure import Sum, total
from ledger.lots.step import Amount, Step
from ledger.lots.yielded import Yielded, shown, yielded

MOST_CAUSES = 100
"""Of one finding: a tank that was drawn from a thousand times needs no longer list."""


@dataclass(slots=True)
class _Account:
    came: list[tuple[Step, Amount | None]] = field(default_factory=list)
    went: list[tuple[Step, Amount | None]] = field(default_factory=list)


def overdrawn(case: Case) -> Iterator[Found]:
    """More of a lot was used or shipped than its holder had."""
    for holder, account in sorted(_accounts(case).items()):
        came, went = total(amount for _, amount in account.came), total(amount for _, amount in account.went)
        if came is None or went is None or came.dimension != went.dimension or went.value <= came.value:
            continue
        taken = sorted(account.went, key=lambda pair: order(pair[0]))
        step = _too_much(taken, came)
        named = [each for each, _ in (*account.came, *taken) if order(each) <= order(step)][-MOST_CAUSES:]
        context = {"lot": case.subject, "out": went.text, "in": came.text, "holder": holder}
        yield Found("lot-overdrawn", case.subject, step.index, causes(step, *named), context)


def _too_much(taken: list[tuple[Step, Amount | None]], came: Sum) -> Step:
    """The step that took what was no longer there."""
    left = came.value
    for step, amount in taken:
        each = total([amount])
        left -= each.value if each is not None else 0
        if left < 0:
            return step
    return taken[-1][0]


def _accounts(case: Case) -> dict[str, _Account]:
    accounts: dict[str, _Account] = {}
    shipped, received = legs(case)
    births = case.births()
    senders = {leg.step.member for leg in shipped}
    for step in births:
        accounts.setdefault(step.member, _Account()).came.append((step, _amount(step, case.subject, "made")))
    for leg in received:
        # Who made it and never sent it away saw its own.
        if leg.step.member not in {step.member for step in births} - senders:
            accounts.setdefault(leg.step.member, _Account()).came.append((leg.step, leg.amount))
    maker = births[0].member if births else None
    on_its_way = [leg for one in consignments(case) if not one.received for leg in one.shipped]
    out = [(leg.step, leg.amount) for leg in shipped]
    out += [(step, _amount(step, case.subject, "used")) for step in case.steps() if case.subject in step.moves.used]
    out += [(leg.step, leg.amount) for leg in ended(case)]
    for step, amount in out:
        holder = step.member if step.member in accounts else maker
        others = [leg for leg in on_its_way if leg.step.member != step.member]
        if step.member not in accounts and others:
            accounts[step.member] = _Account([(leg.step, leg.amount) for leg in others])
            holder = step.member
        if holder is not None:
            accounts[holder].went.append((step, amount))
    return accounts


def _amount(step: Step, uri: str, role: str) -> Amount | None:
    stated = [flow.amount for flow in step.flows if flow.uri == uri and flow.role == role]
    if not stated or stated[0] is None:
        return None
    summed = total(stated)
    return stated[0] if summed is None or len(stated) == 1 else Amount(_plain(stated), stated[0].uom)


def _plain(stated: Iterable[Amount | None]) -> Decimal:
    return sum((amount.quantity for amount in stated if amount is not None), Decimal(0))


def differs(case: Case) -> Iterator[Found]:
    """Other than what was shipped was received."""
    for one in consignments(case):
        sent, taken = total(leg.amount for leg in one.shipped), total(leg.amount for leg in one.received)
        if sent is None or taken is None or sent.dimension != taken.dimension or sent.value == taken.value:
            continue
        steps = [leg.step for leg in (*one.shipped, *one.received)]
        missing = Sum(sent.dimension, abs(sent.value - taken.value), sent.uom).text
        context = {"lot": case.subject, "shipped": sent.text, "received": taken.text, "difference": missing}
        yield Found("received-differs", case.subject, one.received[-1].step.index, causes(*steps), context)


def above_band(case: Case) -> Iterator[Found]:
    """More came out of a transformation than its inputs can give."""
    for steps in transformations(case):
        goods = case.goods(steps[0].member)
        # KNOWN LIMIT: by the table of yields that comes with the program, whatever somebody's own says; docs/limits.md.
        # Of outputs that are not all shown, those that are can be too much already.
        judged = yielded(shown(steps, goods), goods)
        if judged.verdict is None:
            judged = yielded(shown(steps, goods, mass=True), goods)
        if judged.verdict == "over":
            outputs = sorted({flow.uri for step in steps for flow in step.flows if flow.role == "made"})
            context = {"lot": outputs[0] if outputs else case.subject, **told(judged, steps)}
            yield Found("yield-above-band", case.subject, steps[-1].index, causes(*steps), context)


def told(judged: Yielded, steps: Iterable[Step]) -> dict[str, str]:
    """What a process that gave too much is said to have used, made, and been able to make; each in its own unit."""
    units = {role: _unit(steps, role, judged.dimensions[place]) for place, role in enumerate(("used", "made"))}
    said = {"in": (0, "used", judged.used), "out": (1, "made", judged.made), "most": (1, "made", judged.most)}
    return {
        name: Sum(judged.dimensions[place], value or Decimal(0), units[role]).text
        for name, (place, role, value) in said.items()
    }


def _unit(steps: Iterable[Step], role: str, dimension: str) -> str:
    """The unit in which a process says what it used, or made; kilograms for pieces."""
    amounts = (flow.amount for step in steps for flow in step.flows if flow.role == role)
    written = (amount.uom for amount in amounts if amount is not None and dimension_of(amount)[0] == dimension)
    return next((uom for uom in written if uom), "KGM")


def transformations(case: Case) -> list[list[Step]]:
    """Those the subject speaks for: a run of several events for itself, any other for the first lot it makes. The
    caller's to read only."""
    found: list[list[Step]] | None = case.known.get(transformations)
    if found is None:
        found = case.known[transformations] = list(_transformations(case))
    return found


def _transformations(case: Case) -> Iterator[list[Step]]:
    told = [(step, _run(step)) for step in case.steps() if step.type == "TransformationEvent"]
    run = [step for step, part_of in told if part_of == case.subject]
    if run:
        yield run
    for step, part_of in told:
        if part_of is None and case.subject in step.moves.made:
            first = next((uri for uri in step.moves.objects if uri in step.moves.made), None)
            if first == case.subject:
                yield [step]


def _run(step: Step) -> str | None:
    """The transformation that the event is a part of."""
    named = step.moves.objects
    return next((uri for uris in (step.moves.made, step.moves.used) for uri in uris if uri not in named), None)
