"""`/verifica`: the page that checks a file or a lot in the reader's own browser.

- The modules are those of `ledger/js` and `exporters/js`, served one by one; the page gives them this log's policy, and
  says that it came from this server.
- A scan or a typed code leads to the lot's bundle, which is checked like any file; `?lot=…` does so at once.
- A photo of the code is decoded here and kept nowhere; the lot that it names is then checked as if it were typed. That
  needs no script, and the page of the lot is one link away where there is none.
- A document's own figures are compared by the verb `verify`, when the reader asks for it: docs/adr/0059.

    door("/verifica", "verify", verifica)
"""

from contextlib import suppress

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import BaseRoute

from api.pages.consumer.addresses import page_of
from api.pages.shell.rendering import page
from api.pages.shell.visit import Visit, door
from api.verbs.trust import own_policy
from exporters.labels.decode import read
from exporters.labels.photo import MOST_BYTES, grey
from schemas.errors import InputError
from schemas.gs1.canonical import tagged_object
from schemas.gs1.recognise import recognise
from schemas.wording import explain

PATH = "/verifica"
_MOST_TEXT = 2048


def routes() -> list[BaseRoute]:
    """The routes of this room."""
    return [door(PATH, "verify", verifica), door(PATH, "scan", photographed, method="POST")]


def verifica(visit: Visit) -> Response:
    """The page."""
    return _page(visit, visit.text("lot", _MOST_TEXT))


def photographed(visit: Visit) -> Response:
    """On to the check of the lot whose code is in a photo; or the page, with what is the matter with it."""
    try:
        with visit.turn():
            lot = lot_in(_sent(visit))
    except InputError as error:
        return _page(visit, "", wrong=explain(error, visit.language), status=400)
    return visit.to(PATH, lot=lot)


def lot_in(photo: bytes) -> str:
    """The first lot, item or unit that a code in a photo names, in brackets: `(01)09520001000011(10)P-7`.

    `InputError`: those of `photo.grey`, `photo-no-code`, and `photo-other-code` where every code is of something else.
    """
    found = [each.content for each in read(*grey(photo))]
    if not found:
        raise InputError("photo-no-code")
    lot = next((text for text in found if _subject(text)), None)
    if lot is None:
        raise InputError("photo-other-code", value=found[0][:90])
    return recognise(lot).ai


def _subject(text: str) -> str | None:
    """The canonical URI of the lot, item or unit that a text names; None where it names none."""
    with suppress(InputError):
        return tagged_object(recognise(text).digital_link)
    return None


def _sent(visit: Visit) -> bytes:
    """The photo of the form; no more of it is read than is taken. `InputError("photo-missing")`."""
    sent = visit.form.get("photo")
    data = sent.file.read(MOST_BYTES + 1) if isinstance(sent, UploadFile) else b""
    if not data:
        raise InputError("photo-missing")
    return data


def _page(visit: Visit, lot: str, *, wrong: str = "", status: int = 200) -> Response:
    subject = _subject(lot) if lot else None
    return page(
        visit.request,
        "verifier",
        "verifier.html",
        status=status,
        camera=True,
        policy=own_policy(visit.node).decode("utf-8"),
        lot=lot,
        shown=page_of(subject) if subject else "",
        wrong=wrong,
    )
