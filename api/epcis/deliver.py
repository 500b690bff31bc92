"""Deliveries to webhooks: whatever subscription is due is executed, by one of a few workers.

- One thread looks for what is due and hands it to the workers, so that a receiver that hangs holds up one of them, and
  less and less often (`api.epcis.execution`).
- Two servers share the work by claims in the store; the claims of a server that died are free when the next writer
  starts, or after half a minute.

    deliveries = Deliveries(node, Reports(node, access), private=settings.allow_private_delivery)
    deliveries.start(); …; deliveries.stop()

docs/adr/0027-when-and-from-where-a-subscription-delivers.md.
"""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from api.epcis.execution import LEASE, Execution, Means
from api.epcis.growth import Growth
from api.epcis.reports import Reports
from api.epcis.standing import Standing
from ledger.node import Node
from ledger.store import subscriptions
from ledger.store.subscriptions import Subscription
from schemas.errors import UnavailableError

WORKERS = 4
TIMEOUT_SECONDS = 10.0
MOST_CONNECTIONS = 200
"""WebSockets of one server."""
_LOOK_EVERY = 0.25
_LOGGER = logging.getLogger("filiera.deliveries")


class Deliveries:
    """The deliveries of one server: `start` and `stop` its threads, or `work_one` in the caller's.

    `standing`, `reports`, `growth` and `connections` are what the sockets of this server share (`api.epcis.sockets`);
    a server's is `request.app.state.deliveries`.
    """

    def __init__(self, node: Node, reports: Reports, *, private: bool, timeout: float = TIMEOUT_SECONDS) -> None:
        self.standing = Standing(node)
        self.reports = reports
        self.growth = Growth(reports.size)
        self.connections = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._means = Means(node, self.standing, reports, node.random(8).hex(), private, timeout)
        self._stopping = threading.Event()
        self._free = threading.BoundedSemaphore(WORKERS)
        self._looking: threading.Thread | None = None

    def start(self) -> None:
        """Deliver in threads of our own, beginning with what is due already."""
        node = self._means.node
        if node.writes:
            # Whoever becomes the writer follows one that is gone; beside a writer others may be at work.
            with node.store.begin() as connection:
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
        item = self.claim()
        if item is None:
            return False
        Execution(self._means, item).run(self._stopping)
        return True

    def claim(self) -> Subscription | None:
        """Take the subscription that is due longest; None where none is."""
        means, now, size = self._means, self._means.now(), self.reports.size()
        with means.node.store.read() as connection:
            if not subscriptions.is_due(connection, now=now, size=size):
                return None
        with means.node.store.begin() as connection:
            return subscriptions.claim(connection, now=now, size=size, server=means.server, lease=LEASE)

    def execute(self, item: Subscription) -> None:
        """Execute a subscription that was claimed."""
        try:
            Execution(self._means, item).run(self._stopping)
        except Exception:
            # What it came to could not be kept: the claim runs out by itself, and it is tried again.
            _LOGGER.exception("subscription %s waits", item.id)

    def _look(self) -> None:
        with ThreadPoolExecutor(WORKERS, "filiera-delivery") as workers:
            while not self._stopping.is_set():
                self._free.acquire()
                item = self._claimed()
                if item is None:
                    self._free.release()
                    self._stopping.wait(_LOOK_EVERY)
                else:
                    workers.submit(self.execute, item).add_done_callback(lambda _: self._free.release())

    def _claimed(self) -> Subscription | None:
        try:
            return self.claim()
        except UnavailableError as later:
            _LOGGER.warning("deliveries wait: %s", later.code)
        except Exception:
            _LOGGER.exception("deliveries wait")
        return None
