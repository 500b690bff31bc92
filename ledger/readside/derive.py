"""One entry with its disclosures -> what the read side says of it; pure (ARCHITECTURE.md 2, rule 7).

- Who follows the log and `rebuild` both go through here: judged outside the transaction, written inside by `refresh`.
- Content that is judged wrong is kept out of the events and stands as findings (3.4). The graph holds it all the
  same, for a verifier who reads the bundle sees what it names. What is only odd (`schemas.epcis.warnings`) stands as
  findings too, and stays among the events.
- Content is judged by the binding its record says it came in, as it was at capture.
- Keys and n of objects come from `record.lots`; an object named only there is known too.
- Master data is judged as it is where it is added; what is judged wrong stands as findings and holds nowhere.
- Content with hidden members (erased) is not judged: what is missing would look wrong.
  KNOWN LIMIT: what was kept out before a part of it was erased is kept out no more.
- An `eventID` that was not sent is derived (CBV 2.0 event hash) and kept with the algorithm's revision (3.1).

    derived = derive(7, entry)        # entry: ledger.entry.parse.Entry with its disclosures
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as altered
from functools import cache
from typing import Any

from ledger.capture.judge import judge
from ledger.capture.limits import event_id_problems
from ledger.entry.claims import Claims, digest
from ledger.entry.parse import Entry
from ledger.entry.record import record_lots
from ledger.entry.shown import plain
from ledger.lots.master import Version
from ledger.lots.movement import movement
from ledger.lots.products import COUNTED_BY
from ledger.lots.step import Step, step
from ledger.readside import facts
from ledger.readside.mixing import ROLE_OF
from ledger.store import master
from ledger.store.attached import entry_subject
from ledger.store.duplicates import content_digest, event_id_digest
from ledger.store.events import EventRow
from ledger.store.findings import Finding
from ledger.store.master import MasterRow
from ledger.store.objects import ObjectUse
from schemas.epcis.binding import Binding, binding
from schemas.epcis.event import Problem
from schemas.epcis.warnings import warnings
from schemas.errors import InputError, LedgerError
from schemas.gs1.canonical import canonical_uri, keepable
from schemas.master.judge import problems
from schemas.master.terms import KINDS
from schemas.master.validity import is_moment
from schemas.syntax import json_text

EVENT_KINDS = frozenset(("event", "correction"))
MASTER_KIND = "master"
DOCUMENT_KIND = "document"
MOST_ABOUT = 100
MOST_FINDINGS = 100
"""Of one entry: a record that is wrong everywhere needs no longer list."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What tells a repeat: digests of (member, content) and, where an eventID was sent, of (member, eventID)."""

    content: bytes
    event_id: bytes | None

    @property
    def digests(self) -> tuple[bytes, ...]:
        """Those there are."""
        return (self.content,) if self.event_id is None else (self.content, self.event_id)


@dataclass(frozen=True, slots=True)
class Derived:
    """All rows of one entry, which `member` signed. `event` is None where there is none or it is kept out; `signed`: by
    a member's own key, so that a repeat stands as a finding instead of having been answered."""

    index: int
    event: EventRow | None = None
    step: Step | None = None
    uses: tuple[ObjectUse, ...] = ()
    findings: tuple[Finding, ...] = ()
    seen: Seen | None = None
    signed: bool = True
    master: MasterRow | None = None
    about: tuple[str, ...] = ()
    member: str = ""


def derive(index: int, entry: Entry, *, signed: bool = True) -> Derived:
    """What the read side says of a private entry at `index`; `signed` False where the gateway signed for a member."""
    return altered(_derive(index, entry, signed), member=entry.claims.iss)


