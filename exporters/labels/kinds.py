"""Every kind of label by its name, and the one way to make a file of one.

- What is missing is asked first, and refused with who can fill it. Then comes the first size that holds everything, or
  the one asked for; then every symbol is read back from its pixels; and only then is there a file.

    made = label(facts, "case", order);  write(made, "zpl", copies=4)

FORMATS 2.7; docs/labels.md.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from exporters.facts.history import Facts
from exporters.format import Missing, MissingData
from exporters.labels import case, consumer, logistic, pti
from exporters.labels.decode import Drawn, check
from exporters.labels.label import Label
from exporters.labels.order import Order, Size
from exporters.labels.typeset import page
from exporters.labels.zpl import zpl
from schemas.errors import InputError

Suffix = Literal["pdf", "svg", "png", "zpl"]
MEDIA: Mapping[Suffix, str] = MappingProxyType(
    {"pdf": "application/pdf", "svg": "image/svg+xml", "png": "image/png", "zpl": "application/vnd.zebra.zpl"}
)
"""The media type of each kind of file."""
MOST_COPIES = 1000


@dataclass(frozen=True, slots=True)
class LabelKind:
    """One kind. `sizes` by name; `usual`: those that are tried where none is asked for."""

    name: str
    sizes: Mapping[str, Size]
    usual: tuple[str, ...]
    read: Callable[[Facts, Order], Any]
    missing: Callable[[Any], Iterator[Missing]]
    draw: Callable[[Any, Order, Size], Label]


KINDS: Mapping[str, LabelKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            LabelKind("logistic", logistic.SIZES, logistic.DEFAULT, logistic.read, logistic.missing, logistic.draw),
            LabelKind("case", case.SIZES, case.DEFAULT, case.read, case.missing, case.draw),
            LabelKind("pti", pti.SIZES, pti.DEFAULT, pti.read, pti.missing, pti.draw),
            LabelKind(
                "consumer", consumer.SIZES, consumer.DEFAULT, consumer.read, consumer.missing, consumer.draw
            ),
            LabelKind(
                "consumer-small", consumer.SMALL_SIZES, consumer.SMALL_DEFAULT, consumer.read, consumer.missing,
                consumer.draw_small,
            ),
        )
    }
)  # fmt: skip


def kind_of(name: str) -> LabelKind:
    """The kind of that name; `InputError("label-kind")` naming those there are."""
    if name not in KINDS:
        raise InputError("label-kind", name=name[:80], known=", ".join(KINDS))
    return KINDS[name]


def suffix_of(name: str) -> Suffix:
    """The kind of file that a name ends in; `InputError("label-suffix")` naming those there are."""
    ending = name.rpartition(".")[2].lower()
    for suffix in MEDIA:
        if suffix == ending:
            return suffix
    raise InputError("label-suffix", name=name[-80:], known=", ".join(MEDIA))


def label(facts: Facts, name: str, order: Order) -> Label:
    """The label, its symbols read back. `MissingData` of what is not known; `InputError`: `label-kind`, `label-size`,
    `label-too-small`, `symbol-not-read`, and those of the kind's `read`."""
    kind = kind_of(name)
    if missing := lacking(facts, name, order):
        raise MissingData(name, missing)
    made = _sized(kind, kind.read(facts, order), order)
    check(Drawn(ink.symbol, ink.dots, ink.height) for ink in made.symbols)
    return made


def lacking(facts: Facts, name: str, order: Order) -> tuple[Missing, ...]:
    """What a label lacks. `InputError`: `label-kind`, and those of the kind's `read`."""
    kind = kind_of(name)
    return tuple(dict.fromkeys(kind.missing(kind.read(facts, order))))


def write(label: Label, suffix: Suffix, *, copies: int = 1, tiled: bool = False) -> bytes:
    """The file; copies are pages of a PDF and a count in ZPL; `tiled`: as many on an A4 sheet as it holds.

    `InputError`: `label-copies`, `label-tiled`.
    """
    if tiled and suffix != "pdf":
        raise InputError("label-tiled", suffix=suffix)
    if not 0 < copies <= (MOST_COPIES if suffix in ("pdf", "zpl") else 1):
        raise InputError("label-copies", copies=copies, suffix=suffix, limit=MOST_COPIES)
    return zpl(label, copies=copies) if suffix == "zpl" else page(label, suffix, copies=copies, tiled=tiled)


def _sized(kind: LabelKind, said: Any, order: Order) -> Label:
    names = kind.usual if order.size is None else (order.size,)
    for name in names:
        if name not in kind.sizes:
            raise InputError("label-size", kind=kind.name, size=name[:40], known=", ".join(kind.sizes))
        try:
            return kind.draw(said, order, kind.sizes[name])
        except InputError as error:
            if error.code != "label-too-small" or name == names[-1]:
                raise
    raise AssertionError("a kind has a size")
