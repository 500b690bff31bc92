"""The outline of a field or plot as a GeoJSON polygon, judged as strictly as who takes it over.

- One ring of longitude and latitude (WGS 84), closed, of at least three corners, without holes.
- No corner stands twice once rounded to six decimals, no side crosses another.
- At most `MOST_CORNERS`: crossing is looked for between every two sides.

    problem(polygon)  ->  None, or a code with the position of the corner

RFC 7946 section 3.1.6; GeoJSON file description of the EU deforestation regulation's information system.
"""

from decimal import Decimal
from typing import Any, TypeAlias

from schemas.syntax.json_text import Number

Point: TypeAlias = tuple[Decimal, Decimal]
MOST_CORNERS = 500
_MICRO = Decimal("0.000001")


def problem(polygon: Any) -> tuple[str, int] | None:
    """What is wrong with a polygon: a code and the position of the corner (0 for the whole); None if nothing is."""
    if not isinstance(polygon, dict) or polygon.keys() != {"type", "coordinates"} or polygon["type"] != "Polygon":
        return "polygon-form", 0
    rings = polygon["coordinates"]
    if not isinstance(rings, list) or not rings or not isinstance(rings[0], list):
        return "polygon-form", 0
    if len(rings) != 1:
        return "polygon-hole", 0
    if len(rings[0]) > MOST_CORNERS + 1:
        return "polygon-too-long", MOST_CORNERS
    ring: list[Point] = []
    for place, position in enumerate(rings[0]):
        point = _point(position)
        if point is None:
            return "polygon-position", place
        ring.append(point)
    if len(ring) < 4 or ring[0] != ring[-1]:
        return "polygon-open", len(ring) - 1
    return _shape(ring[:-1])


def _shape(corners: list[Point]) -> tuple[str, int] | None:
    seen: set[Point] = set()
    for place, (x, y) in enumerate(corners):
        rounded = x.quantize(_MICRO), y.quantize(_MICRO)
        if rounded in seen:
            return "polygon-corner-twice", place
        seen.add(rounded)
    count = len(corners)
    for one in range(count):
        # Sides that share a corner touch there and nowhere else, unless they run back over each other.
        for other in range(one + 1, count):
            ends = corners[one], corners[(one + 1) % count], corners[other], corners[(other + 1) % count]
            neighbours = other == one + 1 or (one == 0 and other == count - 1)
            if _folded(ends) if neighbours else _cross(*ends):
                return "polygon-crossing", other
    return None


def _point(position: Any) -> Point | None:
    if not isinstance(position, list) or len(position) not in (2, 3):
        return None
    if not all(isinstance(number, Number) for number in position):
        return None
    longitude, latitude = position[0].decimal(), position[1].decimal()
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None


def _side(a: Point, b: Point, c: Point) -> int:
    """On which side of the line from a to b does c lie: 1, -1, or 0 on it?"""
    turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (turn > 0) - (turn < 0)


def _within(a: Point, b: Point, c: Point) -> bool:
    """Does c, on the line through a and b, lie between them?"""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    sides = _side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)
    if sides[0] != sides[1] and sides[2] != sides[3]:
        return True
    return (
        (sides[0] == 0 and _within(a, b, c))
        or (sides[1] == 0 and _within(a, b, d))
        or (sides[2] == 0 and _within(c, d, a))
        or (sides[3] == 0 and _within(c, d, b))
    )


def _folded(ends: tuple[Point, Point, Point, Point]) -> bool:
    """Do two sides that share a corner run back over each other?"""
    a, b, c, d = ends
    shared, first, second = (b, a, d) if b == c else (a, b, c)
    if _side(first, shared, second) != 0:
        return False
    ahead = (first[0] - shared[0]) * (second[0] - shared[0]) + (first[1] - shared[1]) * (second[1] - shared[1])
    return ahead > 0
