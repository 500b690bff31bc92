"""The case label of the Produce Traceability Initiative: GTIN, pack date and lot in bars, and the voice pick code.

- The *voice pick code* is four digits made of GTIN, lot and date, so that who picks by voice reads two large digits
  aloud: CRC-16 (polynomial 8005 reflected, from zero) of `GTIN` + `lot` + `YYMMDD`, modulo 10000.
- One bar code of all three, as narrow as its length asks for and no narrower than ten mil.

    voice_code("10850510002011", "46587443HG234")  ->  "6359"

Produce Traceability Initiative, Best Practices for Formatting Case Labels; FORMATS 2.3.
"""

from collections.abc import Iterator
from datetime import date

from exporters.facts.history import Facts
from exporters.format import Missing
from exporters.labels import lot
from exporters.labels.label import Label, Sheet
from exporters.labels.lot import LotLabel
from exporters.labels.order import Order, Size
from exporters.labels.sizes import PTI
from exporters.labels.stack import stack
from exporters.labels.symbols import gs1_128
from exporters.labels.wording import banner, day, six
from schemas.gs1.keys import Elements

NAME = "pti"
SIZES: dict[str, Size] = {"4x2in": (101.6, 50.8), "4x3in": (101.6, 76.2)}
DEFAULT = ("4x2in", "4x3in")
_POLYNOMIAL = 0xA001
_CODE = 24.0  # millimetres of the box of the voice pick code


def voice_code(gtin: str, lot: str, packed: date | None = None) -> str:
    """The four digits."""
    crc = 0
    for byte in f"{gtin}{lot}{six(packed) if packed is not None else ''}".encode("ascii"):
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (_POLYNOMIAL if crc & 1 else 0)
    return f"{crc % 10_000:04d}"


def read(facts: Facts, order: Order) -> LotLabel:
    """What is printed, with the pack date before others; `InputError` as `exporters.labels.lot.read`."""
    return lot.read(facts, order, NAME, "case", packed_first=True)


def missing(label: LotLabel) -> Iterator[Missing]:
    """What every pack must say, and what produce is called in trade."""
    yield from lot.missing(label)
    yield from lot.missing_weight(label)
    if not label.pack.text("commodity"):
        yield Missing("commodity", label.pack.gtin, "master", label.pack.index)
    if not label.pack.origin:
        yield Missing("countryOfOrigin", label.pack.uri, "recorder", label.pack.index)


def draw(label: LotLabel, order: Order, size: Size) -> Label:
    """The label; `InputError("label-too-small")` where bars or texts do not fit."""
    sheet = Sheet(NAME, order.grid, size, order.language)
    elements: Elements = tuple(sorted(label.elements, key=lambda element: element[0] == "10"))
    foot = stack(sheet, [gs1_128(elements)], PTI)
    top = banner(sheet, elements, 1.6)
    room = sheet.width - _CODE - 3 * sheet.margin
    pack = label.pack
    commodity = " ".join(filter(None, (pack.text("commodity"), pack.variety))).upper()
    sheet.text(commodity, sheet.margin, top, room, 4.0, bold=True)
    _voice(sheet, label, top)
    top += 5.6
    for text in _lines(sheet, label):
        sheet.text(text, sheet.margin, top, room, 2.2)
        top += 3.4
    sheet.text(f"{sheet.word('title-10')} {label.pack.lot}", sheet.margin, top, room, 2.2, whole=True)
    top += 3.4
    if top > foot:
        raise sheet.too_small(sheet.word("data"))
    return sheet.label()


def _lines(sheet: Sheet, label: LotLabel) -> Iterator[str]:
    """What the best practices list: size and grade, origin, packer and place."""
    pack = label.pack
    graded = sheet.word("class", value=pack.quality) if pack.quality else ""
    sized = sheet.word("size", value=pack.size) if pack.size else ""
    packaging = pack.product.get("packaging")
    made_up = packaging.get("size") if isinstance(packaging, dict) else ""
    yield " · ".join(filter(None, (made_up, graded, sized))) or pack.text("name")
    yield sheet.word("origin", value=pack.origin)
    yield pack.packer.name
    yield ", ".join(filter(None, (pack.packer.address.municipality, pack.packer.address.country)))


def _voice(sheet: Sheet, label: LotLabel, top: float) -> None:
    """Date and voice pick code at the right, the last two digits large and white on black."""
    packed = label.pack.packed if "13" in dict(label.elements) else None
    left = sheet.width - _CODE - sheet.margin
    if packed is not None:
        sheet.text(sheet.word("packed"), left, top, _CODE, 1.8, align="center")
        sheet.text(day(packed, sheet.language), left, top + 3, _CODE, 2.6, bold=True, align="center")
    code = voice_code(label.gtin, label.pack.lot, packed)
    box = top + 7.2
    sheet.box(left, box, _CODE, 11)
    sheet.text(code[:2], left + 1.5, box + 4.2, 7, 4, bold=True, white=True)
    sheet.text(code[2:], left + 9, box + 1.5, 14, 8, bold=True, white=True)
