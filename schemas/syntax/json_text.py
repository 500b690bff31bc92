"""Strict JSON: number text kept, names unique, depth bounded; and RFC 8785 out.

What is signed must mean one thing to every reader, so what two parsers could read differently is refused here.

- UTF-8 without a byte order mark; one value; nothing but white space around it (RFC 8259).
- Duplicate names, lone surrogates, NaN and infinities, and nesting over `depth` are refused.
- `read` keeps the text of every number (`1.50` stays `1.50`): numbers become `Number`.
- `read_integers` knows only the integers 0..2^53 without sign, fraction, exponent or leading zero: plain `int`.
- `write` gives back compact JSON in the order of the members, number text kept; `canonical` writes RFC 8785.

    write(read(b'{"quantity": 1.50}'))  ->  b'{"quantity":1.50}'
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, TypeAlias

from schemas.errors import InputError

MAX_DEPTH = 32
MAX_NUMBER_TEXT = 64
MAX_INTEGER = 2**53

quoted = encode_basestring
"""A string as JSON text in quotes: only what RFC 8259 section 7 demands is escaped, as RFC 8785 wants it."""


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number as it was written. Equality is by text: `1.50` and `1.5` are two texts of one value."""

    text: str

    def decimal(self) -> Decimal:
        """The exact value."""
        return Decimal(self.text)


Json: TypeAlias = "dict[str, Json] | list[Json] | str | Number | int | bool | None"


def read(data: bytes | str, *, depth: int = MAX_DEPTH) -> Json:
    """One JSON value with the text of its numbers kept; `InputError` names what is not strict JSON."""
    # Nearly every text is plain: one scan from end to end settles it. Whatever is not, `_read` judges from afresh.
    if type(data) is bytes:
        try:
            text = data.decode()
            value, end = _scan_exact(text, 0)
            if end == len(text) and "\\u" not in text and text.count("[") + text.count("{") <= depth:
                return value  # type: ignore[no-any-return]
        except (StopIteration, ValueError, RecursionError):
            pass
    return _read(data, _EXACT, depth)


def read_integers(data: bytes | str, *, depth: int = MAX_DEPTH) -> Json:
    """One JSON value whose only numbers are `0|[1-9][0-9]*` up to 2^53, as `int` (ARCHITECTURE.md 3.2)."""
    if type(data) is bytes:  # As in `read`, which says why: a function for both would cost as much as the scan.
        try:
            text = data.decode()
            value, end = _scan_integers(text, 0)
            if end == len(text) and "\\u" not in text and text.count("[") + text.count("{") <= depth:
                return value  # type: ignore[no-any-return]
        except (StopIteration, ValueError, RecursionError):
            pass
    return _read(data, _INTEGERS, depth)


def _read(data: bytes | str, decoder: json.JSONDecoder, depth: int) -> Json:
    text = data if isinstance(data, str) else _utf8(data)
    if text.startswith("\ufeff"):
        raise InputError("json-byte-order-mark")
    try:
        value, end = decoder.raw_decode(text, 0 if text[:1] not in _SPACE else len(text) - len(text.lstrip(_SPACE)))
        if end != len(text) and text[end:].strip(_SPACE):
            raise json.JSONDecodeError("Extra data", text, end)
    except json.JSONDecodeError as error:
        raise InputError("json-syntax", line=error.lineno, column=error.colno, problem=error.msg) from None
    except RecursionError:
        raise InputError("json-too-deep", limit=depth) from None
    # Counting brackets is cheap and settles nearly every text; only a suspicious one is walked.
    if text.count("[") + text.count("{") > depth:
        check_depth(value, depth)
    if "\\u" in text or not isinstance(data, bytes):
        _no_surrogates(value)
    return value  # type: ignore[no-any-return]


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("json-not-utf8", offset=error.start) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise InputError("json-duplicate-name", member=name)
            seen.add(name)
    return members


