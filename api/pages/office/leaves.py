"""The values of a record as fields of a form, and the record again with what was typed into them.

- A *leaf* is one value of the event: a text, a number, a moment, an identifier. What makes the event what it is (its
  type, action, step) is no leaf: an event of another kind is withdrawn, and recorded as what it is.
- What was not touched stays to the letter, number text and all; what was emptied is taken out, its row with it.
- Beside what is there stand the leaves that an event of its kind may lack (`offered`).
- Identifiers are shown short, as people know them, and read in any form.

    leaves(event)[1].name -> "/quantityList/0/quantity";  filled(event, {"/quantityList/0/quantity": "12,5"}, "it")
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal

from api.verbs.export_bundle import object_uri
from exporters.facts.figures import zone
from ledger.readside import despatched
from schemas.epcis.event import EventDict
from schemas.epcis.own_terms import OWN_TERMS, own_value
from schemas.errors import InputError
from schemas.gs1.canonical import canonical_uri
from schemas.gs1.check_digit import verify_check_digit
from schemas.gs1.digital_link import CANONICAL_STEM, parse
from schemas.sheets.values import Reading, number
from schemas.syntax.json_text import Number
from schemas.wording import Language

Path = tuple[str | int, ...]
Sort = Literal["text", "number", "moment", "thing", "place", "unit", "paper"]
UNITS = ("KGM", "GRM", "DTN", "TNE", "LTR", "HLT", "H87")
MOST_LEAVES = 600
FRESH = "+"
"""What stands in a path where something new would."""
_KEPT = frozenset(
    ("@context", "type", "eventID", "recordTime", "errorDeclaration", "action", "bizStep", "disposition",
     "eventTimeZoneOffset", "certificationInfo")
)  # fmt: skip
_ROWS = ("quantityList", "inputQuantityList", "outputQuantityList", "childQuantityList")
_THINGS = frozenset(("epcClass", "epcList", "childEPCs", "inputEPCList", "outputEPCList", "parentID"))
_PLACES = frozenset(("source", "destination", "readPoint", "bizLocation"))
_OFFERED_SHIPPING = ("packages", "grossWeightKg", "transportReason", "carrier", "carriage")
_OFFERED_LOT = ("cbvmda:bestBeforeDate", "cbvmda:countryOfOrigin")
_PAPER = re.compile(r"urn:epcglobal:cbv:bt:([0-9]{13}):(.+)")
_GLN = re.compile(r"[0-9]{13}")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value. `value` is None for what is only offered; `kind`: what it says of the row that it is in, as the type
    of a document or a destination."""

    path: Path
    value: str | Number | None
    sort: Sort
    kind: str = ""

    @property
    def name(self) -> str:
        """As a form calls it."""
        return "/" + "/".join(map(str, self.path))

    @property
    def word(self) -> str:
        """What it is, by the last name on its way."""
        named = [part for part in self.path if isinstance(part, str) and part not in ("id", FRESH)]
        last = named[-1]
        if self.kind and last in ("source", "destination", "bizTransaction"):
            return f"{last}.{self.kind}"
        return f"{named[0]}.{last}" if last == "epcClass" else last.rpartition(":")[2]

    @property
    def row(self) -> Path:
        """The row that it is in, of those that several values share; its own path where it stands alone."""
        return self.path[:2] if len(self.path) > 2 and str(self.path[0]).endswith("List") else self.path


def leaves(event: EventDict) -> list[Leaf]:
    """Every value of an event that may be corrected."""
    return [leaf for name, value in event.items() if name not in _KEPT for leaf in _below((name,), value, "")]


