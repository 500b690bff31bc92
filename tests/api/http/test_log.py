"""The log over HTTP: a stranger's reader rebuilds the root from a running server, on both databases."""

import httpx
import pytest

from api.http.log import FOR_EVER
from ledger.capture.document import read_document
from ledger.log.policy import known_log
from ledger.outbound import reader
from tests.api.conftest import Consortium
from tests.independent.c2sp_reader import read, read_log
from tests.ledger.test_static_log import document
from tests.simulator.server import running


def filled(consortium: Consortium, count: int) -> None:
    consortium.node.capture(read_document(document(0, count)), member=consortium.sole)


def test_a_strangers_reader_rebuilds_the_root_from_a_running_server(consortium: Consortium) -> None:
    node = consortium.node
    filled(consortium, 300)
    with running(node, token=None) as client:
        log = read_log(f"{client.base_url}/log", str(node.vkey))
        assert log.size > 300
        assert log.entries[5] == node.leaf(5)
        theirs = reader(f"{client.base_url}/log", private=True)
        assert read(theirs, str(node.vkey)).root == log.root


def test_who_holds_an_older_checkpoint_can_finish_reading(consortium: Consortium, client: httpx.Client) -> None:
    node = consortium.node
    filled(consortium, 20)
    older = client.get("/log/checkpoint").content
    filled(consortium, 300)
    partial = ("tile/0/000.p/", "tile/entries/000.p/")
    node.store.tiles.remove([path for path in node.store.tiles.paths("tile/") if path.startswith(partial)])

    def fetch(path: str) -> bytes:
        if path == "checkpoint":
            return older
        answer = client.get(f"/log/{path}")
        assert answer.status_code == 200, path
        return answer.content

    log = read(fetch, str(node.vkey))
    assert 20 < log.size < 256


def test_tiles_may_be_kept_for_ever_and_the_checkpoint_may_not(consortium: Consortium, client: httpx.Client) -> None:
    filled(consortium, 256)
    tile, head = client.get("/log/tile/0/000"), client.get("/log/checkpoint")
    assert (tile.status_code, head.status_code) == (200, 200)
    assert len(tile.content) == 256 * 32
    assert (tile.headers["cache-control"], head.headers["cache-control"]) == (FOR_EVER, "no-cache")
    assert tile.headers["content-type"] == "application/octet-stream"
    assert head.headers["content-type"] == "text/plain; charset=utf-8"
    assert tile.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path",
    ["0/999", "0/000.p/256", "0/000.p/0", "0/0", "0/x000/000", "64/000", "9/000", "entries/000.p/255", "0/000.p/1/..",
     "..%2f..%2fledger.db", "checkpoint", "0/٠٠٠"],
)  # fmt: skip
def test_what_is_no_tile_of_this_log_is_not_found(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/log/tile/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "tile-absent")


def test_the_policy_names_the_key_that_checks_the_checkpoint(consortium: Consortium, client: httpx.Client) -> None:
    known = known_log(client.get("/log/policy").content)
    assert known.vkey == consortium.node.vkey
    assert known.genesis == consortium.node.registry.genesis_leaf
