"""Histories told by kilograms, on a consortium's log: what each event weighs is what a test is about.

    log = Weighed()
    log.make(0, A="1000"); log.ship(0, A="1000"); log.receive(1, A="1000"); log.turn(1, {"A": "1000"}, {"P": "1050"})
    log.judged("P").verdicts["balanced"]  ->  "no"

Lots are named by a word; an amount is the text of a number, with a code after it (`"3 H87"`), else kilograms.
"""

from collections.abc import Mapping
from typing import Any

from ledger.audience import Audience, full
from ledger.bundle import Direction
from ledger.log.policy import KnownLog, compose, known_log
from ledger.prove import prove
from ledger.verify.account import Account
from schemas.gs1.canonical import canonical_uri
from schemas.gs1.check_digit import check_digit
from schemas.syntax.json_text import Number
from tests.independent.agreement import agreed
from tests.simulator.chain import GTIN, event
from tests.simulator.consortium import Consortium
from tests.simulator.source import ConsortiumSource

UNIT = "https://id.gs1.org/00/"
Amounts = Mapping[str, str | None]


def uri_of(name: str) -> str:
    """The canonical URI of a lot named by a word; an URI as it is."""
    return name if ":" in name else canonical_uri(GTIN + name)


def quantities(amounts: Amounts) -> list[dict[str, Any]]:
    """Quantity elements; None leaves the amount out, a code of `-` counts pieces."""
    found = []
    for name, said in amounts.items():
        number, _, code = (said or "").partition(" ")
        unit = {} if code == "-" else {"uom": code or "KGM"}
        found.append({"epcClass": uri_of(name), **({"quantity": Number(number), **unit} if said else {})})
    return found


class Weighed:
    """A log that is told in one line an event; each returns its index."""

    def __init__(self, members: int = 3, seed: int = 5) -> None:
        self.log = Consortium(members=members, seed=seed)
        self.minute = 0
        self.masters: list[int] = []

    def product(self, member: int, unit: str | None = None, *, begins: str = "2026-01-01", **more: Any) -> int:
        """What a member says of the product of all lots named by a word; `unit`: what one piece holds (`"5 KGM"`)."""
        number, _, code = (unit or "").partition(" ")
        holds = {"netContent": {"value": Number(number), "unit": code}} if unit else {}
        content = {"type": "product", "id": GTIN.removesuffix("/10/"), "validFrom": begins, **holds, **more}
        index = self.log.event(member, content, lots=(), kind="master")
        self.masters.append(index)
        return index

    def say(self, member: int, content: dict[str, Any], **how: Any) -> int:
        """Log an event."""
        return self.log.event(member, content, **how)

    def _event(self, kind: str, members: dict[str, Any]) -> dict[str, Any]:
        self.minute += 1
        return event(kind, self.minute, **members)

    def object(self, member: int, action: str, step: str, amounts: Amounts, **more: Any) -> int:
        """An ObjectEvent; units are named without amounts."""
        units = [uri_of(name) for name in amounts if name.startswith(UNIT)]
        named = quantities({name: said for name, said in amounts.items() if not name.startswith(UNIT)})
        what = {**({"epcList": units} if units else {}), **({"quantityList": named} if named else {})}
        return self.say(member, self._event("ObjectEvent", {"action": action, "bizStep": step, **what, **more}))

    def make(self, member: int, **amounts: str | None) -> int:
        """Lots are commissioned."""
        return self.object(member, "ADD", "commissioning", amounts)

    def ship(self, member: int, unit: str | None = None, **amounts: str | None) -> int:
        """Lots, or a unit, are shipped."""
        return self.object(member, "OBSERVE", "shipping", {unit: None} if unit else amounts)

    def receive(self, member: int, unit: str | None = None, **amounts: str | None) -> int:
        """Lots, or a unit, are received."""
        return self.object(member, "OBSERVE", "receiving", {unit: None} if unit else amounts)

    def destroy(self, member: int, **amounts: str | None) -> int:
        """Lots are destroyed."""
        return self.object(member, "DELETE", "destroying", amounts)

    def turn(self, member: int, used: Amounts, made: Amounts, **more: Any) -> int:
        """Lots become lots."""
        lists = {"inputQuantityList": quantities(used), "outputQuantityList": quantities(made)}
        return self.say(
            member, self._event("TransformationEvent", {name: said for name, said in lists.items() if said} | more)
        )

    def pack(self, member: int, unit: str, children: Amounts = {}, units: tuple[str, ...] = (), **more: Any) -> int:  # noqa: B006
        """Lots, or units, are put on a unit."""
        what: dict[str, Any] = {"action": "ADD", "bizStep": "packing", "parentID": unit}
        what |= {"childQuantityList": quantities(children)} if children else {}
        what |= {"childEPCs": list(units)} if units else {}
        return self.say(member, self._event("AggregationEvent", what | more))

    def wrong(self, member: int, content: dict[str, Any]) -> int:
        """An event is declared wrong."""
        declaration = {"declarationTime": "2026-07-03T08:00:00Z", "reason": "incorrect_data"}
        return self.say(member, content | {"errorDeclaration": declaration}, kind="correction")

    def known(self) -> dict[str, KnownLog]:
        """What somebody who trusts this log knows."""
        known = known_log(compose(self.log.vkey, self.log.leaf_hashes[0], ()))
        return {known.origin: known}

    def bundle(self, name: str, direction: Direction = "back", audience: Audience | None = None) -> bytes:
        """The bundle of a lot."""
        source = ConsortiumSource(self.log)
        return prove(source, uri_of(name), direction, audience or full(), naming=lambda _: self.masters)

    def judged(
        self, name: str, direction: Direction = "back", audience: Audience | None = None, *require: str
    ) -> Account:
        """The account of a lot's bundle, in which both verifiers agree."""
        return agreed(self.bundle(name, direction, audience), self.known(), require)


def unit(number: int) -> str:
    """The n-th logistic unit."""
    body = f"09520001{number:09}"
    return canonical_uri(f"{UNIT}{body}{check_digit(body)}")
