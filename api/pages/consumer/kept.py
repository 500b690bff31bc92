"""What the page of a lot shows, made once and kept while nothing that it says has changed.

- It is made of the public bundle, for everybody the same, whoever asks; beside it stands only whether the lot is
  recalled, which is told to whoever may know of the lot.
- It is good while nothing at all was committed, which is one quick question (`Store.stamp`). After a commit it is held
  against the ledger (`ledger.readside.unfollowed`, `unchanged`), and made anew only where something is about it: then
  whoever asks waits, for an older page could hide a recall. The recall is asked again once a minute besides, since one
  may begin at a time that was said before.
- At most `MOST` lots and `MOST_BYTES` of their bundles are kept, those asked for last.

    packs.of("https://id.gs1.org/01/…/10/P-7")  ->  Shown(pack=…, bundle=…, recalls=(…), checked=…)

docs/adr/0060-what-a-pack-tells.md, 0070-a-page-that-waits-for-nobody.md,
0046-a-recall-is-told-to-whoever-may-know-of-the-lot.md.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256

from starlette.responses import HTMLResponse

from api.access import Access
from api.pages.consumer.pictures import picture
from api.verbs.export_bundle import export_bundle, may_know
from api.verbs.recalls import recall_status
from exporters.facts.history import Facts, read
from exporters.facts.pack import Pack, pack
from ledger.audience import Audience
from ledger.bundle import parse
from ledger.lots.recalled import Standing
from ledger.node import Node
from ledger.readside.introduced import introduced, own_party
from ledger.readside.unchanged import About, Mark, mark, moved, of_everything
from ledger.readside.unfollowed import Unfollowed, answered
from ledger.store.connection import Connection
from schemas.errors import InputError, UnavailableError
from schemas.wording import Language

Key = tuple[Language, Language | None, int]
"""Of a rendered page: its language, the one that its address fixed, and the minute that it names."""
MOST, MOST_BYTES = 512, 64 << 20
MINUTE = 60
_TRIES = 3
_UNKNOWN = frozenset(("unknown-lot", "lot-not-here", "lot-not-here-near", "lot-expected"))


@dataclass(frozen=True, slots=True)
class Recall:
    """A recall that stands on the lot: by whom (name, empty where nobody said it), and what was said."""

    by: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the page shows of a lot.

    `digest`: of the bundle, SHA-256 in hex; `mark`: until when it is good; `told`: of how many entries that is known;
    `stamp`: of the store when it was found; `checked`: when its recalls were asked for, in minutes since 1970;
    `pictures`: those that members name and that are here, by SHA-256 (hex); `rendered`: pages made of it, by whoever
    shows it, lost with it.
    """

    pack: Pack
    bundle: bytes
    digest: str
    about: About
    mark: Mark
    told: int
    stamp: Hashable
    recalls: tuple[Recall, ...]
    checked: int
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    rendered: dict[Key, HTMLResponse] = field(default_factory=dict)


