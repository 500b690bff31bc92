"""A season whose cooperative publishes one lot, and a server that shows it to strangers."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from api.settings import Settings
from api.verbs.attach import attach
from api.verbs.master import add
from api.verbs.publish import publish
from ledger.audience import full
from schemas.syntax.json_text import Number, write
from tests.simulator.paperwork import CASE, COOP, FARMS, LINK, Season, event, masters, paperwork, party, place
from tests.simulator.server import running

UNPUBLISHED = f"{LINK}/01/{CASE}/10/N-1"
HTML = {"Accept": "text/html"}
STORY = {
    "it": "Coltiviamo pomodori da tre <generazioni> & più.",
    "en": "We have grown tomatoes for three <generations>.",
}


@dataclass(frozen=True, slots=True)
class Shop:
    """The season, and a stranger's client."""

    season: Season
    client: httpx.Client
    policies: Path

    @property
    def page(self) -> str:
        """The address of the lot's page."""
        return "/lotto/" + self.season.lot.removeprefix(f"{LINK}/")

    def read(self, path: str = "", **headers: str) -> httpx.Response:
        """What a browser is given."""
        return self.client.get(path or self.page, headers=HTML | headers)


def jpeg(rest: bytes = b"") -> bytes:
    """The frame of a JPEG with a camera's own words in it."""
    where = b"Exif\x00\x00GPS 44.2195 11.7601" + rest
    app1 = b"\xff\xe1" + (len(where) + 2).to_bytes(2) + where
    drawn = b"\xff\xdb\x00\x04\x00\x01\xff\xda\x00\x04\x01\x00" + bytes(range(64)) + b"\xff\x00\xff\xd3\x05"
    return b"\xff\xd8" + app1 + drawn + b"\xff\xd9"


def unpublished() -> dict[str, object]:
    """Something that happened to a lot which nobody publishes."""
    quantity = {"epcClass": UNPUBLISHED, "quantity": Number("7")}
    return event(8, 9, action="OBSERVE", bizStep="inspecting", quantityList=[quantity])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The cooperative made its farms public, told its story, and published the lot and what it was made of."""
    folder = tmp_path_factory.mktemp("shop")
    with paperwork(folder, more=[unpublished()]) as season:
        own = season.members[0]
        picture = jpeg()
        attach(season.node, picture, name="soci.jpg", to=party(COOP), audience=full(), member=own)
        introduce(season, story=STORY, picture={"sha256": sha256(picture).hexdigest(), "mediaType": "image/jpeg"})
        for lot in (season.lot, *season.raw):
            publish(season.node, lot, member=own)
        with running(season.node, Settings(anonymous="published"), token=None) as client:
            yield Shop(season, client, folder / "policies")


def introduce(season: Season, **more: object) -> None:
    """The cooperative says of itself what is for everybody, and that its farms are."""
    said = [each | more for each in masters() if each["id"] == party(COOP)]
    said += [each | {"public": True} for each in masters() if each["id"] in {place(farm) for farm in FARMS}]
    add(season.node, write(said), name="public.json", member=season.members[0])
