"""How the event hash spells a value: one text for everything that means the same.

- A number, also one written as text, has no superfluous zero, sign or exponent; it stays an exact decimal.
- An instant is in UTC with milliseconds, rounded half to even as the reference implementation does.
- A GS1 identifier is its canonical Digital Link, a CBV URN its address; any other text is only trimmed.

    scalar("value", Number("26.10"))  ->  "26.1"

CBV 2.0 section 8.9.2.
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from schemas.errors import InputError
from schemas.gs1.canonical import canonical_uri
from schemas.syntax.json_text import Json, Number

CBV = "https://ref.gs1.org/cbv/"
VOC = "https://ref.gs1.org/voc/"
_URNS = (
    ("urn:epcglobal:cbv:bizstep:", f"{CBV}BizStep-"),
    ("urn:epcglobal:cbv:disp:", f"{CBV}Disp-"),
    ("urn:epcglobal:cbv:btt:", f"{CBV}BTT-"),
    ("urn:epcglobal:cbv:sdt:", f"{CBV}SDT-"),
    ("urn:epcglobal:cbv:er:", f"{CBV}ER-"),
)
_NUMERIC = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_LARGEST_EXPONENT = 400
LONGEST_KEPT = 256


def scalar(name: str, value: Json) -> str:
    """One value in its one spelling; empty for what counts as absent."""
    if isinstance(value, str):
        return _spelled(value) if len(value) <= LONGEST_KEPT else _spell(value)
    if isinstance(value, Number):
        return _number(value.text)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(repr(value))
    raise InputError("hash-member", member=name, expected="text")


def spelled_text(text: str) -> str:
    """A text trimmed; as a canonical Digital Link, a CBV address or a number where it is one."""
    # Long texts are prose, seldom identifiers: keeping them would only fill the memory.
    return _spelled(text) if len(text) <= LONGEST_KEPT else _spell(text)


def _spell(text: str) -> str:
    text = text.strip()
    if text.startswith(("urn:epc:", "http", "HTTP")):
        return canonical_uri(text)
    if "urn:epcglobal:cbv:" in text:
        for urn, iri in _URNS:
            text = text.replace(urn, iri)
        return text
    if text[:1] in "+-.0123456789" and len(text) <= 64 and _NUMERIC.fullmatch(text):
        try:
            return _number(text)
        except InputError:
            return text
    return text


_spelled = lru_cache(maxsize=1 << 14)(_spell)


@lru_cache(maxsize=1 << 14)
def _number(text: str) -> str:
    """A decimal without superfluous zeros, sign or exponent; `InputError("hash-number")` when that would be endless."""
    if text.isdigit():
        return text.lstrip("0") or "0"
    value = Decimal(text) if _NUMERIC.fullmatch(text) else Decimal("nan")
    if not value.is_finite() or abs(value.adjusted()) > _LARGEST_EXPONENT:
        raise InputError("hash-number", value=text[:64])
    if not value:
        return "0"
    digits = format(value, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


@lru_cache(maxsize=1 << 14)
def instant(text: str) -> str:
    """An instant in UTC with milliseconds, as `YYYY-MM-DDTHH:MM:SS.sssZ`; `ValueError` when it is none."""
    if len(text) < 17 or text[10] not in "Tt":
        raise ValueError
    # xsd:dateTime allows 24:00:00 for the end of a day.
    ends_day = text[11:16] == "24:00" and not text[16:19].strip(":0")
    moment = datetime.fromisoformat(f"{text[:11]}00{text[13:]}" if ends_day else text)
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError
    moment = moment.replace(tzinfo=None) - offset
    milliseconds, rest = divmod(moment.microsecond, 1000)
    if rest or ends_day:
        up = rest > 500 or (rest == 500 and milliseconds % 2 == 1)
        moment += timedelta(days=ends_day, microseconds=1000 * up - rest)
    # It is UTC now, and gets the sign of UTC that the rules ask for.
    return moment.isoformat("T", "milliseconds") + "Z"


def forget() -> None:
    """Empty the caches of this room, for those who measure it."""
    for cache in (_spelled, _number, instant):
        cache.cache_clear()
