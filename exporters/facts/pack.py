"""What a pack tells whoever holds it: the product, whose it is, from which town, when, by which steps; of one bundle.

- Whatever the bundle hides is not told: it is made for the public, and this reads nothing else.
- A *town* is a municipality with the sign of its province. Where a place is not public, it is that of the member's own
  seat, as its master data says it, and `seat` says so.
- *Steps* are those of one member that do the same, told as one, in the order of time; `MOST_STEPS` are told, the first
  and the last of them before those between, and `untold` says how many are not.
- Days are those of the place where something was recorded.

    pack(read(bundle)).harvested  ->  (date(2026, 7, 12), date(2026, 7, 12))

FORMATS 5.3; docs/adr/0060-what-a-pack-tells.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from exporters.facts.chain import day_of
from exporters.facts.history import Event, Facts, kind_of
from exporters.facts.journey import code_of
from exporters.facts.lots import harvest_days, said_in
from exporters.facts.parties import Address, place, signer
from ledger.lots.said import as_party
from ledger.lots.stock import is_unit
from schemas.gs1.canonical import canonical_uri

MOST_STEPS = 8
_FIRST = 5


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality; `seat`: it is where the member has its seat, since nobody may know the place itself."""

    name: str
    region: str = ""
    country: str = ""
    seat: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What one member did; `towns`: where; `first` and `last`: on which days; `count`: in how many events."""

    kind: str
    who: str
    towns: tuple[Town, ...]
    first: date | None
    last: date | None
    count: int


@dataclass(frozen=True, slots=True)
class Voice:
    """A member in its own words, by language, and its picture: SHA-256 (hex), media type, and what it shows."""

    member: str
    name: str
    town: Town | None
    story: Mapping[str, str]
    picture: str = ""
    media_type: str = ""
    alt: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of a member's product, as it holds on the day the lot was made. `ends`: its last day."""

    scheme: str
    number: str
    body: str
    holder: str
    ends: str


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything. `sort`: `lot`, `item` or `unit`; texts that nobody said are empty."""

    subject: str
    sort: str
    product: str
    brand: str
    variety: str
    code: str
    gtin: str
    maker: str
    towns: tuple[Town, ...]
    harvested: tuple[date, date] | None
    made_on: date | None
    before: str
    expires: str
    origin: str
    steps: tuple[Step, ...]
    untold: int
    begun_in: tuple[Town, ...]
    made_in: tuple[Town, ...]
    voices: tuple[Voice, ...]
    certificates: tuple[Certificate, ...]
    events: int
    corrected: int


def pack(facts: Facts) -> Pack | None:
    """What is told of the subject; None where the bundle opens no event that counts, or is about none."""
    if facts.subject is None or not facts.standing:
        return None
    return _Teller(facts, facts.subject).told()


class _Teller:
    def __init__(self, facts: Facts, subject: str) -> None:
        self.facts, self.subject = facts, subject
        self.birth = next((event for event in facts.standing if subject in event.step.moves.born), None)
        self.harvests = [event for event in facts.standing if kind_of(event) == "harvest"]
        self.own = self.birth or facts.standing[-1]

    def told(self) -> Pack:
        """Everything."""
        said = said_in(self.birth) if self.birth else {}
        product = self.facts.masters.product(self.subject, self.own.at, self.own.member)
        steps, untold = self.steps()
        return Pack(
            self.subject,
            "unit" if is_unit(self.subject) else "item" if "/21/" in self.subject else "lot",
            _text(product, "functionalName") or _text(product, "name"),
            _text(product, "brand"),
            _text(product, "variety") or ", ".join(self.varieties()),
            code_of(self.subject),
            self.subject.rpartition("/01/")[2].partition("/")[0] if "/01/" in self.subject else "",
            signer(self.facts, self.own).name,
            self.towns(self.harvests or [self.own]),
            self.harvested(),
            self.day(self.birth) if self.birth else None,
            _text(said, "bestBeforeDate"),
            _text(said, "itemExpirationDate"),
            _text(said, "countryOfOrigin"),
            steps,
            untold,
            self.towns(self.harvests),
            self.towns([event for event in self.facts.standing if self.makes(event)]),
            tuple(self.voices()),
            tuple(self.certificates()),
            len(self.facts.events),
            len(self.facts.events) - len(self.facts.standing),
        )

    def makes(self, event: Event) -> bool:
        """Is a lot made here of others, or the subject itself?"""
        step = event.step
        born = any(not is_unit(uri) for uri in step.moves.born)
        return born and event not in self.harvests and (step.type == "TransformationEvent" or event is self.birth)

    def varieties(self) -> list[str]:
        """What grew, as the harvests say."""
        return list(dict.fromkeys(filter(None, (_text(said_in(event), "variety") for event in self.harvests))))

    def harvested(self) -> tuple[date, date] | None:
        """The first and the last day of the harvests."""
        days = sorted(each for event in self.harvests for each in self.days_of(event))
        return (days[0], days[-1]) if days else None

    def days_of(self, event: Event) -> Iterator[date]:
        """The days of a harvest as it says them, else that on which it was recorded to happen."""
        yield from harvest_days(event) or filter(None, [self.day(event)])

    def day(self, event: Event) -> date | None:
        """The day of an event, where it happened."""
        return day_of(event)

    def town(self, event: Event) -> Town | None:
        """Where it happened: the town of the place, where the place is public; else the seat of who signed."""
        uri = event.step.read_point or event.step.biz_location or ""
        here = place(self.facts, event, uri).address if uri else Address()
        if here.municipality:
            return Town(here.municipality, here.region, here.country)
        return self.seat(event)

    def itself(self, event: Event) -> Mapping[str, Any]:
        """What the member that signed an event says of itself: it is all that a public bundle holds of parties."""
        kept = self.facts.masters.kept_by(event.member, "party", event.at)
        return kept[0] if len(kept) == 1 else self.facts.masters.party(signer(self.facts, event).uri, event.at)

    def seat(self, event: Event) -> Town | None:
        """The seat of who signed."""
        address = _inner(self.itself(event), "address")
        name = _text(address, "municipality")
        return Town(name, _text(address, "region"), _text(address, "country"), True) if name else None

    def towns(self, events: Sequence[Event]) -> tuple[Town, ...]:
        """The towns of some events, each once."""
        return tuple(dict.fromkeys(town for event in events if (town := self.town(event)) is not None))

    def steps(self) -> tuple[tuple[Step, ...], int]:
        """The steps that are told, and how many are not."""
        groups: dict[tuple[str, str], list[Event]] = {}
        for event in self.facts.standing:
            groups.setdefault((kind_of(event), event.member), []).append(event)
        told = [self.step(kind, events) for (kind, _), events in groups.items()]
        if len(told) <= MOST_STEPS:
            return tuple(told), 0
        return (*told[:_FIRST], *told[_FIRST - MOST_STEPS :]), len(told) - MOST_STEPS

    def step(self, kind: str, events: Sequence[Event]) -> Step:
        """One of them."""
        days = sorted(day for event in events if (day := self.day(event)) is not None)
        first, last = (days[0], days[-1]) if days else (None, None)
        return Step(kind, signer(self.facts, events[0]).name, self.towns(events), first, last, len(events))

    def voices(self) -> Iterator[Voice]:
        """The members, who made the subject first, then in the order of time."""
        members = dict.fromkeys((self.own.member, *(event.member for event in self.facts.standing)))
        for iss in members:
            event = next(event for event in reversed(self.facts.standing) if event.member == iss)
            said = self.itself(event)
            picture = _inner(said, "picture")
            yield Voice(
                iss,
                signer(self.facts, event).name or _text(said, "name"),
                self.seat(event),
                _texts(said, "story"),
                _text(picture, "sha256"),
                _text(picture, "mediaType"),
                _texts(picture, "alt"),
            )

    def certificates(self) -> Iterator[Certificate]:
        """The certificates that held when the lot was made, each with whose it is."""
        names = {
            as_party(canonical_uri(_text(self.itself(event), "id"))): signer(self.facts, event).name
            for event in self.facts.events
        }
        for found in self.facts.masters.certificates(self.own.at):
            holder = as_party(canonical_uri(_text(found, "holder")))
            yield Certificate(
                _text(found, "scheme"),
                _text(found, "number"),
                _text(_inner(found, "body"), "name"),
                names.get(holder, ""),
                _text(found, "validTo")[:10],
            )


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value.strip() if isinstance(value, str) else ""


def _inner(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = said.get(name)
    return value if isinstance(value, Mapping) else {}


def _texts(said: Mapping[str, Any], name: str) -> Mapping[str, str]:
    """A text for the public, by language."""
    return {language: text for language in ("it", "en") if (text := _text(_inner(said, name), language))}
