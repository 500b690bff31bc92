"""A few events told by members, as steps in memory: what every rule about lots is tested with.

    tale = Tale()
    tale.made("G", LOT, 100);  tale.shipped("G", LOT, 120, to="P")
    tale.codes()  ->  ["lot-overdrawn"]

Members are single letters; each has a party and a place of its own, and all of them record, unless `outsiders` say.
"""

from dataclasses import replace
from typing import Any

from ledger.lots.findings.found import Case, Found, Surroundings
from ledger.lots.findings.masters import Masters
from ledger.lots.findings.rules import DAY, judge, stand
from ledger.lots.genealogy import MemorySteps
from ledger.lots.step import Step, step
from ledger.lots.yielded import NO_GOODS, Goods
from schemas.epcis.instant import microseconds, written
from schemas.gs1.check_digit import check_digit

NOW = (microseconds("2027-01-01T00:00:00Z") or 0) // DAY * DAY


def lot(name: str, item: int = 1) -> str:
    """A lot of an item under the demonstration prefix."""
    body = f"09521001{item:05d}"
    return f"https://id.gs1.org/01/{body}{check_digit(body)}/10/{name}"


def unit(serial: int) -> str:
    """A logistic unit."""
    body = f"39521001{serial:09d}"
    return f"https://id.gs1.org/00/{body}{check_digit(body)}"


def place(member: str, number: int = 0) -> str:
    """A place of a member."""
    body = f"9521{ord(member):03d}{number:05d}"
    return f"https://id.gs1.org/414/{body}{check_digit(body)}"


def party(member: str) -> str:
    """The member as a party."""
    body = f"9521{ord(member):03d}00000"
    return f"https://id.gs1.org/417/{body}{check_digit(body)}"


def kilos(uri: str, quantity: object, uom: str | None = "KGM") -> dict[str, Any]:
    """A quantity element; without a quantity the thing itself."""
    return {"epcClass": uri, **({} if quantity is None else {"quantity": quantity}), **({"uom": uom} if uom else {})}


def at(hour: float, day: int = 1) -> str:
    """A time in the season: hours after the midnight of a day of July, counted on."""
    whole = NOW - 184 * DAY + (day - 1) * DAY + int(hour * 3_600_000_000)
    return written(whole)


class Tale:
    """What members told, in the order they told it; hours go up by one with each event unless given."""

    def __init__(self, masters: Masters | None = None, goods: Goods = NO_GOODS, outsiders: str = "") -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.wrong: dict[int, int] = {}
        self.masters = masters or Masters()
        self.goods = goods
        self.outside = {party(member) for member in outsiders}

    def tell(self, member: str, content: dict[str, Any], hour: float | None = None) -> int:
        """Any event; its index."""
        when = at(len(self.told) if hour is None else hour)
        self.told.append((member, {"eventTime": when, "eventTimeZoneOffset": "+02:00", **content}))
        return len(self.told) - 1

    def made(self, member: str, uri: str, quantity: object = 100, hour: float | None = None, **more: Any) -> int:
        """A lot is commissioned."""
        return self.tell(member, _object("ADD", "commissioning", uri, quantity, **more), hour)

    def shipped(
        self, member: str, uri: str, quantity: object, *, to: str, paper: str | None = None, hour: float | None = None,
        **more: Any,
    ) -> int:  # fmt: skip
        """A lot (with its amount) or a unit (None) leaves for another member."""
        way = {"destinationList": [{"type": "possessing_party", "destination": party(to)}], **_paper(paper)}
        return self.tell(member, {**_object("OBSERVE", "shipping", uri, quantity), **way, **more}, hour)

    def received(
        self, member: str, uri: str, quantity: object, *, by: str | None = None, paper: str | None = None,
        hour: float | None = None, **more: Any,
    ) -> int:  # fmt: skip
        """It arrives, from another member where that is said."""
        way = {"destinationList": [{"type": "possessing_party", "destination": party(member)}], **_paper(paper)}
        if by is not None:
            way["sourceList"] = [{"type": "possessing_party", "source": party(by)}]
        return self.tell(member, {**_object("OBSERVE", "receiving", uri, quantity), **way, **more}, hour)

    def turned(
        self, member: str, used: dict[str, object], made: dict[str, object], hour: float | None = None, **more: Any
    ) -> int:
        """Lots become lots."""
        content = {
            "type": "TransformationEvent",
            "inputQuantityList": [kilos(*pair) for pair in used.items()],
            "outputQuantityList": [kilos(*pair) for pair in made.items()],
        }
        return self.tell(member, {**content, **more}, hour)

    def packed(
        self, member: str, parent: str, children: dict[str, object], hour: float | None = None, action: str = "ADD",
        **more: Any,
    ) -> int:  # fmt: skip
        """Lots and units (None) go into a unit, or with DELETE come out."""
        listed = [kilos(*pair) for pair in children.items() if pair[1] is not None]
        content = {"type": "AggregationEvent", "action": action, "bizStep": "packing", "parentID": parent}
        if listed:
            content["childQuantityList"] = listed
        if len(listed) < len(children):
            content["childEPCs"] = [uri for uri, quantity in children.items() if quantity is None]
        return self.tell(member, {**content, **more}, hour)

    def declared_wrong(self, index: int) -> None:
        """The member declares its event wrong."""
        self.wrong[index] = len(self.told)
        member, content = self.told[index]
        self.tell(member, {**content, "errorDeclaration": {"declarationTime": at(9000)}})

    def steps(self) -> list[Step]:
        """All that was told."""
        told = [step(index, member, content) for index, (member, content) in enumerate(self.told)]
        return [replace(each, corrected_by=self.wrong.get(each.index)) for each in told]

    def found(self, days: int = 7, now: int = NOW) -> list[Found]:
        """What does not add up, by entry and code."""
        steps = MemorySteps(self.steps())
        uris = sorted({uri for each in self.steps() for uri in each.moves.touched})
        around = Surroundings(steps.steps_of(uris))
        found = [each for uri in uris for each in judge(Case(uri, around, self.masters, lambda _: self.goods))]
        standing = stand(found, at=now, days=days, records=lambda uri: uri not in self.outside)
        return sorted(standing, key=lambda each: (each.index, each.code, each.subject))

    def codes(self, days: int = 7, now: int = NOW) -> list[str]:
        """The codes of that."""
        return [each.code for each in self.found(days, now)]


def _object(action: str, step: str, uri: str, quantity: object, **more: Any) -> dict[str, Any]:
    what = {"epcList": [uri]} if quantity is None else {"quantityList": [kilos(uri, quantity)]}
    return {"type": "ObjectEvent", "action": action, "bizStep": step, **what, **more}


def _paper(number: str | None) -> dict[str, Any]:
    named = {"type": "desadv", "bizTransaction": f"urn:epcglobal:cbv:bt:9521001000017:{number}"}
    return {} if number is None else {"bizTransactionList": [named]}
