"""What a member's own entry holds and can be erased of it.

GET /api/v1/entries/7/disclosures

- No server holds admin keys, so nobody erases by asking one: whoever holds the member's admin key signs an `erasure`
  entry that names leaf and digests, and sends it to `POST /api/v1/entries`; the server carries out what it logs.
- An entry of another member is answered like one that is not there.
"""

from starlette.responses import JSONResponse, Response

from api.http.endpoint import Ask, Endpoint, Parameter, Success, whole_number
from api.http.v1.schemas import INDEX, STRING, listed, obj
from api.verbs.erase import list_held
from schemas.errors import InputError
from schemas.syntax import base64url


def disclosures(ask: Ask) -> Response:
    """What is held of an entry, and the leaf hash that names it."""
    index = whole_number("index", ask.value("index"))
    entry = ask.node.entry(index)
    if ask.caller.member not in (None, entry.claims.iss):
        raise InputError("entry-missing", entry=index)
    parts = [{"part": item.pointer, "digest": base64url.encode(item.digest)} for item in list_held(ask.node, index)]
    return JSONResponse({"entry": base64url.encode(entry.jwt.leaf), "member": entry.claims.iss, "held": parts})


ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/entries/{index}/disclosures", "erase.list", "listHeld",
        "What is held of an entry and can be erased.", disclosures,
        Success(
            200, "The entry's leaf hash, its member, and every disclosure, outermost first.",
            schema=obj({"entry": STRING, "member": STRING, "held": listed("Held")}),
        ),
        parameters=(Parameter("index", "path", INDEX, "The entry's place in the log.", required=True, example=0),),
        errors=(404,), tag="lots",
        description=(
            "To erase, sign an `erasure` entry with the member's admin key, naming `entry` and the digests of what "
            "goes, and submit it: `{\"erased\": [{\"entry\": …, \"digests\": […]}], \"ground\": …}`."
        ),
    ),
)  # fmt: skip
