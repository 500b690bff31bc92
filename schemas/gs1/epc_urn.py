"""EPC URNs: a key with its company prefix set apart, as EPCIS 1.x and many readers write it; to and from elements.

- `urn:epc:id:` names one thing, `urn:epc:class:` a lot, `urn:epc:idpat:` with a final `*` a class of things.
- The prefix has 6 to 12 digits; with the reference it fills the key, and the check digit is left out.
- A serial holds `"`, `%`, `&`, `/`, `<`, `>`, `?` (in a component number `#`, `/`) only as `%22`, `%25` …; nothing
  else is escaped, so that a serial has one spelling.
- A location without an extension is written with the extension `0`.

    read("urn:epc:class:lgtin:9521234.154321.L7").elements -> (("01", "19521234543210"), ("10", "L7"))

EPC Tag Data Standard 1.13, section 6; CBV 2.0 section 8.2.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from schemas.errors import InputError
from schemas.gs1.application_identifiers import check_value, find
from schemas.gs1.check_digit import check_digit, is_digits
from schemas.gs1.keys import Elements, KeyKind, kind_of_elements

_URN = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):(.*)", re.DOTALL)
_SERIAL = re.compile(r"(?:[!'()*+,\-.0-9:;=A-Z_a-z]|%2[256Ff]|%3[CcEeFf])+")
_COMPONENT = re.compile(r"(?:[-0-9A-Z]|%2[3Ff])+")
_ESCAPE = re.compile(r"%(..)")
_ESCAPED = str.maketrans({c: f"%{ord(c):02X}" for c in '"#%&/<>?'})
# EPC schemes that name nothing of GS1's keys: valid, but there is no Digital Link for them.
OTHER_SCHEMES = frozenset({"gid", "usdod", "adi", "bic", "imovn"})


@dataclass(frozen=True, slots=True)
class EpcUrn:
    """An EPC URN taken apart; `elements` are canonical, `prefix` is the company prefix, `pattern` ends in `*`."""

    form: str
    scheme: str
    prefix: str
    elements: Elements
    pattern: bool


def read(urn: str) -> EpcUrn:
    """An EPC URN read strictly.

    Raises `InputError`: `urn-unknown-scheme`, `urn-parts`, `urn-pattern-wide` (every product of a company: no one
    class), `urn-prefix`, `urn-length`, `urn-character`, and what `check_value` finds.
    """
    match = _URN.fullmatch(urn)
    if match is None or (match[1], match[2]) not in _READERS:
        raise InputError("urn-unknown-scheme", value=urn[:200])
    form, scheme, rest = match.groups()
    reader, fields = _READERS[form, scheme]
    parts = rest.split(".", fields)
    if len(parts) != fields + 1 or (form == "idpat" and parts[-1] != "*"):
        raise InputError("urn-parts", value=urn[:200])
    if form == "idpat" and "*" in parts[:-1]:
        raise InputError("urn-pattern-wide", value=urn[:200])
    prefix = parts[0]
    if not is_digits(prefix) or not 6 <= len(prefix) <= 12:
        raise InputError("urn-prefix", value=urn[:200])
    elements = reader(urn, parts[:-1] if form == "idpat" else parts)
    for ai, value in elements:
        check_value(find(ai), value)
    return EpcUrn(form, scheme, prefix, elements, form == "idpat")


def _digits(urn: str, text: str, length: int) -> str:
    if len(text) != length or (text and not is_digits(text)):
        raise InputError("urn-length", value=urn[:200], part=text[:40], expected=length)
    return text


def _text(urn: str, text: str, pattern: re.Pattern[str] = _SERIAL) -> str:
    if not pattern.fullmatch(text):
        raise InputError("urn-character", value=urn[:200], part=text[:40])
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "%" in text else text


def _with_check(body: str) -> str:
    return body + check_digit(body)


def _gtin(urn: str, parts: list[str]) -> str:
    """The indicator digit opens the reference but the GTIN begins with it (TDS section 7.3)."""
    reference = _digits(urn, parts[1], 13 - len(parts[0]))
    return _with_check(reference[:1] + parts[0] + reference[1:])


def _trade(urn: str, parts: list[str], qualifier: str) -> Elements:
    gtin = ("01", _gtin(urn, parts))
    return (gtin, (qualifier, _text(urn, parts[2]))) if len(parts) > 2 else (gtin,)


def _itip(urn: str, parts: list[str]) -> Elements:
    pieces = _digits(urn, parts[2], 2) + _digits(urn, parts[3], 2)
    key = ("8006", _gtin(urn, parts) + pieces)
    return (key, ("21", _text(urn, parts[4]))) if len(parts) > 4 else (key,)


def _sscc(urn: str, parts: list[str]) -> Elements:
    serial = _digits(urn, parts[1], 17 - len(parts[0]))
    return (("00", _with_check(serial[:1] + parts[0] + serial[1:])),)


def _plain(urn: str, parts: list[str], ai: str, body: int) -> Elements:
    return ((ai, _with_check(parts[0] + _digits(urn, parts[1], body - len(parts[0])))),)


def _location(urn: str, parts: list[str]) -> Elements:
    (key,) = _plain(urn, parts, "414", 12)
    extension = _text(urn, parts[2])
    return (key,) if extension == "0" else (key, ("254", extension))


def _tailed(urn: str, parts: list[str], ai: str, zero: str) -> Elements:
    """GRAI, GDTI and coupon: the serial follows the check digit in the same value."""
    body = zero + parts[0] + _digits(urn, parts[1], 12 - len(parts[0]))
    serial = _text(urn, parts[2]) if len(parts) > 2 else ""
    return ((ai, _with_check(body) + serial),)


def _joined(urn: str, parts: list[str], ai: str) -> Elements:
    return ((ai, parts[0] + _text(urn, parts[1])),)


def _component(urn: str, parts: list[str]) -> Elements:
    key = ("8010", parts[0] + _text(urn, parts[1], _COMPONENT))
    return (key, ("8011", parts[2])) if len(parts) > 2 else (key,)


_Reader = Callable[[str, list[str]], Elements]
_TAILED = {"grai": partial(_tailed, ai="8003", zero="0"), "gdti": partial(_tailed, ai="253", zero="")}
_TAILED["sgcn"] = partial(_tailed, ai="255", zero="")
_SERIALS: dict[str, tuple[_Reader, int]] = {
    "sgtin": (partial(_trade, qualifier="21"), 2),
    "upui": (partial(_trade, qualifier="235"), 2),
    "itip": (_itip, 4),
    "cpi": (_component, 2),
    **{scheme: (reader, 2) for scheme, reader in _TAILED.items()},
}
# Form and scheme: who reads it, and how many dots set its parts apart.
_READERS: dict[tuple[str, str], tuple[_Reader, int]] = {
    **{("id", scheme): reader for scheme, reader in _SERIALS.items()},
    **{("idpat", scheme): reader for scheme, reader in _SERIALS.items()},
    ("class", "lgtin"): (partial(_trade, qualifier="10"), 2),
    ("id", "sscc"): (_sscc, 1),
    ("id", "sgln"): (_location, 2),
    ("id", "pgln"): (partial(_plain, ai="417", body=12), 1),
    ("id", "gsin"): (partial(_plain, ai="402", body=16), 1),
    ("id", "gsrn"): (partial(_plain, ai="8018", body=17), 1),
    ("id", "gsrnp"): (partial(_plain, ai="8017", body=17), 1),
    ("id", "giai"): (partial(_joined, ai="8004"), 1),
    ("id", "ginc"): (partial(_joined, ai="401"), 1),
}


def write(elements: Elements, prefix_length: int) -> str:
    """The EPC URN of a key (primary element and finest qualifier) whose company prefix has `prefix_length` digits.

    `InputError("urn-none")` for keys without an EPC scheme, `urn-prefix` for a length outside 6 to 12.
    """
    kind = kind_of_elements(elements)
    if kind is None or not kind.scheme:
        raise InputError("urn-none", ai=elements[0][0])
    if not 6 <= prefix_length <= 12:
        raise InputError("urn-prefix", value=str(prefix_length))
    for ai, value in elements:
        check_value(find(ai), value)
    return _written(kind, elements, prefix_length)


def _written(kind: KeyKind, elements: Elements, length: int) -> str:
    ai, value = elements[0]
    form = {"lot": "class", "class": "idpat"}.get(kind.level, "id")
    tail = elements[1][1] if len(elements) > 1 else "*" if kind.level == "class" else None
    if ai in ("00", "01", "8006"):
        parts = [value[1 : length + 1], value[0] + value[length + 1 : 13 if ai != "00" else 17]]
        parts += [value[14:16], value[16:18]] if ai == "8006" else []
    elif ai in ("8003", "253", "255"):
        start = 1 if ai == "8003" else 0
        body, serial = value[start : start + 12], value[start + 13 :]
        parts, tail = [body[:length], body[length:]], serial or "*"
    elif ai in ("8004", "401", "8010"):
        parts = [value[:length], value[length:].translate(_ESCAPED)]
        if not is_digits(parts[0]) or len(parts[0]) < length or not parts[1]:
            raise InputError("urn-prefix", value=value)
    else:
        parts = [value[:length], value[length:-1]]
        tail = "0" if ai == "414" and tail is None else tail
    parts += [] if tail is None else [tail if form == "idpat" else tail.translate(_ESCAPED)]
    return f"urn:epc:{form}:{kind.scheme}:{'.'.join(parts)}"
