"""A lot's genealogy drawn: from fields on the left to customers on the right, kilograms on every way.

- A column for each stage; in a column things stand near what they came from. The subject is marked.
- A column with more things than fit shows the heaviest and says how many more there are; nothing is left out of the
  tables beside it.

    genealogy(journey(facts), "it")  ->  "<svg …"

FORMATS 5.1 (dossier per lot).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from exporters.drawing.svg import INK, LINE, QUIET, box, curve, svg, text
from exporters.facts.figures import kilos
from exporters.facts.journey import Journey, Thing, Way
from schemas.wording import Language, sentence

WIDTH = 1000.0
MOST_IN_COLUMN = 12
MOST_COLUMNS = 7
_BOX, _GAP, _HEAD = 54.0, 14.0, 26.0
_FILL = {"lot": "#f1f6ea", "item": "#f1f6ea", "unit": "#f6f1e4", "customer": "#e9eff6"}


@dataclass(frozen=True, slots=True)
class _Place:
    x: float
    y: float


def genealogy(told: Journey, language: Language) -> str:
    """The drawing; of a journey of one thing, that thing."""
    columns = _columns(told)
    step = WIDTH / max(1, len(columns))
    width = min(190.0, step - 34)
    height = _HEAD + max(len(column) for column in columns) * (_BOX + _GAP)
    places = {
        thing.uri: _Place(number * step + (step - width) / 2, _HEAD + row * (_BOX + _GAP) + _sag(column, height))
        for number, column in enumerate(columns)
        for row, thing in enumerate(column)
    }
    drawn = [part for way in told.ways for part in _way(way, places, width, language)]
    drawn += [part for column in columns for thing in column for part in _thing(thing, places, width, told, language)]
    drawn += _more(told, columns, step, language)
    return svg(WIDTH, height + 8, drawn, title=sentence("drawing-genealogy", {}, language))


def _sag(column: list[Thing], height: float) -> float:
    """How far a column hangs, so that all stand around one middle."""
    return max(0.0, (height - _HEAD - len(column) * (_BOX + _GAP)) / 2)


def _columns(told: Journey) -> list[list[Thing]]:
    """The things that are drawn, by column: those far from the subject share the last ones where there are too many."""
    stages = sorted({thing.stage for thing in told.things.values()})
    own = told.things[told.subject].stage if told.subject in told.things else 0
    kept = sorted(sorted(stages, key=lambda stage: abs(stage - own))[:MOST_COLUMNS])
    rows: dict[str, float] = {}
    columns = []
    for stage in kept:
        things = [thing for thing in told.things.values() if thing.stage == stage]
        heaviest = sorted(things, key=lambda thing: (thing.uri != told.subject, -(thing.weight or 0), thing.uri))
        column = sorted(heaviest[:MOST_IN_COLUMN], key=lambda thing: (_near(thing, told.ways, rows), thing.code))
        rows |= {thing.uri: float(row) - len(column) / 2 for row, thing in enumerate(column)}
        columns.append(column)
    return columns


def _near(thing: Thing, ways: Iterable[Way], rows: Mapping[str, float]) -> float:
    """The middle of what a thing came from."""
    sources = [rows[way.source] for way in ways if way.target == thing.uri and way.source in rows]
    return sum(sources) / len(sources) if sources else 0.0


def _way(way: Way, places: Mapping[str, _Place], width: float, language: Language) -> Iterable[str]:
    if way.source not in places or way.target not in places:
        return
    one, other = places[way.source], places[way.target]
    start, end, level = one.x + width, other.x, other.y + _BOX / 2
    yield curve(start, one.y + _BOX / 2, end, level)
    said = "" if way.weight is None else kilos(way.weight, language)
    if said:
        middle, height = (start + end) / 2, (one.y + other.y + _BOX) / 2
        yield box(middle - 2.4 * len(said), height - 7, 4.8 * len(said), 14, fill="#ffffff", stroke="none")
        yield text(middle, height + 3, said, size=9, fill=QUIET, anchor="middle")


def _thing(
    thing: Thing, places: Mapping[str, _Place], width: float, told: Journey, language: Language
) -> Iterable[str]:
    place, own, room = places[thing.uri], thing.uri == told.subject, width - 14
    yield box(place.x, place.y, width, _BOX, fill=_FILL[thing.sort], stroke=INK if own else LINE, thick=2 if own else 1)
    sort = sentence(f"drawing-{thing.sort}", {}, language)
    yield text(place.x + 7, place.y + 15, thing.name or sort, size=11, bold=True, room=room)
    yield text(place.x + 7, place.y + 30, f"{sort} {thing.code}" if thing.name else thing.code, size=9.5, room=room)
    beside = [thing.place, "" if thing.weight is None else kilos(thing.weight, language)]
    yield text(place.x + 7, place.y + 45, " · ".join(filter(None, beside)), size=9.5, fill=QUIET, room=room)


def _more(told: Journey, columns: list[list[Thing]], step: float, language: Language) -> Iterable[str]:
    """Above a column that does not show all: how many more there are."""
    for number, column in enumerate(columns):
        stage = column[0].stage
        hidden = sum(thing.stage == stage for thing in told.things.values()) - len(column)
        if hidden:
            said = sentence("drawing-more", {"count": hidden}, language)
            yield text(number * step + step / 2, 14, said, size=10, fill=QUIET, anchor="middle")
