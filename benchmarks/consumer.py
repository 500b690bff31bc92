"""The page of a pack among 10^6 events, at 200 requests a second.

- The log is that of `scale`; its one lot with ten events is published and served by `filiera serve`. Requests leave at
  fixed times, whatever came of those before, from this process; the server has its own.
- *Client's time*: from the moment a request should have left until its last byte is here. What waits anywhere counts:
  in the sender, in the socket, in the server.
- *Server time*, which the bound is about: from the request's head read until its answer begins, as the server says it
  itself (`benchmarks.timed`). It is less by what a request waits before the server's loop comes to it, so both are held
  to the bound.
- *Beside capture*: while ten events of other lots a second are captured, so that pages are held against what is new.
- *After an event*: the first page after something was recorded about its lot, which makes it anew.
- *After a recall*: each page after a recall of it was recorded, or its end, says so; else the run fails.
- One request in four is for the other language, one in four asks whether what it has is still good (304).
- `FILIERA_BENCH_ENTRIES` makes a smaller log.
"""

import http.client
import itertools
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx

from api.accounts import SCOPES, Accounts
from api.verbs.publish import publish
from benchmarks.large import CHAIN_LOT, ENTRIES, filled, folder
from benchmarks.measure import Number, at_most
from benchmarks.served import client, served
from benchmarks.signed import lot_uri, observation, opened
from schemas.syntax.json_text import write

RATE, SECONDS, SENDERS = 200, 20, 16
CAPTURES = 10
BOUND = 10
PAGE = "/lotto/" + lot_uri(CHAIN_LOT).removeprefix("https://id.gs1.org/")
LINK = "/" + lot_uri(CHAIN_LOT).removeprefix("https://id.gs1.org/")
HTML = {"Accept": "text/html", "Accept-Language": "it"}
JSON = {"Content-Type": "application/json"}
Times = tuple[float, float]
"""Seconds of one request, as its client and as the server measured them."""


def run() -> list[Number]:
    """What the page costs first, at the rate, beside capture, and after an event about its lot."""
    with folder() as where:
        location = filled(where)
        with opened(location, where) as node:
            member = node.own_member()
            assert publish(node, lot_uri(CHAIN_LOT), member=member) > 0
            token = Accounts(node).add_token("bench", member=member, scopes=tuple(SCOPES), days=1).text
        with (
            served(location, where, "--anonymous", "published", program="benchmarks.timed") as url,
            client(url, token) as to,
        ):
            return list(_numbers(url, to))


def _numbers(url: str, to: httpx.Client) -> Iterator[Number]:
    size = f"{ENTRIES:,}"
    yield Number(f"the first page of a lot at {size} events", _once(url)[0] * 1000, "ms")
    yield from _spread("pages", _asked(url, PAGE))
    yield from _spread("the identifier's redirects", _asked(url, LINK))
    with _captured(to):
        yield from _spread("pages beside capture", _asked(url, PAGE))
    anew = []
    for number in range(5):
        to.post("/epcis/events", content=write(observation(CHAIN_LOT, 70 + number)), headers=JSON).raise_for_status()
        anew.append(_once(url)[0])
    yield Number("the first page after an event about its lot, median of 5", statistics.median(anew) * 1000, "ms")
    yield Number("the first page after a recall, or its end, median of 6", _recalled(url, to) * 1000, "ms")


def _recalled(url: str, to: httpx.Client) -> float:
    """Seconds of a page that has to say that the lot is recalled, or that it no longer is."""
    times = []
    for verb in ("open", "close") * 3:
        said = {"lot": lot_uri(CHAIN_LOT), "act": verb, **({"reason": "for measuring"} if verb == "open" else {})}
        to.post("/api/v1/recall", json=said).raise_for_status()
        taken, page = _once(url)
        assert ('role="alert"' in page) == (verb == "open")
        times.append(taken)
    return statistics.median(times)


def _once(url: str) -> tuple[float, str]:
    """Seconds of one page, and the page."""
    with httpx.Client(base_url=url, headers=HTML, timeout=60) as asking:
        asking.get("/lotto").raise_for_status()
        begun = time.perf_counter()
        page = asking.get(PAGE).raise_for_status().text
        return time.perf_counter() - begun, page


def _spread(name: str, times: list[Times]) -> Iterator[Number]:
    for whose, found in zip(("client's time", "server time"), zip(*times, strict=True), strict=True):
        yield Number(f"{name}, {whose}, median of {len(found):,}", statistics.median(found) * 1000, "ms")
        last = statistics.quantiles(found, n=100)[98] * 1000
        yield at_most(f"{name}, {whose}, 99th percentile", last, BOUND, "ms")


def _asked(url: str, path: str) -> list[Times]:
    """The times of the requests of some seconds."""
    start, numbers = time.perf_counter() + 0.2, itertools.count()
    with ThreadPoolExecutor(SENDERS) as senders:
        work = [senders.submit(_sender, url, path, start, numbers) for _ in range(SENDERS)]
        return [taken for each in work for taken in each.result()]


def _sender(url: str, path: str, start: float, numbers: "itertools.count[int]") -> list[Times]:
    """Take the next number, wait for its time, ask; until all are taken."""
    to, times, tags = http.client.HTTPConnection(urlsplit(url).netloc), list[Times](), dict[str, str]()
    while (number := next(numbers)) < RATE * SECONDS:
        due = start + number / RATE
        time.sleep(max(0.0, due - time.perf_counter()))
        headers = _headers(number, tags)
        to.request("GET", path, headers=headers)
        answer = to.getresponse()
        answer.read()
        client = time.perf_counter() - due
        assert answer.status in (200, 304, 307), answer.status
        times.append((client, float(answer.headers["Server-Timing"].partition("dur=")[2]) / 1000))
        tags[headers["Accept-Language"]] = answer.headers.get("ETag", "")
    to.close()
    return times


def _headers(number: int, tags: dict[str, str]) -> dict[str, str]:
    language = "en" if number % 4 == 0 else "it"
    beside = {"If-None-Match": tags[language]} if number % 4 == 1 and tags.get(language) else {}
    return {**HTML, "Accept-Language": language, **beside}


@contextmanager
def _captured(to: httpx.Client) -> Iterator[None]:
    """Events of other lots, so many a second, as long as the block lasts."""
    over = threading.Event()

    def work() -> None:
        for number in itertools.count():
            if over.wait(1 / CAPTURES):
                return
            content = write(observation(9_500_000 + number, number))
            to.post("/epcis/events", content=content, headers=JSON).raise_for_status()

    capturing = threading.Thread(target=work)
    capturing.start()
    try:
        yield
    finally:
        over.set()
        capturing.join()
