"""Balances: figures that add up, and those that cannot be shown."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ledger.lots.balance import COUNT, MASS, Account, NoProducts, Posted, balance, kilograms, totals
from ledger.lots.step import Amount
from ledger.lots.stock import Kind, product_of

LOT, OTHER = "https://id.gs1.org/01/09520001000011/10/A", "https://id.gs1.org/01/09520001000011/10/B"
GTIN = "https://id.gs1.org/01/09520001000011"


class Boxes:
    """A product of which a piece holds five hundred grams, since the moment 100; before, a kilogram."""

    def net_content(self, uri: str, at: int | None) -> Amount | None:
        if product_of(uri) != GTIN:
            return None
        return Amount(Decimal(1), "KGM") if (at or 0) < 100 else Amount(Decimal(500), "GRM")


def posted(kind: Kind, quantity: str | None, at: int = 0, uri: str = LOT, dimension: str = MASS) -> Posted:
    return Posted(uri, kind, dimension, None if quantity is None else Decimal(quantity), at, at)


def only(*lines: Posted, start: int | None = None, stop: int | None = None) -> Account:
    (account,) = balance(lines, start=start, stop=stop, key=lambda uri: uri, products=NoProducts())
    return account


def shown(account: Account) -> dict[str, str]:
    return {name: str(value) for name, value in account.figures.items() if value != 0}


def test_a_lot_closes_with_what_is_left() -> None:
    lines = [
        *(posted("made", "600.50", 1), posted("received", "400", 2), posted("used", "300", 3)),
        *(posted("shipped", "650", 4), posted("wasted", "20.5", 5)),
    ]
    assert shown(only(*lines)) == {
        "made": "600.50", "received": "400", "used": "300", "shipped": "650", "wasted": "20.5", "closing": "30.00",
    }  # fmt: skip


def test_what_came_before_is_the_opening_and_what_comes_after_is_left_out() -> None:
    lines = [posted("made", "100", 1), posted("shipped", "30", 2), posted("shipped", "50", 5), posted("made", "7", 9)]
    assert shown(only(*lines, start=3, stop=9)) == {"opening": "70", "shipped": "50", "closing": "20"}


def test_a_thousand_in_and_a_thousand_and_fifty_out_is_short() -> None:
    account = only(posted("made", "1000", 1), posted("shipped", "1050", 2))
    assert account.short
    assert account.figures["closing"] == Decimal(-50)
    assert not only(posted("made", "1000", 1), posted("shipped", "1000", 2)).short


def test_an_inventory_sets_the_stock_and_the_difference_is_an_adjustment() -> None:
    account = only(
        posted("made", "100", 1), posted("counted", "96", 2), posted("shipped", "90", 3), posted("counted", "7", 4)
    )
    assert shown(account) == {"made": "100", "shipped": "90", "adjusted": "-3", "closing": "7"}


def test_what_is_not_shown_is_not_zero() -> None:
    account = only(posted("made", "100", 1), posted("shipped", None, 2))
    assert (account.figures["made"], account.figures["shipped"], account.figures["closing"]) == (
        Decimal(100),
        None,
        None,
    )
    assert not account.short


def test_an_inventory_of_one_member_says_nothing_of_what_others_have() -> None:
    lines = [
        replace(posted("made", "1000", 1), member="A"), replace(posted("shipped", "400", 2), member="A"),
        replace(posted("received", "400", 3), member="B"), replace(posted("counted", "390", 4), member="B"),
    ]  # fmt: skip
    assert shown(only(*lines)) == {
        "made": "1000", "received": "400", "shipped": "400", "adjusted": "-10", "closing": "990",
    }  # fmt: skip


def test_what_is_counted_in_two_places_by_one_event_is_one_count() -> None:
    lines = [posted("made", "1000", 1), posted("counted", "600", 2), posted("counted", "390", 2)]
    assert shown(only(*lines)) == {"made": "1000", "adjusted": "-10", "closing": "990"}
    assert only(*lines, posted("counted", None, 2)).figures["closing"] is None


def test_accepting_counts_where_nothing_was_received() -> None:
    assert only(posted("received", "10", 1), posted("accepted", "10", 2)).figures["received"] == 10
    assert only(posted("accepted", "10", 2)).figures["received"] == 10


def test_pieces_are_weighed_by_what_they_held_then() -> None:
    lines = [posted("made", "10", 50, dimension=COUNT), posted("shipped", "4", 200, dimension=COUNT)]
    (account,) = balance(lines, start=None, stop=None, key=product_of, products=Boxes())
    assert (account.key, account.dimension) == (GTIN, MASS)
    assert shown(account) == {"made": "10", "shipped": "2.000", "closing": "8.000"}


def test_pieces_without_a_net_content_stay_pieces_and_never_mix_with_kilograms() -> None:
    pieces = posted("made", "10", 1, dimension=COUNT)
    assert only(pieces).dimension == COUNT
    mixed = only(pieces, posted("shipped", "4", 2))
    assert mixed.mixed
    assert mixed.figures["closing"] is None
    assert kilograms(Amount(Decimal(3)), LOT, 0, NoProducts()) is None
    assert kilograms(Amount(Decimal(3), "LTR"), LOT, 0, Boxes()) is None
    assert kilograms(Amount(Decimal(3), "TNE"), LOT, 0, NoProducts()) == 3000


def test_lots_of_a_product_make_one_account_and_each_keeps_its_own_inventory() -> None:
    lines = [posted("made", "10", 1), posted("made", "20", 1, OTHER), posted("counted", "19", 2, OTHER)]
    (account,) = balance(lines, start=None, stop=None, key=product_of, products=NoProducts())
    assert shown(account) == {"made": "30", "adjusted": "-1", "closing": "29"}
    assert totals([account, Account("x", COUNT)])[MASS].figures["closing"] == 29


KINDS = st.sampled_from(["made", "received", "used", "shipped", "wasted", "counted"])
AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=3)


@given(
    st.lists(st.tuples(KINDS, AMOUNTS, st.integers(0, 20), st.sampled_from([LOT, OTHER])), max_size=20),
    st.integers(0, 21),
)
def test_the_figures_always_add_up(told: list[tuple[Kind, Decimal, int, str]], start: int) -> None:
    lines = [Posted(uri, kind, MASS, amount, at, index) for index, (kind, amount, at, uri) in enumerate(told)]
    for account in balance(lines, start=start, stop=None, key=product_of, products=NoProducts()):
        f = {name: value or Decimal(0) for name, value in account.figures.items()}
        gone = f["used"] + f["shipped"] + f["wasted"]
        assert f["opening"] + f["made"] + f["received"] - gone + f["adjusted"] == f["closing"]
        # The closing of one period is the opening of the next.
        later = balance(lines, start=21, stop=None, key=product_of, products=NoProducts())
        assert [item.figures["opening"] for item in later] == [account.figures["closing"]]
