"""Mass balance over HTTP: each caller the stock it may see.

GET /api/v1/balance?by=product&from=2026-05-01&to=2026-10-31   GET /api/v1/balance?lot=(01)…(10)…
"""

from typing import cast

from starlette.responses import JSONResponse, Response

from api.balances import balances_json
from api.http.endpoint import Ask, Endpoint, Parameter, Success
from api.http.v1.lots import LOT_EXAMPLE
from api.http.v1.schemas import STRING, listed, obj
from api.verbs.balance import BY, balance
from ledger.lots.balance import By


def balances(ask: Ask) -> Response:
    """The accounts of a period."""
    lot = ask.text("lot")
    with ask.gates.turn(ask.caller):
        found = balance(
            ask.node, audience=ask.audience, by=cast(By, ask.choice("by", BY, "lot" if lot else "product")), lot=lot,
            product=ask.text("product"), site=ask.text("site"), member=ask.text("member"), begins=ask.text("from"),
            until=ask.text("to"), as_of=ask.text("as_of"),
        )  # fmt: skip
    return JSONResponse(balances_json(found))


_MOMENT = "A day (UTC) or an instant with its zone"
ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/balance", "balance", "balanceStock", "The mass balance of lots, products, sites or members.",
        balances,
        Success(
            200, "Figures are decimals as text, in the unit of their account; null is not shown, never zero.",
            schema=obj({
                "accounts": listed("StockAccount"), "totals": listed("StockAccount"), "processes": listed("Process"),
                "units": {"type": "array", "items": STRING, "description": "Units whose contents are not shown."},
            }),
        ),
        parameters=(
            Parameter("by", "query", {"enum": list(BY)}, "What an account is of: each product, unless a lot is named."),
            Parameter("lot", "query", STRING, "Only this lot, in any form.", example=LOT_EXAMPLE),
            Parameter("product", "query", STRING, "Only lots of this product, a GTIN in any form."),
            Parameter("site", "query", STRING, "Only what happened at this site."),
            Parameter("member", "query", STRING, "Only this member's stock; without it, the caller's own or all."),
            Parameter("from", "query", STRING, f"{_MOMENT}: what was before is the opening.", example="2026-05-01"),
            Parameter("to", "query", STRING, f"{_MOMENT}: the last day counts whole.", example="2026-10-31"),
            Parameter("as_of", "query", STRING, f"{_MOMENT}: as the ledger knew it then."),
        ),
        errors=(404,), tag="lots",
    ),
)  # fmt: skip
