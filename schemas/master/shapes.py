"""The plain shapes of master data: what is wrong with a value, and the JSON Schema of it.

- A check digit, a check letter or the outline of a field is more than a schema can say: there the schema gives the form
  and `check` the rest. A test holds that whatever `check` takes, the schema takes too.
- Texts are one line, without blanks at their ends; numbers keep their text and are exact decimals.

    check("gln", "9521001000018")  ->  ("wrong-check-digit", {"value": "9521001000018", "expected": "7"})
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias

from schemas.errors import InputError
from schemas.gs1 import canonical
from schemas.gs1.application_identifiers import check_rule
from schemas.gs1.check_digit import verify_check_digit
from schemas.gs1.code_lists import COUNTRIES2
from schemas.lists.table import rows
from schemas.master import polygon
from schemas.master.tax_numbers import check_tax_code, check_vat_number
from schemas.master.validity import day as read_day
from schemas.master.validity import is_moment
from schemas.syntax.json_text import Number

Wrong: TypeAlias = "tuple[str, dict[str, Any]] | None"
"""A code with the values of its sentence, or None where nothing is wrong."""
SHOWN = 80
MOST_TEXT = 500
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def shown(value: Any) -> str:
    """A value as it may stand in a sentence: short, on one line."""
    text = value.text if isinstance(value, Number) else " ".join(str(value).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def check(shape: str, value: Any) -> Wrong:
    """What is wrong with a value of a plain shape."""
    judged, _ = SHAPES[shape]
    return judged(value)


def _text(value: Any) -> Wrong:
    if not isinstance(value, str):
        return "member-not-text", {"value": shown(value)}
    if not value or value != value.strip() or len(value) > MOST_TEXT or not value.isprintable():
        return "text-form", {"value": shown(value), "limit": MOST_TEXT}
    return None


def _boolean(value: Any) -> Wrong:
    return None if isinstance(value, bool) else ("member-not-boolean", {"value": shown(value)})


def _matching(pattern: str, code: str) -> Callable[[Any], Wrong]:
    compiled = re.compile(pattern, re.ASCII)

    def judged(value: Any) -> Wrong:
        if not isinstance(value, str):
            return "member-not-text", {"value": shown(value)}
        return None if compiled.fullmatch(value) else (code, {"value": shown(value)})

    return judged


def _raising(judge: Callable[[str], None]) -> Callable[[Any], Wrong]:
    def judged(value: Any) -> Wrong:
        if not isinstance(value, str):
            return "member-not-text", {"value": shown(value)}
        try:
            judge(value)
        except InputError as error:
            return error.code, dict(error.context)
        return None

    return judged


def _key(length: int) -> Callable[[str], None]:
    def judge(value: str) -> None:
        if len(value) != length:
            raise InputError("gs1-length", value=value[:90], expected=str(length))
        verify_check_digit(value)

    return judge


def _uri(value: str) -> None:
    if not _URI.fullmatch(value) or not canonical.keepable(value):
        raise InputError("not-a-uri", value=shown(value))
    canonical.check(value)


def _moment(value: str) -> None:
    if not is_moment(value):
        raise InputError("not-a-moment", value=shown(value))


def _day(value: str) -> None:
    if read_day(value) is None:
        raise InputError("not-a-day", value=shown(value))


def _country(value: str) -> None:
    if value not in COUNTRIES2:
        raise InputError("not-a-country", value=shown(value))


def _unit(value: str) -> None:
    if value not in {row["code"] for row in rows("units")}:
        raise InputError("bad-unit", value=shown(value))


def _package(value: str) -> None:
    try:
        check_rule("package", value)
    except InputError:
        raise InputError("not-a-package", value=shown(value)) from None


def _number(low: Decimal | None, high: Decimal | None, code: str) -> Callable[[Any], Wrong]:
    def judged(value: Any) -> Wrong:
        if not isinstance(value, Number):
            return "member-not-number", {"value": shown(value)}
        found = value.decimal()
        fits = (low is None or found > low or (found == low and code != "not-positive")) and (
            high is None or found <= high
        )
        return None if fits else (code, {"value": shown(value)})

    return judged


def _polygon(value: Any) -> Wrong:
    found = polygon.problem(value)
    return None if found is None else (found[0], {"position": found[1], "limit": polygon.MOST_CORNERS})


_DIGITS = {"gln": 13, "gtin": 14, "ggn": 13}
_NAME: Mapping[str, Any] = {"type": "string", "minLength": 1, "maxLength": MOST_TEXT}


def _pattern(pattern: str) -> Mapping[str, Any]:
    return {"type": "string", "pattern": f"^(?:{pattern})$"}


_FORMS: Mapping[str, tuple[str, str]] = {
    # Shape -> its pattern, and the code where it is broken.
    "phone": (r"\+[0-9](?:[ ]?[0-9]){5,17}", "phone-form"),
    "email": (r"[^@\s\"<>(),;:\\\[\]]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}", "email-form"),
    "municipalityCode": (r"[0-9]{6}", "municipality-code-form"),
    "approvalNumber": (r"[A-Z0-9](?:[A-Z0-9 ./-]{0,28}[A-Z0-9])?", "approval-number-form"),
    "companyPrefix": (r"[0-9]{4,12}", "company-prefix-form"),
    "fdaRegistration": (r"[0-9]{11}", "fda-registration-form"),
    "faoCode": (r"[A-Z]{3}", "fao-code-form"),
    "sha256": (r"[0-9a-f]{64}", "sha256-form"),
    "mediaType": (r"[a-z]+/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}", "media-type-form"),
}
_LATITUDE, _LONGITUDE = Decimal(90), Decimal(180)

SHAPES: Mapping[str, tuple[Callable[[Any], Wrong], Mapping[str, Any]]] = MappingProxyType(
    {
        "text": (_text, _NAME),
        "boolean": (_boolean, {"type": "boolean"}),
        "uri": (_raising(_uri), {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:", "maxLength": 2048}),
        "moment": (
            _raising(_moment),
            {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]},
        ),
        "day": (_raising(_day), {"type": "string", "format": "date"}),
        **{name: (_raising(_key(size)), _pattern(f"[0-9]{{{size}}}")) for name, size in _DIGITS.items()},
        "vatNumber": (_raising(check_vat_number), _pattern("[A-Z]{0,2}[0-9A-Z+*]{2,12}")),
        "taxCode": (_raising(check_tax_code), _pattern("[0-9]{11}|[A-Z0-9]{16}")),
        "country": (_raising(_country), {"enum": sorted(COUNTRIES2)}),
        "unit": (_raising(_unit), {"enum": [row["code"] for row in rows("units")]}),
        "packageCode": (_raising(_package), _pattern("[0-9A-Z]{1,3}")),
        "latitude": (
            _number(-_LATITUDE, _LATITUDE, "latitude-form"),
            {"type": "number", "minimum": -90, "maximum": 90},
        ),
        "longitude": (
            _number(-_LONGITUDE, _LONGITUDE, "longitude-form"),
            {"type": "number", "minimum": -180, "maximum": 180},
        ),
        "positive": (_number(Decimal(0), None, "not-positive"), {"type": "number", "exclusiveMinimum": 0}),
        "polygon": (
            _polygon,
            {
                "type": "object",
                "properties": {
                    "type": {"const": "Polygon"},
                    "coordinates": {"type": "array", "minItems": 1, "maxItems": 1},
                },
                "required": ["type", "coordinates"],
                "additionalProperties": False,
            },
        ),
        **{name: (_matching(*form), _pattern(form[0])) for name, form in _FORMS.items()},
    }
)
