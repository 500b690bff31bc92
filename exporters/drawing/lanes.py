"""A lot's genealogy in swim lanes: a lane for each organisation, time from left to right, kilograms on every way.

- A thing stands in the lane of who began it; customers have lanes of their own. Columns follow the time at which things
  began (of a customer, the last shipment to it): things that do not come from each other share one.
- More things than fit are left to the table beside it, the lightest first, and the drawing says how many.
- `address` makes a thing a link, which a keyboard reaches in the order of time.

    lanes(facts, journey(facts), "it")  ->  "<svg …"

FORMATS 5.1; WCAG 2.1 1.1.1 (the table says the same), 2.1.1.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from exporters.drawing.svg import INK, LINE, QUIET, box, curve, linked, rule, svg, text
from exporters.facts.figures import day, kilos
from exporters.facts.history import Event, Facts
from exporters.facts.journey import Journey, Thing
from ledger.lots.timeline import order
from schemas.epcis.instant import instant
from schemas.wording import Language, sentence

MOST = 60
_WIDTH, _HEIGHT, _ACROSS, _DOWN = 172.0, 56.0, 248.0, 70.0
_MOST_ROWS = 8
_HEAD, _NAME = 30.0, 22.0
_FILL = {"lot": "#f1f6ea", "item": "#f1f6ea", "unit": "#f6f1e4", "customer": "#e9eff6"}
Address = Callable[[Thing], str]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a thing stands. `lane`: whose it is; `at`: when it began (microseconds), None where nobody says."""

    thing: Thing
    lane: str
    at: int | None
    column: int
    row: int


def lanes(facts: Facts, told: Journey, language: Language, address: Address | None = None) -> str:
    """The drawing; of a journey of one thing, that thing."""
    spots = list(spotted(facts, told))
    tops = _tops(spots)
    places = {spot.thing.uri: (_x(spot), tops[spot.lane] + _NAME + spot.row * _DOWN) for spot in spots}
    width = 24 + (1 + max((spot.column for spot in spots), default=0)) * _ACROSS
    bottom = tops[""]
    drawn = [*_lanes(tops, width), *_days(spots, language)]
    drawn += [part for way in told.ways for part in _way(way.source, way.target, way.weight, places, language)]
    drawn += [_thing(spot, places[spot.thing.uri], told, language, address) for spot in spots]
    hidden = len(told.things) - len(spots)
    if hidden:
        drawn.append(text(12, bottom + 14, sentence("drawing-more", {"count": hidden}, language), fill=QUIET))
    title = sentence("drawing-genealogy", {}, language)
    return svg(width, bottom + (22 if hidden else 4), drawn, title=title, role="img" if address is None else "group")


def spotted(facts: Facts, told: Journey) -> Iterator[Spot]:
    """Where everything stands, in the order of time: the heaviest of what is too much, and always the subject."""
    begun = _begun(facts, told)
    heaviest = sorted(
        told.things.values(), key=lambda thing: (thing.uri != told.subject, -(thing.weight or 0), thing.uri)
    )
    kept = sorted(heaviest[:MOST], key=lambda thing: _when(thing, begun))
    sources: dict[str, set[str]] = {}
    for way in told.ways:
        sources.setdefault(way.target, set()).add(way.source)
    column, together, rows = 0, set[str](), dict[str, int]()
    for thing in kept:
        event = begun.get(thing.uri)
        lane = _lane(facts, thing, event)
        if together & sources.get(thing.uri, set()) or rows.get(lane, 0) == _MOST_ROWS:
            column, together, rows = column + 1, set(), {}
        yield Spot(thing, lane, event.at if event else None, column, rows.get(lane, 0))
        together.add(thing.uri)
        rows[lane] = rows.get(lane, 0) + 1


def _when(thing: Thing, begun: Mapping[str, Event]) -> tuple[object, ...]:
    """Where a thing comes in the story; a customer after what was sent to it, what has no time by its stage."""
    event = begun.get(thing.uri)
    return (*(order(event.step) if event else (0, 0)), thing.sort == "customer", thing.stage, thing.code)


