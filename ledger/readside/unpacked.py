"""Units that stand in lines of stock without an amount, replaced by what was in them when it happened.

- A unit is opened as far as who asks may see how it was packed; whatever is still a unit then has contents that are not
  shown, and stands by itself.

    lines, unseen = Unpacking(StoreEdges(connection), shows).unpacked(lines)

ARCHITECTURE.md 5; docs/adr/0038-balances.md.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from ledger.lots.balance import dimension_of
from ledger.lots.contents import Units
from ledger.lots.step import Step
from ledger.lots.stock import is_unit, own_amount
from ledger.lots.timeline import kind_of, order
from ledger.store.edges import StoreEdges
from ledger.store.stock import Booked


class Unpacking:
    """Opens units by the steps that may be seen; `shows`: is a step one of these?"""

    def __init__(self, edges: StoreEdges, shows: Callable[[Step], bool]) -> None:
        self._edges, self._shows = edges, shows

    def unpacked(self, booked: Iterable[Booked]) -> tuple[list[Booked], set[str]]:
        """The lines, units named without amounts replaced by what was in them then; and those of which that is not
        shown."""
        lines = list(booked)
        units = {item.posted.uri for item in lines if is_unit(item.posted.uri) and item.posted.quantity is None}
        if not units:
            return lines, set()
        about = self._about(units)
        held_by = Units(lambda uri: about.get(uri, ()))
        found, unseen = [], set[str]()
        for item in lines:
            posted = item.posted
            if posted.uri not in units or posted.quantity is not None:
                found.append(item)
                continue
            held = held_by.inside(posted.uri, (posted.at, posted.index))
            lots = {uri: own_amount(uri, amount) for uri, amount in held.items() if not is_unit(uri)}
            if not lots:
                unseen.add(posted.uri)
                found.append(item)
            for uri, amount in lots.items():
                dimension, quantity = ("", None) if amount is None else dimension_of(amount)
                found.append(replace(item, posted=replace(posted, uri=uri, dimension=dimension, quantity=quantity)))
        return found, unseen

    def _about(self, units: Collection[str]) -> dict[str, list[Step]]:
        """The steps that may be seen about units, about the units and items in them, and about what those were ever in,
        in order of time."""
        about: dict[str, list[Step]] = {}
        waiting = set(units)
        while waiting:
            about.update(self._read(waiting))
            packed = {
                uri
                for unit in waiting
                for step in about[unit]
                if step.moves.parent == unit
                for uri in step.moves.children
            }
            # A lot may be in many units; one thing that was packed elsewhere since is no longer here.
            waiting = {uri for uri in packed if kind_of(uri) != "lot"} - about.keys()
        carriers = {step.moves.parent for uri, steps in about.items() for step in steps if uri in step.moves.children}
        return about | self._read({uri for uri in carriers if uri is not None} - about.keys())

    def _read(self, uris: Collection[str]) -> dict[str, list[Step]]:
        read = self._edges.steps_of(uris)
        return {
            uri: sorted((step for step in read.get(uri, ()) if step.stands and self._shows(step)), key=order)
            for uri in uris
        }
