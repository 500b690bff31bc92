"""`unbroken`: lanes, parents, origins. From docs/spec/bundle.md, sections 4 and 5."""

from tests.independent.verifier.entry import HIDDEN, Members
from tests.independent.verifier.history import Movement, closure, movement
from tests.independent.verifier.opened import Opened, Shown
from tests.independent.verifier.text import unb64


class History(Opened):
    """The bundle as a history without holes."""

    def unbroken(self) -> None:
        no, lacks = self.account.no, self.account.lacks
        for shown, entry in self.read:
            if self.lanes[shown.log, entry.kid, entry.seq] is not shown:
                no("unbroken", "lane-forks", shown.index)
                continue
            before = self.lanes.get((shown.log, entry.kid, entry.seq - 1))
            if before and entry.prev != before.leaf:
                no("unbroken", "lane-broken", shown.index)
            elif before and before.index >= shown.index:
                no("unbroken", "lane-order", shown.index)
        events = {
            shown.place: movement(entry.trees["content"], correction=entry.kind == "correction")
            for shown, entry in self.read
            if entry.kind in ("event", "correction") and "content" in entry.trees
        }
        subject, direction = self.bundle.get("subject"), self.bundle["direction"]
        if subject is not None and subject not in self.sightings:
            no("unbroken", "subject-not-proved")
        elif not events:
            lacks("unbroken", "history-not-shown")
        else:
            reached = self.back(events, subject) if direction != "forward" else set()
            if direction != "back" and subject is not None:
                reached |= closure(events, subject, back=False)[0]
                for place in events.keys() - reached:
                    no("unbroken", "not-from-the-subject", self.shown[place].index)

    def back(self, events: dict[int, Movement], subject: str | None) -> set[int]:
        places, whole = set(events), set[str]()
        if subject is not None:
            places, whole = closure(events, subject, back=True)
        elif any(moves.named for moves in events.values()):
            self.account.lacks("unbroken", "no-subject")
        for uri in whole:
            self.origin(events, uri)
        for place in places:
            self.parents(self.shown[place])
            self.hidden(self.shown[place], events[place])
        return places

    def origin(self, events: dict[int, Movement], uri: str) -> None:
        about = [moves for moves in events.values() if uri in moves.touched]
        if any(uri in moves.born for moves in about):
            return
        carriers = {moves.parent for moves in about if uri in moves.children}
        received = any(moves.receipt and uri in moves.moved for moves in about) or any(
            moves.receipt for moves in events.values() if carriers & moves.touched
        )
        numbers = [n for _, n, _ in self.sightings.get(uri, ())]
        if numbers and min(numbers) > 0:
            self.account.no("unbroken", "upstream-left-out")
        elif not received:
            self.account.lacks("unbroken", "origin-not-recorded")

    def parents(self, shown: Shown) -> None:
        assert shown.entry
        parents = shown.entry.trees.get("record", Members()).get("par")
        if parents is None or HIDDEN in parents:
            return self.account.lacks("unbroken", "parents-hidden", shown.index)
        for text in parents:
            here = [self.by_leaf.get((log, unb64(text))) for log in range(shown.log, -1, -1)]
            parent = next((found for found in here if found), None)
            if not parent:
                self.account.no("unbroken", "parent-left-out", shown.index)
            elif not parent < shown:
                self.account.no("unbroken", "parent-not-earlier", shown.index)
        return None

    def hidden(self, shown: Shown, moves: Movement) -> None:
        entry = shown.entry
        assert entry
        if not entry.hidden:
            return
        before = range(entry.seq - entry.claims["more"], entry.seq)
        if any((shown.log, entry.kid, seq) not in self.lanes for seq in before):
            self.account.lacks("unbroken", "tags-left-out", shown.index)
        elif len(self.tags(shown, entry)) > len(moves.named):
            self.account.lacks("unbroken", "objects-hidden", shown.index)
