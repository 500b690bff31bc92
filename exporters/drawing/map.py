"""A small map: where a lot comes from and where it went, on an outline of Italy that is our own.

- Towns are marked at the chief town of their province, never where anything is: who grows what, and where exactly, is
  the member's own to tell. Towns of one province share a mark and are named together.
- What is abroad, or in no province that is known, is named below the map.

    italy([Mark("Faenza", "RA", "origin")], "it")  ->  "<svg …"

Issue of the dossier and the consumer page: municipality level; FORMATS 5.3.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from exporters.drawing.svg import QUIET, area, dot, svg, text
from schemas.lists.table import rows
from schemas.wording import Language, sentence

WIDTH, HEIGHT, EDGE = 340.0, 400.0, 10.0
# Longitude and latitude of the corners, and how much narrower a degree of longitude is in the middle.
_WEST, _EAST, _SOUTH, _NORTH = 6.5, 18.7, 36.5, 47.2
_NARROW = math.cos(math.radians((_SOUTH + _NORTH) / 2))
_FILL = {"origin": "#3f7d20", "made": "#b5651d", "sent": "#2f5d8a"}
_SIZE = 13
Sort = Literal["origin", "made", "sent"]
SORTS: tuple[Sort, ...] = ("origin", "made", "sent")


@dataclass(frozen=True, slots=True)
class Mark:
    """A town, the sign of its province, and what it is in the story of the lot."""

    town: str
    province: str
    sort: Sort


def italy(marks: Iterable[Mark], language: Language) -> str:
    """The map with its marks and their names."""
    marks = sorted(set(marks), key=lambda mark: (list(_FILL).index(mark.sort), mark.province, mark.town))
    known = [mark for mark in marks if mark.province in _provinces()]
    away = sorted({mark.town for mark in marks if mark.province not in _provinces()})
    parts = [area(outline, fill="#eef2e6") for outline in _outline()]
    parts += _marks(known)
    if away:
        parts.append(text(EDGE, HEIGHT - 6, ", ".join(away), size=_SIZE, fill=QUIET, room=WIDTH - 2 * EDGE))
    return svg(WIDTH, HEIGHT, parts, title=sentence("drawing-map", {}, language))


def _marks(marks: Sequence[Mark]) -> Iterable[str]:
    """A dot for each province and sort, side by side where there are several, and the towns beside them."""
    by: dict[str, list[Mark]] = {}
    for mark in marks:
        by.setdefault(mark.province, []).append(mark)
    points = {province: _point(*_provinces()[province]) for province in by}
    for province, here in by.items():
        x, y = points[province]
        sorts = list(dict.fromkeys(mark.sort for mark in here))
        for place, sort in enumerate(sorts):
            yield dot(x + 7 * place, y, 4.5, fill=_FILL[sort])
        towns = ", ".join(dict.fromkeys(mark.town for mark in here))
        right = x + 7 * len(sorts) + 1
        wide = 0.52 * _SIZE * len(towns)
        if (_crowded(x, y, points.values()) or right + wide > WIDTH) and x > min(wide, 0.5 * WIDTH):
            yield text(x - 8, y + 3.5, towns, size=_SIZE, anchor="end", room=x - 10)
        else:
            yield text(right, y + 3.5, towns, size=_SIZE, room=WIDTH - right - 4)


def _crowded(x: float, y: float, points: Iterable[tuple[float, float]]) -> bool:
    """Whether another mark stands where the name would, to the right."""
    return any(0 < other - x < 60 and abs(level - y) < 12 for other, level in points)


@cache
def _provinces() -> dict[str, tuple[float, float]]:
    return {row["code"]: (float(row["longitude"]), float(row["latitude"])) for row in rows("provinces")}


@cache
def _outline() -> list[list[tuple[float, float]]]:
    lands: dict[str, list[tuple[float, float]]] = {}
    for row in rows("italy_outline"):
        lands.setdefault(row["land"], []).append(_point(float(row["longitude"]), float(row["latitude"])))
    return list(lands.values())


def _point(longitude: float, latitude: float) -> tuple[float, float]:
    """A place on the drawing (equirectangular, true in the middle)."""
    scale = min((WIDTH - 2 * EDGE) / ((_EAST - _WEST) * _NARROW), (HEIGHT - 2 * EDGE) / (_NORTH - _SOUTH))
    return EDGE + (longitude - _WEST) * _NARROW * scale, EDGE + (_NORTH - latitude) * scale
