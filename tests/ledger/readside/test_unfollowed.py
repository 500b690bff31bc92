"""What the read side does not hold yet is read from the log: whether it is about an answer, or cannot be told."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from ledger.capture.master import read_master
from ledger.node import Node
from ledger.readside.unchanged import About
from ledger.readside.unfollowed import MOST_ENTRIES, Unfollowed, answered
from schemas.errors import InputError
from schemas.syntax.json_text import Number, write
from tests.simulator.paperwork import CASE, LINK, LOT, Season, capture, event, masters, paperwork

OTHER = f"{LINK}/01/{CASE}/10/U-2"
NOTHING = About(frozenset(), frozenset(), frozenset())


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    with paperwork(tmp_path_factory.mktemp("unfollowed")) as made:
        yield made


def seen(season: Season, lot: str) -> None:
    """Somebody looks at a lot."""
    quantity = {"epcClass": lot, "quantity": Number("1")}
    said = event(18, 9, action="OBSERVE", bizStep="inspecting", quantityList=[quantity], eventID=f"urn:uuid:{uuid4()}")
    capture(season.node, [said], season.members[0])


def silent(node: Node, about: About, count: int, unfollowed: Unfollowed | None = None) -> bool:
    """The answer of the newest entries."""
    asked = unfollowed or Unfollowed(node.store, node.keyring.wrapping_key)
    with node.store.read() as connection:
        head = answered(connection)
        assert head == node.registry.size
        return asked.silent(connection, about, head - count, head)


def test_an_event_speaks_of_its_objects_and_of_nothing_else(season: Season) -> None:
    seen(season, OTHER)
    assert silent(season.node, About(frozenset(), frozenset((LOT,)), frozenset(season.members)), 1)
    assert not silent(season.node, About(frozenset(), frozenset((OTHER,)), frozenset()), 1)
    assert silent(season.node, About(frozenset(), frozenset((OTHER,)), frozenset()), 0)


def test_what_says_how_the_log_is_read_is_about_nobody_and_other_public_entries_about_everybody(season: Season) -> None:
    season.node.snapshot()
    assert silent(season.node, NOTHING, 1)
    season.node.membership.new_key("gateway", season.members[0])
    assert not silent(season.node, NOTHING, 1)


def test_what_was_read_once_is_known_until_it_is_forgotten(season: Season) -> None:
    keys, node = list[str](), season.node

    def key(iss: str) -> bytes:
        keys.append(iss)
        return node.keyring.wrapping_key(iss)

    unfollowed = Unfollowed(node.store, key)
    seen(season, OTHER)
    assert silent(node, NOTHING, 1, unfollowed)
    assert silent(node, NOTHING, 1, unfollowed)
    assert len(keys) == 1
    unfollowed.forget()
    assert silent(node, NOTHING, 1, unfollowed)
    assert len(keys) == 2


def test_what_cannot_be_read_here_may_be_about_anything(season: Season) -> None:
    def keyless(iss: str) -> bytes:
        raise InputError("passphrase-missing")

    seen(season, OTHER)
    assert silent(season.node, NOTHING, 1)
    assert not silent(season.node, NOTHING, 1, Unfollowed(season.node.store, keyless))


def test_very_much_is_left_to_the_follower(season: Season) -> None:
    while season.node.registry.size < MOST_ENTRIES + 1:
        seen(season, OTHER)
    assert not silent(season.node, NOTHING, MOST_ENTRIES + 1)


def test_master_data_is_about_its_member(season: Season) -> None:
    own, other = season.members
    content = next(masters()) | {"name": "Sole, detta la Bella"}
    season.node.master(read_master(write([content])), member=own)
    assert not silent(season.node, About(frozenset(), frozenset(), frozenset((own,))), 1)
    assert silent(season.node, About(frozenset(), frozenset(), frozenset((other,))), 1)
