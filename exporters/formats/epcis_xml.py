"""EPCIS in XML: 2.0, and 1.2 for those who have not moved, with identifiers as URNs.

- Both spell the document of `epcis_document.py`; what XML cannot carry, and what 1.2 has no place or no URN for, is a
  loss with the entry it is in. The company prefixes that a URN sets apart are those in the profiles of the members
  whom the bundle brings, and in the master data of the parties that its events name.
- Master data in 1.2 stands in a business header, which names a sender and a receiver: who signed the first event of
  the lot, and the one party that the lot was sent to. Where there is none, or several, the sender receives it.
- The claim is an element of our own at the end, where both schemas take anybody's.

    FORMATS[1].name  ->  "epcis12-xml"

GS1 EPCIS 2.0 section 9, EPCIS 1.2 section 9; FORMATS 2.1.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha256
from typing import Any

from exporters.facts.history import Event, Facts
from exporters.files.own_element import OwnElement
from exporters.files.xml_file import XmlFile
from exporters.format import Format, Loss, Missing, Paper
from exporters.formats.epcis_document import NEEDS, document, events, losses, missing
from exporters.profiles.rules import rules
from ledger.licences import prefixes_said
from schemas.epcis.spelling import spell_uri
from schemas.epcis.xml_layout import Written as XmlVersion
from schemas.epcis.xml_write import Built, build_document
from schemas.gs1.company_prefix import CompanyPrefixes
from schemas.syntax.json_text import Json, canonical
from schemas.syntax.xml_text import Element

KIND = XmlFile(OwnElement("EPCISDocument"))
_PREFIX_UNKNOWN = "epcis-prefix-unknown"
_PARTY = "https://id.gs1.org/417/"


def _built(version: XmlVersion, paper: Paper) -> Built:
    tree, known = document(paper), prefixes(paper)
    tree["epcisBody"] = {"eventList": list(tree["epcisBody"]["eventList"])}
    if version == "1.2" and "epcisHeader" in tree:
        tree |= _sent(paper, known, tree)
    return build_document(tree, version=version, prefixes=known)


def _content(version: XmlVersion, paper: Paper) -> Element:
    return _built(version, paper).root


def _losses(version: XmlVersion, paper: Paper) -> Iterator[Loss]:
    yield from losses(paper)
    listed = events(paper)
    for loss in _built(version, paper).losses:
        # Said in the words of an export: prefixes come from what was recorded, not from an option.
        code = _PREFIX_UNKNOWN if loss.code == "spelling-prefix-unknown" else loss.code
        yield Loss(code, None if loss.event is None else listed[loss.event].index, loss.context)


def _missing(version: XmlVersion, paper: Paper) -> Iterator[Missing]:
    """What the document misses; and where a buyer takes nothing but URNs, the prefix of what has none."""
    yield from missing(paper)
    if rules(paper.profile.options).urns:
        for loss in _losses(version, paper):
            if loss.code == _PREFIX_UNKNOWN:
                yield Missing("companyPrefix", str(loss.context["value"]), "master", loss.index)
            elif _has_no_urn(loss):
                yield Missing("urn", str(loss.context["value"]), "recorder", loss.index)


def _has_no_urn(loss: Loss) -> bool:
    """Whether an identifier stayed a Digital Link: its key has no EPC scheme, or is wrong."""
    link = str(loss.context.get("value", "")).startswith("http")
    return link and loss.code != "spelling-part-lost" and not loss.code.startswith(("xml", "profile"))


def prefixes(paper: Paper) -> CompanyPrefixes:
    """The company prefixes of every member whose profile the bundles bring, and of the parties in the events."""
    told = (said for facts in paper.facts for said in (*facts.members.values(), *_parties(facts)))
    return CompanyPrefixes(tuple(dict.fromkeys(prefix for said in told for prefix in prefixes_said(said))))


def _parties(facts: Facts) -> Iterator[Mapping[str, Any]]:
    """What is said of who had and got the goods, and of whose the places are that are named as such."""
    for event in facts.events:
        for _, uri in (*event.step.sources, *event.step.destinations):
            owner = facts.masters.site(uri, event.at, event.member).get("party")
            for name in (uri, *([owner] if isinstance(owner, str) else [])):
                yield facts.masters.party(name, event.at, event.member)


def _sent(paper: Paper, known: CompanyPrefixes, tree: dict[str, Json]) -> dict[str, Json]:
    """Sender, receiver and identifier. The identifier is a digest of what is sent: the same for the same."""
    sender, receivers = _sender(paper), set(_receivers(paper))
    receiver = receivers.pop() if len(receivers) == 1 else sender
    digest = sha256(canonical(tree)).hexdigest()
    return {
        "sender": spell_uri(sender, epc="always_epc_urn", prefixes=known).uri,
        "receiver": spell_uri(receiver, epc="always_epc_urn", prefixes=known).uri,
        "instanceIdentifier": f"ni:///sha-256;{digest}",
    }


def _sender(paper: Paper) -> str:
    facts = paper.facts[0]
    first = next(iter(_of_the_lot(facts)), None)
    if first is None:
        return f"https://{facts.origin}"
    gln = facts.members.get(first.member, {}).get("gln")
    return _PARTY + gln if isinstance(gln, str) else first.member


def _receivers(paper: Paper) -> Iterator[str]:
    """To whom the lots were shipped, by those who did."""
    for facts in paper.facts:
        for event in _of_the_lot(facts):
            if event.step.biz_step == "shipping":
                yield from (uri for kind, uri in event.step.destinations if kind == "owning_party")


def _of_the_lot(facts: Facts) -> list[Event]:
    """The events that name the lot itself; all where none does."""
    named = [event for event in facts.standing if any(flow.uri == facts.subject for flow in event.step.flows)]
    return named or list(facts.standing)


def _format(name: str, version: XmlVersion, validator: str) -> Format[Element]:
    return Format(
        name,
        KIND,
        "application/xml",
        "xml",
        direction="both",
        asked_by=f"asked-{name}",
        validator=validator,
        content=partial(_content, version),
        needs=NEEDS,
        missing=partial(_missing, version),
        losses=partial(_losses, version),
    )


FORMATS = (_format("epcis-xml", "2.0", "XSD 2.0"), _format("epcis12-xml", "1.2", "XSD 1.2"))
