"""Labels: of a lot or a logistic unit, as a page, a picture or a printer's program.

GET /api/v1/labels/{kind}?of=…&format=zpl

- Made of what the caller sees. What is missing is answered as a problem with a list `missing`, and there is no file.
"""

import hashlib
from typing import cast

from starlette.responses import Response

from api.http.endpoint import Ask, Endpoint, Parameter, Success
from api.http.v1.schemas import STRING
from api.verbs.export_bundle import may_know
from api.verbs.label import label
from exporters.labels.kinds import KINDS, MEDIA, MOST_COPIES, Suffix
from exporters.labels.sizes import RESOLUTIONS
from schemas.wording import LANGUAGES, Language

UNIT_EXAMPLE = "(00)095210010000000000"


def one(ask: Ask) -> Response:
    """One label."""
    suffix = cast(Suffix, ask.choice("format", tuple(MEDIA), "pdf"))
    with ask.gates.turn(ask.caller):
        made = label(
            ask.node, str(ask.request.path_params["kind"]), ask.text("of") or "", suffix=suffix, audience=ask.audience,
            language=cast(Language, ask.choice("language", LANGUAGES, ask.language)), size=ask.text("size"),
            dpi=ask.number("dpi"), copies=1 if (copies := ask.number("copies")) is None else copies,
            tiled=ask.flag("tiled"),
            domain=ask.text("domain"), net_weight=ask.text("net_weight"), knows=may_know(ask.node, ask.audience),
        )  # fmt: skip
    name = f"{hashlib.sha256(made.data).hexdigest()[:12]}.{suffix}"
    return Response(
        made.data, media_type=made.media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/labels/{kind}", "label", "writeLabel", "The label of a lot or of a logistic unit.", one,
        Success(200, "The label.", media=MEDIA["pdf"], schema={"type": "string", "format": "binary"}),
        parameters=(
            Parameter("kind", "path", {"enum": list(KINDS)}, "Which label.", required=True, example="logistic"),
            Parameter(
                "of", "query", STRING, "A lot or unit: a Digital Link, an EPC URN or an element string.", required=True,
                example=UNIT_EXAMPLE,
            ),
            Parameter("format", "query", {"enum": list(MEDIA)}, "The kind of file (default: pdf)."),
            Parameter("size", "query", STRING, "The name of a size, if not the first that holds everything."),
            Parameter("dpi", "query", {"enum": list(RESOLUTIONS)}, "Dots an inch (default: 300, and 203 for zpl)."),
            Parameter(
                "copies", "query", {"type": "integer", "minimum": 1, "maximum": MOST_COPIES}, "How many (pdf, zpl)."
            ),
            Parameter("tiled", "query", {"type": "boolean"}, "As many on an A4 sheet as it holds (pdf)."),
            Parameter("domain", "query", STRING, "The web address that the consumer's link begins with."),
            Parameter("net_weight", "query", STRING, "Net kilograms of what is sold by weight."),
            Parameter("language", "query", {"enum": list(LANGUAGES)}, "Language of the label."),
        ),
        errors=(404,), tag="lots",
        description="Where data is missing there is no label: the problem lists it in `missing`, with who can fill it.",
    ),
)  # fmt: skip