def offered(event: EventDict) -> Iterator[Leaf]:
    """What an event of its kind may say, and this one does not."""
    for rows in _ROWS:
        if rows in event or (rows == "quantityList" and event.get("type") == "ObjectEvent"):
            for member, sort in (("epcClass", "thing"), ("quantity", "number"), ("uom", "unit")):
                yield Leaf((rows, FRESH, member), None, sort)  # type: ignore[arg-type]
    for things in ("epcList", "childEPCs", "inputEPCList", "outputEPCList"):
        if things in event:
            yield Leaf((things, FRESH), None, "thing")
    step = str(event.get("bizStep", "")).rpartition(":")[2].rpartition("-")[2]
    if step in ("shipping", "receiving"):
        if not _has(event, "bizTransactionList", "desadv"):
            yield Leaf(("bizTransactionList", FRESH, "bizTransaction"), None, "paper", "desadv")
        for end, kinds in (("source", ("owning_party",)), ("destination", ("owning_party", "location"))):
            for kind in kinds:
                if not _has(event, f"{end}List", kind):
                    yield Leaf((f"{end}List", FRESH + kind, end), None, "place", kind)
    if step == "shipping":
        for name in _OFFERED_SHIPPING:
            if own_value(event, name) is None:
                yield Leaf((f"filiera:{name}",), None, _own_sort(name))
    if event.get("type") == "TransformationEvent" or (event.get("action") == "ADD" and "ilmd" in event):
        ilmd = event.get("ilmd")
        told = {name.rpartition(":")[2] for name in ilmd} if isinstance(ilmd, dict) else set()
        for name in _OFFERED_LOT:
            if name.rpartition(":")[2] not in told:
                yield Leaf(("ilmd", name), None, "text")


def filled(event: EventDict, typed: Mapping[str, str], language: Language) -> tuple[EventDict, dict[str, InputError]]:
    """The event with what was typed, and by name what could not be read; a leaf that nobody sent stays."""
    made, faults, gone = deepcopy(event), {}, []
    fresh: dict[Path, dict[str, Any]] = {}
    for leaf in (*leaves(event), *offered(event)):
        text = typed.get(leaf.name)
        if text is None or text.strip() == shown(leaf, event, language):
            continue
        try:
            if text.strip():
                _put(made, leaf, read(leaf, text.strip(), event, language), fresh)
            elif leaf.path == ("eventTime",):
                raise InputError("correction-required")
            else:
                gone.append(_row(leaf.path))
        except InputError as error:
            faults[leaf.name] = error
    for path in sorted(gone, key=lambda path: [(isinstance(part, int), str(part).zfill(9)) for part in path])[::-1]:
        _take(made, path)
    return made, faults


def shown(leaf: Leaf, event: EventDict, language: Language) -> str:
    """A value as a form shows it."""
    if leaf.value is None:
        return ""
    if isinstance(leaf.value, Number):
        return leaf.value.text.replace(".", ",") if language == "it" else leaf.value.text
    if leaf.sort == "moment":
        return _local(leaf.value, event)
    if leaf.sort in ("thing", "place"):
        return _short(leaf.value)
    if leaf.sort == "paper" and (named := _PAPER.fullmatch(leaf.value)):
        return named[2]
    return leaf.value


def read(leaf: Leaf, text: str, event: EventDict, language: Language) -> str | Number:
    """What was typed, as the event has it; `InputError` of what it is not."""
    match leaf.sort:
        case "number":
            return Number(f"{number(text, Reading(decimal=',' if language == 'it' else '.')).amount:f}")
        case "moment":
            return _moment(text, event)
        case "thing":
            return object_uri(text)
        case "place":
            return _place(text, leaf)
        case "paper":
            before = _PAPER.fullmatch(str(leaf.value)) if leaf.value else None
            return despatched.uri(text, before[1] if before else _issuer(event))
        case _:
            return text


def _below(path: Path, value: Any, kind: str) -> Iterator[Leaf]:
    if isinstance(value, dict):
        said = str(value.get("type", "")).rpartition(":")[2].rpartition("-")[2]
        for name, item in value.items():
            if name != "type":
                yield from _below((*path, name), item, said)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _below((*path, at), item, kind)
    elif isinstance(value, str | Number):
        yield Leaf(path, value, _sort(path, value), kind)


def _sort(path: Path, value: str | Number) -> Sort:
    names = [part for part in path if isinstance(part, str)]
    if isinstance(value, Number) or names[-1] == "quantity":
        return "number"
    if path == ("eventTime",):
        return "moment"
    if names[-1] in _THINGS:
        return "thing"
    if names[-1] in _PLACES or (names[-1] == "id" and names[0] in _PLACES):
        return "place"
    if names[-1] == "bizTransaction":
        return "paper"
    return "unit" if names[-1] == "uom" else _own_sort(names[-1].rpartition(":")[2])


