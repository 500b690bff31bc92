"""`/stampa`: the sheets of this server, to be printed and hung up: its doors, and lots that everybody may know of.

- `?lot=…`, as often as there are lots, in any form that a scanner gives; without one, a published lot of each product.
- A lot that nobody published is named as one that has no sheet, whether it is known here or not.

    door("/stampa", "pack", printed)
"""

from collections.abc import Iterator

from starlette.responses import Response

from api.pages.consumer.finding import asked, first_lots
from api.pages.consumer.view import packs_of
from api.pages.printed import sheets
from api.pages.printed.sheets import Sheet
from api.pages.shell.rendering import page
from api.pages.shell.visit import Visit
from schemas.errors import InputError

MOST = 50
"""Lots that are printed at once."""


def printed(visit: Visit) -> Response:
    """The page; `InputError("printed-too-many")`."""
    wanted = [text.strip()[:200] for text in visit.request.query_params.getlist("lot") if text.strip()]
    if len(wanted) > MOST:
        raise InputError("printed-too-many", count=len(wanted), limit=MOST)
    with visit.turn():
        found = dict(_lots(visit, wanted)) if wanted else {uri: _sheet(visit, uri) for uri in first_lots(visit)[:MOST]}
    lots = [sheet for sheet in found.values() if sheet is not None]
    shown = lots if wanted and lots else [*sheets.doors(visit.origin), *lots]
    return page(
        visit.request,
        sheets.ROOM,
        "page.html",
        sheets=shown,
        spoken=sheets.spoken(),
        unknown=[text for text, sheet in found.items() if sheet is None],
    )


def _lots(visit: Visit, wanted: list[str]) -> Iterator[tuple[str, Sheet | None]]:
    """Each as it was asked for, with its sheet."""
    for text in wanted:
        try:
            (uri,) = asked(text, "", ())
        except (InputError, ValueError):
            yield text, None
        else:
            yield text, _sheet(visit, uri)


def _sheet(visit: Visit, uri: str) -> Sheet | None:
    shown = packs_of(visit.request).of(uri)
    return None if shown is None else sheets.of_lot(visit.origin, shown.pack)
