"""Where an identifier leads: its links, each with its type in the GS1 Web Vocabulary, a title, and for whom it is.

- Of a lot, unit or item that everybody may know of: its page, its history as a proof, whether it is recalled, its
  certificates where it has any, and its events. Of a product: the page that finds its published lots. Of a place or a
  member: its page, and the same for programs.
- Links follow what is so now: a recall changes the title of `recallStatus`, and is the first thing a program reads.
- The default is the page, in the reader's language.

    links(asked, told, "it")[0].type  ->  "pip"

GS1 Web Vocabulary, link types; RFC 9264.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from urllib.parse import quote, urlencode

from api.resolver.identifier import Asked, address, canonical
from schemas.gs1.digital_link import CANONICAL_STEM
from schemas.gs1.keys import Elements
from schemas.wording import LANGUAGES, Language, sentence

VOCABULARY = "https://ref.gs1.org/voc/"
SPELLINGS = (
    "gs1:", VOCABULARY, "http://ref.gs1.org/voc/", "https://gs1.org/voc/", "http://gs1.org/voc/",
    "https://www.gs1.org/voc/", "http://www.gs1.org/voc/",
)  # fmt: skip
DEFAULT, DEFAULTS = "defaultLink", "defaultLinkMulti"
TYPES = (
    "pip", "traceability", "recallStatus", "certificationInfo", "epcis", "locationInfo", "homepage", "masterData",
)  # fmt: skip
HTML, JSON = "text/html", "application/json"


@dataclass(frozen=True, slots=True)
class Link:
    """One link. `type`: the local name of its link type; `passes`: whether what else was asked is passed on to it."""

    type: str
    href: str
    title: str
    media_type: str
    language: Language | None = None
    passes: bool = True


@dataclass(frozen=True, slots=True)
class Level:
    """An identifier, its description, and its links; the first is the default."""

    anchor: str
    description: str
    links: tuple[Link, ...]


class Told(Protocol):
    """What is shown of a lot to everybody: `api.pages.consumer.kept.Shown` is one."""

    @property
    def pack(self) -> Any:
        """What its pack tells."""
        ...

    @property
    def recalls(self) -> Sequence[Any]:
        """The recalls that stand on it."""
        ...


def of_lot(asked: Asked, path: Elements, told: Told, spoken: Language) -> Level:
    """The links of a lot, unit or item."""
    uri = canonical(path)
    own = uri.removeprefix(f"{CANONICAL_STEM}/")
    page = f"{asked.base}/lotto/{own}"
    code = told.pack.code
    found = [*_pages("pip", page, spoken, code=code), *_pages("traceability", page, spoken, code=code)]
    found.append(
        Link("traceability", f"{asked.base}/lotto/prova/{own}", _said("resolver-proof", spoken, code=code), JSON)
    )
    recall = "resolver-recalled" if told.recalls else "resolver-not-recalled"
    since = f"{asked.base}/lotto/richiamo/{own}"
    found.append(Link("recallStatus", since, _said(recall, spoken, code=code), JSON))
    found += [Link("recallStatus", page, _said(recall, each, code=code), HTML, each) for each in _first(spoken)]
    if told.pack.certificates:
        found += _pages("certificationInfo", page, spoken, mark="#certificates", code=code)
    by = "MATCH_anyEPCClass" if told.pack.sort == "lot" else "MATCH_anyEPC"
    events = f"{asked.base}/epcis/events?{urlencode({by: uri}, quote_via=quote)}"
    found.append(Link("epcis", events, _said("resolver-epcis", spoken, code=code), JSON, passes=False))
    name = f"{told.pack.product} {told.pack.code}".strip()
    return Level(address(asked.base, path), name, tuple(found))


class Known(Protocol):
    """What everybody may know of a place or a party: `ledger.readside.presented.Presented` is one."""

    @property
    def kind(self) -> Literal["site", "party"]:
        """Which of the two."""
        ...

    @property
    def name(self) -> str:
        """What the member that says it is called; empty where it does not say."""
        ...


def of_code(asked: Asked, path: Elements, known: Known, spoken: Language) -> Level:
    """The links of a place or a party."""
    own = canonical(path).removeprefix(f"{CANONICAL_STEM}/")
    type = "locationInfo" if known.kind == "site" else "homepage"
    found = [*_pages(type, f"{asked.base}/codice/{own}", spoken, code=path[0][1])]
    found.append(
        Link(
            "masterData", f"{asked.base}/codice/dati/{own}", _said("resolver-masterData", spoken, code=path[0][1]), JSON
        )
    )
    return Level(address(asked.base, path), f"{known.name} GLN {path[0][1]}".strip(), tuple(found))


def of_product(asked: Asked, path: Elements, spoken: Language) -> Level:
    """The links of a product of which lots are published."""
    gtin = path[0][1]
    page = f"{asked.base}/lotto?product={gtin}"
    return Level(address(asked.base, path), f"GTIN {gtin}", tuple(_pages("pip", page, spoken, code=gtin)))


def _pages(type: str, page: str, spoken: Language, *, mark: str = "", **context: str) -> Iterator[Link]:
    """A page in each language, the reader's first."""
    for language in _first(spoken):
        fixed = f"{page}{'&' if '?' in page else '?'}lang={language}{mark}"
        yield Link(type, fixed, _said(f"resolver-{type}", language, **context), HTML, language)


def _first(spoken: Language) -> tuple[Language, ...]:
    return (spoken, *(other for other in LANGUAGES if other != spoken))


def _said(code: str, language: Language, /, **context: str) -> str:
    return sentence(code, context, language)


def bare_type(text: str) -> str:
    """The local name of a link type in any of its spellings."""
    return next((text.removeprefix(stem) for stem in SPELLINGS if text.startswith(stem)), text)
