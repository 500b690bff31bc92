"""`filiera serve` as a process: it says its address, stops in order, and loses no job however it ends."""

import asyncio
import socket
from pathlib import Path

import httpx
import pytest

from api.http.server import bind
from tests.api.epcis.documents import document, seen, text
from tests.simulator.command_line import Shop
from tests.simulator.server import JSON, Server, ended


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A member with a log."""
    made = Shop(tmp_path)
    made.works("init", "--name", "Cooperativa Sole")
    return made


def bearer(shop: Shop) -> dict[str, str]:
    """A token that may capture and ask."""
    made = shop("token", "add", "erp", "--scope", "capture", "--scope", "query")
    assert made.code == 0, made.err
    return {"Authorization": f"Bearer {next(word for word in made.out.split() if word.startswith('fil_'))}"}


def test_it_serves_on_a_free_port_and_stops_in_order(shop: Shop) -> None:
    headers = bearer(shop)
    with Server.started(shop) as server, httpx.Client(base_url=server.url, headers=headers) as client:
        assert client.get("/health").json() == {"status": "pass"}
        sent = client.post("/epcis/capture", content=text(document(seen("1"))), headers=JSON)
        assert sent.headers["location"].startswith(server.url)
        assert ended(client, sent.headers["location"])["success"]
        assert server.stop() == 0
    assert "disclosures" in shop.works("audit").out


def test_a_port_in_use_is_said_at_once(shop: Shop) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = shop("serve", "--port", taken.getsockname()[1])
    assert (answer.code, answer.out) == (69, "")
    assert "[port-taken]" in answer.err


def test_a_store_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    answer = Shop(tmp_path)("serve", "--port", "0")
    assert "[store-missing]" in answer.err


@pytest.mark.long
def test_no_job_is_lost_or_done_twice_however_often_the_server_is_killed(shop: Shop) -> None:
    """Documents are sent while the server is killed under them; in the end each was captured once."""
    headers, locations = bearer(shop), list[str]()
    for life in range(6):
        with Server.started(shop) as server, httpx.Client(base_url=server.url, headers=headers) as client:
            for number in range(5):
                body = text(document(*[seen(f"{life}-{number}-{n}", minute=n) for n in range(20)]))
                sent = client.post("/epcis/capture", content=body, headers=JSON)
                locations.append(httpx.URL(sent.headers["location"]).path)
            server.kill()
    with Server.started(shop) as server, httpx.Client(base_url=server.url, headers=headers) as client:
        jobs = [ended(client, location) for location in locations]
        assert server.stop() == 0
    assert all(job["success"] and len(job["captured"]) == 20 for job in jobs)
    indexes = [item["index"] for job in jobs for item in job["captured"]]
    assert len(set(indexes)) == len(indexes) == 600
    shop.works("audit")


def test_an_answer_is_sent_at_once_not_after_the_clients_acknowledgement() -> None:
    """asyncio sets TCP_NODELAY on what it accepts only where the listening socket names its protocol."""

    async def accepted() -> int:
        found: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def came(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            found.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with bind("127.0.0.1", 0) as listening:
            server = await asyncio.start_server(came, sock=listening)
            async with server:
                _, writer = await asyncio.open_connection(*listening.getsockname())
                delay = await found
                writer.close()
            return delay

    assert asyncio.run(accepted()) != 0
