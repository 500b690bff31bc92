"""One spelling for each GS1 identifier: the canonical Digital Link that events are read, linked and hashed by.

- URNs and Digital Links of any domain, with the words of old versions and short GTINs, become
  `https://id.gs1.org/…` with the finest key alone: no product variant, no lot beside a serial, no query.
- `canonical_uri` judges nothing: what it cannot read it gives back as written, wrong check digits it lets pass,
  since the event hash (CBV 2.0 section 8.9) must be the same for everybody.
- `check` judges: what looks like a GS1 identifier must have its length, its characters and its check digit.
- `tagged_object` says what an entry is tagged with: lots, units and items, and any URI that is not GS1's.

    canonical_uri("urn:epc:class:lgtin:9521234.154321.L7") -> "https://id.gs1.org/01/19521234543210/10/L7"

Vectors: the normaliser of the CBV event hash. GS1 Digital Link URI Syntax, section 4.11.
"""

import re
from functools import lru_cache

from schemas.errors import InputError
from schemas.gs1 import digital_link, epc_urn
from schemas.gs1.application_identifiers import check_value, find
from schemas.gs1.check_digit import check_digit, is_digits, verify_check_digit
from schemas.gs1.keys import HEADS, PRIMARY, Elements, finest, kind_of_elements

# Kept are the identifiers seen last; a longer text than any GS1 identifier is neither read nor kept.
_CACHED = 1 << 14
MOST_CHARACTERS = 2048
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_GS1_OWN = re.compile(r"https?://id\.gs1\.org/", re.IGNORECASE)
# What is already canonical and needs no escape, which is nearly everything: read in one step. Only the check digit is
# left to be judged. Groups: whether a unit, its digits, a location or party, its digits, a GTIN, whether lot or item.
_USUAL = re.compile(
    r"https://id\.gs1\.org/(?:(00)/([0-9]{18})|(41[47])/([0-9]{13})|01/([0-9]{14})(?:/(10|21)/[-'.;=0-9A-Z_a-z]{1,20})?)"
)
_TAGGED = frozenset({"lot", "item", "unit"})


def canonical_uri(uri: str) -> str:
    """The canonical Digital Link of a GS1 identifier in URN or Digital Link form; anything else as written."""
    return uri if len(uri) > MOST_CHARACTERS else _canonical(uri)


@lru_cache(maxsize=_CACHED)
def _canonical(uri: str) -> str:
    if _USUAL.fullmatch(uri):
        return uri
    elements = _elements(uri)
    return uri if elements is None else link(elements)


def link(elements: Elements) -> str:
    """The canonical Digital Link of a key: its primary element and its finest qualifier."""
    path = "/".join(f"{ai}/{digital_link.escape(value)}" for ai, value in elements)
    return f"{digital_link.CANONICAL_STEM}/{path}"


def _elements(uri: str) -> Elements | None:
    """The finest key that a URI names, check digits not judged; None when it is no GS1 identifier."""
    try:
        if uri.startswith("urn:epc:"):
            return epc_urn.read(uri).elements
        if uri[:4] in ("http", "HTTP"):
            return _of_link(uri)
    except InputError:
        pass
    return None


def _of_link(uri: str) -> Elements | None:
    _, segments, _ = digital_link.split(uri.partition("?")[0].partition("#")[0])
    if segments[-1] == "":
        segments.pop()
    at = digital_link.key_at(segments, lenient=True)
    if at is None:
        return None
    path = digital_link.elements(segments[at:], lenient=True)
    digital_link.check_qualifiers(path)
    for ai, value in path:
        _check_form(ai, value)
    return finest(path)


def _check_form(ai: str, value: str) -> None:
    """Length and characters of a value, with the right check digit put in for the judgement; a company's digits."""
    head = HEADS.get(ai, 0)
    # A web address with `/401/` in it is not yet an identifier: every company prefix has at least four digits.
    if ai in PRIMARY and (len(value) < 4 or not is_digits(value[:4])):
        raise InputError("gs1-not-digits", value=value[:90])
    digits = value[: 14 if ai == "8006" else head]
    if head and is_digits(digits):
        value = digits[:-1] + check_digit(digits[:-1]) + value[len(digits) :]
    if ai == "8006" and len(value) == 18 and is_digits(value):
        value = value[:14] + "0101"
    if ai != "8013":
        check_value(find(ai), value)


def tagged_object(uri: str) -> str | None:
    """The URI an entry about this object is tagged by, or None where it names no one thing.

    Lots, items and logistic units give their canonical Digital Link; any other absolute URI is taken as written. A
    class (a GTIN alone), a pattern, a location, a party, what is no URI and what is not `keepable` give None.
    """
    return _tagged(uri) if len(uri) <= MOST_CHARACTERS else None


def keepable(uri: str) -> bool:
    """Whether a URI can be looked up everywhere: at most 2,048 bytes of UTF-8, no control characters (RFC 3986).

    A database index holds neither a longer text nor, in PostgreSQL, a NUL: one such record would stop its whole group.
    """
    short = len(uri) <= MOST_CHARACTERS and (uri.isascii() or len(uri.encode("utf-8", "replace")) <= MOST_CHARACTERS)
    return short and (uri.isprintable() or _CONTROL.search(uri) is None)


@lru_cache(maxsize=_CACHED)
def _tagged(uri: str) -> str | None:
    usual = _USUAL.fullmatch(uri)
    if usual is not None:
        return uri if usual[1] or usual[6] else None
    if not keepable(uri) or uri.startswith("urn:epc:idpat:"):
        return None
    elements = _elements(uri)
    if elements is None:
        return uri if _ABSOLUTE.match(uri) else None
    kind = kind_of_elements(elements)
    return link(elements) if kind is not None and kind.level in _TAGGED else None


def check(uri: str) -> None:
    """Raise `InputError` when this looks like a GS1 identifier and its digits, length or characters are wrong.

    An EPC URN and a Digital Link of `id.gs1.org` are judged whole. On any other domain a path that merely resembles
    a key (`/401/about`) is an ordinary address: judged is only one whose key has the right form.
    """
    if len(uri) <= MOST_CHARACTERS:
        _checked(uri)
    elif uri.startswith("urn:epc:") or _GS1_OWN.match(uri):
        raise InputError("identifier-too-long", limit=MOST_CHARACTERS)


@lru_cache(maxsize=_CACHED)
def _checked(uri: str) -> None:
    usual = _USUAL.fullmatch(uri)
    if usual is not None:
        # All that its expression leaves to be judged.
        verify_check_digit(usual[2] or usual[4] or usual[5])
    elif uri.startswith("urn:epc:"):
        scheme = uri.split(":")[3] if uri.count(":") > 3 else ""
        if scheme not in epc_urn.OTHER_SCHEMES:
            epc_urn.read(uri)
    elif _GS1_OWN.match(uri) or (uri[:4] in ("http", "HTTP") and _elements(uri) is not None):
        _check_link(uri)


def _check_link(uri: str) -> None:
    """The path of a Digital Link, old words and short GTINs allowed; its query is not what is identified."""
    digital_link.parse(uri.partition("?")[0].partition("#")[0], lenient=True)


def forget() -> None:
    """Empty the caches of this room, for those who measure it."""
    for cache in (_canonical, _tagged, _checked):
        cache.cache_clear()
