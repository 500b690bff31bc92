"""What every paper of a despatch asks: which delivery note it is of, and what must be known of it.

- A paper is of one note: the one it was asked for, else the only one that its bundles tell of. Which of several is for
  who asks to say.
- What is missing is said with who can fill it: who recorded the shipment, or who keeps master data.

    list(missing(paper, goods, traders));  chosen(paper).number

DPR 472/1996 article 1; FORMATS 2.4.
"""

from collections.abc import Callable, Iterator

from exporters.facts.history import Event
from exporters.facts.parties import WHOLE_ADDRESS, Where, Who, lacking
from exporters.facts.shipping import Despatch, despatches
from exporters.format import Missing, Need, Paper
from schemas.errors import InputError
from schemas.wording import Language, sentence

NEEDS = (
    Need("desadv", "bizTransactionList (desadv)", "recorder"),
    Need("destination", "destinationList (location, owning_party)", "recorder"),
    Need("quantity", "quantityList", "recorder"),
    Need("name", "master-name", "master"),
    Need("street", "master-address", "master"),
)
TRANSPORT = (
    Need("transportReason", "filiera:transportReason, owning_party", "recorder"),
    Need("carrier", "filiera:carrier", "recorder"),
    Need("packages", "filiera:packages", "recorder"),
    Need("vatNumber", "master-vat", "master"),
)
Demand = Callable[[Despatch], Iterator[Missing]]
ADDRESS = tuple(name for name in WHOLE_ADDRESS if name != "region")


def chosen(paper: Paper) -> Despatch:
    """The despatch a paper is of, where nothing is missing to choose it."""
    (note,) = _candidates(paper)
    return note


def missing(paper: Paper, *demands: Demand) -> Iterator[Missing]:
    """What any of these demands lacks; before them the delivery note itself, or which one of several is meant.

    `InputError("despatch-unknown")` where the paper was asked for of a note that bundles do not tell of.
    """
    found = _candidates(paper)
    if not found:
        yield Missing("desadv", paper.facts[0].subject or "-", "recorder")
    elif len(found) > 1:
        yield Missing("deliveryNote", ", ".join(note.note.uri for note in found[:20]), "office")
    else:
        for demand in demands:
            yield from demand(found[0])


def _candidates(paper: Paper) -> list[Despatch]:
    found = despatches(paper.facts)
    meant = [note for note in found if note.note.uri == paper.document] if paper.document else found
    if not meant and paper.document:
        known = ", ".join(note.note.uri for note in found[:20]) or "–"
        raise InputError("despatch-unknown", document=paper.document[:200], known=known)
    return meant


def goods(note: Despatch) -> Iterator[Missing]:
    """What goes, how much of it, what it is called, and when it went; all of it to one customer and place."""
    index = note.events[0].index
    for event in note.events[1:]:
        if not _agree(note.events[0], event):
            yield Missing("destination", note.number, "recorder", event.index)
    if note.at is None:
        yield Missing("eventTime", note.number, "holder", index)
    if not note.lines:
        yield Missing("quantity", note.number, "recorder", index)
    for line in note.lines:
        if line.amount is None:
            yield Missing("quantity", line.uri, "recorder", index)
        if not line.name:
            yield Missing("productName", line.gtin or line.uri, "master")


def _agree(first: Event, second: Event) -> bool:
    """Whether two shipments under one number go to the same, as far as both say."""
    one, other = dict(first.step.destinations), dict(second.step.destinations)
    return all(one[kind] == other[kind] for kind in one.keys() & other.keys())


def traders(note: Despatch) -> Iterator[Missing]:
    """Who sells, who buys, and where it goes, each with a whole address."""
    index = note.events[0].index
    if not note.destination.uri:
        yield Missing("destination", note.number, "recorder", index)
    else:
        yield from lacks(note.destination, "street", "postalCode", "municipality", "country")
    for who in _each(note.seller, note.buyer, note.consignee):
        yield from lacks(who, "name", *ADDRESS) if who.uri else [Missing("buyer", note.number, "recorder", index)]


def transport(note: Despatch) -> Iterator[Missing]:
    """Why it goes, who carries it, and in how many packages; and of who sends and who carries, if it is in Italy, the
    VAT number: not everybody abroad has one."""
    index = note.events[0].index
    if not note.reason:
        yield Missing("transportReason", note.number, "recorder", index)
    if note.packages is None:
        yield Missing("packages", note.number, "recorder", index)
    if note.carrier is None:
        yield Missing("carrier", note.number, "recorder", index)
    for who in _each(note.seller, note.carrier):
        yield from lacks(who, "name", *(["vatNumber"] if who.address.country in ("", "IT") else []))


def addresses(note: Despatch) -> Iterator[Missing]:
    """Whole addresses, with the province, of everybody."""
    for who in _each(note.seller, note.buyer, note.consignee, note.carrier):
        yield from lacks(who, *WHOLE_ADDRESS)


def reason(note: Despatch, language: Language) -> str:
    """Why the goods travel, in words: as recorded, else ours."""
    if note.reason in ("sale", "transfer"):
        return sentence(f"transport-{note.reason}", {}, language)
    return note.reason


def correction(note: Despatch, language: Language) -> str:
    """That it stands in the place of one that was recorded before under its number; empty where it does not."""
    entries = ", ".join(map(str, note.corrected))
    return sentence("note-corrected", {"entries": entries}, language) if entries else ""


def _each(*found: Who | None) -> Iterator[Who]:
    """Each party once."""
    yield from dict.fromkeys(who for who in found if who is not None)


def lacks(found: Who | Where, *elements: str) -> Iterator[Missing]:
    """Which of these master data does not say of somebody."""
    about = found.name or found.uri
    yield from (Missing(element, about, "master") for element in lacking(found, *elements))
