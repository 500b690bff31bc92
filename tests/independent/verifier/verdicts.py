"""The verdicts over a bundle, each with its reasons. From docs/spec/bundle.md, sections 3 to 5."""

from collections.abc import Collection, Mapping
from typing import Any

from tests.independent.verifier import form, note, tree
from tests.independent.verifier.account import VERDICTS, Account
from tests.independent.verifier.balance import Balance
from tests.independent.verifier.bodies import Body
from tests.independent.verifier.entry import HIDDEN, Entry, Members, parse
from tests.independent.verifier.history import movement
from tests.independent.verifier.identifiers import canonical
from tests.independent.verifier.note import Head, Policy, Vkey
from tests.independent.verifier.opened import Shown, tag
from tests.independent.verifier.registry import MAY_SIGN, Standing, read_row
from tests.independent.verifier.text import Refused, unb64


def verify_bundle(data: bytes, known: Mapping[str, Policy], require: Collection[str] = ()) -> Account:
    account = Account(demanded=set(require))
    account.formed.add("authentic")
    try:
        bundle = form.parse(data)
    except Refused as error:
        (account.lacks if error.code == "bundle-format" else account.no)("authentic", error.code)
        return account
    account.formed.update(VERDICTS)
    Check(bundle, known, account).all()
    return account


