"""The contract as a table: each path of the standard with its methods, what each asks of access, and who answers it.

- A path is matched on its raw segments, before percent-decoding: an identifier is one segment however many slashes it
  holds when decoded. Identifiers sent with bare slashes are accepted where only one reading is possible.
- The same paths answer below `/epcis` and `/epcis/v2_0`; the first segment is read without regard to case, since
  clients in use write `/Capture`.
- `OPTIONS` is answered from the table: `Allow` and the headers of discovery. `HEAD` is `GET` without its body.
- Every operation asks access before anything of the request is looked at.

*Resource*: one path. *Operation*: one method of it. *Exchange*: one request, with all that was found out about it.

    Resource("/capture/{captureID}", {"GET": Operation("capture", job)})

GS1 EPCIS 2.0 section 12; REST Bindings openapi.json; RFC 9110 section 9.3.7 (OPTIONS).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from api.access import Access, Caller
from api.epcis.headers import Terms
from api.jobs import Jobs
from api.settings import Settings
from ledger.audience import Audience
from ledger.node import Node
from schemas.errors import InputError
from schemas.wording import Language

PREFIXES = ("/epcis/v2_0", "/epcis")
DISCOVER = "describe"
"""What the list of resources and the `OPTIONS` of a path without variables ask: they show nothing of the ledger."""


class Served(Protocol):
    """What a server keeps for its rooms: `request.app.state.filiera`."""

    @property
    def node(self) -> Node:
        """The opened ledger."""
        ...

    @property
    def settings(self) -> Settings:
        """The operator's choices."""
        ...

    @property
    def access(self) -> Access:
        """Who may do what."""
        ...

    @property
    def jobs(self) -> Jobs:
        """What is done later."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request under `/epcis`: who asks, what they may see, what was agreed; `path` is the contract's, `values`
    those of its variables."""

    request: Request
    served: Served
    caller: Caller
    audience: Audience
    terms: Terms
    language: Language
    prefix: str
    path: str
    values: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def node(self) -> Node:
        """The opened ledger."""
        return self.served.node

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The query string: name -> its values, in the order they were sent."""
        found: dict[str, list[str]] = {}
        for name, value in self.request.query_params.multi_items():
            found.setdefault(name, []).append(value)
        return found

    @property
    def accept(self) -> str | None:
        """The forms the client wants."""
        return self.request.headers.get("accept")

    def now(self) -> int:
        """The node's clock in microseconds since 1970."""
        return int(self.node.clock() * 1_000_000)

    def url(self, path: str) -> str:
        """The address of a path of the contract, as this client reaches it."""
        base = self.served.settings.base_url or f"{self.request.url.scheme}://{self.request.url.netloc}"
        return f"{base.rstrip('/')}{self.prefix}{path}"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of a path: what it asks of access, who answers; `body`: it takes one."""

    verb: str
    answer: Callable[[Exchange], Response]
    body: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """One path of the contract. `discovery`: headers of its `OPTIONS` beside the usual; `there`: raises the 404 of what
    its path names; `socket`: answers a WebSocket there."""

    path: str
    operations: Mapping[str, Operation]
    discovery: Callable[[Served], Mapping[str, str]] = lambda served: {}
    there: Callable[[Exchange], None] | None = None
    socket: Any = None

    @property
    def allow(self) -> str:
        """The methods, as the header `Allow` lists them."""
        return ", ".join(["OPTIONS", *self.operations])

    @property
    def segments(self) -> tuple[str, ...]:
        """The path, segment by segment."""
        return tuple(self.path.strip("/").split("/")) if self.path != "/" else ()


@dataclass(frozen=True, slots=True)
class Found:
    """Where a path leads: the resource, the values of its variables, and the prefix it was asked under."""

    resource: Resource
    values: Mapping[str, str]
    prefix: str


def find(resources: tuple[Resource, ...], raw_path: str) -> Found | None:
    """The resource that a raw path (still percent-encoded) names; None where the contract has none.

    `InputError("path-encoding")` where a segment is not percent-encoded UTF-8.
    """
    for prefix in PREFIXES:
        if raw_path == prefix or raw_path.startswith(prefix + "/"):
            segments = raw_path[len(prefix) :].split("/")[1:]
            segments = segments[:-1] if segments and segments[-1] == "" else segments
            found = _exact(resources, segments) or _loose(resources, segments)
            return None if found is None else Found(found[0], _decoded(found[1]), prefix)
    return None


def _exact(resources: tuple[Resource, ...], segments: list[str]) -> tuple[Resource, dict[str, str]] | None:
    for resource in resources:
        pattern = resource.segments
        if len(pattern) == len(segments) and all(
            _variable(wanted) or _same(wanted, given, first=not place)
            for place, (wanted, given) in enumerate(zip(pattern, segments, strict=True))
        ):
            return resource, {name[1:-1]: segments[place] for place, name in enumerate(pattern) if _variable(name)}
    return None


def _loose(resources: tuple[Resource, ...], segments: list[str]) -> tuple[Resource, dict[str, str]] | None:
    """An identifier sent with bare slashes: `/epcs/https://id.gs1.org/01/…/events`. Longest ending first."""
    for resource in sorted(resources, key=lambda each: -len(each.segments)):
        pattern = resource.segments
        if len(pattern) not in (2, 3) or not _variable(pattern[1]) or len(segments) <= len(pattern):
            continue
        tail = pattern[2:]
        if _same(pattern[0], segments[0], first=True) and tuple(segments[len(segments) - len(tail) :]) == tail:
            return resource, {pattern[1][1:-1]: "/".join(segments[1 : len(segments) - len(tail)])}
    return None


def _variable(segment: str) -> bool:
    return segment.startswith("{")


def _same(wanted: str, given: str, *, first: bool) -> bool:
    return wanted == given or (first and wanted.lower() == given.lower())


def _decoded(values: Mapping[str, str]) -> dict[str, str]:
    try:
        return {name: unquote(value, errors="strict") for name, value in values.items()}
    except UnicodeDecodeError:
        raise InputError("path-encoding") from None
