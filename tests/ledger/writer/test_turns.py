"""One at a time, and who waits longest is next."""

import threading
from time import sleep

import pytest

from ledger.writer.turns import Turns


def waiting(turns: Turns, count: int) -> None:
    while len(turns._queue) < count:
        sleep(0.001)


def test_turns_are_handed_on_in_the_order_of_asking() -> None:
    turns, order = Turns(), list[int]()

    def work(number: int) -> None:
        for _ in range(3):
            with turns.mine():
                order.append(number)
                # Nobody gives a turn back before all the others wait for theirs.
                if len(order) <= 6:
                    waiting(turns, 2)

    with turns.mine():
        threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
        for number, thread in enumerate(threads):
            thread.start()
            waiting(turns, number + 1)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2] * 3


def test_a_turn_that_fails_is_handed_on() -> None:
    turns = Turns()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), turns.mine():
            raise ZeroDivisionError
    with turns.mine():
        pass


def test_only_one_has_the_turn() -> None:
    turns, inside, most = Turns(), 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(50):
            with turns.mine():
                inside += 1
                most = max(most, inside)
                sleep(0)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
