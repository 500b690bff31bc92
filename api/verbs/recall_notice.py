"""The public notices of a recall, filled from what is recorded in events and master data.

- A sheet for each affected product that has a GTIN, with all its affected lots, before a recall is opened or after.
  What nobody recorded is asked for, not left blank.
- What fills each field is `exporters.formats.recall_fields`' to say. As a paper with its proof the notice is an export,
  `recall-notice`, of a recall that is recorded.

    notices(node, "(01)09521001002011(10)P-7", reason="Listeria", warnings="…", audience=full())

FORMATS section 4.6 and 5.1.
"""

from collections.abc import Mapping
from typing import Any

from api.verbs.recall import recall
from exporters.format import MissingData
from exporters.formats.recall_fields import Born, Recalling, Told, lacking, sheet
from exporters.formats.recall_notice import NAME, Notice
from ledger.audience import Audience
from ledger.capture.recall_events import check_reason
from ledger.lots.said import Masters
from ledger.node import Node
from ledger.readside.answer import answers
from ledger.readside.recall_report import Report, product_of
from ledger.readside.said import said_of
from schemas.errors import InputError


def notices(
    node: Node, lot: str, *, reason: str, warnings: str, audience: Audience, member: str | None = None
) -> tuple[Notice, ...]:
    """The notices of a recall, in order of their products. `member`: who recalls (default: whose gateway key is here).

    `InputError`: `recall-notice-none` where no affected lot has a GTIN, `recall-reason`, and those of
    `recall`; `MissingData` where a field that the sheet must have was never recorded.
    """
    reason, warnings = check_reason(reason), check_reason(warnings)
    found = recall(node, lot, audience=audience)
    by: dict[str, list[str]] = {}
    for uri in found.recall.lots:
        product = product_of(uri)
        if product is not None:
            by.setdefault(product, []).append(uri)
    if not by:
        raise InputError("recall-notice-none", subject=found.recall.subject)
    own = member or audience.member or node.own_member()
    at = found.question.at
    recalling = Recalling(own, at, found.answered.date(), reason, warnings)
    told = _told(node, found, audience, own)
    made = {product: sheet(product, [told[uri] for uri in lots], recalling) for product, lots in sorted(by.items())}
    missing = [
        each
        for product, notice in made.items()
        for each in lacking(notice, product, [told[uri] for uri in by[product]], recalling)
    ]
    if missing:
        raise MissingData(NAME, tuple(dict.fromkeys(missing)))
    return tuple(made.values())


def _told(node: Node, found: Report, audience: Audience, own: str) -> dict[str, Told]:
    """What is said of each affected lot, read once for all of them."""
    steps = found.born
    seen = {item.index: item for item in answers(node, sorted({s.index for s in steps.values()}), seen_by=audience)}
    born = {
        lot: Born(seen[step.index].event, step.index, step.member, step.at, step.biz_location or step.read_point)
        for lot, step in steps.items()
        if step.index in seen
    }
    profiles = {iss: _profile(node, iss) for iss in {own, *(one.member for one in born.values())}}
    masters = _masters(node, found, [Told(lot, one, found.masters, profiles) for lot, one in born.items()], own)
    return {
        lot: Told(lot, born.get(lot), masters, profiles, steps[lot].index if lot in steps else None)
        for lot in found.recall.lots
    }


def _masters(node: Node, found: Report, told: list[Told], own: str) -> Masters:
    """What is said of the lots' products, of the places where they were made, and of the members that made them."""
    named = {one.born.place for one in told if one.born is not None and one.born.place is not None}
    named |= {uri for one in told for iss in one.profiles for uri in one.uris(iss)}
    named |= {product for lot in found.recall.lots if (product := product_of(lot)) is not None} | {own}
    with node.store.read() as connection:
        return said_of(node, connection, named, seen_by=found.question.audience)


def _profile(node: Node, iss: str) -> Mapping[str, Any]:
    found = node.registry.member(iss)
    if found is None or found.profile is None:
        return {}
    return dict(node.entry(found.profile).profile or {})