class Check(Balance):
    """One bundle being judged; every rule is applied, whatever the others found."""

    def all(self) -> None:
        self.authentic()
        heads = [self.included(number) for number in range(len(self.logs))]
        for number in range(1, len(heads)):
            self.chain(heads[number - 1], heads[number], number)
        self.keys_valid()
        self.unbroken()
        self.witnessed()
        self.complete()
        self.balanced()
        tokens = any(part["timestamps"] for part in self.logs)
        self.account.lacks("timed", "timestamps-not-checked" if tokens else "no-timestamps")

    def authentic(self) -> None:
        for shown in self.shown:
            if shown.error:
                self.account.no("authentic", shown.error, shown.index)
            if not shown.entry:
                continue
            entry, number = shown.entry, shown.index
            if entry.claims["log"] != self.logs[shown.log]["origin"]:
                self.account.no("authentic", "entry-of-another-log", number)
            if shown.body and shown.body.what == "erasure":
                self.erasure(shown, entry, shown.body)
            if (shown.log, entry.kid) not in self.keys:
                self.account.no("authentic", "key-not-introduced", number)
                continue
            _, found = self.keys[shown.log, entry.kid]
            if found.iss != entry.iss:
                self.account.no("authentic", "entry-of-another-member", number)
            try:
                entry.verify(found.key)
            except Refused as error:
                self.account.no("authentic", error.code, number)
            if "relay" in entry.trees.get("record", ()):
                self.relayed(shown, entry)

    def relayed(self, shown: Shown, entry: Entry) -> None:
        try:
            first = parse(entry.trees["record"]["relay"].encode("ascii"))
            if (shown.log, first.kid) in self.keys:
                first.verify(self.keys[shown.log, first.kid][1].key)
        except Refused as error:
            return self.account.no("authentic", error.code, shown.index)
        same = all(first.claims[name] == entry.claims[name] for name in ("log", "iss", "kind"))
        if not same or not set(first.claims.get("_sd", ())) & set(entry.claims["_sd"]):
            self.account.no("authentic", "relay-differs", shown.index)
        return None

    def erasure(self, shown: Shown, entry: Entry, body: Body) -> None:
        for item in body["erased"]:
            target = self.by_leaf.get((shown.log, unb64(item["entry"])))
            if target and target.entry and target.entry.iss != entry.iss:
                self.account.no("authentic", "erasure-of-another-member", shown.index)

    def included(self, number: int) -> Head | None:
        part = self.logs[number]
        trusted = self.known.get(part["origin"])
        no = self.account.no
        try:
            vkey = note.parse_vkey(part["vkey"])
            if trusted and trusted.log != vkey:
                raise Refused("other-log-key")
            head = note.checkpoint(part["checkpoint"].encode(), vkey)
            if head.origin != part["origin"]:
                raise Refused("checkpoint-origin")
            if head.size != part["size"]:
                raise Refused("checkpoint-size")
            leaves = {shown.index: shown.leaf for shown in self.shown if shown.log == number}
            known = tree.walk(head.size, leaves, part["nodes"])
            if known.get((0, head.size), tree.EMPTY) != head.root:
                raise Refused("bundle-root")
        except Refused as error:
            no("included", error.code)
            return None
        self.first(number, trusted, vkey)
        if not trusted:
            self.account.lacks("included", "unknown-log")
        elif trusted.last and 0 < trusted.last.size <= head.size:
            before = tree.earlier(known, trusted.last.size)
            if before not in (None, trusted.last.root):
                no("included", "two-roots" if head.size == trusted.last.size else "history-rewritten")
        return head

    def first(self, number: int, trusted: Policy | None, vkey: Vkey) -> None:
        body, origin = self.genesis(number), self.logs[number]["origin"]
        if body is None:
            return self.account.no("included", "genesis-not-shown", 0)
        if body["origin"] != origin or unb64(body["logKey"]) != vkey.key.raw:
            self.account.no("included", "genesis-of-another-log", 0)
        if trusted and self.at[number, 0].leaf != trusted.genesis:
            self.account.no("included", "other-genesis", 0)
        return None

    def chain(self, older: Head | None, newer: Head | None, number: int) -> None:
        body = self.genesis(number)
        if not older or not newer or not body:
            return
        named = body["predecessor"]
        if not named or named["origin"] != older.origin:
            self.account.no("included", "not-the-predecessor", 0)
        elif older.size > named["size"] or (older.size == named["size"] and older.root != unb64(named["root"])):
            self.account.no("included", "predecessor-differs", 0)

    def keys_valid(self) -> None:
        unusable: set[tuple[int, int]] = set()
        for part in self.bundle["standing"]:
            place = part["log"], part["at"]
            if place not in unusable and not self.row(part):
                unusable.add(place)
        missing = set()
        for shown, entry in self.read:
            row = self.rows.get((shown.log, entry.kid))
            if row:
                self.standing(shown, entry, row)
            elif (shown.log, entry.kid) not in missing:
                missing.add((shown.log, entry.kid))
                self.account.lacks("keys_valid", "standing-missing", shown.index)

    def row(self, part: dict[str, Any]) -> bool:
        snapshot = self.snapshot("keys_valid", part["log"], part["at"])
        if not snapshot:
            return False
        try:
            tree.rows_path(part["row"], part["n"], snapshot["keys"], part["path"], unb64(snapshot["root"]))
            row = read_row(part["row"])
            index, found = self.keys.get((part["log"], row.kid), (0, None))
            if not found:
                raise Refused("key-not-introduced")
            if (found.iss, found.role) != (row.iss, row.role) or row.add < index:
                raise Refused("standing-of-another-key")
        except Refused as error:
            self.account.no("keys_valid", error.code, part["at"])
            return False
        self.rows[part["log"], row.kid] = row
        return True

    def standing(self, shown: Shown, entry: Entry, row: Standing) -> None:
        what = shown.body.what if shown.body else ""
        try:
            row.check(shown.index, introduces=what in ("genesis", "rotate"))
        except Refused as error:
            self.account.no("keys_valid", error.code, shown.index)
        if entry.known and entry.kind not in MAY_SIGN[row.role] and what != "genesis":
            self.account.no("keys_valid", "role-may-not-sign", shown.index)
        if row.suspects(shown.index) and not self.reattested(shown, entry):
            self.account.no("keys_valid", "entry-suspect", shown.index)
        if shown.index + 1 != self.logs[shown.log]["size"]:
            if row.seq is None or entry.seq > row.seq:
                self.account.no("keys_valid", "lane-beyond-standing", shown.index)
            elif entry.seq == row.seq and shown.leaf != row.head:
                self.account.no("keys_valid", "lane-head-differs", shown.index)

    def reattested(self, suspect: Shown, entry: Entry) -> bool:
        for shown, other in self.read:
            row = self.rows.get((shown.log, other.kid))
            later = shown.log == suspect.log and shown.index > suspect.index
            if later and row and row.iss == entry.iss and not row.suspects(shown.index):
                named = other.trees.get("record", Members()).get("reattests")
                if named and unb64(named) == suspect.leaf:
                    return True
        return False

    def witnessed(self) -> None:
        for part in self.logs:
            trusted = self.known.get(part["origin"])
            if not trusted:
                self.account.lacks("witnessed", "witnesses-unknown")
            elif trusted.quorum == "none":
                self.account.lacks("witnessed", "no-quorum")
            else:
                self.account.demanded.add("witnessed")
                try:
                    names = note.cosigned(note.parse(part["checkpoint"].encode()), trusted)
                except Refused as error:
                    self.account.no("witnessed", error.code)
                    continue
                if not note.quorum_met(names, trusted):
                    self.account.lacks("witnessed", "quorum-not-met")

    def complete(self) -> None:
        no, lacks = self.account.no, self.account.lacks
        subject, proofs = self.bundle.get("subject"), self.bundle["completeness"]
        if subject is None:
            return lacks("complete", "no-subject")
        proved = self.sightings.get(subject, [])
        keys = {key for key, _, _ in proved}
        if not keys:
            no("complete", "subject-not-proved")
        if len(keys) > 1:
            no("complete", "two-keys-for-one-object")
        if proofs is None:
            lacks("complete", "completeness-not-given")
        elif len(self.logs) > 1:
            lacks("complete", "completeness-of-one-log-only")
        elif len(keys) == 1:
            self.prove(proofs, keys.pop())
        for shown, entry in self.read:
            if "content" in entry.trees and shown.place not in {place for _, _, place in proved}:
                lots = entry.trees.get("record", Members()).get("lots", ())
                named = {canonical(lot["id"]) for lot in lots if lot is not HIDDEN}
                if subject in named | movement(entry.trees["content"]).named:
                    lacks("complete", "subject-key-not-shown", shown.index)
        return None

    def prove(self, proofs: dict[str, Any], key: bytes) -> None:
        no, at = self.account.no, proofs["at"]
        snapshot = self.snapshot("complete", 0, at)
        if not snapshot:
            return
        if [part["n"] for part in proofs["present"]] != list(range(len(proofs["present"]))):
            return no("complete", "tags-not-counted-from-zero")
        top, size, other = unb64(snapshot["tags"]), self.logs[0]["size"], proofs["absent"]
        try:
            for part in proofs["present"]:
                tree.present(tag(key, part["n"]), part["indexes"], part["path"], top, size)
            wanted = tag(key, len(proofs["present"]))
            tree.absent(wanted, other["tag"], other["indexes"], other["path"], top, size)
        except Refused as error:
            return no("complete", error.code, at)
        for part in proofs["present"]:
            for index in part["indexes"]:
                shown = self.at.get((0, index))
                if not shown:
                    no("complete", "tagged-entry-left-out", index)
                elif not shown.entry or tag(key, part["n"]) not in self.tags(shown, shown.entry):
                    no("complete", "tag-not-in-entry", index)
        return None
