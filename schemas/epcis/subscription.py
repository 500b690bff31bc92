"""What a client asks for when it subscribes to a named query: where the events go, and when.

- Webhook, a JSON object: `dest`, and either `"stream": true` or a `schedule`; optionally `signatureToken`,
  `reportIfEmpty`, `initialRecordTime`. The contract demands a member `secret` and describes it as `signatureToken`:
  both names are read.
- WebSocket, parameters of a URL: `stream=true`, or the fields of a schedule; `reportIfEmpty`, `initialRecordTime`, and
  our own `subscriptionID`, by which a client that comes back goes on where it acknowledged.
- Unknown members are refused: a misspelt `reportifempty` would otherwise be a silence nobody explains.

    parse_subscription({"dest": "https://erp.example.org/events", "stream": True}).stream  ->  True

GS1 EPCIS 2.0 sections 8.2.5 and 12.7 (subscribe), its OpenAPI `/queries/{queryName}/subscriptions`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from schemas.epcis.instant import instant, microseconds
from schemas.epcis.schedule import FIELDS, Schedule, parse_schedule
from schemas.errors import InputError

LONGEST_TOKEN = 512
LONGEST_ID = 128
_TOKENS = ("signatureToken", "secret")
_MEMBERS = ("dest", *_TOKENS, "stream", "schedule", "reportIfEmpty", "initialRecordTime")
# Parameters of the WebSocket's URL that say how to deliver; whatever else stands there is not for this module.
PARAMETERS = (*FIELDS, "stream", "reportIfEmpty", "initialRecordTime", "subscriptionID")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A subscription as asked for. `schedule` None is a stream; times are aware; `dest` None is a WebSocket."""

    dest: str | None
    schedule: Schedule | None
    report_if_empty: bool = False
    initial_record_time: datetime | None = None
    token: str | None = field(default=None, repr=False)
    subscription_id: str | None = None

    @property
    def stream(self) -> bool:
        """Whether events are delivered as they are captured."""
        return self.schedule is None


def parse_subscription(tree: object) -> Wanted:
    """A webhook from its JSON object; `InputError`: `subscription-…`, and those of `parse_schedule`."""
    if not isinstance(tree, Mapping):
        raise InputError("subscription-value", name="", expected="an object", value=_shown(tree))
    for name in tree:
        if name not in _MEMBERS:
            raise InputError("subscription-member", name=name, known=", ".join(_MEMBERS))
    # Generated clients write a member they leave out as null.
    tree = {name: value for name, value in tree.items() if value is not None}
    dest = tree.get("dest")
    if dest is None:
        raise InputError("subscription-member-missing", name="dest")
    if not isinstance(dest, str):
        raise InputError("subscription-value", name="dest", expected="a text", value=_shown(dest))
    schedule = tree.get("schedule")
    if schedule is not None and not isinstance(schedule, Mapping):
        raise InputError("subscription-value", name="schedule", expected="an object", value=_shown(schedule))
    stream = _flag("stream", tree.get("stream", False))
    return Wanted(
        dest,
        _when(stream, schedule),
        _flag("reportIfEmpty", tree.get("reportIfEmpty", False)),
        _time(tree.get("initialRecordTime")),
        _token([tree[name] for name in _TOKENS if name in tree]),
    )


def parse_parameters(parameters: Mapping[str, Sequence[str]]) -> Wanted:
    """A WebSocket from the parameters of its URL named in `PARAMETERS`; `InputError` as above."""
    said: dict[str, str] = {}
    for name, values in parameters.items():
        if name not in PARAMETERS:
            raise InputError("subscription-member", name=name, known=", ".join(PARAMETERS))
        if len(values) != 1:
            raise InputError("subscription-value", name=name, expected="a text", value=_shown(list(values)))
        said[name] = values[0]
    flags = {"true": True, "false": False}
    stream = _flag("stream", flags.get(said.get("stream", "false"), said.get("stream")))
    fields = {name: said[name] for name in FIELDS if name in said}
    empty = _flag("reportIfEmpty", flags.get(said.get("reportIfEmpty", "false"), said.get("reportIfEmpty")))
    known_as = said.get("subscriptionID")
    if known_as is not None and not (0 < len(known_as) <= LONGEST_ID and known_as.isascii() and known_as.isprintable()):
        raise InputError("subscription-value", name="subscriptionID", expected="a text", value=_shown(known_as))
    when = _when(stream, fields or None)
    return Wanted(None, when, empty, _time(said.get("initialRecordTime")), subscription_id=known_as)


def _when(stream: bool, schedule: Mapping[str, object] | None) -> Schedule | None:
    if stream == (schedule is not None):
        raise InputError("subscription-when")
    return None if schedule is None else parse_schedule(MappingProxyType(dict(schedule)))


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise InputError("subscription-value", name=name, expected="true or false", value=_shown(value))
    return value


def _time(value: object) -> datetime | None:
    if value is None:
        return None
    at = microseconds(value) if isinstance(value, str) else None
    try:
        if at is not None:
            return instant(at)
    except OverflowError:  # in UTC before the first year, or after the last
        pass
    raise InputError(
        "subscription-value", name="initialRecordTime", expected="a time with its zone", value=_shown(value)
    )


def _token(given: Sequence[object]) -> str | None:
    if not given:
        return None
    token = given[0]
    if any(other != token for other in given) or not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN:
        raise InputError("subscription-token", limit=LONGEST_TOKEN)
    return token


def _shown(value: object) -> str:
    return str(value)[:64]
