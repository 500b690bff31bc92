"""Times as people read them, in Italy's own time: this server's people work there.

shown_time(1790000000, "it")  ->  "21 settembre 2026, 16:13"

IANA time zone Europe/Rome.
"""

from datetime import date, datetime

from api.pages.shell.words import SHELL, words_of
from ledger.lots.weeks import ROME
from schemas.wording import Language


def shown_stamp(seconds: int) -> str:
    """A moment in few characters, for tables."""
    return f"{datetime.fromtimestamp(seconds, ROME):%d/%m/%Y %H:%M}"


def shown_time(seconds: int, language: Language) -> str:
    """A moment, to the minute."""
    moment = datetime.fromtimestamp(seconds, ROME)
    return f"{shown_day(moment, language)}, {moment:%H:%M}"


def shown_day(day: date, language: Language) -> str:
    """A day, its month as a word: nobody takes it for another."""
    months = words_of(SHELL, language)("months").split()
    return f"{day.day} {months[day.month - 1]} {day.year}"


def day_of(seconds: int) -> date:
    """The day that it is in Italy at a moment."""
    return datetime.fromtimestamp(seconds, ROME).date()
