"""`balanced`: what counts, processes, lines and lots. From docs/spec/bundle.md, section 6."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.independent.verifier.entry import HIDDEN
from tests.independent.verifier.history import WHAT, Movement, closure, movement
from tests.independent.verifier.identifiers import tagged
from tests.independent.verifier.products import Products
from tests.independent.verifier.text import Number
from tests.independent.verifier.unbroken import History

TABLE = Path(__file__).resolve().parents[3] / "schemas" / "lists" / "conversions.tsv"
PIECES = (None, "H87", "C62", "EA")
UNIT, ITEM = "https://id.gs1.org/00/", "https://id.gs1.org/01/"
INSIDE = {"shipping": "shipped", "receiving": "received", "accepting": "accepted"}
ONE_THING = re.compile(r"https://id\.gs1\.org/(?:01/[^/]+/(?:21|235)/|(?!01/)\d{2,4}/[^/]+)")
WASTE = "https://filiera.invalid/voc/wasteKg"
GIVEN = ("retail_selling", "shipping", "dispensing")
START = datetime(1970, 1, 1, tzinfo=UTC)
TIME = re.compile(r"T[0-9:]+([.,][0-9]+)?(Z|[+-][0-9:.]+)")
Amount = tuple[str, Fraction] | None
Said = tuple[Fraction, str | None] | None


@dataclass(frozen=True)
class Part:
    """One object in one list of an event; `said` is the number and code as they stand there."""

    uri: str
    where: str
    amount: Amount
    said: Said


@dataclass(frozen=True)
class Counting:
    """An event that counts."""

    place: int
    index: int
    iss: str
    content: Mapping[str, Any]
    moves: Movement
    parts: tuple[Part, ...]
    at: int | None
    run: str | None
    lost: Fraction

    @property
    def when(self) -> tuple[bool, int, int]:
        return self.at is None, self.at or 0, self.place

    @property
    def step(self) -> str:
        text = _text(self.content.get("bizStep"))
        if text.strip().startswith("https://ref.gs1.org/cbv/"):
            return text.strip().rpartition("-")[2]
        return text.strip().rpartition(":")[2] if text.strip().startswith("urn:epcglobal:cbv:") else text.strip()


@dataclass(frozen=True)
class Line:
    uri: str
    kind: str
    amount: Amount
    iss: str


def factors() -> dict[str, tuple[str, Fraction, Fraction]]:
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")][1:]
    return {row[0]: (row[1], Fraction(row[2]), Fraction(row[3])) for row in rows}


FACTORS = factors()


class Balance(History):
    """The bundle as a balance."""

    def balanced(self) -> None:
        self.sure = True
        self.events = self.counting()
        self.products = Products(self.read)
        self.about: dict[str, list[Counting]] = defaultdict(list)
        for event in sorted(self.events, key=lambda event: event.when):
            for uri in event.moves.touched:
                self.about[uri].append(event)
        back, followed = self.reached()
        lots = self.lots(followed)
        if not self.processes(back) and not lots:
            self.account.lacks("balanced", "nothing-to-balance")

    def unsure(self, code: str, index: int) -> None:
        self.sure = False
        self.account.lacks("balanced", code, index)

    def counting(self) -> list[Counting]:
        opened = [
            (shown, entry, movement(entry.trees["content"], correction=entry.kind == "correction"))
            for shown, entry in self.read
            if entry.kind in ("event", "correction") and "content" in entry.trees
        ]
        declares = [
            entry.kind == "correction" or "errorDeclaration" in entry.trees["content"] for _, entry, _ in opened
        ]
        named = [(entry.iss, _text(entry.trees["content"].get("eventID"))) for _, entry, _ in opened]
        true = {name for name, is_one in zip(named, declares, strict=True) if not is_one and name[1]}
        wrong = {name for name, is_one in zip(named, declares, strict=True) if is_one and name[1]}
        said: dict[tuple[str, str], Any] = {}
        found, self.hiding = [], set()
        for (shown, entry, moves), is_one, name in zip(opened, declares, named, strict=True):
            if is_one:
                if name not in true:
                    self.unsure("correction-not-read", shown.index)
                continue
            content = entry.trees["content"]
            first = said.setdefault((entry.iss, _spelled(content)), entry)
            if first is not entry:
                if entry.hidden or first.hidden:
                    self.unsure("quantities-hidden", shown.index)
                continue
            if name in wrong:
                continue
            if self.hides(shown, entry, moves):
                self.hiding.add(shown.place)
                self.unsure("quantities-hidden", shown.index)
            at = _micros(content.get("eventTime"))
            run = next(iter(moves.touched - moves.named), None)
            found.append(
                Counting(
                    shown.place,
                    shown.index,
                    entry.iss,
                    content,
                    moves,
                    tuple(_parts(content)),
                    at,
                    run,
                    _lost(content),
                )
            )
        return found

    def hides(self, shown: Any, entry: Any, moves: Movement) -> bool:
        if not entry.hidden:
            return False
        before = range(entry.seq - entry.claims["more"], entry.seq)
        if any((shown.log, entry.kid, seq) not in self.lanes for seq in before):
            return True
        if len(self.tags(shown, entry)) > len(moves.named):
            return True
        lists = [entry.trees["content"].get(name) for name in WHAT]
        return any(item is HIDDEN for value in lists if isinstance(value, list) for item in value)

    def reached(self) -> tuple[set[int], set[str]]:
        events = {
            shown.place: movement(entry.trees["content"], correction=entry.kind == "correction")
            for shown, entry in self.read
            if entry.kind in ("event", "correction") and "content" in entry.trees
        }
        subject, direction = self.bundle.get("subject"), self.bundle["direction"]
        back, followed = set[int](), set[str]()
        if subject is not None and direction != "forward":
            back, followed = closure(events, subject, back=True)
        if subject is not None and direction != "back":
            followed = followed | closure(events, subject, back=False)[1]
        return back, followed

    def processes(self, back: set[int]) -> int:
        runs: dict[object, list[Counting]] = defaultdict(list)
        for event in self.events:
            if event.content.get("type") == "TransformationEvent":
                runs[event.run if event.run is not None else event.place].append(event)
        for events in runs.values():
            if any(event.place in self.hiding for event in events):
                continue
            if events[0].run is not None and not all(event.place in back for event in events):
                self.account.lacks("balanced", "run-not-whole", events[0].index)
                continue
            sides = [
                [
                    self.weighed(part.uri, part.amount, event)
                    for event in events
                    for part in event.parts
                    if part.where == where
                ]
                for where in ("used", "made")
            ]
            amounts = [amount for side in sides for amount in side]
            dimensions = {amount[0] if amount else "" for amount in amounts}
            if not all(sides) or len(dimensions) != 1 or not dimensions <= {"mass", "volume"}:
                self.account.lacks("balanced", "process-not-weighed", events[0].index)
            elif _sum(sides[1]) + (_losses(events) if dimensions == {"mass"} else 0) > _sum(sides[0]):
                self.account.no("balanced", "more-out-than-in", events[0].index)
        return len(runs)

    def weighed(self, uri: str, amount: Amount, event: Counting) -> Amount:
        """Pieces in kilograms, where what one holds is known."""
        if not amount or amount[0] != "count":
            return amount
        held = self.products.holds(uri, event.at, _above_zero)
        each = _based(*held) if held else None
        return (each[0], amount[1] * each[1]) if each and each[0] == "mass" else amount

    def lots(self, followed: set[str]) -> int:
        found: dict[str, list[Line]] = defaultdict(list)
        for event in self.events:
            for line in self.lines(event):
                if line.uri in followed:
                    amount = self.weighed(line.uri, line.amount, event)
                    found[line.uri].append(Line(line.uri, line.kind, amount, line.iss))
        for uri, lines in found.items():
            self.lot(uri, lines)
        return len(found)

    def lines(self, event: Counting) -> Iterator[Line]:
        found = []
        for part in event.parts:
            kind = self.kind(event, part)
            if kind is not None:
                found.append(Line(part.uri, kind, part.amount, event.iss))
        lots = {part.uri for part in event.parts if not _is_unit(part.uri) and not _is_item(part.uri)}
        content = event.content
        looked = content.get("type") == "ObjectEvent" and content.get("action") == "OBSERVE"
        losing = (
            [Line(*lots, "used", ("mass", event.lost), event.iss)] if looked and event.lost and len(lots) == 1 else []
        )
        stated = {line.kind for line in found if line.amount} | {"made"}
        if content.get("type") == "ObjectEvent" and event.step in ("decommissioning", "unpacking"):
            stated.add("used")
        found = [line for line in found if line.amount or not line.uri.startswith(UNIT) or line.kind not in stated]
        within: set[tuple[str, str]] = set()
        opened: dict[tuple[str, str], tuple[list[Line], bool]] = {}
        for line in found:
            name = line.kind, line.uri
            if line.uri.startswith(UNIT) and not line.amount and name not in within | opened.keys():
                seen: set[str] = set()
                opened[name] = self.unpacked(line, event, 8, seen)
                within |= {(line.kind, uri) for uri in seen - {line.uri}}
        for name, (lines, known) in opened.items():
            if name not in within:
                yield from lines
                if not known:
                    self.unsure("unit-contents-not-shown", event.index)
        yield from [line for line in [*found, *losing] if line.amount or not line.uri.startswith(UNIT)]

    def kind(self, event: Counting, part: Part) -> str | None:
        inside = INSIDE.get(event.step)
        if event.content.get("type") == "TransformationEvent":
            return part.where if part.where in ("used", "made") else None
        if part.where == "made":
            return inside if inside in ("received", "accepted") else "made"
        if part.where == "used":
            return "shipped" if event.step in GIVEN else "used"
        return None if part.where == "parent" and event.moves.children else inside

    def unpacked(self, line: Line, event: Counting, deep: int, seen: set[str]) -> tuple[list[Line], bool]:
        """What a unit holds, and whether all of that is known."""
        seen.add(line.uri)
        before = [other for other in self.about.get(line.uri, ()) if other.when < event.when]
        if not deep or not any(other.moves.parent == line.uri for other in before):
            return [], False
        found, known = [], True
        told = [other for other in self.along(line.uri, before) if other.when < event.when]
        for uri, said in sorted(_inside(line.uri, told).items()):
            if self.left(uri, line.uri, event):
                continue
            said = (Fraction(1), None) if said is None and _is_item(uri) else said
            within = Line(uri, line.kind, _based(*said) if said else None, line.iss)
            if uri.startswith(UNIT) and not said:
                inner, shown = self.unpacked(within, event, deep - 1, seen)
                found, known = found + inner, known and shown
            else:
                found.append(within)
        return found, known

    def left(self, thing: str, unit: str, event: Counting) -> bool:
        """Is it one thing that was since packed into another unit, used, or packed anew?"""
        if not ONE_THING.match(thing):
            return False
        before = [other for other in self.about.get(thing, ()) if other.when < event.when]
        for other in reversed(before):
            if thing in other.moves.used or (_puts(other, thing) and other.moves.parent != unit):
                return True
            if _puts(other, thing):
                anew = _anew(thing, self.along(thing, before))
                return any(other.when < packed.when for packed in anew)
        return False

    def along(self, unit: str, own: list[Counting]) -> list[Counting]:
        """Events about a unit, and the journeys of what it was put into."""
        found = {event.place: event for event in own}
        for at, put in enumerate(own):
            carrier = put.moves.parent
            if carrier is not None and carrier != unit and _puts(put, unit):
                later = own[at + 1 :]
                out = next((event.when for event in later if _out(event, unit, carrier)), None)
                trips = [
                    event
                    for event in _trips(carrier, [event for event in self.about[carrier] if event.when > put.when])
                    if (out is None or event.when < out) and unit not in event.moves.touched
                ]
                there = [event for event in later if out is None or event.when < out]
                gone = ""
                for event in sorted(found.values(), key=lambda event: event.when):
                    if event.when <= put.when:
                        gone = "" if _anew(unit, [event], gone) else _gone(event, gone)
                anew = _anew(unit, sorted([*there, *trips], key=lambda event: event.when), gone)
                found.update((event.place, event) for event in trips if not anew or event.when < anew[0].when)
        return sorted(found.values(), key=lambda event: event.when)

    def lot(self, uri: str, lines: list[Line]) -> None:
        receiving = {line.iss for line in lines if line.kind == "received"}
        lines = [line for line in lines if not (line.kind == "accepted" and line.iss in receiving)]
        if any(line.amount is None for line in lines) or len({line.amount[0] for line in lines if line.amount}) > 1:
            return self.account.lacks("balanced", "lot-not-weighed")

        def total(iss: str, *kinds: str) -> Fraction:
            return _sum([line.amount for line in lines if line.iss == iss and line.kind in kinds])

        who = {line.iss for line in lines}
        came = {iss: total(iss, "made", "received", "accepted") for iss in who}
        went = {iss: total(iss, "used", "shipped") for iss in who}
        shipped = {iss: total(iss, "shipped") for iss in who}
        received = {iss: total(iss, "received", "accepted") for iss in who}
        holders = {iss for iss in who if came[iss]}
        for iss in holders:
            if went[iss] > came[iss]:
                self.more("more-left-than-came", uri)
        under_way = sum(shipped[iss] - received[iss] for iss in holders)
        left = sum(max(came[iss] - went[iss], Fraction(0)) for iss in holders)
        if sum(went[iss] for iss in who - holders) > max(under_way, 0) + left:
            self.more("more-taken-than-left", uri, certain=bool(holders))
        made = any(total(iss, "made") for iss in who)
        if made and sum(received.values()) > sum(shipped.values()):
            self.more("more-received-than-shipped", uri, certain=bool(sum(shipped.values())))
        return None

    def more(self, code: str, uri: str, *, certain: bool = True) -> None:
        proved = self.sightings.get(uri, [])
        numbers = {n for _, n, _ in proved}
        one_key = len({key for key, _, _ in proved}) == 1
        entries = [self.shown[place].entry for _, _, place in proved]
        opened = all(entry is not None and "content" in entry.trees for entry in entries)
        if self.sure and certain and one_key and opened and numbers == set(range(len(numbers))):
            self.account.no("balanced", code)
        else:
            self.account.lacks("balanced", "stock-not-shown")


def _puts(event: Counting, thing: str) -> bool:
    return event.content.get("action") == "ADD" and event.moves.parent is not None and thing in event.moves.children


def _out(event: Counting, unit: str, carrier: str) -> bool:
    taken = event.content.get("action") == "DELETE" and unit in event.moves.children and event.moves.parent == carrier
    return taken or unit in event.moves.used or (_puts(event, unit) and event.moves.parent != carrier)


def _trips(carrier: str, events: list[Counting]) -> Iterator[Counting]:
    gone = ""
    for event in events:
        mine = event.moves.parent == carrier
        emptied = mine and event.content.get("action") == "DELETE" and not event.moves.children
        if emptied or carrier in event.moves.used or _anew(carrier, [event], gone):
            return
        if event.step == "shipping" or event.moves.receipt:
            yield event
        gone = _gone(event, gone)


def _gone(event: Counting, gone: str) -> str:
    if event.step == "shipping":
        return event.iss
    return "" if event.moves.receipt and event.iss == gone else gone


def _anew(unit: str, events: list[Counting], gone: str = "") -> list[Counting]:
    """Those that begin another unit under the number of one that is gone."""
    found = []
    for event in events:
        packs = event.moves.parent == unit and event.content.get("action") == "ADD" and bool(event.moves.children)
        if packs and event.step != "shipping" and not event.moves.receipt and event.iss == gone:
            found.append(event)
            gone = ""
        else:
            gone = _gone(event, gone)
    return found


def _inside(unit: str, events: list[Counting]) -> dict[str, Said]:
    inside: dict[str, Said] = {}
    gone = ""
    for event in events:
        action = event.content.get("action")
        if event.step == "shipping":
            gone = event.iss
        elif event.moves.receipt and event.iss == gone:
            gone = ""
        elif event.moves.parent == unit and action in ("ADD", "DELETE"):
            children = [part for part in event.parts if part.where == "child"]
            if action == "ADD" and event.iss == gone:
                inside, gone = {}, ""
            if action == "DELETE" and not children:
                inside = {}
            for part in children:
                (_put if action == "ADD" else _take)(inside, part.uri, part.said)
        elif unit in event.moves.used:
            inside = {}
    return inside


def _put(inside: dict[str, Said], uri: str, said: Said) -> None:
    there = inside.get(uri)
    if uri not in inside:
        inside[uri] = said
    elif there and said and there[1] == said[1]:
        inside[uri] = there[0] + said[0], said[1]
    else:
        inside[uri] = None


def _take(inside: dict[str, Said], uri: str, said: Said) -> None:
    there = inside.get(uri)
    if there and said and there[1] == said[1] and said[0] < there[0]:
        inside[uri] = there[0] - said[0], said[1]
    else:
        inside.pop(uri, None)


def _parts(content: Mapping[str, Any]) -> Iterator[Part]:
    own = {"ADD": "made", "DELETE": "used"}.get(_text(content.get("action")), "moved")
    where = {
        "parentID": "parent", "childEPCs": "child", "childQuantityList": "child", "inputEPCList": "used",
        "inputQuantityList": "used", "outputEPCList": "made", "outputQuantityList": "made",
        "epcList": own if content.get("type") == "ObjectEvent" else "moved",
        "quantityList": own if content.get("type") == "ObjectEvent" else "moved",
    }  # fmt: skip
    for name in WHAT:
        value = content.get(name)
        for item in value if isinstance(value, list) else [value]:
            uri = item.get("epcClass") if isinstance(item, dict) else item
            uri = tagged(uri) if type(uri) is str else None
            if uri is not None:
                said = _said(item)
                counted = (Fraction(1), None) if said is None and _is_item(uri) else said
                yield Part(uri, where[name], _based(*counted) if counted else None, said)


def _is_unit(uri: str) -> bool:
    return uri.startswith(UNIT)


def _is_item(uri: str) -> bool:
    return uri.startswith(ITEM) and "/21/" in uri


def _losses(events: list[Counting]) -> Fraction:
    return sum((event.lost for event in events), Fraction(0))


def _lost(content: Mapping[str, Any]) -> Fraction:
    """The kilograms an event says were lost; nothing where it says none."""
    context = content.get("@context")
    prefixes: dict[str, str] = {}
    for part in context if isinstance(context, list) else [context]:
        for name, value in part.items() if isinstance(part, dict) else ():
            iri = value.get("@id") if isinstance(value, dict) else value
            if type(iri) is str and not name.startswith("@"):
                prefixes[name] = iri
    for name in sorted(content):
        prefix, colon, rest = name.partition(":")
        iri = prefixes.get(prefix, "").rstrip("#/") + "/" + rest if colon and not rest.startswith("//") else name
        iri = prefixes.get(name, iri) if not colon else iri
        if iri.replace("#", "/") == WASTE:
            value = content[name]
            if type(value) is str and not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", value):
                return Fraction(0)
            said = _said({"quantity": Number(value)}) if isinstance(value, str) else None
            return said[0] if said else Fraction(0)
    return Fraction(0)


def _said(item: Any) -> Said:
    if not isinstance(item, dict) or not isinstance(item.get("quantity"), Number):
        return None
    text = str(item["quantity"])
    mantissa, _, exponent = text.lower().partition("e")
    digits = mantissa.replace("-", "").replace(".", "").lstrip("0")
    if len(exponent.lstrip("+-").lstrip("0")) > 4:
        return None
    number = Fraction(text)
    if number < 0 or len(digits) > 34 or (number and not Fraction(10) ** -18 <= number < Fraction(10) ** 19):
        return None
    if not number and not -18 <= _place_of_zero(mantissa, int(exponent or 0)) <= 18:
        return None
    code = item.get("uom")
    return number, code if type(code) is str and code else None


def _above_zero(value: Any) -> Fraction | None:
    said = _said({"quantity": value})
    return said[0] if said and said[0] else None


def _place_of_zero(mantissa: str, exponent: int) -> int:
    return exponent - len(mantissa.partition(".")[2])


def _based(number: Fraction, code: str | None) -> Amount:
    if code in PIECES:
        return "count", number
    dimension, factor, offset = FACTORS.get(str(code), (str(code), Fraction(1), Fraction(0)))
    return dimension, number * factor + offset


def _sum(amounts: Any) -> Fraction:
    return sum((amount[1] for amount in amounts if amount), Fraction(0))


def _spelled(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, default=lambda _: {"hidden": True})


def _micros(value: Any) -> int | None:
    """Microseconds since 1970 of an RFC 3339 time with a zone."""
    if type(value) is not str or len(value) < 17 or not TIME.fullmatch(value.upper(), 10):
        return None
    text, next_day = re.sub("T24(:?00)", r"T00\1", value.upper()), re.match("..........T24:00(:00)?", value.upper())
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment - START) // timedelta(microseconds=1) + (86_400_000_000 if next_day else 0)


def _text(value: Any) -> str:
    return value if type(value) is str else ""
