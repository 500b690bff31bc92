"""One step back and one step forward: from whom every lot came and to whom it went, by who recorded it.

- A row for each lot in each receiving and each shipping. Whoever recorded the event is the operator whose register it
  is.
- The law asks who, what and when; how much, and by which document, is there where it was recorded.
- Accepting what the same place received says nothing new.

    list(records(chain, draft))[0]["direction"]  ->  "consegnato"

Reg. (EC) 178/2002 article 18; agreement of the State and the Regions of 28 July 2005.
"""

from collections.abc import Iterator

from exporters.facts.chain import Chain, Told
from exporters.facts.origins import received_before
from exporters.format import Need
from exporters.formats.register import Draft, Record, Register, formats
from exporters.formats.register_cells import OWNERS, Cells


def records(chain: Chain, draft: Draft) -> Iterator[Record]:
    """The rows, in the order of time."""
    cells = Cells(chain, draft)
    for told in chain.told:
        ships, receives = told.step.dealing == "ships", told.step.moves.receipt
        if not ships and not receives:
            continue
        for lot, amount in told.goods:
            if receives and received_before(chain, told, lot):
                continue
            yield {
                "direction": cells.words["direction-out" if ships else "direction-in"],
                **cells.day("day", told.day, told, lot),
                **cells.operator(told),
                **cells.what(told, lot),
                **cells.amount(told, lot, amount, asked=False),
                **cells.who("partner", told.end(*OWNERS, to=ships), told, lot),
                "partner-vat": _vat(told, to=ships),
                **cells.documents(told),
            }


def _vat(told: Told, *, to: bool) -> str:
    found = told.end("owning_party", "possessing_party", to=to)
    return getattr(found, "vat_number", "")


REGISTER = Register(
    "eu-one-step",
    "Reg. (EC) 178/2002, article 18",
    (
        ("direction", 14), ("day", 12), ("operator-name", 28), ("product", 32), ("gtin", 16), ("lot", 16),
        ("quantity", 10), ("unit", 10), ("partner-name", 28), ("partner-address", 44), ("partner-vat", 16),
        ("document", 24),
    ),
    records,
    (
        Need("eventTime", "eventTime", "recorder"),
        Need("product", "product", "master"),
        Need("register-partner", "sourceList, destinationList", "recorder"),
        Need("name", "party, site", "master"),
        Need("street", "address", "master"),
        Need("municipality", "address", "master"),
        Need("country", "address", "master"),
    ),
)  # fmt: skip
FORMATS = formats(REGISTER)
