"""The page of a pack among 10^6 events, at 200 requests a second.

- The log is that of `scale`; its one lot with ten events is published and served by `filiera serve`. Requests leave at
  fixed times, whatever came of those before, from this process; the server has its own. A time is from the moment a
  request should have left until its last byte is here: what waits in a queue counts.
- *Beside capture*: while ten events of other lots a second are captured, so that pages are held against what is new.
- *After an event*: the first page after something was recorded about its lot, which makes it anew.
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
from benchmarks.measure import Number, at_most, seconds
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


def run() -> list[Number]:
    """What the page costs first, at the rate, beside capture, and after an event about its lot."""
    with folder() as where:
        location = filled(where)
        with opened(location, where) as node:
            member = node.own_member()
            assert publish(node, lot_uri(CHAIN_LOT), member=member) > 0
            token = Accounts(node).add_token("bench", member=member, scopes=tuple(SCOPES), days=1).text
        with served(location, where, "--anonymous", "published") as url, client(url, token) as to:
            return list(_numbers(url, to))


def _numbers(url: str, to: httpx.Client) -> Iterator[Number]:
    size = f"{ENTRIES:,}"
    yield Number(f"the first page of a lot at {size} events", _once(url) * 1000, "ms")
    yield from _spread("pages", _asked(url, PAGE))
    yield from _spread("the identifier's redirects", _asked(url, LINK))
    with _captured(to):
        yield from _spread("pages beside capture", _asked(url, PAGE))
    anew = []
    for number in range(5):
        to.post("/epcis/events", content=write(observation(CHAIN_LOT, 70 + number)), headers=JSON).raise_for_status()
        anew.append(_once(url))
    yield Number("the first page after an event about its lot, median of 5", statistics.median(anew) * 1000, "ms")


def _once(url: str) -> float:
    with httpx.Client(base_url=url, headers=HTML) as asking:
        asking.get("/lotto").raise_for_status()
        return seconds(lambda: asking.get(PAGE).raise_for_status(), collect=False)


def _spread(name: str, times: list[float]) -> Iterator[Number]:
    yield Number(f"{name}, median of {len(times):,}", statistics.median(times) * 1000, "ms")
    yield at_most(f"{name}, 99th percentile", statistics.quantiles(times, n=100)[98] * 1000, BOUND, "ms")


def _asked(url: str, path: str) -> list[float]:
    """Seconds of each of the requests of some seconds."""
    start, numbers = time.perf_counter() + 0.2, itertools.count()
    with ThreadPoolExecutor(SENDERS) as senders:
        work = [senders.submit(_sender, url, path, start, numbers) for _ in range(SENDERS)]
        return [taken for each in work for taken in each.result()]


def _sender(url: str, path: str, start: float, numbers: "itertools.count[int]") -> list[float]:
    """Take the next number, wait for its time, ask; until all are taken."""
    to, times, tags = http.client.HTTPConnection(urlsplit(url).netloc), list[float](), dict[str, str]()
    while (number := next(numbers)) < RATE * SECONDS:
        due = start + number / RATE
        time.sleep(max(0.0, due - time.perf_counter()))
        headers = _headers(number, tags)
        to.request("GET", path, headers=headers)
        answer = to.getresponse()
        answer.read()
        times.append(time.perf_counter() - due)
        assert answer.status in (200, 304, 307), answer.status
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