class Packs:
    """The lots that were asked for last."""

    def __init__(self, node: Node, access: Access) -> None:
        self._node, self._access = node, access
        self._unfollowed = Unfollowed(node.store, node.keyring.wrapping_key)
        self._kept: OrderedDict[str, Shown] = OrderedDict()
        self._kept_lock, self._making = threading.Lock(), threading.Lock()

    def of(self, uri: str) -> Shown | None:
        """What is shown of a lot, unit or item (canonical URI); None where strangers may not know of it."""
        return self._untouched(uri) or self._good(uri) or self._made(uri)

    def at_once(self, uri: str) -> Shown | None:
        """The same where it takes microseconds and waits for nobody; None where it might, or there is nothing."""
        return self._untouched(uri) if self._node.store.instant else None

    def _untouched(self, uri: str) -> Shown | None:
        """What is kept, if nothing whatever was committed since it was last found good."""
        with self._kept_lock:
            kept = self._kept.get(uri)
            if kept is None or kept.checked != self._minute() or kept.stamp != self._node.store.stamp():
                return None
            self._kept.move_to_end(uri)
        return kept

    def _good(self, uri: str, *, waited: bool = False) -> Shown | None:
        """What is kept, if nothing is about it that was answered for since. `waited`: the read side was waited for, and
        what it still lacks can be known by nobody here."""
        with self._kept_lock:
            kept = self._kept.get(uri)
        if kept is None:
            return None
        # Before anything is read: what comes in between is found the next time.
        stamp = self._node.store.stamp()
        with self._node.store.read() as connection:
            told = answered(connection)
            now = self._still(connection, kept, told)
            if now is None and of_everything(connection, kept.mark):
                # Nobody may ask for the others again, and they may hold what was erased.
                self._forget()
        if now is None or not (now.told >= told or waited):
            return None
        now = self._asked_again(uri, replace(now, stamp=stamp if now.told >= told else None), self._minute())
        self._keep(uri, now)
        return now

    def _still(self, connection: Connection, kept: Shown, told: int) -> Shown | None:
        """It, as far as it is known to hold; None where it does not."""
        if told < kept.told:
            return None
        if self._unfollowed.silent(connection, kept.about, kept.told, told):
            now = mark(connection, kept.about.indexes)
            if (now.published, now.due) != (kept.mark.published, kept.mark.due):
                return None
            size = max(kept.mark.size, min(now.size, told))
            return replace(kept, mark=replace(now, size=size), told=told)
        found = moved(connection, kept.about, kept.mark)
        return None if found is None else replace(kept, mark=found, told=max(kept.told, found.size))

    def _asked_again(self, uri: str, kept: Shown, checked: int) -> Shown:
        """With the recalls of this minute."""
        if checked == kept.checked:
            return kept
        recalls = self._standing(uri, self._access.everybody())
        rendered = kept.rendered if recalls == kept.recalls else {}
        return replace(kept, recalls=recalls, checked=checked, rendered=rendered)

    def _made(self, uri: str) -> Shown | None:
        """Made now; by one thread at a time, so that many who come for one lot wait for one making."""
        with self._making:
            # A reader that waits for its writer shows what it knows rather than nothing.
            with suppress(UnavailableError):
                self._node.settled()
            found = self._good(uri, waited=True)
            if found is None:
                found = self._make(uri)
                self._keep(uri, found)
        return found

    def _make(self, uri: str) -> Shown | None:
        """Made of the public bundle, with a mark and a stamp of before it was made."""
        audience, watched, tried = self._access.everybody(), frozenset[int](), 0
        stamp, before = self._node.store.stamp(), self._mark(watched)
        while (bundle := self._bundle(uri, audience)) is not None:
            facts, tried = read(bundle), tried + 1
            about = self._about(bundle, facts)
            # What was published meanwhile is opened or is not: where all that is opened is published, nothing was.
            now = before if about.indexes == watched else self._mark(about.indexes)
            opened = tuple(sorted(event.index for event in facts.events))
            if about.indexes == watched or now.published == opened:
                return self._shown(uri, bundle, facts, about, replace(before, published=now.published), stamp)
            if tried == _TRIES:
                return self._shown(uri, bundle, facts, about, replace(before, published=()), stamp)
            watched = about.indexes
            stamp, before = self._node.store.stamp(), self._mark(watched)
        return None

    def _shown(self, uri: str, bundle: bytes, facts: Facts, about: About, good: Mark, stamp: Hashable) -> Shown | None:
        told = pack(facts)
        if told is None:
            return None
        named = {voice.picture: picture(self._node, voice) for voice in told.voices if voice.picture}
        pictures = {digest: data for digest, data in named.items() if data is not None}
        recalls = self._standing(uri, self._access.everybody())
        digest = sha256(bundle).hexdigest()
        return Shown(told, bundle, digest, about, good, good.size, stamp, recalls, self._minute(), pictures)

    def _mark(self, indexes: frozenset[int]) -> Mark:
        with self._node.store.read() as connection:
            return mark(connection, indexes)

    def _bundle(self, uri: str, audience: Audience) -> bytes | None:
        """What everybody may have of a lot; None where nobody may know of it."""
        node = self._node
        try:
            return export_bundle(
                node, uri, direction="back", audience=audience, knows=may_know(node, audience),
                naming=introduced(node, audience),
            )  # fmt: skip
        except InputError as error:
            if error.code in _UNKNOWN:
                return None
            raise

    def _about(self, bundle: bytes, facts: Facts) -> About:
        indexes = frozenset(part.index for part in parse(bundle).entries)
        members = frozenset(event.member for event in facts.events)
        objects = {uri for event in facts.events for uri in event.step.moves.touched}
        parties = {own_party(self._node, iss) for iss in members}
        return About(indexes, frozenset(objects | parties), members)

    def _standing(self, uri: str, audience: Audience) -> tuple[Recall, ...]:
        try:
            found = recall_status(self._node, uri, audience=audience)
        except InputError as error:
            if error.code in _UNKNOWN:
                return ()
            raise
        return tuple(Recall(found.names.get(each.standing.member, ""), each.standing) for each in found.recalls)

    def _forget(self) -> None:
        with self._kept_lock:
            self._kept.clear()
        self._unfollowed.forget()

    def _minute(self) -> int:
        return int(self._node.clock()) // MINUTE

    def _keep(self, uri: str, shown: Shown | None) -> None:
        with self._kept_lock:
            if shown is None:
                self._kept.pop(uri, None)
                return
            self._kept[uri] = shown
            self._kept.move_to_end(uri)
            while len(self._kept) > MOST or (
                len(self._kept) > 1 and sum(len(each.bundle) for each in self._kept.values()) > MOST_BYTES
            ):
                self._kept.popitem(last=False)
