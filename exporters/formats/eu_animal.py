"""Food of animal origin, lot by lot as it is despatched: what, how much, from whom, for whom, and who owns it.

- A row for each lot of animal origin in each shipping. Raw milk, fish, eggs, meat and honey count, and what is made of
  them alone; what a product is by law is master data (`legalCategory`).
- The operator at each end is who has the place; the owner stands beside it where it is somebody else.

    list(records(chain, draft))[0]["from-name"]

Reg. (EU) 931/2011 article 3.
"""

from collections.abc import Iterator

from exporters.facts.chain import Chain, Told
from exporters.facts.origins import category
from exporters.facts.parties import Where, Who
from exporters.format import Need
from exporters.formats.register import Draft, Record, Register, formats
from exporters.formats.register_cells import HOLDERS, Cells, same, text

ANIMAL = frozenset(("dairy", "meat", "eggs", "fish", "honey"))


def records(chain: Chain, draft: Draft) -> Iterator[Record]:
    """The rows, in the order of time."""
    cells = Cells(chain, draft)
    for told in chain.told:
        for lot, amount in told.goods if told.step.dealing == "ships" else ():
            if category(told, lot) in ANIMAL:
                yield {
                    **cells.day("despatched", told.day, told, lot),
                    **cells.what(told, lot),
                    "description": _described(told, lot),
                    **cells.amount(told, lot, amount, asked=True),
                    **_end(cells, "from", told, lot, to=False),
                    **_end(cells, "to", told, lot, to=True),
                    **cells.documents(told),
                }


def _described(told: Told, lot: str) -> str:
    """What the food is beyond its name: its commercial name and its species."""
    said = told.product(lot)
    species = said.get("species")
    scientific = text(species.get("scientificName")) if isinstance(species, dict) else ""
    return ", ".join(filter(None, (text(said.get("functionalName")), text(said.get("variety")), scientific)))


def _end(cells: Cells, prefix: str, told: Told, lot: str, *, to: bool) -> Record:
    """The operator at one end, its approval, and the owner where that is another."""
    holder: Where | Who | None = told.end(*HOLDERS, to=to) or (None if to else told.here)
    owner = told.end("owning_party", to=to)
    found = cells.who(prefix, holder, told, lot)
    if isinstance(holder, Where):
        found[f"{prefix}-approval"] = "; ".join(told.approvals(holder.uri))
    if owner is not None and holder is not None and not same(owner, holder):
        found |= cells.who(f"{prefix}-owner", owner, told, lot)
    return found


REGISTER = Register(
    "eu-animal",
    "Reg. (EU) 931/2011, article 3",
    (
        ("despatched", 12), ("product", 32), ("description", 32), ("lot", 16), ("quantity", 10), ("unit", 10),
        ("from-name", 28), ("from-address", 44), ("from-approval", 18), ("from-owner-name", 28),
        ("from-owner-address", 44), ("to-name", 28), ("to-address", 44), ("to-owner-name", 28),
        ("to-owner-address", 44), ("document", 24),
    ),
    records,
    (
        Need("eventTime", "eventTime", "recorder"),
        Need("product", "product", "master"),
        Need("quantity", "quantityList", "recorder"),
        Need("register-from", "sourceList, readPoint", "recorder"),
        Need("register-to", "destinationList", "recorder"),
        Need("name", "party, site", "master"),
        Need("street", "address", "master"),
        Need("municipality", "address", "master"),
        Need("country", "address", "master"),
    ),
)  # fmt: skip
FORMATS = formats(REGISTER)
