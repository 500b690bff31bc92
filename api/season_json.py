"""The figures of a season as faces show them: kilograms as decimal text, null where they are not shown, never zero.

season_tree(found, names)  ->  {"from": "2026-06-01", "total": {"made": {"kilograms": "600.5", "lines": 3, …}, …}, …}
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from api.balances import figure as amount
from api.balances import process_json, unit_of
from api.verbs.season import Names, Period, Season
from ledger.lots.balance import MASS
from ledger.lots.journey_time import JourneyTime, median
from ledger.lots.kilos import Kilos, Row
from ledger.lots.processes import Group, Process, all_lost, grouped
from ledger.lots.stock import product_of
from ledger.readside.season import Behind
from schemas.epcis.instant import instant


def season_tree(found: Season, names: Names) -> dict[str, Any]:
    """Everything that a season says of itself."""
    return {
        **period_tree(found.period),
        "total": _row(found.total),
        "products": [
            {"product": uri, "name": names.products.get(uri), **_row(row)} for uri, row in found.by_product.items()
        ],
        "sites": [
            {"site": uri or None, "name": names.sites.get(uri), **_row(row)} for uri, row in found.by_site.items()
        ],
        "weeks": [
            {"week": week.name, "monday": week.monday.isoformat(), **_row(row)} for week, row in found.by_week.items()
        ],
        "processes": len(found.processes),
        "yields": [_group(group) for group in grouped(found.processes)],
        "lost": plain(all_lost(found.processes)),
        "lots": len(found.lots),
        "hours": plain(median([each.hours for each in found.lots])),
        "unharvested": found.unharvested,
        "findings": dict(found.findings),
        "moreFindings": found.more_findings,
        "certificates": [
            {
                "id": each.id, "number": each.number, "scheme": each.scheme, "index": each.index, "from": each.begins,
                "to": None if each.ends is None else each.ends.isoformat(), "over": each.over,
            }
            for each in found.certificates
        ],
    }  # fmt: skip


def period_tree(period: Period) -> dict[str, Any]:
    """What was asked for."""
    return {
        "from": period.first.isoformat(), "to": period.last.isoformat(), "member": period.member,
        "product": period.product, "site": period.site,
    }  # fmt: skip


def _row(row: Row) -> dict[str, Any]:
    return {figure: kilos_tree(kilos) for figure, kilos in row.items()}


def _group(group: Group) -> dict[str, Any]:
    source, target = group.dimensions
    return {
        "from": sorted(group.products), "to": list(group.made), "processes": group.count,
        "used": amount(group.into, source), "usedUnit": unit_of(source),
        "made": amount(group.out, target), "madeUnit": unit_of(target),
        "percent": plain(group.percent), "lost": plain(group.lost), "over": group.over, "under": group.under,
    }  # fmt: skip


def kilos_tree(kilos: Kilos) -> dict[str, Any]:
    """One figure, how many lines are behind it, and of how many the kilograms are not known."""
    return {"kilograms": plain(kilos.kilograms), "lines": kilos.lines, "lacking": kilos.lacking}


def behind_tree(line: Behind, period: Period) -> dict[str, Any]:
    """One line behind a figure."""
    return {
        "index": line.index, "time": _time(line.at, period), "figure": line.figure, "lot": line.uri,
        "product": line.product, "site": line.site, "kilograms": plain(line.kilograms), "member": line.member,
    }  # fmt: skip


def process_tree(process: Process, period: Period) -> dict[str, Any]:
    """One process."""
    return {
        "time": _time(process.at, period), "from": list(process.used), "to": list(process.made),
        **process_json(process.yielded), "lost": plain(process.lost),
    }  # fmt: skip


def lot_tree(lot: JourneyTime, period: Period) -> dict[str, Any]:
    """One lot that was shipped, with the entries of its harvest and of its shipping."""
    return {
        "lot": lot.uri, "product": product_of(lot.uri), "harvested": _time(lot.harvested.at, period),
        "harvestIndex": lot.harvested.entry, "shipped": _time(lot.shipped.at, period),
        "shippingIndex": lot.shipped.entry, "hours": plain(lot.hours),
    }  # fmt: skip


def plain(value: Decimal | None) -> str | None:
    """A decimal as text without exponent; None where it is not shown."""
    return amount(value, MASS)


def _time(at: int, period: Period) -> str:
    found: datetime = instant(at).astimezone(period.zone)
    return found.isoformat(timespec="seconds")
