"""What a page is made of is kept, and made again for each thing that changes it; nothing else makes it anew."""

from collections.abc import Iterator
from hashlib import sha256

import pytest

from api.access import Access
from api.pages.consumer import kept
from api.pages.consumer.kept import Packs, Shown
from api.settings import Settings
from api.verbs.attach import attach
from api.verbs.erase import erase
from api.verbs.publish import publish, withdraw
from api.verbs.recall import close_recall, open_recall
from ledger.audience import full
from ledger.node import Node
from ledger.store import read_side
from schemas.syntax.json_text import Number
from tests.api.pages.consumer.conftest import UNPUBLISHED, introduce, jpeg
from tests.simulator.paperwork import COOP, HARVESTED, LOT, PASSPHRASE, Season, capture, event, paperwork, party

WHY = "Vetro nelle cassette"


class Kitchen:
    """A season with its published lot, and what is kept of it."""

    def __init__(self, season: Season) -> None:
        self.season = season
        self.node, self.own = season.node, season.members[0]
        self.packs = Packs(season.node, Access(season.node, Settings(anonymous="published")))

    def shown(self) -> Shown:
        """What the page of the lot shows."""
        found = self.packs.of(LOT)
        assert found is not None
        return found

    def inspected(self, lot: str, **more: object) -> None:
        """Somebody looked at a lot."""
        listed = [{"epcClass": lot, "quantity": Number("1")}]
        said = event(18, 9, action="OBSERVE", bizStep="inspecting", quantityList=listed, **more)
        capture(self.node, [said], self.own)


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kitchen]:
    with paperwork(tmp_path_factory.mktemp("kept")) as season:
        for lot in (LOT, *HARVESTED):
            publish(season.node, lot, member=season.members[0])
        yield Kitchen(season)


def test_what_is_about_other_lots_changes_nothing(kitchen: Kitchen) -> None:
    before = kitchen.shown()
    kitchen.inspected(UNPUBLISHED)
    kitchen.node.snapshot()
    after = kitchen.shown()
    assert after.bundle is before.bundle
    assert after.mark.size > before.mark.size


