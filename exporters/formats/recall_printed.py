"""The recall notice as a shop pins it to the wall: the Ministry's sheet on one page, as a PDF/A-3 with its proof.

- Of recalls that are recorded and stand: who recalls, why, since when and what buyers shall do come from the event
  that opened it, everything else from the events and master data of the lots. Nothing else is said.
- Labels, values and their order are those of `exporters.formats.recall_notice`: web, portal and paper are the same.
- Several lots of one product that one member recalls together are one sheet; a product more, a page more.
- The type is as large as one page allows. The QR Code is the Digital Link of the lot, under the resolver that the
  profile names (`resolver`), or GS1's own.

    content(paper).data["sheets"][0]["rows"]  ->  [{"label": "Denominazione di vendita", "value": "…"}, …]

Regulation (EC) 178/2002 article 19; Ministry of Health, note DGISAN 0011318 of 10 October 2025; FORMATS section 4.6.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exporters.facts.figures import zone
from exporters.facts.history import Event, Facts
from exporters.files import pdf
from exporters.files.pdf import Document
from exporters.format import Format, Missing, Need, Paper
from exporters.formats.recall_fields import Born, Recalling, Told, lacking, sheet
from exporters.formats.recall_notice import NAME, Notice, rows, said_on
from exporters.labels.pictures import svg
from exporters.labels.symbols import qr
from ledger.lots.recalled import Standing, number_of, standing
from ledger.lots.stock import product_of
from ledger.lots.timeline import order
from schemas.epcis.instant import instant
from schemas.epcis.own_terms import own_value
from schemas.gs1.digital_link import CANONICAL_STEM
from schemas.wording import Language, sentence

_TRADE_ITEM = f"{CANONICAL_STEM}/01/"
_READ_FIRST = frozenset(("designation", "lots", "expiry", "reason", "warnings"))
"""What a customer looks for: whether it is hers, why, and what she shall do."""
_MODULE = 0.6
"""Millimetres of a module of the QR Code."""


@dataclass(frozen=True, slots=True)
class _Recalled:
    """One lot of a bundle, the recall that stands on it, and the event that opened it."""

    told: Told
    standing: Standing
    opened: Event
    warnings: str


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The sheet of one product in one recall, and what it was made from; `entry`: the newest that opened it."""

    product: str
    told: tuple[Told, ...]
    recalling: Recalling
    notice: Notice
    entry: int


def content(paper: Paper) -> Document:
    """The document."""
    sheets = _sheets(paper)
    first = sheets[0]
    link = paper.profile.link(first.told[0].lot)
    return Document(
        "recall",
        {
            "title": sentence("recall-notice-title", {}, paper.language),
            "sheets": [_page(each, paper.facts[0], paper.language) for each in sheets],
            "proof": sentence("recall-notice-proof", {}, paper.language),
            "proof-how": sentence("recall-notice-proof-how", {}, paper.language),
            "link": link,
        },
        title=sentence("recall-notice-of", {"product": first.notice.designation}, paper.language),
        author=first.told[-1].name(first.recalling.member, first.recalling.at, first.recalling),
        made=max(each.recalling.at for each in sheets),
        pictures={"link": svg(qr(link), x=_MODULE)},
    )


def missing(paper: Paper) -> Iterator[Missing]:
    """Lots with a GTIN, a recall that stands on each, and every field that the sheet must have."""
    for facts in paper.facts:
        if not (facts.subject or "").startswith(_TRADE_ITEM):
            yield Missing("notice-lot", facts.subject or "-", "holder")
        elif _recalled(facts) is None:
            yield Missing("notice-recall", facts.subject or "-", "recorder")
    for each in _sheets(paper):
        yield from lacking(each.notice, each.product, each.told, each.recalling)


def _sheets(paper: Paper) -> list[_Sheet]:
    """A sheet for each product in each recall, in the order of the lots."""
    found: dict[tuple[str, str, str | None], list[_Recalled]] = {}
    for facts in paper.facts:
        one = _recalled(facts)
        if one is not None and one.told.lot.startswith(_TRADE_ITEM):
            key = product_of(one.told.lot), one.standing.member, one.standing.number
            found.setdefault(key, []).append(one)
    return [_sheet(product, lots, paper.language) for (product, _, _), lots in found.items()]


def _sheet(product: str, lots: Sequence[_Recalled], language: Language) -> _Sheet:
    last = max(lots, key=lambda one: order(one.opened.step))
    at = last.opened.at or 0
    offset = str(last.opened.content.get("eventTimeZoneOffset", ""))
    recalling = Recalling(
        last.standing.member,
        at,
        instant(at).astimezone(zone(offset)).date(),
        last.standing.reason or "",
        last.warnings or sentence("recall-notice-default", {}, language),
    )
    told = tuple([one.told for one in lots])
    return _Sheet(product, told, recalling, sheet(product, told, recalling), last.opened.index)


def _recalled(facts: Facts) -> _Recalled | None:
    """The subject of a bundle with the newest recall that stands on it."""
    uri = facts.subject or ""
    stands = standing([event.step for event in facts.standing], uri)
    if not stands:
        return None
    newest = max(stands, key=lambda one: (one.at or 0, one.index))
    (opened,) = [event for event in facts.standing if event.index == newest.index]
    return _Recalled(_told(facts, uri), newest, opened, _warnings(facts, newest))


def _warnings(facts: Facts, recall: Standing) -> str:
    """What the events of one recall say that buyers shall do: the last word counts."""
    said = [
        own_value(event.content, "recallWarnings")
        for event in facts.standing
        if event.member == recall.member and number_of(event.step) == recall.number
    ]
    return next((text for text in reversed(said) if isinstance(text, str)), "")


def _told(facts: Facts, lot: str) -> Told:
    made = next((event for event in facts.standing if lot in event.step.moves.made), None)
    if made is None:
        return Told(lot, None, facts.masters, facts.members)
    place = made.step.biz_location or made.step.read_point
    return Told(
        lot, Born(made.content, made.index, made.member, made.at, place), facts.masters, facts.members, made.index
    )


def _page(found: _Sheet, facts: Facts, language: Language) -> Mapping[str, Any]:
    return {
        "rows": [
            {"label": label, "value": value, "first": name in _READ_FIRST}
            for name, label, value in rows(found.notice, language)
        ],
        "issued": said_on(found.notice, language),
        "entry": sentence("recall-notice-entry", {"origin": facts.origin, "index": found.entry}, language),
    }


FORMAT = Format(
    NAME,
    pdf.KIND,
    "application/pdf",
    "pdf",
    direction="back",
    asked_by="asked-recall-notice",
    validator="PDF/A-3b",
    content=content,
    needs=(
        Need("notice-recall", "filiera:recallReason", "recorder"),
        Need("notice-expiry", "ilmd", "recorder"),
        Need("notice-designation", "master-name", "master"),
        Need("notice-brand", "master-product", "master"),
        Need("notice-pack", "master-product", "master"),
        Need("notice-operator", "master-name", "master"),
        Need("notice-plant", "master-address", "master"),
    ),
    missing=missing,
)
