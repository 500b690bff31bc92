"""Fresh fruit and vegetables, lot by lot as they are sent: who packed them, what they are, where they grew, of which
class.

- A row for each lot of fresh produce in each shipping. The country of origin is that of the lot, else of the lots it
  was packed from, every one.
- Class is asked for the products that have a marketing standard of their own (`schemas/lists/produce_standards.tsv`, by
  their `commodity`); of all others it stands where it was recorded, as variety and size do.

    list(records(chain, draft))[0]["origin"]  ->  "IT"

Del. Reg. (EU) 2023/2429 articles 5 to 8 and annex I.
"""

from collections.abc import Iterator
from functools import cache

from exporters.facts.chain import Chain, Told
from exporters.facts.origins import Origins, category
from exporters.facts.parties import Where, Who
from exporters.format import Need
from exporters.formats.register import Draft, Record, Register, formats
from exporters.formats.register_cells import HOLDERS, OWNERS, Cells, code_of, text
from schemas.lists.table import rows


def records(chain: Chain, draft: Draft) -> Iterator[Record]:
    """The rows, in the order of time."""
    origins, cells = Origins(chain), Cells(chain, draft)
    for told in chain.told:
        for lot, amount in told.goods if told.step.dealing == "ships" else ():
            if category(told, lot) == "freshProduce":
                yield {
                    **cells.day("despatched", told.day, told, lot),
                    **cells.what(told, lot),
                    **_grown(cells, origins, told, lot),
                    **cells.amount(told, lot, amount, asked=False),
                    **cells.who("packer", _packer(origins, told, lot), told, lot),
                    **cells.who("to", told.end(*OWNERS, to=True), told, lot),
                    **cells.documents(told),
                }


def standard_of(commodity: str) -> str:
    """The marketing standard of its own that a product has; empty for the general one."""
    return _standards().get(commodity.strip().lower(), "")


@cache
def _standards() -> dict[str, str]:
    return {row["commodity"]: row["standard"] for row in rows("produce_standards")}


def _grown(cells: Cells, origins: Origins, told: Told, lot: str) -> Record:
    """Origin, variety, class and size."""
    product, said = told.product(lot), origins.chain.ilmd(lot)
    each = [said] if said.get("countryOfOrigin") else [origins.chain.ilmd(root) for root in origins.roots(lot)]
    countries = [text(found.get("countryOfOrigin")) for found in each]
    origin = "; ".join(dict.fromkeys(filter(None, countries)))
    quality = text(said.get("qualityClass"))
    if not all(countries):
        cells.draft.lack("countryOfOrigin", code_of(lot), "recorder", origins.coded(lot) or told)
    if not quality and standard_of(text(product.get("commodity"))):
        cells.draft.lack("qualityClass", code_of(lot), "recorder", origins.coded(lot) or told)
    return {
        "origin": origin,
        "variety": text(said.get("variety")) or text(product.get("variety")),
        "class": quality,
        "size": text(said.get("size")),
    }


def _packer(origins: Origins, told: Told, lot: str) -> Where | Who | None:
    """Who packed the lot, else who sends it."""
    packed = origins.coded(lot)
    return packed.here if packed is not None and packed.here else told.end(*HOLDERS, to=False) or told.here


REGISTER = Register(
    "eu-produce",
    "Reg. (EU) 2023/2429",
    (
        ("despatched", 12), ("product", 32), ("variety", 18), ("origin", 10), ("class", 8), ("size", 10), ("lot", 16),
        ("quantity", 10), ("unit", 10), ("packer-name", 28), ("packer-address", 44), ("to-name", 28),
        ("to-address", 44), ("document", 24),
    ),
    records,
    (
        Need("eventTime", "eventTime", "recorder"),
        Need("product", "product", "master"),
        Need("countryOfOrigin", "cbvmda:countryOfOrigin", "recorder"),
        Need("qualityClass", "filiera:qualityClass", "recorder"),
        Need("register-packer", "bizLocation", "recorder"),
        Need("register-to", "destinationList", "recorder"),
        Need("name", "party, site", "master"),
        Need("street", "address", "master"),
        Need("municipality", "address", "master"),
        Need("country", "address", "master"),
    ),
)  # fmt: skip
FORMATS = formats(REGISTER)
