"""A declaration of error voids the event it means, whichever was logged first, and nobody else's."""

import pytest

from ledger.readside.rebuild import rebuild
from ledger.store.edges import StoreEdges
from ledger.store.engine import Store
from tests.ledger.readside.test_rebuild import dump, kept, wrapping_key
from tests.simulator import chain
from tests.simulator.chain import PACKED, PEACHES, Chain

DECLARED = {"declarationTime": "2026-07-01T09:00:00Z", "reason": "incorrect_data"}
NAME = "urn:uuid:3f1e9aa2-6bd4-4d4c-8f1c-6d1d3d7f8e0a"
SENT = {**chain.observed(PACKED, "shipping", 11), "eventID": NAME}
WRONG = {**SENT, "errorDeclaration": DECLARED}


def voided(store: Store, size: int | None = None) -> dict[int, int | None]:
    with store.read() as connection:
        found = StoreEdges(connection, size).steps_of([PACKED]).get(PACKED, [])
    return {step.index: step.corrected_by for step in found}


@pytest.mark.parametrize("group", [1, 50])
@pytest.mark.parametrize("events", [(SENT, WRONG), (WRONG, SENT)], ids=["after", "before"])
def test_the_event_is_voided_whichever_came_first(store: Store, events: tuple[dict, dict], group: int) -> None:
    story = Chain()
    first = story.log.size
    for event in events:
        story.log.event(0, event)
    kept(store, story.log, group)
    original, declaration = (first, first + 1) if events[0] is SENT else (first + 1, first)
    assert voided(store)[original] == declaration
    assert voided(store)[declaration] is None
    before = dump(store)
    rebuild(store, wrapping_key)
    assert dump(store) == before


def test_what_was_declared_wrong_later_stood_before(store: Store) -> None:
    story = Chain()
    original = story.log.size
    story.log.event(0, SENT)
    story.log.event(0, WRONG)
    kept(store, story.log)
    assert voided(store, original + 1)[original] is None
    assert voided(store, original + 2)[original] == original + 1
    assert original + 1 not in voided(store, original + 1)


def test_another_members_declaration_voids_nothing(store: Store) -> None:
    story = Chain()
    original = story.log.size
    story.log.event(0, SENT)
    story.log.event(1, WRONG)
    kept(store, story.log)
    assert voided(store)[original] is None


def test_a_signed_repeat_counts_once(store: Store) -> None:
    story = Chain()
    first = story.log.size
    story.log.event(0, SENT)
    story.log.event(0, SENT)
    kept(store, story.log)
    with store.read() as connection:
        steps = StoreEdges(connection).steps([first, first + 1])
    assert (steps[first].repeats, steps[first + 1].repeats) == (None, first)
    assert [step.stands for step in steps.values()] == [True, False]


def test_steps_come_back_as_they_were_said(store: Store) -> None:
    story = Chain()
    kept(store, story.log)
    from ledger.lots.step import step

    with store.read() as connection:
        edges = StoreEdges(connection)
        said = {
            index: step(index, entry.claims.iss, entry.content)
            for index, entry in enumerate(story.log.entries)
            if entry.content is not None and entry.claims.kind == "event"
        }
        assert edges.steps(said) == {index: found for index, found in said.items() if found.moves.touched}
        assert [found.index for found in edges.steps_of([PEACHES, "https://nowhere.example"])[PEACHES]] == [
            index for index, _ in edges.entries_of(PEACHES)
        ]