def _begun(facts: Facts, told: Journey) -> dict[str, Event]:
    """The event with which each thing began, else the first that names it; of a customer the last that went to it."""
    found: dict[str, Event] = {}
    for event in facts.standing:
        for uri in event.step.moves.born:
            found.setdefault(uri, event)
    for event in facts.standing:
        for uri in event.step.moves.objects:
            found.setdefault(uri, event)
        if event.step.dealing == "ships":
            found.update((uri, event) for _, uri in event.step.destinations if uri in told.things)
    return found


def _lane(facts: Facts, thing: Thing, event: Event | None) -> str:
    if thing.sort == "customer":
        return thing.name or thing.code
    name = facts.members.get(event.member, {}).get("name") if event else None
    return str(name or (event.member if event else thing.code))


def _tops(spots: list[Spot]) -> dict[str, float]:
    """Where each lane begins, in the order in which they come into the story; under no name, where the last ends."""
    tall: dict[str, int] = {}
    for spot in spots:
        tall[spot.lane] = max(tall.get(spot.lane, 0), spot.row + 1)
    tops, y = {}, _HEAD
    for lane, count in tall.items():
        tops[lane] = y
        y += _NAME + count * _DOWN
    return tops | {"": y}


def _x(spot: Spot) -> float:
    return 12 + spot.column * _ACROSS


def _lanes(tops: Mapping[str, float], width: float) -> Iterator[str]:
    for lane, top in tops.items():
        yield rule(0, top, width)
        if lane:
            yield text(12, top + 15, lane, size=12, bold=True)


def _days(spots: list[Spot], language: Language) -> Iterator[str]:
    """The first and the last day of each column."""
    days: dict[int, list[int]] = {}
    for spot in spots:
        if spot.at is not None:
            days.setdefault(spot.column, []).append(spot.at)
    for column, times in days.items():
        ends = dict.fromkeys(day(f"{instant(at):%Y-%m-%d}", language) for at in (min(times), max(times)))
        yield text(12 + column * _ACROSS, 18, " – ".join(ends), size=11, fill=QUIET)


def _way(
    source: str, target: str, weight: Decimal | None, places: Mapping[str, tuple[float, float]], language: Language
) -> Iterator[str]:
    if source not in places or target not in places:
        return
    (x1, y1), (x2, y2) = places[source], places[target]
    yield curve(x1 + _WIDTH, y1 + _HEIGHT / 2, x2, y2 + _HEIGHT / 2, thick=1.6)
    said = "" if weight is None else kilos(weight, language)
    if said:
        middle, height = (x1 + _WIDTH + x2) / 2, (y1 + y2 + _HEIGHT) / 2
        yield box(middle - 2.7 * len(said), height - 8, 5.4 * len(said), 16, fill="#ffffff", stroke="none")
        yield text(middle, height + 4, said, size=10, fill=QUIET, anchor="middle")


def _thing(spot: Spot, place: tuple[float, float], told: Journey, language: Language, address: Address | None) -> str:
    thing, (x, y), own = spot.thing, place, spot.thing.uri == told.subject
    sort = sentence(f"drawing-{thing.sort}", {}, language)
    weight = "" if thing.weight is None else kilos(thing.weight, language)
    parts = [
        box(x, y, _WIDTH, _HEIGHT, fill=_FILL[thing.sort], stroke=INK if own else LINE, thick=2.5 if own else 1),
        text(x + 8, y + 17, thing.name or sort, size=12, bold=True, room=_WIDTH - 16),
        text(x + 8, y + 33, f"{sort} {thing.code}" if thing.name else thing.code, size=11, room=_WIDTH - 16),
        text(x + 8, y + 49, " · ".join(filter(None, (thing.place, weight))), size=11, fill=QUIET, room=_WIDTH - 16),
    ]
    if address is None or thing.sort == "customer":
        return "".join(parts)
    return linked(address(thing), parts)
