"""Numbers and times as people of a language write them: `1.250,5 kg`, `31/07/2025 10:30`.

- Exact: no figure is rounded; what is too long is written whole.
- A time is told in the zone in which it was recorded; a day alone as it was written.

    kilos(Decimal("1250.5"), "it")  ->  "1.250,5 kg"
"""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

from ledger.lots.step import Amount
from schemas.epcis.instant import instant
from schemas.units import EXACT
from schemas.wording import Language, words

_PIECES = (None, "H87", "C62", "EA")


def number(value: Decimal, language: Language) -> str:
    """A decimal with the separators of a language, without zeros at its end."""
    text = f"{value.normalize(EXACT):,f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "it" else text


def kilos(value: Decimal, language: Language) -> str:
    """Kilograms."""
    return f"{number(value, language)} kg"


def amount(value: Amount | None, language: Language, *, level: str = "") -> str:
    """An amount with its unit: kilograms and litres by their signs, what is counted by what it is (`level`: of packing,
    as master data has it), else as pieces; – where there is none."""
    if value is None:
        return "–"
    if value.uom in _PIECES:
        spoken = words(language)
        return f"{number(value.quantity, language)} {spoken.get(f'level-{level}', spoken['unit-pieces'])}"
    return f"{number(value.quantity, language)} {words(language).get(f'unit-{value.uom}', str(value.uom))}"


def country(code: str, language: Language) -> str:
    """A country by its name, where we have one; else its code."""
    return words(language).get(f"country-{code}", code)


def moment(at: int | None, offset: str, language: Language) -> str:
    """An event time (microseconds since 1970) in the zone of `offset` (`+02:00`); – where there is none."""
    if at is None:
        return "–"
    found = instant(at).astimezone(zone(offset))
    return f"{found:%d/%m/%Y %H:%M}" if language == "it" else f"{found:%Y-%m-%d %H:%M}"


def day(text: str, language: Language) -> str:
    """A day as written in an event (`2026-07-14`), as people write it; any other text as it is."""
    try:
        found = datetime.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{found:%d/%m/%Y}" if language == "it" else f"{found:%Y-%m-%d}"


def zone(offset: str) -> timezone:
    """The zone of an EPCIS offset; UTC for what is none."""
    try:
        hours, minutes = int(offset[1:3]), int(offset[4:6])
        shift = timedelta(hours=hours, minutes=minutes)
        return timezone(-shift if offset[0] == "-" else shift)
    except (ValueError, IndexError):
        return timezone(timedelta(0))
