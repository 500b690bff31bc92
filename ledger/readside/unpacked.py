"""Units that stand in lines of stock without an amount, replaced by what was in them when it happened.

- A unit is opened as far as who asks may see how it was packed; whatever is still a unit then has contents that are not
  shown, and stands by itself.
- A kilogram counts once: of units inside one another that an event names together, the outermost counts what the inner
  one holds; and a crate, which is no logistic unit, counts nothing beside amounts. What begins is empty.

    lines, unseen = Unpacking(StoreEdges(connection), shows).unpacked(lines)

ARCHITECTURE.md 5; docs/adr/0038-balances.md.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from ledger.lots.balance import Posted, dimension_of
from ledger.lots.contents import Contents, Units
from ledger.lots.step import Step
from ledger.lots.stock import own_amount
from ledger.lots.timeline import kind_of, order
from ledger.store.connection import Connection
from ledger.store.edges import StoreEdges
from ledger.store.moved import received, received_units
from ledger.store.stock import Asked, Booked


class Unpacking:
    """Opens units by the steps that may be seen; `shows`: is a step one of these?"""

    def __init__(self, edges: StoreEdges, shows: Callable[[Step], bool]) -> None:
        self._edges, self._shows = edges, shows

    def unpacked(self, booked: Iterable[Booked]) -> tuple[list[Booked], set[str]]:
        """The lines, units named without amounts replaced by what was in them then; and those of which that is not
        shown."""
        lines = list(booked)
        units = {item.posted.uri for item in lines if _alone(item.posted)}
        if not units:
            return lines, set()
        about = self._about(units)
        held_by = Units(lambda uri: about.get(uri, ()))
        opened = {
            _key(item.posted): held_by.inside(item.posted.uri, (item.posted.at, item.posted.index))
            for item in lines
            if _alone(item.posted)
        }
        inner = {(index, kind, uri) for (index, kind, unit), held in opened.items() for uri in held if uri != unit}
        stated = {(step.index, unit) for unit in units for step in about[unit] if _is_stated(step, unit)}
        found: list[Booked] = []
        for item in lines:
            posted = item.posted
            if not _alone(posted):
                found.append(item)
            elif _key(posted) not in inner and posted.kind != "made" and (posted.index, posted.uri) not in stated:
                found += _contents(item, opened[_key(posted)])
        return found, {item.posted.uri for item in found if _alone(item.posted)}

    def received(self, connection: Connection, asked: Asked) -> set[tuple[str, str]]:
        """What was ever received, by itself or within a unit: members and objects. Of these no acceptance counts."""
        asked = replace(asked, site=None, product=None, start=None, stop=None)
        opened, _ = self.unpacked(received_units(connection, asked))
        return received(connection, asked) | {(item.member, item.posted.uri) for item in opened}

    def carriers(self, uri: str) -> set[str]:
        """The units that an object was ever in, through units inside units."""
        found, waiting = set[str](), {uri}
        while waiting:
            read = self._read(waiting)
            around = (step.moves.parent for inner in waiting for step in read[inner] if inner in step.moves.children)
            waiting = {unit for unit in around if unit is not None} - found - {uri}
            found |= waiting
        return found

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


def _is_stated(step: Step, unit: str) -> bool:
    """Does the event state amounts beside a unit, which then are what it holds?"""
    roles = {flow.role for flow in step.flows if flow.uri == unit}
    return any(flow.amount is not None and flow.role in roles for flow in step.flows)


def _alone(posted: Posted) -> bool:
    """Is it a unit that was named without an amount?"""
    return posted.quantity is None and kind_of(posted.uri) == "unit"


def _key(posted: Posted) -> tuple[int, str, str]:
    return posted.index, posted.kind, posted.uri


def _contents(item: Booked, held: Contents) -> list[Booked]:
    """What was in a unit in its place; itself, where nothing is known to have been."""
    lots = {uri: own_amount(uri, amount) for uri, amount in held.items() if kind_of(uri) != "unit"}
    found = []
    for uri, amount in lots.items():
        dimension, quantity = ("", None) if amount is None else dimension_of(amount)
        found.append(replace(item, posted=replace(item.posted, uri=uri, dimension=dimension, quantity=quantity)))
    return found or [item]
