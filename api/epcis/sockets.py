"""Subscriptions over a WebSocket: `GET /queries/{queryName}/events` with `Upgrade: websocket`.

- `?stream=true` sends what matches as it is captured; the fields of a schedule (`?hour=1&minute=5`) send at its times.
  Each message is one `EPCISQueryDocument`. `initialRecordTime` says from when on; without it, from now.
- A client that names itself by `subscriptionID` is remembered. It answers each document with
  `{"acknowledge": "<the document's id>"}`, which covers those before it; after a broken connection, or a restart of
  the server, the same address goes on behind the last one acknowledged. A name has one connection at a time, the
  newest: the one before is ended.
- What goes wrong before the connection is made is an answer like any other (400, 401, 403, 404, 409); afterwards it is
  a problem document as the last message. The connection is closed when the query is deleted, the name unsubscribed, or
  the credentials end.
- A browser's session, and what else it sends by itself (Basic), is accepted from our own pages only (`Origin`).

    wss://host/epcis/queries/shipped/events?stream=true&subscriptionID=cold-store-7

GS1 EPCIS 2.0 OpenAPI, `/queries/{queryName}/events`; RFC 6455; docs/adr/0028-how-a-delivery-shows-who-sent-it.md.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.access import Caller, remembered
from api.epcis import headers
from api.epcis.contract import Found, Served
from api.epcis.deliver import Deliveries
from api.epcis.exceptions import epcis_problem
from api.epcis.reports import Report, Reports
from api.epcis.standing import Agreed, Standing
from api.epcis.times import text_of
from api.problems import language_of, respond
from ledger.store import subscriptions
from ledger.store.subscriptions import Subscription
from schemas.epcis.subscription import parse_parameters
from schemas.errors import InputError, LedgerError, UnavailableError
from schemas.syntax import json_text

LEASE = 30_000_000
BEAT_SECONDS = 10.0
"""How often a waiting connection asks whether it may still be there."""
MOST_UNACKNOWLEDGED = 32
MOST_MESSAGE = 1000
_DONE, _POLICY, _BUSY = 1000, 1008, 1013


@dataclass(slots=True)
class Connection:
    """One open socket: whose, what it subscribed to, and which documents it has not acknowledged yet."""

    socket: WebSocket
    served: Served
    deliveries: Deliveries
    item: Subscription
    agreed: Agreed
    kept: bool
    server: str
    checked: float = 0.0
    sent: dict[str, Report] = field(default_factory=dict)
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    keeping: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def standing(self) -> Standing:
        """Subscriptions as they are kept."""
        return self.deliveries.standing

    @property
    def reports(self) -> Reports:
        """What standing queries have to say."""
        return self.deliveries.reports


async def subscribe(socket: WebSocket, found: Found) -> None:
    """Answer one WebSocket: refuse it, or deliver until it ends."""
    served: Served = socket.app.state.filiera
    deliveries: Deliveries = socket.app.state.deliveries
    free = deliveries.connections
    if not free.acquire(blocking=False):
        await _deny(socket, UnavailableError("server-busy"))
        return
    try:
        connection = await run_in_threadpool(_opened, socket, found, served, deliveries)
    except LedgerError as error:
        await _deny(socket, error)
    else:
        await _serve(connection)
    finally:
        free.release()


async def _deny(socket: WebSocket, error: LedgerError) -> None:
    """Answer a handshake like any other request that is refused."""
    await socket.send_denial_response(respond(epcis_problem(error, language_of(socket.headers))))


async def _serve(connection: Connection) -> None:
    said = {**headers.Terms().headers(), "GS1-Query-Min-Record-Time": text_of(connection.item.min_time)}
    try:
        await connection.socket.accept(headers=[(name.lower().encode(), text.encode()) for name, text in said.items()])
        await _until_one_ends(_listen(connection), _deliver(connection))
    finally:
        if connection.kept:
            await run_in_threadpool(_let_go, connection)


def _opened(socket: WebSocket, found: Found, served: Served, deliveries: Deliveries) -> Connection:
    """Who asks, for what; `InputError` as for any other request. The credentials decide what is delivered."""
    caller = served.access.caller(*_credentials(socket, served))
    served.access.allow(caller, "subscribe")
    if _foreign(caller, socket, served):
        raise InputError("access-cross-site")
    terms = headers.negotiate(socket.headers)
    parameters: dict[str, list[str]] = {}
    for name, value in socket.query_params.multi_items():
        parameters.setdefault(name, []).append(value)
    wanted = parse_parameters(parameters)
    server = served.node.random(8).hex()
    agreed = Agreed(wanted, terms.epc_format, terms.cbv_format)
    item = deliveries.standing.opened(
        agreed,
        member=caller.member or "",
        query=found.values["queryName"],
        owner=caller.name,
        server=server,
        lease=LEASE,
    )
    return Connection(socket, served, deliveries, item, agreed, wanted.subscription_id is not None, server)


def _credentials(socket: WebSocket, served: Served) -> tuple[str | None, str | None]:
    return socket.headers.get("authorization"), socket.cookies.get(served.settings.cookie)


def _foreign(caller: Caller, socket: WebSocket, served: Served) -> bool:
    """Does another site's page ask, with credentials that browsers send by themselves?"""
    origin = socket.headers.get("origin")
    if origin is None:
        return caller.kind == "session"
    by_itself = caller.kind == "session" or remembered(socket.headers.get("authorization"))
    return by_itself and not _own(origin, socket, served)


