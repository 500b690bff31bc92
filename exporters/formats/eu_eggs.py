"""Eggs in and out of a packing centre: whose, kept how, laid when; graded how, packed when, good until when, to whom.

- A row for each lot of eggs in each receiving and each shipping. How hens are kept, and where, is in the code stamped
  on the egg: `1IT038RA012` is free range, from Italy.
- What is received is not graded yet and has neither class nor date. Of what is sent the stamp, the classes, the days
  and the code of the packing centre are asked for.
- Eggs are good for 28 days from laying; a longer date is said as a note, and stands in the file as it was recorded.

    list(records(chain, draft))[1]["keeping"]  ->  "all'aperto"

Del. Reg. (EU) 2023/2465 and Impl. Reg. (EU) 2023/2466.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from exporters.facts.chain import Chain, Told, chain_of
from exporters.facts.lots import harvest_days
from exporters.facts.origins import Origins, category, received_before
from exporters.format import Loss, Need, Paper
from exporters.formats.register import Draft, Record, Register, formats
from exporters.formats.register_cells import OWNERS, Cells, code_of, read_day, text

STAMP = re.compile(r"([0-3])([A-Z]{2})[0-9A-Z]{2,20}")
ITALIAN = re.compile(r"[0-3]IT[0-9]{3}[A-Z]{2}[0-9]{3}")
"""Keeping, country, ISTAT's code of the municipality, province, farm."""
GOOD_FOR = timedelta(days=28)
_CLASS_A = "A"


def records(chain: Chain, draft: Draft) -> Iterator[Record]:
    """The rows, in the order of time."""
    origins, cells = Origins(chain), Cells(chain, draft)
    for told in chain.told:
        ships, receives = told.step.dealing == "ships", told.step.moves.receipt
        for lot, amount in told.goods if ships or receives else ():
            if category(told, lot) == "eggs" and not (receives and received_before(chain, told, lot)):
                eggs = _Eggs(cells, origins, told, lot)
                yield {
                    "direction": cells.words["direction-out" if ships else "direction-in"],
                    **cells.day("day", told.day, told, lot),
                    **cells.what(told, lot),
                    **cells.amount(told, lot, amount, asked=True),
                    **eggs.stamped(asked=ships),
                    **eggs.laid(),
                    **(eggs.graded() if ships else {}),
                    **cells.who("partner", told.end(*OWNERS, to=ships), told, lot),
                    **cells.documents(told),
                }


class _Eggs:
    """One lot, with all it came from."""

    def __init__(self, cells: Cells, origins: Origins, told: Told, lot: str) -> None:
        self.cells, self.told, self.lot, self.origins = cells, told, lot, origins
        self.roots = origins.roots(lot)
        self.said = origins.chain.ilmd(lot)

    def stamped(self, *, asked: bool) -> Record:
        """The codes stamped on the eggs, and what they say."""
        own = text(self.said.get("eggStamp"))
        each = [text(self.origins.chain.ilmd(root).get("eggStamp")) for root in self.roots]
        stamps = list(dict.fromkeys(filter(None, (own, *each))))
        wrong = [stamp for stamp in stamps if not well_stamped(stamp)]
        if wrong or (asked and not (own or all(each))):
            self.cells.draft.lack("eggStamp", code_of(self.lot), "recorder", self.told)
        keeping = dict.fromkeys(self.cells.words[f"eggs-{stamp[0]}"] for stamp in stamps if stamp not in wrong)
        return {
            "stamp": "; ".join(stamps),
            "keeping": "; ".join(keeping),
            "origin": "; ".join(dict.fromkeys(stamp[1:3] for stamp in stamps if stamp not in wrong)),
        }

    def laid(self) -> Record:
        """The first and the last day of laying."""
        days = self.laying()
        return {"laid-from": days[0], "laid-to": days[-1]} if days else {}

    def laying(self) -> list[date]:
        """Every day of laying that is known."""
        begun = (found for root in self.roots if (found := self.origins.harvest(root)))
        return sorted(day for told in begun for day in harvest_days(told.event))

    def graded(self) -> Record:
        """The classes, the days and the packing centre of what is sent."""
        cells, told, lot, said = self.cells, self.told, self.lot, self.said
        quality = cells.said("class", said.get("qualityClass"), "qualityClass", told, lot)
        weighed = text(said.get("weightClass"))
        if not weighed and quality["class"] == _CLASS_A:
            cells.draft.lack("weightClass", code_of(lot), "recorder", told)
        return {
            **quality,
            "weight-class": weighed,
            "packed-on": self._day("packagingDate", "productionDate"),
            "best-before": self._day("bestBeforeDate", "itemExpirationDate"),
            "centre": self._centre(),
        }

    def _day(self, *names: str) -> date | None:
        found = next(filter(None, (read_day(self.said.get(name)) for name in names)), None)
        if found is None:
            self.cells.draft.lack(names[0], code_of(self.lot), "recorder", self.told)
        return found

    def _centre(self) -> str:
        """The code of the packing centre: of where the lot was made."""
        made: Any = self.origins.coded(self.lot) or self.told
        found = "; ".join(made.approvals(made.site))
        if not found:
            self.cells.draft.lack("approvalNumbers", made.site or code_of(self.lot), "master")
        return found


def well_stamped(stamp: str) -> bool:
    """Whether a code has the form that the law gives it; an Italian one to the last digit."""
    found = STAMP.fullmatch(stamp)
    return found is not None and (found[2] != "IT" or ITALIAN.fullmatch(stamp) is not None)


def losses(paper: Paper) -> Iterator[Loss]:
    """As a note: lots that say they are good for longer than eggs are."""
    chain = chain_of(paper.facts)
    origins, cells = Origins(chain), Cells(chain, Draft(paper.language))
    for told in chain.told:
        for lot, _ in told.goods if told.step.dealing == "ships" else ():
            if category(told, lot) == "eggs":
                eggs = _Eggs(cells, origins, told, lot)
                days, until = eggs.laying(), read_day(eggs.said.get("bestBeforeDate"))
                if days and until is not None and until - days[0] > GOOD_FOR:
                    said = {"lot": code_of(lot), "laid": days[0].isoformat(), "until": until.isoformat()}
                    yield Loss("eggs-good-for-too-long", told.index, said)


REGISTER = Register(
    "eu-eggs",
    "Reg. (EU) 2023/2465 and 2023/2466",
    (
        ("direction", 14), ("day", 12), ("product", 30), ("lot", 16), ("stamp", 20), ("keeping", 14), ("origin", 8),
        ("class", 8), ("weight-class", 8), ("laid-from", 12), ("laid-to", 12), ("packed-on", 12), ("best-before", 12),
        ("quantity", 10), ("unit", 10), ("centre", 16), ("partner-name", 28), ("partner-address", 44),
        ("document", 24),
    ),
    records,
    (
        Need("eventTime", "eventTime", "recorder"),
        Need("product", "product", "master"),
        Need("quantity", "quantityList", "recorder"),
        Need("eggStamp", "filiera:eggStamp", "recorder"),
        Need("qualityClass", "filiera:qualityClass", "recorder"),
        Need("weightClass", "filiera:weightClass", "recorder"),
        Need("packagingDate", "cbvmda:packagingDate", "recorder"),
        Need("bestBeforeDate", "cbvmda:bestBeforeDate", "recorder"),
        Need("approvalNumbers", "site", "master"),
        Need("register-partner", "sourceList, destinationList", "recorder"),
    ),
    losses,
)  # fmt: skip
FORMATS = formats(REGISTER)
