"""What the rule asks of raw food: harvested where and when, by whom, cooled where, who has it next.

- A raw lot has no traceability lot code; its rows are of harvesting and cooling, and what its packer has to know of it
  is found along the lot's own events.
- Who has it next is whom the event names, else where the lot is found next.

    growing.received(told, lot)["harvester/name"]

21 CFR 1.1325 and 1.1330.
"""

from collections.abc import Iterator

from exporters.facts.chain import Chain, Told
from exporters.facts.lots import harvest_days
from exporters.facts.origins import Origins, category, same_place
from exporters.facts.parties import Where, Who
from exporters.files.workbook import Cell
from exporters.formats.fsma204_cells import Draft, Record, code
from ledger.lots.timeline import stated

TO = ("location", "possessing_party", "owning_party")
"""Who or what place has goods next, the nearest first."""


class Growing:
    """Records and parts of records about raw lots."""

    def __init__(self, chain: Chain, origins: Origins, draft: Draft) -> None:
        self.chain, self.origins, self.draft = chain, origins, draft

    def harvesting(self, told: Told, lot: str) -> Record:
        """A lot harvested."""
        amount = stated(told.step, lot, "made")
        return {
            **self._recipient(told, lot),
            **self.draft.commodity("", told, lot),
            **self.draft.amount("", told, lot, amount),
            **self._farm(told, lot),
            **self.draft.documents(told, lot),
        }

    def cooling(self, told: Told) -> Iterator[Record]:
        """Every raw lot that an event cools."""
        for lot, amount in told.goods:
            harvest = self.origins.harvest(lot)
            if harvest is not None and self.origins.raw(lot):
                yield {
                    **self._recipient(told, lot),
                    **self.draft.commodity("", told, lot),
                    **self.draft.amount("", told, lot, amount),
                    **self.draft.location("cooled", told.here, told, lot),
                    **self.draft.day("date", told.day, told, lot),
                    **self.draft.location("farm", harvest.here, harvest, lot),
                    **self.draft.documents(told, lot),
                }

    def received(self, told: Told, harvest: Told, lot: str) -> Record:
        """A raw lot as who packs it received it."""
        farm = self._farm(harvest, lot)
        found: dict[str, Cell] = {name: cell for name, cell in farm.items() if name != "date"}
        for cooling in self.origins.coolings(lot)[-1:]:
            found |= self.draft.location("cooled", cooling.here, cooling, lot)
            found |= self.draft.day("cooled/date", cooling.day, cooling, lot)
        return {**self.taken(told, lot), **found, **self._harvester(harvest, lot), "harvest/date": farm.get("date")}

    def taken(self, told: Told, lot: str) -> Record:
        """What went into a process of a raw lot, and the day it was first there."""
        arrival = self.origins.arrival(lot, told.site) or told
        return {
            **self.draft.commodity("received/", told, lot),
            **self.draft.day("received/date", arrival.day, told, lot),
            **self.draft.amount("received/", told, lot, stated(told.step, lot, "used")),
        }

    def _recipient(self, told: Told, lot: str) -> Record:
        found: Where | Who | None = told.end(*TO, to=True)
        if found is None:
            later = self.chain.about(lot)
            after = later[later.index(told) + 1 :]
            moved = next((each for each in after if each.site and not same_place(each.site, told.site)), None)
            found = moved.here if moved else None
        return self.draft.location("recipient", found, told, lot)

    def _farm(self, harvest: Told, lot: str) -> Record:
        """The farm, the field or the container, and the day of harvest."""
        name = self._field(harvest, lot)
        kind = category(harvest, lot)
        if not name and kind != "eggs":
            self.draft.lack("fieldName", code(lot), "recorder", harvest)
        days = harvest_days(harvest.event)
        return {
            **self.draft.location("farm", harvest.here, harvest, lot),
            "container" if kind == "fish" else "field": name,
            **self.draft.day("date", days[0] if days else harvest.day, harvest, lot),
        }

    def _field(self, harvest: Told, lot: str) -> str:
        said = self.chain.ilmd(lot).get("fieldName")
        if isinstance(said, str) and said.strip():
            return said.strip()
        point = harvest.step.read_point or ""
        return harvest.place(point).name if point and point != harvest.site else ""

    def _harvester(self, harvest: Told, lot: str) -> Record:
        """Whoever had the lot when it was harvested, else who has the farm."""
        where = harvest.here
        found = harvest.end("possessing_party", to=False) or (where.owner if where else None)
        said = (found.name, found.phone) if found else ("", "")
        for element, text in zip(("name", "phone"), said, strict=True):
            if not text:
                self.draft.lack(element, (found.uri if found else "") or code(lot), "master")
        return {"harvester/name": said[0], "harvester/phone": said[1]}
