"""What needs no ledger: event hashes, identifiers, other forms of a document, and the check of a bundle or a file.

POST /api/v1/hash   GET /api/v1/id?text=…   POST /api/v1/convert?to=…   POST /api/v1/verify
GET /api/v1/verifier

- A check by the server that is checked proves nothing to a stranger: `filiera verify`, `filiera-verify.pyz` and the
  page that carries its own verifier are for her. This one is for programs that trust this server anyway.
- Known are this log, and the logs that the operator of this server trusts.
"""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Literal, cast

from starlette.responses import JSONResponse, Response

from api.bodies import check_json, in_turn
from api.http.endpoint import Ask, Body, Endpoint, Parameter, Success
from api.http.v1.registry import EPCIS_MEDIA, EXAMPLE_DOCUMENT
from api.http.v1.schemas import STRING, STRINGS, listed, obj, ref
from api.problems import problem
from api.verbs.convert import FORMATS, Format, convert
from api.verbs.hash import hash_document
from api.verbs.identify import identify
from api.verbs.trust import own_policy
from api.verbs.verifier import verifier
from api.verbs.verify import trusted_here, verify
from ledger.verify.account import VERDICTS
from schemas.errors import InputError
from schemas.gs1.company_prefix import CompanyPrefixes

MOST_TEXTS = 100
_HTML = "text/html; charset=utf-8"


def hashes(ask: Ask) -> Response:
    """The CBV event hash of each event of a document, in document order."""
    version = cast(Literal["2.0", "2.1"], ask.choice("cbv", ("2.0", "2.1"), "2.0"))
    with ask.gates.turn(ask.caller), in_turn(ask.body):
        check_json(ask.body)
        return JSONResponse({"hashes": hash_document(ask.body, version=version)})


def identified(ask: Ask) -> Response:
    """Identifiers in every form, or why they are none."""
    texts = ask.texts("text")
    if len(texts) > MOST_TEXTS:
        raise InputError("too-many-texts", count=len(texts), limit=MOST_TEXTS)
    prefixes = CompanyPrefixes(tuple(ask.texts("company_prefix")))
    return JSONResponse([identify(text, prefixes=prefixes, language=ask.language) for text in texts])


def converted(ask: Ask) -> Response:
    """A document in another form, with everything that form cannot carry."""
    to = cast(Format, ask.choice("to", FORMATS, "epcis20-json"))
    created = datetime.fromtimestamp(int(ask.node.clock()), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    prefixes = CompanyPrefixes(tuple(ask.texts("company_prefix")))
    with ask.gates.turn(ask.caller), in_turn(ask.body):
        check_json(ask.body)
        found = convert(ask.body, to=to, created=created, prefixes=prefixes)
    media = "application/ld+json" if to == "epcis20-json" else "application/xml"
    losses = [problem(loss, ask.language) for loss in found.losses]
    return JSONResponse({"document": found.data.decode("utf-8"), "media_type": media, "losses": losses})


def verified(ask: Ask) -> Response:
    """The verdicts on a bundle, an evidence file or an exported file."""
    for verdict in ask.texts("require"):
        if verdict not in VERDICTS:
            raise InputError("parameter-value", name="require", allowed=", ".join(VERDICTS))
    with ask.gates.turn(ask.caller):
        account = verify(ask.body, known=trusted_here(ask.node, ask.settings.policies), require=ask.texts("require"))
        return JSONResponse(account.as_json(ask.language))


def verifier_written(ask: Ask) -> Response:
    """The verifier as one HTML file that trusts this log. It is saved, not shown: `/verifica` is shown."""
    page, digest = verifier([own_policy(ask.node)])
    headers = {
        "Content-Disposition": 'attachment; filename="verify.html"',
        "Repr-Digest": f"sha-256=:{_base64(digest)}:",
    }
    return Response(page, media_type=_HTML, headers=headers)


def _base64(digest: str) -> str:
    return b64encode(bytes.fromhex(digest)).decode("ascii")


ENDPOINTS = (
    Endpoint(
        "POST", "/api/v1/hash", "hash", "hashEvents", "The CBV event hash of each event of a document.", hashes,
        Success(200, "`ni:` URIs, in document order.", schema=obj({"hashes": STRINGS})),
        parameters=(Parameter("cbv", "query", {"enum": ["2.0", "2.1"]}, "Version of the algorithm."),),
        body=Body(EPCIS_MEDIA, {}, EXAMPLE_DOCUMENT), tag="tools",
    ),
    Endpoint(
        "GET", "/api/v1/id", "id", "identify", "Read GS1 identifiers and write them in every form.", identified,
        Success(200, "One object a text.", schema=listed("Identified")),
        parameters=(
            Parameter(
                "text", "query", STRINGS, "An EPC URN, a Digital Link or an element string.", required=True,
                repeated=True, example=["(01)09521001002011(10)F26175"],
            ),
            Parameter("company_prefix", "query", STRINGS, "A company prefix that is licensed.", repeated=True),
        ),
        tag="tools",
    ),
    Endpoint(
        "POST", "/api/v1/convert", "convert", "convert", "Write a document in another form.", converted,
        Success(
            200, "The document as text, its media type, and what the form cannot carry.",
            schema=obj({"document": STRING, "media_type": STRING, "losses": listed("Problem")}),
        ),
        parameters=(
            Parameter("to", "query", {"enum": list(FORMATS)}, "The form.", required=True, example="epcis20-xml"),
            Parameter("company_prefix", "query", STRINGS, "A company prefix that is licensed.", repeated=True),
        ),
        body=Body(EPCIS_MEDIA, {}, EXAMPLE_DOCUMENT),
        tag="tools",
    ),
    Endpoint(
        "POST", "/api/v1/verify", "verify", "verify", "Check a bundle or an exported file.", verified,
        Success(200, "The verdicts; `valid` is true, false, or null where it cannot be told.", schema=ref("Account")),
        parameters=(
            Parameter("require", "query", {"type": "array", "items": {"enum": list(VERDICTS)}},
                      "A verdict that must be yes.", repeated=True),
        ),
        body=Body(
            ("application/json", "application/octet-stream"), {}, {"format": "filiera-bundle/9"},
            lambda settings: settings.verify_bytes,
        ),
        tag="tools",
    ),
    Endpoint(
        "GET", "/api/v1/verifier", "verifier", "writeVerifier", "Write a page that checks files in a browser, offline.",
        verifier_written,
        Success(
            200, "One HTML file that trusts this log; `Repr-Digest` is its SHA-256.", "text/html", schema=STRING,
            headers={"Repr-Digest": "SHA-256 of the page (RFC 9530)."},
        ),
        tag="tools",
    ),
)  # fmt: skip
