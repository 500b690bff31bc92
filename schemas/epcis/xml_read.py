"""An EPCIS document in XML, read into the document of the JSON-LD model that the JSON path judges.

- Read are the documents of 2.0 and of 1.0 to 1.2: captures, query results, master data; and an event by itself.
- The version is known by the root's namespace. A 1.x document becomes the 2.0 document of the same meaning: what 1.x
  keeps in `extension` stands in its place, and a QuantityEvent is the ObjectEvent that it was replaced by.
- The namespaces in force before the events are the document's `@context`; what an event brings is the event's own.
- What cannot be held is never dropped in silence: `problems` say what is wrong, with event and line, `losses` what is
  right in XML and has no place in JSON.

    document = read_document(data); document.version, len(document.tree["epcisBody"]["eventList"])  ->  ("2.0", 3)

GS1 EPCIS 2.0 sections 9 (XML), 10 (JSON); EPCIS 1.2 section 9.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from schemas.epcis.event import Problem
from schemas.epcis.holders import EVENT_TYPES
from schemas.epcis.xml_binding import EPCIS, MASTER, OWN, QUERY, WRAPPERS, XSI
from schemas.epcis.xml_event import read_event
from schemas.epcis.xml_foreign import add, read_foreign
from schemas.epcis.xml_header import read_header, read_master_data
from schemas.epcis.xml_names import CONTEXT_ADDRESS, Names
from schemas.epcis.xml_values import number
from schemas.errors import InputError
from schemas.syntax.json_text import MAX_DEPTH, Json, check_depth
from schemas.syntax.xml_text import Element, line_of, read, split_name

Version = Literal["2.0", "1.2", "1.1", "1.0"]
Members = dict[str, Json]
_ROOTS: dict[str, Mapping[str, str]] = {
    "EPCISDocument": EPCIS,
    "EPCISQueryDocument": QUERY,
    "EPCISMasterDataDocument": MASTER,
}
_OLD: tuple[Version, ...] = ("1.0", "1.1", "1.2")


@dataclass(frozen=True, slots=True)
class XmlDocument:
    """What was read: the version of the XML, its root's name (`event` for one by itself), the document as JSON says it.

    `problems` make an event (or, with `event` None, the document) unacceptable; `losses` are only to be known.
    """

    version: Version
    kind: str
    tree: Members
    problems: tuple[Problem, ...] = ()
    losses: tuple[Problem, ...] = ()


def read_document(data: bytes) -> XmlDocument:
    """The document in `data`.

    Raises `InputError`: what `xml_text.read` raises, `xml-not-epcis` (another root), `xml-without-body`,
    `xml-not-results` (a query document that is no answer) and `json-too-deep`.
    """
    root = read(data)
    reader = _Reader(_version(root))
    document = reader.document(root)
    check_depth(document.tree, MAX_DEPTH)
    return document


def _version(root: Element) -> Version:
    space, local = split_name(str(root.tag))
    spaces = _ROOTS.get(local, EPCIS if local in EVENT_TYPES else {})
    said = root.get("schemaVersion", "").strip()
    found: Version | None = next((version for version in _OLD if version == said), None)
    if space == spaces.get("2.0"):
        return "2.0"
    if space == spaces.get("1.2"):
        return found or "1.2"
    if local in EVENT_TYPES and not space:
        return found or "2.0"
    raise InputError("xml-not-epcis", name=local[:80], namespace=space[:200], line=line_of(root))


class _Reader:
    def __init__(self, version: Version) -> None:
        self._version = version
        self._names = Names()
        self._problems: list[Problem] = []
        self._losses: list[Problem] = []

    def document(self, root: Element) -> XmlDocument:
        kind = split_name(str(root.tag))[1]
        if kind not in _ROOTS:
            tree, problems = read_event(root, self._names)
            own = tree.pop("@context", {})
            context: Json = [CONTEXT_ADDRESS, own] if own else CONTEXT_ADDRESS
            return XmlDocument(self._version, "event", {"@context": context, **tree}, tuple(problems))
        events = _event_list(root)
        self._names.declare((root if events is None else events).nsmap)
        tree = self._whole(root, kind)
        prefixes = self._names.context()
        tree["@context"] = [CONTEXT_ADDRESS, prefixes] if prefixes else CONTEXT_ADDRESS
        return XmlDocument(self._version, kind, tree, tuple(self._problems), tuple(self._losses))

    def _whole(self, root: Element, kind: str) -> Members:
        said = {name: root.get(name, "").strip() for name in ("schemaVersion", "creationDate") if root.get(name)}
        if self._version != "2.0" and said:
            said["schemaVersion"] = "2.0"
        json_kind = "EPCISQueryDocument" if kind == "EPCISQueryDocument" else "EPCISDocument"
        tree: Members = {"@context": None, "type": json_kind, **said}
        self._attributes(root, tree, ("schemaVersion", "creationDate"))
        body: Members | None = {"queryResults": {}} if _results_at_root(root) else None
        for child in self._unwrapped(root):
            space, local = split_name(str(child.tag))
            if space in OWN and local == "EPCISHeader":
                self._header(child, tree, json_kind)
            elif space in OWN and local == "EPCISBody":
                body = self._body(child, kind, tree)
            elif body is not None and space in OWN and local in _RESULTS:
                self._result(child, body["queryResults"])
            else:
                self._further(child, tree)
        if body is None:
            raise InputError("xml-without-body", line=line_of(root))
        tree["epcisBody"] = body
        return tree

    def _header(self, element: Element, tree: Members, kind: str) -> None:
        # KNOWN LIMIT: the JSON query document has no header, and capture keeps no master data yet.
        if kind == "EPCISDocument":
            read_header(element, tree, self._names, self._complain)
        else:
            self._lose("xml-loss-header", element)

    def _body(self, element: Element, kind: str, tree: Members) -> Members:
        body: Members = {}
        self._attributes(element, body)
        if kind == "EPCISMasterDataDocument":
            header = tree.setdefault("epcisHeader", {})
            if isinstance(header, dict):
                header["epcisMasterData"] = read_master_data(element, self._names, self._complain)
            return {"eventList": []}
        for child in self._unwrapped(element):
            space, local = split_name(str(child.tag))
            if space in OWN and local == "EventList":
                body["eventList"] = self._events(child)
            elif kind == "EPCISQueryDocument" and space in OWN:
                body["queryResults"] = self._results(child)
            else:
                self._further(child, body)
        if kind == "EPCISDocument":
            # XML may leave out an empty list.
            body.setdefault("eventList", [])
        return body

    def _results(self, element: Element) -> Json:
        local = split_name(str(element.tag))[1]
        if local != "QueryResults":
            raise InputError("xml-not-results", name=local, line=line_of(element))
        results: Members = {}
        self._attributes(element, results)
        for child in self._unwrapped(element):
            self._result(child, results)
        return results

    def _result(self, child: Element, results: Json) -> None:
        if not isinstance(results, dict):
            return
        space, local = split_name(str(child.tag))
        if space in OWN and local == "resultsBody":
            results["resultsBody"] = self._results_body(child)
        elif space in OWN and local in ("queryName", "subscriptionID"):
            results[local] = (child.text or "").strip()
        else:
            self._further(child, results)

    def _results_body(self, element: Element) -> Json:
        body: Members = {}
        for child in element:
            space, local = split_name(str(child.tag))
            if space in OWN and local == "EventList":
                body["eventList"] = self._events(child)
            elif space in OWN and local == "VocabularyList":
                master = read_master_data(element, self._names, self._complain)
                # JSON demands the list of events even where the answer has none.
                body = {"eventList": [], **(master if isinstance(master, dict) else {})}
            else:
                self._complain("xml-unexpected-element", child, name=local)
        return body

    def _events(self, element: Element) -> Json:
        self._no_attributes(element)
        events: list[Json] = []
        for child in self._unwrapped(element):
            event, problems = read_event(child, self._names, len(events))
            self._problems += problems
            if event["type"] == "QuantityEvent" and self._version != "2.0":
                event = _object_event(event)
                self._lose("xml-loss-quantity-event", child, len(events))
            events.append(event)
        return events

    def _unwrapped(self, element: Element) -> Iterator[Element]:
        """The child elements, those inside an `extension` too."""
        for child in element:
            space, local = split_name(str(child.tag))
            if space in OWN and local in WRAPPERS:
                self._no_attributes(child)
                yield from self._unwrapped(child)
            else:
                yield child

    def _further(self, element: Element, into: Members) -> None:
        """An element around the events that is not EPCIS's; one that claims to be is none of its members."""
        space, local = split_name(str(element.tag))
        if space in OWN:
            self._complain("xml-unexpected-element", element, name=local)
        else:
            add(into, self._names.member(str(element.tag), element), read_foreign(element, self._names, self._complain))

    def _attributes(self, element: Element, into: Members, known: tuple[str, ...] = ()) -> None:
        for name, text in element.attrib.items():
            if split_name(str(name))[0] != XSI and name not in known:
                add(into, self._names.member(str(name), element), str(text))

    def _no_attributes(self, element: Element) -> None:
        for name in element.attrib:
            space, local = split_name(str(name))
            if space != XSI:
                self._complain("xml-unexpected-attribute", element, name=local)

    def _complain(self, code: str, element: Element, **context: Any) -> None:
        inside = split_name(str(element.tag))[1]
        self._problems.append(Problem(code, None, "", {"inside": inside, **context, "line": line_of(element)}))

    def _lose(self, code: str, element: Element, event: int | None = None) -> None:
        self._losses.append(Problem(code, event, "", {"member": "/", "line": line_of(element)}))


# A draft of the query schema, and documents made by it, have the results right below the root.
_RESULTS = frozenset({"queryName", "subscriptionID", "resultsBody"})


def _results_at_root(root: Element) -> bool:
    tag = split_name(str(root.tag))[1]
    return tag == "EPCISQueryDocument" and any(split_name(str(child.tag)) == ("", "resultsBody") for child in root)


def _event_list(root: Element) -> Element | None:
    return next(iter(root.iter("EventList")), None)


def _object_event(event: Members) -> Members:
    """What EPCIS 1.1 says of its own QuantityEvent: an ObjectEvent without EPCs and with one quantity."""
    quantity = number(str(event.get("quantity", "")).strip())
    element: Members = {"epcClass": str(event.get("epcClass", "")).strip(), "quantity": quantity}
    kept = {name: value for name, value in event.items() if name not in ("epcClass", "quantity")}
    return {**kept, "type": "ObjectEvent", "action": "OBSERVE", "epcList": [], "quantityList": [element]}
