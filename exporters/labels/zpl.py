"""A label as a program in ZPL II, the language of thermal printers: symbols are the printer's own.

- GS1-128 in the code sets of the shortest plan: `>;` or `>:` starts in C or B, `>8` is FNC1, `>5` and `>6` change sets.
  DataMatrix with FNC1 as `_1`; a QR Code as text with error correction M.
- Modules are as many dots as the label says, so one made for 203 dots an inch must be printed by such a printer: the
  program says for which, in a comment.
- Texts are in the printer's scalable face, UTF-8; what means something to the printer is written as its number.

KNOWN LIMIT: the printer sets its own type, which is narrower than ours; old firmware moves a QR Code (`^BQ`) ten dots
down, which its quiet zone does not undo. Held by reading programs back and by an emulator, not by a printer.

    zpl(label, copies=2)

Zebra, ZPL II Programming Guide: ^BC, ^BE, ^BX, ^BQ, ^FB, ^FH, ^CI28.
"""

from collections.abc import Iterator

from exporters.labels.code128 import CodeSet, plan
from exporters.labels.label import Box, Ink, Label, Mark, Text
from schemas.gs1.element_string import SEPARATOR

_START: dict[CodeSet, str] = {"C": ">;", "B": ">:"}
_CHANGE: dict[CodeSet, str] = {"C": ">5", "B": ">6"}
_FNC1 = ">8"
# The printer's face has capitals of seven tenths of its height.
_CAPITAL = 0.72
_ALIGN = {"left": "L", "center": "C", "right": "R"}


def zpl(label: Label, *, copies: int = 1) -> bytes:
    """The program."""
    lines = [
        "^XA",
        f"^FX {label.kind}, {label.grid.dpi} dpi",
        "^CI28",
        f"^PW{label.width}",
        f"^LL{label.height}",
        "^LH0,0",
        *(_field(mark) for mark in label.marks),
        f"^PQ{copies}",
        "^XZ",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _field(mark: Mark) -> str:
    if isinstance(mark, Text):
        return _text(mark)
    if isinstance(mark, Box):
        thick = min(mark.width, mark.height)
        return f"^FO{mark.left},{mark.top}^GB{mark.width},{mark.height},{thick}^FS"
    quiet = mark.symbol.quiet
    corner = f"^FO{mark.left + quiet.left * mark.dots},{mark.top + quiet.above * mark.dots}"
    return f"{corner}{_symbol(mark)}^FS"


def _text(mark: Text) -> str:
    tall = round(mark.height / _CAPITAL)
    top = mark.top - (tall - mark.height) // 4
    turned = "^FR" if mark.white else ""
    # The width of a character is bounded, so that the line takes no more than it was given.
    wide = min(tall, int(mark.width / max(1, len(mark.text)) / 0.6))
    block = f"^FB{mark.width},1,0,{_ALIGN[mark.align]}"
    return f"^FO{mark.left},{max(0, top)}^A0N,{tall},{max(1, wide)}{turned}{block}^FH^FD{_escaped(mark.text)}^FS"


def _symbol(mark: Ink) -> str:
    content, dots = mark.symbol.content, mark.dots
    if mark.symbol.kind == "gs1-128":
        return f"^BY{dots}^BCN,{mark.height},N,N,N,N^FD{''.join(_code128(content))}"
    if mark.symbol.kind == "ean-13":
        return f"^BY{dots}^BEN,{mark.height},N,N^FD{content[:-1]}"
    if mark.symbol.kind == "gs1-datamatrix":
        return f"^BXN,{dots},200,,,,_^FD_1{content.replace('_', '__').replace(SEPARATOR, '_1')}"
    return f"^BQN,2,{dots}^FH^FDMA,{_escaped(content)}"


def _code128(content: str) -> Iterator[str]:
    planned = plan(content)
    current = planned[0][0]
    yield _START[current]
    for code, said in planned:
        if code != current:
            yield _CHANGE[code]
            current = code
        yield _FNC1 if said == SEPARATOR else ">0" if said == ">" else said


def _escaped(text: str) -> str:
    """What begins a command or a number is written as its number."""
    return "".join(f"_{ord(character):02X}" if character in "^~_" else character for character in text)
