"""The figures of a season over HTTP, and what is behind each.

GET /api/v1/season?from=2026-06-01&to=2026-10-31   GET /api/v1/season/events?figure=shipped&week=2026-W30
"""

from starlette.responses import JSONResponse, Response

from api.http.endpoint import Ask, Endpoint, Parameter, Success
from api.http.v1.schemas import BOOLEAN, INDEX, NULLABLE_STRING, STRING, Schema, obj
from api.season_json import behind_tree, kilos_tree, lot_tree, period_tree, process_tree, season_tree
from api.verbs.season import (
    Period,
    period_of,
    season,
    season_events,
    season_lots,
    season_names,
    season_processes,
)
from ledger.lots.kilos import MOVING


def _period(ask: Ask) -> Period:
    return period_of(
        ask.node, audience=ask.audience, begins=ask.text("from"), until=ask.text("to"), product=ask.text("product"),
        site=ask.text("site"), member=ask.text("member"),
    )  # fmt: skip


def figures(ask: Ask) -> Response:
    """All figures of a period."""
    with ask.gates.turn(ask.caller):
        found = season(ask.node, _period(ask), audience=ask.audience)
        return JSONResponse(season_tree(found, season_names(ask.node, audience=ask.audience)))


def events(ask: Ask) -> Response:
    """The lines behind a figure."""
    with ask.gates.turn(ask.caller):
        period = _period(ask)
        lines, total = season_events(
            ask.node, period, audience=ask.audience, figure=ask.text("figure"), week=ask.text("week")
        )
        told = {"lines": [behind_tree(line, period) for line in lines], "total": kilos_tree(total)}
    return JSONResponse({**period_tree(period), **told})


def processes(ask: Ask) -> Response:
    """The processes behind the yields."""
    with ask.gates.turn(ask.caller):
        period = _period(ask)
        found = season_processes(ask.node, period, audience=ask.audience, made=ask.text("made"))
        told = [process_tree(each, period) for each in found]
    return JSONResponse({**period_tree(period), "processes": told})


def lots(ask: Ask) -> Response:
    """The lots behind the hours from harvest to shipping."""
    with ask.gates.turn(ask.caller):
        period = _period(ask)
        found, unharvested = season_lots(ask.node, period, audience=ask.audience)
        told = [lot_tree(each, period) for each in found]
    return JSONResponse({**period_tree(period), "lots": told, "unharvested": unharvested})


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_PERIOD = (
    Parameter("from", "query", STRING, "The first day (in Italy); 52 weeks before the last without it.",
              example="2026-05-01"),
    Parameter("to", "query", STRING, "The last day, which counts whole; today without it.", example="2026-10-31"),
    Parameter("product", "query", STRING, "Only lots of this product, a GTIN in any form."),
    Parameter("site", "query", STRING, "Only what happened at this site."),
    Parameter("member", "query", STRING, "Only this member's stock; without it, the caller's own or all."),
)  # fmt: skip
_ASKED = {"from": STRING, "to": STRING, "member": NULLABLE_STRING, "product": NULLABLE_STRING, "site": NULLABLE_STRING}
_COUNT: Schema = {"type": "integer"}
_FIGURE = {"type": "string", "enum": list(MOVING)}
_KILOS = obj({"kilograms": NULLABLE_STRING, "lines": _COUNT, "lacking": _COUNT})
_ROW: dict[str, Schema] = dict.fromkeys(MOVING, _KILOS)
_TABLES = {
    "products": _array(obj({"product": STRING, "name": NULLABLE_STRING, **_ROW})),
    "sites": _array(obj({"site": NULLABLE_STRING, "name": NULLABLE_STRING, **_ROW})),
    "weeks": _array(obj({"week": STRING, "monday": STRING, **_ROW})),
}
_CERTIFICATE = obj({
    "id": STRING, "number": STRING, "scheme": STRING, "index": INDEX, "from": STRING, "to": NULLABLE_STRING,
    "over": BOOLEAN,
})  # fmt: skip
_BEHIND = obj({
    "index": INDEX, "time": STRING, "figure": _FIGURE, "lot": STRING, "product": STRING, "site": NULLABLE_STRING,
    "kilograms": NULLABLE_STRING, "member": STRING,
})  # fmt: skip
_LOT = obj({
    "lot": STRING, "product": STRING, "harvested": STRING, "harvestIndex": INDEX, "shipped": STRING,
    "shippingIndex": INDEX, "hours": STRING,
})  # fmt: skip
ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/season", "season", "showSeason", "What a season gave, by product, site and week.", figures,
        Success(
            200, "Kilograms are decimals as text, those of the balance; null is not shown, never zero.",
            schema=obj({
                **_ASKED, "total": obj(_ROW), **_TABLES, "processes": _COUNT,
                "yields": _array({"type": "object"}), "lost": STRING, "lots": _COUNT,
                "hours": NULLABLE_STRING, "unharvested": _COUNT,
                "findings": {"type": "object", "additionalProperties": _COUNT}, "moreFindings": BOOLEAN,
                "certificates": _array(_CERTIFICATE),
            }),
        ),
        parameters=_PERIOD, tag="lots",
    ),
    Endpoint(
        "GET", "/api/v1/season/events", "season", "listSeasonEvents", "The events behind the kilograms of a season.",
        events,
        Success(
            200, "The lines in the order of time; their kilograms add up to the figure.",
            schema=obj({**_ASKED, "lines": _array(_BEHIND), "total": _KILOS}),
        ),
        parameters=(
            *_PERIOD, Parameter("figure", "query", _FIGURE, "Only lines of this figure.", example="shipped"),
            Parameter("week", "query", STRING, "Only lines of this week of the period, as ISO 8601 writes it."),
        ),
        tag="lots",
    ),
    Endpoint(
        "GET", "/api/v1/season/processes", "season", "listSeasonProcesses", "The processes behind a season's yields.",
        processes,
        Success(
            200, "The processes that ended in the period, each with its yield and what was said to be lost.",
            schema=obj({**_ASKED, "processes": _array({"type": "object"})}),
        ),
        parameters=(*_PERIOD, Parameter("made", "query", STRING, "Only processes that made this product.")), tag="lots",
    ),
    Endpoint(
        "GET", "/api/v1/season/lots", "season", "listSeasonLots", "Hours from harvest to shipping, lot by lot.", lots,
        Success(
            200, "The lots that were shipped, with the entries of their oldest harvest and of their first shipment.",
            schema=obj({**_ASKED, "lots": _array(_LOT), "unharvested": _COUNT}),
        ),
        parameters=_PERIOD, tag="lots",
    ),
)  # fmt: skip
