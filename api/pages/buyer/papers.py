"""`/dossier`: every paper of a lot, made after its pre-flight, or what it lacks and who can fill that.

- A paper is made for whom it is meant, in the language that is asked for, of what who asks may see; by its format's
  first profile, which is the standard one where there is one.
"""

from starlette.responses import Response

from api.pages.buyer.question import ask
from api.pages.buyer.tables import csv_answer, json_answer
from api.pages.shell.files import file_answer
from api.pages.shell.rendering import page
from api.pages.shell.visit import Visit
from api.verbs.export import export, list_formats
from api.verbs.export_bundle import export_bundle, may_know, object_uri
from exporters.catalogue import FORMATS, profiles_for
from exporters.facts.journey import code_of
from exporters.format import MissingData
from exporters.preflight import missing_lines
from ledger.audience import AUDIENCES, narrowed
from ledger.readside.named import named
from schemas.errors import InputError
from schemas.wording import LANGUAGES

BUNDLE = "bundle"


def show(visit: Visit) -> Response:
    """The list of papers, one paper, or what it lacks."""
    lot, format = visit.text("lot"), visit.text("format")
    if not lot:
        return ask(visit, "papers")
    try:
        uri = object_uri(lot)
        if format:
            return _bundle(visit, uri) if format == BUNDLE else _made(visit, uri, format)
    except MissingData as error:
        return _listed(visit, uri, missing=list(missing_lines(error, visit.language)), status=422)
    except InputError as error:
        return ask(visit, "papers", lot, error)
    return _listed(visit, uri)


def as_json(visit: Visit) -> Response:
    """The formats, as `filiera formats --json` lists them."""
    return json_answer({"formats": list_formats(visit.language)})


def as_csv(visit: Visit) -> Response:
    """The formats as rows."""
    columns = ("name", "media_type", "asked_by", "validator")
    rows = ([format[name] for name in columns] for format in list_formats(visit.language))
    return csv_answer(columns, rows, "formats.csv")


def _made(visit: Visit, uri: str, format: str) -> Response:
    spoken = visit.text("language") or visit.language
    if spoken not in LANGUAGES:
        raise InputError("parameter-value", name="language", allowed=", ".join(LANGUAGES))
    made = export(
        visit.node, format, [uri], audience=visit.audience, to=AUDIENCES[_audience(visit)](),
        language=spoken, profile=profiles_for(format)[0], knows=may_know(visit.node, visit.audience),
    )  # fmt: skip
    return file_answer(made.data, made.media_type, f"{format}-{code_of(uri)}.{made.suffix}")


def _bundle(visit: Visit, uri: str) -> Response:
    looking = narrowed(visit.audience, AUDIENCES[_audience(visit)]())
    data = export_bundle(
        visit.node, uri, direction="both", audience=looking, knows=may_know(visit.node, visit.audience),
        naming=named(visit.node, visit.audience, looking),
    )  # fmt: skip
    return file_answer(data, "application/json", f"{code_of(uri)}.filiera.json")


def _audience(visit: Visit) -> str:
    asked = visit.text("audience") or "buyer"
    if asked not in AUDIENCES:
        raise InputError("parameter-value", name="audience", allowed=", ".join(AUDIENCES))
    return asked


def _listed(visit: Visit, uri: str, *, missing: list[str] | None = None, status: int = 200) -> Response:
    alone = {name for name, format in FORMATS.items() if format.issued is None}
    return page(
        visit.request, "buyer", "papers.html", status=status, uri=uri, code=code_of(uri), missing=missing or [],
        formats=[format for format in list_formats(visit.language) if format["name"] in alone],
        audiences=list(AUDIENCES), chosen=_audience(visit), format=visit.text("format"),
    )  # fmt: skip
