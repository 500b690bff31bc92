"""Deliveries to webhooks: what a standing query has to say is sent, and sent again until it is taken.

- One thread looks for what is due and hands it to a few workers, so that a receiver that hangs holds up one of them,
  and less and less often: after each failure the pause doubles, up to an hour, with chance in it.
- An execution sends everything between the subscription's place and the end of the log at that moment, in documents of
  at most so many events; after each 2xx the place moves. Whatever else is answered, or nothing, leaves it where it is.
- 413 halves the number of events per document. 410 ends the deliveries, as does failing for about a day: the
  subscription stays, shows why, and is made anew by whoever mended the receiver.
- A redirect is a failure: the address that was given is the one that is asked.
- Two servers share the work by claims in the store; the claims of a server that died are free when the next writer
  starts, or after half a minute.

    deliveries = Deliveries(node, Reports(node, access), private=settings.allow_private_delivery)
    deliveries.start(); …; deliveries.stop()

docs/adr/0027-when-and-from-where-a-subscription-delivers.md; GS1 EPCIS 2.0 OpenAPI, `callbacks`.
"""

import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from api.epcis import signature
from api.epcis.growth import Growth
from api.epcis.reports import Report, Reports
from api.epcis.standing import Agreed, Standing
from ledger import outbound
from ledger.node import Node
from ledger.store import subscriptions
from ledger.store.subscriptions import Subscription
from schemas.errors import InputError, LedgerError, UnavailableError

WORKERS = 4
MOST_CONNECTIONS = 200
TIMEOUT_SECONDS = 10.0
LEASE = 30_000_000
FIRST_PAUSE, LONGEST_PAUSE = 5_000_000, 3_600_000_000
MOST_FAILURES = 30
_LOOK_EVERY = 0.25
_GONE, _TOO_LARGE = 410, 413
_LOGGER = logging.getLogger("filiera.deliveries")


def pause(failures: int, chance: float) -> int:
    """Microseconds to wait after so many failures in a row; `chance` from 0 to 1 takes up to half of them away, so
    that receivers that failed together are not tried together."""
    longest = min(FIRST_PAUSE << min(failures - 1, 20), LONGEST_PAUSE)
    return longest - int(longest * chance / 2)


