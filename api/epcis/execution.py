"""One execution of a subscription that pushes: everything from its place to the end of the log is sent, or it failed.

- Documents of at most so many events are sent one after the other; after each 2xx the place moves. Whatever else is
  answered, or nothing, leaves it where it is, and the rest is tried again after a pause.
- After each failure in a row the pause doubles, up to an hour, with chance in it.
- 413 halves the number of events per document, from then on. 410 ends the deliveries, as does failing for about a day.
- A redirect is a failure: the address that was given is the one that is asked.

    Execution(to, item).run(stopping)

docs/adr/0027-when-and-from-where-a-subscription-delivers.md; GS1 EPCIS 2.0 OpenAPI, `callbacks`.
"""

import json
import logging
from dataclasses import dataclass, replace
from threading import Event

from api.epcis import signature
from api.epcis.reports import Report, Reports
from api.epcis.standing import Agreed, Standing
from ledger import outbound
from ledger.node import Node
from ledger.store import subscriptions
from ledger.store.subscriptions import Subscription
from schemas.errors import LedgerError, UnavailableError

LEASE = 30_000_000
"""Microseconds for which a server holds what it delivers, anew with every document."""
FIRST_PAUSE, LONGEST_PAUSE = 5_000_000, 3_600_000_000
MOST_FAILURES = 30
_GONE, _TOO_LARGE = 410, 413
_LOGGER = logging.getLogger("filiera.deliveries")


def pause(failures: int, chance: float) -> int:
    """Microseconds to wait after so many failures in a row; `chance` from 0 to 1 takes up to half of them away, so
    that receivers that failed together are not tried together."""
    longest = min(FIRST_PAUSE << min(failures - 1, 20), LONGEST_PAUSE)
    return longest - int(longest * chance / 2)


@dataclass(frozen=True, slots=True)
class Means:
    """What a server delivers with: `server` is its name in claims; `private`: private addresses are allowed;
    `timeout` in seconds."""

    node: Node
    standing: Standing
    reports: Reports
    server: str
    private: bool
    timeout: float

    def now(self) -> int:
        """The node's clock in microseconds since 1970."""
        return int(self.node.clock() * 1_000_000)


class Lost(Exception):
    """Somebody unsubscribed, or another server took over, while this one was at it."""


class Execution:
    """A subscription that is claimed, while it is executed; `item` is how it stands."""

    def __init__(self, means: Means, item: Subscription) -> None:
        self._means = means
        self.item = item

    def run(self, stopping: Event) -> None:
        """Send what there is, note what failed, and let go."""
        try:
            agreed = self._means.standing.agreed(self.item)
            self._release(agreed, done=self._send_all(agreed, stopping))
        except Lost:
            return
        except LedgerError as error:
            self._failed(error)
        except Exception:
            _LOGGER.exception("subscription %s failed", self.item.id)
            self._failed(UnavailableError("delivery-failed"))

    def _send_all(self, agreed: Agreed, stopping: Event) -> bool:
        """Send everything; False where the server is told to stop before."""
        means = self._means
        started, stop, sent = means.now(), means.reports.size(), False
        while not stopping.is_set():
            report = means.reports.report(self.item, agreed, stop=stop)
            last = report.place >= stop
            if report.count or (last and not sent and agreed.wanted.report_if_empty and self.item.scheduled):
                if not self._taken(agreed, report):
                    self._keep(replace(self.item, batch=max(min(self.item.batch, report.count) // 2, 1)))
                    continue
                sent = True
            moved = replace(self.item, place=report.place, min_time=started if last else self.item.min_time)
            self._keep(moved, notified=means.now() if sent else None)
            if last:
                return True
        return False

    def _taken(self, agreed: Agreed, report: Report) -> bool:
        """Post one document; False where the receiver wants smaller ones and there are. Raises what went wrong."""
        means, wanted = self._means, agreed.wanted
        dest = wanted.dest or ""
        headers = {"Content-Type": report.media_type, **agreed.headers}
        if wanted.token is not None:
            headers[signature.HEADER] = signature.sign(wanted.token, report.body, at=int(means.node.clock()))
        answer = outbound.post(dest, report.body, headers, private=means.private, timeout=means.timeout)
        if 200 <= answer.status < 300:
            return True
        if answer.status == _TOO_LARGE and report.count > 1:
            return False
        raise UnavailableError("url-answered", url=outbound.shown_url(dest), status=answer.status)

    def _keep(self, moved: Subscription, *, notified: int | None = None) -> None:
        """Keep where the subscription is now, and hold it for longer; `Lost` where it is ours no more."""
        means = self._means
        with means.node.store.begin() as connection:
            held = subscriptions.hold(connection, moved, now=means.now(), server=means.server, lease=LEASE)
            if held is None or not subscriptions.advance(
                connection, held, place=held.place, min_time=held.min_time, notified=notified, batch=held.batch
            ):
                raise Lost
        self.item = replace(held, failures=0)

    def _release(self, agreed: Agreed, *, done: bool) -> None:
        means, schedule, now = self._means, agreed.wanted.schedule, self._means.now()
        due = means.standing.due_after(schedule, now) if done and schedule is not None else now
        with means.node.store.begin() as connection:
            subscriptions.release(connection, self.item, due=due)

    def _failed(self, error: LedgerError) -> None:
        means, item = self._means, self.item
        if error.code == "query-missing":
            with means.node.store.begin() as connection:
                subscriptions.remove(connection, item.member, item.query, item.id)
            return
        now, failures = means.now(), item.failures + 1
        given_up = failures >= MOST_FAILURES or error.context.get("status") == _GONE
        due = now + pause(failures, int.from_bytes(means.node.random(4), "big") / 2**32)
        _LOGGER.warning("subscription %s failed %d times: %s", item.id, failures, error)
        problem = json.dumps({"code": error.code, "context": error.context}, default=str)
        with means.node.store.begin() as connection:
            subscriptions.fail(connection, item, due=due, problem=problem, given_up=given_up, batch=item.batch)
