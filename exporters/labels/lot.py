"""What the labels of a lot have in common: its pack read from facts, its key at the level of the label, its elements.

- The level decides the GTIN: a case has its own, and so has the unit inside it. Where several cases hold the same unit,
  the lot as it was logged must say which.
- What is sold by weight has its net weight on every case, as a scale gave it: `order.weight`.

    lot = read(facts, order, "case", "case");  lot.gtin, lot.elements

GS1 General Specifications, sections 2.1.10 (variable measure) and 4.13; FORMATS 2.7.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from exporters.facts.history import Facts
from exporters.facts.packs import Level, Pack, pack
from exporters.format import Missing
from exporters.labels.order import Order, check_licensed, weight
from exporters.labels.wording import date_of
from schemas.errors import InputError
from schemas.gs1.element_string import check_together
from schemas.gs1.keys import Elements


@dataclass(frozen=True, slots=True)
class LotLabel:
    """A lot at one level of packing: what bars say of it, and what people read."""

    pack: Pack
    gtin: str
    elements: Elements

    @property
    def variable(self) -> bool:
        """Whether it is sold by weight."""
        return self.pack.product.get("quantityType") == "variable"


def read(facts: Facts, order: Order, kind: str, level: Level, *, packed_first: bool = False) -> LotLabel:
    """`InputError`: `label-of-lot`, `label-which-gtin`, `label-fixed-weight`, `label-not-licensed`, `label-weight`."""
    found = pack(facts, order.uri)
    if found is None:
        raise InputError("label-of-lot", kind=kind, value=order.uri)
    gtins = found.level(level) or (found.gtin,)
    if len(gtins) > 1:
        raise InputError("label-which-gtin", kind=kind, value=order.uri, gtins=", ".join(gtins))
    made = LotLabel(found, gtins[0], ())
    if order.weight is not None and not made.variable:
        raise InputError("label-fixed-weight", value=order.uri)
    elements = (("01", gtins[0]), *_measured(order), *date_of(found, packed_first=packed_first), ("10", found.lot))
    check_together(elements)
    check_licensed(elements, order.prefixes)
    return LotLabel(found, gtins[0], elements)


def _measured(order: Order) -> Iterator[tuple[str, str]]:
    if order.weight is not None:
        yield weight("310", order.weight)


def missing(label: LotLabel) -> Iterator[Missing]:
    """What food law wants on every pack: what it is, until when, who packed it where; of fresh produce its origin."""
    pack = label.pack
    if not pack.text("name"):
        yield Missing("productName", pack.gtin, "master", pack.index)
    if pack.best_before is None and pack.use_by is None and pack.packed is None:
        yield Missing("bestBeforeDate", pack.uri, "recorder", pack.index)
    if not pack.packer.name:
        yield Missing("packerName", pack.packer.uri, "master", pack.index)
    elif not pack.packer.address.municipality:
        yield Missing("packerAddress", pack.packer.uri, "master", pack.index)
    if pack.text("legalCategory") == "freshProduce" and not pack.origin:
        yield Missing("countryOfOrigin", pack.uri, "recorder", pack.index)


def missing_weight(label: LotLabel) -> Iterator[Missing]:
    """The weight of a case that is sold by it."""
    if label.variable and not any(ai.startswith("310") for ai, _ in label.elements):
        yield Missing("netWeight", label.pack.uri, "office")
