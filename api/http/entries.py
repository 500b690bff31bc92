"""`/api/v1/entries`: entries that their signers signed, each answered for itself; and checkpoints held against the log.

- A request is a JSON array of up to 256 wires (`jwt~d1~…~`), or an object with `entries` and the last `checkpoint` that
  the client was shown, which the log is held against before anything is logged.
- The answers are in order: index, leaf hash, inclusion proof and a checkpoint that the log signed after all of it was
  durable; or the problem. Its `status` says what to do: 409 (`lane-behind`, `tag-ahead`) names what is expected, and
  the same bytes are sent again when that has come; what is signed is never signed anew for it.
- An entry proves itself, so it needs no token. What comes without one is bounded: `STRANGERS_MOST` entries a request,
  and few requests at once (`gate`).
- The same entry again is answered with what was logged, so an answer that was lost is had by asking again.

    [{"index": 7, "leaf": "…", "proof": ["…"], "checkpoint": "…"}, {"problem": {"status": 409, "code": "lane-behind"}}]

ARCHITECTURE.md 3.4, 3.5; docs/adr/0023-who-may-ask.md.
"""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from api.bodies import in_turn, read_json
from api.http.endpoint import Ask, Body, Endpoint, Success
from api.problems import problem, respond
from api.verbs.submit import submit
from ledger.writer.admission import MAX_REQUEST
from ledger.writer.answers import Receipt
from schemas.errors import EvidenceError, InputError, LedgerError, UnavailableError
from schemas.syntax import base64url
from schemas.syntax.json_text import Json
from schemas.wording import Language

STRANGERS_MOST = 64
CONFLICTS = frozenset(("lane-behind", "tag-ahead", "lane-prev", "lane-fork"))
CONTRADICTIONS = frozenset(("log-forked", "log-rolled-back"))
STANDING = frozenset(("key-not-admitted", "key-not-yet-valid", "key-ended"))
NOTE = "text/plain"


def entries(ask: Ask) -> Response:
    """Log the entries of a request; each is answered for itself, with status 200 whatever they are answered."""
    with ask.gates.turn(ask.caller), in_turn(ask.body):
        wires, note = read_request(ask.body)
        most = STRANGERS_MOST if ask.caller.kind == "public" else MAX_REQUEST
        if len(wires) > most:
            raise InputError("too-many-entries", count=len(wires), limit=most)
        if note is not None and (refused := held(ask, note)) is not None:
            return refused
        answers = [answered(found, ask.language) for found in submit(ask.node, wires)]
    return Response(json.dumps(answers, ensure_ascii=False), media_type="application/json")


def read_request(body: bytes) -> tuple[list[bytes], bytes | None]:
    """The wires of a request and the checkpoint sent with them; `InputError`: `wires`, `entries-member`."""
    tree = read_json(body)
    if isinstance(tree, dict):
        for name in tree:
            if name not in ("entries", "checkpoint"):
                raise InputError("entries-member", name=name[:40])
        return _wires(tree.get("entries")), _note(tree)
    return _wires(tree), None


def _wires(tree: Json) -> list[bytes]:
    if not isinstance(tree, list) or not all(isinstance(item, str) for item in tree):
        raise InputError("wires")
    return [str(item).encode("utf-8") for item in tree]


def _note(tree: Mapping[str, Json]) -> bytes | None:
    if "checkpoint" not in tree:
        return None
    note = tree["checkpoint"]
    if not isinstance(note, str):
        raise InputError("wires")
    return note.encode("utf-8")


def answered(found: Receipt | LedgerError, language: Language) -> dict[str, Any]:
    """The answer to one entry."""
    if isinstance(found, Receipt):
        return {
            "index": found.index,
            "leaf": base64url.encode(found.leaf),
            "proof": [base64url.encode(node) for node in found.proof],
            "checkpoint": found.checkpoint.decode("utf-8"),
        }
    said = problem(found, language, status=status_of(found))
    # Programs retry by these: which seq is expected, how far the log has counted.
    said |= {name: found.context[name] for name in ("kid", "seq", "expected", "n") if name in found.context}
    return {"problem": said}


def status_of(error: LedgerError) -> int | None:
    """409 where the same bytes may be sent again or another entry stands there, 403 where the key has no standing;
    400 for what breaks a rule or proves nothing. None: the error's own."""
    if error.code in CONFLICTS:
        return 409
    if error.code in STANDING:
        return 403
    return None if isinstance(error, UnavailableError) else 400


def held(ask: Ask, note: bytes) -> Response | None:
    """None where the log goes on from the checkpoint in `note`; else the answer: 409 where it does not and had signed
    it, 400 where it never signed it."""
    try:
        ask.node.hold_against(note)
    except EvidenceError as error:
        return respond(problem(error, ask.language, status=409 if error.code in CONTRADICTIONS else 400))
    return None


def checkpoint(ask: Ask) -> Response:
    """Hold the log against a checkpoint that a client was shown; the newest one is the answer."""
    with ask.gates.turn(ask.caller):
        refused = held(ask, ask.body)
    if refused is not None:
        return refused
    return Response(ask.node.checkpoint(), media_type=f"{NOTE}; charset=utf-8")


WIRE: Mapping[str, Any] = {"type": "string", "description": "An entry as it travels: `jwt~d1~d2~…~`."}
REQUEST: Mapping[str, Any] = {
    "oneOf": [
        {"type": "array", "items": WIRE, "maxItems": MAX_REQUEST},
        {
            "type": "object",
            "required": ["entries"],
            "additionalProperties": False,
            "properties": {
                "entries": {"type": "array", "items": WIRE, "maxItems": MAX_REQUEST},
                "checkpoint": {"type": "string", "description": "The last checkpoint you were shown, a signed note."},
            },
        },
    ]
}
ANSWERS: Mapping[str, Any] = {
    "type": "array",
    "items": {"oneOf": [{"$ref": "#/components/schemas/Receipt"}, {"$ref": "#/components/schemas/Refusal"}]},
}

ENDPOINTS = (
    Endpoint(
        "POST", "/api/v1/entries", "submit", "submitEntries", "Log entries that were signed elsewhere.", entries,
        Success(200, "One answer an entry, in order.", schema=ANSWERS),
        body=Body(("application/json",), REQUEST, [], lambda settings: settings.entries_bytes),
        errors=(409,),
        description=(
            "Each entry is answered for itself. Without a token at most "
            f"{STRANGERS_MOST} entries a request are taken; with one, {MAX_REQUEST}."
        ),
    ),
    Endpoint(
        "POST", "/api/v1/checkpoint", "log", "holdAgainst", "Hold the log against a checkpoint you were shown.",
        checkpoint,
        Success(200, "The newest checkpoint, a signed note.", media=NOTE, schema={"type": "string"}),
        body=Body((NOTE,), {"type": "string"}, None, lambda settings: 64 * 1024),
        errors=(409,),
        description=(
            "If it contradicts what this server holds and the log's key signed it, the server stops signing, keeps "
            "both as evidence, and answers 409."
        ),
    ),
)  # fmt: skip