def test_while_nothing_is_committed_nothing_is_asked(kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    kitchen.shown()
    kitchen.node.judged()
    before = kitchen.shown()
    monkeypatch.setattr(kept, "moved", None)
    assert kitchen.packs.at_once(LOT) is before
    assert kitchen.shown() is before
    assert kitchen.packs.at_once(UNPUBLISHED) is None


def test_after_a_commit_it_is_not_shown_at_once_and_waits_for_no_follower(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kitchen.shown()
    kitchen.inspected(UNPUBLISHED, eventID="urn:uuid:6f1d3c1e-52a1-4c0b-9d2e-7d6a1c0952aa")
    kitchen.node.settled()
    size = kitchen.node.registry.size
    with kitchen.node.store.begin() as connection:
        read_side.put(connection, size - 1)
    assert kitchen.packs.at_once(LOT) is None
    with monkeypatch.context() as waiting:
        waiting.setattr(kitchen.node, "settled", None)
        assert kitchen.shown().bundle is before.bundle
    with kitchen.node.store.begin() as connection:
        read_side.put(connection, size)


def test_an_event_about_the_lot_or_what_it_is_made_of_makes_it_anew(kitchen: Kitchen) -> None:
    for lot in (LOT, HARVESTED[0]):
        before = kitchen.shown()
        kitchen.inspected(lot)
        assert kitchen.shown().pack.events == before.pack.events + 1


def test_a_correction_does(kitchen: Kitchen) -> None:
    before = kitchen.shown()
    said = {"eventID": "urn:uuid:6f1d3c1e-52a1-4c0b-9d2e-7d6a1c0952ab"}
    kitchen.inspected(LOT, **said)
    wrong = {"declarationTime": "2026-07-19T09:00:00Z", "reason": "did_not_occur"}
    kitchen.inspected(LOT, **said, errorDeclaration=wrong)
    assert kitchen.shown().pack.corrected > before.pack.corrected


def test_a_recall_shows_at_once_and_goes_with_its_end(kitchen: Kitchen) -> None:
    assert kitchen.shown().recalls == ()
    open_recall(kitchen.node, HARVESTED[0], WHY, audience=full(), member=kitchen.own)
    (recall,) = kitchen.shown().recalls
    assert (recall.by, recall.standing.reason) == ("Cooperativa Sole", WHY)
    close_recall(kitchen.node, HARVESTED[0], audience=full(), member=kitchen.own)
    assert kitchen.shown().recalls == ()


def test_another_server_of_the_same_store_shows_a_recall_at_once_too(kitchen: Kitchen) -> None:
    folder = kitchen.node.store.folder
    assert folder is not None
    with Node.open(str(folder), keys=folder.parent / "keys", passphrase=PASSPHRASE, write=False) as reader:
        other = Packs(reader, Access(reader, Settings(anonymous="published")))
        for found in (other.of(LOT), other.at_once(LOT)):
            assert found is not None
            assert found.recalls == ()
        open_recall(kitchen.node, LOT, WHY, audience=full(), member=kitchen.own)
        assert other.at_once(LOT) is None
        found = other.of(LOT)
        assert found is not None
        assert [recall.standing.reason for recall in found.recalls] == [WHY]
        close_recall(kitchen.node, LOT, audience=full(), member=kitchen.own)
        found = other.of(LOT)
        assert found is not None
        assert found.recalls == ()


def test_what_is_published_or_withdrawn_does(kitchen: Kitchen) -> None:
    before = kitchen.shown()
    withdraw(kitchen.node, HARVESTED[1], member=kitchen.own)
    assert len(kitchen.shown().pack.begun_in) <= len(before.pack.begun_in)
    assert kitchen.shown().pack.events < before.pack.events
    publish(kitchen.node, HARVESTED[1], member=kitchen.own)
    assert kitchen.shown().pack.events == before.pack.events


def test_the_members_own_words_do_and_its_picture_does(kitchen: Kitchen) -> None:
    picture = jpeg(b"another")
    digest = sha256(picture).hexdigest()
    introduce(kitchen.season, story={"it": "Siamo noi."}, picture={"sha256": digest, "mediaType": "image/jpeg"})
    told = kitchen.shown()
    assert told.pack.voices[0].story == {"it": "Siamo noi."}
    assert told.pictures == {}
    attach(kitchen.node, picture, name="soci.jpg", to=party(COOP), audience=full(), member=kitchen.own)
    assert set(kitchen.shown().pictures) == {digest}


def test_the_registry_does(kitchen: Kitchen) -> None:
    before = kitchen.shown()
    kitchen.node.membership.new_key("gateway", kitchen.own)
    assert kitchen.shown().bundle != before.bundle


def test_what_is_erased_is_gone_at_once(kitchen: Kitchen) -> None:
    kitchen.inspected(LOT)
    before = kitchen.shown()
    assert kitchen.packs.of(HARVESTED[0]) is not None
    newest = max(kitchen.node.source.entries_of(LOT))
    erase(kitchen.node, [newest], ground="GDPR art. 17")
    assert kitchen.packs.at_once(LOT) is None
    assert kitchen.shown().pack.events == before.pack.events - 1
    # Nor does memory hold it for lots that nobody asks for again.
    assert list(kitchen.packs._kept) == [LOT]


def test_a_lot_nobody_publishes_any_more_is_not_shown_any_more(kitchen: Kitchen) -> None:
    lots = (LOT, *HARVESTED)
    assert kitchen.packs.of(LOT) is not None
    for lot in lots:
        withdraw(kitchen.node, lot, member=kitchen.own)
    assert kitchen.packs.of(LOT) is None
    for lot in lots:
        publish(kitchen.node, lot, member=kitchen.own)
    assert kitchen.packs.of(LOT) is not None
