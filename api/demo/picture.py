"""The pictures that the cooperatives of the story show, painted here when they are needed: three flat scenes.

- Shapes are laid one over the other on a small canvas of a few colours, and the same scene is the same bytes.
- They are light (some kilobytes), so that a pack's page shows them itself.

    painted("orchard")  ->  a PNG of 480 by 260 pixels
"""

import math
from collections.abc import Callable, Mapping

from exporters.drawing.png import Colour, png

WIDTH, HEIGHT = 480, 260
_MORNING: tuple[Colour, ...] = (
    (222, 238, 243), (240, 236, 214), (250, 222, 160), (163, 190, 170), (112, 155, 120), (68, 118, 76), (94, 66, 44),
    (226, 96, 52), (247, 168, 92),
)  # fmt: skip
_EVENING: tuple[Colour, ...] = (
    (236, 203, 180), (246, 222, 190), (233, 128, 86), (150, 148, 160), (108, 118, 106), (92, 100, 72), (84, 66, 56),
    (134, 150, 116), (166, 178, 146),
)  # fmt: skip
_INDOORS: tuple[Colour, ...] = (
    (233, 228, 218), (212, 204, 190), (250, 222, 160), (176, 138, 92), (146, 108, 66), (110, 80, 48), (94, 66, 44),
    (226, 96, 52), (247, 168, 92),
)  # fmt: skip
# The places of a palette: what is behind, then what is in front.
_SKY, _LOW_SKY, _SUN, _FAR, _MIDDLE, _NEAR, _WOOD, _BODY, _LIGHT = range(9)


class Canvas:
    """Pixels, a palette's place each, on which later shapes cover earlier ones."""

    def __init__(self) -> None:
        self.rows = [bytearray(WIDTH) for _ in range(HEIGHT)]

    def box(self, left: float, top: float, width: float, height: float, colour: int) -> None:
        """A rectangle; what is outside the canvas is not drawn."""
        begin, end = (min(WIDTH, max(0, round(edge))) for edge in (left, left + width))
        for row in self.rows[max(0, round(top)) : max(0, round(top + height))]:
            row[begin:end] = bytes((colour,)) * (end - begin)

    def disc(self, x: float, y: float, radius: float, colour: int) -> None:
        """A filled circle."""
        for at in range(math.ceil(y - radius), math.floor(y + radius) + 1):
            half = math.sqrt(radius * radius - (at - y) ** 2)
            self.box(x - half, at, 2 * half, 1, colour)

    def hill(self, top: float, swing: float, waves: float, begin: float, colour: int) -> None:
        """Ground from a wavy line down."""
        for x in range(WIDTH):
            self.box(x, top + swing * math.sin(begin + waves * x / WIDTH * math.tau), 1, HEIGHT, colour)


def painted(scene: str) -> bytes:
    """The picture of a scene (`orchard`, `olives`, `crates`); `KeyError` for another."""
    paint, colours = _SCENES[scene]
    canvas = Canvas()
    paint(canvas)
    return png(WIDTH, HEIGHT, map(bytes, canvas.rows), depth=8, colours=colours)


def _land(canvas: Canvas, sun: tuple[float, float]) -> None:
    canvas.box(0, 80, WIDTH, HEIGHT, _LOW_SKY)
    canvas.disc(*sun, 30, _SUN)
    canvas.hill(112, 16, 0.9, 0.4, _FAR)
    canvas.hill(140, 12, 1.3, 2.6, _MIDDLE)
    canvas.hill(172, 6, 0.7, 1.0, _NEAR)


def _orchard(canvas: Canvas) -> None:
    """Rows of round trees with fruit, the nearer the larger."""
    _land(canvas, (372, 66))
    for row, (y, size) in enumerate(((160, 11), (186, 17), (224, 26))):
        for number in range(-1, math.ceil(WIDTH / size / 2.9) + 1):
            x = number * size * 2.9 + row * 23
            canvas.box(x - size * 0.12, y, size * 0.24, size * 1.3, _WOOD)
            canvas.disc(x, y - size * 0.3, size, _MIDDLE if row % 2 else _FAR)
            for turn in range(5):
                angle = turn * math.tau / 5 + number
                canvas.disc(
                    x + 0.6 * size * math.cos(angle), y - size * 0.3 + 0.6 * size * math.sin(angle), size * 0.17, _BODY
                )


def _olives(canvas: Canvas) -> None:
    """Broad silvery crowns on hills at sunset."""
    _land(canvas, (96, 92))
    for row, (y, size) in enumerate(((164, 12), (192, 19), (228, 28))):
        for number in range(-1, math.ceil(WIDTH / size / 3.6) + 1):
            x = number * size * 3.6 + row * 31
            canvas.box(x - size * 0.2, y - size * 0.2, size * 0.4, size * 1.4, _WOOD)
            for along, colour in ((-0.75, _BODY), (0.75, _BODY), (0.0, _LIGHT)):
                canvas.disc(x + along * size, y - size * (0.55 if along else 0.95), size * 0.78, colour)


def _crates(canvas: Canvas) -> None:
    """Crates of fruit, stacked."""
    canvas.box(0, 214, WIDTH, HEIGHT, _LOW_SKY)
    for column, high in enumerate((2, 3, 2, 1)):
        for level in range(high):
            left, foot = 22 + column * 112, 236 - level * 57
            for number in range(5):
                canvas.disc(left + 12 + number * 19, foot - 46, 10.5, _BODY)
                canvas.disc(left + 9 + number * 19, foot - 49, 3.2, _LIGHT)
            canvas.box(left, foot - 44, 100, 44, _FAR)
            canvas.box(left, foot - 30, 100, 5, _MIDDLE)
            canvas.box(left, foot - 12, 100, 5, _MIDDLE)
            canvas.box(left, foot - 44, 7, 44, _NEAR)
            canvas.box(left + 93, foot - 44, 7, 44, _NEAR)


_SCENES: Mapping[str, tuple[Callable[[Canvas], None], tuple[Colour, ...]]] = {
    "orchard": (_orchard, _MORNING), "olives": (_olives, _EVENING), "crates": (_crates, _INDOORS),
}  # fmt: skip
