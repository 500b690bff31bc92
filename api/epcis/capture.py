"""`/capture`: documents in, a job each; what came of it is asked of the job.

- `POST` reads the document as far as it takes to know that it is one (strict JSON, its kind, what stands around its
  events, how many they are), keeps it as a job, and answers 202: the job is durable before the answer.
- The job judges every event and captures them: all or none (`rollback`), or those that are right (`proceed`), by
  `GS1-Capture-Error-Behaviour`. It lists its errors with the event's position (from 0), the member, and the standard's
  exception name.
- A job begun again after a crash captures nothing twice: its outcome stands in the transaction that logged its events.
- Callers see the jobs of their own member; who records in the field its own; who may see everything sees all.

    POST /epcis/capture  ->  202, Location: /epcis/capture/5f1c…

GS1 EPCIS 2.0 section 12.5; schema `CaptureJob` of the contract.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from api import jobs
from api.bodies import in_turn, read_epcis
from api.caused import caused
from api.epcis import headers, representation
from api.epcis.answers import json_answer
from api.epcis.contract import Exchange, Operation, Resource, Served
from api.epcis.exceptions import epcis_problem
from api.epcis.front import capture_limits
from api.epcis.paging import asked, following
from api.epcis.times import text_of
from api.epcis.xml_forms import job_xml
from api.jobs import Ended, Task, View
from api.verbs.capture import Kept, capture
from ledger.capture.document import as_error
from ledger.node import Node
from ledger.store.connection import Connection
from ledger.writer.gateway import DocumentRefused
from schemas.epcis.event import EVENTS_AT, split
from schemas.epcis.validate import document_problems
from schemas.errors import InputError
from schemas.syntax import json_text
from schemas.wording import Language

KIND = "capture"
MOST_TOLD = 1_000
"""Errors, and warnings, that a job lists; a document may have more."""


def post(exchange: Exchange) -> Response:
    """Keep a document as a job."""
    media_type = representation.check_sent(exchange.request.headers.get("content-type"))
    headers.check_version(exchange.terms, xml=media_type not in representation.JSON_TYPES)
    with in_turn(exchange.body):
        check_document(exchange.body, media_type, exchange.served.settings.capture_limit)
    member = exchange.caller.member or exchange.node.own_member()
    options = {"behaviour": exchange.terms.behaviour, "mediaType": media_type, "key": exchange.caller.key}
    id = exchange.served.jobs.add(
        KIND, owner=exchange.caller.owner, member=member, options=options, request=exchange.body
    )
    return Response(status_code=202, headers={"Location": exchange.url(f"/capture/{id}")})


def check_document(data: bytes, media_type: str, most: int) -> None:
    """Is this a document to capture? `InputError`: it cannot be read, is no document, or holds too many events."""
    found = read_epcis(data, media_type)
    tree = found.tree
    kind = tree.get("type") if isinstance(tree, dict) else None
    if not isinstance(tree, dict) or not isinstance(kind, str) or kind not in EVENTS_AT:
        raise InputError("capture-no-document")
    sent = split(tree)
    around = [problem for problem in found.problems if problem.event is None]
    for problem in (*around, *document_problems(tree, sent)):
        raise as_error(problem, "-")
    if len(sent.events) > most:
        raise InputError("too-many-events", count=len(sent.events), limit=most)


def listing(exchange: Exchange) -> Response:
    """The jobs the caller may see, newest first."""
    page = asked(exchange)
    after = None if page.place is None else (int(page.place[0]), str(page.place[1]))
    found = exchange.served.jobs.listing(
        KIND, member=_member(exchange), after=after, limit=page.limit + 1, owner=_owner(exchange)
    )
    shown, more = found[: page.limit], found[page.limit :]
    place = [shown[-1].created, shown[-1].id] if more else None
    tree = [job_document(item, exchange.language) for item in shown]
    return json_answer(exchange, tree, headers=following(exchange, page, place))


def get(exchange: Exchange) -> Response:
    """One job."""
    form = representation.wanted(exchange.accept, representation.EVENTS)
    view = _job(exchange)
    said = {**job_document(view, exchange.language), **_findings(exchange, view)}
    body = json_text.write(said) if form in representation.JSON_TYPES else job_xml(said)
    return Response(body, media_type=form)


def _findings(exchange: Exchange, view: View) -> dict[str, Any]:
    """What does not add up with what a job captured: how much, and where to read it."""
    captured = (view.outcome or {}).get("captured", ())
    own = [item["index"] for item in captured if not item["duplicate"]]
    if view.finished is None:
        return {}
    base = exchange.url("").removesuffix(exchange.prefix)
    return {"findings": caused(exchange.node, own, member=view.member, audience=exchange.audience, base=base)}


def there(exchange: Exchange) -> None:
    """Is there such a job, for this caller?"""
    _job(exchange)


def job_document(view: View, language: Language) -> dict[str, Any]:
    """A job as the contract shows it. Beside stand what was captured, with the ids that were given, and what is odd
    about it all the same."""
    outcome: Mapping[str, Any] = view.outcome or {}
    shown: dict[str, Any] = {"captureID": view.id, "createdAt": text_of(view.created)}
    if view.finished is not None:
        shown["finishedAt"] = text_of(view.finished)
    errors = [_problem(item, language) for item in outcome.get("errors", ())]
    warnings = [_warning(item, language) for item in outcome.get("warnings", ())]
    return shown | {
        "running": view.finished is None,
        "success": not view.failed,
        "captureErrorBehaviour": view.options["behaviour"],
        "errors": errors,
        "captured": outcome.get("captured", []),
        "warnings": warnings,
    }


def work(node: Node, task: Task) -> Ended:
    """Capture the document of a job."""

    def beside(kept: Kept, connection: Connection) -> None:
        task.note(connection, _ended(kept))

    proceed = task.options["behaviour"] == "proceed"
    media_type = task.options["mediaType"]
    try:
        kept = capture(
            node,
            task.request,
            media_type=media_type,
            member=task.member,
            key=task.options["key"],
            proceed=proceed,
            beside=beside,
        )
    except DocumentRefused as refused:
        return _ended(Kept(task.id, (), refused.errors))
    except InputError as refused:
        return _ended(Kept(task.id, (), (refused,)))
    return _ended(kept)


def _ended(kept: Kept) -> Ended:
    said = [
        {"event": item.event, "eventID": item.event_id, "index": item.index, "duplicate": item.duplicate}
        for item in kept.captured
    ]
    outcome = {"captured": said, "errors": _told(kept.refused), "warnings": _told(kept.warnings)}
    return Ended(outcome, failed=bool(kept.refused))


def _told(errors: Sequence[InputError]) -> list[dict[str, Any]]:
    return [{"code": error.code, "context": dict(error.context)} for error in errors[:MOST_TOLD]]


def _problem(item: Mapping[str, Any], language: Language) -> dict[str, Any]:
    return epcis_problem(InputError(item["code"], **item["context"]), language)


def _warning(item: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """What a warning says, without what only a refusal has."""
    said = _problem(item, language)
    return {name: said[name] for name in ("code", "detail", "event", "member") if name in said}


def _job(exchange: Exchange) -> View:
    id = exchange.values["captureID"]
    found = exchange.served.jobs.view(KIND, id)
    member = _member(exchange)
    owner = _owner(exchange)
    if found is None or (member is not None and found.member != member) or (owner is not None and found.owner != owner):
        raise InputError("resource-missing", path=f"/capture/{id[:80]}")
    return found


def _member(exchange: Exchange) -> str | None:
    """The member whose jobs a caller sees; None: everybody's, for the operator."""
    return None if exchange.caller.operator else exchange.caller.member or ""


def _owner(exchange: Exchange) -> str | None:
    """Whose jobs a caller sees who sees only its own; None: those of its whole member."""
    return exchange.caller.owner if exchange.caller.own else None


def _discovery(served: Served) -> dict[str, str]:
    oldest = {"GS1-EPCIS-Min": headers.OLDEST, "GS1-CBV-Min": headers.OLDEST}
    return {**capture_limits(served), **oldest, "GS1-Capture-Error-Behaviour": "all"}


CAPTURES = jobs.Kind(KIND, work)
RESOURCES = (
    Resource(
        "/capture",
        {"POST": Operation("capture", post, body=True), "GET": Operation("capture.jobs", listing)},
        _discovery,
    ),
    Resource("/capture/{captureID}", {"GET": Operation("capture.jobs", get)}, there=there),
)
