"""The spelling a reader asks for: identifiers as Digital Links or EPC URNs, words as web addresses or URNs.

- `never_translates` and `no_preference` leave a thing as it was sent: with both, the very event is given back.
- Only what has another spelling is changed: a URN becomes the canonical Digital Link; a Digital Link of any domain
  becomes the URN, and one that is asked for as a Digital Link stays as it is written.
- A URN needs the length of the company prefix, which `prefixes` (the members' licences) tell. A Digital Link of a
  prefix that is not known, of a key without EPC scheme, or with a wrong check digit stays a Digital Link and is
  reported; so is what a URN has no room for: a lot or variant beside a serial, the query of a Digital Link.
- Words without a URN (GS1's Web Vocabulary has none) are written as their address.
- Who else's URIs and words are theirs: unchanged, not reported.

    spell_event(event, epc="always_epc_urn", cbv="always_urn", prefixes=node.company_prefixes())
    spell(event, …).notes  ->  (Problem("spelling-prefix-unknown", None, "/epcList/0", {"value": …}),)

GS1 EPCIS 2.0 section 12.6 (headers `GS1-EPC-Format`, `GS1-CBV-XML-Format`); CBV 2.0 sections 7.1.1, 8.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, TypeVar, get_args

from schemas.epcis import vocabulary
from schemas.epcis.event import EventDict, Path, Problem, pointer
from schemas.epcis.places import translate
from schemas.errors import InputError
from schemas.gs1 import digital_link, epc_urn
from schemas.gs1.canonical import MOST_CHARACTERS, canonical_uri
from schemas.gs1.company_prefix import NO_PREFIXES, CompanyPrefixes
from schemas.gs1.keys import NO_EXTENSION, finest

EpcFormat = Literal["no_preference", "always_gs1_digital_link", "always_epc_urn", "never_translates"]
CbvFormat = Literal["no_preference", "always_web_uri", "always_urn", "never_translates"]
Format = TypeVar("Format", EpcFormat, CbvFormat)
EPC_FORMATS: tuple[EpcFormat, ...] = get_args(EpcFormat)
CBV_FORMATS: tuple[CbvFormat, ...] = get_args(CbvFormat)
_AS_SENT = frozenset({"no_preference", "never_translates"})
_WORDS: Mapping[str, vocabulary.Spelling] = {"always_web_uri": "iri", "always_urn": "urn"}
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Spelled:
    """An event in the spelling asked for, and a note for each member that could not be spelled so, or lost a part."""

    event: EventDict
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class SpelledUri:
    """One identifier in the spelling asked for, and what is to be known about it, without its place."""

    uri: str
    note: Problem | None = None


def epc_format(text: str) -> EpcFormat:
    """The value of a `GS1-EPC-Format` header; `InputError("spelling-format")` for none that the standard has."""
    return _format(text, EPC_FORMATS)


def cbv_format(text: str) -> CbvFormat:
    """The value of a `GS1-CBV-XML-Format` header; `InputError("spelling-format")` for none that the standard has."""
    return _format(text, CBV_FORMATS)


def _format(text: str, formats: tuple[Format, ...]) -> Format:
    for name in formats:
        if name == text.strip().lower():
            return name
    raise InputError("spelling-format", value=text[:_SHOWN], allowed=", ".join(formats))


def spell_event(
    event: EventDict, *, epc: EpcFormat, cbv: CbvFormat, prefixes: CompanyPrefixes = NO_PREFIXES
) -> EventDict:
    """The event in the spelling asked for, what has no such spelling as sent; the very event where nothing changes."""
    return spell(event, epc=epc, cbv=cbv, prefixes=prefixes).event


def spell(event: EventDict, *, epc: EpcFormat, cbv: CbvFormat, prefixes: CompanyPrefixes = NO_PREFIXES) -> Spelled:
    """The same, with what could not be spelled as asked."""
    if epc in _AS_SENT and cbv in _AS_SENT:
        return Spelled(event)
    notes: list[Problem] = []

    def uri(text: str, path: Path) -> str:
        found = spell_uri(text, epc=epc, prefixes=prefixes)
        if found.note is not None:
            member = pointer(*path)
            notes.append(replace(found.note, member=member, context={**found.note.context, "member": member}))
        return found.uri

    def word(code_list: str, text: str, path: Path) -> str:
        return spell_word(code_list, text, cbv=cbv)

    spelled = translate(event, uri, word)
    return Spelled(event if spelled is event else dict(spelled), tuple(notes))


def spell_uri(uri: str, *, epc: EpcFormat, prefixes: CompanyPrefixes = NO_PREFIXES) -> SpelledUri:
    """One identifier in the spelling asked for; anything else as it is."""
    if epc in _AS_SENT or len(uri) > MOST_CHARACTERS:
        return SpelledUri(uri)
    if epc == "always_gs1_digital_link":
        return SpelledUri(canonical_uri(uri) if uri.startswith("urn:epc:") else uri)
    return _as_urn(uri, prefixes) if uri[:4] in ("http", "HTTP") else SpelledUri(uri)


def spell_word(code_list: str, text: str, *, cbv: CbvFormat) -> str:
    """One word in the spelling asked for; anything else as it is."""
    if cbv in _AS_SENT or vocabulary.bare(code_list, text) is None:
        return text
    spelled = vocabulary.spell(code_list, text, _WORDS[cbv])
    return spelled if ":" in spelled else vocabulary.spell(code_list, text, "iri")


@lru_cache(maxsize=1 << 14)
def _as_urn(uri: str, prefixes: CompanyPrefixes) -> SpelledUri:
    link = canonical_uri(uri)
    if not link.startswith(digital_link.CANONICAL_STEM):
        return SpelledUri(uri)  # an ordinary web address
    address, _, query = uri.partition("#")[0].partition("?")
    try:
        path = digital_link.parse(address, lenient=True).path
        length = prefixes.length(path)
        if length is None:
            return SpelledUri(uri, _note("spelling-prefix-unknown", uri))
        urn = epc_urn.write(finest(path), length)
    except InputError as error:
        return SpelledUri(uri, _note(error.code, uri, **error.context))
    kept = {*finest(path), NO_EXTENSION}
    lost = [f"({ai})" for ai, value in path if (ai, value) not in kept] + [f"?{query}"[:_SHOWN]] * bool(query)
    return SpelledUri(urn, _note("spelling-part-lost", uri, parts=" ".join(lost)) if lost else None)


def _note(code: str, uri: str, **context: Any) -> Problem:
    return Problem(code, context={"value": uri[:_SHOWN], **context})
