"""The delivery note by EDI: a despatch advice of EANCOM 1997 (DESADV D.96A), in a ZIP beside its proof.

- One interchange with one message. Its reference is made from what it says: the same note has the same, in ten years,
  and who gets it twice sees that it is the same.
- Who sends and who receives the interchange are the GLNs of who sells and who buys.
- Why goods travel, and at whose cost, has no place in the message, and is said as a loss.

    b"".join(content(paper).pieces())  ->  b"UNA:+.? 'UNB+UNOC:3+…"

EANCOM 1997 part II, DESADV version 005; ISO 9735; FORMATS 2.5.
"""

import base64
from collections.abc import Iterator
from hashlib import sha256

from exporters.facts.history import SECOND
from exporters.facts.parties import Where, Who
from exporters.facts.shipping import Despatch
from exporters.files import zip_file
from exporters.files.edi_file import EdiFile
from exporters.format import Format, Loss, Missing, Need, Paper
from exporters.formats import despatch_note
from exporters.formats.desadv_message import DATES, Message
from exporters.profiles.desadv import Rules, rules
from ledger.lots.stock import is_item
from schemas.epcis.instant import instant
from schemas.syntax.edifact import CHARACTERS, VERSION, Segment, segment, write

NAME = "desadv"
_MESSAGE, _GLN = "1", "14"
_REFERENCE = 14  # characters of a control reference


def content(paper: Paper) -> EdiFile:
    """The interchange."""
    note = despatch_note.chosen(paper)
    body = _message(list(_of(paper, note).segments()), note)
    prepared = instant(max(facts.made for facts in paper.facts) // SECOND * SECOND)
    reference = base64.b32encode(sha256(write(body)).digest()).decode("ascii")[:_REFERENCE]
    opening = segment(
        "UNB", (CHARACTERS, VERSION), (note.seller.gln, _GLN), (note.buyer.gln, _GLN),
        (f"{prepared:%y%m%d}", f"{prepared:%H%M}"), reference, "", "DESADV",
    )  # fmt: skip
    return EdiFile(f"{NAME}.edi", (opening, *body, segment("UNZ", "1", reference)))


def _message(said: list[Segment], note: Despatch) -> list[Segment]:
    """The message with its head and its counts."""
    counts = [segment("CNT", ("2", str(sum(each.tag == "LIN" for each in said))))]
    if note.packages is not None:
        counts.append(segment("CNT", ("11", str(note.packages))))
    whole = [segment("UNH", _MESSAGE, ("DESADV", "D", "96A", "UN", "EAN005")), *said, *counts]
    return [*whole, segment("UNT", str(len(whole) + 1), _MESSAGE)]


def _of(paper: Paper, note: Despatch) -> Message:
    return Message(note, rules(paper.profile.options))


def missing(paper: Paper) -> Iterator[Missing]:
    """What the message cannot do without, and what its profile demands."""
    asked = rules(paper.profile.options)

    def unsaid(note: Despatch) -> Iterator[Missing]:
        message = Message(note, asked)
        if note.at is not None:
            list(message.segments())
        yield from message.lacks
        yield from _demanded(message)

    yield from despatch_note.missing(paper, despatch_note.goods, unsaid)


def _demanded(message: Message) -> Iterator[Missing]:
    """What the profile demands and nobody said."""
    note, asked = message.note, message.asked
    said = {
        "order": bool(note.orders),
        "packages": note.packages is not None,
        "carrier": note.carrier is not None,
        "grossWeightKg": note.gross is not None,
        "sscc": bool(note.units) and not message.load.unsure and not message.load.loose,
    }
    for element in asked.mandatory:
        if not said.get(element, True):
            yield Missing(element, note.number, "recorder", message.index)
    for line in note.lines:
        known = {
            "lot": not is_item(line.uri),
            "date": any(getattr(line, name) for name, _ in DATES),
            "countryOfOrigin": bool(line.origin),
        }
        for element in asked.mandatory:
            if not known.get(element, True):
                yield Missing(element, line.uri, "recorder", message.index)
    yield from _traders(note, asked)


def _traders(note: Despatch, asked: Rules) -> Iterator[Missing]:
    """Tax numbers and addresses of who sells and who buys, and where the goods go."""
    if "vatNumber" in asked.mandatory:
        for who in dict.fromkeys((note.seller, note.buyer)):
            yield from despatch_note.lacks(who, "vatNumber")
    if "address" in asked.mandatory:
        held: Who | Where
        for held in (note.seller, note.buyer, note.destination):
            yield from despatch_note.lacks(held, "name", *despatch_note.ADDRESS)


def losses(paper: Paper) -> Iterator[Loss]:
    """Texts that EDI cannot hold, orders beyond its room, contents that cannot be placed, why goods travel."""
    note = despatch_note.chosen(paper)
    message = _of(paper, note)
    list(message.segments())
    yield from message.losses
    # A sale or a transfer that nobody wrote down is told by who sells and who buys.
    reason = "" if note.reason in ("sale", "transfer") else note.reason
    for element, text in (("transportReason", reason), ("carriage", note.carriage)):
        if text:
            yield Loss("desadv-loss-element", message.index, {"element": element, "text": text})
    if message.asked.layout == "flat":
        for unit in note.units:
            yield Loss("desadv-loss-unit", message.index, {"sscc": unit.sscc})


FORMAT = Format(
    NAME,
    zip_file.KIND,
    "application/zip",
    "zip",
    direction="back",
    of_note=True,
    asked_by="asked-desadv",
    validator="UN/EDIFACT D.96A (message and segments), ISO 9735",
    content=content,
    needs=(
        *despatch_note.NEEDS,
        Need("gln", "master-gln", "master"),
        Need("gtin", "quantityList, epcList", "recorder"),
        Need("lot", "quantityList, epcList", "recorder"),
    ),
    missing=missing,
    losses=losses,
)
