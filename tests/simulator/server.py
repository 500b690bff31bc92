"""A server on a free port of this machine, as clients meet it: in this process, or in one of its own.

with running(node) as client: client.post("/epcis/capture", …)
with Server.started(shop) as server: httpx.get(server.url + "/health"); server.kill()
"""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn

from api.access import Access
from api.accounts import SCOPES, Accounts
from api.http.app import build
from api.http.server import Tls, address, bind
from api.settings import Settings
from ledger.node import Node
from tests.simulator.command_line import ROOT, Shop

JSON = {"Content-Type": "application/json"}


@contextmanager
def running(
    node: Node, settings: Settings | None = None, *, token: str | None = "", tls: Tls | None = None
) -> Iterator[httpx.Client]:
    """A client of a server in a thread of this process, over TLS with `tls`; the node is the caller's.

    `token`: what the client shows; "" for one of the founder's that may do everything, None for nothing.
    """
    settings = settings or Settings()
    app = build(node, settings, Access(node, settings))
    if token == "":
        token = token_of(node, node.own_member("admin"))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    listening = bind("127.0.0.1", 0)
    files = {} if tls is None else {"ssl_certfile": str(tls[0]), "ssl_keyfile": str(tls[1])}
    config = uvicorn.Config(app, log_config=None, server_header=False, lifespan="on", **files)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        url = address(listening, secure=tls is not None)
        with httpx.Client(base_url=url, timeout=60, headers=headers, verify=tls is None) as client:
            while not server.started:
                assert thread.is_alive()
                time.sleep(0.01)
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def token_of(node: Node, member: str | None, *scopes: str) -> str:
    """A new token of a member, or of the operator, with these scopes or all."""
    return Accounts(node).add_token("erp", member=member, scopes=scopes or tuple(SCOPES), days=30).text


@dataclass(frozen=True, slots=True)
class Server:
    """`filiera serve` in a process of its own."""

    process: "subprocess.Popen[str]"
    url: str

    @classmethod
    @contextmanager
    def started(cls, shop: Shop, *arguments: str) -> Iterator["Server"]:
        """Start it on a free port and wait until it says its address; stopped at the end if it still runs."""
        line = [sys.executable, "-m", "api.cli.main", "--lang", "en", "serve", "--port", "0", *arguments]
        environment = {**os.environ, **shop.variables()}
        process = subprocess.Popen(
            line, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert process.stdout is not None
        try:
            found = re.search(r"https?://[0-9.:]+", process.stdout.readline())
            assert found, process.stdout.read()
            yield cls(process, found[0])
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdout.close()

    def kill(self) -> None:
        """End it as a power failure does."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Tell it to stop, and wait; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait()


def ended(client: httpx.Client, location: str, **how: Any) -> dict[str, Any]:
    """A capture job when it is over."""
    while True:
        answer = client.get(location, **how)
        assert answer.status_code == 200, answer.text
        job: dict[str, Any] = answer.json()
        if not job["running"]:
            return job
        time.sleep(0.02)
