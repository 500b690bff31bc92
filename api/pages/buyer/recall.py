"""`/richiamo`: what a recall of a lot touches, with its clock; the drill that signs the answer.

- Looking writes nothing. The drill is recorded for the member whose person asks, by the rules of `api.access`.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from starlette.responses import Response

from api.pages.buyer.question import ask
from api.pages.buyer.tables import csv_answer, json_answer
from api.pages.shell.rendering import page
from api.pages.shell.visit import Visit
from api.verbs import recall as verbs
from exporters.facts.figures import number
from exporters.facts.journey import code_of
from ledger.readside.recall_report import Report
from ledger.readside.recall_tree import tree
from schemas.errors import InputError
from schemas.syntax import base64url
from schemas.wording import Language, sentence

COLUMNS = ("customer", "name", "contacts", "lot", "measure", "shipped", "received")
SHOWN = 200
"""Rows of a table that a page shows; the CSV has all."""


def show(visit: Visit) -> Response:
    """The report on a lot, or the question which."""
    text = visit.text("lot")
    if not text:
        return ask(visit, "recall")
    try:
        found = verbs.recall(visit.node, text, audience=visit.audience, as_of=visit.text("as_of") or None)
    except InputError as error:
        return ask(visit, "recall", text, error)
    return _page(visit, found, "")


def drill(visit: Visit) -> Response:
    """Record the drill."""
    member = visit.caller.member
    found, signed = verbs.drill(visit.node, visit.text("lot"), audience=visit.audience, member=member)
    return _page(visit, found, "", index=signed.index, digest=base64url.encode(signed.digest))


def as_json(visit: Visit) -> Response:
    """The report that a drill signs."""
    return json_answer(tree(verbs.recall(visit.node, visit.text("lot"), audience=visit.audience)))


def as_csv(visit: Visit) -> Response:
    """Whom to call, a row for each customer and lot."""
    found = verbs.recall(visit.node, visit.text("lot"), audience=visit.audience)
    return csv_answer(COLUMNS, _rows(found), "richiamo.csv")


def _rows(found: Report) -> list[list[Any]]:
    rows = []
    for item in found.recall.customers:
        called = "; ".join(_contact(contact) for contact in found.contacts(item))
        for (lot, measure), amount in sorted(item.shipped.items()):
            received = item.received.get((lot, measure))
            rows.append([item.uri, found.name(item.uri), called, lot, measure, f"{amount:f}", _plain(received)])
    return rows


def _page(visit: Visit, found: Report, wrong: str, **drilled: Any) -> Response:
    told = tree(found)
    may = visit.caller.member is not None and "capture" in visit.caller.scopes
    return page(
        visit.request, "buyer", "recall.html", told=told, code=code_of(found.recall.subject), wrong=wrong,
        customers=[
            {**customer, "called": [_contact(contact) for contact in customer["contacts"]]}
            for customer in told["customers"]
        ],
        gaps=[sentence(gap.code, dict(gap.context), visit.language) for gap in found.gaps],
        drilled=drilled, may=may, shown=SHOWN, code_of=code_of,
        figure=lambda text: number(Decimal(text), visit.language), clock=lambda text: _clock(text, visit.language),
    )  # fmt: skip


def _contact(contact: dict[str, Any]) -> str:
    return " ".join(str(contact[name]) for name in ("name", "telephone", "phone", "email") if contact.get(name))


def _clock(text: str, language: Language) -> str:
    """A moment of a report, as people write it, to the second."""
    found = datetime.fromisoformat(text)
    return f"{found:%d/%m/%Y, %H:%M:%S} UTC" if language == "it" else f"{found:%Y-%m-%d, %H:%M:%S} UTC"


def _plain(amount: Any) -> str:
    return "" if amount is None else f"{amount:f}"
