"""Bodies within bounds: announced, streamed, slow, many at once; asked of the middleware itself."""

from collections.abc import Callable
from typing import Any

import anyio
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from api.bodies import MOST_VALUES, in_turn, read_json
from api.http import limits
from api.http.limits import BoundedBodies, Budget
from schemas.errors import LedgerError

LIMIT = 1000


async def room(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body, as rooms do, and says how long it was, or why it was refused."""
    try:
        text = str(len(await Request(scope, receive).body()))
    except LedgerError as error:
        text = error.code
    await PlainTextResponse(text)(scope, receive, send)


async def unread(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers without a look at the body."""
    await PlainTextResponse("no")(scope, receive, send)


class Client:
    """Sends pieces of a body, and counts how many were asked for."""

    def __init__(self, pieces: list[bytes], *, pause: float = 0.0, endless: bool = False) -> None:
        self.pieces = pieces
        self.pause = pause
        self.endless = endless
        self.sent = 0
        self.got: list[Message] = []

    async def receive(self) -> Message:
        """The next piece."""
        await anyio.sleep(self.pause)
        place, self.sent = self.sent, self.sent + 1
        piece = self.pieces[place % len(self.pieces)]
        return {"type": "http.request", "body": piece, "more_body": self.endless or place + 1 < len(self.pieces)}

    async def send(self, message: Message) -> None:
        """What is answered."""
        self.got.append(message)

    @property
    def body(self) -> str:
        """The answer."""
        return b"".join(message.get("body", b"") for message in self.got).decode()

    @property
    def closes(self) -> bool:
        """Is the client told to close?"""
        return (b"connection", b"close") in self.got[0]["headers"]


def asked(client: Client, app: Any = room, budget: Budget | None = None, **headers: str) -> Client:
    bounded = BoundedBodies(app, limit=lambda path: LIMIT, budget=budget or Budget())
    sent = headers or {"transfer-encoding": "chunked"}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()],
    }
    anyio.run(bounded, scope, client.receive, client.send)
    return client


def test_a_body_up_to_the_limit_is_handed_on() -> None:
    assert asked(Client([b"x" * 600, b"x" * 400])).body == "1000"
    assert asked(Client([b"x" * LIMIT]), content_length="1000").body == "1000"


def test_too_much_announced_is_refused_unread() -> None:
    client = asked(Client([b"x" * 100], endless=True), content_length=str(10**9))
    assert (client.body, client.closes) == ("body-too-large", True)


def test_too_much_streamed_is_refused_where_it_passes_the_limit() -> None:
    budget = Budget()
    client = asked(Client([b"x" * 400] * 3 + [b""]), budget=budget)
    assert (client.body, client.closes, budget.held) == ("body-too-large", True, 0)


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"content_length": "many"}, "body-length"),
        ({"content_length": "-1"}, "body-length"),
        ({"content_length": "1" * 5000}, "body-too-large"),
        ({"content_length": "9", "content_encoding": "gzip"}, "body-encoded"),
    ],
)
def test_an_announcement_that_says_nothing_good_is_refused(headers: dict[str, str], code: str) -> None:
    assert asked(Client([b"x"]), **headers).body == code


def test_a_body_that_stops_coming_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CHUNK_SECONDS", 0.05)
    monkeypatch.setattr(limits, "LINGER_SECONDS", 0.05)
    assert asked(Client([b"x"], pause=5)).body == "body-too-slow"


def test_a_body_that_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(limits, "LINGER_SECONDS", 0.05)
    assert asked(Client([b""], pause=0.01, endless=True)).body == "body-too-slow"


def test_an_early_answer_is_complete_before_the_connection_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LINGER_SECONDS", 0.05)
    client = asked(Client([b"x" * 100], pause=0.001, endless=True), unread)
    assert (client.body, client.closes) == ("no", True)
    whole, last = client.got[1:]
    assert (whole["more_body"], last) == (True, {"type": "http.response.body", "body": b"", "more_body": False})
    assert client.sent > 1


def test_a_request_without_a_body_is_left_alone() -> None:
    for headers in ({"host": "x"}, {"content_length": "0"}):
        client = asked(Client([b""]), unread, **headers)
        assert (client.body, client.closes, client.sent) == ("no", False, 0)


def test_all_bodies_together_keep_the_budget() -> None:
    budget = Budget(1500)
    budget.take(700)
    assert asked(Client([b"x" * 800]), budget=budget).body == "800"
    assert asked(Client([b"x" * 801]), budget=budget).body == "server-busy"
    assert budget.held == 700


@pytest.mark.parametrize("make", [lambda n: b"[" + b"1," * n + b"1]", lambda n: b"[" + b"{}," * n + b"{}]"])
def test_json_of_countless_tiny_values_is_refused_before_it_is_parsed(make: Callable[[int], bytes]) -> None:
    with pytest.raises(LedgerError, match="too-many-values"):
        read_json(make(MOST_VALUES))
    assert len(read_json(make(1000))) == 1001  # type: ignore[arg-type]


def test_small_bodies_never_wait_for_large_ones() -> None:
    large = b"x" * 1_000_000
    with in_turn(large), in_turn(large), in_turn(b"small"):
        pass