def _own(origin: str, socket: WebSocket, served: Served) -> bool:
    base = urlsplit(served.settings.base_url or f"http://{socket.headers.get('host', '')}")
    return urlsplit(origin).netloc == base.netloc


async def _until_one_ends(*tasks: Awaitable[None]) -> None:
    """Run all, and end all as soon as one ends."""
    running = [asyncio.ensure_future(task) for task in tasks]
    try:
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in running:
            task.cancel()
        results = await asyncio.gather(*running, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, WebSocketDisconnect):
            raise result


async def _listen(connection: Connection) -> None:
    """Take acknowledgements until the client goes; from a named one anything else ends the connection."""
    while True:
        try:
            id = _acknowledges(await connection.socket.receive_text())
        except WebSocketDisconnect:
            return
        except KeyError:  # bytes, where text belongs
            id = ""
        if not connection.kept:
            continue
        if id not in connection.sent:
            await _close(connection, InputError("subscription-message"), _POLICY)
            return
        if not await _acknowledge(connection, id):
            await _close(connection, InputError("subscription-ended"), _DONE)
            return


async def _acknowledge(connection: Connection, id: str) -> bool:
    """Keep that a document and those before it were taken; False where the subscription is no longer ours."""
    async with connection.keeping:
        report = connection.sent[id]
        while connection.sent.pop(next(iter(connection.sent))) is not report:
            pass
        taken = await run_in_threadpool(_taken, connection, report)
    connection.acknowledged.set()
    return taken


def _acknowledges(text: str) -> str:
    """The id that a message acknowledges, or nothing."""
    if len(text) > MOST_MESSAGE:
        return ""
    with contextlib.suppress(InputError):
        tree = json_text.read(text)
        if isinstance(tree, dict) and len(tree) == 1 and isinstance(id := tree.get("acknowledge"), str):
            return id
    return ""


async def _deliver(connection: Connection) -> None:
    """Send what there is, whenever it is due, until somebody ends it."""
    try:
        while True:
            await _sent(connection, await _due(connection))
    except _Ended as ended:
        await _close(connection, ended.error, ended.code)
    except LedgerError as error:
        await _close(connection, error, _BUSY if isinstance(error, UnavailableError) else _POLICY)
    except RuntimeError:
        # Starlette's way to say that the other end closed while we wrote.
        return


