"""Papers: a lot's events in a format that somebody asks for, with the proof inside.

GET /api/v1/formats   GET /api/v1/exports/{format}?lot=…   POST /api/v1/credentials/{format}?lot=…
GET /api/v1/templates/{name}   POST /api/v1/templates?lot=…

- A file is made for whom it is meant (`audience`), of what the caller sees: nobody hands on more than it has.
- What is missing is answered as a problem with a list `missing`, and there is no file. What the format cannot carry is
  counted in a header; `filiera export` says it one by one.
- It is sent a piece at a time: many lots make a file that nobody wants to hold.
- A credential is issued under the export key of the caller's member; a server never signs with an admin key.
"""

import hashlib
from typing import cast

from starlette.responses import JSONResponse, Response, StreamingResponse

from api.http.endpoint import Ask, Body, Endpoint, Parameter, Success
from api.http.v1.lots import LOT_EXAMPLE
from api.http.v1.schemas import BOOLEAN, STRING, STRINGS, listed
from api.verbs.credential import credential
from api.verbs.export import export, list_formats, read_template, template_text
from api.verbs.export_bundle import may_know
from exporters.catalogue import FORMATS
from exporters.files import edi_file
from exporters.format import Profile
from exporters.formats.credential import FORMATS as CREDENTIALS
from exporters.formats.template import FORMAT as TEMPLATE
from exporters.spill import chunks_of
from ledger.audience import AUDIENCES
from ledger.bundle import DIRECTIONS
from schemas.errors import InputError
from schemas.wording import LANGUAGES, Language

MOST_LOTS = 100
LOSSES = "Filiera-Losses"
TOML = "application/toml"


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
    return _written(ask, str(ask.request.path_params["format"]), None)


def filled(ask: Ask) -> Response:
    """A sheet by a template of the caller's own."""
    return _written(ask, TEMPLATE.name, read_template(ask.body, "template.toml"))


def template(ask: Ask) -> Response:
    """A template to begin with."""
    return Response(template_text(ask.value("name"), ask.language), media_type=TOML)


def _written(ask: Ask, format: str, own: Profile | None) -> Response:
    lots = ask.texts("lot")
    if len(lots) > MOST_LOTS:
        raise InputError("too-many-values", name="lot", limit=MOST_LOTS)
    audience = AUDIENCES[ask.choice("audience", tuple(AUDIENCES), "buyer")]()
    direction, document = ask.text("direction"), ask.text("document")
    if direction is not None and direction not in DIRECTIONS:
        raise InputError("parameter-value", name="direction", allowed=", ".join(DIRECTIONS))
    with ask.gates.turn(ask.caller):
        made = export(
            ask.node, format, lots, audience=ask.audience, to=audience,
            language=cast(Language, ask.choice("language", LANGUAGES, ask.language)),
            profile=ask.text("profile") or "standard", direction=direction, bare=ask.flag("bare"),
            document=document, issuer=ask.text("issuer"), template=own,
            knows=may_know(ask.node, ask.audience),
        )  # fmt: skip
    digest, size = hashlib.sha256(), 0
    for piece in chunks_of(made.file):
        digest.update(piece)
        size += len(piece)
    headers = {
        "Content-Disposition": f'attachment; filename="{digest.hexdigest()[:12]}.{made.suffix}"',
        "Content-Length": str(size),
        LOSSES: str(len(made.losses)),
    }
    return StreamingResponse(chunks_of(made.file), media_type=made.media_type, headers=headers)


_MEDIA = tuple(sorted({format.media_type for format in FORMATS.values()} | {"text/csv", edi_file.MEDIA_TYPE}))

_ASKED = (
    Parameter(
        "lot", "query", STRINGS, "A Digital Link, an EPC URN, an element string, or another absolute URI.",
        repeated=True, example=[LOT_EXAMPLE],
    ),
    Parameter(
        "document", "query", STRING, "The delivery note that it is of, by URI, or by number with `issuer`.",
    ),
    Parameter("issuer", "query", STRING, "Whose number that is, a GLN."),
    Parameter("audience", "query", {"enum": list(AUDIENCES)}, "Who will look (default: buyer)."),
    Parameter("direction", "query", {"enum": list(DIRECTIONS)}, "Which history, if not the format's own."),
    Parameter("language", "query", {"enum": list(LANGUAGES)}, "Language of the file."),
)  # fmt: skip
"""Of whom, of what and for whom a file is: what every export is asked."""

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
            *_ASKED,
            Parameter("profile", "query", STRING, "What one buyer asks beyond the format."),
            Parameter("bare", "query", BOOLEAN, "The file alone, of a format that travels in a ZIP beside its proof."),
        ),
        errors=(404,), tag="lots",
        description="Where data is missing there is no file: the problem lists it in `missing`, with who can fill it.",
    ),
    Endpoint(
        "GET", "/api/v1/templates/{name}", "formats", "readTemplate", "A template of a spreadsheet, to be changed.",
        template, Success(200, "TOML, with every path there is.", media=TOML, schema=STRING),
        parameters=(Parameter("name", "path", STRING, "Its name.", required=True, example="portal-lots"),),
        errors=(404,), tag="lots",
    ),
    Endpoint(
        "POST", "/api/v1/templates", "export", "exportTemplate", "A buyer's sheet, filled by a template of one's own.",
        filled,
        Success(
            200, "The spreadsheet.", media=TEMPLATE.media_type, schema={"description": "A workbook."},
            headers={LOSSES: "Columns whose text nobody signed, counted."},
        ),
        parameters=_ASKED,
        body=Body((TOML, "text/plain"), {"type": "string"}, None),
        errors=(404,), tag="lots",
        description="The body is the template. Where data is missing there is no file, as for every format.",
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
