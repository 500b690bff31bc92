"""Supply chains made by chance: harvests, blends, crates and pallets packed, moved, emptied and used again, mistakes.

- Mass is kept: what is made weighs what was used, less the waste, and `stock` says what is left of each lot.
- No two events are of one time; they arrive in any order. A mistake is declared, and told again rightly.

chain = Chain(random.Random(7)); chain.steps(order)
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ledger.lots.step import Step, step
from schemas.gs1.check_digit import check_digit

LOT = "https://id.gs1.org/01/09520001000010/10/"
CRATES = [f"https://id.gs1.org/8003/09520001000010C{number}" for number in range(3)]
PALLETS = [
    f"https://id.gs1.org/00/{digits}{check_digit(digits)}" for digits in ("09520001000000000", "09520001000000001")
]


class Chain:
    """One chain. `told`: its events in time order, with the position of what each declares wrong, or None."""

    def __init__(self, chance: random.Random, length: int = 40) -> None:
        self.chance = chance
        self.told: list[tuple[dict[str, Any], int | None]] = []
        self.stock: dict[str, int] = {}
        self.inside: dict[str, dict[str, int]] = {unit: {} for unit in (*CRATES, *PALLETS)}
        self.gone: set[str] = set()
        self._numbers = iter(range(10**6))
        kinds = [self.harvest, self.blend, self.blend, self.pack, self.pack, self.load, self.unpack, self.unload]
        kinds += [self.move, self.press, self.mistake]
        self.harvest()
        while len(self.told) < length:
            chance.choice(kinds)()

    def tell(self, kind: str, **members: Any) -> int:
        """One event, a minute after the one before."""
        number = len(self.told)
        time = f"2026-07-{1 + number // 600:02d}T{8 + number // 60 % 10:02d}:{number % 60:02d}:00Z"
        self.told.append(({"type": kind, "eventTime": time, "eventTimeZoneOffset": "+02:00", **members}, None))
        return number

    def steps(self, order: Sequence[int] | None = None) -> list[Step]:
        """The steps, logged in this order of positions: index by arrival."""
        arrival = {position: index for index, position in enumerate(order or range(len(self.told)))}
        found = {position: step(arrival[position], "urn:m", event) for position, (event, _) in enumerate(self.told)}
        for position, (_, wrong) in enumerate(self.told):
            if wrong is not None:
                found[wrong] = replace(found[wrong], corrected_by=arrival[position])
        return sorted(found.values(), key=lambda one: one.index)

    def harvest(self) -> None:
        """A new lot from a field."""
        lot, kilos = f"{LOT}L{next(self._numbers)}", self.chance.randint(50, 500)
        self.stock[lot] = kilos
        self.tell("ObjectEvent", action="ADD", bizStep="commissioning", quantityList=[_kilos(lot, kilos)])

    def blend(self) -> None:
        """Parts of some lots become one or two new lots, or more of a lot that is there."""
        have = [lot for lot, kilos in self.stock.items() if kilos > 1]
        used = {lot: self.chance.randint(1, self.stock[lot]) for lot in self.chance.sample(have, min(3, len(have)))}
        if not used:
            return
        for lot, kilos in used.items():
            self.stock[lot] -= kilos
        made = self._made(sum(used.values()), exclude=set(used))
        self.tell(
            "TransformationEvent",
            inputQuantityList=[_kilos(*each) for each in used.items()],
            outputQuantityList=[_kilos(*each) for each in made.items()],
        )

    def _made(self, kilos: int, exclude: set[str]) -> dict[str, int]:
        kilos -= self.chance.randint(0, kilos // 10)
        names = [f"{LOT}L{next(self._numbers)}" for _ in range(self.chance.randint(1, 2))]
        again = [lot for lot in self.stock if lot not in exclude]
        if again and self.chance.random() < 0.2:
            names[0] = self.chance.choice(again)
        names = names if kilos >= len(names) else names[:1]
        made = {name: kilos // len(names) for name in names}
        for name, part in made.items():
            self.stock[name] = self.stock.get(name, 0) + part
        return made

    def press(self) -> None:
        """All that is in a crate becomes a new lot; the crate alone is named."""
        full = [crate for crate in CRATES if self.inside[crate] and not self._loaded(crate)]
        if full:
            crate = self.chance.choice(full)
            made = self._made(sum(self.inside[crate].values()), exclude=set(self.stock))
            self.inside[crate].clear()
            self.tell(
                "TransformationEvent", inputEPCList=[crate], outputQuantityList=[_kilos(*e) for e in made.items()]
            )

    def pack(self) -> None:
        """A part of a lot goes into a crate."""
        have = [lot for lot, kilos in self.stock.items() if kilos > 1]
        free = [crate for crate in CRATES if not self._loaded(crate) or crate in self.gone]
        if have and free:
            lot, crate = self.chance.choice(have), self.chance.choice(free)
            kilos = self.chance.randint(1, self.stock[lot])
            self.stock[lot] -= kilos
            held = self._begun_anew(crate)
            held[lot] = held.get(lot, 0) + kilos
            self._aggregate("ADD", crate, childQuantityList=[_kilos(lot, kilos)])

    def load(self) -> None:
        """A crate goes onto a pallet; from another one without a word of that."""
        full = [crate for crate in CRATES if self.inside[crate]]
        if full:
            crate, pallet = self.chance.choice(full), self.chance.choice(PALLETS)
            for other in PALLETS:
                self.inside[other].pop(crate, None)
            self._begun_anew(pallet)[crate] = 1
            self._aggregate("ADD", pallet, childEPCs=[crate])

    def unload(self) -> None:
        """Everything comes off a pallet."""
        pallet = self.chance.choice(PALLETS)
        if self.inside[pallet]:
            self.inside[pallet].clear()
            self._aggregate("DELETE", pallet, childEPCs=[])

    def unpack(self) -> None:
        """A part of a crate, or all of it, comes out again."""
        full = [crate for crate in CRATES if self.inside[crate]]
        if not full:
            return
        crate = self.chance.choice(full)
        lot, kilos = self.chance.choice(sorted(self.inside[crate].items()))
        out = self.chance.choice([kilos, self.chance.randint(1, kilos)])
        self.stock[lot] += out
        self.inside[crate][lot] -= out
        if not self.inside[crate][lot]:
            del self.inside[crate][lot]
        self._aggregate("DELETE", crate, childQuantityList=[_kilos(lot, out)])

    def move(self) -> None:
        """Something is shipped."""
        what = self.chance.choice([*CRATES, *PALLETS, *self.stock])
        self.gone |= ({what} | self.inside.get(what, {}).keys()) & self.inside.keys()
        named = {"epcList": [what]} if what in self.inside else {"quantityList": [_kilos(what, 1)]}
        self.tell("ObjectEvent", action="OBSERVE", bizStep="shipping", **named)

    def mistake(self) -> None:
        """A blend that never was, declared wrong at once."""
        have = [lot for lot, kilos in self.stock.items() if kilos]
        if have:
            content = {
                "inputQuantityList": [_kilos(self.chance.choice(have), 1)],
                "outputQuantityList": [_kilos(self.chance.choice(have), 1)],
            }
            wrong = self.tell("TransformationEvent", **content)
            said = {"declarationTime": "2026-08-01T00:00:00Z", "reason": "did_not_occur"}
            self.tell("TransformationEvent", **content, errorDeclaration=said)
            self.told[-1] = self.told[-1][0], wrong

    def _loaded(self, crate: str) -> bool:
        return any(crate in self.inside[pallet] for pallet in PALLETS)

    def _begun_anew(self, unit: str) -> dict[str, int]:
        """What is in a unit that is packed: nothing where it left and is packed again."""
        if unit in self.gone:
            for other in (unit, *PALLETS):
                self.inside[other].pop(unit, None)
            self.inside[unit].clear()
            self.gone.remove(unit)
        return self.inside[unit]

    def _aggregate(self, action: str, parent: str, **children: Any) -> None:
        self.tell("AggregationEvent", action=action, parentID=parent, **children)


def _kilos(lot: str, kilos: int) -> dict[str, Any]:
    return {"epcClass": lot, "quantity": kilos, "uom": "KGM"}


def naive_ancestors(steps: Sequence[Step]) -> dict[str, set[str]]:
    """Lot -> every lot it came from: the events played again in time order, each lot with the set of its origins."""
    origins: dict[str, set[str]] = {}
    inside: dict[str, dict[str, tuple[int, set[str]]]] = {}
    gone: set[str] = set()
    for one in sorted((one for one in steps if one.stands), key=lambda one: one.at or 0):
        moves = one.moves
        for uri in moves.made:
            origins.setdefault(uri, set())
        if one.biz_step == "shipping":
            gone |= moves.moved.union(*(inside.get(uri, {}) for uri in moves.moved if uri in PALLETS))
        if moves.parent in gone and moves.action == "ADD":
            inside.pop(str(moves.parent), None)
            for other in PALLETS:
                inside.get(other, {}).pop(str(moves.parent), None)
            gone.discard(str(moves.parent))
        if moves.parent is not None:
            _repack(inside.setdefault(moves.parent, {}), one, origins)
        if moves.parent in PALLETS and moves.action == "ADD":
            for other in {*PALLETS} - {moves.parent}:
                inside[other] = {uri: held for uri, held in inside.get(other, {}).items() if uri not in moves.children}
        if not moves.used:
            continue
        came: set[str] = set()
        for uri in moves.used:
            if uri in origins or uri not in (*CRATES, *PALLETS):
                came |= {uri} | origins.get(uri, set())
            else:
                came |= _held(inside, uri)
                inside.pop(uri, None)
        for uri in moves.made:
            origins[uri] |= came
    return origins


def _repack(held: dict[str, tuple[int, set[str]]], one: Step, origins: dict[str, set[str]]) -> None:
    for child in one.moves.children:
        amounts = one.amounts(child, "child")
        kilos = int(amounts[0].quantity) if amounts[0] is not None else 1
        before, came = held.get(child, (0, set()))
        if one.moves.action == "ADD":
            held[child] = before + kilos, came | {child} | origins.get(child, set())
        elif before > kilos:
            held[child] = before - kilos, came
        else:
            held.pop(child, None)
    if one.moves.action == "DELETE" and not one.moves.children:
        held.clear()


def _held(inside: dict[str, dict[str, tuple[int, set[str]]]], unit: str) -> set[str]:
    came: set[str] = set()
    for child, (_, origins) in inside.get(unit, {}).items():
        came |= _held(inside, child) if child in inside and child in (*CRATES, *PALLETS) else origins
    return came
