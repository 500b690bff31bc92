"""A buyer's rules put on the events of an EPCIS document: what is changed, what is missing, what is left out.

- Changed is only how a thing is said: a time in another zone and precision, an event named by its entry. That name is
  `urn:uuid` of the entry's leaf hash (a UUID of version 8): one entry, one name, whoever may see how much of it.
- Missing is what the buyer demands and the event does not say; a declaration of an error that names no event; a prefix
  that no context explains; a transformation in two parts without the identifier that joins them.
- Left out, and reported, are members that the buyer does not take, and digits of a time beyond milliseconds.

    applied(rules(profile.options), event, members)["eventTime"]  ->  "2026-07-14T04:00:00.000Z"

FORMATS 2.1; RFC 9562 section 5.8 (UUIDs of one's own making).
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from exporters.facts.history import Event
from exporters.format import Loss, Missing, Who
from exporters.profiles.rules import EVERY, Rules
from schemas.epcis.holders import EVENTS, OBJECTS
from schemas.epcis.instant import instant, microseconds
from schemas.epcis.member_order import in_order
from schemas.epcis.namespaces import namespaces, prefix_of
from schemas.epcis.terms import PREFIXES
from schemas.epcis.xml_binding import NOT_ELEMENTS
from schemas.epcis.xml_layout import members as standard_members
from schemas.syntax.json_text import Json

Members = dict[str, Json]
_TIMES = frozenset(row.name for held in (*EVENTS, *OBJECTS) for row in held.terms() if row.shape == "time")
_FREE = frozenset({"ilmd"})
_INPUTS, _OUTPUTS = ("inputEPCList", "inputQuantityList"), ("outputEPCList", "outputQuantityList")
_PARTS = 16  # bytes of a UUID


def applied(rules: Rules, event: Event, members: Members) -> Members:
    """The members of one event as the buyer wants them."""
    if rules.event_ids and "eventID" not in members and "errorDeclaration" not in members:
        members = in_order({**members, "eventID": entry_id(event.leaf)})
    members = {name: value for name, value in members.items() if name not in rules.without}
    return _timed(members) if rules.times else members


def entry_id(leaf: bytes) -> str:
    """The name of an event that has none, from the leaf hash of its entry."""
    raw = bytearray(leaf[:_PARTS])
    raw[6] = 0x80 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    return f"urn:uuid:{UUID(bytes=bytes(raw))}"


def milliseconds(text: str) -> str:
    """A time as `yyyy-MM-ddTHH:mm:ss.SSSZ`, finer digits cut off; what is no time as it is."""
    at = microseconds(text)
    return text if at is None else instant(at).isoformat("T", "milliseconds").replace("+00:00", "Z")


def _timed(members: Mapping[str, Json]) -> Members:
    """Every time that EPCIS defines, at any depth; those of extensions are whose they are."""
    return {name: _retold(name, value) for name, value in members.items()}


def _retold(name: str, value: Json) -> Json:
    if isinstance(value, str) and name in _TIMES:
        return milliseconds(value)
    if name in _FREE or ":" in name:
        return value
    if isinstance(value, dict):
        return _timed(value)
    return [_retold(name, item) for item in value] if isinstance(value, list) else value


def missing(rules: Rules, event: Event, members: Members, context: Json) -> Iterator[Missing]:
    """What the buyer demands and this event, as `applied` left it, does not say. `context`: that of its document."""
    kind = str(members.get("type"))
    for name in (*rules.mandatory.get(EVERY, ()), *rules.mandatory.get(kind, ())):
        if not members.get(name):
            # A declaration says the name of what it means; that it does not is the doing of whoever hid it.
            who: Who = "holder" if name == "eventID" and rules.event_ids else "recorder"
            yield Missing(name, event.about, who, event.index)
    other = _other_part(event.content)
    if other and "transformationID" not in members:
        joining = other if "transformationID" in rules.without else "transformationID"
        yield Missing(joining, event.about, "recorder", event.index)
    if rules.namespaces:
        known = namespaces(context) | namespaces(members.get("@context"))
        for name in dict.fromkeys(_undeclared(members, kind, known)):
            yield Missing(f"@context: {name}", event.about, "recorder", event.index)


def _other_part(content: Mapping[str, Any]) -> str:
    """Of a transformation that says only what went in, or only what came out, the member that would say the other."""
    if content.get("type") != "TransformationEvent":
        return ""
    used, made = (any(map(content.get, part)) for part in (_INPUTS, _OUTPUTS))
    return "" if used == made else _OUTPUTS[1] if used else _INPUTS[1]


def _undeclared(members: Mapping[str, Any], kind: str, known: Mapping[str, str]) -> Iterator[str]:
    """Names of extensions that say no namespace, of the event and in its ILMD."""
    standard = {*standard_members(kind), *NOT_ELEMENTS}
    ilmd = members.get("ilmd")
    for name in (*(name for name in members if name not in standard), *(ilmd if isinstance(ilmd, Mapping) else ())):
        prefix = prefix_of(name)
        explained = prefix in known or prefix in PREFIXES if prefix else ":" in name or name in known
        if not explained:
            yield name


def losses(rules: Rules, event: Event) -> Iterator[Loss]:
    """What the buyer's rules leave out of this event."""
    for name in rules.without:
        if name in event.content:
            yield Loss("profile-loss-member", event.index, {"name": name})
    if rules.times:
        for text in _times(event.content):
            at = microseconds(text)
            if at is not None and at % 1000:
                yield Loss("profile-loss-time", event.index, {"value": text[:40]})


def _times(members: Mapping[str, Any]) -> Iterator[str]:
    for name, value in members.items():
        if isinstance(value, str) and name in _TIMES:
            yield value
        elif name not in _FREE and ":" not in name:
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, Mapping):
                    yield from _times(item)
