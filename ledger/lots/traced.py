"""The history of a lot along time, with quantities: where it comes from, or where it went, and nothing else.

Back from the subject, and from each thing that went into it, at the time at which it went in:
- what it was made from: the makings that feed that use (`ledger.lots.timeline`), and their inputs in turn;
- where it went until then, alone or in a unit (its *carrier*), while it was in it (`ledger.lots.residence`);
- what was in it, where it is a unit; what else a carrier held is no part of it.
Forward is the inverse: what was made of it, or of a unit while it was in it, and where each of them went since.

- Crates and pallets that are used again bring the journey of one load only.
- Only steps that stand lead anywhere; those declared wrong, and their declarations, are in `corrected`.
- Tanks and silos are followed by the rule that is declared for them (`ledger.lots.bulk`), and the answer says which,
  and who declared it.
- A cycle ends, since nothing is followed twice from the same time; it is named in `cycles`.

    trace(MemorySteps(steps), "https://id.gs1.org/01/09520001000011/10/P-0107", forward=False).lots

ARCHITECTURE.md 5; FORMATS 6.1 and 6.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.lots.back import Back
from ledger.lots.forward import Forward
from ledger.lots.genealogy import Steps
from ledger.lots.links import Link, LinkKind, cycles
from ledger.lots.mixing import UNDECLARED, Followed, Mixing
from ledger.lots.step import Step
from ledger.lots.timeline import order
from ledger.lots.walk import Fills

__all__ = ["MOST_STEPS", "Link", "LinkKind", "Traced", "trace"]

MOST_STEPS = 100_000


@dataclass(frozen=True, slots=True)
class Traced:
    """One trace. `steps` in time order; `lots`, `items`, `units` sorted, the subject with its like.

    `corrected`: steps about them that do not stand, and what declared them wrong. `cycles`: sets of objects each of
    which came from all the others. `more`: the limit was reached, and the answer is not whole. `mixing`: the rules
    by which each tank or silo was followed, and who declared them; `fills`: when such a one held what was traced.
    """

    subject: str
    forward: bool
    steps: tuple[Step, ...] = ()
    links: tuple[Link, ...] = ()
    lots: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    corrected: tuple[Step, ...] = ()
    cycles: tuple[tuple[str, ...], ...] = ()
    more: bool = False
    items: tuple[str, ...] = ()
    mixing: tuple[Followed, ...] = ()
    fills: Mapping[str, Fills] = field(default_factory=dict)


def trace(
    steps: Steps,
    subject: str,
    *,
    forward: bool,
    limit: int = MOST_STEPS,
    mixing: Mixing = UNDECLARED,
) -> Traced:
    """Follow a lot, item or unit (canonical URI) back to its origins or forward to its ends.

    `mixing`: what is declared of tanks and silos (`ledger.lots.bulk`). When `limit` steps were read
    the walk ends, and says so. An object that nothing names gives an empty trace.
    """
    # KNOWN LIMIT: all steps of an object are read, even where few matter, and the walk ends at `limit`; docs/limits.md.
    walk = (Forward if forward else Back)(steps, limit, mixing)
    walk.run(subject)
    links = walk.links_in_order()
    met = walk.objects()
    made = ((link.source, link.target) for link in links if link.kind in _MAKING)
    return Traced(
        subject,
        forward,
        tuple(sorted(walk.found.values(), key=order)),
        links,
        met.get("lot", ()),
        met.get("unit", ()),
        tuple(sorted(walk.voided.values(), key=order)),
        cycles(made),
        walk.more,
        met.get("item", ()),
        walk.followed(),
        walk.fills(),
    )


_MAKING = ("transformed", "relabelled")
