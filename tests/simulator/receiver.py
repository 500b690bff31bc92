"""A subscriber's own web server on this machine: it keeps what it gets, and answers as a test tells it to.

with Receiver.listening() as receiver: receiver.answers += [500, "hang", 200]; …; receiver.documents
"""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

How = int | Literal["hang", "cut"]


@dataclass(slots=True)
class Received:
    """One request: its headers and body, and what was answered."""

    headers: dict[str, str]
    body: bytes
    how: How

    @property
    def document(self) -> dict[str, Any]:
        """The body as JSON."""
        document: dict[str, Any] = json.loads(self.body)
        return document


@dataclass(slots=True)
class Receiver:
    """`answers` are given in turn, then 200; `most`: requests with more events than so many get 413."""

    url: str = ""
    answers: list[How] = field(default_factory=list)
    most: int | None = None
    received: list[Received] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)
    over: threading.Event = field(default_factory=threading.Event)

    @classmethod
    @contextmanager
    def listening(cls) -> Iterator["Receiver"]:
        """A receiver on a free port, stopped at the end."""
        receiver = cls()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.answer(self)

            def log_message(self, *_: object) -> None:
                return

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            receiver.url = f"http://127.0.0.1:{server.server_port}/hook?key=k"
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            try:
                yield receiver
            finally:
                receiver.over.set()
                server.shutdown()
                thread.join()

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        """Keep a request and answer it as told."""
        body = request.rfile.read(int(request.headers["Content-Length"]))
        with self.came:
            how = self._how(body)
            self.received.append(Received(dict(request.headers), body, how))
            self.came.notify_all()
        if how == "hang":
            self.over.wait(30)
        if isinstance(how, int):
            request.send_response(how)
            request.send_header("Location", self.url)
            request.end_headers()
        request.close_connection = True

    def wait_for(self, count: int) -> list[Received]:
        """What was received, once it is so much."""
        self.wait_until(lambda: len(self.received) >= count)
        return list(self.received)

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until what was received is as a test wants it."""
        with self.came:
            assert self.came.wait_for(holds, timeout=30)

    @property
    def documents(self) -> list[dict[str, Any]]:
        """What was taken: the documents that were answered with success."""
        return [each.document for each in self.received if isinstance(each.how, int) and 200 <= each.how < 300]

    def _how(self, body: bytes) -> How:
        if self.most is not None and len(events_of(json.loads(body))) > self.most:
            return 413
        return self.answers.pop(0) if self.answers else 200


def events_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of a query document, none of a problem document."""
    if "epcisBody" not in document:
        return []
    events: list[dict[str, Any]] = document["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return events