def _own_sort(name: str) -> Sort:
    term = OWN_TERMS.get(name)
    shape = term.shape if term else "text"
    return "number" if shape in ("kilograms", "number", "count") else "place" if shape == "uri" else "text"


def _has(event: EventDict, members: str, kind: str) -> bool:
    listed = event.get(members)
    types = [str(item.get("type", "")) for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    return any(each.endswith(kind) for each in types)


def _put(made: EventDict, leaf: Leaf, value: str | Number, fresh: dict[Path, dict[str, Any]]) -> None:
    """Set a value; rows, lists and objects that are not there yet are made, a row once for all its values."""
    place: Any = made
    for part, following in pairwise(leaf.path):
        if isinstance(part, str) and part.startswith(FRESH):
            if leaf.row not in fresh:
                fresh[leaf.row] = {"type": leaf.kind} if leaf.kind else {}
                place.append(fresh[leaf.row])
            place = fresh[leaf.row]
        else:
            if isinstance(part, str) and part not in place:
                place[part] = [] if str(following).startswith(FRESH) else {}
            place = place[part]
    if leaf.path[-1] == FRESH:
        place.append(value)
    else:
        place[leaf.path[-1]] = value


def _row(path: Path) -> Path:
    """What goes when a value is taken out: with an identifier its row, with a place the object that holds it."""
    if len(path) > 1 and path[-1] in ("epcClass", "bizTransaction", "source", "destination", "id"):
        return path[:-1]
    return path


def _take(made: EventDict, path: Path) -> None:
    """Take out a value, and what it leaves empty."""
    place: Any = made
    for part in path[:-1]:
        if (isinstance(part, str) and part not in place) or (isinstance(part, int) and part >= len(place)):
            return
        place = place[part]
    if isinstance(path[-1], int) or path[-1] in place:
        del place[path[-1]]
    if not place and len(path) > 1:
        _take(made, path[:-1])


def _local(text: str, event: EventDict) -> str:
    """A moment in the zone in which it was recorded, as a field of a form wants it."""
    try:
        found = datetime.fromisoformat(text).astimezone(zone(str(event.get("eventTimeZoneOffset", ""))))
    except ValueError:
        return text
    return f"{found:%Y-%m-%dT%H:%M:%S}" if found.second else f"{found:%Y-%m-%dT%H:%M}"


def _moment(text: str, event: EventDict) -> str:
    try:
        typed = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise InputError("correction-moment", value=text[:40]) from None
    return typed.replace(tzinfo=zone(str(event.get("eventTimeZoneOffset", "")))).isoformat("T", "milliseconds")


def _short(uri: str) -> str:
    """A GLN alone, a lot or unit by its element string, anything else as it is."""
    name = canonical_uri(uri)
    if not name.startswith(f"{CANONICAL_STEM}/"):
        return uri
    keys = parse(name).path
    if len(keys) == 1 and keys[0][0] in ("414", "417"):
        return keys[0][1]
    return "".join(f"({ai}){value}" for ai, value in keys)


def _place(text: str, leaf: Leaf) -> str:
    """A party or a place by its GLN, or by a whole address."""
    if _GLN.fullmatch(text):
        verify_check_digit(text)
        party = leaf.kind.endswith("party") or leaf.path[-1] == "filiera:carrier" or "/417/" in str(leaf.value)
        return f"{CANONICAL_STEM}/{'417' if party else '414'}/{text}"
    if text.startswith("(414)"):
        gln, _, extension = text.removeprefix("(414)").partition("(254)")
        return f"{CANONICAL_STEM}/414/{gln}" + (f"/254/{extension}" if extension else "")
    if ":" not in text or " " in text:
        raise InputError("correction-place", value=text[:60])
    return text


def _issuer(event: EventDict) -> str | None:
    """The GLN of who sends, whose number a delivery note has."""
    listed = event.get("sourceList")
    named = [str(item.get("source")) for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    found = [canonical_uri(uri).rpartition("/")[2] for uri in named]
    return next((gln for gln in found if _GLN.fullmatch(gln)), None)