def _derive(index: int, entry: Entry, signed: bool) -> Derived:
    if entry.claims.kind == MASTER_KIND and entry.content is not None:
        return _stated(index, entry, signed=signed)
    if entry.claims.kind not in EVENT_KINDS or entry.content is None:
        about = tuple(documented(entry.content)) if entry.claims.kind == DOCUMENT_KIND and entry.content else ()
        return Derived(index, uses=_uses(index, entry, frozenset(), {}), signed=signed, about=about)
    content: dict[str, Any] = dict(entry.content)
    claims, complete = entry.claims, not entry.hidden
    moves = movement(content)
    touched = moves.touched
    findings = _findings(index, content, _came_as(entry)) if complete else ()
    odd = _odd(index, content) if complete and not findings else ()
    return Derived(
        index,
        None if findings else _event(index, claims, content, complete),
        step(index, claims.iss, content, moves) if touched else None,
        _uses(index, entry, touched, facts.roles(content)),
        findings + odd + _orphan(index, claims, content),
        _seen(claims.iss, content) if complete else None,
        signed,
    )


def placed(derived: Derived, index: int, *, signed: bool) -> Derived:
    """The same, for the index the entry got: judging needs no index, so it is done before the order is known."""
    event = derived.event
    return Derived(
        index,
        altered(event, index=index) if event else None,
        altered(derived.step, index=index) if derived.step else None,
        tuple([ObjectUse(use.uri, index, use.key, use.n, use.role) for use in derived.uses]),
        tuple([Finding(index, found.code, found.context) for found in derived.findings]) if derived.findings else (),
        derived.seen,
        signed,
        altered(derived.master, version=altered(derived.master.version, index=index)) if derived.master else None,
        derived.about,
        derived.member,
    )


def _came_as(entry: Entry) -> Binding:
    """The binding that the content was read from; JSON where the record names no source."""
    source = entry.record.get("source") if entry.record else None
    return binding(source["mediaType"]) if source else "json"


def _stated(index: int, entry: Entry, *, signed: bool) -> Derived:
    """A version of master data: kept where nothing is wrong with it, or where what is left still names it."""
    content = dict(entry.content or {})
    wrong = _told(index, problems(content)) if not entry.hidden else ()
    version = None if wrong else version_of(index, entry.claims.iss, content)
    if version is None:
        return Derived(index, findings=wrong, signed=signed)
    digest = None if entry.hidden else content_digest(entry.claims.iss, content)
    parent = _text(content.get("parent"))
    names = tuple(dict.fromkeys(_names(content)))
    row = MasterRow(version, digest, canonical_uri(parent) if parent else None, names, _goods(version, content))
    return Derived(index, signed=signed, master=row)


def _goods(version: Version, content: Mapping[str, Any]) -> str | None:
    """Of a product what quantities are counted by."""
    if version.type != "product":
        return None
    said = {name: plain(content[name]) for name in COUNTED_BY if name in content}
    return json_text.write_text(said)


def documented(content: Mapping[str, Any]) -> Iterator[str]:
    """What a document is about, as `ledger.store.attached` names it; what is hidden or has no such form is left out."""
    named = content.get("about")
    for uri in named[:MOST_ABOUT] if isinstance(named, list) else ():
        if isinstance(uri, str) and keepable(uri):
            yield canonical_uri(uri)
    if isinstance(content.get("entry"), str):
        with suppress(InputError):
            yield entry_subject(digest(content["entry"], "entry"))


