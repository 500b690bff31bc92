"""The symbols that scanners read: GS1-128, GS1 DataMatrix, QR Code and EAN-13, as modules, without a size.

- A *module* is the narrowest bar or the smallest square; a symbol is rows of them, `1` for ink. How large one is
  printed says `exporters.labels.sizes`; how it is drawn, `exporters.labels.pictures`.
- GS1 syntax means FNC1 in front and FNC1 as the separator. A QR Code holds plain text: a Digital Link URI.
- `content` is what a scanner gives back, without the symbology identifier; `text` is what stands below for people.
- `quiet` is the white that belongs to the symbol: a scanner does not find it without.

The one door to the encoding library.

    qr("https://id.gs1.org/01/09521001002011/10/T-196").width  ->  29

GS1 General Specifications, sections 5.2 (EAN/UPC), 5.4 (GS1-128), 5.6 (GS1 DataMatrix), 5.10 (QR Code), 4.14 (text
for people); ISO/IEC 15417, 15420, 16022, 18004.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import zint

from schemas.errors import InputError
from schemas.gs1.application_identifiers import check_value, find
from schemas.gs1.check_digit import is_digits, verify_check_digit
from schemas.gs1.element_string import write_plain
from schemas.gs1.keys import Elements

Kind = Literal["gs1-128", "gs1-datamatrix", "qr", "ean-13"]
MOST: Mapping[Kind, int] = MappingProxyType({"gs1-128": 48, "gs1-datamatrix": 1500, "qr": 2331, "ean-13": 13})
"""Characters, separators included: of GS1-128 by GS1 General Specifications, section 5.4.4.3; of a QR Code with error
correction M in bytes."""
_MEDIUM = 2  # error correction M of a QR Code: a sixth of it may be dirty (ISO/IEC 18004)


@dataclass(frozen=True, slots=True)
class Quiet:
    """White around a symbol, in modules."""

    left: int = 0
    right: int = 0
    above: int = 0
    below: int = 0


_QUIET = {
    "gs1-128": Quiet(10, 10),
    "gs1-datamatrix": Quiet(1, 1, 1, 1),
    "qr": Quiet(4, 4, 4, 4),
    "ean-13": Quiet(11, 7),
}
# Where an EAN-13 begins, halves and ends: its guard bars, which reach further down than the others.
_GUARDS = ((0, 3), (45, 50), (92, 95))


@dataclass(frozen=True, slots=True)
class Symbol:
    """One symbol. `rows`: a text of `0` and `1` each, one row where bars have any height (`linear`)."""

    kind: Kind
    content: str
    text: str
    rows: tuple[str, ...]
    guards: tuple[tuple[int, int], ...] = ()

    @property
    def linear(self) -> bool:
        """Whether it is made of bars."""
        return len(self.rows) == 1

    @property
    def width(self) -> int:
        """In modules, without its quiet zones."""
        return len(self.rows[0])

    @property
    def quiet(self) -> Quiet:
        """The white around it."""
        return _QUIET[self.kind]

    @property
    def across(self) -> int:
        """In modules, with the quiet zones at both sides."""
        return self.quiet.left + self.width + self.quiet.right


def gs1_128(elements: Elements) -> Symbol:
    """Bars of an element string; `InputError("symbol-too-long")` beyond 48 characters, and what `check_value` finds."""
    return _gs1("gs1-128", _new(zint.Symbology.GS1_128), elements)


def datamatrix(elements: Elements) -> Symbol:
    """A square GS1 DataMatrix of an element string; `InputError` as `gs1_128`."""
    symbol = _new(zint.Symbology.DATAMATRIX)
    symbol.option_3 = zint.DataMatrixOptions.SQUARE
    return _gs1("gs1-datamatrix", symbol, elements)


def qr(text: str) -> Symbol:
    """A QR Code of a text, error correction M; `InputError("symbol-too-long")` where no QR Code holds it."""
    symbol = _new(zint.Symbology.QRCODE)
    symbol.input_mode = zint.InputMode.UNICODE
    symbol.option_1 = _MEDIUM
    _check_length("qr", text)
    return Symbol("qr", text, "", _encoded(symbol, text))


def ean13(gtin: str) -> Symbol:
    """The bars of a GTIN-13, written with 13 digits or 14; `InputError("symbol-not-gtin13")` for another length."""
    digits = gtin[1:] if len(gtin) == 14 and gtin[0] == "0" else gtin
    if len(digits) != 13 or not is_digits(digits):
        raise InputError("symbol-not-gtin13", value=gtin[:40])
    verify_check_digit(digits)
    rows = _encoded(_new(zint.Symbology.EANX), digits[:-1])
    return Symbol("ean-13", digits, f"{digits[0]} {digits[1:7]} {digits[7:]}", rows, _GUARDS)


def hri(elements: Elements) -> str:
    """Codes in brackets and values, for people (GS1 General Specifications, section 4.14)."""
    return "".join(f"({ai}){value}" for ai, value in elements)


def _gs1(kind: Kind, symbol: zint.Symbol, elements: Elements) -> Symbol:
    for ai, value in elements:
        check_value(find(ai), value)
    content = write_plain(elements)
    _check_length(kind, content)
    # Square brackets hold the codes: unlike round ones they are in no value.
    symbol.input_mode = zint.InputMode.GS1 | zint.InputMode.GS1NOCHECK
    rows = _encoded(symbol, "".join(f"[{ai}]{value}" for ai, value in elements))
    return Symbol(kind, content, hri(elements), rows)


def _check_length(kind: Kind, content: str) -> None:
    length = len(content.encode("utf-8"))
    if not 0 < length <= MOST[kind]:
        raise InputError("symbol-too-long", kind=kind, value=content[:90], length=length, limit=MOST[kind])


def _new(symbology: zint.Symbology) -> zint.Symbol:
    symbol = zint.Symbol()
    symbol.symbology = symbology
    return symbol


def _encoded(symbol: zint.Symbol, data: str) -> tuple[str, ...]:
    symbol.encode(data)
    # Eight modules a byte, the first in its lowest bit; each row has room for the widest symbol there is.
    packed = bytes(symbol.encoded_data)
    row = len(packed) // len(symbol.encoded_data)
    return tuple(_bits(packed[at * row : (at + 1) * row], symbol.width) for at in range(symbol.rows))


def _bits(packed: bytes, width: int) -> str:
    return "".join(f"{byte:08b}"[::-1] for byte in packed[: (width + 7) // 8])[:width]
