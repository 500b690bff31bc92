"""Hours from harvest to shipping: of a lot as it was harvested, of one made of others, of one of unknown origin."""

from decimal import Decimal

from ledger.lots.journey_time import Became, Place, journey_times, median

HOUR = 3_600_000_000


def at(hour: int) -> Place:
    return Place(hour * HOUR, hour)


def grown(hour: int, lot: str) -> Became:
    return Became(at(hour), lot, "made", None)


def turned(hour: int, used: str, made: str, run: str | None = None) -> list[Became]:
    process = run or f"at {hour}"
    return [Became(at(hour), lot, "used", process) for lot in used] + [
        Became(at(hour), lot, "made", process) for lot in made
    ]


def hours(became: list[Became], **shipped: int) -> dict[str, Decimal]:
    found = journey_times(became, {lot: at(hour) for lot, hour in shipped.items()})
    return {each.uri: each.hours for each in found}


def test_a_lot_is_as_old_as_its_harvest() -> None:
    assert hours([grown(2, "A"), grown(5, "B")], A=10, B=12) == {"A": 8, "B": 7}


def test_a_lot_made_of_others_is_as_old_as_the_oldest_of_them() -> None:
    became = [grown(2, "A"), grown(5, "B"), *turned(7, "AB", "P"), *turned(9, "P", "Q")]
    assert hours(became, P=20, Q=30) == {"P": 18, "Q": 28}
    assert hours(list(reversed(became)), Q=30) == {"Q": 28}


def test_what_came_after_the_shipping_is_none_of_its_history() -> None:
    assert hours([grown(6, "A"), *turned(7, "A", "P"), grown(1, "B"), *turned(12, "B", "P")], P=10) == {"P": 4}
    assert hours([grown(12, "A")], A=10) == {}


def test_of_what_nobody_says_where_it_began_nothing_is_shown() -> None:
    assert hours(turned(7, "A", "P"), P=10, X=11) == {}
    # One of two inputs is known: its harvest is the oldest that is.
    assert hours([grown(3, "A"), *turned(7, "AX", "P")], P=10) == {"P": 7}


def test_events_of_one_run_are_one_process() -> None:
    became = [grown(1, "A"), *turned(4, "A", "", "run"), *turned(6, "", "P", "run")]
    assert hours(became, P=10) == {"P": 9}


def test_the_middle_one() -> None:
    assert median([]) is None
    assert median([Decimal(9), Decimal(1), Decimal(4)]) == 4
    assert median([Decimal(1), Decimal(4)]) == Decimal("2.5")
