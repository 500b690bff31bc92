"""A recall report as JSON, and the digest of it that a drill signs.

- `tree` is the report; `digest` is the SHA-256 of its RFC 8785 form. Amounts are text, for a double cannot hold them.
- `steps_tree` gives the events it was made from, which stand beside it: the log signs them itself.

    digest(tree(report(…)))

FORMATS 5.1, 6.15; ARCHITECTURE.md 3.2 (kind `drill`); docs/adr/0041-what-a-recall-counts.md.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from ledger.lots.figures import Figures
from ledger.lots.mixing import mixed
from ledger.lots.recall import Amounts, Customer
from ledger.lots.recalled import Standing
from ledger.lots.step import Step
from ledger.lots.whereabouts import in_time
from ledger.readside.recall_report import Report
from schemas.syntax import json_text

FORMAT = "filiera-recall/1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def tree(found: Report) -> dict[str, Any]:
    """The report as JSON."""
    recalled = found.recall
    took = found.answered - found.asked
    return {
        "format": FORMAT,
        "log": found.origin,
        "size": found.size,
        "subject": recalled.subject,
        "asked": time(found.asked),
        "answered": time(found.answered),
        "asOf": None if found.question.moment is None else time(found.question.moment),
        "milliseconds": took // timedelta(milliseconds=1),
        "mixing": [mixed(item) for item in recalled.mixing],
        "percent": None if recalled.percent is None else str(recalled.percent),
        "totals": {measure: _figures(figures) for measure, figures in recalled.totals.items()},
        "lots": [_lot(found, uri) for uri in recalled.lots],
        "units": [_unit(found, uri) for uri in recalled.units],
        "customers": [_customer(found, item) for item in recalled.customers],
        "stock": [
            {
                "lot": item.lot, "measure": item.measure, "amount": format(item.amount, "f"), "member": item.member,
                "place": item.place, "name": found.name(item.place),
            }
            for item in recalled.stock
        ],
        "gaps": [
            {"code": gap.code, "about": gap.uri, "context": dict(gap.context), "entries": list(gap.causes)}
            for gap in found.gaps
        ],
    }  # fmt: skip


def steps_tree(found: Report) -> list[dict[str, Any]]:
    """The events that a report was made from, in the order of their times: beside it, for the log signs them itself."""
    return [_step(step) for step in in_time(found.recall.steps)]


def digest(told: Mapping[str, Any]) -> bytes:
    """The SHA-256 of a report's RFC 8785 form: what a drill signs."""
    return sha256(json_text.canonical(dict(told))).digest()


def _lot(found: Report, uri: str) -> dict[str, Any]:
    figures = found.recall.figures.get(uri, {})
    return {
        "lot": uri,
        "product": found.product(uri).get("name"),
        "figures": {measure: _figures(item) for measure, item in figures.items()},
        "recalled": _standing(found, uri),
    }


def _unit(found: Report, uri: str) -> dict[str, Any]:
    state, where = found.recall.whereabouts.get(uri, (None, None))
    return {"unit": uri, "state": state, "where": where, "recalled": _standing(found, uri)}


def _standing(found: Report, uri: str) -> list[dict[str, Any]]:
    return [stands_tree(item) for item in found.open.get(uri, ())]


def stands_tree(item: Standing) -> dict[str, Any]:
    """A recall that stands: who recalls, since when, why, and the entry that says so."""
    return {
        "member": item.member, "entry": item.index, "number": item.number, "subject": item.subject,
        "since": None if item.at is None else time(_EPOCH + timedelta(microseconds=item.at)), "reason": item.reason,
    }  # fmt: skip


def _customer(found: Report, item: Customer) -> dict[str, Any]:
    return {
        "party": item.uri,
        "name": found.name(item.uri),
        "contacts": found.contacts(item),
        "places": [{"place": uri, "name": found.name(uri)} for uri in item.places],
        "lots": list(item.lots),
        "units": list(item.units),
        "shipped": _amounts(item.shipped),
        "received": _amounts(item.received),
        "last": None if item.last is None else time(_EPOCH + timedelta(microseconds=item.last)),
        "entries": list(item.causes),
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "entry": step.index,
        "member": step.member,
        "time": None if step.at is None else time(_EPOCH + timedelta(microseconds=step.at)),
        "type": step.type,
        "bizStep": step.biz_step,
        "disposition": step.disposition,
        "readPoint": step.read_point,
        "bizLocation": step.biz_location,
        "sources": [list(pair) for pair in step.sources],
        "destinations": [list(pair) for pair in step.destinations],
        "stands": step.stands,
        "flows": [
            {
                "object": flow.uri, "role": flow.role, "unit": flow.amount.uom if flow.amount else None,
                "quantity": format(flow.amount.quantity, "f") if flow.amount else None,
            }
            for flow in step.flows
        ],
    }  # fmt: skip


def _figures(item: Figures) -> dict[str, str]:
    names = ("born", "used", "shipped", "in_stock", "destroyed", "unaccounted")
    said = {name: _plain(getattr(item, name)) for name in names}
    said["inStock"] = said.pop("in_stock")
    return said


def _amounts(amounts: Amounts) -> list[dict[str, str]]:
    return [
        {"lot": lot, "measure": measure, "amount": _plain(amount)} for (lot, measure), amount in sorted(amounts.items())
    ]


def _plain(value: Decimal) -> str:
    return format(value, "f")


def time(value: datetime) -> str:
    """A moment in UTC, to the millisecond."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat("T", "milliseconds") + "Z"


def summed(amounts: Amounts) -> dict[str, Decimal]:
    """The amounts of all lots together, by measure."""
    found: dict[str, Decimal] = {}
    for (_, measure), amount in amounts.items():
        found[measure] = found.get(measure, Decimal(0)) + amount
    return found