class Deliveries:
    """The deliveries of one server: `start` and `stop` its threads, or `work_one` in the caller's.

    `standing`, `reports`, `growth` and `connections` are what the sockets of this server share (`api.epcis.sockets`).
    """

    def __init__(self, node: Node, reports: Reports, *, private: bool, timeout: float = TIMEOUT_SECONDS) -> None:
        self._node = node
        self.standing = Standing(node)
        self.reports = reports
        self.growth = Growth(reports.size)
        self.connections = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._private = private
        self._timeout = timeout
        self._server = node.random(8).hex()
        self._stopping = threading.Event()
        self._free = threading.BoundedSemaphore(WORKERS)
        self._looking: threading.Thread | None = None

    def start(self) -> None:
        """Deliver in threads of our own, beginning with what is due already."""
        if self._node.writes:
            # Whoever becomes the writer follows one that is gone; beside a writer others may be at work.
            with self._node.store.begin() as connection:
                subscriptions.release_all(connection)
        self._looking = threading.Thread(target=self._look, name="filiera-deliveries", daemon=True)
        self._looking.start()

    def stop(self) -> None:
        """Let what is being sent be answered, and send no more; what is left waits for the next start."""
        self._stopping.set()
        if self._looking is not None:
            self._looking.join()
            self._looking = None

    def work_one(self) -> bool:
        """Execute the subscription that is due longest, here and now; False where none is."""
        item = self._claim()
        if item is None:
            return False
        self._execute(item)
        return True

    def _look(self) -> None:
        with ThreadPoolExecutor(WORKERS, "filiera-delivery") as workers:
            while not self._stopping.is_set():
                self._free.acquire()
                item = self._claimed_or_none()
                if item is None:
                    self._free.release()
                    self._stopping.wait(_LOOK_EVERY)
                else:
                    workers.submit(self._execute_and_free, item)

    def _claimed_or_none(self) -> Subscription | None:
        try:
            return self._claim()
        except UnavailableError as later:
            _LOGGER.warning("deliveries wait: %s", later.code)
        except Exception:
            _LOGGER.exception("deliveries wait")
        return None

    def _execute_and_free(self, item: Subscription) -> None:
        try:
            self._execute(item)
        except Exception:
            # The claim runs out by itself, and the subscription is tried again.
            _LOGGER.exception("subscription %s waits", item.id)
        finally:
            self._free.release()

    def _claim(self) -> Subscription | None:
        now, size = self._now(), self.reports.size()
        with self._node.store.read() as connection:
            if not subscriptions.is_due(connection, now=now, size=size):
                return None
        with self._node.store.begin() as connection:
            return subscriptions.claim(connection, now=now, size=size, server=self._server, lease=LEASE)

    def _execute(self, item: Subscription) -> None:
        """Send what there is from the place of a claimed subscription to the end of the log, and let it go."""
        try:
            self._send_all(item)
        except _Lost:
            return
        except LedgerError as error:
            self._failed(item, error)
        except Exception:
            _LOGGER.exception("subscription %s failed", item.id)
            self._failed(item, UnavailableError("delivery-failed"))

    def _send_all(self, item: Subscription) -> None:
        agreed = self.standing.agreed(item)
        started, stop, sent = self._now(), self.reports.size(), False
        while not self._stopping.is_set():
            report = self.reports.report(item, agreed, stop=stop)
            last = report.place >= stop
            if report.count or (last and not sent and agreed.wanted.report_if_empty and item.scheduled):
                if not self._send(item, agreed, report):
                    item = self._smaller(item)
                    continue
                sent = True
            item = self._advance(item, report, started if last else item.min_time, sent=sent)
            if last:
                self._release(item, agreed)
                return

    def _send(self, item: Subscription, agreed: Agreed, report: Report) -> bool:
        """Post one document; False where the receiver wants smaller ones and there are. Raises what went wrong."""
        dest = agreed.wanted.dest or ""
        headers = {"Content-Type": report.media_type, **agreed.headers}
        if agreed.wanted.token is not None:
            headers[signature.HEADER] = signature.sign(agreed.wanted.token, report.body, at=int(self._node.clock()))
        answer = outbound.post(dest, report.body, headers, private=self._private, timeout=self._timeout)
        if 200 <= answer.status < 300:
            return True
        if answer.status == _TOO_LARGE and report.count > 1:
            return False
        raise UnavailableError("url-answered", url=outbound.shown_url(dest), status=answer.status)

    def _smaller(self, item: Subscription) -> Subscription:
        return self._advanced(item, replace(item, batch=max(item.batch // 2, 1)), notified=None)

    def _advance(self, item: Subscription, report: Report, min_time: int, *, sent: bool) -> Subscription:
        moved = replace(item, place=report.place, min_time=min_time)
        return self._advanced(item, moved, notified=self._now() if sent else None)

    def _advanced(self, item: Subscription, moved: Subscription, *, notified: int | None) -> Subscription:
        """Keep where a subscription is now, and hold it for longer."""
        with self._node.store.begin() as connection:
            held = subscriptions.hold(connection, moved, now=self._now(), server=self._server, lease=LEASE)
            if held is None or not subscriptions.advance(
                connection, held, place=held.place, min_time=held.min_time, notified=notified, batch=held.batch
            ):
                raise _Lost
        return replace(held, failures=0)

    def _release(self, item: Subscription, agreed: Agreed) -> None:
        now = self._now()
        due = now if agreed.wanted.schedule is None else self.standing.due_after(agreed.wanted.schedule, now)
        with self._node.store.begin() as connection:
            subscriptions.release(connection, item, due=due)

    def _failed(self, item: Subscription, error: LedgerError) -> None:
        now, failures = self._now(), item.failures + 1
        if isinstance(error, InputError) and error.code == "query-missing":
            with self._node.store.begin() as connection:
                subscriptions.remove(connection, item.member, item.query, item.id)
            return
        given_up = failures >= MOST_FAILURES or error.context.get("status") == _GONE
        due = now + pause(failures, int.from_bytes(self._node.random(4), "big") / 2**32)
        _LOGGER.warning("subscription %s failed %d times: %s", item.id, failures, error)
        problem = json.dumps({"code": error.code, "context": error.context, "at": now}, default=str)
        with self._node.store.begin() as connection:
            subscriptions.fail(connection, item, due=due, problem=problem, given_up=given_up, batch=item.batch)

    def _now(self) -> int:
        return int(self._node.clock() * 1_000_000)


class _Lost(Exception):
    """Somebody unsubscribed, or another server took over, while this one was at it."""
