"""A recall as it is answered: what it touches, who the customers are and how to reach them, and how long it took.

- Read in one transaction, as of one size of the log, for one audience: steps it may not see are *hidden*, counted, and
  said to be so.
- Names and contacts are those that master data holds at the moment that is asked about, for it is then that somebody is
  called; a lot is called what its product was when the lot was made, by the word of who made it first.
- What who asks may not see of master data is no reason to follow a tank otherwise, but where its rule comes from is
  shown to who may see that.

    report(node, "https://id.gs1.org/01/…/10/P-0107", weigh, Question(full(), asked, members), now=now)

FORMATS 5.1, 6.15; ARCHITECTURE.md 3.2 (kind `drill`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as altered
from datetime import datetime
from typing import Any, Protocol

from ledger.audience import Audience
from ledger.lots.mixing import AskedMixing, Rule
from ledger.lots.products import Content
from ledger.lots.recall import Customer, Gap, Recall, recall
from ledger.lots.recalled import Standing, standing
from ledger.lots.said import Masters
from ledger.lots.step import Step
from ledger.lots.whereabouts import Weigh, in_time
from ledger.readside.master import Opened as OpenedMaster
from ledger.readside.mixing import KeptMixing, as_seen
from ledger.readside.said import said_of
from ledger.readside.seen_steps import SeenSteps
from ledger.store import entries
from schemas.epcis.instant import since
from schemas.gs1.check_digit import is_digits

_CALLED = ("recall", "quality", "traceability", "sales", "other")
_GTIN = "https://id.gs1.org/01/"


class Opened(OpenedMaster, Protocol):
    """An opened ledger: `ledger.node.Node` is one."""

    @property
    def origin(self) -> str:
        """The log's origin."""
        ...

    def settled(self) -> None:
        """Return when the read side holds every entry that was committed."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks, and when. `size`: as of that many entries, None for now; `moment`: the one that is asked about, None
    for now; `mixing`: rules of tanks and silos that count before those of master data; `members`: what members are
    called, by the URIs of their GLNs."""

    audience: Audience
    asked: datetime
    members: Mapping[str, str]
    size: int | None = None
    moment: datetime | None = None
    mixing: Mapping[str, Rule] = field(default_factory=dict)

    @property
    def at(self) -> int:
        """The moment as of which names and contacts hold, in microseconds since 1970."""
        return since(self.moment or self.asked)

    @property
    def preferred(self) -> str:
        """The member whose word comes first."""
        return self.audience.member or ""


@dataclass(frozen=True, slots=True)
class Report:
    """One answer. `size`: of the log; `masters`: what is said of all that is
    named; `open`: recalls that stand, by object; `hidden`: steps that the audience may not see; `born`: the
    step that made each lot."""

    origin: str
    size: int
    question: Question
    recall: Recall
    masters: Masters
    open: Mapping[str, tuple[Standing, ...]]
    hidden: int
    answered: datetime
    born: Mapping[str, Step]

    @property
    def asked(self) -> datetime:
        """When the question came."""
        return self.question.asked

    def name(self, uri: str | None) -> str | None:
        """What master data calls a place or a party, or the log a member."""
        if uri is None:
            return None
        found = self.masters.called(uri, self.question.at, self.question.preferred)
        return self.question.members.get(uri) if found is None else found

    def product(self, lot: str) -> Content:
        """What was said of a lot's product when the lot was made, by who made it first."""
        step = self.born.get(lot)
        if step is None or step.at is None:
            return self.masters.product(lot, self.question.at, self.question.preferred)
        return self.masters.product(lot, step.at, step.member)

    def contacts(self, customer: Customer) -> list[dict[str, Any]]:
        """How to reach a customer: its own contacts, else those of a place; who answers recalls first."""
        uris = [uri for uri in (customer.uri, *customer.places) if uri is not None]
        at, preferred = self.question.at, self.question.preferred
        held = [said(uri, at, preferred) for uri in uris for said in (self.masters.party, self.masters.site)]
        listed = [item for content in held for item in content.get("contacts", ()) if isinstance(item, dict)]
        found = [item for place, item in enumerate(listed) if item not in listed[:place]]
        rank = {role: place for place, role in enumerate(_CALLED)}
        return sorted(found, key=lambda item: rank.get(str(item.get("role")), len(_CALLED)))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is not known, with what the reader may not see and whom nobody can call."""
        more = [Gap("recall-hidden", self.recall.subject, {"count": str(self.hidden)})] if self.hidden else []
        for customer in self.recall.customers:
            if customer.uri is not None and not self.contacts(customer):
                more.append(Gap("recall-contact-missing", customer.uri, {"party": customer.uri}, customer.causes))
        return (*self.recall.gaps, *more)


def report(opened: Opened, subject: str, weigh: Weigh, question: Question, *, now: Callable[[], datetime]) -> Report:
    """What a recall of a lot or unit (canonical URI) touches; `now()`: the time, for the clock.

    A subject of which nothing may be seen gives a report whose `recall.known` is False.
    """
    opened.settled()
    with opened.store.read() as connection:
        size = entries.size(connection) if question.size is None else question.size
        steps = SeenSteps(connection, question.audience, size)
        mixing = AskedMixing(question.mixing, KeptMixing(connection, size))
        found = recall(steps, subject, weigh, mixing=mixing)
        found = altered(found, mixing=as_seen(connection, found.mixing, question.audience))
        masters = said_of(opened, connection, _named(found), seen_by=question.audience, size=size)
    return Report(opened.origin, size, question, found, masters, _open(found), steps.hidden, now(), _births(found))


def _named(found: Recall) -> set[str]:
    """What the report names: customers and places, and lots, which are found by their products."""
    uris = {uri for customer in found.customers for uri in (customer.uri, *customer.places) if uri is not None}
    uris |= {item.place for item in found.stock if item.place is not None}
    uris |= {place for _, place in found.whereabouts.values() if place is not None}
    return uris | {lot for lot in found.lots if product_of(lot) is not None}


def _births(found: Recall) -> dict[str, Step]:
    """The first event that stands and made each lot."""
    born: dict[str, Step] = {}
    for step in in_time(found.steps):
        for uri in step.moves.made if step.stands else ():
            born.setdefault(uri, step)
    return {lot: born[lot] for lot in found.lots if lot in born}


def _open(found: Recall) -> dict[str, tuple[Standing, ...]]:
    """The recalls that stand, of each affected object that has any."""
    about: dict[str, list[Step]] = {}
    for step in found.steps:
        if step.persistent:
            for uri in step.moves.touched:
                about.setdefault(uri, []).append(step)
    affected = {*found.lots, *found.units}
    told = {uri: standing(steps, uri) for uri, steps in sorted(about.items()) if uri in affected}
    return {uri: by for uri, by in told.items() if by}


def affected_of(steps: Iterable[Step], member: str, uris: Sequence[str]) -> list[str]:
    """Of these objects, those about which the member recorded something."""
    own = {uri for step in steps if step.member == member for uri in step.moves.touched}
    return [uri for uri in uris if uri in own]


def product_of(lot: str) -> str | None:
    """The product that a lot is of: its GTIN as a Digital Link, None where its name holds none."""
    gtin = lot.removeprefix(_GTIN)[:14]
    return _GTIN + gtin if lot.startswith(_GTIN) and is_digits(gtin) and len(gtin) == 14 else None
