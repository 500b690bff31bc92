"""GS1 Digital Link URIs: a key in the path of a web address, read strictly and made in one way.

- The path ends in the primary key, its code and its value, then its qualifiers in their order, each once; whatever
  stands before is the resolver's own. The query holds attributes; other names in it are not GS1's and are kept.
- Codes only: the words of old versions (`/gtin/`, `/lot/`) and short GTINs are read where `lenient` is asked for.
- A value is percent-decoded, then has to satisfy its code: characters, length, check digit.
- Written values escape the characters that DL section 4 lists and leave the others as they are: one spelling each.

    make((("01", "09521234543213"), ("10", "L7"))) -> "https://id.gs1.org/01/09521234543213/10/L7"

GS1 Digital Link Standard: URI Syntax, sections 4.3 to 4.11.
"""

import re
from dataclasses import dataclass, replace

from schemas.errors import InputError
from schemas.gs1.application_identifiers import ApplicationIdentifier, check_value, find, known
from schemas.gs1.check_digit import is_digits
from schemas.gs1.keys import PRIMARY, Elements

CANONICAL_STEM = "https://id.gs1.org"
WORDS = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gmn": "8013", "gln": "414", "party": "417", "payTo": "415",
    "gsrnp": "8017", "gsrn": "8018", "gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402",
    "grai": "8003", "giai": "8004",
}  # fmt: skip
QUALIFIER_WORDS = {
    "cpv": "22", "lot": "10", "ser": "21", "tpx": "235", "glnx": "254", "refno": "8020", "cpsn": "8011", "srin": "8019",
}  # fmt: skip
_URI = re.compile(r"(https?|HTTPS?)://([^/?#]+)(/[^?#]*)?(?:\?([^#]*))?(?:#.*)?", re.DOTALL)
_LEGAL = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
_HOST = re.compile(r"(?:[^@\[\]$]*@)?[A-Za-z0-9.\-_]+(?::[0-9]{0,5})?")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
# Space and every character of the sets of 82 and 39 that a path may not hold as itself (DL section 4.4).
_ESCAPED = str.maketrans({c: f"%{ord(c):02X}" for c in ' !"#%&()*+,/:<>?'})


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """A Digital Link taken apart: primary key and qualifiers, GS1 attributes, and the rest of the query as written."""

    stem: str
    path: Elements
    attributes: Elements
    other: tuple[tuple[str, str | None], ...]


def escape(value: str) -> str:
    """A value as a path or query holds it: one spelling for each value."""
    return value.translate(_ESCAPED)


def unescape(text: str, *, plus_is_space: bool = False) -> str:
    """Percent-decoded text; `InputError("dl-escape")` for an escape that is none or is not ASCII."""
    if plus_is_space:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    if _BAD_ESCAPE.search(text):
        raise InputError("dl-escape", value=text[:90])
    value = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if not value.isascii() or "\0" in value:
        raise InputError("dl-escape", value=text[:90])
    return value


def parse(uri: str, *, lenient: bool = False) -> DigitalLink:
    """A Digital Link read strictly; `lenient` also takes the old words and GTINs of 8, 12 and 13 digits.

    Raises `InputError`: `dl-not-a-web-address`, `dl-no-key`, `dl-qualifier`, `dl-attribute`, `dl-escape`, and what
    `check_value` finds.
    """
    stem, segments, query = split(uri)
    at = key_at(segments, lenient=lenient)
    if at is None:
        raise InputError("dl-no-key", value=uri[:200])
    path = elements(segments[at:], lenient=lenient)
    check_qualifiers(path)
    for ai, value in path:
        check_value(find(ai), value)
    attributes, other = _query(query, path, lenient=lenient)
    return DigitalLink("/".join([stem, *segments[:at]]), path, attributes, other)


def split(uri: str) -> tuple[str, list[str], str]:
    """Scheme with host, the segments of the path, the query; `InputError` when this is no web address."""
    match = _URI.fullmatch(uri)
    if match is None or not _LEGAL.fullmatch(uri) or not _HOST.fullmatch(match[2]):
        raise InputError("dl-not-a-web-address", value=uri[:200])
    scheme, host, path, query = match.groups()
    return f"{scheme}://{host}", (path or "/").split("/")[1:], query or ""


def key_at(segments: list[str], *, lenient: bool) -> int | None:
    """Where the primary key stands: the last one from which whole pairs of code and value reach the end."""
    for at in range(len(segments) - 2, -1, -2):
        if segments[at] in PRIMARY or (lenient and segments[at] in WORDS):
            return at
    return None


def elements(segments: list[str], *, lenient: bool) -> Elements:
    """The codes and decoded values of the segments from the primary key on; values are not judged here."""
    pairs = zip(segments[::2], segments[1::2], strict=True)
    return tuple(
        _element(name, text, primary=not position, lenient=lenient) for position, (name, text) in enumerate(pairs)
    )


