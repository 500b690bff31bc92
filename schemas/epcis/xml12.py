"""A document as EPCIS 1.2 names things: every identifier as an EPC URN.

- A Digital Link becomes the URN of its key where the company prefix is known, since a URN sets it apart. Where it is
  not, or the key has no URN, the Digital Link stays, and that is a loss: a 1.2 reader may not know what it names.
- Standard words need nothing here: bare in the model, they are written as URNs in every XML.

    as_12(tree, CompanyPrefixes(("9521234",)), losses)

EPCIS 1.2 section 6.4, CBV 1.2 section 8; EPC Tag Data Standard 1.13 section 6.
"""

from schemas.epcis.event import EVENTS_AT, Path
from schemas.epcis.places import URI, Places, translate
from schemas.epcis.spelling import spell, spell_uri
from schemas.epcis.xml_losses import Losses
from schemas.gs1.company_prefix import CompanyPrefixes
from schemas.syntax.json_text import Json

Members = dict[str, Json]
_MASTER_DATA = ("epcisHeader", "epcisMasterData")
_VOCABULARIES: Places = {"vocabularyList": {"vocabularyElementList": {"id": URI, "children": URI}}}


def as_12(tree: Members, prefixes: CompanyPrefixes, losses: Losses) -> Members:
    """A copy of the document with every event and vocabulary in the spelling of 1.2; what does not change is shared."""
    spelled = _at(tree, EVENTS_AT.get(str(tree.get("type")), ()), prefixes, losses)
    header = tree.get("epcisHeader")
    master = header.get("epcisMasterData") if isinstance(header, dict) else None
    if not isinstance(header, dict) or not isinstance(master, dict):
        return spelled
    return {**spelled, "epcisHeader": {**header, "epcisMasterData": _named(master, prefixes, losses)}}


def _named(master: Members, prefixes: CompanyPrefixes, losses: Losses) -> Members:
    """The master data with the names of its elements, and of what lies in them, as events have them."""

    def uri(text: str, path: Path) -> str:
        found = spell_uri(text, epc="always_epc_urn", prefixes=prefixes)
        if found.note is not None:
            losses.note(found.note.code, (*_MASTER_DATA, *path), **found.note.context)
        return found.uri

    return dict(translate(master, uri, lambda _, text, __: text, _VOCABULARIES))


def _at(tree: Members, path: tuple[str, ...], prefixes: CompanyPrefixes, losses: Losses) -> Members:
    inner = tree.get(path[0]) if path else None
    if len(path) > 1 and isinstance(inner, dict):
        return {**tree, path[0]: _at(inner, path[1:], prefixes, losses)}
    if len(path) == 1 and isinstance(inner, list):
        return {**tree, path[0]: [_spelled(event, prefixes, losses.at(index)) for index, event in enumerate(inner)]}
    return tree


def _spelled(event: Json, prefixes: CompanyPrefixes, losses: Losses) -> Json:
    if not isinstance(event, dict):
        return event
    spelled = spell(event, epc="always_epc_urn", cbv="never_translates", prefixes=prefixes)
    for note in spelled.notes:
        losses.add(note)
    return spelled.event
