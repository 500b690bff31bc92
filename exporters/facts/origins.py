"""Where a lot began, as food law asks: harvested or caught, cooled, packed for the first time; and whose code it bears.

- *Harvested*: begun without inputs on a farm, in a field or a pond, or with days of harvest. *Caught*: begun on a boat.
- *Raw*: harvested, of a product that is sold as it grew (fresh produce, eggs, cereals, farmed fish). Milk is not.
- *Landed*: received on land from the boat for the first time. *Exempt*: received from who keeps no records by law; the
  event says by which clause (`filiera:exemption`).
- A lot is *coded* when it is packed for the first time, made of others, landed, or received from an exempt source: then
  somebody answers for its code. A raw lot is not, whatever number its grower gave it.

    origins = Origins(chain);  origins.harvest(lot), origins.coded(lot)

21 CFR 1.1310 and 1.1320; FORMATS 2.2.
"""

from collections.abc import Iterator

from exporters.facts.chain import Chain, Told
from ledger.lots.said import as_party, without_extension
from schemas.epcis.own_terms import NAMESPACE

COOLING = NAMESPACE + "cooling"
_FARMS = frozenset(("farm", "field", "aquaculture", "stable"))
_BOAT = "boat"
_GROWN = frozenset(("freshProduce", "eggs", "cereals", "fish", ""))


class Origins:
    """What a history says of the beginnings of its lots."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self._coded = dict(self._codings())

    def harvest(self, lot: str) -> Told | None:
        """The event that harvested a lot."""
        return next((told for told in self._beginnings(lot) if self._is_harvest(told, lot)), None)

    def catch(self, lot: str) -> Told | None:
        """The event that says of a lot that it was caught."""
        return next((told for told in self._beginnings(lot) if _kind(told) == _BOAT), None)

    def coolings(self, lot: str) -> list[Told]:
        """The events in which it was cooled."""
        return [told for told in self.chain.about(lot) if told.step.biz_step == COOLING]

    def raw(self, lot: str) -> bool:
        """Whether it is food as it grew, which nobody packed or changed."""
        found = self.harvest(lot)
        return found is not None and category(found, lot) in _GROWN

    def coded(self, lot: str) -> Told | None:
        """The event that gave it its code, if the history holds it."""
        return self._coded.get(lot)

    def landing(self, told: Told, lot: str) -> bool:
        """Whether it is landed in this event."""
        return told.step.moves.receipt and self._coded.get(lot) is told and not told.own("exemption")

    def arrival(self, lot: str, site: str) -> Told | None:
        """The first event about it at a place, however the place is spelled."""
        return next((told for told in self.chain.about(lot) if same_place(told.site, site)), None)

    def roots(self, lot: str) -> tuple[str, ...]:
        """The lots that it comes from in the end, through all that it was made of; itself, if it was made of none, or
        only worked again."""
        seen, waiting, found = {lot}, [lot], dict[str, None]()
        while waiting:
            here = waiting.pop(0)
            sources = [used for told in self.chain.making(here) for used in told.used]
            if not sources:
                found[here] = None
            waiting += [used for used in dict.fromkeys(sources) if used not in seen]
            seen.update(sources)
        return tuple(found) or (lot,)

    def _codings(self) -> Iterator[tuple[str, Told]]:
        """Later ones do not count: a code is given once."""
        for told in reversed(self.chain.told):
            step = told.step
            if step.type == "TransformationEvent":
                yield from ((lot, told) for lot in told.made)
            elif step.moves.receipt:
                for lot, _ in told.goods:
                    if told.own("exemption") or self._from_boat(told, lot):
                        yield lot, told
            else:
                for lot in told.made:
                    if not self._is_harvest(told, lot) and _kind(told) != _BOAT:
                        yield lot, told

    def _from_boat(self, told: Told, lot: str) -> bool:
        """Whether it comes from a boat, and nobody on land had it before."""
        source = dict(told.step.sources).get("location")
        if source is not None and told.place(source).kind == _BOAT:
            return True
        receipts = [each for each in self.chain.about(lot) if each.step.moves.receipt]
        return self.catch(lot) is not None and receipts[:1] == [told]

    def _beginnings(self, lot: str) -> Iterator[Told]:
        for told in self.chain.making(lot):
            if told.step.type == "ObjectEvent" and not told.step.moves.receipt:
                yield told

    def _is_harvest(self, told: Told, lot: str) -> bool:
        if told.step.type != "ObjectEvent" or told.step.moves.receipt or _kind(told) == _BOAT:
            return False
        return _kind(told) in _FARMS or bool(told.step.harvested)


def received_before(chain: Chain, told: Told, lot: str) -> bool:
    """Whether an accepting says once more what a receiving at the same place said."""
    before = (each for each in chain.about(lot) if each.step.dealing == "receives")
    return told.step.dealing == "accepts" and any(same_place(each.site, told.site) for each in before)


def category(told: Told, lot: str) -> str:
    """The legal category of a lot's product, a word of master data; empty where nobody says."""
    found = told.product(lot).get("legalCategory")
    return found if isinstance(found, str) else ""


def same_place(one: str, other: str) -> bool:
    """Whether two places are one, with or without what stands inside them."""
    return bool(one) and as_party(without_extension(one)) == as_party(without_extension(other))


def _kind(told: Told) -> str:
    """What kind of place it happened in."""
    return told.place(told.site).kind if told.site else ""
