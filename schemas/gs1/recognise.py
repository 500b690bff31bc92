"""What a text names: an EPC URN, a Digital Link of any domain, or an element string, read into one identifier.

- A compressed Digital Link is read as the one that it stands for.
- Strict: lengths, characters and check digits are judged; the reason for a refusal is the error's code.
- A bare number is refused: thirteen digits may be a product or a place, eighteen a pallet or a person.
- The URN needs the length of the company prefix: an EPC URN tells it, else `prefixes` (the members' licences) does.

- `everything` keeps what describes the key too (dates, weights): what a label says, and a Digital Link of one's own
  domain is made from (`digital_link.make`).

    recognise("(01)09521234543213(10)L7").digital_link -> "https://id.gs1.org/01/09521234543213/10/L7"
"""

from dataclasses import dataclass

from schemas.errors import InputError
from schemas.gs1 import digital_link, element_string, epc_urn
from schemas.gs1.canonical import MOST_CHARACTERS, link
from schemas.gs1.check_digit import is_digits
from schemas.gs1.company_prefix import NO_PREFIXES, CompanyPrefixes
from schemas.gs1.decompress import looks_compressed, uncompressed
from schemas.gs1.keys import PRIMARY, Elements, Level, finest, kind_of_elements

_BARE = frozenset({8, 12, 13, 14, 17, 18})


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier in every spelling: `ai` bracketed, `digital_link` canonical, `urn` where its prefix is known."""

    key: str
    level: Level
    ai: str
    digital_link: str
    urn: str | None
    pattern: bool


def recognise(text: str, *, prefixes: CompanyPrefixes = NO_PREFIXES) -> Identifier:
    """The identifier a text names; `InputError` says why it names none."""
    text = _bounded(text)
    if text.startswith("urn:"):
        urn = epc_urn.read(text)
        return _identifier(urn.elements, len(urn.prefix), pattern=urn.pattern)
    elements = finest(_key_first(text))
    return _identifier(elements, prefixes.length(elements), pattern=False)


def everything(text: str) -> Elements:
    """All a text says: its key and qualifiers first, then what describes it; `InputError` as `recognise`."""
    text = _bounded(text)
    return epc_urn.read(text).elements if text.startswith("urn:") else _key_first(text)


def _bounded(text: str) -> str:
    text = text.strip()
    if not text:
        raise InputError("identifier-empty")
    if len(text) > MOST_CHARACTERS:
        raise InputError("identifier-too-long", limit=MOST_CHARACTERS)
    return text


def _key_first(text: str) -> Elements:
    if text.startswith(("http:", "https:", "HTTP:", "HTTPS:")):
        link = digital_link.parse(uncompressed(text) if looks_compressed(text) else text, lenient=True)
        return link.path + link.attributes
    elements = element_string.read_bracketed(text) if text.startswith("(") else _plain(text)
    return _key_of(elements, text)


def _plain(text: str) -> Elements:
    """A plain element string, unless the text is a bare key: its codes would be guesswork."""
    if not text.isascii() or not (text[:2].isdigit() or text[0] in "]\x1d"):
        raise InputError("identifier-unknown", value=text[:90])
    bare = is_digits(text) and len(text) in _BARE
    try:
        elements = element_string.read_plain(text)
    except InputError:
        if bare:
            raise InputError("identifier-bare", value=text, length=len(text)) from None
        raise
    if bare and not any(ai in PRIMARY for ai, _ in elements):
        raise InputError("identifier-bare", value=text, length=len(text))
    return elements


def _key_of(elements: Elements, text: str) -> Elements:
    """The primary key and its qualifiers among what a label says."""
    element_string.check_together(elements)
    key = next((element for element in elements if element[0] in PRIMARY), None)
    if key is None:
        raise InputError("dl-no-key", value=text[:200])
    return (key, *(element for element in elements if element != key))


def _identifier(elements: Elements, prefix_length: int | None, *, pattern: bool) -> Identifier:
    kind = kind_of_elements(elements)
    if kind is None:
        raise InputError("dl-no-key", value=element_string.write_bracketed(elements)[:200])
    known = prefix_length is not None and 6 <= prefix_length <= 12 and kind.scheme
    return Identifier(
        key=kind.name,
        level=kind.level,
        ai=element_string.write_bracketed(elements),
        digital_link=link(elements),
        urn=epc_urn.write(elements, prefix_length) if known and prefix_length is not None else None,
        pattern=pattern,
    )
