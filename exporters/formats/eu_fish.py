"""Lots of fish, each with what the law says must go with it: trip or farm, species, area, gear, days, weights.

- A row for each lot that was landed, farmed or made of others; what its catches say is found along its events, and
  lots that were merged keep the links to those they came from. Size, freshness and what is too small are said of each
  lot itself: fillets have no size of whole fish.
- Wild fish needs the number of its trip (of imported fish: its catch certificate), area and gear; farmed fish its unit
  and where it lies. A vessel's words may be CBV's.
- Whether it was frozen before is CBV's `storageStateCode`.

    list(records(chain, draft))[0]["trip"]  ->  "ITA-TRP-26001; ITA-TRP-26002"

Reg. (EC) 1224/2009 article 58 as amended by Reg. (EU) 2023/2842; Reg. (EU) 1379/2013 article 35.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from exporters.facts.catches import said_of_catch
from exporters.facts.chain import Chain, Told
from exporters.facts.lots import harvest_days
from exporters.facts.origins import Origins, category
from exporters.format import Need
from exporters.formats.register import Draft, Record, Register, formats
from exporters.formats.register_cells import Cells, code_of, line, read_day, text
from ledger.lots.step import Amount
from ledger.lots.timeline import stated
from schemas.epcis.own_terms import decimal

_FARM = "aquaculture"
_FROZEN = "PREVIOUSLY_FROZEN"
_SPECIES = ("faoCode", "scientificName")


def records(chain: Chain, draft: Draft) -> Iterator[Record]:
    """The rows, in the order in which the lots got their codes."""
    origins, cells = Origins(chain), Cells(chain, draft)
    for told in chain.told:
        for lot, amount in _lots(told, origins):
            if category(told, lot) == "fish":
                yield _Lot(cells, origins, told, lot).record(amount)


def _lots(told: Told, origins: Origins) -> Iterator[tuple[str, Amount | None]]:
    """The lots that begin their life on the market here: landed, harvested, made of others, or caught and no more."""
    if told.step.moves.receipt:
        yield from ((lot, amount) for lot, amount in told.goods if origins.coded(lot) is told)
        return
    for lot in told.made:
        coded = origins.coded(lot)
        if coded is told or origins.harvest(lot) is told or (coded is None and origins.catch(lot) is told):
            yield lot, stated(told.step, lot, "made")


class _Lot:
    """One lot, with all it came from."""

    def __init__(self, cells: Cells, origins: Origins, told: Told, lot: str) -> None:
        self.cells, self.origins, self.told, self.lot = cells, origins, told, lot
        self.chain, self.roots = origins.chain, origins.roots(lot)
        self.said = (self.chain.ilmd(lot), *(self.chain.ilmd(root) for root in self.roots))
        self.begun = [found for root in self.roots if (found := origins.catch(root) or origins.harvest(root))]
        self.farmed = any(found.here is not None and found.here.kind == _FARM for found in self.begun)

    def record(self, amount: Amount | None) -> Record:
        """Its row."""
        cells, told, lot = self.cells, self.told, self.lot
        return {
            **cells.what(told, lot),
            **self._species(),
            "method": self._of("productionMethod") or cells.words["fish-farmed" if self.farmed else "fish-caught"],
            **(self._farm() if self.farmed else self._catch()),
            "certificate": self._of("catchCertificate"),
            **self._days(),
            **cells.weight("net-weight", told, lot, amount),
            "below-size": decimal(self.said[0].get("belowMinimumSizeKg")),
            "size": said_of_catch(self.said[0], "size"),
            "freshness": said_of_catch(self.said[0], "freshness"),
            "defrosted": cells.words["yes" if _FROZEN in self._of_all("storageStateCode") else "no"],
            "origin-lots": "; ".join(code_of(root) for root in self.roots if root != lot),
            **cells.operator(told),
        }

    def _of(self, name: str) -> str:
        """What the lot says of itself, else everything that its catches say."""
        own, *others = (said_of_catch(said, name) for said in self.said)
        return own or "; ".join(dict.fromkeys(filter(None, others)))

    def _asked(self, name: str) -> None:
        """Where the lot does not say it of itself, every catch that it came from has to."""
        own, *others = (said_of_catch(said, name) for said in self.said)
        for root, said in zip(self.roots, others, strict=True):
            if not own and not said:
                self._lack(name, root)

    def _of_all(self, name: str) -> list[str]:
        return [text(said.get(name)) for said in self.said]

    def _species(self) -> Record:
        own = self._species_of(self.lot)
        each = [own] if own else [self._species_of(root) for root in self.roots]
        for name in _SPECIES:
            if not all(said.get(name) for said in each):
                self.cells.draft.lack(f"species/{name}", code_of(self.lot), "master")
        codes, names = ("; ".join(dict.fromkeys(said.get(name, "") for said in each)) for name in _SPECIES)
        return {"fao-code": codes, "scientific-name": names}

    def _species_of(self, uri: str) -> dict[str, str]:
        found = self.told.product(uri).get("species")
        return {name: text(value) for name, value in found.items()} if isinstance(found, Mapping) else {}

    def _catch(self) -> Record:
        imported = bool(self._of("catchCertificate"))
        asked = {"area": "catchArea", "gear": "fishingGear"} | ({} if imported else {"trip": "tripId"})
        found = {field: self._of(name) for field, name in asked.items()}
        for name in asked.values():
            self._asked(name)
        return {**found, "trip": self._of("tripId"), "vessel": self._of("vesselId")}

    def _farm(self) -> Record:
        unit = self._of("aquacultureUnit")
        self._asked("aquacultureUnit")
        where = self.begun[0].here
        return {"farm-unit": unit, "area": self._of("catchArea") or (line(where.address) if where else "")}

    def _days(self) -> Record:
        """The first and the last day of catch or harvest; the day a lot was made of others; until when it is good."""
        days = sorted(day for told in self.begun for day in _days_of(told))
        if not days:
            self._lack("harvest", self.roots[0])
        made = self.told.day if self.told.step.type == "TransformationEvent" else None
        own = self.said[0]
        return {
            "caught-from": days[0] if days else None,
            "caught-to": days[-1] if days else None,
            "made-on": read_day(own.get("productionDate")) or made,
            "best-before": read_day(own.get("bestBeforeDate")) or read_day(own.get("itemExpirationDate")),
        }

    def _lack(self, element: str, root: str) -> None:
        begun = self.origins.catch(root) or self.origins.harvest(root) or self.told
        self.cells.draft.lack(element, code_of(root), "recorder", begun)


def _days_of(told: Told) -> list[date]:
    """The days of a catch or harvest as it says them, else that on which it was recorded to happen."""
    return harvest_days(told.event) or [day for day in [told.day] if day is not None]


REGISTER = Register(
    "eu-fish",
    "Reg. (EC) 1224/2009, article 58",
    (
        ("lot", 16), ("product", 28), ("fao-code", 8), ("scientific-name", 26), ("method", 12), ("trip", 26),
        ("vessel", 18), ("farm-unit", 26), ("area", 26), ("gear", 28), ("caught-from", 12), ("caught-to", 12),
        ("made-on", 12), ("net-weight", 10), ("below-size", 12), ("size", 10), ("freshness", 10), ("defrosted", 10),
        ("best-before", 12), ("certificate", 20), ("origin-lots", 24), ("operator-name", 28),
    ),
    records,
    (
        Need("species/faoCode", "species", "master"),
        Need("species/scientificName", "species", "master"),
        Need("tripId", "filiera:tripId", "recorder"),
        Need("aquacultureUnit", "filiera:aquacultureUnit", "recorder"),
        Need("catchArea", "filiera:catchArea, cbvmda:catchArea", "recorder"),
        Need("fishingGear", "filiera:fishingGear, cbvmda:fishingGearTypeCode", "recorder"),
        Need("harvest", "cbvmda:harvestStartDate, cbvmda:harvestEndDate", "recorder"),
        Need("register-weight", "quantityList, netContent", "master"),
    ),
)  # fmt: skip
FORMATS = formats(REGISTER)
