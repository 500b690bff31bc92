"""An opened ledger: its store, keys, writer, clock and randomness. What a Python program imports.

- Time, randomness, environment and folders are opened here and passed down; nothing below takes them by itself.
- One process writes a log at a time; any number read it with `write=False`, and need no passphrase for what is public.
- Who wants to write waits for the one before and then gets `UnavailableError`; or, with `write="when-free"`, begins at
  once: as the writer where nobody is, else as a standby that hands in to the writer and takes over when it ends
  (docs/adr/0031-handing-in.md, 0032-taking-over.md).
- What is answered is durable: committed, in tiles, under a checkpoint that the log signed (ARCHITECTURE.md 3.5).

    with Node.init("filiera-data", name="Cooperativa Sole", passphrase=b"...") as node:
        node.capture(read_document(data))
        bundle = prove(node.source, "https://id.gs1.org/01/…/10/P-0107", "back", public())
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from secrets import token_bytes
from typing import Literal, Self

from ledger.capture.document import Document
from ledger.capture.master import MasterDocument
from ledger.custody.erase import wait_until_erased
from ledger.entry.parse import Entry
from ledger.keys.keyring import Keyring
from ledger.keys.sealing import Seal
from ledger.licences import company_prefixes
from ledger.log.note import VerifierKey
from ledger.log.policy import compose
from ledger.readside.source import LogSource
from ledger.registry.bodies import Predecessor
from ledger.registry.replay import Registry
from ledger.store import checkpoints, entries
from ledger.store.engine import Store
from ledger.surroundings import guard_of, key_folder, policies_folder, this_process
from ledger.trust import KnownLogs
from ledger.writer.answers import Captured, Receipt
from ledger.writer.desk import Desk
from ledger.writer.founding import Founding, found
from ledger.writer.gateway import Beside, prepare, source_of
from ledger.writer.guard import Guard
from ledger.writer.hand_in import HandIn
from ledger.writer.held import OfReader
from ledger.writer.master import prepare_master
from ledger.writer.membership import Membership
from ledger.writer.proofs import receipts
from ledger.writer.request import Capture, Master
from ledger.writer.standby import Held, Sole, Standby
from ledger.writer.startup import log_origin
from ledger.writer.watch import Watch
from ledger.writer.writer import Writer, no_phase
from schemas.errors import InputError, LedgerError, UnavailableError
from schemas.gs1.company_prefix import CompanyPrefixes

Clock = Callable[[], float]
Random = Callable[[int], bytes]
Phase = Callable[[str], None]


class Node:
    """One log, opened by `open` or made by `init`; a context manager that stops its writer on leaving."""

    def __init__(
        self, store: Store, keyring: Keyring, place: Sole | Standby | None, *, clock: Clock, random: Random
    ) -> None:
        self.store = store
        self.keyring = keyring
        self.clock = clock
        self.random = random
        self._place = place
        self._held = Held(place) if place is not None else OfReader(store, keyring.wrapping_key)
        self.source = LogSource(store, self._held, keyring.wrapping_key)

    @classmethod
    def init(
        cls,
        store: str,
        *,
        name: str,
        passphrase: bytes,
        gln: str | None = None,
        prefixes: Sequence[str] = (),
        origin: str | None = None,
        keys: Path | None = None,
        secrets: str | None = None,
        clock: Clock = time.time,
        random: Random = token_bytes,
        guard: str | None = None,
        policies: Path | None = None,
        iss: str | None = None,
        predecessor: Predecessor | None = None,
        phase: Phase = no_phase,
        workers: int = 0,
    ) -> Self:
        """Make a log, its first member and the keys of ARCHITECTURE.md 3.9, enter it among the user's known logs
        (`policies`: that folder), and open it. A successor names its `predecessor`, and its founder keeps its `iss`.
        `InputError("store-exists")`, and those of `Founding.check`."""
        wanted = Founding(name, gln, tuple(prefixes), origin, iss, predecessor)
        keyring = Keyring(key_folder(store, keys), passphrase, random=random)
        found(wanted, store, keyring, secrets=secrets, random=random, now=clock(), writer=this_process())
        node = cls.open(
            store,
            keys=keys,
            passphrase=passphrase,
            secrets=secrets,
            clock=clock,
            random=random,
            guard=guard,
            phase=phase,
            workers=workers,
        )
        try:
            node.snapshot()
            node.trust_own(policies)
        except BaseException:
            node.close()
            raise
        return node

    @classmethod
    def open(
        cls,
        store: str,
        *,
        keys: Path | None = None,
        passphrase: bytes | None = None,
        secrets: str | None = None,
        clock: Clock = time.time,
        random: Random = token_bytes,
        guard: str | None = None,
        write: bool | Literal["when-free"] = True,
        wait: float = 30.0,
        phase: Phase = no_phase,
        workers: int = 0,
    ) -> Self:
        """Open a log that exists; with `write` become its writer, waiting `wait` seconds for the one before, or
        ("when-free") without waiting: until it ends everything is handed in to it.

        `workers`: processes that examine signed entries beside the writer, 0 for none.

        `InputError`: `store-missing`, `passphrase-missing`, `wrong-passphrase`; `UnavailableError("writer-busy")`;
        `EvidenceError`: `log-rolled-back`, `log-forked`, `tiles-root`.
        """
        opened = Store.open(store, secrets=secrets)
        try:
            keyring = Keyring(key_folder(store, keys), passphrase, random=random)
            if not write:
                return cls(opened, keyring, None, clock=clock, random=random)
            kept = guard_of(log_origin(opened), guard)

            def take() -> Writer:
                return Writer.take_over(
                    opened,
                    keyring,
                    kept,
                    name=this_process(),
                    clock=clock,
                    random=random,
                    phase=phase,
                    wait=wait if write is True else 0.0,
                    workers=workers,
                )

            place = Sole(take()) if write is True else _standby(opened, keyring, kept, take, random)
            return cls(opened, keyring, place, clock=clock, random=random)
        except BaseException:
            opened.close()
            raise

    # Writing.

    @property
    def writer(self) -> Writer:
        """This log's writer; `InputError("read-only")` where the log was opened for reading,
        `UnavailableError("not-the-writer")` where another process is it."""
        place = self._opened()
        if place.writer is None:
            raise UnavailableError("not-the-writer")
        return place.writer

    def submit(self, wires: Sequence[bytes]) -> list[Receipt | LedgerError]:
        """Log signed entries (`jwt~d1~…~`), judged on form only; one answer each, in order."""
        return self._opened().desk.submit(wires)

    def capture(
        self,
        document: Document,
        *,
        member: str | None = None,
        key: str | None = None,
        proceed: bool = False,
        allow_repeat: bool = False,
        strict: bool = False,
        refuse_reuse: bool = False,
        refuse_again: bool = False,
        beside: Beside | None = None,
    ) -> list[Captured]:
        """Log the events of an unsigned document, signed with the member's gateway key; one answer per event kept.

        `key`: the gateway key that signs, and no other (default: the member's newest in force), as `gateway_key` says.
        `proceed`: leave bad events out instead of refusing the document (`gateway.DocumentRefused`). `allow_repeat`:
        log what was captured before once more. `strict`: refuse what has warnings, and an `eventID` that stands for
        other content already; `refuse_reuse`: the latter alone. `refuse_again`: of an event that was declared wrong
        before no second declaration (`correction-made`). `beside`: writes what it has to in the transaction that makes
        the events durable; it is not called where nothing new was logged. That can be done in the writer's
        process only: elsewhere it is `UnavailableError("not-the-writer")`.
        """
        prepared = tuple(prepare(document, proceed=proceed, strict=strict))
        desk = self._opened().desk
        iss = member or self.own_member()
        kid = self.gateway_key(iss, key)
        if not prepared:
            return []
        asked = Capture(iss, kid, prepared, source_of(document), allow_repeat, strict or refuse_reuse, refuse_again)
        return desk.capture(asked, beside)

    def master(
        self,
        document: MasterDocument,
        *,
        member: str | None = None,
        key: str | None = None,
        proceed: bool = False,
        allow_repeat: bool = False,
    ) -> list[Captured]:
        """Log versions of master data, signed with the member's gateway key; one answer per version kept.

        `key`, `proceed`, `allow_repeat` as for `capture`; what a member said of a thing and beginning, said again, is
        answered with the entry that says it.
        """
        prepared = tuple(prepare_master(document, proceed=proceed))
        desk = self._opened().desk
        iss = member or self.own_member()
        kid = self.gateway_key(iss, key)
        return desk.master(Master(iss, kid, prepared, allow_repeat)) if prepared else []

    def seal(self, purpose: str) -> Seal:
        """What closes and opens texts of one purpose with a secret of the key folder, so that every server of this log
        opens what another closed, and no copy of the store does. `InputError` (`own-key-missing`)."""
        return self.keyring.seal(purpose)

    @property
    def desk(self) -> Desk | HandIn:
        """Who signs and logs what is handed in: this process's writer, or the way to another's."""
        return self._opened().desk

    @property
    def membership(self) -> Membership:
        """Keys and members: what admin keys of this keyring may say (ARCHITECTURE.md 3.3)."""
        return self._opened().desk.membership

    def hold_against(self, note: bytes) -> None:
        """Hold the log against a checkpoint that somebody was shown; `EvidenceError` where it contradicts, and from
        then on nothing more is signed (ARCHITECTURE.md 3.5)."""
        self._opened().desk.hold_against(note)

    def snapshot(self) -> int:
        """The index of a snapshot that covers everything committed, written now unless the newest entry is one."""
        return self._opened().desk.snapshot()

    def _opened(self) -> Sole | Standby:
        """This process's place at the log; `InputError("read-only")`."""
        if self._place is None:
            raise InputError("read-only")
        return self._place

    # Reading.

    def settled(self) -> None:
        """Return when the read side holds every entry that was committed before the call (docs/adr/0029).

        Who answers from derived tables calls this first. A writer lets them follow at once; a reader waits for the
        writer, follows by itself where it has the keys, else raises `UnavailableError("read-side-behind")`.
        """
        self._held.settled()

    def judged(self) -> None:
        """Return when every lot was judged by what was committed before the call (docs/adr/0047): a writer does that in
        its pauses, so little is left. Who lists what was found calls this first; it settles, too."""
        self._held.judged()

    def erased(self) -> None:
        """Return when everything that was declared erased before the call is gone from here (docs/adr/0030).

        `UnavailableError("wal-busy")` while somebody reads an older state of the database, "erasure-unfinished" where
        the writer is another process and has not come to it: it is done after that.
        """
        writer = self._opened().writer
        if writer is not None:
            writer.erased()
        else:
            wait_until_erased(self.store, time.sleep)

    @property
    def registry(self) -> Registry:
        """Members, keys, lanes and policy as of the newest entry. Belongs to the writer: read it, do not keep it."""
        return self._held.registry(lambda registry: registry)

    def company_prefixes(self) -> CompanyPrefixes:
        """The GS1 company prefixes of the members whose profiles can be read here."""
        return company_prefixes(self.registry.members(), self.entry)

    @property
    def writes(self) -> bool:
        """Is this the log's writer? A standby may be it at any moment, and no more at another."""
        return self._place is not None and self._place.writer is not None

    @property
    def origin(self) -> str:
        """The log's origin."""
        return self.source.origin

    @property
    def vkey(self) -> VerifierKey:
        """The key that checks this log's checkpoints."""
        return VerifierKey.of_log(self.origin, self.registry.log_key)

    def checkpoint(self) -> bytes:
        """The newest published checkpoint, a signed note; `InputError("no-checkpoint")` before the first."""
        with self.store.read() as connection:
            published = checkpoints.published(connection)
        if published is None:
            raise InputError("no-checkpoint", size=0)
        return published[1]

    def receipt(self, index: int) -> Receipt:
        """The inclusion proof of the entry at `index` against the newest checkpoint; `InputError("entry-missing")`."""
        self.leaf(index)
        return receipts(self.store, [index], self.checkpoint())[index]

    def leaf(self, index: int) -> bytes:
        """The bytes logged at an index, the issuer-signed JWT alone; `InputError("entry-missing")`."""
        with self.store.read() as connection:
            return entries.get(connection, index)

    def entry(self, index: int) -> Entry:
        """The entry at an index with the disclosures that are still held; `InputError("entry-missing")`."""
        return self.source.entry(index)

    def own_member(self, role: str = "gateway") -> str:
        """The one member whose living key of a role is here; `InputError` (`own-key-missing`, `member-ambiguous`)."""
        found = {entry.iss for entry in self.keyring.entries if entry.role == role and self._living(entry.kid)}
        if len(found) != 1:
            raise InputError("member-ambiguous" if found else "own-key-missing", role=role)
        return found.pop()

    def gateway_key(self, iss: str, chosen: str | None = None) -> str:
        """The gateway key of a member that is here: the one chosen, else the newest in force.

        `InputError`: `gateway-key-missing` where the member's admin added none that is here, `gateway-key-other` for a
        key that is no such one, `gateway-key-ended` for one that was revoked or declared compromised.
        """
        here = self.keyring.find(role="gateway", iss=iss)
        if chosen is None:
            for kid in reversed(here):
                if self._living(kid):
                    return kid
            raise InputError("gateway-key-missing", iss=iss[:100])
        state = self._held.registry(lambda registry: registry.key_state(chosen))
        if chosen not in here or state is None:
            raise InputError("gateway-key-other", kid=chosen[:100], iss=iss[:100])
        if state.end is not None:
            raise InputError("gateway-key-ended", kid=chosen, end=state.end)
        return chosen

    def _living(self, kid: str) -> bool:
        key = self._held.registry(lambda registry: registry.key_state(kid))
        return key is not None and key.end is None

    def trust_own(self, policies: Path | None = None) -> None:
        """Enter this log among the user's known logs (ARCHITECTURE.md 3.6); `policies`: another folder for them."""
        text = compose(self.vkey, self.registry.genesis_leaf, self.registry.policy().witnesses)
        KnownLogs(policies or policies_folder()).add(text, fingerprint=self.vkey.fingerprint)

    def close(self) -> None:
        """Stop writing (a last snapshot, the fence) and let go of the store."""
        try:
            if self._place is not None:
                self._place.close()
        finally:
            self.keyring.forget()
            self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _standby(store: Store, keyring: Keyring, guard: Guard, take: Callable[[], Writer], random: Random) -> Standby:
    # Whoever may have to write later must be able to: a wrong passphrase is said now.
    keyring.log_signer()
    reader = OfReader(store, keyring.wrapping_key)

    def vkey() -> VerifierKey:
        return reader.registry(lambda registry: VerifierKey.of_log(registry.origin, registry.log_key))

    hands = HandIn(store, keyring, random, lambda: vkey().name)
    return Standby(take, hands, reader, Watch(store, guard, vkey))
