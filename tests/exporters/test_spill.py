"""What is too much to hold moves to the disk, and is read again as it was."""

import tempfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters import spill
from exporters.spill import Picked, Scratch, Spilled, chunks_of
from schemas.errors import UnavailableError


@given(st.lists(st.binary(max_size=40) | st.text(max_size=9)))
def test_a_spilled_sequence_is_the_sequence(items: list[bytes | str]) -> None:
    held = Spilled(items)
    assert list(held) == items
    assert held == items
    assert held == tuple(items)
    assert [held[-number - 1] for number in range(len(items))] == items[::-1]
    assert list(held[1:4]) == items[1:4]
    assert (held == [*items, b""]) is False


def test_what_is_read_in_between_does_not_disturb_what_is_added() -> None:
    held = Spilled(["a", "b"])
    assert held[0] == "a"
    held.append("c")
    assert list(held) == ["a", "b", "c"]
    with pytest.raises(IndexError):
        held[3]


def test_items_are_picked_by_number_and_made_when_asked_for() -> None:
    asked: list[int] = []
    picked = Picked(lambda number: asked.append(number) or number * 2, [3, 1])  # type: ignore[func-returns-value]
    assert (len(picked), asked) == (2, [])
    assert (picked[1], asked) == (2, [1])


def test_a_large_one_is_on_the_disk_and_nameless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "HELD", 100)
    file = Scratch()
    file.write(b"small")
    assert not file._rolled  # type: ignore[attr-defined]
    file.write(bytes(200_000))
    assert file._rolled  # type: ignore[attr-defined]
    assert isinstance(file.name, int)
    assert b"".join(chunks_of(file)) == b"small" + bytes(200_000)


def test_without_room_for_it_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "HELD", 100)
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    with pytest.raises(UnavailableError, match="no-room-for-scratch"):
        Spilled([bytes(200)])