def _names(content: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """What a version is found by (`ledger.store.master`)."""
    for member, key in (("id", ""), ("gln", "party"), ("gln", "site")):
        if (value := _text(content.get(member))) and key in ("", _text(content.get("type"))):
            yield master.ITSELF, canonical_uri(f"{_GLN[key]}{value}")
    trade_items, scope = content.get("gtins"), content.get("scope")
    for item in trade_items if isinstance(trade_items, list) else ():
        if isinstance(item, dict) and (gtin := _text(item.get("gtin"))):
            yield master.ITSELF, canonical_uri(f"{_GTIN}{gtin}")
    for name, what in (("products", master.PRODUCT), ("sites", master.SITE)):
        listed = scope.get(name) if isinstance(scope, dict) else None
        for uri in listed if isinstance(listed, list) else ():
            if _text(uri):
                yield what, canonical_uri(uri)
    yield from _vessels(content)
    if scheme := _text(content.get("scheme")):
        yield master.SCHEME, scheme


def _vessels(content: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """The vessels whose rule a site gives; by itself it is one."""
    said = content.get("mixing") if content.get("type") == "site" else None
    if not isinstance(said, dict) or said.get("rule") not in ROLE_OF:
        return
    listed = said.get("vessels")
    for uri in listed if isinstance(listed, list) else (content.get("id"),):
        if _text(uri):
            yield ROLE_OF[said["rule"]], canonical_uri(_text(uri))


_GLN = {"": "", "party": "https://id.gs1.org/417/", "site": "https://id.gs1.org/414/"}
_GTIN = "https://id.gs1.org/01/"


def version_of(index: int, iss: str, content: Mapping[str, Any]) -> Version | None:
    """The version that a content states; None where type, thing or beginning are not there."""
    kind, id, begins = (_text(content.get(name)) for name in ("type", "id", "validFrom"))
    if kind not in KINDS or not id or not is_moment(begins):
        return None
    ends = _text(content.get("validTo"))
    return Version(
        index, iss, kind, canonical_uri(id), begins, ends if is_moment(ends) else None, content.get("withdrawn") is True
    )


def _findings(index: int, content: dict[str, Any], came_as: Binding) -> tuple[Finding, ...]:
    """What is wrong with the content, each place by its own code."""
    return _told(index, judge(content, disclosed=True, binding=came_as) or event_id_problems(content))


def _odd(index: int, content: dict[str, Any]) -> tuple[Finding, ...]:
    """What is odd about an event that stands: what a document is captured with a warning for."""
    return _told(index, warnings(content))


def _told(index: int, problems: list[Problem]) -> tuple[Finding, ...]:
    if not problems:
        return ()
    problems = problems[:MOST_FINDINGS]
    return tuple(Finding(index, item.code, {**item.context, "member": item.member}) for item in problems)


def _orphan(index: int, claims: Claims, content: Mapping[str, Any]) -> tuple[Finding, ...]:
    """An error declaration logged as a plain event: its original was not in this log (ARCHITECTURE.md 3.4)."""
    if claims.kind != "event" or "errorDeclaration" not in content:
        return ()
    return (Finding(index, "correction-without-original", {"eventID": _text(content.get("eventID"))}),)


def _event(index: int, claims: Claims, content: dict[str, Any], complete: bool) -> EventRow | None:
    kind, time = _text(content.get("type")), _text(content.get("eventTime"))
    if not kind or not time:
        return None
    sent = _text(content.get("eventID"))
    event_id, revision = (sent, None) if sent else _derived_id(content) if complete else ("", None)
    return EventRow(index, claims.kind, kind, time, event_id, revision, claims.iss, facts.said(content))


def _derived_id(content: dict[str, Any]) -> tuple[str, str | None]:
    """The event hash of a whole event with its revision; ("", None) where it cannot be taken."""
    event_hash, revision = _algorithm()
    try:
        return event_hash(content), revision
    except LedgerError:
        return "", None


@cache
def _algorithm() -> tuple[Any, str]:
    # Late, for the hash loads the whole vocabulary and most entries carry an id.
    from schemas.epcis import event_hash

    return event_hash.event_hash, getattr(event_hash, "REVISION", "1")


def _uses(index: int, entry: Entry, touched: frozenset[str], roles: Mapping[str, int]) -> tuple[ObjectUse, ...]:
    """Every object the entry is about, sorted by URI, with the key and n its record shows, and its role."""
    shown = {lot.id: lot for lot in record_lots(entry.record)} if entry.record else {}
    uses = []
    uris = touched.union(shown)
    for uri in sorted(uris) if len(uris) > 1 else uris:
        lot = shown.get(uri)
        key, n = (lot.key, lot.n) if lot else (None, None)
        uses.append(ObjectUse(uri, index, key, n, roles.get(uri, 0)))
    return tuple(uses)


def _seen(iss: str, content: Mapping[str, Any]) -> Seen | None:
    if "errorDeclaration" in content:
        return None
    sent = _text(content.get("eventID"))
    return Seen(content_digest(iss, content), event_id_digest(iss, sent) if sent else None)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
