"""What some entries in a row are about: objects, and things that documents are attached to."""

from ledger.lots.movement import Movement
from ledger.lots.step import Step
from ledger.readside.derive import Derived
from ledger.readside.refresh import write
from ledger.readside.unchanged import About, Mark, mark, moved
from ledger.store import attached, objects, read_side, visibility
from ledger.store.engine import Store
from ledger.store.events import EventRow
from ledger.store.objects import ObjectUse


def derived(index: int, *uris: str) -> Derived:
    row = EventRow(index, "event", "ObjectEvent", "2026-05-04T09:00:00Z", f"e{index}", None, "urn:uuid:a")
    uses = tuple(ObjectUse(uri, index, None, None) for uri in uris)
    return Derived(index, row, Step(index, "urn:uuid:a", Movement()), uses)


def test_entries_in_a_row_name_their_objects_and_the_things_of_their_documents(store: Store) -> None:
    with store.begin() as connection:
        write(connection, [derived(0, "P"), derived(1, "P", "Q"), derived(2, "R")])
        attached.put(connection, [("S", 1), ("T", 3)])
        assert objects.named_between(connection, 1, 3) == {"P", "Q", "R"}
        assert objects.named_between(connection, 3, 9) == set()
        assert attached.subjects_between(connection, 0, 3) == {"S"}


def test_an_answer_holds_until_something_is_said_of_what_it_is_about(store: Store) -> None:
    about = About(frozenset((0, 1)), frozenset(("P", "T")), frozenset(("urn:uuid:a",)))
    with store.begin() as connection:
        write(connection, [derived(0, "P"), derived(1, "P")])
        read_side.put(connection, 2)
        before = mark(connection, about.indexes)
        assert moved(connection, about, before) == before
        write(connection, [derived(2, "Q")])
        read_side.put(connection, 3)
        assert moved(connection, about, before) == Mark(3, (), ())
        assert moved(connection, About(about.indexes, frozenset(("Q",)), frozenset()), before) is None
        attached.put(connection, [("T", 2)])
        assert moved(connection, about, before) is None
        visibility.publish(connection, "P", "urn:uuid:a", 0)
        assert moved(connection, about, Mark(3, (), ())) is None
        assert moved(connection, about, Mark(3, (0, 1), ())) == Mark(3, (0, 1), ())
        # A store that was set back holds less than what the answer was made of.
        assert moved(connection, about, Mark(9, (0, 1), ())) is None
