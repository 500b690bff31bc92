"""Papers: a lot's events in a format that somebody asks for, with the proof inside.

GET /api/v1/formats   GET /api/v1/exports/{format}?lot=…   POST /api/v1/credentials/{format}?lot=…

- A file is made for whom it is meant (`audience`), of what the caller sees: nobody hands on more than it has.
- What is missing is answered as a problem with a list `missing`, and there is no file. What the format cannot carry is
  counted in a header; `filiera export` says it one by one.
- A credential is issued under the export key of the caller's member; a server never signs with an admin key.
"""

import hashlib
from typing import cast

from starlette.responses import JSONResponse, Response

from api.http.endpoint import Ask, Endpoint, Parameter, Success
from api.http.v1.lots import LOT_EXAMPLE
from api.http.v1.schemas import BOOLEAN, STRING, STRINGS, listed
from api.verbs.credential import credential
from api.verbs.export import export, list_formats
from api.verbs.export_bundle import may_know
from exporters.catalogue import FORMATS
from exporters.files import edi_file
from exporters.formats.credential import FORMATS as CREDENTIALS
from ledger.audience import AUDIENCES
from ledger.bundle import DIRECTIONS
from schemas.errors import InputError
from schemas.wording import LANGUAGES, Language

MOST_LOTS = 100
LOSSES = "Filiera-Losses"


def formats(ask: Ask) -> Response:
    """The formats."""
    return JSONResponse(list_formats(ask.language))


def issued(ask: Ask) -> Response:
    """One credential, under the export key that the caller's member keeps here."""
    audience = AUDIENCES[ask.choice("audience", tuple(AUDIENCES), "buyer")]()
    member = ask.member(None)
    with ask.gates.turn(ask.caller):
        made = credential(
            ask.node, ask.text("lot") or "", audience=ask.audience, to=audience, member=member, roles=("export",),
            language=cast(Language, ask.choice("language", LANGUAGES, ask.language)),
            format=str(ask.request.path_params["format"]), knows=may_know(ask.node, ask.audience),
        )  # fmt: skip
    name = f"{hashlib.sha256(made.data).hexdigest()[:12]}.{made.suffix}"
    return Response(
        made.data, media_type=made.media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def paper(ask: Ask) -> Response:
    """One file."""
    lots = ask.texts("lot")
    if len(lots) > MOST_LOTS:
        raise InputError("too-many-values", name="lot", limit=MOST_LOTS)
    audience = AUDIENCES[ask.choice("audience", tuple(AUDIENCES), "buyer")]()
    direction, document = ask.text("direction"), ask.text("document")
    if direction is not None and direction not in DIRECTIONS:
        raise InputError("parameter-value", name="direction", allowed=", ".join(DIRECTIONS))
    with ask.gates.turn(ask.caller):
        made = export(
            ask.node, str(ask.request.path_params["format"]), lots, audience=ask.audience, to=audience,
            language=cast(Language, ask.choice("language", LANGUAGES, ask.language)),
            profile=ask.text("profile") or "standard", direction=direction, bare=ask.flag("bare"),
            document=document, issuer=ask.text("issuer"),
            knows=may_know(ask.node, ask.audience),
        )  # fmt: skip
    name = f"{hashlib.sha256(made.data).hexdigest()[:12]}.{made.suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', LOSSES: str(len(made.losses))}
    return Response(made.data, media_type=made.media_type, headers=headers)


_MEDIA = tuple(sorted({format.media_type for format in FORMATS.values()} | {"text/csv", edi_file.MEDIA_TYPE}))

ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/formats", "formats", "listFormats", "The formats that are exported, and what each needs.",
        formats,
        Success(200, "One object a format.", schema=listed("Format")), tag="lots",
    ),
    Endpoint(
        "GET", "/api/v1/exports/{format}", "export", "exportPaper", "A file about lots, with its proof inside.", paper,
        Success(
            200, "The file, in the format's own media type.", media=FORMATS["epcis-json"].media_type,
            schema={"description": "Whatever the format is."},
            headers={LOSSES: "What it cannot carry, counted."}, also=_MEDIA,
        ),
        parameters=(
            Parameter("format", "path", {"enum": list(FORMATS)}, "Its name.", required=True, example="epcis-json"),
            Parameter(
                "lot", "query", STRINGS, "A Digital Link, an EPC URN, an element string, or another absolute URI.",
                repeated=True, example=[LOT_EXAMPLE],
            ),
            Parameter(
                "document", "query", STRING, "The delivery note that it is of, by URI, or by number with `issuer`.",
            ),
            Parameter("issuer", "query", STRING, "Whose number that is, a GLN."),
            Parameter("audience", "query", {"enum": list(AUDIENCES)}, "Who will look (default: buyer)."),
            Parameter("profile", "query", STRING, "What one buyer asks beyond the format."),
            Parameter("direction", "query", {"enum": list(DIRECTIONS)}, "Which history, if not the format's own."),
            Parameter("language", "query", {"enum": list(LANGUAGES)}, "Language of the file."),
            Parameter("bare", "query", BOOLEAN, "The file alone, of a format that travels in a ZIP beside its proof."),
        ),
        errors=(404,), tag="lots",
        description="Where data is missing there is no file: the problem lists it in `missing`, with who can fill it.",
    ),
    Endpoint(
        "POST", "/api/v1/credentials/{format}", "credential", "issueCredential",
        "A W3C credential of a lot, signed by the member's export key.", issued,
        Success(
            200, "The credential, its proof inside.", media=CREDENTIALS[0].media_type,
            schema={"type": "string", "format": "binary"},
        ),
        parameters=(
            Parameter(
                "format", "path", {"enum": [each.name for each in CREDENTIALS]}, "With a proof beside it, or a JWT.",
                required=True, example="credential",
            ),
            Parameter(
                "lot", "query", STRING, "A Digital Link, an EPC URN, an element string, or another absolute URI.",
                required=True, example=LOT_EXAMPLE,
            ),
            Parameter("audience", "query", {"enum": list(AUDIENCES)}, "Who will look (default: buyer)."),
            Parameter("language", "query", {"enum": list(LANGUAGES)}, "Language of the file."),
        ),
        errors=(404,), tag="lots",
        description="The member's admin makes the key with `filiera key new --role export`, and can revoke it.",
    ),
)  # fmt: skip
