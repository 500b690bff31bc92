"""Label: a lot's or a unit's label, as a page, a picture or a printer's program.

- Made from the bundle of the thing and nothing else, as far as its audience sees; whose prefixes are licensed stands in
  the members' profiles.
- Nothing is written while anything is missing (`MissingData`), nor a key that no member licenses, nor a symbol that was
  not read back from its pixels.

    label(node, "case", "(01)19521001002018(10)T-196", suffix="pdf", audience=full(), language="it").data

FORMATS 2.7; ARCHITECTURE.md section 7 (`label`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.verbs.export_bundle import everything, export_bundle, object_uri
from exporters.facts.history import Facts, read
from exporters.format import Missing
from exporters.labels import kinds
from exporters.labels.kinds import MEDIA, Suffix
from exporters.labels.order import Order, kilograms
from exporters.labels.sizes import Grid
from ledger.audience import Audience
from ledger.node import Node
from ledger.readside.named import named
from schemas.errors import InputError
from schemas.gs1.digital_link import CANONICAL_STEM, check_stem
from schemas.wording import Language

USUAL_DPI = 300
PRINTER_DPI = 203
"""Dots an inch where nobody says: of a page or picture, and of a printer that is sent ZPL."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A file: its bytes and media type."""

    data: bytes
    media_type: str


def label(
    node: Node,
    kind: str,
    thing: str,
    *,
    suffix: Suffix,
    audience: Audience,
    language: Language,
    size: str | None = None,
    dpi: int | None = None,
    copies: int = 1,
    tiled: bool = False,
    domain: str | None = None,
    net_weight: str | None = None,
    knows: Callable[[str | int], bool] = everything,
) -> Labelled:
    """The label of a lot or unit. `tiled`: on A4 sheets; `domain`: the web address a consumer's link begins with;
    `net_weight`: kilograms of what is sold by weight.

    `InputError`: those of `exporters.labels.kinds` and `order`, and of `export_bundle`.
    """
    kinds.kind_of(kind)
    stem = CANONICAL_STEM if domain is None else domain
    check_stem(stem)
    grid = Grid(dpi if dpi is not None else PRINTER_DPI if suffix == "zpl" else USUAL_DPI)
    weight = None if net_weight is None else kilograms(net_weight)
    order = Order(object_uri(thing), grid, language, node.company_prefixes(), size, stem, weight)
    made = kinds.label(_facts(node, thing, audience, knows), kind, order)
    return Labelled(kinds.write(made, suffix, copies=copies, tiled=tiled), MEDIA[suffix])


def lacking(
    node: Node, chosen: Sequence[str], thing: str, *, audience: Audience, language: Language
) -> dict[str, tuple[Missing, ...] | InputError]:
    """What labels of a thing lack, each by its kind, as `label` would say it; or why there is none of that kind.

    `InputError`: those of `export_bundle`.
    """
    facts = _facts(node, thing, audience, everything)
    order = Order(object_uri(thing), Grid(USUAL_DPI), language, node.company_prefixes())
    return {kind: _lacks(facts, kind, order) for kind in chosen}


def _lacks(facts: Facts, kind: str, order: Order) -> tuple[Missing, ...] | InputError:
    try:
        return kinds.lacking(facts, kind, order)
    except InputError as error:
        return error


def _facts(node: Node, thing: str, audience: Audience, knows: Callable[[str | int], bool]) -> Facts:
    return read(
        export_bundle(node, thing, direction="back", audience=audience, knows=knows, naming=named(node, audience))
    )  # fmt: skip
