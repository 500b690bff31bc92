"""A document as EPCIS 1.2 and CBV 1.2 spell it: identifiers and standard words as URNs.

- A Digital Link becomes the EPC URN of its key where the company prefix is known, since a URN sets it apart. Where it
  is not, or the key has no URN, the Digital Link stays, and that is said: a 1.2 reader may not know what it names.
- Which members hold identifiers and words says the table of terms; nothing else is touched.

    as_12(tree, CompanyPrefixes(("9521234",)), losses)

EPCIS 1.2 section 6.4, CBV 1.2 sections 7 and 8; EPC Tag Data Standard 1.13 section 6.
"""

from collections.abc import Mapping
from functools import cache

from schemas.epcis.event import EVENTS_AT
from schemas.epcis.holders import EVENTS, OBJECTS, holder
from schemas.epcis.terms import CODE_LISTS, Term
from schemas.epcis.vocabulary import spell
from schemas.epcis.xml_losses import Losses, Path
from schemas.epcis.xml_values import PREFIXED
from schemas.errors import InputError
from schemas.gs1.canonical import canonical_uri
from schemas.gs1.company_prefix import CompanyPrefixes
from schemas.gs1.recognise import recognise
from schemas.syntax.json_text import Json

Members = dict[str, Json]
_OBJECTS = frozenset(row.name for row in OBJECTS)


def as_12(tree: Members, prefixes: CompanyPrefixes, losses: Losses) -> Members:
    """A copy of the document with every event in the spelling of 1.2; what does not change is shared."""
    return _at(tree, EVENTS_AT.get(str(tree.get("type")), ()), prefixes, losses)


def _at(tree: Members, path: tuple[str, ...], prefixes: CompanyPrefixes, losses: Losses) -> Members:
    if not path:
        return tree
    inner = tree.get(path[0])
    if len(path) > 1:
        return {**tree, path[0]: _at(inner, path[1:], prefixes, losses)} if isinstance(inner, dict) else tree
    if not isinstance(inner, list):
        return tree
    events = [
        _Speller(prefixes, losses.at(index)).members(event, _event_terms(), ()) if isinstance(event, dict) else event
        for index, event in enumerate(inner)
    ]
    return {**tree, path[0]: events}


@cache
def _event_terms() -> Mapping[str, Term]:
    return {row.name: row for event in EVENTS for row in event.terms()}


@cache
def _terms(name: str) -> Mapping[str, Term]:
    return {row.name: row for row in holder(name).terms()}


class _Speller:
    def __init__(self, prefixes: CompanyPrefixes, losses: Losses) -> None:
        self._prefixes = prefixes
        self._losses = losses

    def members(self, members: Members, terms: Mapping[str, Term], path: Path) -> Members:
        return {
            name: self._value(value, terms[name], (*path, name)) if name in terms else value
            for name, value in members.items()
        }

    def _value(self, value: Json, term: Term, path: Path) -> Json:
        if isinstance(value, list):
            return [self._value(item, term, (*path, position)) for position, item in enumerate(value)]
        if isinstance(value, dict):
            return self.members(value, _terms(term.shape), path) if term.shape in _OBJECTS else value
        if not isinstance(value, str):
            return value
        if term.shape in CODE_LISTS and term.shape not in PREFIXED:
            return spell(term.shape, value, "urn")
        return self._identifier(value, path) if term.identifies else value

    def _identifier(self, value: str, path: Path) -> str:
        if value[:4].lower() != "http":
            return value
        try:
            urn = recognise(canonical_uri(value), prefixes=self._prefixes).urn
        except InputError:
            # An ordinary address, or a key that is wrong: neither is a Digital Link.
            return value
        if urn is None:
            self._losses.note("xml12-digital-link", path, value=value[:200])
        return urn or value
