"""Files attached to lots, things and entries, over HTTP: attach one, list those about something, give one back.

POST /api/v1/documents?to=…&name=…   GET /api/v1/documents?about=…   GET /api/v1/documents/41

- The body is the file itself. What it is says its content; the Content-Type sent with it is not believed.
- A file is answered as an attachment, never to be shown in place, to whoever may see its entry whole.
"""

from typing import Any
from urllib.parse import quote

from starlette.responses import JSONResponse, Response

from api.http.endpoint import Ask, Body, Endpoint, Parameter, Success, whole_number
from api.http.v1.lots import LOT_EXAMPLE
from api.http.v1.schemas import BOOLEAN, INDEX, STRING, listed, ref
from api.verbs.attach import attach, bring_document, list_documents, read_document
from ledger.capture.attachment import MOST_BYTES
from ledger.custody.documents import Document
from schemas.file_kind import MEDIA_TYPES
from schemas.syntax import base64url

_OCTETS = "application/octet-stream"


def attached(ask: Ask) -> Response:
    """Keep the body and log its entry."""
    with ask.gates.turn(ask.caller):
        found = attach(
            ask.node, ask.body, name=ask.text("name") or "-", to=ask.text("to") or "", audience=ask.audience,
            member=ask.member(None), key=ask.caller.key, allow_repeat=ask.flag("allow_repeat"),
        )  # fmt: skip
    said = {"id": found.event_id, "index": found.index, "leaf": base64url.encode(found.leaf)}
    return JSONResponse({**said, "duplicate": found.duplicate})


def brought(ask: Ask) -> Response:
    """Keep the file of a document that a device signed."""
    with ask.gates.turn(ask.caller):
        bring_document(ask.node, whole_number("index", ask.value("index")), ask.body, member=ask.member(None))
    return Response(status_code=204)


def documents(ask: Ask) -> Response:
    """What is attached to something."""
    found = list_documents(ask.node, ask.text("about") or "", audience=ask.audience)
    return JSONResponse([_shown(item) for item in found])


def file(ask: Ask) -> Response:
    """The file of a document."""
    with ask.gates.turn(ask.caller):
        found = read_document(ask.node, whole_number("index", ask.value("index")), audience=ask.audience)
    name = quote(found.document.name or "document", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(found.data, media_type=found.document.media_type or _OCTETS, headers=headers)


def _shown(found: Document) -> dict[str, Any]:
    return {
        "index": found.index, "leaf": base64url.encode(found.leaf), "member": found.member, "id": found.id,
        "name": found.name, "mediaType": found.media_type, "size": found.size,
        "sha256": None if found.sha256 is None else base64url.encode(found.sha256), "about": list(found.about),
        "entry": None if found.entry is None else base64url.encode(found.entry), "held": found.held,
    }  # fmt: skip


ENDPOINTS = (
    Endpoint(
        "POST", "/api/v1/documents", "attach", "attachFile", "Attach a PDF or photo to a lot, a thing or an entry.",
        attached, Success(200, "Where its entry stands.", schema=ref("Attached")),
        parameters=(
            Parameter(
                "to", "query", STRING, "A lot or unit in any form, a thing of master data, or the index of an entry.",
                required=True, example=LOT_EXAMPLE,
            ),
            Parameter("name", "query", STRING, "The name people know it by.", example="ddt 117.pdf"),
            Parameter("allow_repeat", "query", BOOLEAN, "Attach again what is attached there already."),
        ),
        body=Body((*MEDIA_TYPES, _OCTETS), {"type": "string", "format": "binary"}, None, lambda _: MOST_BYTES),
        errors=(404,), tag="lots",
        description="Signed with the gateway key that the token is bound to. The file is kept encrypted and erasable.",
    ),
    Endpoint(
        "PUT", "/api/v1/documents/{index}", "document.bring", "bringFile", "Bring the file of a phone's document.",
        brought, Success(204, "It is kept."),
        parameters=(Parameter("index", "path", INDEX, "The document's place in the log.", required=True, example=0),),
        body=Body(("application/octet-stream",), {"type": "string", "format": "binary"}, None, lambda _: MOST_BYTES),
        errors=(404,), tag="lots",
        description="Asked as a phone asks (`deviceFacts`). The bytes are those whose digest the entry signs.",
    ),
    Endpoint(
        "GET", "/api/v1/documents", "document", "listDocuments", "The documents about a lot, a thing or an entry.",
        documents, Success(200, "In the log's order.", schema=listed("Document")),
        parameters=(
            Parameter(
                "about", "query", STRING, "A lot or unit in any form, a thing of master data, or an entry's index.",
                required=True, example=LOT_EXAMPLE,
            ),
        ),
        errors=(404,), tag="lots",
    ),
    Endpoint(
        "GET", "/api/v1/documents/{index}", "document", "readDocument", "The file of a document.", file,
        Success(
            200, "The bytes, in their own media type, with the digest that the entry signs.", media=MEDIA_TYPES[0],
            schema={"type": "string", "format": "binary"},
        ),
        parameters=(Parameter("index", "path", INDEX, "The document's place in the log.", required=True, example=0),),
        errors=(404,), tag="lots",
    ),
)  # fmt: skip
