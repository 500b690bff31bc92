"""`/ufficio/registrazioni`: what was recorded, newest first, and one record with its history and which of it counts.

- Shown is what the visitor may see; whose record it is stands beside it.
- A page of the list names the next; it is of the same log as the first, whatever is recorded meanwhile.

docs/adr/0068-corrections-and-papers-of-the-office.md.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute

from api import corrections
from api.pages.office.frame import office_page
from api.pages.office.leaves import Leaf, leaves, shown
from api.pages.office.words_of_leaves import label
from api.pages.shell.times import shown_stamp
from api.pages.shell.visit import Visit, door
from api.problems import status_of
from api.records import Record, Version, recorded
from api.records import shown as shown_events
from api.verbs.events import find_events
from api.verbs.export_bundle import object_uri
from api.verbs.findings import list_findings, said
from api.verbs.member import list_members
from exporters.facts.figures import amount, moment
from exporters.facts.history import word_of
from exporters.facts.journey import code_of
from ledger.lots.step import Step
from ledger.lots.weeks import ROME
from ledger.readside.answer import Answer
from ledger.store.query_place import read_place
from schemas.epcis.query import parse_query
from schemas.errors import InputError
from schemas.gs1.canonical import canonical_uri
from schemas.syntax import base64url
from schemas.wording import explain, words

RECORDS = "/ufficio/registrazioni"
STEPS = ("commissioning", "packing", "shipping", "receiving", "storing", "destroying")
PAGE = 50
MOST_INDEX = 1 << 53
_MOST_THINGS = 8


def records(visit: Visit) -> Response:
    """The list, as far as it was asked for; what was typed stays beside what is wrong with it."""
    try:
        rows, following = _listed(visit)
    except InputError as error:
        return _list(visit, [], None, error)
    return _list(visit, rows, following)


def record(visit: Visit) -> Response:
    """One record."""
    return record_page(visit, found_in(visit))


def routes() -> list[BaseRoute]:
    """The pages about records."""
    return [
        door(RECORDS, "record", records),
        door(f"{RECORDS}/{{index:int}}", "record", record),
    ]


def found_in(visit: Visit) -> Record:
    """The record that the address names; `InputError("record-unknown")`."""
    index = int(visit.request.path_params["index"])
    if index > MOST_INDEX:
        raise InputError("record-unknown", index=index)
    return recorded(visit.node, index, audience=visit.audience)


def record_page(visit: Visit, found: Record, error: InputError | None = None) -> Response:
    """A record, with what may be done with it, or why nothing may."""
    why = _why_not(visit, found)
    findings, _ = list_findings(visit.node, audience=visit.audience, only=[found.index])
    names = member_names(visit)
    replaced = {each.answer.event_id for each in found.history if each.reason is not None and each.instead}
    withdrawn = {each.answer.event_id for each in found.history if each.reason is not None} - replaced
    return office_page(
        visit, "record.html", status=status_of(error) if error else 200,
        found=found, title=row_of(visit, found.answer, found.step, found.names, names),
        facts=list(_facts(visit, found)),
        history=[_version(visit, each, names, withdrawn) for each in found.history],
        counting=[each.index for each in found.history if each.counts and each.index != found.index],
        why="" if found.declares or not found.counts else why, may=not why,
        findings=[said(each, visit.language) for each in findings],
        ships=found.step.dealing == "ships" and visit.may("shipments"),
        problem=explain(error, visit.language) if error else "",
        done=visit.text("fatto") if visit.text("fatto") in ("corretta", "ritirata", "numero") else "",
    )  # fmt: skip


def row_of(
    visit: Visit, answer: Answer, step: Step, names: Mapping[str, str], members: Mapping[str, str]
) -> dict[str, Any]:
    """A record in a line: when, what, of what, whose."""
    things = [
        {"uri": flow.uri, "code": code_of(flow.uri), "name": names.get(flow.uri, ""),
         "amount": amount(flow.amount, visit.language)}
        for flow in step.flows
    ]  # fmt: skip
    kind = word_of(step)
    return {
        "index": answer.index,
        "when": moment(step.at, str(answer.event.get("eventTimeZoneOffset", "+00:00")), visit.language),
        "step": words(visit.language).get(f"step-{kind}", kind),
        "things": things[:_MOST_THINGS],
        "more": max(0, len(things) - _MOST_THINGS),
        "who": members.get(answer.member, answer.member),
        "own": answer.member == visit.caller.member,
        "stands": step.stands,
        "declares": step.moves.correction,
        "logged": shown_stamp(int(answer.record_time.timestamp())),
    }


def member_names(visit: Visit) -> dict[str, str]:
    """What members are called, as far as it is known here."""
    return {each.member: each.name or each.member for each in list_members(visit.node)}


def day_window(text: str) -> dict[str, list[str]]:
    """The conditions of a query for what happened on a day in Italy (`2026-08-12`); `InputError("moment-form")`."""
    try:
        day = date.fromisoformat(text)
        start = datetime.combine(day, time(), ROME)
        until = datetime.combine(day + timedelta(days=1), time(), ROME)
    except (ValueError, OverflowError):
        # A day that has no next one is none that anything happened on.
        raise InputError("moment-form", value=text[:40]) from None
    return {"GE_eventTime": [start.isoformat()], "LT_eventTime": [until.isoformat()]}


def place_in(text: str) -> Any:
    """Where a page of a list begins, as the page before named it; `InputError("page-place")`."""
    try:
        return read_place(json.loads(base64url.decode(text))) if text else None
    except (InputError, ValueError):
        raise InputError("page-place") from None


def named_place(place: Any) -> str:
    """The same as an address carries it; empty behind the last page."""
    return "" if place is None else base64url.encode(json.dumps(place.to_json()).encode())


def _listed(visit: Visit) -> tuple[list[dict[str, Any]], str | None]:
    query: dict[str, Sequence[str]] = {"orderBy": ["recordTime"], "orderDirection": ["DESC"]}
    if visit.text("giorno"):
        query |= day_window(visit.text("giorno"))
    if visit.text("lotto"):
        uri = object_uri(visit.text("lotto"))
        query["MATCH_anyEPC" if "/00/" in uri or "/21/" in uri else "MATCH_anyEPCClass"] = [uri]
    if visit.text("passo") in STEPS:
        query["EQ_bizStep"] = [visit.text("passo")]
    found = find_events(
        visit.node, parse_query(query), audience=visit.audience, limit=PAGE, after=place_in(visit.text("dopo"))
    )
    members = member_names(visit)
    rows = [row_of(visit, *each, members) for each in shown_events(visit.node, found.indexes, audience=visit.audience)]
    return rows, named_place(found.next)


def _list(visit: Visit, rows: list[dict[str, Any]], following: str | None, error: InputError | None = None) -> Response:
    spoken = words(visit.language)
    asked = {name: visit.text(name) for name in ("lotto", "giorno", "passo")}
    return office_page(
        visit, "records.html", status=status_of(error) if error else 200, rows=rows, following=following, asked=asked,
        steps=[(step, spoken[f"step-{step}"]) for step in STEPS],
        problem=explain(error, visit.language) if error else "",
    )  # fmt: skip


def _why_not(visit: Visit, found: Record) -> str:
    """Why this visitor cannot correct it; empty where it can."""
    try:
        visit.access.check(visit.caller, "correct")
        corrections.fit(visit.node, found, member=visit.caller.member)
    except InputError as error:
        return explain(error, visit.language)
    return ""


def _facts(visit: Visit, found: Record) -> Iterator[tuple[str, str, str]]:
    """Every value of the record: what it is, the value, and what that is called."""
    for leaf in leaves(found.event):
        yield label(leaf, visit.language), _value(leaf, found, visit), _called(leaf, found)


def _value(leaf: Leaf, found: Record, visit: Visit) -> str:
    if leaf.sort == "moment":
        return moment(found.step.at, str(found.event.get("eventTimeZoneOffset", "+00:00")), visit.language)
    text = shown(leaf, found.event, visit.language)
    return words(visit.language).get(f"unit-{text}", text) if leaf.sort == "unit" else text


def _called(leaf: Leaf, found: Record) -> str:
    return found.names.get(canonical_uri(leaf.value), "") if isinstance(leaf.value, str) and ":" in leaf.value else ""


def _version(visit: Visit, each: Version, names: Mapping[str, str], withdrawn: set[str]) -> dict[str, Any]:
    return {
        "index": each.index,
        "when": shown_stamp(int(each.answer.record_time.timestamp())),
        "who": names.get(each.answer.member, each.answer.member),
        "reason": each.reason,
        "withdraws": each.reason is not None and not each.instead,
        "note": each.note,
        "counts": each.counts,
        "withdrawn": each.answer.event_id in withdrawn,
    }