def _number(text: str) -> Number:
    if len(text) > MAX_NUMBER_TEXT:
        raise InputError("json-number-too-long", limit=MAX_NUMBER_TEXT)
    return Number(text)


def integer(text: str) -> int:
    """The integer of a number's text: `0|[1-9][0-9]*` up to 2^53; `InputError("json-not-integer")`."""
    # The scanner has already refused leading zeros; what is left to refuse is a sign and too much.
    if text[0] == "-" or len(text) > 16 or (value := int(text)) > MAX_INTEGER:
        raise InputError("json-not-integer", value=text[:40])
    return value


def _not_integer(text: str) -> int:
    raise InputError("json-not-integer", value=text[:40])


def _constant(text: str) -> Any:
    raise InputError("json-not-a-number", value=text)


_SPACE = " \t\n\r"
_EXACT = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_number, parse_float=_number, parse_constant=_constant
)  # fmt: skip
_INTEGERS = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=integer, parse_float=_not_integer, parse_constant=_constant
)
_scan_exact = _EXACT.scan_once  # type: ignore[attr-defined]
_scan_integers = _INTEGERS.scan_once  # type: ignore[attr-defined]
Scan: TypeAlias = Callable[[str, int], tuple[Any, int]]
SCANS: Mapping[Callable[..., Json], Scan] = {read: _scan_exact, read_integers: _scan_integers}
"""What `read` and `read_integers` scan a text with, for who reads many small ones: a place in, the value there and
its end out. `NOT_SCANNED` where there is none. Depth, lone surrogates and what comes after are the caller's to see."""
NOT_SCANNED = (StopIteration, ValueError, RecursionError, InputError)
# Between two texts stands a value that strict JSON has not.
_BETWEEN = object()
_MARK = "Infinity"
_scan_each = json.JSONDecoder(
    object_pairs_hook=tuple, parse_int=_number, parse_float=_number, parse_constant={_MARK: _BETWEEN}.__getitem__
).scan_once  # type: ignore[attr-defined]


def scan_each(texts: Sequence[bytes]) -> list[Any] | None:
    """The values of several texts, scanned in one step, for who reads many small ones. None where one is not plain
    JSON: then each is for `read` or `read_integers` to judge.

    Objects come as tuples of pairs, in which names may repeat; every number as a `Number`.
    """
    joined = b",Infinity,".join(texts)
    try:
        text = f"[{joined.decode()}]"
        found, end = _scan_each(text, 0)
    except (*NOT_SCANNED, KeyError):
        return None
    # If the marks are the only ones there are, and every second value of the outer list is one, then none was taken
    # for a part of something else, and what stands between two of them is one value.
    marks = len(texts) - 1
    if end != len(text) or len(found) != marks + len(texts) or found[1::2] != [_BETWEEN] * marks:
        return None
    if text.count(_MARK) != marks or ("\\" in text and "\\u" in text):
        return None
    if joined.count(b"[") + joined.count(b"{") > MAX_DEPTH and any(map(_deep, texts)):
        return None
    return found[0::2]  # type: ignore[no-any-return]


def _deep(text: bytes) -> bool:
    return text.count(b"[") + text.count(b"{") > MAX_DEPTH


def check_depth(value: Any, depth: int) -> None:
    """`InputError("json-too-deep")` if `value` nests over `depth`; without recursion of our own."""
    level = [value]
    for _ in range(depth):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        level = [item for item in inner if isinstance(item, dict | list)]
        if not level:
            return
    raise InputError("json-too-deep", limit=depth)


def _no_surrogates(value: Any) -> None:
    """A lone surrogate has no UTF-8 form, so two readers would hash two different texts (RFC 7493 section 2.1)."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            try:
                item.encode("utf-8")
            except UnicodeEncodeError:
                raise InputError("json-lone-surrogate") from None
        elif isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def write(value: Json) -> bytes:
    """Compact JSON in the members' own order, number text kept, non-ASCII as UTF-8."""
    return write_text(value).encode("utf-8")