def _element(name: str, text: str, *, primary: bool, lenient: bool) -> tuple[str, str]:
    if lenient:
        name = WORDS.get(name, name) if primary else QUALIFIER_WORDS.get(name, name)
    value = unescape(text)
    return name, pad_gtin(value) if lenient and name == "01" else value


def pad_gtin(value: str) -> str:
    """A GTIN of 8, 12 or 13 digits with the zeros that make it 14; anything else as it is."""
    return value.zfill(14) if len(value) in (8, 12, 13) and is_digits(value) else value


def check_qualifiers(path: Elements) -> None:
    """Raise `InputError("dl-qualifier")` unless what follows the primary key qualifies it, in order, each once."""
    key, *others = path
    sequences = find(key[0]).qualifiers or ()
    given = [ai for ai, _ in others]
    if not any(_in_order(given, sequence) for sequence in sequences) and given:
        raise InputError("dl-qualifier", ai=key[0], qualifiers="/".join(given)[:90])
    if key[0] == "415" and given != ["8020"]:
        raise InputError("dl-qualifier", ai=key[0], qualifiers="-")


def _in_order(given: list[str], sequence: tuple[str, ...]) -> bool:
    waiting = iter(sequence)
    return all(ai in waiting for ai in given)


def _query(query: str, path: Elements, *, lenient: bool) -> tuple[Elements, tuple[tuple[str, str | None], ...]]:
    attributes: list[tuple[str, str]] = []
    other: list[tuple[str, str | None]] = []
    taken = {ai for ai, _ in path}
    for item in filter(None, query.split("&")):
        name, equals, text = item.partition("=")
        if not is_digits(name):
            other.append((name, text if equals else None))
            continue
        value = unescape(text, plus_is_space=True)
        if lenient and name == "01":
            value = pad_gtin(value)
        _check_attribute(name, taken, path)
        check_value(find(name), value)
        taken.add(name)
        attributes.append((name, value))
    return tuple(attributes), tuple(other)


def _check_attribute(ai: str, taken: set[str], path: Elements) -> None:
    """An attribute is known, allowed, given once, and no qualifier that could have stood in the path."""
    if not known(ai) or not find(ai).attribute or ai in taken or ai in _could_qualify(path):
        raise InputError("dl-attribute", ai=ai[:8])


def _could_qualify(path: Elements) -> set[str]:
    """The qualifiers that belong into the path: those of the sequences that what is there already follows."""
    given = [ai for ai, _ in path[1:]]
    sequences = find(path[0][0]).qualifiers or ()
    return {ai for sequence in sequences if _in_order(given, sequence) for ai in sequence}


def make(given: Elements, stem: str = CANONICAL_STEM) -> str:
    """The Digital Link of element strings: the first primary key, its qualifiers in order, the rest as attributes.

    Repeated elements with the same value count once. Raises `InputError`: `dl-no-key`, `dl-attribute`, and what
    `check_value` finds.
    """
    unique = tuple(dict.fromkeys(given))
    for ai, value in unique:
        check_value(find(ai), value)
    key = next((element for element in unique if element[0] in PRIMARY), None)
    if key is None:
        raise InputError("dl-no-key", value=" ".join(ai for ai, _ in unique)[:90])
    path = _path(find(key[0]), key, dict(unique))
    attributes = [element for element in unique if element not in path]
    # Those of predefined length come first, as in an element string, where they save separators.
    attributes.sort(key=lambda element: not find(element[0]).predefined)
    for ai, _ in attributes:
        _check_attribute(ai, {name for name, _ in path}, path)
    query = "&".join(f"{ai}={escape(value)}" for ai, value in attributes)
    address = "/".join([stem.rstrip("/"), *(part for ai, value in path for part in (ai, escape(value)))])
    return f"{address}?{query}" if query else address


def check_stem(stem: str) -> None:
    """Raise `InputError("dl-not-a-web-address")` unless keys can be put behind this: scheme, host and maybe a path."""
    split(stem)
    if "?" in stem or "#" in stem:
        raise InputError("dl-not-a-web-address", value=stem[:200])


def _path(ai: ApplicationIdentifier, key: tuple[str, str], values: dict[str, str]) -> Elements:
    sequences = ai.qualifiers or ()
    best = max(sequences, key=lambda sequence: sum(code in values for code in sequence), default=())
    return (key, *((code, values[code]) for code in best if code in values))


def canonical(link: DigitalLink) -> DigitalLink:
    """The same key under id.gs1.org, its attributes sorted, what is not GS1's left out (DL section 4.11)."""
    return replace(link, stem=CANONICAL_STEM, attributes=tuple(sorted(link.attributes)), other=())
