"""Mass balance: opening + made + received - used - shipped - wasted +- adjusted = closing, exactly.

- One *account* is the stock of one thing (a lot, or all lots of a product) over a period; figures are decimals in the
  base of their dimension (kilograms, litres, pieces…), or in kilograms where pieces have a net content.
- A line whose amount is not shown, or that has no common unit with the others, makes its figure and the closing *not
  shown* (None): never zero.
- An inventory (`counted`) sets the stock of the member who took it: the difference to the books is the adjustment.
  What one event counts of a lot, in several places or units, is one count.
- A closing below zero says that more left than there was.

    accounts = balance(entries, start=…, stop=…, key=product_of, products=products)

ARCHITECTURE.md 5; FORMATS 5.1 and 6.2.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal, Protocol

from ledger.lots.step import Amount
from ledger.lots.stock import Kind
from schemas.units import EXACT, based

Figure = Literal["opening", "made", "received", "used", "shipped", "wasted", "adjusted", "closing"]
By = Literal["lot", "product", "site", "member"]
"""What an account is of."""
FIGURES: tuple[Figure, ...] = ("opening", "made", "received", "used", "shipped", "wasted", "adjusted", "closing")
MASS, COUNT = "mass", "count"
# UN/CEFACT codes that count pieces, as an amount without a code does (Recommendation 20).
_PIECES = frozenset(("H87", "C62", "EA"))
_SIGN: dict[Kind, int] = {"made": 1, "received": 1, "accepted": 1, "used": -1, "shipped": -1, "wasted": -1}
_FIGURE: dict[Kind, Figure] = {
    "made": "made", "received": "received", "accepted": "received", "used": "used", "shipped": "shipped",
    "wasted": "wasted",
}  # fmt: skip


class Products(Protocol):
    """What master data says of products, as of a time."""

    def net_content(self, uri: str, at: int | None) -> Amount | None:
        """How much one piece of a lot, item or product holds at a time (microseconds since 1970); None: not known."""
        ...


class NoProducts:
    """Nothing is known of any product."""

    def net_content(self, uri: str, at: int | None) -> Amount | None:
        """Never known."""
        return None


@dataclass(frozen=True, slots=True)
class Posted:
    """One line in the books: the lot, the kind, its amount in the base of its dimension (None: not shown), its time,
    and the entry that caused it. `count`: lines added up in it; `member`: whose stock it is, where it matters."""

    uri: str
    kind: Kind
    dimension: str
    quantity: Decimal | None
    at: int
    index: int = -1
    count: int = 1
    member: str = ""


@dataclass(slots=True)
class Account:
    """One account. `figures`: by name, None where not shown; `dimension` what they are in; `lines` how many made it."""

    key: str
    dimension: str = ""
    figures: dict[Figure, Decimal | None] = field(default_factory=lambda: dict.fromkeys(FIGURES, Decimal(0)))
    lines: int = 0
    mixed: bool = False

    @property
    def short(self) -> bool:
        """Whether more left than there was."""
        closing = self.figures["closing"]
        return closing is not None and closing < 0

    @property
    def came(self) -> Decimal | None:
        """All that came in: what was there at the beginning, was made and was received."""
        return _sum([self.figures["opening"], self.figures["made"], self.figures["received"]])

    @property
    def went(self) -> Decimal | None:
        """All that went out: what was used, shipped and wasted."""
        return _sum([self.figures["used"], self.figures["shipped"], self.figures["wasted"]])

    def post(self, figure: Figure, quantity: Decimal | None, sign: int) -> None:
        """Add to a figure and to the closing."""
        posted: tuple[tuple[Figure, int], ...] = (
            (figure, sign if figure in ("opening", "adjusted") else 1),
            ("closing", sign),
        )
        for name, signed in posted:
            before = self.figures[name]
            self.figures[name] = None if before is None or quantity is None else EXACT.add(before, signed * quantity)


def _sum(figures: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for figure in figures:
        if figure is None:
            return None
        total = EXACT.add(total, figure)
    return total


def dimension_of(amount: Amount) -> tuple[str, Decimal | None]:
    """The dimension of an amount and its quantity in the dimension's base: kilograms, litres, pieces, or the code."""
    if amount.uom is None or amount.uom in _PIECES:
        return COUNT, amount.quantity
    return based(amount.quantity, amount.uom)


