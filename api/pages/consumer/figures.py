"""Days, towns and names as a pack's page says them.

day(date(2026, 7, 12), "it")  ->  "12 luglio 2026"
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from api.pages.consumer.kept import MINUTE
from api.pages.shell.words import words_of
from exporters.drawing.map import Mark, Sort, italy
from exporters.facts.pack import Pack, Town
from schemas.gs1.code_lists import COUNTRIES2
from schemas.master.validity import day as read_day
from schemas.wording import Language, words

ROOM = "consumer"


def day(found: date, language: Language) -> str:
    """A day with the name of its month."""
    month = words_of(ROOM, language)("months").split()[found.month - 1]
    return f"{found.day} {month} {found.year}"


def stated_day(text: str, language: Language) -> str:
    """A day as an event says it; any other text as it is."""
    found = read_day(text[:10])
    return day(found, language) if found is not None else text


def days(first: date | None, last: date | None, language: Language) -> str:
    """From one day to another, or that day; empty for none."""
    if first is None or last is None:
        return ""
    if first == last:
        return day(first, language)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last, language)}"
    return f"{day(first, language)} – {day(last, language)}"


def town(found: Town) -> str:
    """`Faenza (RA)`; abroad with the sign of its country."""
    beside = found.region if found.country in ("", "IT") else found.country
    return f"{found.name} ({beside})" if beside else found.name


def towns(found: Iterable[Town]) -> str:
    """Some towns."""
    return ", ".join(dict.fromkeys(town(each) for each in found))


def step(kind: str, language: Language) -> str:
    """What was done, in a word or two."""
    known = words(language)
    return known.get(f"step-{kind.rpartition('/')[2]}", known["step-other"])


def scheme(name: str, language: Language) -> str:
    """What a certificate is of."""
    return words(language).get(f"scheme-{name}", name)


def country(text: str) -> str:
    """A country's two letters where they are such, else nothing."""
    return text if text in COUNTRIES2 else ""


def country_name(text: str, language: Language) -> str:
    """`Italia`; a country whose name is not known here by its two letters."""
    return words(language).get(f"country-{text}", text) if country(text) else ""


def moment(minute: int) -> tuple[str, str]:
    """A minute for machines, and as the clock on the server's wall shows it: `26/11/2026 09:41 (UTC+01:00)`."""
    found = datetime.fromtimestamp(minute * MINUTE, UTC)
    here = found.astimezone()
    offset = f"{here:%z}"
    return f"{found:%Y-%m-%dT%H:%MZ}", f"{here:%d/%m/%Y %H:%M} (UTC{offset[:3]}:{offset[3:5]})"


def drawn(told: Pack, language: Language) -> str:
    """The map: where it grew and where it was made, by municipality."""
    sorts: tuple[tuple[Sort, tuple[Town, ...]], ...] = (("origin", told.begun_in), ("made", told.made_in))
    return italy((Mark(each.name, each.region, sort) for sort, places in sorts for each in places), language)


def age(told: Pack, minute: int) -> int | None:
    """How many days ago the last of it was harvested; None where that is not known, or not yet."""
    if told.harvested is None:
        return None
    days = (datetime.fromtimestamp(minute * MINUTE, UTC).date() - told.harvested[1]).days
    return days if days >= 0 else None
