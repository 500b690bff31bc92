"""Times as people read them, in Italy's own time: this server's people work there.

shown_time(1790000000, "it")  ->  "21 settembre 2026, 16:13"

IANA time zone Europe/Rome.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from api.pages.shell.words import SHELL, words_of
from schemas.wording import Language

ROME = ZoneInfo("Europe/Rome")


def shown_time(seconds: int, language: Language) -> str:
    """A moment, to the minute."""
    months = words_of(SHELL, language)("months").split()
    moment = datetime.fromtimestamp(seconds, ROME)
    return f"{moment.day} {months[moment.month - 1]} {moment.year}, {moment:%H:%M}"
