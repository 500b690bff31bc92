"""Who saw what: noted as access is given, for the member to read.

- A row for each hour in which somebody did something about something, with when it first did: what a member wants to
  know, at one write an hour and not one a request. What is noted already is known in memory.
- Kept for `Settings.access_days`; then let go of. It holds names of persons: it is in no entry, no bundle, no backup.
- Nobody is shut out because the note cannot be written: a busy database is suffered, and the next request notes it.
- Somebody who asks about very much in one hour is noted for the first `MOST_ABOUT` things, then for the verb alone.

    log.note(member=iss, kind="session", who="maria", verb="trace", about="(01)…(10)…")

KNOWN LIMIT: what other members read of what was given to them or published stands in their own log, not in the giver's.

docs/adr/0064-roles-invitations-and-who-saw-what.md.
"""

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from api.settings import DAY, HOUR
from ledger.node import Node
from ledger.store import access_log as store
from ledger.store.access_log import Seen as Seen
from schemas.errors import UnavailableError

MOST_ABOUT = 200
MOST_TEXT = 200
MORE = "…"
"""What stands for everything beyond `MOST_ABOUT`."""
PAGE = 500

_ASKED = (
    "lot",
    "subject",
    "about",
    "id",
    "name",
    "document",
    "MATCH_anyEPC",
    "MATCH_epc",
    "MATCH_epcClass",
    "EQ_eventID",
)


def what_about(path: Mapping[str, Any], query: Mapping[str, str]) -> str:
    """What a request is about: the variables of its path, and the parameters that name something."""
    named = [*map(str, path.values()), *(query[name] for name in _ASKED if name in query)]
    # A database may not hold what cannot be printed.
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(named)[:MOST_TEXT])


class AccessLog:
    """The access log of one server."""

    def __init__(self, node: Node, *, days: int) -> None:
        self._node = node
        self._days = days
        self._lock = threading.Lock()
        self._hour = 0
        self._known: dict[tuple[str, str, str, str], set[str]] = {}

    def note(self, *, member: str, kind: str, who: str, verb: str, about: str) -> None:
        """Note that somebody does something; in the same hour the same is noted once."""
        now = int(self._node.clock())
        about = self._fresh(now // HOUR, (member, kind, who, verb), about[:MOST_TEXT])
        if not about:
            return
        row = Seen(now // HOUR, member, kind, who, verb, about.strip(), now)
        with suppress(UnavailableError), self._node.store.begin() as connection:
            store.note(connection, row)
            store.forget(connection, (now - self._days * DAY) // HOUR)
            return
        self._unknown((member, kind, who, verb), about)

    def _fresh(self, hour: int, by: tuple[str, str, str, str], about: str) -> str:
        """What is to be noted, empty where it is noted already. A blank stands for nothing in particular."""
        about = about or " "
        with self._lock:
            if hour != self._hour:
                self._hour, self._known = hour, {}
            known = self._known.setdefault(by, set())
            if about not in known and len(known) >= MOST_ABOUT:
                about = MORE
            if about in known:
                return ""
            known.add(about)
        return about

    def _unknown(self, by: tuple[str, str, str, str], about: str) -> None:
        with self._lock:
            self._known.get(by, set()).discard(about)
