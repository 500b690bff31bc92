"""One record for each thing that the Food Traceability Rule asks about each event, by the tab it belongs on.

- Harvesting, cooling: of raw lots. Initial packing: one record for each raw lot that went into each lot packed.
- First land-based receiving: of lots that come from a boat. Transformation: one record for each lot used and lot made;
  of what was used only what has a code and is on the Food Traceability List, or all of it where nothing there is.
- Shipping and receiving: of lots with a code, one record for each lot and event. What is raw has none yet.

    list(records(chain, draft))  ->  [("Harvesting", {"farm/name": "Cooperativa Sole", …}), …]

21 CFR 1.1325 to 1.1350.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from exporters.facts.catches import said_of_catch
from exporters.facts.chain import Chain, Told
from exporters.facts.lots import harvest_days
from exporters.facts.origins import COOLING, Origins, received_before
from exporters.formats.fsma204_cells import Draft, Record, code, commodity
from exporters.formats.fsma204_growing import TO, Growing
from ledger.lots.products import Content
from ledger.lots.step import Amount
from ledger.lots.timeline import stated

Placed = tuple[str, Record]
SPROUTS = "Sprouts"
_FROM = ("location", "possessing_party", "owning_party")


def records(chain: Chain, draft: Draft) -> Iterator[Placed]:
    """Every record with its tab, in the order of events."""
    writer = _Records(chain, draft)
    for told in chain.told:
        yield from writer.of(told)


def listed(product: Content) -> bool:
    """Whether a product is on the Food Traceability List, as its master data says."""
    found = product.get("foodTraceabilityList")
    return isinstance(found, Mapping) and found.get("listed") is True


class _Records:
    def __init__(self, chain: Chain, draft: Draft) -> None:
        self.chain, self.draft, self.origins = chain, draft, Origins(chain)
        self.growing = Growing(chain, self.origins, draft)

    def of(self, told: Told) -> Iterator[Placed]:
        """Those of one event."""
        step = told.step
        if step.type == "TransformationEvent":
            yield from self._making(told)
        elif step.moves.receipt:
            yield from self._receiving(told)
        elif step.dealing == "ships":
            yield from self._shipping(told)
        elif step.biz_step == COOLING:
            yield from (("Cooling", record) for record in self.growing.cooling(told))
        else:
            yield from self._beginning(told)

    def _beginning(self, told: Told) -> Iterator[Placed]:
        for lot in told.made:
            if self.origins.harvest(lot) is told and self.origins.raw(lot):
                yield "Harvesting", self.growing.harvesting(told, lot)
            elif self.origins.coded(lot) is told:
                self.draft.lack("fsma-farm", code(lot), "recorder", told)

    def _making(self, told: Told) -> Iterator[Placed]:
        """A process: what was raw is packed for the first time, what had a code is transformed."""
        taken = [found for lot in told.used if (found := self._taken(told, lot)) is not None]
        for made in told.made:
            if commodity(told.product(made)).startswith(SPROUTS):
                self.draft.lack("fsma-seed", code(made), "recorder", told)
            packed = self._packed(told, made)
            yield from ((tab, {**record, **packed}) for tab, record in taken)
            if not taken:
                yield "Transformation", packed

    def _taken(self, told: Told, lot: str) -> Placed | None:
        """A lot that went into a process, on the tab of how it came; None of what the rule does not ask for."""
        harvest, coded = self.origins.harvest(lot), self.origins.coded(lot)
        if coded is not None and coded.own("exemption"):
            source = self.draft.location("from", coded.end(*_FROM, to=False), coded, lot)
            return "Initial Packing from Exempt", {**self.growing.taken(told, lot), **source}
        if coded is None and harvest is not None and self.origins.raw(lot):
            return "Initial Packing", self.growing.received(told, harvest, lot)
        if (coded is None and not self._came(lot)) or not (listed(told.product(lot)) or _off_list(told)):
            return None
        return "Transformation", {
            "used/tlc": code(lot),
            **self.draft.product("used", told, lot),
            **self.draft.amount("used/", told, lot, stated(told.step, lot, "used")),
        }

    def _packed(self, told: Told, made: str) -> Record:
        """A lot that was packed or made, with its code and whose code it is."""
        amount = stated(told.step, made, "made")
        return {**self._moved(told, made, amount), **self.draft.source(told, self._source(told, made), made)}

    def _receiving(self, told: Told) -> Iterator[Placed]:
        for lot, amount in told.goods:
            if received_before(self.chain, told, lot) or self._raw_here(told, lot):
                continue
            source = self.draft.source(told, self._source(told, lot), lot)
            if self.origins.landing(told, lot):
                yield "First Land-Based Receiving", {**self._landing(told, lot, amount), **source}
                continue
            moved = self._moved(told, lot, amount)
            moved |= self.draft.location("from", told.end(*_FROM, to=False), told, lot)
            if told.own("exemption") and self.origins.coded(lot) is told:
                yield "Receiving From Exempt", {**moved, **source}
            else:
                received = self.draft.location("received", told.here, told, lot)
                yield "Receiving", {**moved, **received, **source}

    def _raw_here(self, told: Told, lot: str) -> bool:
        """Whether a lot has no code yet: raw, or from an exempt source and packed here for the first time."""
        if told.own("exemption"):
            return any(lot in each.step.moves.used for each in self.chain.about(lot))
        return self._uncoded(lot)

    def _uncoded(self, lot: str) -> bool:
        begun = self.origins.harvest(lot) or self.origins.catch(lot)
        return begun is not None and self.origins.coded(lot) is None

    def _landing(self, told: Told, lot: str, amount: Amount | None) -> Record:
        """What came off a boat: with a package it is a product, without one a species."""
        product, catch = told.product(lot), self.origins.catch(lot) or told
        area = said_of_catch(self.chain.ilmd(lot), "catchArea")
        if not area:
            self.draft.lack("catchArea", code(lot), "recorder", catch)
        packed = bool(product.get("packaging"))
        if not packed and not _species(product):
            self.draft.lack("species", code(lot), "master")
        said = [*harvest_days(catch.event), *harvest_days(told.event)]
        first, last = (said[0], said[-1]) if said else (catch.day, catch.day)
        return {
            **(self.draft.product("packed", told, lot) if packed else {"species": _species(product)}),
            "tlc": code(lot),
            **self.draft.amount("", told, lot, amount),
            **self.draft.day("harvest/start", first, catch, lot),
            **self.draft.day("harvest/end", last, catch, lot),
            "harvest/area": area,
            **self.draft.day("date", told.day, told, lot),
            **self.draft.documents(told, lot),
        }

    def _shipping(self, told: Told) -> Iterator[Placed]:
        for lot, amount in told.goods:
            if self._uncoded(lot):
                continue
            if self.origins.coded(lot) is None and not self._came(lot):
                self.draft.lack("fsma-tlc", code(lot), "recorder", told)
            start = told.end("location", to=False) or told.place(told.step.read_point or told.site)
            yield (
                "Shipping",
                {
                    **self._moved(told, lot, amount),
                    **self.draft.location("recipient", told.end(*TO, to=True), told, lot),
                    **self.draft.location("from", start, told, lot),
                    **self.draft.source(told, self._source(told, lot), lot),
                },
            )

    def _source(self, told: Told, lot: str) -> str:
        """The place whose code a lot bears: who says so, else where it got it."""
        said = told.own_uri("tlcSource") or self.chain.ilmd(lot).get("tlcSource")
        if isinstance(said, str) and said:
            return said
        coded = self.origins.coded(lot)
        return coded.site if coded else ""

    def _came(self, lot: str) -> bool:
        """Whether a lot was received from outside, with the code it had there."""
        return any(told.step.moves.receipt for told in self.chain.about(lot))

    def _moved(self, told: Told, lot: str, amount: Amount | None) -> dict[str, Any]:
        """A lot with a code, in one event: what it is, how much of it, when, by which documents."""
        return {
            "tlc": code(lot),
            **self.draft.amount("", told, lot, amount),
            **self.draft.product("packed", told, lot),
            **self.draft.day("date", told.day, told, lot),
            **self.draft.documents(told, lot),
        }


def _off_list(told: Told) -> bool:
    """Whether nothing in a process is on the list: then all of it is shown."""
    return not any(listed(told.product(lot)) for lot in (*told.used, *told.made))


def _species(product: Content) -> str:
    """What unpackaged fish is: its market name and its scientific name."""
    said = product.get("species")
    scientific = said.get("scientificName") if isinstance(said, Mapping) else None
    name = product.get("functionalName") or product.get("commodity") or ""
    return f"{name} ({scientific})" if scientific else str(name)