def write_text(value: Any) -> str:
    """What `write` writes, as text."""
    kind = type(value)
    if kind is str:
        return quoted(value)
    if kind is dict:
        return "{" + ",".join([f"{quoted(name)}:{write_text(item)}" for name, item in value.items()]) + "}"
    if kind is list:
        return "[" + ",".join([write_text(item) for item in value]) + "]"
    if kind is Number:
        return value.text  # type: ignore[no-any-return]
    out: list[str] = []
    _write(value, out, sort=False)
    return "".join(out)


def pieces(value: Any) -> Iterator[str]:
    """What `write` writes, piece by piece, for who has not the room for all of it: an object may hold, at any depth of
    objects, an iterable in place of a list, and each of its items is asked for when its turn comes."""
    if isinstance(value, dict):
        for number, (name, item) in enumerate(value.items()):
            yield f"{',' if number else '{'}{quoted(name)}:"
            yield from pieces(item)
        yield "}" if value else "{}"
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes | list | tuple | Mapping):
        yield "["
        for number, item in enumerate(value):
            yield f"{',' if number else ''}{write_text(item)}"
        yield "]"
    else:
        yield write_text(value)


def canonical(value: Any) -> bytes:
    """RFC 8785 (JCS): members by UTF-16 code units, numbers as ECMAScript writes the double.

    Accepts `int`, `float` and `Number`; integers beyond 2^53 are refused, since a double cannot hold them.
    """
    return _in_order(value).encode("utf-8")


def _in_order(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return quoted(value)
    if kind is dict:
        names = sorted(value) if _ascii(value) else sorted(value, key=_utf16)
        return "{" + ",".join([f"{quoted(name)}:{_in_order(value[name])}" for name in names]) + "}"
    if kind is list:
        return "[" + ",".join([_in_order(item) for item in value]) + "]"
    out: list[str] = []
    _write(value, out, sort=True)
    return "".join(out)


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be")


def _write(value: Any, out: list[str], *, sort: bool) -> None:
    if isinstance(value, str):
        out.append(quoted(value))
    elif value is None or isinstance(value, bool):
        out.append("null" if value is None else "true" if value else "false")
    elif isinstance(value, Number):
        out.append(_ecmascript(float(value.text)) if sort else value.text)
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise InputError("json-not-integer", value=str(value)[:40])
        out.append(str(value))
    elif isinstance(value, float):
        out.append(_ecmascript(value))
    elif isinstance(value, list | tuple):
        _write_items("[", "]", [(None, item) for item in value], out, sort=sort)
    elif isinstance(value, dict):
        names = sorted(value, key=_utf16) if sort and not _ascii(value) else sorted(value) if sort else value
        _write_items("{", "}", [(name, value[name]) for name in names], out, sort=sort)
    else:
        raise TypeError(f"not a JSON value: {type(value).__name__}")


def _ascii(members: dict[str, Any]) -> bool:
    return all(name.isascii() for name in members)


def _write_items(start: str, end: str, items: list[tuple[str | None, Any]], out: list[str], *, sort: bool) -> None:
    out.append(start)
    for position, (name, item) in enumerate(items):
        if position:
            out.append(",")
        if name is not None:
            out.append(quoted(name) + ":")
        _write(item, out, sort=sort)
    out.append(end)


def _ecmascript(value: float) -> str:
    """ECMA-262 Number::toString, which RFC 8785 section 3.2.2.3 prescribes; Python's repr has the same digits."""
    if not math.isfinite(value):
        raise InputError("json-not-a-number", value=str(value))
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text = "".join(map(str, digits))
    point = len(text) + int(exponent)
    minus = "-" if sign else ""
    if 0 < point <= 21:
        body = text + "0" * (point - len(text)) if point >= len(text) else f"{text[:point]}.{text[point:]}"
    elif -6 < point <= 0:
        body = "0." + "0" * -point + text
    else:
        mantissa = text[0] + (f".{text[1:]}" if len(text) > 1 else "")
        body = f"{mantissa}e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return minus + body
