"""Sheets of A4, each with one QR Code and what to do with it, in Italian and below in English: of doors and of lots.

- A lot's code is its GS1 Digital Link at this server's address: any scanner reads product and lot in it.
- What stands beside it is what its pack tells (`exporters.facts.pack`).
- Where the address is this computer's own, the sheet says that no telephone gets there, and what to do.

    standing(doors("http://127.0.0.1:8080"))  ->  one HTML file, its style inside, that loads nothing

GS1 Digital Link URI Syntax; WCAG 2.1 3.1.2 (language of parts).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from api.pages.shell.assets import assets
from api.pages.shell.rendering import rendered
from api.pages.shell.words import Words, words_of
from exporters.facts.pack import Pack
from exporters.labels.pictures import svg
from exporters.labels.symbols import qr
from schemas.gs1.digital_link import CANONICAL_STEM
from schemas.wording import LANGUAGES, Language

ROOM = "printed"
DOORS = {"lotto": "/lotto", "verifica": "/verifica", "campo": "/campo"}
"""The doors that are printed, and where they are: those of whoever comes with a telephone."""
_MODULE = 1.6
"""Millimetres of a module: read at an arm's length from a wall."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page. `link`: what its code says; `door`: its name, empty for a lot; `notes`: what is said besides."""

    link: str
    door: str = ""
    pack: Pack | None = None
    notes: Mapping[Language, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The QR Code, as SVG of its true size."""
        return svg(qr(self.link), x=_MODULE).decode("ascii")

    @property
    def here_only(self) -> bool:
        """Whether the address is good on this computer alone."""
        return (urlsplit(self.link).hostname or "") in ("127.0.0.1", "localhost", "::1")


def doors(origin: str, notes: Mapping[str, Mapping[Language, str]] | None = None) -> list[Sheet]:
    """A sheet for each door of the server at `origin`; `notes`: what to say besides, by door and language."""
    return [Sheet(origin + path, name, notes=(notes or {}).get(name, {})) for name, path in DOORS.items()]


def of_lot(origin: str, pack: Pack) -> Sheet:
    """The sheet of a lot, unit or item."""
    return Sheet(f"{origin}/{pack.subject.removeprefix(f'{CANONICAL_STEM}/')}", pack=pack)


def spoken() -> Mapping[Language, Words]:
    """The words of both languages, which every sheet says."""
    return {language: words_of(ROOM, language) for language in LANGUAGES}


def standing(sheets: Sequence[Sheet], language: Language = "it") -> str:
    """The sheets as one file that needs no server to be printed."""
    say = words_of(ROOM, language)
    body = rendered(ROOM, "sheets.html", language, sheets=sheets, spoken=spoken())
    style = assets().held[ROOM, "sheets.css"].decode("utf-8")
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{say("title")} · Filiera'
        f'</title>\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>\n{style}</style>\n'
        f"</head>\n<body>\n<main>\n<h1>{say('title')}</h1>\n{body}</main>\n</body>\n</html>\n"
    )