async def _due(connection: Connection) -> int:
    """Wait until there may be something to send; the size of the log then."""
    item = connection.item
    growth, clock = connection.deliveries.growth, connection.served.node.clock
    while True:
        await run_in_threadpool(_may_stay, connection)
        if item.scheduled:
            left = item.due / 1_000_000 - clock()
            if left <= 0:
                return await run_in_threadpool(connection.reports.size)
            await asyncio.sleep(min(left, BEAT_SECONDS))
        else:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT_SECONDS):
                    return await growth.beyond(item.place)


async def _sent(connection: Connection, stop: int) -> None:
    """Send everything from the connection's place to `stop`."""
    agreed, started, any_sent = connection.agreed, connection.served.node.clock(), False
    while True:
        item = connection.item
        report = await run_in_threadpool(connection.reports.report, item, agreed, stop=stop)
        last = report.place >= stop
        if report.count or (last and not any_sent and agreed.wanted.report_if_empty and item.scheduled):
            await _room(connection)
            connection.sent[report.id] = report
            await connection.socket.send_text(report.body.decode())
            any_sent = True
        connection.item = replace(item, place=report.place)
        await _pass_over(connection, report)
        if last:
            break
    if agreed.wanted.schedule is not None:
        due = connection.standing.due_after(agreed.wanted.schedule, int(started * 1_000_000))
        connection.item = replace(connection.item, due=due)


async def _room(connection: Connection) -> None:
    """Wait while too many documents are on their way."""
    while connection.kept and len(connection.sent) >= MOST_UNACKNOWLEDGED:
        connection.acknowledged.clear()
        await run_in_threadpool(_may_stay, connection)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BEAT_SECONDS):
                await connection.acknowledged.wait()


async def _pass_over(connection: Connection, report: Report) -> None:
    """Where nothing waits to be acknowledged, what matched nothing need not be looked at again."""
    if not connection.kept:
        connection.sent.clear()
        return
    async with connection.keeping:
        if not connection.sent and not await run_in_threadpool(_taken, connection, report):
            raise _Ended(InputError("subscription-ended"), _DONE)


def _may_stay(connection: Connection) -> None:
    """Are the credentials still good, is the query still there, and the name still held? Raises where not."""
    socket, served, item = connection.socket, connection.served, connection.item
    if served.node.clock() - connection.checked < BEAT_SECONDS / 2:
        return
    caller = served.access.caller(*_credentials(socket, served))
    served.access.allow(caller, "subscribe")
    connection.standing.check(item)
    if connection.kept:
        with served.node.store.begin() as writing:
            held = subscriptions.hold(writing, item, now=_now(connection), server=connection.server, lease=LEASE)
        if held is None:
            raise _Ended(InputError("subscription-ended"), _DONE)
    connection.checked = served.node.clock()


def _taken(connection: Connection, report: Report) -> bool:
    """Keep that everything up to a report was taken; False where the subscription is no longer ours."""
    now = _now(connection)
    with connection.served.node.store.begin() as writing:
        return subscriptions.advance(
            writing, connection.item, place=report.place, min_time=now, notified=now, batch=connection.item.batch
        )


def _let_go(connection: Connection) -> None:
    with connection.served.node.store.begin() as writing:
        subscriptions.release(writing, connection.item, due=connection.item.due)


async def _close(connection: Connection, error: LedgerError, code: int) -> None:
    """Say why as a last message, and close."""
    said = json.dumps(epcis_problem(error, language_of(connection.socket.headers)), ensure_ascii=False, default=str)
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await connection.socket.send_text(said)
        await connection.socket.close(code, error.code)


def _now(connection: Connection) -> int:
    return int(connection.served.node.clock() * 1_000_000)


class _Ended(Exception):
    """Somebody ended the subscription while it was connected."""

    def __init__(self, error: LedgerError, code: int) -> None:
        super().__init__(error.code)
        self.error = error
        self.code = code
