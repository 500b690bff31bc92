"""A document of the JSON-LD model as XML: EPCIS 2.0, or 1.2 as far as it can say the same.

- Captures and query results become the document of that kind; events by themselves become a capture document, for which
  the time of its making is asked (`created`).
- What is written is valid by the official schema of its version wherever the JSON is valid by its own.
- What XML cannot carry is in `losses`, with its code, event and member; everything else reads back as it was.

    write_document(tree, version="1.2").losses[0].code  ->  "xml12-in-extension"

GS1 EPCIS 2.0 sections 9.5 (XML), 10.2 (JSON); EPCIS 1.2 section 9.5.
"""

from dataclasses import dataclass

from lxml import etree

from schemas.epcis.event import Problem, split
from schemas.epcis.xml12 import as_12
from schemas.epcis.xml_binding import EPCIS, QUERY
from schemas.epcis.xml_event_write import write_event
from schemas.epcis.xml_foreign_write import Writing, write_foreign
from schemas.epcis.xml_header_write import PARTIES, write_header, write_vocabularies
from schemas.epcis.xml_layout import Written as XmlVersion
from schemas.epcis.xml_losses import Losses, Path
from schemas.epcis.xml_spaces import Spaces, prefixes_used
from schemas.errors import InputError
from schemas.gs1.company_prefix import NO_PREFIXES, CompanyPrefixes
from schemas.syntax.json_text import Json
from schemas.syntax.xml_text import Element, write

VERSIONS: tuple[XmlVersion, ...] = ("2.0", "1.2")
Members = dict[str, Json]
_KNOWN = frozenset(
    {"@context", "type", "schemaVersion", "creationDate", "epcisHeader", "epcisBody", *PARTIES}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Built:
    """The document, and what of it XML of that version could not carry or carries where few will look."""

    root: Element
    losses: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The same as bytes."""

    data: bytes
    losses: tuple[Problem, ...]


def write_document(
    tree: Json,
    *,
    version: XmlVersion = "2.0",
    prefixes: CompanyPrefixes = NO_PREFIXES,
    created: str | None = None,
) -> Written:
    """The document in `tree` (or the event, or the list of events) as XML, with the options of `build_document`."""
    built = build_document(tree, version=version, prefixes=prefixes, created=created)
    return Written(write(built.root), built.losses)


def build_document(
    tree: Json,
    *,
    version: XmlVersion = "2.0",
    prefixes: CompanyPrefixes = NO_PREFIXES,
    created: str | None = None,
) -> Built:
    """The document as an element.

    `prefixes`: for 1.2, which names things by URN, where a Digital Link leaves the company prefix open. `created`: the
    `creationDate` of a document that has none; without it, `InputError("xml-without-date")`.
    """
    losses = Losses()
    whole = _whole(tree, created)
    if version == "1.2":
        whole = as_12(whole, prefixes, losses)
    return Built(_Writer(version, losses).document(whole), tuple(losses.found))


def _whole(tree: Json, created: str | None) -> Members:
    sent = split(tree)
    whole: Members
    if isinstance(tree, dict) and sent.kind not in ("event", "list"):
        whole = tree
    else:
        whole = {"type": "EPCISDocument", "epcisBody": {"eventList": list(sent.events)}}
    if "creationDate" in whole:
        return whole
    if created is None:
        raise InputError("xml-without-date")
    return {**whole, "creationDate": created}


class _Writer:
    def __init__(self, version: XmlVersion, losses: Losses) -> None:
        self._version = version
        self._losses = losses

    def document(self, tree: Members) -> Element:
        query = tree.get("type") == "EPCISQueryDocument"
        spaces = Spaces(tree.get("@context"))
        for unsaid in spaces.unsaid:
            self._losses.note("xml-loss-context", ("@context",), name=unsaid[:80])
        writing = Writing(spaces, self._losses)
        root = self._root(tree, spaces, query=query)
        root.set("schemaVersion", self._version)
        root.set("creationDate", writing.text(tree["creationDate"], ("creationDate",)))
        if not query:
            write_header(root, tree, writing, version=self._version)
        body = etree.SubElement(root, "EPCISBody")
        content = tree.get("epcisBody")
        content = content if isinstance(content, dict) else {}
        if query:
            self._results(body, content, writing)
        else:
            self._events(body, content.get("eventList"), spaces)
            self._further(body, content, frozenset({"eventList"}), writing, ("epcisBody",))
        self._further(root, tree, _KNOWN, writing, ())
        return root

    def _root(self, tree: Members, spaces: Spaces, *, query: bool) -> Element:
        namespace = (QUERY if query else EPCIS)[self._version]
        name, prefix = ("EPCISQueryDocument", "epcisq") if query else ("EPCISDocument", "epcis")
        used = spaces.given(prefixes_used(tree))
        return etree.Element(f"{{{namespace}}}{name}", nsmap={**used, **spaces.declared(), prefix: namespace})

    def _results(self, body: Element, content: Members, writing: Writing) -> None:
        results = content.get("queryResults")
        results = results if isinstance(results, dict) else {}
        element = etree.SubElement(body, f"{{{QUERY[self._version]}}}QueryResults")
        for name in ("queryName", "subscriptionID"):
            if name in results:
                text = writing.text(results[name], ("epcisBody", "queryResults", name))
                etree.SubElement(element, name).text = text
        inner = results.get("resultsBody")
        inner = inner if isinstance(inner, dict) else {}
        holder = etree.SubElement(element, "resultsBody")
        events, vocabularies = inner.get("eventList"), inner.get("vocabularyList")
        place = ("epcisBody", "queryResults", "resultsBody", "vocabularyList")
        if vocabularies and not events:
            write_vocabularies(holder, vocabularies, writing, place)
        else:
            self._events(holder, events, writing.spaces)
            if vocabularies:
                self._losses.note("xml-loss-structure", place)
        known = frozenset({"queryName", "subscriptionID", "resultsBody"})
        self._further(element, results, known, writing, ("epcisBody", "queryResults"))

    def _events(self, parent: Element, events: Json, spaces: Spaces) -> None:
        wrapper = etree.SubElement(parent, "EventList")
        for index, event in enumerate(events if isinstance(events, list) else ()):
            losses = self._losses.at(index)
            if isinstance(event, dict):
                write_event(wrapper, event, spaces, losses, version=self._version)
            else:
                losses.note("xml-loss-value")

    def _further(self, element: Element, members: Members, known: frozenset[str], writing: Writing, path: Path) -> None:
        for name, value in members.items():
            if name in known:
                continue
            if name == "id":
                self._losses.note("xml-loss-id", (*path, name))
                continue
            found = writing.spaces.split(name)
            if found is None or not found[0]:
                self._losses.note("xml-loss-name", (*path, name), name=name[:80])
            else:
                write_foreign(element, name, value, writing, (*path, name))
