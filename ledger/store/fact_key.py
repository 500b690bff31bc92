"""A fact, one field with one value, as bytes that sort as the values do: what the read side is searched by.

- Key: 8 bytes that stand for the field, one for the kind of value, then the value. Bytes compare alike in SQLite and
  PostgreSQL, so every comparison of a query is a range of keys, and no collation has a say in it.
- A text is its UTF-8; one that is too long for an index keeps its beginning and its digest, so it is found by equality.
- A number is its sign, its exponent and its digits: exact and in order, whatever its size. A last byte says whether it
  was a number or a text that reads as one, which only greater and less look at.
- An instant is its microseconds. A field that is there without a value that could be compared has the bare kind.

    key("bizStep", Value("text", "shipping"));  above(field, number, inclusive=True)  ->  (low, high)

docs/adr/0021-what-queries-are-answered-from.md.
"""

from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import TypeAlias

from schemas.epcis.query_value import Value

Range: TypeAlias = tuple[bytes, bytes]
"""Keys from the first, included, to the second, excluded."""

FIELD_SIZE = 8
_PRESENT, _TEXT, _NUMBER, _TIME, _END = (bytes([kind]) for kind in range(1, 6))
_LONGEST, _KEPT = 480, 448
_OWN, _READ, _PAST = b"\x00", b"\x01", b"\x02"
_ZERO = b"\x80"
_NEAR = 100  # exponents of this size take one byte
_HALF = 1 << 63
_COMPLEMENT = bytes(255 - byte for byte in range(256))


@lru_cache(maxsize=1 << 12)
def field_code(field: str) -> bytes:
    """The 8 bytes that stand for a field's name."""
    return sha256(field.encode("utf-8", "surrogatepass")).digest()[:FIELD_SIZE]


@lru_cache(maxsize=1 << 14)
def text_key(field: str, value: str) -> bytes:
    """The key of a text."""
    raw = value.encode("utf-8", "surrogatepass")
    kept = raw if len(raw) < _LONGEST else raw[:_KEPT] + sha256(raw).digest()
    return field_code(field) + _TEXT + kept


def number_key(field: str, value: Decimal, *, read: bool = False) -> bytes:
    """The key of a number; `read`: it was a text that reads as one."""
    return field_code(field) + _NUMBER + _number(value) + (_READ if read else _OWN)


def time_key(field: str, at: int) -> bytes:
    """The key of an instant in microseconds."""
    return field_code(field) + _TIME + _instant(at)


def presence_key(field: str) -> bytes:
    """The key of a field that is there without a comparable value."""
    return field_code(field) + _PRESENT


def key(field: str, value: Value) -> bytes:
    """The key that equals a query's value."""
    if isinstance(value.value, str):
        return text_key(field, value.value)
    if isinstance(value.value, Decimal):
        return number_key(field, value.value)
    return time_key(field, value.value)


def everything(field: str) -> Range:
    """All keys of a field."""
    code = field_code(field)
    return code + _PRESENT, code + _END


def texts_from(field: str, beginning: str) -> Range:
    """The keys of a field's texts that begin so (within what an index keeps of a text)."""
    low = text_key(field, beginning)
    return low, after(low) if beginning else field_code(field) + _NUMBER


def compared(field: str, op: str, value: Value) -> Range:
    """The keys of a field's values that are greater (`GT`, `GE`) or less (`LT`, `LE`) than a number or an instant."""
    kind, own = (_NUMBER, _number(value.value)) if isinstance(value.value, Decimal) else (_TIME, _time_of(value))
    code = field_code(field)
    past = own + _PAST if kind == _NUMBER else own + _OWN
    at = code + kind + (past if op in ("GT", "LE") else own)
    end = code + (_TIME if kind == _NUMBER else _END)
    return (at, end) if op in ("GT", "GE") else (code + kind, at)


def after(low: bytes) -> bytes:
    """The first key beyond all that begin so."""
    return low[:-1] + bytes([low[-1] + 1]) if low[-1] < 255 else after(low[:-1])


def text_of(found: bytes) -> str | None:
    """The text of a key, None where it is none or was too long to be kept whole."""
    raw = found[FIELD_SIZE + 1 :]
    if found[FIELD_SIZE : FIELD_SIZE + 1] != _TEXT or len(raw) >= _LONGEST:
        return None
    return raw.decode("utf-8", "surrogatepass")


def _time_of(value: Value) -> bytes:
    assert isinstance(value.value, int)
    return _instant(value.value)


def _instant(at: int) -> bytes:
    return (at + _HALF).to_bytes(8, "big")


def _number(value: Decimal) -> bytes:
    """Sign, exponent and digits of a number, in an order that is the numbers' own."""
    sign, digits, _ = value.as_tuple()
    if not value:
        return _ZERO
    exponent = value.adjusted()
    size = bytes([128 + exponent]) if abs(exponent) <= _NEAR else _far(exponent)
    body = size + "".join(map(str, digits)).strip("0").encode("ascii")
    # The digits begin with the first that is not zero, since the exponent is that digit's.
    return b"\x81" + body if not sign else b"\x7f" + body.translate(_COMPLEMENT) + b"\xff"


def _far(exponent: int) -> bytes:
    return (b"\xff" if exponent > 0 else b"\x00") + (exponent + (1 << 31)).to_bytes(4, "big")