def kilograms(amount: Amount, uri: str, at: int | None, products: Products) -> Decimal | None:
    """An amount of a lot in kilograms; None where it is no mass and its product's net content is none, or not known."""
    dimension, quantity = dimension_of(amount)
    if quantity is None or dimension == MASS:
        return quantity
    if dimension != COUNT:
        return None
    content = products.net_content(uri, at)
    if content is None:
        return None
    of_one, each = dimension_of(content)
    return EXACT.multiply(quantity, each) if of_one == MASS and each is not None else None


def weighed(line: Posted, products: Products) -> Posted:
    """A line of pieces in kilograms, where its product's net content is known; any other as it is."""
    if line.dimension != COUNT or line.quantity is None:
        return line
    found = kilograms(Amount(line.quantity), line.uri, line.at, products)
    if found is None:
        return line
    return replace(line, dimension=MASS, quantity=found)


def balance(
    lines: Iterable[Posted], *, start: int | None, stop: int | None, key: Callable[[str], str], products: Products
) -> list[Account]:
    """The accounts of all lines, by key. Lines before `start` (microseconds; None: none is) make the opening, those
    from `stop` on are left out."""
    stocks: dict[tuple[str, str], list[Posted]] = {}
    for line in lines:
        if stop is None or line.at < stop:
            stocks.setdefault((line.uri, line.member), []).append(weighed(line, products))
    accounts: dict[str, Account] = {}
    for (uri, _), posted in stocks.items():
        account = accounts.setdefault(key(uri), Account(key(uri)))
        _stock(account, posted, start)
    return [accounts[name] for name in sorted(accounts)]


def _stock(account: Account, posted: list[Posted], start: int | None) -> None:
    """The lines of one lot and one member into an account, in time order, with what inventories say."""
    received = any(line.kind == "received" for line in posted)
    stock: Decimal | None = Decimal(0)
    for line in _counted_once(sorted(posted, key=lambda line: (line.at, line.index))):
        if line.kind == "accepted" and received:
            continue
        account.lines += line.count
        quantity = _common(account, line)
        before = start is not None and line.at < start
        if line.kind == "counted":
            difference = None if quantity is None or stock is None else EXACT.subtract(quantity, stock)
            account.post("opening" if before else "adjusted", difference, 1)
            stock = quantity
            continue
        sign = _SIGN[line.kind]
        account.post("opening" if before else _FIGURE[line.kind], quantity, sign)
        stock = None if stock is None or quantity is None else EXACT.add(stock, sign * quantity)


def _counted_once(posted: Iterable[Posted]) -> list[Posted]:
    """The lines, those of one count of one event made one."""
    found: list[Posted] = []
    for line in posted:
        before = found[-1] if found else None
        same = before is not None and (before.kind, before.index, before.at) == ("counted", line.index, line.at)
        if before is None or line.kind != "counted" or not same:
            found.append(line)
        else:
            shown = before.dimension == line.dimension and None not in (before.quantity, line.quantity)
            whole = EXACT.add(before.quantity or Decimal(0), line.quantity or Decimal(0)) if shown else None
            found[-1] = replace(before, quantity=whole, count=before.count + line.count)
    return found


def _common(account: Account, line: Posted) -> Decimal | None:
    """The line's quantity in the account's dimension, None where it has none in common with it."""
    if line.quantity is None:
        return None
    account.dimension = account.dimension or line.dimension
    if line.dimension != account.dimension:
        account.mixed = True
        return None
    return line.quantity


def totals(accounts: Iterable[Account]) -> Mapping[str, Account]:
    """All accounts of one dimension as one, by dimension."""
    found: dict[str, Account] = {}
    for account in accounts:
        total = found.setdefault(account.dimension, Account("", account.dimension))
        total.lines += account.lines
        total.mixed = total.mixed or account.mixed
        for name, value in account.figures.items():
            before = total.figures[name]
            total.figures[name] = None if before is None or value is None else EXACT.add(before, value)
    return found
