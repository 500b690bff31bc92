"""What one buyer asks of EPCIS documents, as a profile's file says it: read once, refused where it says something else.

    format = "epcis-json"
    [options]
    times = "milliseconds"            # every time as yyyy-MM-ddTHH:mm:ss.SSSZ
    event_ids = "entry"               # an event without eventID is named by its entry
    namespaces = "declared"           # every prefix of an extension is explained by a context
    urns = "required"                 # in 1.2: no identifier that stays a Digital Link
    without = ["transformationID"]    # members that the buyer does not take
    [options.mandatory]
    every = ["eventID"]               # of every event
    ObjectEvent = ["bizStep"]         # of those of a type

    rules(profile.options).mandatory["ObjectEvent"]

FORMATS 2.1 (what a large retailer asks beyond the standard).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from exporters.profiles.options import one_of, unknown
from schemas.epcis.holders import EVENT_TYPES, EVENTS

EVERY = "every"
_CHOICES: Mapping[str, str] = MappingProxyType(
    {"times": "milliseconds", "event_ids": "entry", "namespaces": "declared", "urns": "required"}
)
_MEMBERS = frozenset(name for event in EVENTS for name in event.members)


@dataclass(frozen=True, slots=True)
class Rules:
    """One profile's. What it does not say is as the standard has it."""

    times: str = ""
    event_ids: str = ""
    namespaces: str = ""
    urns: str = ""
    without: tuple[str, ...] = ()
    mandatory: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def rules(options: Mapping[str, Any]) -> Rules:
    """The rules of a profile; `InputError("profile-option")` for one that is not known, or a value that it has not."""
    read: dict[str, Any] = {}
    for name, value in options.items():
        if name in _CHOICES:
            read[name] = one_of(name, value, (_CHOICES[name],))
        elif name == "without":
            read[name] = _members(name, value)
        elif name == "mandatory" and isinstance(value, Mapping):
            read[name] = {_type(kind): _members(f"mandatory.{kind}", listed) for kind, listed in value.items()}
        else:
            raise unknown(name, name, (*_CHOICES, "without", "mandatory"))
    return Rules(**read)


def _type(kind: str) -> str:
    return one_of("mandatory", kind, (EVERY, *sorted(EVENT_TYPES)))


def _members(option: str, listed: Any) -> tuple[str, ...]:
    if not isinstance(listed, list):
        raise unknown(option, listed, sorted(_MEMBERS))
    return tuple(one_of(option, name, sorted(_MEMBERS)) for name in listed)
