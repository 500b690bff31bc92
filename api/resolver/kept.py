"""Answers to strangers that are given again while nothing whatever was committed, and for a minute at most.

- An answer is kept by all that it depends on: the address, what is accepted and in which language. It was let through
  for somebody without credentials, and is given to nobody else.
- `Store.stamp` says whether something was committed; where a stamp is not there at once, nothing is kept.

    kept.of(request) or kept.keep(request, stamp, answer)

docs/adr/0070-a-page-that-waits-for-nobody.md.
"""

from collections import OrderedDict
from collections.abc import Hashable

from starlette.requests import Request
from starlette.responses import Response

from api.settings import Settings
from ledger.node import Node

MOST, MOST_TEXT = 1024, 1000
MINUTE = 60


class Answers:
    """The answers of one server; used in its loop only."""

    def __init__(self, node: Node, settings: Settings) -> None:
        self._node, self._cookie = node, settings.cookie
        self._stamp: Hashable = None
        self._kept: OrderedDict[tuple[str, ...], Response] = OrderedDict()

    def stamp(self) -> Hashable:
        """How things stand now, to the minute; None where that is not known at once. What was kept of another time is
        let go of."""
        store = self._node.store
        now = (store.stamp(), int(self._node.clock()) // MINUTE) if store.instant else None
        if now != self._stamp:
            self._stamp = now
            self._kept.clear()
        return now

    def of(self, request: Request) -> Response | None:
        """What was answered, if it is as good as new."""
        return self._kept.get(self._key(request)) if self.stamp() is not None else None

    def keep(self, request: Request, stamp: Hashable, answer: Response) -> Response:
        """The answer, which was made after the stamp was taken."""
        key = self._key(request)
        if key and stamp is not None and stamp == self.stamp() and sum(map(len, key)) <= MOST_TEXT:
            self._kept[key] = answer
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return answer

    def _key(self, request: Request) -> tuple[str, ...]:
        """All that an answer depends on; nothing for who shows credentials."""
        headers = request.headers
        if "authorization" in headers or self._cookie in request.cookies or request.method != "GET":
            return ()
        # The address as it was sent: what is escaped in it is a part of the code.
        raw = request.scope.get("raw_path", b"").decode("latin-1")
        return str(request.url), raw, *(",".join(headers.getlist(name)) for name in ("accept", "accept-language"))
